package check

import (
	_ "embed"
	"slices"
	"strings"

	"signpost/knowledge"
	"signpost/knowledge/match"
	"signpost/knowledge/plain"
)

// Reading grades: of a single entry, and of the one in the middle. Grade 6 is a reading age of 11.
const (
	highestGrade = 9.0
	medianGrade  = 6.0
)

//go:embed capitals.txt
var capitals string

// A reader checks the English of a base's texts.
type reader struct {
	*plain.Checker
	glossary map[string]bool // every name in it, see key
}

// newReader makes a reader. Names of systems count as one short word; what the glossary holds needs no explaining, because
// people can ask for it.
func newReader(terms []knowledge.Term) reader {
	r := reader{glossary: map[string]bool{}}
	names := everydayCapitals()
	for _, t := range terms {
		for _, name := range slices.Concat([]string{t.Name, t.Full}, t.Also, t.Was, t.Typed) {
			r.glossary[key(name)] = true
		}
		if t.Kind != knowledge.WordTerm {
			names = append(names, t.Name)
		}
		if t.Kind == knowledge.SystemTerm {
			names = append(append(names, t.Full), t.Was...)
		}
	}
	r.Checker = plain.New(plain.Rules{Names: names, HighestGrade: highestGrade, Known: r.holds})
	return r
}

// holds reports whether the glossary holds a name, however it is written.
func (r reader) holds(name string) bool { return r.glossary[key(name)] }

// key is a text without what does not tell it from another: capitals, signs, spaces.
func key(text string) string { return strings.Join(match.Words(text), " ") }

func everydayCapitals() []string {
	var names []string
	for line := range strings.Lines(capitals) {
		if !strings.HasPrefix(line, "#") {
			names = append(names, strings.Fields(line)...)
		}
	}
	return names
}

// textOf is what people read of an entry.
func textOf(e *knowledge.Entry) string { return e.Answer + "\n" + e.Fallback }

func (c *checker) checkText(e *knowledge.Entry) {
	if strings.TrimSpace(e.Title) == "" {
		c.add(e, "title", "", "It has no title. Say in a few words what people can do with it.")
	}
	for _, f := range c.reader.Check(textOf(e)) {
		if (f.Rule == "jargon" || f.Rule == "long-word") && c.reader.holds(f.Where) {
			continue // a word that a system's screen uses, such as "finalise": the glossary explains it
		}
		c.add(e, f.Rule, f.Where, "%s", f.Says)
	}
}

// checkGrades compares the entry in the middle with its bar; the plain-English check has looked at each by itself.
func (c *checker) checkGrades() (median, highest float64) {
	if len(c.Entries) == 0 {
		return 0, 0
	}
	grades := make([]float64, len(c.Entries))
	for i, e := range c.Entries {
		grades[i] = c.reader.Grade(textOf(e))
	}
	slices.Sort(grades)
	median, highest = grades[len(grades)/2], grades[len(grades)-1]
	if median > medianGrade {
		c.addWhole("reading-age", "Half of the entries read at age %.0f or above (grade %.1f). Aim for age %.0f.", median+5, median, medianGrade+5)
	}
	return median, highest
}

// callsSteps finds the sentences that promise the steps on a landing page: they speak of steps and name the page, or
// point to it when the entry has no other.
func callsSteps(e *knowledge.Entry, r knowledge.Resource) []string {
	only := !slices.ContainsFunc(e.Resources, func(other knowledge.Resource) bool { return other.URL != "" && !other.Landing })
	var found []string
	for _, sentence := range plain.Sentences(textOf(e)) {
		words := match.Words(sentence)
		if !slices.Contains(words, "steps") {
			continue
		}
		if strings.Contains(strings.ToLower(sentence), strings.ToLower(r.Name)) || only && pointsAway(words) {
			found = append(found, sentence)
		}
	}
	return found
}

// pointsAway reports whether a sentence points to a page.
func pointsAway(words []string) bool {
	return slices.ContainsFunc([]string{"page", "pages", "site", "website", "link", "here", "below"}, func(w string) bool {
		return slices.Contains(words, w)
	})
}
