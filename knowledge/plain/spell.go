package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lastWords returns the words before an acronym that may spell it out: as many as A. Schwartz and M. Hearst look at
// ("A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical Text", 2003).
func lastWords(before, acronym string) []string {
	before = before[max(0, len(before)-longestForm):]
	words := wordsOf(before)
	most := min(len(acronym)+5, len(acronym)*2)
	return words[max(0, len(words)-most):]
}

// wordsOf returns the words of s in small letters, cut at hyphens too.
func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !isWordRune(r) && r != '\'' && r != '’'
	})
}

// spells reports whether words spell an acronym. First letters in order always do. Letters from inside words do as well,
// the first of them at the start of a word, when the acronym has three letters or more; with two, chance is too high.
func spells(words []string, acronym string) bool {
	letters := lettersOf(acronym)
	if len(letters) < 2 {
		return false
	}
	return inOrder(letters, words) || len(letters) > 2 && inside(letters, strings.Join(words, " "))
}

// inOrder reports whether the letters are first letters of words, in order; words between may be skipped.
func inOrder(letters []rune, words []string) bool {
	for _, w := range words {
		if first, _ := utf8.DecodeRuneInString(w); len(letters) > 0 && first == letters[0] {
			letters = letters[1:]
		}
	}
	return len(letters) == 0
}

// inside looks for the letters from the last to the first, as Schwartz and Hearst do.
func inside(letters []rune, phrase string) bool {
	text := []rune(" " + phrase)
	i := len(text) - 1
	for k := len(letters) - 1; k >= 0; k-- {
		for i > 0 && (text[i] != letters[k] || k == 0 && text[i-1] != ' ') {
			i--
		}
		if i <= 0 {
			return false
		}
		i--
	}
	return true
}

func lettersOf(acronym string) []rune {
	var list []rune
	for _, r := range strings.ToLower(acronym) {
		if unicode.IsLetter(r) {
			list = append(list, r)
		}
	}
	return list
}
