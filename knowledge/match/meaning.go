package match

import (
	"slices"

	"signpost/knowledge/encoder"
)

// docVectors are a document's vectors, made small, in one piece of memory.
type docVectors struct {
	texts encoder.Rows // a row for each of its texts
	place encoder.Rows // where the mean of their middle layers lies in the space; none without one
}

// WithVectors gives the document with the vectors of its Texts, in order, placed in a space, which may be nil.
func (d *Document) WithVectors(vectors []Vector, space *Space) *Document {
	last, middle := make([][]float32, len(vectors)), make([][]float32, len(vectors))
	for i, v := range vectors {
		last[i], middle[i] = v.Last, v.Middle
	}
	var place []byte
	if space != nil && len(vectors) > 0 {
		place = encoder.AppendRow(nil, space.place(meanOf(middle)))
	}
	return d.WithPlace(last, place)
}

// WithPlace is WithVectors for a document that was placed before: last are what its Texts mean as a whole, and place is
// what Place gave.
func (d *Document) WithPlace(last [][]float32, place []byte) *Document {
	if len(last) == 0 {
		return d.WithPacked(0, nil, nil)
	}
	var texts []byte
	for _, v := range last {
		texts = encoder.AppendRow(texts, v)
	}
	return d.WithPacked(len(last[0]), texts, place)
}

// WithPacked is WithPlace for vectors of a width that are packed already, as encoder.AppendRow packs them. It keeps none of
// its arguments.
func (d *Document) WithPacked(width int, texts, place []byte) *Document {
	with := *d
	with.vectors = nil
	if len(texts) == 0 {
		return &with
	}
	all := append(append(make([]byte, 0, len(texts)+len(place)), texts...), place...)
	with.vectors = &docVectors{texts: encoder.RowsOf(width, all[:len(texts):len(texts)])}
	if width := len(place) - encoder.RowHead; width > 0 {
		with.vectors.place = encoder.RowsOf(width, all[len(texts):])
	}
	return &with
}

// Place is where the document lies in the space it was placed in, for WithPlace; nil without vectors.
func (d *Document) Place() []byte {
	if d.vectors == nil {
		return nil
	}
	return d.vectors.place.Packed()
}

// centre adds the mean of the texts to zeros.
func (v *docVectors) centre(sum []float32) {
	for i := range v.texts.Len() {
		v.texts.Add(sum, i)
	}
	toUnit(sum)
}

// place makes a table of the centres of the documents, if all have vectors. All other products are of a few documents that
// are looked at closely, each with its own.
func (p *part) place() {
	if len(p.docs) == 0 || slices.ContainsFunc(p.docs, func(d *Document) bool { return d.vectors == nil }) {
		return
	}
	p.centres = encoder.TableOf(p.docs[0].vectors.texts.Width(), len(p.docs), func(i int, row []float32) {
		p.docs[i].vectors.centre(row)
	})
}

// Means reports whether the documents can be found by meaning: they all have vectors.
func (x *Index) Means() bool { return x.means }

// askedMeaning is what a question means, made ready for the tables.
type askedMeaning struct {
	last, place encoder.Rounded
	placed      bool
}

// meaningOf makes a question's vector ready; nil if it cannot be matched by meaning.
func (x *Index) meaningOf(q Query) *askedMeaning {
	if !x.means || q.Vector == nil {
		return nil
	}
	m := &askedMeaning{last: encoder.Round(q.Vector.Last)}
	if space := x.weights.Space; space != nil {
		m.place, m.placed = encoder.Round(space.place(q.Vector.Middle)), true
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
		vectors := x.docs[h.doc].vectors
		h.Signals[ByCentral] = max(s.central[h.doc], 0)
		if m.placed && vectors.place.Len() > 0 {
			vectors.place.Products(one, m.place)
			h.Signals[ByTypical] = max(one[0], 0)
		}
		s.near = sized(s.near, vectors.texts.Len())
		vectors.texts.Products(s.near, m.last)
		for j, likeness := range s.near {
			if likeness > h.Signals[ByLikest] {
				h.Signals[ByLikest], h.likest = likeness, j
			}
		}
	}
}

// sized gives room for n numbers, of what there is if that is enough.
func sized[T any](room []T, n int) []T {
	if cap(room) < n {
		return make([]T, n)
	}
	return room[:n]
}
