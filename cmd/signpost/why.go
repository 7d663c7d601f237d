package main

import (
	"fmt"
	"io"

	"signpost/bot"
)

// printWhy explains a decision to a curator: what carried each match, and what would have tipped it.
func printWhy(w io.Writer, d bot.Decision, answerFrom float64) {
	fmt.Fprintf(w, "\nVerdict: %s. %s\n", d.Verdict, d.Why(answerFrom))
	for i, m := range d.Matches {
		fmt.Fprintf(w, "%d. %3.0f %%  %s (%s)\n", i+1, 100*m.Probability, m.Entry.Title, m.Slug())
		for _, line := range []string{m.Why(), d.Tip(i, answerFrom)} {
			if line != "" {
				fmt.Fprintf(w, "   %s\n", line)
			}
		}
	}
}
