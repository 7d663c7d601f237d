package main

import (
	"fmt"
	"io"
	"strings"
)

// mostBudget is the largest error budget, in 100 answers, whose cost is shown.
const mostBudget = 10

// budgetCost says what an error budget costs: the smaller it is, the fewer questions are answered.
type budgetCost struct {
	Budget     int     `json:"budget"`      // so many in 100 answers may be wrong
	AnswerFrom float64 `json:"answer_from"` // the probability from which on the base then answers
	Answered   float64 `json:"answered"`    // share of the questions that have a right answer
	Right      float64 `json:"right"`       // share of them that is answered rightly
	Wrong      float64 `json:"wrong"`       // share of all answers given that is wrong; to questions that nothing answers, too
}

// budgetCosts looks at the same questions at the threshold of each budget: from[0] is that of 1 in 100. n is how many of
// the questions have a right answer.
func budgetCosts(from []float64, all []graded, n int) []budgetCost {
	costs := make([]budgetCost, len(from))
	for i, threshold := range from {
		answered, right, given := 0, 0, 0
		for _, g := range all {
			if !g.found || g.probability < threshold {
				continue
			}
			given++
			if g.inScope {
				answered++
			}
			if g.right {
				right++
			}
		}
		share := func(count, of int) float64 { return float64(count) / float64(max(of, 1)) }
		costs[i] = budgetCost{i + 1, threshold, share(answered, n), share(right, n), share(given-right, given)}
	}
	return costs
}

const plotWidth = 30

// printBudgets shows the costs as a table with a plot: how many questions each budget has answered rightly, and wrongly.
func printBudgets(w io.Writer, costs []budgetCost) {
	fmt.Fprint(w, "\nerror budget\tanswer from\tanswered\tright\twrong answers\t= right  x wrong  . not answered\n")
	for _, c := range costs {
		fmt.Fprintf(w, "%2d in 100\t%3.0f %%\t%5.1f %%\t%5.1f %%\t%5.1f %%\t%s\n",
			c.Budget, 100*c.AnswerFrom, 100*c.Answered, 100*c.Right, 100*c.Wrong, c.bar())
	}
}

// bar is the questions that have a right answer, as a line of the plot.
func (c budgetCost) bar() string {
	right, answered := int(c.Right*plotWidth+0.5), int(c.Answered*plotWidth+0.5)
	return strings.Repeat("=", right) + strings.Repeat("x", answered-right) + strings.Repeat(".", plotWidth-answered)
}
