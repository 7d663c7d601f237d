package match

import "slices"

// This file says what is asked while learning, and what the base is left without meanwhile. In each fold but the last a
// quarter of all phrasings is held out, and every so many documents are taken away whole; the space of the fold knows
// neither. The last fold is the whole base.

// goneEvery is how many documents there are to each that a fold takes away whole: enough for a hundred or more questions
// without an answer, so few that the rest is still the base.
const goneEvery = 8

// A question is what is asked in a fold.
type question struct {
	Labelled
	saved    bool
	part     int  // of the saved questions
	everyday bool // from elsewhere
}

// isHeld reports whether a phrasing is left out in a fold. The only phrasing of a document is never left out.
func isHeld(d Doc, phrasing, fold int) bool {
	return phrasing%folds == fold && (len(d.Phrasings) > 1 || d.Title != "")
}

// isGone reports whether the i-th document is taken away whole in a fold. Of a few none is.
func (c *Corpus) isGone(i, fold int) bool {
	return fold < folds && len(c.Docs) >= 2*goneEvery && i%goneEvery == fold
}

// questions are what is asked in a fold: phrasings held out, those of documents taken away, and saved questions that only
// these answer; in the last fold all saved questions and the everyday ones.
func (c *Corpus) questions(fold int) []question {
	var out []question
	if fold == folds {
		for i, asked := range c.Asked {
			out = append(out, question{Labelled: asked, saved: true, part: i % SavedParts})
		}
		for _, text := range everyday {
			out = append(out, question{Labelled: Labelled{Text: text}, everyday: true})
		}
		return out
	}
	held, gone := c.held(fold)
	for _, asked := range append(sample(held, mostHeld/folds), sample(gone, mostHeld/folds)...) {
		out = append(out, question{Labelled: asked})
	}
	left := c.left(fold)
	for i, asked := range c.Asked {
		if len(asked.Right) > 0 && !slices.ContainsFunc(asked.Right, func(id string) bool { return left[id] }) {
			asked.Right = nil
			out = append(out, question{Labelled: asked, saved: true, part: i % SavedParts})
		}
	}
	return out
}

// held lists the phrasings that a fold holds out, and those of the documents that it takes away.
func (c *Corpus) held(fold int) (held, gone []Labelled) {
	for i, d := range c.Docs {
		for j, p := range d.Phrasings {
			switch {
			case c.isGone(i, fold):
				gone = append(gone, Labelled{Text: p})
			case isHeld(d, j, fold):
				held = append(held, Labelled{Text: p, Right: []string{d.ID}})
			}
		}
	}
	return held, gone
}

// left names the documents that a fold does not take away.
func (c *Corpus) left(fold int) map[string]bool {
	left := map[string]bool{}
	for i, d := range c.Docs {
		left[d.ID] = !c.isGone(i, fold)
	}
	return left
}
