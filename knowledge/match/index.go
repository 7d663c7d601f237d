package match

import (
	"math"
	"sync"
)

// An Index finds the entries that may answer a question. It is immutable: a changed base gets a new Index, made from
// the Documents it already had and those that changed. It is safe for concurrent use.
type Index struct {
	docs      []*Document
	glossary  *Glossary
	weights   *Weights
	meaning   *meaning // nil where documents have no vectors
	ids       map[term]int32
	postings  [][]posting // by term id
	idf       []float32   // by term id
	unknown   float32     // idf of a term that no document has
	average   float32     // length of a document
	phrasings [][]vector  // by document
	gramIDF   []float32   // by gram id
	gramNorm  []float32   // by document
	spelling  *speller
	scratch   sync.Pool
}

type posting struct {
	doc   int32
	count float32
}

// A vector is one phrasing: term ids and the length of their idf vector.
type vector struct {
	terms []int32
	norm  float32
}

// NewIndex makes an index of documents analysed with the same glossary, with the default weights.
func NewIndex(docs []*Document, glossary *Glossary) *Index {
	return DefaultWeights().NewIndex(docs, glossary)
}

// NewIndex makes an index with these weights. If they hold a Space, it is the one that the documents' vectors were placed
// in.
func (w *Weights) NewIndex(docs []*Document, glossary *Glossary) *Index {
	x := &Index{docs: docs, glossary: glossary, weights: w, ids: map[term]int32{}}
	x.post()
	x.weigh()
	x.weighGrams()
	x.spelling = newSpeller(docs)
	x.meaning = newMeaning(docs, w.Space)
	x.scratch.New = func() any { return x.newScratch() }
	return x
}

// Len is the number of documents.
func (x *Index) Len() int { return len(x.docs) }

func (x *Index) post() {
	total := float32(0)
	for i, d := range x.docs {
		total += d.length
		for _, c := range d.terms {
			id, ok := x.ids[c.term]
			if !ok {
				id = int32(len(x.postings))
				x.ids[c.term] = id
				x.postings = append(x.postings, nil)
			}
			x.postings[id] = append(x.postings[id], posting{int32(i), c.count})
		}
	}
	x.average = total / float32(max(len(x.docs), 1))
}

func (x *Index) weigh() {
	n := float64(len(x.docs))
	idf := func(df int) float32 { return float32(math.Log(1 + (n-float64(df)+0.5)/(float64(df)+0.5))) }
	x.unknown = idf(0)
	x.idf = make([]float32, len(x.postings))
	for id, list := range x.postings {
		x.idf[id] = idf(len(list))
	}
	for word := range fillers {
		if id, ok := x.ids[stemTerm(Stem(word))]; ok {
			x.idf[id] *= fillerShare
		}
	}
	x.phrasings = make([][]vector, len(x.docs))
	for i, d := range x.docs {
		x.phrasings[i] = make([]vector, len(d.phrasings))
		for j, terms := range d.phrasings {
			x.phrasings[i][j] = x.vector(terms)
		}
	}
}

func (x *Index) vector(terms []term) vector {
	v := vector{terms: make([]int32, 0, len(terms))}
	sum := float32(0)
	for _, t := range terms {
		id := x.ids[t]
		v.terms = append(v.terms, id)
		sum += x.idf[id] * x.idf[id]
	}
	v.norm = sqrt(sum)
	return v
}

func (x *Index) weighGrams() {
	df := make([]float32, 1<<gramBits)
	for _, d := range x.docs {
		for _, g := range d.grams {
			df[g.id]++
		}
	}
	n := float64(len(x.docs))
	x.gramIDF = df
	for id, count := range df {
		if count > 0 {
			x.gramIDF[id] = float32(math.Log((n + 1) / float64(count)))
		} else {
			x.gramIDF[id] = float32(math.Log(n + 1))
		}
	}
	x.gramNorm = make([]float32, len(x.docs))
	for i, d := range x.docs {
		sum := float32(0)
		for _, g := range d.grams {
			w := damp(g.count) * x.gramIDF[g.id]
			sum += w * w
		}
		x.gramNorm[i] = sqrt(sum)
	}
}

// damp makes the tenth use of a gram count less than the first (1 + ln count, as in sublinear TF-IDF).
func damp(count float32) float32 {
	if count <= 1 {
		return count
	}
	return 1 + float32(math.Log(float64(count)))
}

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }
