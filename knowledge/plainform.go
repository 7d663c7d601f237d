package knowledge

import (
	"encoding/json"
	"slices"
	"strings"
)

// plainForm is an entry as JSON, without what files of some kinds cannot keep.
func plainForm(e Entry) []byte {
	for _, text := range []*string{&e.Title, &e.Strand, &e.Topic, &e.Domain, &e.Next, &e.Owner, &e.Review, &e.Answer, &e.Fallback} {
		*text = plainText(*text)
	}
	e.Kind, e.Level = Kind(plainText(string(e.Kind))), Level(plainText(string(e.Level)))
	e.Systems, e.Local, e.Audience = plainList(e.Systems), plainList(e.Local), plainList(e.Audience)
	e.Phrasings = slices.Clone(e.Phrasings)
	for i := range e.Phrasings {
		e.Phrasings[i].Text = plainText(e.Phrasings[i].Text)
	}
	slices.SortStableFunc(e.Phrasings, func(a, b Phrasing) int {
		return slices.Index(PhrasingKinds, a.Kind) - slices.Index(PhrasingKinds, b.Kind)
	})
	e.Resources = slices.Clone(e.Resources)
	for i := range e.Resources {
		r := &e.Resources[i]
		for _, text := range []*string{&r.Name, &r.Kind, &r.URL, &r.Owner, &r.Cost, &r.Access, &r.Checked} {
			*text = plainText(*text)
		}
	}
	if e.Solved != nil {
		solved := *e.Solved
		for _, text := range []*string{&solved.Organisation, &solved.Did, &solved.Product, &solved.Contact, &solved.Date} {
			*text = plainText(*text)
		}
		e.Solved = &solved
	}
	plain, _ := json.Marshal(e) // an Entry holds only text: it cannot fail
	return plain
}

func plainList[T ~string](items []T) []T {
	plain := make([]T, len(items))
	for i, item := range items {
		plain[i] = T(plainText(string(item)))
	}
	return plain
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// plainText ends lines alike and leaves out spaces around the whole and at the ends of lines.
func plainText(text string) string {
	lines := strings.Split(lineEnds.Replace(text), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
