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
	meantShare = 0.7 // of meaning in how like two texts are, where there are vectors; see docs/matching.md
)

// firstRank picks the few: it only has to have the right one among them.
var firstRank = [signalCount]float64{ByWords: 15, ByNearest: 3, ByLetters: 4, ByLikest: 7, ByCentral: 5, ByTypical: 7}

// A rival is one of the few documents.
type rival struct {
	hit, slot int
	doc       *Document
	norms     *norms
	terms     []term // of its title and phrasings, one after the other
}

// said gives the terms of a phrasing.
func (r *rival) said(field int) []term {
	from := uint32(0)
	if field > 0 {
		from = r.doc.ends[field-1]
	}
	return r.terms[from:r.doc.ends[field]]
}

// nearText is a phrasing of a rival.
type nearText struct {
	*rival
	field    int
	likeness float64 // to the question
}

// tellApart fills in ByApart for the few likeliest hits.
func (x *Index) tellApart(hits []Hit, a *asked, m *askedMeaning, s *scratch) {
	few := likeliest(hits)
	var texts []nearText
	for _, i := range few {
		slot := hits[i].doc
		r := &rival{hit: i, slot: slot, doc: x.docs[slot], norms: x.normsOf(slot, s.letters), terms: x.docs[slot].addAsked(nil)}
		texts = append(texts, r.nearTexts(a, m, s)...)
	}
	n := len(texts)
	if n == 0 {
		return
	}
	kernel := make([]float64, n*n)
	x.wordKernel(kernel, texts)
	if m != nil {
		meaningKernel(kernel, texts)
	}
	asked := make([]float64, n)
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
		return cmp.Or(cmp.Compare(worth[j], worth[i]), cmp.Compare(hits[i].ID, hits[j].ID))
	})
	return order[:min(apartFew, len(order))]
}

// nearTexts gives the phrasings of a rival that are most like the question.
func (r *rival) nearTexts(a *asked, m *askedMeaning, s *scratch) []nearText {
	out := make([]nearText, 0, r.doc.asked())
	for j, norm := range r.norms.phrasings {
		dot := float32(0)
		for _, t := range r.said(j) {
			dot += a.product(t)
		}
		out = append(out, nearText{r, j, float64(dot / (norm*a.norm + tiny))})
	}
	if m != nil {
		s.near = sized(s.near, len(out))
		r.doc.vectors.texts.Products(s.near, m.last)
		for j := range out {
			out[j].likeness = mixed(s.near[j], out[j].likeness)
		}
	}
	slices.SortStableFunc(out, func(a, b nearText) int { return cmp.Compare(b.likeness, a.likeness) })
	return out[:min(apartTexts, len(out))]
}

func mixed(meaning float32, words float64) float64 {
	return meantShare*float64(meaning) + (1-meantShare)*words
}

// wordKernel adds how like the texts are in words: cosines.
func (x *Index) wordKernel(kernel []float64, texts []nearText) {
	// Sorted as numbers, which is much faster than by a function: the term, and where its weight and its text stand.
	var order []uint64
	var weights []float64
	var of []int
	for i, t := range texts {
		part, norm := x.at(t.slot), t.norms.phrasings[t.field]+tiny
		for _, term := range t.said(t.field) {
			if id, ok := x.parts[part].ids.id(term); ok {
				order = append(order, uint64(term)<<32|uint64(len(of)))
				weights, of = append(weights, float64(x.idf[part][id]/norm)), append(of, i)
			}
		}
	}
	slices.Sort(order)
	n := len(texts)
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && order[to]>>32 == order[from]>>32 {
			to++
		}
		for _, p := range order[from:to] {
			row, weight := kernel[of[uint32(p)]*n:], weights[uint32(p)]
			for _, q := range order[from:to] {
				row[of[uint32(q)]] += weight * weights[uint32(q)]
			}
		}
		from = to
	}
}

// meaningKernel mixes in how like the texts are in meaning. Those of a rival follow each other.
func meaningKernel(kernel []float64, texts []nearText) {
	n := len(texts)
	var near []float32
	for i, t := range texts {
		vectors := t.doc.vectors.texts
		row := make([]float32, vectors.Width())
		vectors.Add(row, t.field)
		text := encoder.Round(row)
		for from := 0; from < n; {
			to := from + 1
			for to < n && texts[to].rival == texts[from].rival {
				to++
			}
			others := texts[from].doc.vectors.texts
			near = sized(near, others.Len())
			others.Products(near, text)
			for j := from; j < to; j++ {
				kernel[i*n+j] = mixed(near[texts[j].field], kernel[i*n+j])
			}
			from = to
		}
	}
}

// solve solves a symmetric equation in place (Cholesky); false if it has no single answer.
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
