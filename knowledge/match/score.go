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
	said                  int // see scratch
	index                 *Index
	asked                 *asked
}

// scratch is working memory, one per question in flight.
type scratch struct {
	score   []float32 // by slot; zero between questions
	central []float32 // by slot: likeness of meaning to the centre
	near    []float32 // likeness of meaning to each text of a document
	said    []float32 // likeness of words to each way of asking for a hit, from Hit.said on
	gists   []float32 // likeness of gist to them
	grams   marks     // by gram id: whether the question has it
	halves  []uint16  // by gram id: its count in the document at hand, if the question has it
	shared  shared
	gauge   *gauge
	apart   apart
}

func (x *Index) newScratch() *scratch {
	return &scratch{score: make([]float32, len(x.docs)), halves: make([]uint16, len(x.gramIDF)), grams: newMarks(len(x.gramIDF)),
		gauge: x.newGauge()}
}

// marks are a set of small numbers. A bit each, so that those of a whole base stay in the cache.
type marks []uint64

func newMarks(n int) marks { return make(marks, n/64+1) }

func (m marks) set(i uint32)   { m[i/64] |= 1 << (i % 64) }
func (m marks) unset(i uint32) { m[i/64] &^= 1 << (i % 64) }

// has is 1 for a number that is in the set, else 0: to add up is faster than to branch.
func (m marks) has(i uint32) int { return int(m[i/64] >> (i % 64) & 1) }

// Match gives the n best documents, best first. The same query gives the same hits.
func (x *Index) Match(q Query, n int) []Hit {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	a := x.ask(q)
	hits, _, meaning := x.candidates(q, a, s)
	if meaning != nil {
		x.lookAtMeaning(hits, meaning, s)
	} else {
		x.lookAtGists(hits, s)
	}
	x.tellApart(hits, a, meaning, s)
	model := x.model(q)
	for i := range hits {
		hits[i].Score = model.score(&hits[i])
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	model.judge(hits, a.facts())
	hits = hits[:min(n, len(hits))]
	for i := range hits {
		hits[i].index, hits[i].asked = x, a
	}
	return hits
}

// Likely gives the ids of the documents that may answer by words, before any is looked at closely: a fraction of the work
// of Match, and all that Match can give without meaning. They are in no order.
func (x *Index) Likely(q Query) []string {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	a := x.ask(q)
	x.byWords(a, s)
	hits := x.shortlist(q, a, s)
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	return ids
}

// candidates takes the documents that come nearest by words, the first byWords of them, and by meaning, with their signals of
// words.
func (x *Index) candidates(q Query, a *asked, s *scratch) (hits []Hit, byWords int, meaning *askedMeaning) {
	x.byWords(a, s)
	hits = x.shortlist(q, a, s)
	byWords = len(hits)
	if meaning = x.meaningOf(q); meaning != nil {
		hits = x.addByMeaning(hits, q, meaning, s)
	}
	x.lookClosely(hits, a, s)
	return hits, byWords, meaning
}

func (x *Index) byWords(a *asked, s *scratch) {
	for _, t := range a.terms {
		x.eachPart(func(i int, p *part, first int) {
			if t.ids[i] < 0 {
				return
			}
			for _, under := range p.under(t.ids[i]) {
				slot, count := under.doc()+int32(first), under.count()
				s.score[slot] += t.weight * count * (saturation + 1) / (count + x.bulk[slot])
			}
		})
	}
}

// shortlist takes the best documents by words and clears the scratch.
func (x *Index) shortlist(q Query, a *asked, s *scratch) []Hit {
	best := best{n: candidates, accept: q.Accept}
	for slot, score := range s.score {
		if score > 0 && best.takes(score) {
			best.offer(int32(slot), score, x.docs[slot])
		}
	}
	clear(s.score)
	most := a.total*(saturation+1) + tiny
	hits := make([]Hit, 0, 2*candidates)
	for _, c := range best.kept {
		hits = append(hits, x.hit(q, c.slot, c.worth/most))
	}
	return hits
}

func (x *Index) hit(q Query, slot int32, words float32) Hit {
	h := Hit{ID: x.docs[slot].doc.ID, doc: int(slot), likest: -1}
	h.Signals[ByWords] = words
	h.Preferred = q.Prefer != nil && q.Prefer(h.ID)
	return h
}

// lookClosely compares each hit with the question phrasing by phrasing and letter by letter.
func (x *Index) lookClosely(hits []Hit, a *asked, s *scratch) {
	s.mark(a)
	s.shared.next()
	s.said = s.said[:0]
	for i := range hits {
		h := &hits[i]
		norms := x.normsOf(h.doc, s.gauge)
		h.said = len(s.said)
		h.Signals[ByNearest], h.phrasing = compareWords(x.docs[h.doc], norms, a, s)
		h.Signals[ByLetters] = x.compareLetters(norms, a, s)
	}
	s.unmark(a)
}

func (s *scratch) mark(a *asked) {
	for _, g := range a.grams {
		if int(g.id) < len(s.halves) {
			s.grams.set(g.id)
		}
	}
}

func (s *scratch) unmark(a *asked) {
	for _, g := range a.grams {
		if int(g.id) < len(s.halves) {
			s.grams.unset(g.id)
		}
	}
}

const tiny = 1e-6 // keeps a division by nothing from being one
