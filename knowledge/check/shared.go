package check

import (
	"signpost/knowledge"
	"signpost/knowledge/match"
)

// checkShared finds titles and phrasings that stand twice in the base: a question put so could not choose.
func (c *checker) checkShared() {
	titles, phrasings := map[string]*knowledge.Entry{}, map[string]*knowledge.Entry{}
	for _, e := range c.Entries {
		if first := firstToSay(titles, e.Title, e); first != nil {
			c.add(e, "same-title", e.Title, "%q has the same title. Give this one another.", first.Slug)
		}
		for _, p := range e.Phrasings {
			switch first := firstToSay(phrasings, p.Text, e); first {
			case nil:
			case e:
				c.add(e, "same-phrasing", p.Text, "This way of asking stands here twice. Take one out.")
			default:
				c.add(e, "same-phrasing", p.Text, "%q is asked for in the same way. Keep it where it belongs.", first.Slug)
			}
		}
	}
}

// firstToSay gives the entry that said the same words before, or files e as the first.
func firstToSay(said map[string]*knowledge.Entry, text string, e *knowledge.Entry) *knowledge.Entry {
	if first := said[key(text)]; first != nil {
		return first
	}
	said[key(text)] = e
	return nil
}

// checkTitles asks for each entry by its own title.
func (c *checker) checkTitles() {
	index := newFolds(c.Base).index(noFold)
	for _, e := range c.Entries {
		hits := index.Match(match.Query{Text: e.Title}, 1)
		if len(hits) == 0 {
			c.add(e, "title", e.Title, "Its own title does not find it. Use words that people would ask with.")
		} else if hits[0].ID != e.Slug {
			c.add(e, "title", e.Title, "Its own title finds %q first. Make the title say what is special about this one.", hits[0].ID)
		}
	}
}
