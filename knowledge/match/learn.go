package match

import (
	"cmp"
	"context"
	"slices"
)

const (
	// askedShare is the weight of all saved questions together, where there are enough of them.
	askedShare = 0.6
	// nothingShare is the share of questions that no document answers, as bases of this kind meet it.
	nothingShare = 0.05
	// scopeNothing is their share while learning how to tell them.
	scopeNothing = 0.3
	// everydayShare is the weight of the everyday questions.
	everydayShare = 0.03
)

// learn fits rank, then judge, then budgets.
func (m *Model) learn(ctx context.Context, trials []trial, options func(*trial) []option) {
	weight := weights(trials)
	m.learnRank(ctx, trials, weight, options)
	m.learnJudge(ctx, m.verdicts(trials, weight, options))
}

// weights gives every trial its weight, by its sort.
func weights(trials []trial) []float64 {
	var count [sorts]float64
	for _, t := range trials {
		count[t.sort()]++
	}
	share := askedShare
	if n := count[savedAnswered]; n < leastAsked {
		share = n / (n + count[heldAnswered])
	}
	whole := [sorts]float64{
		heldAnswered: (1 - share) * (1 - nothingShare), heldNothing: (1 - share) * nothingShare,
		savedAnswered: share * (1 - nothingShare), savedNothing: share * nothingShare,
		fromElsewhere: everydayShare,
	}
	out := make([]float64, len(trials))
	for i, t := range trials {
		out[i] = whole[t.sort()] / count[t.sort()]
	}
	return out
}

// Sorts of trials: a phrasing held out or a saved question, answered by a document or by nothing; and everyday questions.
const (
	heldAnswered = iota
	heldNothing
	savedAnswered
	savedNothing
	fromElsewhere
	sorts
)

func (t *trial) sort() int {
	switch {
	case t.everyday:
		return fromElsewhere
	case t.saved && t.answered:
		return savedAnswered
	case t.saved:
		return savedNothing
	case t.answered:
		return heldAnswered
	}
	return heldNothing
}

// verdict is one best candidate: the evidence for it and whether it was right.
type verdict struct {
	evidence                  evidence
	answered, right, everyday bool
	weight                    float64
}

// verdicts ranks every trial.
func (m *Model) verdicts(trials []trial, weight []float64, options func(*trial) []option) []verdict {
	var out []verdict
	for i := range trials {
		if t := &trials[i]; len(options(t)) > 0 {
			out = append(out, m.verdict(t, options(t), weight[i]))
		}
	}
	return out
}

// verdict is about the best of a trial's candidates; of equals the first.
func (m *Model) verdict(t *trial, options []option, weight float64) verdict {
	scores, best := make([]float64, len(options)), 0
	for i := range options {
		if scores[i] = m.worth(&options[i].signals); scores[i] > scores[best] {
			best = i
		}
	}
	return verdict{
		evidence: evidenceOf(scores, best, options[best].signals, t.facts),
		answered: t.answered, right: options[best].right, everyday: t.everyday, weight: weight,
	}
}

// learnJudge fits scope and judge and reads the budgets off them. It does so first without the everyday questions, and
// then without those to which the base seems to have an answer: one about the weather may well have one.
func (m *Model) learnJudge(ctx context.Context, all []verdict) {
	own := slices.DeleteFunc(slices.Clone(all), func(v verdict) bool { return v.everyday })
	m.fitJudge(ctx, own)
	m.fitJudge(ctx, slices.DeleteFunc(slices.Clone(all), func(v verdict) bool { return v.everyday && m.probability(v.evidence) > 0.5 }))
}

func (m *Model) fitJudge(ctx context.Context, verdicts []verdict) {
	m.Scope = logit(ctx, balanced(verdicts), scopeRidge, func(v *verdict) (use, yes bool) { return true, v.answered })
	m.Judge = logit(ctx, verdicts, judgeRidge, func(v *verdict) (use, yes bool) { return v.answered, v.right })
	m.temper(ctx, verdicts)
	m.Budgets = m.budgets(verdicts)
}

// balanced gives questions without an answer scopeNothing of the weight, so that much is learnt from few. Temper sets right
// how often they come.
func balanced(verdicts []verdict) []verdict {
	answered, nothing := 0.0, 0.0
	for _, v := range verdicts {
		if v.answered {
			answered += v.weight
		} else {
			nothing += v.weight
		}
	}
	out := slices.Clone(verdicts)
	for i := range out {
		if out[i].answered {
			out[i].weight *= (1 - scopeNothing) / answered
		} else {
			out[i].weight *= scopeNothing / nothing
		}
	}
	return out
}

// temper fits the line on the odds, by regression on them alone.
func (m *Model) temper(ctx context.Context, verdicts []verdict) {
	m.Temper = [2]float64{0, 1}
	odds := make([]verdict, len(verdicts))
	for i, v := range verdicts {
		odds[i] = v
		odds[i].evidence = evidence{byAlways: 1, byShare: m.odds(v.evidence)}
	}
	line := logit(ctx, odds, temperRidge, func(v *verdict) (use, yes bool) { return true, v.right })
	m.Temper = [2]float64{line[byAlways], line[byShare]}
}

// mostBudget is the largest error budget, in 100 answers, that a threshold is kept for.
const mostBudget = 20

// budgets finds, for each budget, the lowest probability from which on no more than that share of answers was wrong.
func (m *Model) budgets(verdicts []verdict) []float64 {
	type judged struct{ p, wrong, weight float64 }
	all := make([]judged, len(verdicts))
	for i, v := range verdicts {
		all[i] = judged{m.probability(v.evidence), v.weight, v.weight}
		if v.right {
			all[i].wrong = 0
		}
	}
	slices.SortFunc(all, func(a, b judged) int { return cmp.Compare(b.p, a.p) })
	out := make([]float64, mostBudget+1)
	for i := range out {
		out[i] = 1
	}
	answered, wrong := 0.0, 0.0
	for _, j := range all {
		answered += j.weight
		wrong += j.wrong
		for budget := range out {
			if 100*wrong <= float64(budget)*answered {
				out[budget] = min(out[budget], j.p)
			}
		}
	}
	return out
}
