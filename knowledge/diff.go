package knowledge

import (
	"fmt"
	"slices"
	"strings"
)

// A FieldChange is what differs in one field of an entry, line by line.
type FieldChange struct {
	Field string       `json:"field"` // as a curator calls it, such as "Answer" or "People ask"
	Lines []LineChange `json:"lines"`
}

// A LineChange is one line: put in, taken out, or the same in both.
type LineChange struct {
	Sign string `json:"sign"` // "+", "-" or " "
	Text string `json:"text"`
}

// String says in words how much differs, then shows the lines that do.
func (c FieldChange) String() string {
	var b strings.Builder
	in, out := 0, 0
	for _, l := range c.Lines {
		switch l.Sign {
		case "+":
			in++
			fmt.Fprintf(&b, "\n  + %s", l.Text)
		case "-":
			out++
			fmt.Fprintf(&b, "\n  - %s", l.Text)
		}
	}
	return c.Field + ": " + changeInWords(in, out) + b.String()
}

func changeInWords(in, out int) string {
	switch {
	case in == 1 && out == 1:
		return "1 line changed"
	case out == 0:
		return lines(in) + " put in"
	case in == 0:
		return lines(out) + " taken out"
	}
	return lines(out) + " taken out, " + lines(in) + " put in"
}

func lines(n int) string {
	if n == 1 {
		return "1 line"
	}
	return fmt.Sprint(n, " lines")
}

// Diff lists the fields in which two states of an entry differ, in the order a curator reads them. The state counts as a
// field.
func Diff(before, after Entry) []FieldChange {
	var changes []FieldChange
	one, other := before.fields(), after.fields()
	for i := range one {
		if one[i].text != other[i].text {
			changes = append(changes, FieldChange{one[i].name, diffLines(split(one[i].text), split(other[i].text))})
		}
	}
	return changes
}

type field struct{ name, text string }

// fields gives what a curator writes as text, one line for each thing in a list.
func (e *Entry) fields() []field {
	var phrasings, resources, audience []string
	for _, p := range e.Phrasings {
		phrasings = append(phrasings, string(p.Kind)+": "+p.Text)
	}
	for _, r := range e.Resources {
		resources = append(resources, r.inWords())
	}
	for _, r := range e.Audience {
		audience = append(audience, string(r))
	}
	solved := ""
	if e.Solved != nil {
		solved = strings.Join([]string{e.Solved.Organisation, e.Solved.Did, e.Solved.Product, e.Solved.Contact, e.Solved.Date}, "\n")
	}
	return []field{{"Title", e.Title}, {"State", string(e.State)}, {"Kind", string(e.Kind)}, {"Strand", e.Strand}, {"Topic", e.Topic},
		{"Domain", e.Domain}, {"Level", string(e.Level)}, {"Audience", strings.Join(audience, "\n")},
		{"Systems", strings.Join(e.Systems, "\n")}, {"Answer", e.Answer}, {"If it does not work", e.Fallback},
		{"People ask", strings.Join(phrasings, "\n")}, {"Resources", strings.Join(resources, "\n")}, {"Next step", e.Next},
		{"Owner", e.Owner}, {"Review date", e.Review}, {"Local details", strings.Join(e.Local, "\n")}, {"Solved here", solved}}
}

// inWords is a resource on one line.
func (r Resource) inWords() string {
	parts := []string{r.Name, r.Kind, r.URL, r.Owner, r.Cost, r.Access, string(r.Seen), r.Checked}
	if r.Landing {
		parts = append(parts, "a starting page")
	}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}

func split(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// mostLines is how many lines are compared with one another; of longer texts all lines count as changed, for nobody
// reads such a comparison, and its cost grows with their product.
const mostLines = 1000

// diffLines compares two texts by their longest common subsequence of lines.
func diffLines(a, b []string) []LineChange {
	var out []LineChange
	if len(a) > mostLines || len(b) > mostLines {
		return slices.Concat(signed("-", a), signed("+", b))
	}
	common := make([][]int, len(a)+1) // of the lines from i and j on
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			out = append(out, LineChange{" ", a[i]})
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			out = append(out, LineChange{"-", a[i]})
			i++
		default:
			out = append(out, LineChange{"+", b[j]})
			j++
		}
	}
	return slices.Concat(out, signed("-", a[i:]), signed("+", b[j:]))
}

func signed(sign string, lines []string) []LineChange {
	out := make([]LineChange, len(lines))
	for i, line := range lines {
		out[i] = LineChange{sign, line}
	}
	return out
}
