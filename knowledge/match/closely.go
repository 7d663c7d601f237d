package match

import "slices"

// compareWords finds the phrasing of a document with the highest cosine to the question. It adds those of all phrasings to s,
// and counts there the letters that the document shares with the question.
func compareWords(d *Document, norms *norms, a *asked, s *scratch) (likeness float32, phrasing int) {
	dot, field, first := float32(0), 0, len(s.said)
	s.said = append(s.said, norms.phrasings...) // in their place come the cosines
	said := s.said[first:]
	clear(said)
	end := func() {
		if field < len(said) {
			said[field] = dot / (norms.phrasings[field]*a.norm + tiny)
			if said[field] > likeness {
				likeness, phrasing = said[field], field
			}
		}
		dot = 0
	}
	words, before, halves := allWords.all(), (*lexeme)(nil), d.halves(0)
	for w := d.walk(); w.next() && !w.inAnswer(); {
		if w.field != field {
			end()
			field, before, halves = w.field, nil, d.halves(w.field)
		}
		if w.concept != 0 {
			dot += a.product(w.concept)
			continue
		}
		word := &s.shared.words[w.word]
		if word.round != s.shared.round {
			s.shared.look(word, &words[w.word], s.grams, a)
		}
		for _, at := range s.shared.all[word.from:word.to] {
			s.halves[at] = addHalves(s.halves[at], halves)
		}
		if !word.asked {
			before = nil
			continue
		}
		this := &words[w.word]
		dot += a.product(this.term)
		if before != nil { // a pair can be in the question only if both its words are
			dot += a.product(pairAfter(before.pair, this.stem))
		}
		before = this
	}
	end()
	return likeness, phrasing
}

// product is what a term of a phrasing adds if the question has it too.
func (a *asked) product(t term) float32 {
	for i := range a.terms {
		if t == a.terms[i].term {
			return a.terms[i].idf * a.terms[i].weight
		}
	}
	return 0
}

// compareLetters gives the cosine of the letters that compareWords counted, and forgets them.
func (x *Index) compareLetters(norms *norms, a *asked, s *scratch) float32 {
	dot := float32(0)
	for i := range a.grams {
		g := &a.grams[i]
		if int(g.id) < len(s.halves) && s.halves[g.id] > 0 {
			dot += g.weight * damped[s.halves[g.id]] * x.gramIDF[g.id]
			s.halves[g.id] = 0
		}
	}
	return dot / (a.gramNorm*norms.letters + tiny)
}

// shared remembers, for one question, what a word has in common with it: candidates say the same words again and again.
type shared struct {
	round uint32
	words []sharedWord // by word
	all   []uint32
}

// sharedWord says whether the question has a word, and where in all the n-grams stand that it shares with the question.
type sharedWord struct {
	round    uint32 // the question it was last looked at for
	from, to int32
	asked    bool
	gist     float32 // what it adds to the likeness of gist
}

// next forgets the question before.
func (s *shared) next() {
	s.round++
	s.all = s.all[:0]
	if n := len(allWords.all()); n > len(s.words) {
		s.round, s.words = 1, make([]sharedWord, n)
	}
}

// look looks at a word: question are the n-grams of the question.
func (s *shared) look(w *sharedWord, word *lexeme, question marks, a *asked) {
	n := len(s.all)
	w.round, w.from = s.round, int32(n)
	s.all = slices.Grow(s.all, len(word.grams))[:n+len(word.grams)]
	for _, id := range word.grams {
		s.all[n] = id
		n += question.has(id)
	}
	s.all = s.all[:n]
	w.to, w.asked = int32(n), a.product(word.term) != 0
	w.gist = a.inGist(word)
}
