package match

import "math"

// Weights say how much each signal counts, without and with vectors.
type Weights struct {
	Words   Model
	Meaning Model
	Space   *Space // nil where there are too few phrasings, or no vectors
}

// A Model turns signals into a score and the score of the best into a probability.
type Model struct {
	// Rank weighs the signals: the score is their sum, and exp(score) is proportional to the chance of being the right one
	// of the candidates (conditional logit, McFadden 1974).
	Rank [signalCount]float64
	// Judge weighs the evidence that the best candidate is right at all (logistic regression).
	Judge [evidenceCount]float64
	// Budgets lists, for an error budget of 0, 1, 2 ... in 100, from which probability on to answer.
	Budgets []float64
}

// evidence is what the judge looks at. See evidenceOf.
type evidence [evidenceCount]float64

const evidenceCount = 9

// preferredBonus is what being written for the asker's role adds to a score: it decides between equals.
const preferredBonus = 0.3

func (x *Index) model(q Query) *Model {
	if x.means(q) {
		return &x.weights.Meaning
	}
	return &x.weights.Words
}

// cautious is where to answer from if nothing was learnt about budgets.
const cautious = 0.6

// AnswerFrom is the probability from which on at most budget in 100 answers were wrong when the weights were fitted.
func (x *Index) AnswerFrom(budget int) float64 {
	m := &x.weights.Words
	if x.Means() {
		m = &x.weights.Meaning
	}
	if len(m.Budgets) == 0 {
		return cautious
	}
	return m.Budgets[max(0, min(budget, len(m.Budgets)-1))]
}

func (m *Model) score(h *Hit) float64 {
	score := 0.0
	for i, weight := range m.Rank {
		score += weight * float64(h.Signals[i])
	}
	if h.Preferred {
		score += preferredBonus
	}
	return score
}

// judge gives every hit, sorted best first, its probability. Those after the best have the best's, less by how far their
// score is below.
func (m *Model) judge(hits []Hit) {
	if len(hits) == 0 {
		return
	}
	e := evidenceOf(hits)
	best := logistic(dot64(m.Judge[:], e[:]))
	for i, h := range hits {
		hits[i].Probability = best * math.Exp(h.Score-hits[0].Score)
	}
}

// evidenceOf collects what speaks for the best hit: its share among the candidates, its lead over the second, and its
// signals.
func evidenceOf(hits []Hit) evidence {
	sum := 0.0
	for _, h := range hits {
		sum += math.Exp(h.Score - hits[0].Score)
	}
	lead := mostLead
	if len(hits) > 1 {
		lead = min(hits[0].Score-hits[1].Score, mostLead)
	}
	e := evidence{1, -math.Log(sum), lead / mostLead}
	for i, signal := range hits[0].Signals {
		e[3+i] = float64(signal)
	}
	return e
}

// mostLead is the lead beyond which more says no more.
const mostLead = 8.0

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func dot64(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// DefaultWeights are for a base that has not been fitted, or is too small to be: they were fitted on the starter base and
// hold well for others of its kind.
func DefaultWeights() *Weights {
	return &Weights{
		Words:   Model{Rank: [signalCount]float64{16, 2, 5}, Judge: [evidenceCount]float64{-2, 1, 1, 2, 1, 1}},
		Meaning: Model{Rank: [signalCount]float64{6, 1, 1, 8, 3, 8}, Judge: [evidenceCount]float64{-4, 1, 1, 1, 1, 0, 3, 1, 2}},
	}
}
