package match

import (
	"cmp"
	"math"
	"slices"

	"signpost/knowledge/encoder"
)

// This file tells the few likeliest documents apart. Words that they share say nothing then, however rare they are
// elsewhere, so their phrasings are weighed against each other: kernel ridge regression on the phrasings near the question
// alone (Zhang et al. 2006, SVM-KNN; Saunders et al. 1998), which is a small equation to solve for each question.

const (
	apartFew   = 5   // documents that are told apart
	apartTexts = 10  // phrasings of each, those nearest to the question
	apartRidge = 0.3 // how far the weights are drawn to nothing
	meantShare = 0.7 // of meaning, or of gist, in how like two texts are; see docs/matching.md
)

// firstRank picks the few: it only has to have the right one among them.
var firstRank = [signalCount]float64{ByWords: 15, ByNearest: 3, ByLetters: 4, ByGist: 3, ByCommonGist: 5, ByLikest: 7, ByCentral: 5, ByTypical: 7}

// apart is room for what telling apart works out, used again for the next question.
type apart struct {
	texts         []nearText
	kernel, asked []float64
	weights       []float64 // of a term in the texts that have it
	uses          []uint64  // see wordKernel
	wanted        []int32   // by way of asking: the number of its text, plus one
	packed        []byte    // the vectors of the texts
	row, near     []float32
	rounded       encoder.Rounded
}

// nearText is a way of asking for one of the few documents.
type nearText struct {
	hit      int
	doc      *Document
	field    int
	norm     float32
	likeness float64 // to the question
}

// tellApart fills in ByApart for the few likeliest hits.
func (x *Index) tellApart(hits []Hit, a *asked, m *askedMeaning, s *scratch) {
	few, room := likeliest(hits), &s.apart
	room.texts = room.texts[:0]
	for _, i := range few {
		x.addNear(i, &hits[i], m, s)
	}
	texts := room.texts
	n := len(texts)
	if n == 0 {
		return
	}
	kernel, asked := sized(room.kernel, n*n), sized(room.asked, n)
	room.kernel, room.asked = kernel, asked
	clear(kernel)
	x.wordKernel(kernel, room)
	if m != nil {
		room.meaningKernel(kernel, room.packMeaning())
	} else {
		room.meaningKernel(kernel, room.packGists())
	}
	for i, t := range texts {
		kernel[i*n+i] += apartRidge
		asked[i] = t.likeness
	}
	if !solve(kernel, asked) {
		return
	}
	for i, t := range texts {
		hits[t.hit].Signals[ByApart] += float32(asked[i])
	}
	for _, i := range few {
		hits[i].Signals[ByApart] = max(0, hits[i].Signals[ByApart])
	}
}

// likeliest picks the hits that are told apart.
func likeliest(hits []Hit) []int {
	order := upTo(len(hits))
	worth := make([]float64, len(hits))
	for i := range hits {
		for j, signal := range hits[i].Signals {
			worth[i] += firstRank[j] * float64(signal)
		}
	}
	slices.SortFunc(order, func(i, j int) int {
		if worth[i] == worth[j] {
			return cmp.Compare(hits[i].ID, hits[j].ID)
		}
		return cmp.Compare(worth[j], worth[i])
	})
	return order[:min(apartFew, len(order))]
}

// addNear adds the ways of asking for a hit that are most like the question.
func (x *Index) addNear(i int, h *Hit, m *askedMeaning, s *scratch) {
	d, norms, first := x.docs[h.doc], x.normsOf(h.doc, s.gauge), len(s.apart.texts)
	for j, norm := range norms.phrasings {
		s.apart.texts = append(s.apart.texts, nearText{i, d, j, norm, float64(s.said[h.said+j])})
	}
	out := s.apart.texts[first:]
	near := s.gists[min(h.said, len(s.gists)):]
	if m != nil {
		s.near = sized(s.near, len(out))
		d.vectors.texts.Products(s.near, m.last)
		near = s.near
	}
	for j := range out {
		out[j].likeness = mixed(near[j], out[j].likeness)
	}
	slices.SortStableFunc(out, func(a, b nearText) int { return cmp.Compare(b.likeness, a.likeness) })
	s.apart.texts = s.apart.texts[:first+min(apartTexts, len(out))]
}

func mixed(meaning float32, words float64) float64 {
	return meantShare*float64(meaning) + (1-meantShare)*words
}

// wordKernel adds how like the texts are in words: cosines. Of the kernel only what is on and below the diagonal is filled in.
func (x *Index) wordKernel(kernel []float64, room *apart) {
	for i, t := range room.texts {
		if t.norm > 0 {
			kernel[i*len(room.texts)+i] = 1 // each is just like itself
		}
	}
	// Sorted as numbers, which is much faster than by a function: the term, and the number of the text that has it.
	uses := room.uses[:0]
	n := len(room.texts)
	for from := 0; from < n; {
		to := room.wantFrom(from)
		uses = room.addUses(uses, from)
		from = to
	}
	room.uses = uses
	slices.Sort(uses)
	for from := 0; from < len(uses); {
		to := from + 1
		for to < len(uses) && uses[to]>>32 == uses[from]>>32 {
			to++
		}
		if to > from+1 {
			x.addShared(kernel, uses[from:to], room)
		}
		from = to
	}
}

// addShared adds what one term makes the texts alike that have it.
func (x *Index) addShared(kernel []float64, uses []uint64, room *apart) {
	found, _ := x.find(term(uses[0] >> 32))
	weights := room.weights[:0]
	for p, use := range uses {
		i := int(uint32(use))
		weights = append(weights, float64(found.idf/(room.texts[i].norm+tiny)))
		row := kernel[i*len(room.texts):]
		for q, other := range uses[:p] {
			j := int(uint32(other))
			row[j] += weights[p] * weights[q]
			if i == j { // the text has the term twice
				row[j] += weights[p] * weights[q]
			}
		}
	}
	room.weights = weights
}

// wantFrom makes wanted say which ways of asking are texts, of the document that the text at from is of. It gives where the
// texts of the next document start.
func (r *apart) wantFrom(from int) (to int) {
	d := r.texts[from].doc
	r.wanted = sized(r.wanted, d.asked())
	clear(r.wanted)
	for to = from; to < len(r.texts) && r.texts[to].doc == d; to++ {
		r.wanted[r.texts[to].field] = int32(to + 1)
	}
	return to
}

// addUses adds the terms of the wanted texts, which are of the document that the text at from is of.
func (r *apart) addUses(uses []uint64, from int) []uint64 {
	r.texts[from].doc.eachTermAsked(r.wanted, func(t term, wanted int32) { uses = append(uses, uint64(t)<<32|uint64(wanted-1)) })
	return uses
}

// packMeaning packs the vectors of the texts that are told apart.
func (r *apart) packMeaning() (width int) {
	r.packed = r.packed[:0]
	for _, t := range r.texts {
		r.packed = t.doc.vectors.texts.AppendTo(r.packed, t.field)
	}
	return r.texts[0].doc.vectors.texts.Width()
}

// meaningKernel mixes in how like the texts are by their packed vectors, on and below the diagonal.
func (r *apart) meaningKernel(kernel []float64, width int) {
	n, all := len(r.texts), encoder.RowsOf(width, r.packed)
	near := sized(r.near, n)
	r.row, r.near = sized(r.row, width), near
	for i := range n {
		clear(r.row)
		all.Add(r.row, i)
		r.rounded.Set(r.row)
		all.First(i+1).Products(near, r.rounded)
		for j, likeness := range near[:i+1] {
			kernel[i*n+j] = mixed(likeness, kernel[i*n+j])
		}
	}
}

// solve solves a symmetric equation in place (Cholesky), of which it reads what is on and below the diagonal; false if it has
// no single answer.
func solve(a, b []float64) bool {
	n := len(b)
	for j := range n {
		for i := j; i < n; i++ {
			sum := a[i*n+j] - dot64(a[i*n:i*n+j], a[j*n:j*n+j])
			if i > j {
				a[i*n+j] = sum / a[j*n+j]
			} else if sum <= tiny {
				return false
			} else {
				a[j*n+j] = math.Sqrt(sum)
			}
		}
	}
	for i := range n {
		b[i] = (b[i] - dot64(a[i*n:i*n+i], b[:i])) / a[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			b[i] -= a[k*n+i] * b[k]
		}
		b[i] /= a[i*n+i]
	}
	return true
}
