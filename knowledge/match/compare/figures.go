package main

import (
	"cmp"
	"math"
	"slices"
)

// figures counts what the answers say; there is at least one in scope.
func figures(answers []answer) result {
	var r result
	first, among := 0, 0
	for _, a := range answers {
		if !a.inScope {
			r.Outside++
			continue
		}
		r.Questions++
		first += one(a.first)
		among += one(a.among)
	}
	r.Top1 = float64(first) / float64(r.Questions)
	r.Top3 = float64(among) / float64(r.Questions)
	r.Top1Low, r.Top1High = wilson(first, r.Questions)
	if r.Outside > 0 {
		area, coverage := auroc(answers), covP95(answers)
		r.AUROC, r.CovP95 = &area, &coverage
	}
	return r
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// wilson is the 95 % interval of a share (Wilson 1927).
func wilson(right, n int) (low, high float64) {
	const z = 1.959964 // 97.5th percentile of the normal distribution
	p, m := float64(right)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, middle-half), min(1, middle+half)
}

// ties sorts answers by score, highest first, and gives them in groups of equal score: no threshold parts a group.
func ties(answers []answer) [][]answer {
	sorted := slices.Clone(answers)
	slices.SortStableFunc(sorted, func(a, b answer) int { return cmp.Compare(b.score, a.score) })
	var groups [][]answer
	for start := 0; start < len(sorted); {
		end := start + 1
		for end < len(sorted) && sorted[end].score == sorted[start].score {
			end++
		}
		groups = append(groups, sorted[start:end])
		start = end
	}
	return groups
}

// auroc is the chance that a question in scope has a higher top score than one out of scope; a tie counts half. Finding
// nothing is the lowest score there is.
func auroc(answers []answer) float64 {
	won, in, out := 0.0, 0.0, 0.0
	for _, group := range ties(answers) {
		inHere := 0.0
		for _, a := range group {
			inHere += float64(one(a.inScope))
		}
		outHere := float64(len(group)) - inHere
		won += outHere * (in + inHere/2)
		in, out = in+inHere, out+outHere
	}
	return won / (in * out)
}

// covP95 is the largest share of the questions in scope that is answered rightly at any threshold on the score at which
// at least 95 % of all answers given, those out of scope too, are right. 0 if there is no such threshold.
func covP95(answers []answer) float64 {
	inScope, right, given, best := 0, 0, 0, 0
	for _, a := range answers {
		inScope += one(a.inScope)
	}
	for _, group := range ties(answers) {
		if math.IsInf(group[0].score, -1) {
			break // nothing found is no answer
		}
		for _, a := range group {
			right += one(a.first)
		}
		given += len(group)
		if 100*right >= 95*given {
			best = right
		}
	}
	return float64(best) / float64(inScope)
}
