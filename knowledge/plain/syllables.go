package plain

import (
	_ "embed"
	"strconv"
	"strings"
	"unicode"
)

//go:embed syllables.txt
var exceptionText string

// exceptions are words that the rules below get wrong, with their syllables.
var exceptions = readCounts(exceptionText)

// readCounts reads lines of "count word word ...". Lines that start with # are notes.
func readCounts(text string) map[string]int {
	all := map[string]int{}
	for _, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		if n, err := strconv.Atoi(fields[0]); err == nil {
			for _, w := range fields[1:] {
				all[w] = n
			}
		}
	}
	return all
}

// Syllables counts the syllables of an English word as it is spoken, give or take a few rare words. The parts of a word
// with hyphens are counted one by one. What has no vowel in it, such as a number or "NHS", counts as one, and so does an
// empty word: the answer is never below 1.
func Syllables(word string) int {
	total := 0
	for _, part := range parts(word) {
		total += max(1, syllablesOf(part))
	}
	return max(1, total)
}

// syllablesOf counts a word without hyphens; it may be 0 for a lone consonant.
func syllablesOf(word string) int {
	w := strings.ToLower(word)
	w = strings.ReplaceAll(w, "’", "'")
	stem, tail, has := strings.Cut(w, "'")
	if !has {
		return count(letters(w))
	}
	if stem == "" || tail == "" {
		return count(letters(stem + tail))
	}
	if base, ok := strings.CutSuffix(stem, "n"); ok && tail == "t" {
		return count(letters(base)) + shortNot(base)
	}
	return count(letters(stem)) + tailSyllables(stem, tail)
}

// shortNot is 1 when n't is a syllable of its own: "didn't", "haven't", but not "aren't" or "can't".
func shortNot(base string) int {
	if base == "" || strings.HasSuffix(base, "re") || base == "wo" || base == "do" || base == "ca" || base == "sha" {
		return 0
	}
	return 1
}

// tailSyllables is 1 when what follows the apostrophe is a syllable of its own: "boss's", "that'll", "could've".
func tailSyllables(stem, tail string) int {
	switch {
	case tail == "s" && hisses(stem):
		return 1
	case (tail == "ll" || tail == "ve" || tail == "d" || tail == "re") && !isVowel(stem[len(stem)-1]) && stem[len(stem)-1] != 'w':
		return 1
	}
	return 0
}

// hisses reports whether a word ends in a sound that makes a following s a syllable of its own.
func hisses(s string) bool {
	for _, end := range [...]string{"s", "x", "z", "ch", "sh", "ce", "ge", "se", "ze", "che"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}

// letters keeps a to z. Accents go, except that é at the end of a word becomes "ay", so that it is heard: café.
func letters(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		plain = plain && 'a' <= s[i] && s[i] <= 'z'
	}
	if plain {
		return s
	}
	if rest, ok := strings.CutSuffix(s, "é"); ok {
		s = rest + "ay"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r
		case strings.ContainsRune("àáâäãåæ", r):
			return 'a'
		case strings.ContainsRune("èéêë", r):
			return 'e'
		case strings.ContainsRune("ìíîï", r):
			return 'i'
		case strings.ContainsRune("òóôöõøœ", r):
			return 'o'
		case strings.ContainsRune("ùúûü", r):
			return 'u'
		case unicode.IsLetter(r) && r != 'ç' && r != 'ñ':
			return -1
		case r == 'ç':
			return 'c'
		case r == 'ñ':
			return 'n'
		}
		return -1
	}, s)
}

func isVowel(b byte) bool {
	switch b {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}
