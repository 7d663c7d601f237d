package match

import (
	"cmp"
	"math"
	"slices"
)

// Gradient descent with momentum: a dozen weights and some thousand trials need nothing finer.
const (
	rankRounds  = 300
	rankStep    = 1.0
	judgeRounds = 2000
	judgeStep   = 0.5
	momentum    = 0.9
	judgeDecay  = 1e-4 // L2
	// askedShare is the weight of all saved questions together, where there are enough of them.
	askedShare = 0.6
	// nothingShare is the share of questions that no document answers, as bases of this kind meet it: one in ten. Phrasings
	// get theirs by taking the right document away in every so many trials.
	nothingShare = 0.1
	withoutEvery = 9
)

// learn fits rank, then judge, then budgets.
func (m *Model) learn(trials []trial, options func(*trial) []option) {
	weight := weights(trials)
	m.learnRank(trials, weight, options)
	m.learnJudge(m.verdicts(trials, weight, options))
}

// weights gives every trial its weight; they add up to one.
func weights(trials []trial) []float64 {
	var held, answered, nothing float64
	for _, t := range trials {
		switch {
		case !t.asked:
			held++
		case t.answered:
			answered++
		default:
			nothing++
		}
	}
	share := askedShare
	if answered < leastAsked {
		share = answered / (answered + held)
	}
	out := make([]float64, len(trials))
	for i, t := range trials {
		switch {
		case !t.asked:
			out[i] = (1 - share) / held
		case t.answered:
			out[i] = share * (1 - nothingShare) / answered
		default:
			out[i] = share * nothingShare / nothing
		}
	}
	return out
}

// learnRank climbs the likelihood of the right document among the candidates.
func (m *Model) learnRank(trials []trial, weight []float64, options func(*trial) []option) {
	var speed [signalCount]float64
	var room []float64
	for range rankRounds {
		var gradient [signalCount]float64
		for i := range trials {
			room = m.addGradient(&gradient, options(&trials[i]), weight[i], room)
		}
		for j := range m.Rank {
			speed[j] = momentum*speed[j] + gradient[j]
			m.Rank[j] = max(0, m.Rank[j]+rankStep*speed[j]) // a likeness never speaks against
		}
	}
}

// leastExponent is how far below the best a candidate is so unlikely that float64 cannot tell its share from nothing.
const leastExponent = -36

// addGradient adds one trial's. p is room for the candidates' chances, given back for the next trial.
func (m *Model) addGradient(gradient *[signalCount]float64, options []option, weight float64, p []float64) []float64 {
	p = p[:0]
	most := math.Inf(-1)
	for i := range options {
		p = append(p, m.worth(&options[i].signals))
		most = max(most, p[i])
	}
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
		return p
	}
	for i := range options {
		if p[i] == 0 {
			continue
		}
		d := -p[i] / all
		if options[i].right {
			d += p[i] / good
		}
		for j, signal := range options[i].signals {
			gradient[j] += weight * d * float64(signal)
		}
	}
	return p
}

// verdict is one best candidate: the evidence for it and whether it was right.
type verdict struct {
	evidence evidence
	right    float64 // 1 or 0
	weight   float64
}

// verdicts ranks every trial, and some again with the right document taken away.
func (m *Model) verdicts(trials []trial, weight []float64, options func(*trial) []option) []verdict {
	var out []verdict
	add := func(options []option, weight float64) {
		if len(options) > 0 {
			out = append(out, m.verdict(options, weight))
		}
	}
	for i := range trials {
		t := &trials[i]
		add(options(t), weight[i])
		if !t.asked && i%withoutEvery == 0 {
			add(slices.DeleteFunc(slices.Clone(options(t)), func(o option) bool { return o.right }), weight[i])
		}
	}
	return out
}

// verdict is about the best of a trial's candidates; of equals the first.
func (m *Model) verdict(options []option, weight float64) verdict {
	scores, best := make([]float64, len(options)), 0
	for i := range options {
		if scores[i] = m.worth(&options[i].signals); scores[i] > scores[best] {
			best = i
		}
	}
	v := verdict{evidence: evidenceOf(scores, best, options[best].signals), weight: weight}
	if options[best].right {
		v.right = 1
	}
	return v
}

// learnJudge fits the logistic regression and reads the budgets off it.
func (m *Model) learnJudge(verdicts []verdict) {
	total := 0.0
	for _, v := range verdicts {
		total += v.weight
	}
	var speed evidence
	for range judgeRounds {
		var gradient evidence
		for _, v := range verdicts {
			miss := v.right - logistic(dot64(m.Judge[:], v.evidence[:]))
			for j, e := range v.evidence {
				gradient[j] += v.weight * miss * e
			}
		}
		for j := range m.Judge {
			speed[j] = momentum*speed[j] + gradient[j]/total - judgeDecay*m.Judge[j]
			m.Judge[j] += judgeStep * speed[j]
		}
	}
	m.Budgets = m.budgets(verdicts)
}

// mostBudget is the largest error budget, in 100 answers, that a threshold is kept for.
const mostBudget = 20

// budgets finds, for each budget, the lowest probability from which on no more than that share of answers was wrong.
func (m *Model) budgets(verdicts []verdict) []float64 {
	type judged struct{ p, right, weight float64 }
	all := make([]judged, len(verdicts))
	for i, v := range verdicts {
		all[i] = judged{logistic(dot64(m.Judge[:], v.evidence[:])), v.right, v.weight}
	}
	slices.SortFunc(all, func(a, b judged) int { return cmp.Compare(b.p, a.p) })
	out := make([]float64, mostBudget+1)
	for i := range out {
		out[i] = 1
	}
	answered, wrong := 0.0, 0.0
	for _, j := range all {
		answered += j.weight
		wrong += j.weight * (1 - j.right)
		for budget := range out {
			if 100*wrong <= float64(budget)*answered {
				out[budget] = min(out[budget], j.p)
			}
		}
	}
	return out
}
