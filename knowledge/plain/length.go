package plain

import "fmt"

// A word of longWord syllables or more is worth a second look. "Organisation" has five and has no shorter twin, so the
// line is drawn above it.
const longWord = 6

func (v *visit) checkLength(s sentence) {
	words := 0
	for _, t := range s.tokens {
		words += t.words()
	}
	if most := v.checker.rules.LongestSentence; words > most {
		says := fmt.Sprintf("This sentence has %d words. Split it, so that each part has %d or fewer.", words, most)
		v.add("sentence-length", says, v.text[s.start:s.end])
	}
}

// checkLongWords complains once about each long word. The parts of "self-administration" are words of their own.
func (v *visit) checkLongWords(s sentence) {
	for _, t := range s.tokens {
		if t.beats < longWord || v.long[t.small] {
			continue
		}
		if longestPart(t.text) >= longWord {
			v.long[t.small] = true
			v.add("long-word", fmt.Sprintf("%q is a long word. Is there a shorter one?", t.text), t.text)
		}
	}
}

func longestPart(word string) int {
	most := 0
	for _, part := range parts(word) {
		most = max(most, Syllables(part))
	}
	return most
}
