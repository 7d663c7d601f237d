package match

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// A vocabulary is every word of some documents. It files each word under itself and under each form with one letter left
// out, so that words one edit away are found by a few look-ups (the SymSpell way).
type vocabulary struct {
	words []string
	count []int32          // by word: how many documents have it
	ids   map[string]int32 // word -> its place in words
	forms []form           // sorted
}

// A form is the hash of what a word is filed under. Two forms may share a hash; a word found is looked at again.
type form struct {
	hash uint32
	word int32
}

// shortestTypo is the length from which a word is corrected: shorter words have too many neighbours.
const shortestTypo = 4

func isLongEnough(word string) bool { return utf8.RuneCountInString(word) >= shortestTypo }

func newVocabulary(docs []*Document) *vocabulary {
	v := &vocabulary{ids: map[string]int32{}}
	all := allWords.all()
	ids, last := make([]int32, len(all)), make([]int32, len(all)) // by word: its id and the document that had it last, plus one
	for i, d := range docs {
		d.eachWord(func(word uint32) {
			if last[word] == int32(i+1) {
				return
			}
			if last[word] == 0 {
				ids[word] = int32(len(v.words))
				v.ids[all[word].text] = ids[word]
				v.words, v.count = append(v.words, all[word].text), append(v.count, 0)
			}
			last[word] = int32(i + 1)
			v.count[ids[word]]++
		})
	}
	for id, word := range v.words {
		if isLongEnough(word) && !hasDigit(word) {
			eachDeletion([]rune(word), func(hash uint32) { v.forms = append(v.forms, form{hash, int32(id)}) })
		}
	}
	slices.SortFunc(v.forms, func(a, b form) int { return cmp.Compare(a.hash, b.hash) })
	return v
}

// under calls use with the words that are filed under a form.
func (v *vocabulary) under(hash uint32, use func(word string)) {
	at, _ := slices.BinarySearchFunc(v.forms, hash, func(f form, hash uint32) int { return cmp.Compare(f.hash, hash) })
	for ; at < len(v.forms) && v.forms[at].hash == hash; at++ {
		use(v.words[v.forms[at].word])
	}
}

// A speller knows every word of the base and finds the one a mistyped word was meant to be, one edit away (a letter
// missing, added, changed, or two swapped; Damerau 1964).
type speller struct {
	vocabularies []*vocabulary
	gone         map[string]int // documents that no longer count, by word
}

func newSpeller(parts []*part, gone []*Document) *speller {
	s := &speller{gone: map[string]int{}}
	for _, p := range parts {
		s.vocabularies = append(s.vocabularies, p.spelling)
	}
	all := allWords.all()
	for _, d := range gone {
		seen := map[uint32]bool{}
		d.eachWord(func(word uint32) {
			if !seen[word] {
				seen[word] = true
				s.gone[all[word].text]++
			}
		})
	}
	return s
}

// count is how many documents have a word.
func (s *speller) count(word string) int {
	n := -s.gone[word]
	for _, v := range s.vocabularies {
		if id, ok := v.ids[word]; ok {
			n += int(v.count[id])
		}
	}
	return n
}

func hasDigit(word string) bool {
	for _, r := range word {
		if r >= '0' && r <= '9' {
			return true
		}
	}
	return false
}

// eachDeletion calls use with the hash of word (FNV-1a) and of every form of it that lacks one letter.
func eachDeletion(word []rune, use func(hash uint32)) {
	use(hashRunes(2166136261, word))
	for i := range word {
		if i > 0 && word[i] == word[i-1] {
			continue
		}
		use(hashRunes(hashRunes(2166136261, word[:i]), word[i+1:]))
	}
}

func (s *speller) knows(word string) bool { return s.count(word) > 0 }

// correct gives the word of the base that word was most likely meant to be: the one in most documents, then the first
// in the alphabet. ok is false for a word the base knows, a short one, or one with no neighbour.
func (s *speller) correct(word string) (right string, ok bool) {
	if !isLongEnough(word) || s.knows(word) || hasDigit(word) {
		return "", false
	}
	best, typed := 0, []rune(word)
	eachDeletion(typed, func(hash uint32) {
		for _, v := range s.vocabularies {
			v.under(hash, func(candidate string) {
				n := s.count(candidate)
				if n > 0 && (n > best || n == best && candidate < right) && oneEdit(typed, []rune(candidate)) {
					right, best = candidate, n
				}
			})
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
