package match

import "math"

// The probability that the best hit is right is a logistic function of how much of the question it explains, how near
// its nearest phrasing is, and how far it stands above the second. The weights were fitted by leaving phrasings, and whole
// entries, of the starter base out in turn, with questions that no entry answers beside them.
const (
	judgeBias    = -4.0
	judgeScore   = 2.0
	judgeMargin  = 4.0
	judgeNearest = 2.0
	// fade says how fast the probability falls from the best hit to the others, by difference in score.
	fade = 0.15
)

// judge gives every hit, sorted best first, its probability.
func judge(hits []Hit) {
	if len(hits) == 0 {
		return
	}
	best := hits[0]
	second := float32(0)
	if len(hits) > 1 {
		second = hits[1].Score
	}
	z := judgeBias + judgeScore*float64(best.Score) + judgeMargin*float64(best.Score-second) + judgeNearest*float64(best.Nearest)
	top := 1 / (1 + math.Exp(-z))
	for i, h := range hits {
		hits[i].Probability = top * math.Exp(float64(h.Score-best.Score)/fade)
	}
}
