package check

import (
	"cmp"
	"encoding/json"
	"slices"

	"signpost/knowledge"
	"signpost/knowledge/match"
)

// fewestFound is the share of held-out goals, symptoms and screen texts that must have the right entry among the first
// three. Slang and phrasings without the name are shown but have no bar: a held-out one often shares no word with any
// other, and is there for the one person who says it that way.
const fewestFound = 0.78

var barredKinds = []knowledge.PhrasingKind{knowledge.Goal, knowledge.Symptom, knowledge.OnScreen}

// mostPairs is how many pairs of easily confused entries are listed.
const mostPairs = 20

// A LeaveOneOut says how well entries are found by phrasings that the base has not been told: each phrasing is held out
// in turn and asked, with the default weights. It flatters a base whose phrasings echo each other: use it to compare two states of a
// base and to find what is confused, not to promise how people's own questions will fare.
type LeaveOneOut struct {
	All     Found                             `json:"all"`
	Barred  Found                             `json:"barred"` // goals, symptoms and screen texts together: these have a bar
	ByKind  map[knowledge.PhrasingKind]*Found `json:"by_kind"`
	ByTopic map[string]*Found                 `json:"by_topic"`
	Pairs   []Pair                            `json:"confusable"` // most often confused first
}

// Found counts how often the right entry came first and among the first three. As JSON it gives shares.
type Found struct{ N, First, Three int }

// Add counts a question whose right entry came at rank, from 1; 0 when it was not among those looked at.
func (f *Found) Add(rank int) {
	f.N++
	if rank == 1 {
		f.First++
	}
	if rank >= 1 && rank <= 3 {
		f.Three++
	}
}

// Top1 is the share found first, 0 to 1; 0 of none.
func (f Found) Top1() float64 { return float64(f.First) / float64(max(f.N, 1)) }

// Top3 is the share found among the first three, 0 to 1; 0 of none.
func (f Found) Top3() float64 { return float64(f.Three) / float64(max(f.N, 1)) }

// MarshalJSON gives {"n", "top1", "top3"}, the last two as shares.
func (f Found) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		N    int     `json:"n"`
		Top1 float64 `json:"top1"`
		Top3 float64 `json:"top3"`
	}{f.N, f.Top1(), f.Top3()})
}

// A Pair is two entries of which one came first when the other was right.
type Pair struct {
	A       string `json:"a"` // the lower slug
	B       string `json:"b"`
	Times   int    `json:"times"`
	Example string `json:"example"` // the first such phrasing
	Of      string `json:"of"`      // the entry it belongs to
}

// LeaveOut holds each phrasing out in turn. step, if not nil, is called after each. The same base gives the same result.
func LeaveOut(b Base, step func()) LeaveOneOut {
	t := newTally()
	f := newFolds(b)
	for fold := range f.count {
		index := f.index(fold)
		for _, e := range f.entries {
			if fold < len(e.Phrasings) {
				t.add(e, e.Phrasings[fold], index.Match(f.query(e.Phrasings[fold].Text), 3))
				if step != nil {
					step()
				}
			}
		}
	}
	return t.result()
}

// folds are the indexes that lack one phrasing of each entry: holding out the first phrasings of all entries at once,
// then the second, takes one index a fold where one a phrasing would take minutes.
type folds struct {
	entries  []*knowledge.Entry
	whole    []*match.Document // of entries, with nothing held out
	glossary *match.Glossary
	vector   func(text string) match.Vector // nil without an encoder
	count    int
}

func newFolds(b Base) folds {
	f := folds{entries: slices.Clone(b.Entries), glossary: knowledge.Glossary(b.Terms), vector: b.Vector}
	slices.SortFunc(f.entries, func(a, b *knowledge.Entry) int { return cmp.Compare(a.Slug, b.Slug) })
	for _, e := range f.entries {
		f.whole = append(f.whole, f.analyse(e, noFold))
		f.count = max(f.count, len(e.Phrasings))
	}
	return f
}

// noFold holds nothing out.
const noFold = -1

// index makes the index that lacks the phrasing of each entry that stands at fold, where it has so many.
func (f folds) index(fold int) *match.Index {
	docs := slices.Clone(f.whole)
	for i, e := range f.entries {
		if fold >= 0 && fold < len(e.Phrasings) {
			docs[i] = f.analyse(e, fold)
		}
	}
	return match.NewIndex(docs, f.glossary)
}

func (f folds) analyse(e *knowledge.Entry, fold int) *match.Document {
	doc := e.Doc()
	doc.ID = e.Slug
	if fold >= 0 {
		doc.Phrasings = slices.Delete(doc.Phrasings, fold, fold+1)
	}
	d := match.Analyse(doc, f.glossary)
	if f.vector == nil {
		return d
	}
	var vectors []match.Vector
	for _, text := range doc.Texts() {
		vectors = append(vectors, f.vector(text))
	}
	return d.WithVectors(vectors, nil) // a space would have been made with what is held out
}

func (f folds) query(text string) match.Query {
	q := match.Query{Text: text}
	if f.vector != nil {
		v := f.vector(text)
		q.Vector = &v
	}
	return q
}

// tally adds up a LeaveOneOut.
type tally struct {
	LeaveOneOut
	pairs map[[2]string]*Pair
}

func newTally() *tally {
	return &tally{pairs: map[[2]string]*Pair{},
		LeaveOneOut: LeaveOneOut{ByKind: map[knowledge.PhrasingKind]*Found{}, ByTopic: map[string]*Found{}, Pairs: []Pair{}}}
}

func (t *tally) add(e *knowledge.Entry, p knowledge.Phrasing, hits []match.Hit) {
	rank := 1 + slices.IndexFunc(hits, func(h match.Hit) bool { return h.ID == e.Slug })
	t.All.Add(rank)
	if slices.Contains(barredKinds, p.Kind) {
		t.Barred.Add(rank)
	}
	at(t.ByKind, p.Kind).Add(rank)
	at(t.ByTopic, e.Topic).Add(rank)
	if rank != 1 && len(hits) > 0 {
		t.confused(e.Slug, hits[0].ID, p.Text)
	}
}

func at[K comparable](m map[K]*Found, key K) *Found {
	if m[key] == nil {
		m[key] = &Found{}
	}
	return m[key]
}

func (t *tally) confused(right, first, phrasing string) {
	key := [2]string{min(right, first), max(right, first)}
	if t.pairs[key] == nil {
		t.pairs[key] = &Pair{A: key[0], B: key[1], Example: phrasing, Of: right}
	}
	t.pairs[key].Times++
}

func (t *tally) result() LeaveOneOut {
	for _, p := range t.pairs {
		t.Pairs = append(t.Pairs, *p)
	}
	slices.SortFunc(t.Pairs, func(a, b Pair) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	t.Pairs = t.Pairs[:min(mostPairs, len(t.Pairs))]
	return t.LeaveOneOut
}

func (c *checker) checkLeaveOneOut(l LeaveOneOut) {
	if l.Barred.N > 0 && l.Barred.Top3() < fewestFound {
		c.addWhole("leave-one-out", "Only %.1f %% of goals, symptoms and screen texts find their entry among the first three when held out. "+
			"Aim for %.0f %%. Look at the pairs that are confused: does each way of asking belong where it stands?",
			100*l.Barred.Top3(), 100*fewestFound)
	}
}
