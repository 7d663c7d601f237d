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
	if x.means && q.Vector != nil {
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
	score := m.worth(&h.Signals)
	if h.Preferred {
		score += preferredBonus
	}
	return score
}

// worth is the sum of the signals, weighed.
func (m *Model) worth(signals *Signals) float64 {
	sum := 0.0
	for i, weight := range m.Rank {
		sum += weight * float64(signals[i])
	}
	return sum
}

// judge gives every hit, sorted best first, its probability. Those after the best have the best's, less by how far their
// score is below.
func (m *Model) judge(hits []Hit) {
	if len(hits) == 0 {
		return
	}
	scores := make([]float64, len(hits))
	for i, h := range hits {
		scores[i] = h.Score
	}
	e := evidenceOf(scores, 0, hits[0].Signals)
	best := logistic(dot64(m.Judge[:], e[:]))
	for i, h := range hits {
		hits[i].Probability = best * math.Exp(h.Score-hits[0].Score)
	}
}

// evidenceOf collects what speaks for the best of the candidates: its share among them, its lead over the second, and its
// signals.
func evidenceOf(scores []float64, best int, signals Signals) evidence {
	sum, lead := 0.0, mostLead
	for i, score := range scores {
		sum += math.Exp(score - scores[best])
		if i != best {
			lead = min(lead, scores[best]-score)
		}
	}
	e := evidence{1, -math.Log(sum), lead / mostLead}
	for i, signal := range signals {
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
		Words: Model{
			Rank:    [signalCount]float64{20.2, 4.3, 4.4},
			Judge:   [evidenceCount]float64{-0.29, 1.05, 4.25, 0.30, -0.50, 1.62},
			Budgets: []float64{0.99, 0.98, 0.95, 0.91, 0.84, 0.81, 0.77, 0.73, 0.70, 0.64, 0.61},
		},
		Meaning: Model{
			Rank:    [signalCount]float64{11.5, 1.7, 0, 9.2, 0.8, 7.4},
			Judge:   [evidenceCount]float64{-0.61, 1.35, 3.85, 1.87, -0.49, -1.30, 1.72, -0.27, -0.63},
			Budgets: []float64{0.99, 0.97, 0.94, 0.89, 0.82, 0.79, 0.75, 0.70, 0.66, 0.60, 0.56},
		},
	}
}
