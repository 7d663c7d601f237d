package match_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"signpost/knowledge/match"
)

// All documents are compared with a question, with vectors rounded to a byte a number: that must find the ten that vectors in
// full would find.
func TestTheTenNearestInMeaningAreFound(t *testing.T) {
	const count, questions = 3000, 100
	tell := newTeller(11)
	centres, docs := make([][]float32, count), make([]*match.Document, count)
	for i := range docs {
		// A document's phrasings lie about its centre, and centres in clusters, where they are hard to tell apart.
		if centres[i] = tell.unit(benchLast); i%20 > 0 {
			centres[i] = near(centres[i/20*20], centres[i], 1)
		}
		var last [][]float32
		for range 4 {
			last = append(last, near(centres[i], tell.unit(benchLast), 0.8))
		}
		centres[i] = sumOf(last)
		d := match.Analyse(match.Doc{ID: fmt.Sprintf("%04d", i), Phrasings: []string{"a", "b", "c", "d"}}, nil)
		docs[i] = d.WithPlace(last, nil)
	}
	x := match.NewIndex(docs, nil)
	found := 0
	for i := range questions {
		v := near(centres[i*count/questions], tell.unit(benchLast), 1)
		hits := x.Match(match.Query{Text: "zzz", Vector: &match.Vector{Last: v}}, count)
		slices.SortFunc(hits, func(a, b match.Hit) int {
			return cmp.Compare(b.Signals[match.ByCentral], a.Signals[match.ByCentral])
		})
		for _, h := range hits[:10] {
			if slices.Contains(nearest(centres, v, 10), h.ID) {
				found++
			}
		}
	}
	recall := float64(found) / (10 * questions)
	t.Logf("recall at 10: %.3f", recall)
	if recall < 0.99 {
		t.Errorf("of the ten nearest %.3f are found, want 0.99", recall)
	}
}

// near gives a unit vector beside v, the further the greater the share of other.
func near(v, other []float32, share float32) []float32 {
	out := make([]float32, len(v))
	for i := range v {
		out[i] = v[i] + share*other[i]
	}
	return sumOf([][]float32{out})
}

// sumOf adds vectors up and scales the sum to length one.
func sumOf(vectors [][]float32) []float32 {
	sum := make([]float32, benchLast)
	for _, v := range vectors {
		for i, x := range v {
			sum[i] += x
		}
	}
	return scaled(sum)
}

// nearest lists the documents with the highest cosine.
func nearest(centres [][]float32, v []float32, n int) []string {
	type at struct {
		doc    int
		cosine float64
	}
	all := make([]at, len(centres))
	for i, c := range centres {
		all[i].doc = i
		for j, x := range c {
			all[i].cosine += float64(x) * float64(v[j])
		}
	}
	slices.SortFunc(all, func(a, b at) int { return cmp.Compare(b.cosine, a.cosine) })
	var ids []string
	for _, a := range all[:n] {
		ids = append(ids, fmt.Sprintf("%04d", a.doc))
	}
	return ids
}
