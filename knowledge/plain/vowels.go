package plain

import "strings"

// The rules of this file go from the whole word to its parts: a known exception, an ending that is a syllable of its own,
// a first part such as "some" in "something", and then groups of vowels.

// endings are syllables of their own, behind a stem that is counted as a word: "careful", "management".
var endings = []string{"ly", "ment", "ful", "less", "ness", "ship", "hood"}

// firsts are first parts of compounds whose e is silent inside the word too: "something", "homework".
var firsts = []string{
	"some", "there", "where", "here", "home", "house", "time", "life", "safe", "base", "care", "file", "face", "fore", "note",
	"name", "one", "fire", "type", "white", "date", "whole", "trade", "drive", "space", "place", "stake", "price", "voice",
	"share", "guide", "frame", "like", "side", "wire", "ware", "role", "rule", "code", "pipe", "store", "phone",
}

// longestWord is the most letters of a word that is worth taking apart.
const longestWord = 40

// count counts the syllables of a word in small letters a to z. It is 0 without a vowel.
func count(w string) int {
	if len(w) > longestWord {
		return groups(w)
	}
	if n, ok := exceptions[w]; ok {
		return n
	}
	if stem, ok := strings.CutSuffix(w, "s"); ok {
		if n, ok := exceptions[stem]; ok {
			if hisses(stem) {
				return n + 1
			}
			return n
		}
		for _, end := range endings {
			if strings.HasSuffix(stem, end) && end != "ly" {
				return count(stem)
			}
		}
	}
	for _, end := range endings {
		if stem, ok := strings.CutSuffix(w, end); ok && len(stem) > 1 && hasVowel(stem) {
			return countStem(stem, end)
		}
	}
	for _, first := range firsts {
		if rest, ok := strings.CutPrefix(w, first); ok && len(rest) > 2 && !isVowel(rest[0]) && hasVowel(rest) {
			return count(first) + count(rest)
		}
	}
	return groups(w) + hiatus(w) - silent(w)
}

// countStem counts a stem and its ending. "Basically" is spoken "basicly".
func countStem(stem, end string) int {
	if root, ok := strings.CutSuffix(stem, "ical"); ok && end == "ly" && hasVowel(root) {
		return count(root+"ic") + 1
	}
	return max(1, count(stem)) + 1
}

func hasVowel(w string) bool { return strings.ContainsAny(w, "aeiouy") }

// groups counts runs of vowels. A y before a vowel is a consonant at the start or behind a vowel ("player"), and a
// syllable of its own behind a consonant ("flyer"). sm and thm at the end are heard as one more.
func groups(w string) int {
	n, in := 0, false
	for i := 0; i < len(w); i++ {
		switch {
		case !isVowel(w[i]):
			in = false
		case w[i] == 'y' && i+1 < len(w) && isVowel(w[i+1]):
			if i > 0 && !isVowel(w[i-1]) {
				n++
			}
			in = false
		case !in:
			n++
			in = true
		}
	}
	for _, end := range [...]string{"sm", "sms", "thm", "thms"} {
		if strings.HasSuffix(w, end) {
			n++
		}
	}
	return n
}

// silent counts the e at the end that is not heard: "note", "notes", "noted", and the ue of "league".
func silent(w string) int {
	one := strings.TrimSuffix(w, "s")
	if len(one) > 4 && (strings.HasSuffix(one, "gue") || strings.HasSuffix(one, "que")) {
		return 1
	}
	stem, end := w, ""
	for _, e := range [...]string{"ed", "es", "e"} {
		if rest, ok := strings.CutSuffix(w, e); ok {
			stem, end = rest, e
			break
		}
	}
	if end == "" || len(stem) < 1 || !hasVowel(stem) || isVowel(stem[len(stem)-1]) && !glides(stem) {
		return 0
	}
	if heard(stem, end) {
		return 0
	}
	return 1
}

// glides reports whether a stem ends with a y behind a vowel or at the end of a short word: "play(ed)", "type".
func glides(stem string) bool { return stem[len(stem)-1] == 'y' }

// heard reports whether an e, es or ed behind the stem is a syllable: "table", "centre", "boxes", "wanted".
func heard(stem, end string) bool {
	last := stem[len(stem)-1]
	if (last == 'l' || last == 'r') && len(stem) > 1 && !isVowel(stem[len(stem)-2]) && stem[len(stem)-2] != last {
		return stem[len(stem)-2] != 'w' // table, centre
	}
	switch end {
	case "ed":
		return last == 't' || last == 'd'
	case "es":
		return strings.IndexByte("sxzcg", last) >= 0 || strings.HasSuffix(stem, "ch") || strings.HasSuffix(stem, "sh")
	}
	return false
}
