package match

// compareWords finds the phrasing of a document with the highest cosine to the question, and counts in s the letters that the
// document shares with it.
func compareWords(d *Document, norms *norms, a *asked, s *scratch) (likeness float32, phrasing int) {
	dot, field := float32(0), 0
	end := func() {
		if field < len(norms.phrasings) {
			if l := dot / (norms.phrasings[field]*a.norm + tiny); l > likeness {
				likeness, phrasing = l, field
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
		word := s.shared.with(w.word, words, s, a)
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
		if halves := s.halves[i]; halves > 0 {
			dot += a.grams[i].weight * damped[halves] * x.gramIDF[a.grams[i].id]
			s.halves[i] = 0
		}
	}
	return dot / (a.gramNorm*norms.letters + tiny)
}

// shared remembers, for one question, what a word has in common with it: candidates say the same words again and again.
type shared struct {
	round uint32
	words []sharedWord // by word
	all   []uint16
}

// sharedWord says whether the question has a word, and where in all the n-grams stand that it shares with the question.
type sharedWord struct {
	round    uint32 // the question it was last looked at for
	from, to int32
	asked    bool
}

// next forgets the question before.
func (s *shared) next() {
	s.round++
	s.all = s.all[:0]
	if n := len(allWords.all()); n > len(s.words) {
		s.round, s.words = 1, make([]sharedWord, n)
	}
}

// with looks at a word. The n-grams in all are places in the question's.
func (s *shared) with(word uint32, words []lexeme, room *scratch, a *asked) *sharedWord {
	w := &s.words[word]
	if w.round != s.round {
		w.round, w.from = s.round, int32(len(s.all))
		for _, id := range words[word].grams {
			if room.grams.has(id) {
				s.all = append(s.all, room.place[id])
			}
		}
		w.to, w.asked = int32(len(s.all)), a.product(words[word].term) != 0
	}
	return w
}
