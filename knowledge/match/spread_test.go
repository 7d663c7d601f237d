package match

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// A fold's covariance, made of differences of sums, must be the one made of its own texts.
func TestCovarianceOfAFold(t *testing.T) {
	const width = 6
	r, vectors := rand.New(rand.NewPCG(1, 2)), map[string]Vector{}
	var c Corpus
	for i := range 5 {
		d := Doc{ID: fmt.Sprint(i), Title: fmt.Sprint("title ", i)}
		for j := range 3 + 9*i { // the last have more than a chunk together
			d.Phrasings = append(d.Phrasings, fmt.Sprint("phrasing ", i, j))
		}
		for _, text := range d.Texts() {
			v := make([]float32, width)
			for k := range v {
				v[k] = r.Float32()
			}
			vectors[text] = Vector{Middle: v}
		}
		c.Docs = append(c.Docs, d)
	}
	c.Docs = append(c.Docs, Doc{ID: "bare"}, Doc{ID: "one", Phrasings: []string{"phrasing 0 0"}})
	c.Vector = func(text string) Vector { return vectors[text] }
	s := c.spread(t.Context())
	for fold := range folds + 1 {
		var means [][]float64
		var counts []int
		direct, spread := mat.NewSymDense(width, nil), 0
		for i := range s.classes {
			mean, n := s.classes[i].mean(fold)
			if n == 0 {
				continue
			}
			means, counts, spread = append(means, mean), append(counts, n), spread+n-1
			for _, text := range leftIn(c.Docs[i], fold) {
				from := mat.NewVecDense(width, nil)
				for k, x := range vectors[text].Middle {
					from.SetVec(k, float64(x)-mean[k])
				}
				direct.SymRankOne(direct, 1, from)
			}
		}
		got := s.covariance(fold, means, counts, spread)
		level := direct.Trace() / width
		for i := range width {
			for j := range width {
				want := (1 - shrink) * direct.At(i, j) / float64(spread)
				if i == j {
					want += shrink * level / float64(spread)
				}
				if math.Abs(got.At(i, j)-want) > 1e-9 {
					t.Fatalf("fold %d at %d, %d: %g, want %g", fold, i, j, got.At(i, j), want)
				}
			}
		}
	}
}

// leftIn lists the texts of a document that a fold leaves in.
func leftIn(d Doc, fold int) []string {
	var texts []string
	for other := range folds + 1 {
		if other != fold || fold == folds {
			texts = append(texts, textsOf(d, other)...)
		}
	}
	return texts
}
