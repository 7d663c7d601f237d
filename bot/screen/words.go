package screen

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWords bounds the work on one message; the caller cuts at 4,000 characters, so real messages stay far below it.
const maxWords = 4000

// splitWords cuts a message into lower-case words. Apostrophes vanish (can't = cant), a number is cut from the unit
// behind it (5mg = 5 mg), decimals stay whole, everything else separates.
func splitWords(text string) []string {
	words := make([]string, 0, len(text)/5+1)
	var word strings.Builder
	end := func() {
		if word.Len() > 0 && len(words) < maxWords {
			words = append(words, word.String())
		}
		word.Reset()
	}
	var last rune
	for i, r := range text {
		r = unicode.ToLower(r)
		switch {
		case isApostrophe(r):
			continue
		case r == '&' && i > 0 && isLetter(last) && followedByLetter(text[i+1:]):
			continue // a&e, h&s, a&g are one word
		case r == '.' && isDigit(last) && followedByDigit(text[i+1:]):
			word.WriteRune(r)
		case isLetter(r) || isDigit(r):
			if isLetter(r) && isDigit(last) && onlyDigits(word.String()) {
				end()
			}
			word.WriteRune(r)
		default:
			end()
		}
		last = r
	}
	end()
	return words
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '‘' || r == '`' || r == '´' }

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }

func isDigit(r rune) bool { return unicode.IsDigit(r) }

func followedByDigit(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return isDigit(r)
}

func followedByLetter(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return isLetter(r)
}

// onlyDigits reports whether s is a number, decimals included.
func onlyDigits(s string) bool {
	for _, r := range s {
		if !isDigit(r) && r != '.' {
			return false
		}
	}
	return s != ""
}
