package match

import (
	"cmp"
	"slices"
)

// Parameters of the score, chosen by cross-validation on the public training phrasings (bench/, train10) and CLINC150's
// validation file, and on the starter base by leaving phrasings out in turn. Never on a test file.
const (
	saturation    = 1.2 // BM25 k1 (Robertson 2009)
	lengthPenalty = 0.5 // BM25 b
	candidates    = 40  // taken by words, then looked at closely

	wordsShare     = 1.5
	nearestShare   = 0.6
	lettersShare   = 1.0
	preferredShare = 0.05 // for an entry written for the asker's role
)

// A Query is a question as the matcher sees it.
type Query struct {
	Text   string
	Before string // the turn before; its words count half
	// Accept, if set, leaves out documents for which it is false.
	Accept func(id string) bool
	// Prefer, if set, names documents that suit this person a little better.
	Prefer func(id string) bool
}

// A Hit is a document that may answer.
type Hit struct {
	ID          string
	Score       float32 // comparable within one question only
	Probability float64 // that this is the right one
	// Words is the share of the question's weight that the document's words explain, Nearest the likeness to its nearest
	// phrasing, Letters the likeness of letters; all 0 to 1.
	Words, Nearest, Letters float32
	Preferred               bool

	doc, phrasing int
	index         *Index
	asked         *asked
}

// scratch is working memory, one per question in flight.
type scratch struct {
	score []float32 // by document
	hit   []int32
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
	x.byWords(a, s)
	hits := x.shortlist(q, a, s)
	x.lookClosely(hits, a, s)
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	judge(hits)
	hits = hits[:min(n, len(hits))]
	for i := range hits {
		hits[i].index, hits[i].asked = x, a
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
			hits = append(hits, Hit{ID: id, Words: s.score[doc] / (a.total * (saturation + 1)), doc: int(doc)})
		}
		s.score[doc] = 0
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Words, a.Words), cmp.Compare(a.ID, b.ID))
	})
	hits = hits[:min(candidates, len(hits))]
	for i := range hits {
		hits[i].Preferred = q.Prefer != nil && q.Prefer(hits[i].ID)
	}
	return hits
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
		h.Nearest, h.phrasing = x.nearest(h.doc, a, s)
		h.Letters = x.letters(h.doc, a, s)
		h.Score = wordsShare*h.Words + nearestShare*h.Nearest + lettersShare*h.Letters
		if h.Preferred {
			h.Score *= 1 + preferredShare
		}
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
