package bot

import (
	"slices"

	"signpost/knowledge"
)

// A Verdict says what the bot does about a question.
type Verdict string

// The verdicts. Unsure offers two or three entries, Unknown a champion; an Aside and a Stop are fixed replies.
const (
	Known   Verdict = "known"
	Unsure  Verdict = "unsure"
	Unknown Verdict = "unknown"
	Aside   Verdict = "aside"
	Stop    Verdict = "stop"
)

// ErrorBudget is how many in 100 answers may be wrong; the base says from which probability on that holds.
const ErrorBudget = 3

// Thresholds of the other verdicts, as probabilities that the best match is right. A choice is offered from where a
// person would still be glad of it.
const (
	unsureFrom = 0.20
	asideFrom  = 0.40
	// offerFrom is how probable a further choice must be, as a share of the best.
	offerFrom = 0.12
	// instead is how probable an entry must be to be offered in place of one that was not quite right.
	instead   = 0.001
	mostOffer = 3
)

// decide turns matches, best first, into a verdict and the entries to show: one if Known, two or three if Unsure, else
// those that came nearest. It is pure.
func decide(matches []knowledge.Match, knownFrom float64) (verdict Verdict, reason string, shown []knowledge.Match) {
	if len(matches) > 0 && matches[0].Entry == nil && matches[0].Probability >= asideFrom {
		return Aside, matches[0].Aside, nil
	}
	entries := withoutAsides(matches)
	if len(entries) == 0 {
		return Unknown, "", nil
	}
	best := entries[0].Probability
	switch {
	case best >= knownFrom:
		return Known, "", entries[:1]
	case best >= unsureFrom:
		return Unsure, "", worthOffering(entries)
	}
	return Unknown, "", nil
}

func withoutAsides(matches []knowledge.Match) []knowledge.Match {
	var entries []knowledge.Match
	for _, m := range matches {
		if m.Entry != nil {
			entries = append(entries, m)
		}
	}
	return entries
}

// near leaves out the entries that come nowhere near the question.
func near(matches []knowledge.Match) []knowledge.Match {
	return slices.DeleteFunc(withoutAsides(matches), func(m knowledge.Match) bool { return m.Probability < instead })
}

// worthOffering takes the best two, and a third that is not far behind.
func worthOffering(entries []knowledge.Match) []knowledge.Match {
	n := min(2, len(entries))
	for n < min(mostOffer, len(entries)) && entries[n].Probability >= offerFrom*entries[0].Probability {
		n++
	}
	return entries[:n]
}
