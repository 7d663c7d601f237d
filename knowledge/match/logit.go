package match

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// How far the weights of a logistic regression are drawn to nothing, on evidence scaled to a spread of one. Signals that say
// nearly the same then share the weight, which holds better for questions unlike those it was learnt from. Chosen on CLINC150's validation file and on labels left out of the training files, see docs/matching.md.
const (
	scopeRidge = 0.05
	judgeRidge = 0.05
	// temperRidge is next to nothing, so that probabilities are what happened.
	temperRidge = 1e-6
)

// logit fits a logistic regression to the verdicts that are of use, by Newton's method. A likeness never speaks against,
// and an unknown word never for: what would get a weight of the wrong sign is left out, the worst first. If ctx ends the
// weights are worth nothing.
func logit(ctx context.Context, verdicts []verdict, ridge float64, of func(*verdict) (use, yes bool)) (out [evidenceCount]float64) {
	r := newRegression(verdicts, ridge, of)
	if len(r.yes) == 0 {
		return out
	}
	for ctx.Err() == nil {
		b := r.solve()
		worst, at := 0.0, -1
		for i, j := range r.use {
			if v := b[1+i] * float64(direction(j)); v < worst {
				worst, at = v, i
			}
		}
		if at < 0 {
			return r.unscaled(b)
		}
		r.use = slices.Delete(r.use, at, at+1)
	}
	return out
}

// direction is the sign that the weight of a piece of evidence may have; 0 for either.
func direction(evidence int) int {
	switch evidence {
	case byUnknown:
		return -1
	case byTold:
		return 0
	}
	return 1
}

// A regression is the evidence, scaled, and what it is to tell.
type regression struct {
	rows      []evidence
	yes       []float64 // 1 or 0
	weight    []float64 // adding up to one
	mean, dev evidence
	use       []int // evidence that has a weight
	ridge     float64
}

func newRegression(verdicts []verdict, ridge float64, of func(*verdict) (use, yes bool)) *regression {
	r := &regression{ridge: ridge}
	total := 0.0
	for i := range verdicts {
		use, yes := of(&verdicts[i])
		if !use {
			continue
		}
		y := 0.0
		if yes {
			y = 1
		}
		r.rows, r.yes, r.weight = append(r.rows, verdicts[i].evidence), append(r.yes, y), append(r.weight, verdicts[i].weight)
		total += verdicts[i].weight
	}
	for i := range r.weight {
		r.weight[i] /= total
	}
	r.scale()
	return r
}

// scale gives all evidence a mean of nothing and a spread of one. What never differs is left out.
func (r *regression) scale() {
	for i, row := range r.rows {
		for j, e := range row {
			r.mean[j] += r.weight[i] * e
		}
	}
	for i, row := range r.rows {
		for j, e := range row {
			r.dev[j] += r.weight[i] * (e - r.mean[j]) * (e - r.mean[j])
		}
	}
	for j := range r.dev {
		if r.dev[j] = math.Sqrt(r.dev[j]); r.dev[j] > tiny {
			r.use = append(r.use, j)
		}
	}
	for i := range r.rows {
		for _, j := range r.use {
			r.rows[i][j] = (r.rows[i][j] - r.mean[j]) / r.dev[j]
		}
	}
}

const (
	newtonRounds = 30  // far more than it takes
	longestStep  = 2.0 // so that a first step on few rows does not overshoot
)

// solve gives the weights: first that of every row, then those of the evidence in use.
func (r *regression) solve() []float64 {
	b := make([]float64, 1+len(r.use))
	for range newtonRounds {
		slope, bend := r.slope(b)
		var within mat.Cholesky
		if !within.Factorize(bend) {
			return b
		}
		var step mat.VecDense
		if within.SolveVecTo(&step, mat.NewVecDense(len(b), slope)) != nil {
			return b
		}
		most := 0.0
		for i := range b {
			d := max(-longestStep, min(longestStep, step.AtVec(i)))
			b[i] += d
			most = max(most, math.Abs(d))
		}
		if most < tiny {
			break
		}
	}
	return b
}

// slope gives the first and the second derivatives of the likelihood at b.
func (r *regression) slope(b []float64) ([]float64, *mat.SymDense) {
	n := len(b)
	slope, bend, x := make([]float64, n), make([]float64, n*n), make([]float64, n)
	for i := range r.rows {
		x[0] = 1
		for k, j := range r.use {
			x[1+k] = r.rows[i][j]
		}
		p := logistic(dot64(b, x))
		miss, curve := r.weight[i]*(r.yes[i]-p), r.weight[i]*max(p*(1-p), tiny)
		for j := range x {
			slope[j] += miss * x[j]
			for k := j; k < n; k++ {
				bend[j*n+k] += curve * x[j] * x[k]
			}
		}
	}
	for j := range n {
		ridge := r.ridge
		if j == 0 {
			ridge = tiny
		}
		slope[j] -= ridge * b[j]
		bend[j*n+j] += ridge
	}
	return slope, mat.NewSymDense(n, bend)
}

// unscaled gives the weights for evidence as it comes.
func (r *regression) unscaled(b []float64) (out [evidenceCount]float64) {
	out[byAlways] = b[0]
	for i, j := range r.use {
		out[j] = b[1+i] / r.dev[j]
		out[byAlways] -= out[j] * r.mean[j]
	}
	return out
}
