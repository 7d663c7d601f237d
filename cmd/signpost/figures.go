package main

import (
	"cmp"
	"math"
	"slices"
)

// graded is a question that was asked, for figures that look at all thresholds at once.
type graded struct {
	probability float64 // of the first match; 0 where nothing was found
	found       bool    // something was found: at a threshold of 0 it would be answered
	right       bool    // the first match answers it; never for one out of scope
	inScope     bool
}

// wilson is the 95 % interval of a share (Wilson 1927).
func wilson(count, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964 // 97.5th percentile of the normal distribution
	m := float64(n)
	p := float64(count) / m
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, middle-half), min(1, middle+half)
}

// bySureness gives the questions from the surest on, in groups as sure as each other: no threshold parts a group.
func bySureness(all []graded) [][]graded {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b graded) int { return cmp.Compare(b.probability, a.probability) })
	var groups [][]graded
	for start := 0; start < len(sorted); {
		end := start + 1
		for end < len(sorted) && sorted[end].probability == sorted[start].probability {
			end++
		}
		groups = append(groups, sorted[start:end])
		start = end
	}
	return groups
}

// auroc is the chance that a question in scope is surer than one out of scope; as sure counts half (Mann & Whitney 1947).
func auroc(all []graded) float64 {
	won, in, out := 0.0, 0.0, 0.0
	for _, group := range bySureness(all) {
		inHere := 0.0
		for _, g := range group {
			if g.inScope {
				inHere++
			}
		}
		outHere := float64(len(group)) - inHere
		won += outHere * (in + inHere/2)
		in, out = in+inHere, out+outHere
	}
	if in*out == 0 {
		return 0
	}
	return won / (in * out)
}

// coverageAt is the largest share of the questions in scope answered rightly at any threshold at which at least share of
// all answers given, those out of scope too, are right.
func coverageAt(share float64, all []graded) float64 {
	inScope, right, given, best := 0, 0, 0, 0
	for _, group := range bySureness(all) {
		for _, g := range group {
			if g.inScope {
				inScope++
			}
			if g.right {
				right++
			}
			if g.found {
				given++
			}
		}
		if float64(right) >= share*float64(given) {
			best = right
		}
	}
	return float64(best) / float64(max(inScope, 1))
}

// calibrationBins is how many bins of equal width the expected calibration error looks at.
const calibrationBins = 10

// calibrationError is how far off the probabilities of the first matches are on average, bin by bin, over the questions
// in scope (expected calibration error, Naeini et al. 2015).
func calibrationError(all []graded) float64 {
	var said, right [calibrationBins]float64
	n := 0.0
	for _, g := range all {
		if !g.inScope {
			continue
		}
		bin := min(int(g.probability*calibrationBins), calibrationBins-1)
		said[bin] += g.probability
		if g.right {
			right[bin]++
		}
		n++
	}
	off := 0.0
	for bin := range said {
		off += math.Abs(said[bin] - right[bin])
	}
	return off / max(n, 1)
}
