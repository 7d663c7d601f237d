package screen

import "math"

// memory is how many past steps descend keeps.
const memory = 8

// step is one step taken: how far w moved, how the slope changed by it.
type step struct {
	moved, bent []row5
	rho         float64
}

// descend finds the least of a convex function of n rows by L-BFGS (Nocedal and Wright, Numerical Optimization, 7.4),
// in at most rounds steps.
func descend(n, rounds int, loss func(w, g []row5) float64) []row5 {
	w, g, next, nextG := make([]row5, n), make([]row5, n), make([]row5, n), make([]row5, n)
	var past []step
	at := loss(w, g)
	for range rounds {
		d := direction(g, past)
		length := 1.0
		if len(past) == 0 {
			length = 1 / math.Sqrt(dot(g, g))
		}
		down, after := dot(g, d), 0.0
		for {
			move(next, w, d, length)
			if after = loss(next, nextG); after <= at+1e-4*length*down || length < 1e-12 {
				break
			}
			length /= 2
		}
		s := step{moved: difference(next, w), bent: difference(nextG, g)}
		if curve := dot(s.moved, s.bent); curve > 1e-12 {
			s.rho = 1 / curve
			past = append(past[max(0, len(past)-memory+1):], s)
		}
		done := at-after < 1e-6*at
		w, next, g, nextG, at = next, w, nextG, g, after
		if done {
			break
		}
	}
	return w
}

// direction is where to go from slope g, judged by the past steps.
func direction(g []row5, past []step) []row5 {
	d := make([]row5, len(g))
	move(d, d, g, -1)
	alpha := make([]float64, len(past))
	for i := len(past) - 1; i >= 0; i-- {
		alpha[i] = past[i].rho * dot(past[i].moved, d)
		move(d, d, past[i].bent, -alpha[i])
	}
	if len(past) > 0 {
		last := past[len(past)-1]
		scale := 1 / (last.rho * dot(last.bent, last.bent))
		move(d, d, d, scale-1)
	}
	for i, s := range past {
		move(d, d, s.moved, alpha[i]-s.rho*dot(s.bent, d))
	}
	return d
}

// move sets to to from + length*by.
func move(to, from, by []row5, length float64) {
	for f := range to {
		for k := range to[f] {
			to[f][k] = from[f][k] + length*by[f][k]
		}
	}
}

func difference(a, b []row5) []row5 {
	d := make([]row5, len(a))
	move(d, a, b, -1)
	return d
}

func dot(a, b []row5) (sum float64) {
	for f := range a {
		for k := range a[f] {
			sum += a[f][k] * b[f][k]
		}
	}
	return sum
}
