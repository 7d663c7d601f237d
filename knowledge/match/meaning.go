package match

import (
	"slices"

	"signpost/knowledge/encoder"
)

// docVectors are a document's vectors, made small: a table with a row for each of its texts, and two means.
type docVectors struct {
	texts  *encoder.Table
	centre rounded // mean of the texts
	place  rounded // where the mean of their middle layers lies in the space; empty without one
}

// WithVectors gives the document with the vectors of its Texts, in order, placed in a space, which may be nil.
func (d *Document) WithVectors(vectors []Vector, space *Space) *Document {
	last, middle := make([][]float32, len(vectors)), make([][]float32, len(vectors))
	for i, v := range vectors {
		last[i], middle[i] = v.Last, v.Middle
	}
	var place []float32
	if space != nil && len(vectors) > 0 {
		place = space.place(meanOf(middle))
	}
	return d.WithPlace(last, round(place).bytes())
}

// WithPlace is WithVectors for a document that was placed before: last are what its Texts mean as a whole, and place is
// what Place gave.
func (d *Document) WithPlace(last [][]float32, place []byte) *Document {
	with := *d
	with.vectors = nil
	if len(last) > 0 {
		with.vectors = &docVectors{texts: encoder.NewTable(len(last[0]), last), centre: round(toUnit(meanOf(last))),
			place: roundedFrom(place)}
	}
	return &with
}

// Place is where the document lies in the space it was placed in, for WithPlace; nil without vectors.
func (d *Document) Place() []byte {
	if d.vectors == nil {
		return nil
	}
	return d.vectors.place.bytes()
}

// place makes tables of where the documents lie, if all have vectors.
func (p *part) place(space *Space) {
	if len(p.docs) == 0 || slices.ContainsFunc(p.docs, func(d *Document) bool { return d.vectors == nil }) {
		return
	}
	rows := make([][]float32, len(p.docs))
	for i, d := range p.docs {
		rows[i] = d.vectors.centre.numbers()
	}
	p.centres = encoder.NewTable(len(rows[0]), rows)
	if space == nil {
		return
	}
	for i, d := range p.docs {
		rows[i] = d.vectors.place.numbers()
	}
	p.places = encoder.NewTable(len(space.Axes), rows)
}

// Means reports whether the documents can be found by meaning: they all have vectors.
func (x *Index) Means() bool { return x.means }

// askedMeaning is what a question means, made ready for the tables.
type askedMeaning struct {
	last, place encoder.Rounded
}

// meaningOf makes a question's vector ready; nil if it cannot be matched by meaning.
func (x *Index) meaningOf(q Query) *askedMeaning {
	if !x.means || q.Vector == nil {
		return nil
	}
	m := &askedMeaning{last: encoder.Round(q.Vector.Last)}
	if space := x.weights.Space; space != nil {
		m.place = encoder.Round(space.place(q.Vector.Middle))
	}
	return m
}

// addByMeaning joins the documents that words did not find but whose centre is nearest.
func (x *Index) addByMeaning(hits []Hit, q Query, m *askedMeaning, s *scratch) []Hit {
	s.central = sized(s.central, len(x.docs))
	best := best{n: candidates, accept: q.Accept}
	x.eachPart(func(_ int, p *part, first int) {
		p.centres.Products(s.central[first:], m.last, 0, len(p.docs))
	})
	for slot, likeness := range s.central {
		if best.takes(likeness) {
			best.offer(int32(slot), likeness, x.docs[slot])
		}
	}
	byWords := hits
	for _, c := range best.kept {
		if !slices.ContainsFunc(byWords, func(h Hit) bool { return h.doc == int(c.slot) }) {
			hits = append(hits, x.hit(q, c.slot, 0))
		}
	}
	return hits
}

// lookAtMeaning fills in the signals of meaning, after addByMeaning.
func (x *Index) lookAtMeaning(hits []Hit, m *askedMeaning, s *scratch) {
	one := make([]float32, 1)
	for i := range hits {
		h := &hits[i]
		part, doc := x.at(h.doc)
		p := x.parts[part]
		h.Signals[ByCentral] = max(s.central[h.doc], 0)
		if p.places != nil {
			p.places.Products(one, m.place, doc, doc+1)
			h.Signals[ByTypical] = max(one[0], 0)
		}
		texts := x.docs[h.doc].vectors.texts
		s.near = sized(s.near, texts.Len())
		texts.Products(s.near, m.last, 0, len(s.near))
		for j, likeness := range s.near {
			if likeness > h.Signals[ByLikest] {
				h.Signals[ByLikest], h.likest = likeness, j
			}
		}
	}
}

// sized gives room for n numbers, of what there is if that is enough.
func sized(room []float32, n int) []float32 {
	if cap(room) < n {
		return make([]float32, n)
	}
	return room[:n]
}
