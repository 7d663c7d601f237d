package match

import (
	"strings"
	"unicode"
	"unicode/utf8"

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
	eachWord(text, nil, func(word []byte) { words = append(words, string(word)) })
	return words
}

// eachWord calls use with the words of a text, as Words tells them. A word is only good until use returns; room is memory
// to put it in, and is given back for the next text.
func eachWord(text string, room []byte, use func(word []byte)) []byte {
	word := room[:0]
	end := func(joins bool) {
		if len(word) == 0 || joins && len(word) == 1 {
			return
		}
		use(word)
		word = word[:0]
	}
	seen := 0
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(text, " ")) {
		if seen++; seen > longestText {
			break
		}
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			word = utf8.AppendRune(word, unicode.ToLower(r))
		case unicode.In(r, unicode.M, unicode.Cf) || r == '\'' || r == '’' || r == '‘' || r == '`':
		default:
			end(r == '-' || r == '‐')
		}
	}
	end(false)
	return word
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
	like me my need no not now of off ok on one or our out please pls quite really so some someone something still tell than thank
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
