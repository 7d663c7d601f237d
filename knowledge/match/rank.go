package match

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"
)

const (
	rankRounds = 50   // far more than it takes
	rankEnough = 1e-4 // a smaller step makes no difference
	// rankSpread is how far the weights of a base may well lie from the default ones: few trials do not move them far.
	rankSpread = 5.0
)

// learnRank climbs the likelihood of the right document among the candidates, from the weights there are and drawn to
// them, by Newton's method.
func (m *Model) learnRank(ctx context.Context, trials []trial, weight []float64, options func(*trial) []option) {
	r := ranking{from: m.Rank}
	count := 0.0
	for i := range trials {
		if trials[i].answered {
			r.options, r.weight = append(r.options, options(&trials[i])), append(r.weight, weight[i])
			r.total += weight[i]
			count++
		}
	}
	r.ridge = r.total / (count * rankSpread * rankSpread)
	for range rankRounds {
		if ctx.Err() != nil || r.climb(m) < rankEnough {
			return
		}
	}
}

// A ranking is what the weights are learnt from.
type ranking struct {
	options [][]option
	weight  []float64
	total   float64
	from    [signalCount]float64
	ridge   float64
	chances []float64 // room
}

// curve is the first and the second derivatives of the likelihood.
type curve struct {
	slope [signalCount]float64
	bend  [signalCount][signalCount]float64
}

// climb takes one step and gives its length.
func (r *ranking) climb(m *Model) float64 {
	var c curve
	for i, options := range r.options {
		r.add(&c, m, options, r.weight[i])
	}
	for j := range c.slope {
		c.slope[j] -= r.ridge * (m.Rank[j] - r.from[j])
		c.bend[j][j] += r.ridge
	}
	return c.step(m)
}

// step moves the weights that may move: none may be negative, for a likeness never speaks against.
func (c *curve) step(m *Model) float64 {
	var free []int
	for j := range m.Rank {
		if m.Rank[j] > 0 || c.slope[j] > 0 {
			free = append(free, j)
		}
	}
	bend, slope := mat.NewSymDense(len(free), nil), mat.NewVecDense(len(free), nil)
	for a, j := range free {
		slope.SetVec(a, c.slope[j])
		for b, k := range free[a:] {
			bend.SetSym(a, a+b, c.bend[j][k])
		}
	}
	var within mat.Cholesky
	var step mat.VecDense
	if !within.Factorize(bend) || within.SolveVecTo(&step, slope) != nil {
		return 0
	}
	moved := 0.0
	for a, j := range free {
		to := max(0, m.Rank[j]+step.AtVec(a))
		moved = max(moved, math.Abs(to-m.Rank[j]))
		m.Rank[j] = to
	}
	return moved
}

// leastExponent is how far below the best a candidate is so unlikely that it makes no difference.
const leastExponent = -20

// add adds one trial's part. Where several documents are right, the bend is that of one: then a step is too short, never
// too long.
func (r *ranking) add(c *curve, m *Model, options []option, weight float64) {
	p, most := r.chances[:0], math.Inf(-1)
	for i := range options {
		p = append(p, m.worth(&options[i].signals))
		most = max(most, p[i])
	}
	r.chances = p
	all, good := 0.0, 0.0
	for i := range options {
		if p[i] -= most; p[i] < leastExponent && !options[i].right {
			p[i] = 0
			continue
		}
		p[i] = math.Exp(p[i])
		all += p[i]
		if options[i].right {
			good += p[i]
		}
	}
	if good == 0 {
		return
	}
	var mean [signalCount]float64
	for i := range options {
		if p[i] == 0 {
			continue
		}
		chance, d := p[i]/all, -p[i]/all
		if options[i].right {
			d += p[i] / good
		}
		for j, signal := range options[i].signals {
			s := float64(signal)
			c.slope[j] += weight * d * s
			mean[j] += chance * s
			for k := j; k < signalCount; k++ {
				c.bend[j][k] += weight * chance * s * float64(options[i].signals[k])
			}
		}
	}
	for j := range mean {
		for k := j; k < signalCount; k++ {
			c.bend[j][k] -= weight * mean[j] * mean[k]
		}
	}
}
