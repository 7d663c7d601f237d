package screen

import "strings"

// This file keeps one weak word from stopping a message that says next to nothing. "Try now", "Which one?" or "Done" pass
// between colleagues all day; in so few words there is nothing to speak against what a list such as NOW adds, and a sentence
// vector of them lies near that of many a cry. So a message of few words, all of rules/small-words.txt, is stopped by the
// weighing or by its meaning only if these are surer than usual. The rules need no more than ever, and one word that is not
// small ("pain", "breathing", "cope") lifts the message out of this.

// fewWords is how many small words are still next to nothing.
const fewWords = 5

// moreNeeded is how many hundredths more a message of a few small words needs, and moreMeant how much more must speak for its
// stop as a logarithm of odds: what is stopped all the same is nearly as the examples of that kind have it ("make it stop").
const (
	moreNeeded = 150
	moreMeant  = 2.0
)

// saysLittle reports whether a message is a few small words.
func (b *rulebook) saysLittle(m *reading) bool {
	if len(m.words) > fewWords {
		return false
	}
	for _, word := range m.words {
		if !b.small[word] && !isTime(word) {
			return false
		}
	}
	return true
}

// isTime reports whether a word is a number of one or two digits, as a time of day is written: "9", "24", "8am". Longer
// ones may be a telephone number for emergencies.
func isTime(word string) bool {
	digits := strings.TrimRight(word, "apm")
	if len(digits) < 1 || len(digits) > 2 {
		return false
	}
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return word == digits || word[len(digits):] == "am" || word[len(digits):] == "pm"
}

// weighed gives how much of what a message needs to be stopped by the weighing is there: the sum, less what it needs more.
func (b *rulebook) weighed(m *reading, sum points) points {
	if b.saysLittle(m) {
		for k := range sum {
			sum[k] -= moreNeeded
		}
	}
	return sum
}

// moreMeant is how much surer of its meaning a stop must be.
func (b *rulebook) moreMeant(m *reading) float64 {
	if b.saysLittle(m) {
		return moreMeant
	}
	return 0
}
