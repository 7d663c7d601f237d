package plain

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed jargon.txt
var jargonText string

//go:embed belittling.txt
var belittlingText string

//go:embed pointing.txt
var pointingText string

// listed are the phrases of all three lists.
var listed = newPhrases([]list{
	{"click-here", pointingText, vagueLink},
	{"jargon", jargonText, plainer},
	{"belittling", belittlingText, belittles},
})

// A list is a text of phrases, and how to speak of one of them and of the better words.
type list struct {
	rule, text string
	says       func(where, better string) string
}

// A phrase is one or more words and what to write instead. "-" means leave it out, "ok" that it is fine.
type phrase struct {
	words  []string
	better string
	*list
}

// phrases are kept by their first word, longest first.
type phrases map[string][]phrase

// newPhrases reads lines of "words | better". Lines that start with # are notes.
func newPhrases(lists []list) phrases {
	all := phrases{}
	for i := range lists {
		for _, line := range strings.Split(lists[i].text, "\n") {
			left, better, ok := strings.Cut(line, "|")
			words := strings.Fields(left)
			if !ok || len(words) == 0 || line[0] == '#' {
				continue
			}
			all[words[0]] = append(all[words[0]], phrase{words, strings.TrimSpace(better), &lists[i]})
		}
	}
	for _, group := range all {
		slices.SortStableFunc(group, func(a, b phrase) int { return len(b.words) - len(a.words) })
	}
	return all
}

// checkPhrases finds jargon, belittling words and "click here".
func (v *visit) checkPhrases(s sentence) {
	for i := 0; i < len(s.tokens); {
		f, ok := listed.at(s.tokens[i:])
		if !ok {
			i++
			continue
		}
		last := i + len(f.words) - 1
		if f.better != "ok" {
			where := v.text[s.tokens[i].start:s.tokens[last].end]
			v.add(f.rule, f.says(where, f.better), where)
		}
		i = last + 1
	}
}

func plainer(where, better string) string {
	if better == "-" {
		return fmt.Sprintf("Leave out %q.", where)
	}
	return fmt.Sprintf("For %q, try %s.", where, quoteAll(strings.Split(better, ", "), "or"))
}

func belittles(where, _ string) string {
	return fmt.Sprintf("Leave out %q. A person who is stuck may feel foolish.", where)
}

// at returns the longest phrase that the tokens start with. The first word may have an ending: "utilised".
func (p phrases) at(tokens []token) (phrase, bool) {
	if !isPlainWord(tokens[0]) {
		return phrase{}, false
	}
	for _, first := range roots(tokens[0].small) {
		for _, f := range p[first] {
			if followedBy(tokens[1:], f.words[1:]) {
				return f, true
			}
		}
	}
	return phrase{}, false
}

func followedBy(tokens []token, words []string) bool {
	if len(tokens) < len(words) {
		return false
	}
	for i, w := range words {
		if !isPlainWord(tokens[i]) || tokens[i].small != w {
			return false
		}
	}
	return true
}

// isPlainWord is false for acronyms and names. A name in small letters, such as "easy", is a word like any other here.
func isPlainWord(t token) bool {
	switch t.kind {
	case word:
		return t.shouted || !t.acronym
	case name:
		return countUpper(t.text) == 0
	}
	return false
}

// roots are the words that a word may be a form of, itself first: utilising, utiliz, utilize -> utilise.
func roots(w string) []string {
	all := append(make([]string, 0, 8), strings.ReplaceAll(w, "’", "'"))
	for _, end := range [...]string{"s", "es", "d", "ed", "ing"} {
		if root, ok := strings.CutSuffix(w, end); ok && len(root) > 2 {
			all = append(all, root)
			if end == "ing" {
				all = append(all, root+"e")
			}
		}
	}
	if strings.Contains(w, "iz") {
		for _, root := range all {
			all = append(all, strings.ReplaceAll(root, "iz", "is"))
		}
	}
	return all
}
