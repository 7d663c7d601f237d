package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/match"
)

// Why says in a curator's words how a question was decided. answerFrom is the probability from which on an entry is
// answered, see knowledge.Snapshot.AnswerFrom.
func (d Decision) Why(answerFrom float64) string {
	switch {
	case d.Verdict == Stop || d.Verdict == Aside:
		return words.Line("why.fixed", "reason", d.Reason)
	case d.Between:
		return words.Line("why.between")
	case len(d.Matches) == 0:
		return words.Line("why.nothing")
	}
	return words.Line("why.from", "from", percent(answerFrom), "budget", strconv.Itoa(ErrorBudget))
}

// Tip says what would have tipped the i-th match: how sure it would have to be, and which words a phrasing should say. It
// is "" where the question is one word that several entries share.
func (d Decision) Tip(i int, answerFrom float64) string {
	m := d.Matches[i]
	has, from := percent(m.Probability), percent(answerFrom)
	switch {
	case d.Between:
		return ""
	case d.Verdict == Known && i == 0:
		return words.Line("why.answered", "has", has)
	case d.Verdict == Known:
		return words.Line("why.behind", "has", percent(d.Matches[0].Probability))
	case i > 0:
		return words.Line("why.below-first", "from", from, "has", has) + " " + d.phrasingTip(m)
	}
	return words.Line("why.below", "from", from, "has", has) + " " + d.phrasingTip(m)
}

func percent(share float64) string { return fmt.Sprintf("%.0f", 100*share) }

// mostTipped is how many words a phrasing is asked to say.
const mostTipped = 6

// phrasingTip names the words of the question that neither title nor phrasings of the entry say.
func (d Decision) phrasingTip(m knowledge.Match) string {
	said := map[string]bool{}
	for _, text := range m.Entry.Doc().Texts() {
		for _, word := range match.Words(text) {
			said[match.Stem(word)] = true
		}
	}
	var missing []string
	for _, word := range match.Content(match.Words(d.Text)) {
		if stem := match.Stem(word); !said[stem] && !d.misspelt(word) && len(missing) < mostTipped {
			said[stem] = true
			missing = append(missing, word)
		}
	}
	if len(missing) == 0 {
		return words.Line("why.same-words")
	}
	return words.Line("why.missing", "words", strings.Join(missing, " "))
}

// misspelt reports whether the matcher read the word as another for one of the matches: nobody should phrase it so.
func (d Decision) misspelt(word string) bool {
	return slices.ContainsFunc(d.Matches, func(m knowledge.Match) bool {
		return strings.Contains(m.Why(), fmt.Sprintf("%q read as", word))
	})
}
