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

// gradedPart are questions put to a base that answers from[0] on for a budget of 1 in 100, and so on.
type gradedPart struct {
	from []float64
	rows []graded
}

// budgetCosts looks at the same questions at the threshold of each budget. n is how many of them have a right answer. Of
// several thresholds the mean is given.
func budgetCosts(parts []gradedPart, n int) []budgetCost {
	costs := make([]budgetCost, len(parts[0].from))
	for i := range costs {
		answered, right, given, from := 0, 0, 0, 0.0
		for _, part := range parts {
			from += part.from[i] / float64(len(parts))
			for _, g := range part.rows {
				if !g.found || g.probability < part.from[i] {
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
		}
		share := func(count, of int) float64 { return float64(count) / float64(max(of, 1)) }
		costs[i] = budgetCost{i + 1, from, share(answered, n), share(right, n), share(given-right, given)}
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
