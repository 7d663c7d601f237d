package match

import (
	"cmp"
	"slices"

	"signpost/knowledge/encoder"
)

// docVectors are a document's vectors, made small: a table with a row for each phrasing, and two means.
type docVectors struct {
	phrasings *encoder.Table
	centre    []float32 // mean of the phrasings
	place     []float32 // where the mean of their middle layers lies in the space; nil without one
}

// WithVectors gives the document with the vectors of its Texts, in order, placed in a space, which may be nil.
func (d *Document) WithVectors(vectors []Vector, space *Space) *Document {
	last, middle := make([][]float32, len(vectors)), make([][]float32, len(vectors))
	for i, v := range vectors {
		last[i], middle[i] = v.Last, v.Middle
	}
	with := *d
	with.vectors = nil
	if len(vectors) > 0 {
		with.vectors = &docVectors{phrasings: encoder.NewTable(len(last[0]), last), centre: toUnit(meanOf(last))}
		if space != nil {
			with.vectors.place = space.place(meanOf(middle))
		}
	}
	return &with
}

// meaning is what an index knows of its documents' vectors: a row for each document.
type meaning struct {
	space   *Space
	centres *encoder.Table
	places  *encoder.Table // nil without a space
}

func newMeaning(docs []*Document, space *Space) *meaning {
	centres, places := make([][]float32, len(docs)), make([][]float32, len(docs))
	for i, d := range docs {
		if d.vectors == nil {
			return nil
		}
		centres[i], places[i] = d.vectors.centre, d.vectors.place
	}
	if len(docs) == 0 {
		return nil
	}
	m := &meaning{centres: encoder.NewTable(len(centres[0]), centres)}
	if space != nil {
		m.space, m.places = space, encoder.NewTable(len(space.Axes), places)
	}
	return m
}

// Means reports whether the documents can be found by meaning: they all have vectors.
func (x *Index) Means() bool { return x.meaning != nil }

// means reports whether a query can be matched by meaning.
func (x *Index) means(q Query) bool { return x.meaning != nil && q.Vector != nil }

// addByMeaning joins the documents that words did not find but whose centre is nearest.
func (x *Index) addByMeaning(hits []Hit, q Query, s *scratch) []Hit {
	products := s.products(len(x.docs))
	x.meaning.centres.Products(products, encoder.Round(q.Vector.Last), 0, len(x.docs))
	have := make(map[int]bool, len(hits))
	for _, h := range hits {
		have[h.doc] = true
	}
	for _, doc := range largest(products, candidates) {
		if id := x.docs[doc].doc.ID; !have[doc] && (q.Accept == nil || q.Accept(id)) {
			hits = append(hits, x.hit(q, int32(doc), 0))
		}
	}
	return hits
}

// largest gives the places of the n largest values, in the order of the list.
func largest(values []float32, n int) []int {
	if len(values) <= n {
		n = len(values)
	}
	sorted := slices.Clone(values)
	slices.SortFunc(sorted, func(a, b float32) int { return cmp.Compare(b, a) })
	var at []int
	for i, v := range values {
		if n > 0 && v >= sorted[n-1] && len(at) < n {
			at = append(at, i)
		}
	}
	return at
}

// lookAtMeaning fills in the signals of meaning.
func (x *Index) lookAtMeaning(hits []Hit, q Query, s *scratch) {
	last := encoder.Round(q.Vector.Last)
	var place encoder.Rounded
	if x.meaning.space != nil {
		place = encoder.Round(x.meaning.space.place(q.Vector.Middle))
	}
	one := make([]float32, 1)
	for i := range hits {
		h := &hits[i]
		x.meaning.centres.Products(one, last, h.doc, h.doc+1)
		h.Signals[ByCentral] = max(one[0], 0)
		if x.meaning.space != nil {
			x.meaning.places.Products(one, place, h.doc, h.doc+1)
			h.Signals[ByTypical] = max(one[0], 0)
		}
		if v := x.docs[h.doc].vectors; v != nil {
			products := s.products(v.phrasings.Len())
			v.phrasings.Products(products, last, 0, v.phrasings.Len())
			for j, p := range products {
				if p > h.Signals[ByLikest] {
					h.Signals[ByLikest], h.likest = p, j
				}
			}
		}
	}
}

// products gives room for n products.
func (s *scratch) products(n int) []float32 {
	if cap(s.near) < n {
		s.near = make([]float32, n)
	}
	return s.near[:n]
}
