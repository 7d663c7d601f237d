package bot

import "signpost/knowledge"

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

// Thresholds of the verdicts, as probabilities that the best match is right. An answer is given when it is more likely
// right than not by a clear margin; a choice is offered from where a person would still be glad of it.
const (
	knownFrom  = 0.60
	unsureFrom = 0.20
	asideFrom  = 0.40
	// offerFrom is how probable a further choice must be, as a share of the best.
	offerFrom = 0.12
	mostOffer = 3
)

// decide turns matches, best first, into a verdict and the entries to show: one if Known, two or three if Unsure, else
// those that came nearest. It is pure.
func decide(matches []knowledge.Match) (verdict Verdict, reason string, shown []knowledge.Match) {
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

// worthOffering takes the best two, and a third that is not far behind.
func worthOffering(entries []knowledge.Match) []knowledge.Match {
	n := min(2, len(entries))
	for n < min(mostOffer, len(entries)) && entries[n].Probability >= offerFrom*entries[0].Probability {
		n++
	}
	return entries[:n]
}
