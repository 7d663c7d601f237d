package match

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// An Index finds the entries that may answer a question. It is immutable: a changed base gets a new Index, made from
// the Documents it already had and those that changed. It is safe for concurrent use.
//
// An index has a slot for each document, the slots of one part after those of the other. What a document scores does not
// depend on its slot or part.
type Index struct {
	glossary *Glossary
	weights  *Weights
	parts    []*part     // most of the documents, and what changed since; see With
	docs     []*Document // by slot; nil where the document is gone
	live     int         // documents that are not gone
	idf      [][]float32 // by part and its term id; 0 where no live document has the term
	unknown  float32     // idf of a term that no document has
	bulk     []float32   // by slot: how much its length holds a document back
	gramIDF  []float32   // by gram id
	newGram  float32     // that of a gram which no document has
	norms    []atomic.Pointer[norms]
	gists    []atomic.Pointer[gists]
	means    bool // every document has vectors
	spelling *speller
	scratch  sync.Pool
}

// NewIndex makes an index of documents analysed with the same glossary, with the default weights.
func NewIndex(docs []*Document, glossary *Glossary) *Index {
	return DefaultWeights().NewIndex(docs, glossary)
}

// NewIndex makes an index with these weights. If they hold a Space, it is the one that the documents' vectors were placed
// in.
func (w *Weights) NewIndex(docs []*Document, glossary *Glossary) *Index {
	return w.index(glossary, []*part{newPart(docs)}, nil)
}

// maxParts is how many parts an index has at most: see With.
const maxParts = 2

// mostFresh is the share of its documents that an index may have apart from the rest: the more, the dearer a change.
const mostFresh = 0.125

// With gives the index of these documents, with the same weights and glossary: what NewIndex would give, but where most
// documents are the old ones in a fraction of the time.
func (x *Index) With(docs []*Document) *Index {
	frozen := x.parts[0]
	slots := make(map[*Document]int, len(frozen.docs))
	for slot, d := range frozen.docs {
		slots[d] = slot
	}
	var fresh []*Document
	kept := make([]bool, len(frozen.docs))
	for _, d := range docs {
		if slot, ok := slots[d]; ok {
			kept[slot] = true
		} else {
			fresh = append(fresh, d)
		}
	}
	gone := len(frozen.docs) + len(fresh) - len(docs)
	if float64(len(fresh)+gone) > mostFresh*float64(len(docs)) {
		return x.weights.NewIndex(docs, x.glossary)
	}
	parts := []*part{frozen}
	if len(fresh) > 0 {
		parts = append(parts, newPart(fresh))
	}
	return x.weights.index(x.glossary, parts, kept)
}

// WithModels gives an index of the same documents with other models.
func (x *Index) WithModels(models Models) *Index {
	w := *x.weights
	w.Models = models
	return w.NewIndex(slices.DeleteFunc(slices.Clone(x.docs), func(d *Document) bool { return d == nil }), x.glossary)
}

// index joins parts. kept says which documents of the first still stand; nil means all.
func (w *Weights) index(glossary *Glossary, parts []*part, kept []bool) *Index {
	x := &Index{glossary: glossary, weights: w, parts: parts, means: true}
	length := 0.0
	for _, p := range parts {
		x.docs = append(x.docs, p.docs...)
		length += p.length
		x.means = x.means && p.centres != nil
	}
	var gone []*Document
	for slot, stands := range kept {
		if !stands {
			gone = append(gone, x.docs[slot])
			length -= float64(x.docs[slot].length)
			x.docs[slot] = nil
		}
	}
	x.live = len(x.docs) - len(gone)
	x.norms, x.gists = make([]atomic.Pointer[norms], len(x.docs)), make([]atomic.Pointer[gists], len(x.docs))
	x.weigh(gone)
	x.weighGrams(gone)
	x.measure(float32(length / float64(max(x.live, 1))))
	x.spelling = newSpeller(parts, gone)
	x.scratch.New = func() any { return x.newScratch() }
	return x
}

// Len is the number of documents.
func (x *Index) Len() int { return x.live }

// eachPart calls use with every part, its number and its first slot.
func (x *Index) eachPart(use func(i int, p *part, first int)) {
	first := 0
	for i, p := range x.parts {
		use(i, p, first)
		first += len(p.docs)
	}
}

// at gives the part that a slot is in.
func (x *Index) at(slot int) (part int) {
	if slot >= len(x.parts[0].docs) {
		return 1
	}
	return 0
}

// measure works out how much each document's length holds it back (BM25's length normalisation).
func (x *Index) measure(average float32) {
	x.bulk = make([]float32, len(x.docs))
	for slot, d := range x.docs {
		if d != nil {
			x.bulk[slot] = saturation * (1 - lengthPenalty + lengthPenalty*d.length/average)
		}
	}
}

// weigh works out the idf of every term.
func (x *Index) weigh(gone []*Document) {
	idf := tabulate(x.live, func(df, n float64) float64 { return math.Log(1 + (n-df+0.5)/(df+0.5)) })
	x.unknown = idf[0]
	idf[0] = 0 // for terms that only documents have which are gone
	changes := x.changes(gone)
	for i, p := range x.parts {
		weights := make([]float32, len(p.ids.terms))
		for id := range weights {
			weights[id] = idf[min(int(p.frequency(int32(id))), x.live)] // more only where a change follows
		}
		for id, by := range changes[i] {
			weights[id] = idf[p.frequency(id)+by]
		}
		x.idf = append(x.idf, weights)
	}
	for i, p := range x.parts {
		for _, filler := range fillerTerms {
			if id, ok := p.ids.id(filler); ok {
				x.idf[i][id] *= fillerShare
			}
		}
	}
}

// fillerTerms are the terms of the fillers, once for each.
var fillerTerms = func() []term {
	var terms []term
	for word := range fillers {
		terms = append(terms, stemTerm(Stem(word)))
	}
	return terms
}()

// changes gives, by part and term id, how many more live documents have a term than the part knows of: in the other part, less
// those that are gone.
func (x *Index) changes(gone []*Document) [maxParts]map[int32]int32 {
	changes := [maxParts]map[int32]int32{{}, {}}
	frozen := x.parts[0]
	for _, d := range gone {
		seen := map[term]bool{}
		for _, t := range d.terms() {
			if !seen[t] {
				seen[t] = true
				id, _ := frozen.ids.id(t)
				changes[0][id]--
			}
		}
	}
	for _, p := range x.parts[1:] {
		for id, t := range p.ids.terms {
			if old, ok := frozen.ids.id(t); ok {
				id := int32(id)
				changes[1][id] = frozen.frequency(old) + changes[0][old]
				changes[0][old] += p.frequency(id)
			}
		}
	}
	return changes
}

func (x *Index) weighGrams(gone []*Document) {
	count := x.parts[0].grams
	if len(x.parts) > 1 || len(gone) > 0 {
		count = make([]int32, len(x.parts[len(x.parts)-1].grams)) // the last was made last, and knows most
		copy(count, x.parts[0].grams)
	}
	for _, p := range x.parts[1:] {
		for id, n := range p.grams {
			count[id] += n
		}
	}
	if len(gone) > 0 {
		letters := newLetters()
		for _, d := range gone {
			letters.of(d, func(id uint32, _ uint16) { count[id]-- })
		}
	}
	idf := tabulate(x.live, func(df, n float64) float64 { return math.Log((n + 1) / max(df, 1)) })
	x.newGram = idf[0]
	x.gramIDF = make([]float32, len(count))
	for id, df := range count {
		x.gramIDF[id] = idf[df]
	}
}

// gramWeight is the idf of an n-gram that a question has.
func (x *Index) gramWeight(id uint32) float32 {
	if int(id) < len(x.gramIDF) {
		return x.gramIDF[id]
	}
	return x.newGram
}

// tabulate works a weight out for every number of documents that a term or gram may be in.
func tabulate(n int, weight func(df, n float64) float64) []float32 {
	table := make([]float32, n+1)
	for df := range table {
		table[df] = float32(weight(float64(df), float64(n)))
	}
	return table
}

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }
