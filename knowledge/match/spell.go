package match

import "unicode/utf8"

// A speller knows every word of the base and finds the one a mistyped word was meant to be, one edit away (a letter
// missing, added, changed, or two swapped; Damerau 1964). It files each word under itself and under each form with one
// letter left out, so that a look-up is a few map reads (the SymSpell way).
type speller struct {
	count map[string]int
	near  map[string][]string
}

// shortestTypo is the length from which a word is corrected: shorter words have too many neighbours.
const shortestTypo = 4

func isLongEnough(word string) bool { return utf8.RuneCountInString(word) >= shortestTypo }

func newSpeller(docs []*Document) *speller {
	s := &speller{count: map[string]int{}, near: map[string][]string{}}
	for _, d := range docs {
		for _, word := range d.words {
			s.count[word]++
		}
	}
	for word := range s.count {
		if isLongEnough(word) && !hasDigit(word) {
			eachDeletion(word, func(form string) { s.near[form] = append(s.near[form], word) })
		}
	}
	return s
}

func hasDigit(word string) bool {
	for _, r := range word {
		if r >= '0' && r <= '9' {
			return true
		}
	}
	return false
}

// eachDeletion calls use with word and with every form of it that lacks one letter.
func eachDeletion(word string, use func(form string)) {
	use(word)
	runes := []rune(word)
	for i := range runes {
		if i > 0 && runes[i] == runes[i-1] {
			continue
		}
		use(string(runes[:i]) + string(runes[i+1:]))
	}
}

func (s *speller) knows(word string) bool { return s.count[word] > 0 }

// correct gives the word of the base that word was most likely meant to be: the one in most documents, then the first
// in the alphabet. ok is false for a word the base knows, a short one, or one with no neighbour.
func (s *speller) correct(word string) (right string, ok bool) {
	if !isLongEnough(word) || s.knows(word) || hasDigit(word) {
		return "", false
	}
	best := 0
	eachDeletion(word, func(form string) {
		for _, candidate := range s.near[form] {
			n := s.count[candidate]
			if (n > best || n == best && candidate < right) && oneEdit([]rune(word), []rune(candidate)) {
				right, best = candidate, n
			}
		}
	})
	return right, best > 0
}

// split finds the two words of the base that ran together, each of 3 letters or more; the longer first word wins.
func (s *speller) split(word string) (first, second string, ok bool) {
	for i := len(word) - 3; i >= 3; i-- {
		if s.knows(word[:i]) && s.knows(word[i:]) {
			return word[:i], word[i:], true
		}
	}
	return "", "", false
}

// oneEdit reports whether a and b differ by one insertion, deletion, change or swap of neighbours.
func oneEdit(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return string(a[i:]) == string(b[i+1:])
	}
	if i == len(a) {
		return false
	}
	if string(a[i+1:]) == string(b[i+1:]) {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && string(a[i+2:]) == string(b[i+2:])
}
