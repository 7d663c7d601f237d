package screen

// speller finds the word of a vocabulary that a typing slip was meant to be: one letter more, less or other, or two
// neighbours swapped, in words of six letters or more, first letter right. It is read-only once built.
type speller struct {
	words map[string]bool     // the vocabulary
	near  map[string][]string // word less one letter -> the words it came from
}

// minTypo is the shortest word that is corrected; shorter ones are too often another word (dies, dyes).
const minTypo = 6

func newSpeller() *speller {
	return &speller{words: map[string]bool{}, near: map[string][]string{}}
}

func (s *speller) add(word string) {
	if len(word) < minTypo || s.words[word] {
		return
	}
	s.words[word] = true
	s.near[word] = append(s.near[word], word)
	for i := 1; i < len(word); i++ {
		less := word[:i] + word[i+1:]
		s.near[less] = append(s.near[less], word)
	}
}

// meant returns the vocabulary word one slip away from typed, or "".
func (s *speller) meant(typed string) string {
	if len(typed) < minTypo || len(typed) > 24 {
		return ""
	}
	if w := s.among(s.near[typed], typed); w != "" {
		return w
	}
	for i := 1; i < len(typed); i++ {
		if w := s.among(s.near[typed[:i]+typed[i+1:]], typed); w != "" {
			return w
		}
	}
	return ""
}

func (s *speller) among(candidates []string, typed string) string {
	for _, c := range candidates {
		if oneSlip(c, typed) {
			return c
		}
	}
	return ""
}

// oneSlip reports whether a and b differ by one insertion, deletion, substitution or swap of neighbours.
func oneSlip(a, b string) bool {
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
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
