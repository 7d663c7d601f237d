package match

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// A Space is a view of the middle layers in which what differs between phrasings of one entry counts little and what
// differs between entries counts much: Fisher's linear discriminants (Fisher 1936; within-class whitening), with the
// covariance shrunk to the identity because there are few phrasings (Ledoit & Wolf 2004). Texts are compared in it by
// cosine.
type Space struct {
	Mean []float32   // taken off first
	Axes [][]float32 // a row each
}

const (
	shrink      = 0.35 // towards the identity; from the measured recipe, see docs/matching.md
	mostAxes    = 384
	mostClasses = 600 // entries from which the axes are taken; more add nothing but time
	// leastSpread is how many phrasings beyond the first of their entry are needed before their spread means anything.
	leastSpread = 200
)

// sample takes at most n of a list, evenly.
func sample[T any](list []T, n int) []T {
	if len(list) <= n {
		return list
	}
	out := make([]T, n)
	for i := range out {
		out[i] = list[i*len(list)/n]
	}
	return out
}

// axes are an orthonormal base of the whitened means, most telling first, written so that they apply to texts that are
// not whitened. Outside of that base entries do not differ.
func axes(within *mat.Cholesky, means [][]float64, middle []float64) [][]float32 {
	width, n := len(middle), len(means)
	centred := mat.NewDense(width, n, nil)
	for c, mean := range means {
		for j := range mean {
			centred.Set(j, c, mean[j]-middle[j])
		}
	}
	var lower mat.TriDense
	within.LTo(&lower)
	var white, base mat.Dense
	if err := lower.SolveTo(&white, false, centred); err != nil {
		return nil
	}
	var gram mat.SymDense
	gram.SymOuterK(1, white.T())
	var eigen mat.EigenSym
	if !eigen.Factorize(&gram, true) {
		return nil
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	base.Mul(&white, &vectors)
	var unwhite mat.Dense
	if err := lower.SolveTo(&unwhite, true, &base); err != nil {
		return nil
	}
	return pickAxes(&unwhite, eigen.Values(nil), width)
}

// pickAxes takes the columns with the largest eigenvalues (they come in rising order), scaled to be orthonormal.
func pickAxes(columns *mat.Dense, values []float64, width int) [][]float32 {
	var out [][]float32
	for k := len(values) - 1; k >= 0 && len(out) < mostAxes && values[k] > 1e-9*values[len(values)-1]; k-- {
		axis := make([]float32, width)
		for j := range axis {
			axis[j] = float32(columns.At(j, k) / math.Sqrt(values[k]))
		}
		out = append(out, axis)
	}
	return out
}

// place gives where the middle layers of a text lie in the space, as a unit vector.
func (s *Space) place(middle []float32) []float32 {
	centred := make([]float32, len(middle))
	for i := range middle {
		centred[i] = middle[i] - s.Mean[i]
	}
	out := make([]float32, len(s.Axes))
	for i, axis := range s.Axes {
		out[i] = dotProduct(axis, centred)
	}
	return toUnit(out)
}
