package check

import (
	"signpost/knowledge"
)

// Edit reads one entry as it would be and says what to mend in it: words, links, names and ways of asking. It looks at
// nothing outside the base: whether a link works is for a link check to say. What the entry does to others is
// knowledge.Base.Effect's to say.
func Edit(s *knowledge.Snapshot, e knowledge.Entry) []Finding {
	after := s.Try(e)
	merged, ok := after.Entry(e.Slug, e.Place)
	if !ok || merged.Place != e.Place {
		merged = &e // not whole: read what is there
	}
	c := newChecker(Base{Entries: after.Entries(e.Place), Strands: s.Strands, LocalKeys: s.LocalKeys, Terms: s.Terms})
	c.checkEntry(merged)
	return c.found
}
