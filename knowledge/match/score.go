package match

import (
	"cmp"
	"slices"
)

// Parameters of the search by words, chosen by cross-validation on the public training phrasings (bench/, train10) and CLINC150's
// validation file, and on the starter base by leaving phrasings out in turn. Never on a test file.
const (
	saturation    = 1.2 // BM25 k1 (Robertson 2009)
	lengthPenalty = 0.5 // BM25 b
	candidates    = 40  // taken by words, and as many by meaning, then looked at closely
)

// A Query is a question as the matcher sees it.
type Query struct {
	Text   string
	Before string // the turn before; its words count half
	// Vector is what the question means, the turn before included, after Index.Repair; nil leaves meaning out.
	Vector *Vector
	// Accept, if set, leaves out documents for which it is false.
	Accept func(id string) bool
	// Prefer, if set, names documents that suit this person a little better.
	Prefer func(id string) bool
}

// A Hit is a document that may answer.
type Hit struct {
	ID          string
	Score       float64 // comparable within one question only
	Probability float64 // that this is the right one
	Signals     Signals
	Preferred   bool

	doc, phrasing, likest int
	index                 *Index
	asked                 *asked
}

// scratch is working memory, one per question in flight.
type scratch struct {
	score []float32 // by document
	hit   []int32
	near  []float32 // products with a table
	term  []float32 // by term id: idf of the question's terms
	gram  []float32 // by gram id
}

func (x *Index) newScratch() *scratch {
	return &scratch{
		score: make([]float32, len(x.docs)),
		term:  make([]float32, len(x.postings)),
		gram:  make([]float32, 1<<gramBits),
	}
}

// Match gives the n best documents, best first. The same query gives the same hits.
func (x *Index) Match(q Query, n int) []Hit {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	a := x.ask(q)
	hits := x.candidates(q, a, s)
	model := x.model(q)
	for i := range hits {
		hits[i].Score = model.score(&hits[i])
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	model.judge(hits)
	hits = hits[:min(n, len(hits))]
	for i := range hits {
		hits[i].index, hits[i].asked = x, a
	}
	return hits
}

// candidates takes the documents that come nearest by words and by meaning, with all their signals.
func (x *Index) candidates(q Query, a *asked, s *scratch) []Hit {
	x.byWords(a, s)
	hits := x.shortlist(q, a, s)
	if x.means(q) {
		hits = x.addByMeaning(hits, q, s)
	}
	x.lookClosely(hits, a, s)
	if x.means(q) {
		x.lookAtMeaning(hits, q, s)
	}
	return hits
}

func (x *Index) byWords(a *asked, s *scratch) {
	s.hit = s.hit[:0]
	for _, t := range a.terms {
		for _, p := range x.postings[t.id] {
			length := 1 - lengthPenalty + lengthPenalty*x.docs[p.doc].length/x.average
			if s.score[p.doc] == 0 {
				s.hit = append(s.hit, p.doc)
			}
			s.score[p.doc] += t.weight * p.count * (saturation + 1) / (p.count + saturation*length)
		}
	}
}

// shortlist takes the best documents by words and clears the scratch.
func (x *Index) shortlist(q Query, a *asked, s *scratch) []Hit {
	hits := make([]Hit, 0, len(s.hit))
	for _, doc := range s.hit {
		id := x.docs[doc].doc.ID
		if q.Accept == nil || q.Accept(id) {
			hits = append(hits, x.hit(q, doc, s.score[doc]/(a.total*(saturation+1)+tiny)))
		}
		s.score[doc] = 0
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Signals[ByWords], a.Signals[ByWords]), cmp.Compare(a.ID, b.ID))
	})
	return hits[:min(candidates, len(hits))]
}

func (x *Index) hit(q Query, doc int32, words float32) Hit {
	h := Hit{ID: x.docs[doc].doc.ID, doc: int(doc), likest: -1}
	h.Signals[ByWords] = words
	h.Preferred = q.Prefer != nil && q.Prefer(h.ID)
	return h
}

// lookClosely compares each hit with the question phrasing by phrasing and letter by letter.
func (x *Index) lookClosely(hits []Hit, a *asked, s *scratch) {
	for _, t := range a.terms {
		s.term[t.id] = t.weight
	}
	for _, g := range a.grams {
		s.gram[g.id] = g.count
	}
	for i := range hits {
		h := &hits[i]
		h.Signals[ByNearest], h.phrasing = x.nearest(h.doc, a, s)
		h.Signals[ByLetters] = x.letters(h.doc, a, s)
	}
	for _, t := range a.terms {
		s.term[t.id] = 0
	}
	for _, g := range a.grams {
		s.gram[g.id] = 0
	}
}

// nearest finds the phrasing with the highest cosine to the question.
func (x *Index) nearest(doc int, a *asked, s *scratch) (likeness float32, phrasing int) {
	for i, v := range x.phrasings[doc] {
		dot := float32(0)
		for _, id := range v.terms {
			dot += x.idf[id] * s.term[id]
		}
		if l := dot / (v.norm*a.norm + tiny); l > likeness {
			likeness, phrasing = l, i
		}
	}
	return likeness, phrasing
}

func (x *Index) letters(doc int, a *asked, s *scratch) float32 {
	dot := float32(0)
	for _, g := range x.docs[doc].grams {
		if w := s.gram[g.id]; w != 0 {
			dot += w * damp(g.count) * x.gramIDF[g.id]
		}
	}
	return dot / (a.gramNorm*x.gramNorm[doc] + tiny)
}

const tiny = 1e-6 // keeps a division by nothing from being one
