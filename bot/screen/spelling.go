package screen

// speller finds the word of a vocabulary that a typing slip was meant to be: one letter more, less or other, or two
// neighbours swapped, in words of six letters or more, first letter right. It is read-only once built.
type speller struct {
	words map[string]bool  // the vocabulary
	near  map[string]int32 // word less one letter -> the last of those it came from, in came
	came  []origin
}

// origin is a word and where in came the next with the same near word stands; 0 for none. One list for all is quick to
// build, and it is built at every start.
type origin struct {
	word string
	next int32
}

// minTypo is the shortest word that is corrected; shorter ones are too often another word (dies, dyes).
const minTypo = 6

func newSpeller() *speller {
	return &speller{words: map[string]bool{}, near: map[string]int32{}, came: make([]origin, 1)}
}

func (s *speller) add(word string) {
	if len(word) < minTypo || s.words[word] {
		return
	}
	s.words[word] = true
	s.index(word, word)
	for i := 1; i < len(word); i++ {
		s.index(word[:i]+word[i+1:], word)
	}
}

func (s *speller) index(less, word string) {
	s.came = append(s.came, origin{word, s.near[less]})
	s.near[less] = int32(len(s.came) - 1)
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

// among returns the word of the list beginning at came[i] that typed was meant to be.
func (s *speller) among(i int32, typed string) string {
	for ; i != 0; i = s.came[i].next {
		if oneSlip(s.came[i].word, typed) {
			return s.came[i].word
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
