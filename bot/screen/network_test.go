package screen

import (
	"math"
	"math/rand/v2"
)

// sample is one message to fit a head to.
type sample struct {
	x    [inputs]float32
	kind int     // into kinds, or len(kinds)
	pull float32 // how much it counts
}

// How a network is fitted: chosen by TestHeldOut among a handful, which differed little.
const (
	rounds    = 10   // through all samples
	together  = 64   // samples a step
	fastest   = 2e-3 // the size of the first step; it falls to nothing
	forgotten = 0.3  // the share of units left out at random, so that none relies on another
	decay     = 0.01
)

// network is a head before it is rounded, and also the slope of one.
type network struct {
	inner [units][inputs]float32
	bias  [units]float32
	outer [classes][units]float32
	start [classes]float32
}

func (n *network) rows() [][]float32 {
	var rows [][]float32
	for u := range n.inner {
		rows = append(rows, n.inner[u][:])
	}
	for k := range n.outer {
		rows = append(rows, n.outer[k][:])
	}
	return append(rows, n.bias[:], n.start[:])
}

// fitNetwork fits a network by Adam (Kingma & Ba 2015) with decoupled weight decay and dropout. The same samples give the
// same network.
func fitNetwork(samples []*sample) *network {
	chance := rand.New(rand.NewPCG(3, 4))
	n, speed, spread := new(network), new(network), new(network)
	for _, row := range n.rows()[:units+classes] {
		for i := range row {
			row[i] = float32(chance.NormFloat64() / math.Sqrt(float64(len(row))))
		}
	}
	steps := rounds * ((len(samples) + together - 1) / together)
	for done := 0; done < steps; {
		order := chance.Perm(len(samples))
		for from := 0; from < len(order); from += together {
			slope := new(network)
			for _, i := range order[from:min(from+together, len(order))] {
				n.slopeAt(samples[i], slope, chance)
			}
			done++
			n.step(slope, speed, spread, done, fastest*(1-float64(done)/float64(steps)))
		}
	}
	return n
}

// step moves n down the slope. speed and spread are the running means of the slope and of its square.
func (n *network) step(slope, speed, spread *network, done int, length float64) {
	young, younger := 1-math.Pow(0.9, float64(done)), 1-math.Pow(0.999, float64(done))
	weights, g, m, v := n.rows(), slope.rows(), speed.rows(), spread.rows()
	for r, row := range weights {
		kept := float32(1)
		if r < units+classes {
			kept = float32(1 - length*decay)
		}
		for i := range row {
			m[r][i] = float32(0.9*m[r][i]) + float32(0.1*g[r][i])
			v[r][i] = float32(0.999*v[r][i]) + float32(0.001*float32(g[r][i]*g[r][i]))
			by := float64(m[r][i]) / young / (math.Sqrt(float64(v[r][i])/younger) + 1e-8)
			row[i] = float32(row[i]*kept) - float32(length*by)
		}
	}
}

// slopeAt adds the slope of the loss at one sample.
func (n *network) slopeAt(s *sample, slope *network, chance *rand.Rand) {
	var unit, back [units]float32
	for u := range unit {
		sum := n.bias[u] + product(n.inner[u][:], s.x[:])
		if chance.Float64() >= forgotten {
			unit[u] = max(0, sum) / (1 - forgotten)
		}
	}
	var said [classes]float64
	for k := range said {
		said[k] = float64(n.start[k] + product(n.outer[k][:], unit[:]))
	}
	all := logSum(said[:])
	for k := range said {
		off := float32(math.Exp(said[k] - all))
		if k == s.kind {
			off--
		}
		off *= s.pull / together
		slope.start[k] += off
		addTimes(slope.outer[k][:], unit[:], off)
		addTimes(back[:], n.outer[k][:], off)
	}
	for u := range unit {
		if unit[u] > 0 {
			slope.bias[u] += back[u] / (1 - forgotten)
			addTimes(slope.inner[u][:], s.x[:], back[u]/(1-forgotten))
		}
	}
}

func product(a, b []float32) (sum float32) {
	for i := range a {
		sum += float32(a[i] * b[i])
	}
	return sum
}

func addTimes(to, from []float32, by float32) {
	for i := range to {
		to[i] += float32(by * from[i])
	}
}

// rounded gives the head: each unit's weights in steps of its own.
func (n *network) rounded() (h head) {
	h.Bias, h.Outer, h.Start = n.bias, n.outer, n.start
	for u := range n.inner {
		most := float32(0)
		for _, w := range n.inner[u] {
			most = max(most, w, -w)
		}
		h.Step[u] = most / math.MaxInt8
		for i, w := range n.inner[u] {
			h.Inner[u][i] = int8(math.Round(float64(w / h.Step[u])))
		}
	}
	return h
}
