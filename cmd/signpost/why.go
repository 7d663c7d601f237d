package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"signpost/bot"
	"signpost/knowledge"
	"signpost/knowledge/match"
)

// printWhy explains a decision to a curator: what carried each match, and what would have tipped it.
func printWhy(w io.Writer, d bot.Decision, answerFrom float64) {
	fmt.Fprintf(w, "\nVerdict: %s. %s\n", d.Verdict, verdictWhy(d, answerFrom))
	for i, m := range d.Matches {
		fmt.Fprintf(w, "%d. %3.0f %%  %s (%s)\n", i+1, 100*m.Probability, m.Entry.Title, m.Slug())
		for _, line := range []string{m.Why, tip(d, i, answerFrom)} {
			if line != "" {
				fmt.Fprintf(w, "   %s\n", line)
			}
		}
	}
}

func verdictWhy(d bot.Decision, answerFrom float64) string {
	switch {
	case d.Verdict == bot.Stop || d.Verdict == bot.Aside:
		return fmt.Sprintf("A fixed reply (%s): no entry is asked for it.", d.Reason)
	case d.Between:
		return "The question is one word that several entries share, so people are asked which they mean."
	case len(d.Matches) == 0:
		return "No entry has anything in common with it. If one should answer it, give that entry a phrasing put like this."
	}
	return fmt.Sprintf("An entry is answered from %.0f %% on, so that at most %d in 100 answers are wrong.", 100*answerFrom, bot.ErrorBudget)
}

// tip says what would have tipped the i-th match: how sure it would have to be, and which words a phrasing should say.
func tip(d bot.Decision, i int, answerFrom float64) string {
	m := d.Matches[i]
	has, from := 100*m.Probability, 100*answerFrom
	switch {
	case d.Between:
		return ""
	case d.Verdict == bot.Known && i == 0:
		return fmt.Sprintf("Answered: it has %.0f %%.", has)
	case d.Verdict == bot.Known:
		return fmt.Sprintf("It would have to come before the first, which has %.0f %%.", 100*d.Matches[0].Probability)
	case i > 0:
		return fmt.Sprintf("It would be answered if it came first with %.0f %%; this one has %.0f %%. %s", from, has, phrasingTip(d, m))
	}
	return fmt.Sprintf("It would be answered from %.0f %%; this one has %.0f %%. %s", from, has, phrasingTip(d, m))
}

// mostTipped is how many words a phrasing is asked to say.
const mostTipped = 6

// phrasingTip names the words of the question that neither title nor phrasings of the entry say.
func phrasingTip(d bot.Decision, m knowledge.Match) string {
	said := map[string]bool{}
	for _, text := range m.Entry.Doc().Texts() {
		for _, word := range match.Words(text) {
			said[match.Stem(word)] = true
		}
	}
	var missing []string
	for _, word := range match.Content(match.Words(d.Text)) {
		if stem := match.Stem(word); !said[stem] && !misspelt(d, word) && len(missing) < mostTipped {
			said[stem] = true
			missing = append(missing, word)
		}
	}
	if len(missing) == 0 {
		return "Its phrasings have all these words; if it is the right one, a phrasing put like this question would help."
	}
	return fmt.Sprintf("If it is the right one, a phrasing that says %q would help.", strings.Join(missing, " "))
}

// misspelt reports whether the matcher read the word as another for one of the matches: nobody should phrase it so.
func misspelt(d bot.Decision, word string) bool {
	return slices.ContainsFunc(d.Matches, func(m knowledge.Match) bool {
		return strings.Contains(m.Why, fmt.Sprintf("%q read as", word))
	})
}
