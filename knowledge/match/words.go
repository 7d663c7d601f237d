package match

import (
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"
	"golang.org/x/text/unicode/norm"
)

// longestText is how many runes of a text are looked at: what comes after cannot change the answer, only the time.
const longestText = 4000

// Words splits a text into lower-case words. Accents are folded, apostrophes dropped ("can't" is "cant"), and a single
// letter before a hyphen joins its word ("e-mail" is "email"), because people type all of these. Signs that nobody sees,
// such as soft hyphens and marks of direction, which come along when people paste, do not end a word.
func Words(text string) []string {
	var words []string
	var word strings.Builder
	end := func(joins bool) {
		if word.Len() == 0 || joins && word.Len() == 1 {
			return
		}
		words = append(words, word.String())
		word.Reset()
	}
	seen := 0
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(text, " ")) {
		if seen++; seen > longestText {
			break
		}
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word.WriteRune(unicode.ToLower(r))
		case unicode.In(r, unicode.M, unicode.Cf) || r == '\'' || r == '’' || r == '‘' || r == '`':
		default:
			end(r == '-' || r == '‐')
		}
	}
	end(false)
	return words
}

// Stem gives the form under which a word is filed: the English (Porter 2) stem.
func Stem(word string) string {
	if len(word) < 3 {
		return word
	}
	return english.Stem(word, false)
}

// fillers are words that carry no topic. They are kept (a question may be nothing else) but count for little, so that
// "how do i" never makes one entry look like another.
var fillers = wordSet(`a about an and any anyone are as at be been but by can cant could did do does doesnt doing dont
	else for from get getting give got had has have havent having hello help hi how i id if im in into is isnt it its ive just know
	like me my need no not now of off ok on one or our out please pls so some someone something still tell than thank
	thanks that the their them then there these they thing things this to too trying u up us use using want was way we
	were what whats when where wheres which who whos why will with wont would you your`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}

// Content leaves out the fillers: "how do i use loop" has the content "loop".
func Content(words []string) []string {
	var content []string
	for _, word := range words {
		if !fillers[word] {
			content = append(content, word)
		}
	}
	return content
}
