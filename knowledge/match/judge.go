package match

import "math"

// Weights say how much each signal counts.
type Weights struct {
	Models
	Space *Space // nil where there are too few phrasings, or no vectors
	// Without are the models learnt without each of the SavedParts parts of the saved questions, so that these can be asked
	// as if they were new; nil where none are saved.
	Without []Models
}

// Models are those without and with vectors.
type Models struct {
	Words, Meaning Model
}

// A Model turns signals into a score and the score of the best into a probability.
type Model struct {
	// Rank weighs the signals: the score is their sum, and exp(score) is proportional to the chance of being the right one
	// of the candidates (conditional logit, McFadden 1974).
	Rank [signalCount]float64
	// Scope weighs the evidence that any document answers the question, Judge the evidence that it is the best candidate
	// if one does. They are two logistic regressions, for what tells a question from elsewhere (how near the nearest
	// document is) is not what tells two like documents apart (how far the second is).
	Scope, Judge [evidenceCount]float64
	// Temper makes the product of the two a probability: it is drawn towards the middle, for both are drawn to nothing
	// while they are learnt. A line on its logarithmic odds, first the constant (Platt 1999).
	Temper [2]float64
	// Budgets lists, for an error budget of 0, 1, 2 ... in 100, from which probability on to answer.
	Budgets []float64
}

// evidence is what Scope and Judge look at.
type evidence [evidenceCount]float64

// The evidence.
const (
	byAlways  = iota                   // 1
	byShare                            // log of the best candidate's share of all
	byLead                             // its lead over the second
	bySignals                          // its signals, one after the other
	byUnknown = iota - 1 + signalCount // share of the question's weight in words that the base lacks
	byTold                             // log of how many words say what it is about
	evidenceCount
)

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
func (m *Model) judge(hits []Hit, f facts) {
	if len(hits) == 0 {
		return
	}
	scores := make([]float64, len(hits))
	for i, h := range hits {
		scores[i] = h.Score
	}
	best := m.probability(evidenceOf(scores, 0, hits[0].Signals, f))
	for i, h := range hits {
		hits[i].Probability = best * math.Exp(h.Score-hits[0].Score)
	}
}

// probability is that of a document answering and the best candidate being it.
func (m *Model) probability(e evidence) float64 {
	return logistic(m.Temper[0] + m.Temper[1]*m.odds(e))
}

// odds are the logarithmic odds of both together, before Temper.
func (m *Model) odds(e evidence) float64 {
	p := logistic(dot64(m.Scope[:], e[:])) * logistic(dot64(m.Judge[:], e[:]))
	return math.Log((p + leastOdds) / (1 - p + leastOdds))
}

// leastOdds keeps odds finite.
const leastOdds = 1e-9

// facts are what a question shows whichever documents it finds.
type facts struct{ unknown, told float64 }

func (a *asked) facts() facts {
	known, told := float32(0), 0
	for _, t := range a.terms {
		known += t.weight
	}
	for _, w := range a.words {
		if !fillers[w.now] {
			told++
		}
	}
	return facts{unknown: 1 - float64(known/(a.total+tiny)), told: math.Log1p(float64(told))}
}

// evidenceOf collects what speaks for the best of the candidates: its share among them, its lead over the second, its
// signals, and what the question shows by itself.
func evidenceOf(scores []float64, best int, signals Signals, f facts) evidence {
	sum, lead := 0.0, mostLead
	for i, score := range scores {
		sum += math.Exp(score - scores[best])
		if i != best {
			lead = min(lead, scores[best]-score)
		}
	}
	e := evidence{byAlways: 1, byShare: -math.Log(sum), byLead: lead / mostLead, byUnknown: f.unknown, byTold: f.told}
	for i, signal := range signals {
		e[bySignals+i] = float64(signal)
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

// DefaultWeights are for a base that has not been fitted, or is too small to be. They were fitted on the starter base and, as
// much, on small parts of it and of two public collections (2 to 50 entries, 1 to 4 phrasings each, their training files
// only), all without a Space: see docs/matching.md.
func DefaultWeights() *Weights {
	return &Weights{Models: Models{
		Words: Model{
			Rank:   [signalCount]float64{16.3, 0, 4.8, 3.9, 1.7, 3.2},
			Scope:  [evidenceCount]float64{-2.06, 0.49, 1.09, 0.46, 0.95, 2.16, 0.56, 1.09, 1.27, 0, 0, 0, -0.37, 0.28},
			Judge:  [evidenceCount]float64{-0.35, 1.17, 1.64, 0.65, 0.47, 1.00, 1.47, 0, 0, 0, 0, 0, 0, 0.28},
			Temper: [2]float64{0.55, 1.16},
			Budgets: []float64{0.99, 0.96, 0.93, 0.90, 0.87, 0.84, 0.81, 0.78, 0.73, 0.71, 0.68, 0.65, 0.62, 0.58, 0.55, 0.51, 0.47,
				0.44, 0.40, 0.37, 0.34},
		},
		Meaning: Model{
			Rank:   [signalCount]float64{9.8, 0, 0, 3.7, 0, 0, 5.3, 7.1},
			Scope:  [evidenceCount]float64{-1.16, 0.26, 1.24, 0.53, 0.38, 0.77, 1.02, 0, 0, 1.19, 1.23, 0, -0.36, 0.15},
			Judge:  [evidenceCount]float64{0.14, 1.05, 1.77, 0.60, 0.02, 0.57, 1.04, 0, 0, 0.24, 0.10, 0, 0, 0.08},
			Temper: [2]float64{0.68, 1.12},
			Budgets: []float64{0.99, 0.95, 0.92, 0.89, 0.85, 0.82, 0.79, 0.77, 0.74, 0.71, 0.68, 0.66, 0.62, 0.58, 0.55, 0.51, 0.47,
				0.44, 0.40, 0.35, 0.31},
		},
	}}
}
