package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A kind says how a token is treated.
type kind int

const (
	word  kind = iota // an ordinary word or a number
	name              // a system's name: one short word
	local             // a {local-key}: "your team"
	link              // a bare address of a page: one short word
	mail              // an e-mail address: one short word, and allowed
)

// A token is a word, or what counts as one, at text[start:end].
type token struct {
	kind       kind
	start, end int
	text       string // as written
	small      string // in small letters, without 's
	beats      int    // syllables
	acronym    bool   // made of capitals
	shouted    bool   // part of a run of words in capitals
}

// words is how many words a reader meets.
func (t token) words() int {
	if t.kind == local {
		return 2
	}
	return 1
}

// syllables counts a name, an acronym and an address as one.
func (t token) syllables() int {
	switch {
	case t.kind == local:
		return 2
	case t.kind != word || t.acronym:
		return 1
	}
	return Syllables(t.text)
}

// read cuts a text into sentences and those into tokens, and finds the names among them.
func (c *Checker) read(text string) []sentence {
	all := spans(text)
	list := make([]sentence, 0, len(all))
	for _, s := range all {
		sent := scan(text, s)
		sent.tokens = c.names.merge(text, sent.tokens)
		list = append(list, sent)
	}
	return list
}

// scan finds the tokens and the link texts of one sentence.
func scan(text string, s span) sentence {
	sent := sentence{start: s.start, end: s.end}
	opened := -1 // behind the last [
	for i := s.start; i < s.end; {
		r, n := utf8.DecodeRuneInString(text[i:s.end])
		switch {
		case r == '[':
			opened = i + 1
		case r == ']' && opened >= 0:
			n = targetLen(text[i:s.end])
			if n > 1 {
				sent.links = append(sent.links, span{opened, i})
			}
			opened = -1
		case r == '{':
			n = keyLen(text[i:s.end])
			if n > 1 {
				sent.tokens = append(sent.tokens, newToken(local, text, i, i+n))
			}
		case isWordRune(r):
			k, length := wordLen(text[i:s.end])
			sent.tokens = append(sent.tokens, newToken(k, text, i, i+length))
			n = length
		}
		i += n
	}
	return sent
}

func newToken(k kind, text string, start, end int) token {
	t := token{kind: k, start: start, end: end, text: text[start:end]}
	t.small = strings.ToLower(withoutS(t.text))
	t.acronym = k == word && isAcronym(t.text)
	t.beats = t.syllables()
	return t
}

// withoutS takes the 's off a word.
func withoutS(s string) string {
	if s == "" || s[len(s)-1]|' ' != 's' {
		return s
	}
	for _, end := range [...]string{"'s", "’s", "'S", "’S"} {
		if rest, ok := strings.CutSuffix(s, end); ok {
			return rest
		}
	}
	return s
}

// targetLen is the length of the "](address)" that s starts with, or 1 when it is only a bracket.
func targetLen(s string) int {
	if !strings.HasPrefix(s, "](") {
		return 1
	}
	s = s[:min(len(s), longestAddress)]
	if i := strings.IndexAny(s, ") \t"); i > 0 && s[i] == ')' {
		return i + 1
	}
	return 1
}

// longestAddress is how far to look for the end of a link.
const longestAddress = 2000

// keyLen is the length of the "{local-key}" that s starts with, or 1 when it is only a brace.
func keyLen(s string) int {
	for i := 1; i < len(s); i++ {
		b := s[i]
		switch {
		case b == '}' && i > 1:
			return i + 1
		case b != '-' && (b < 'a' || b > 'z') && (b < '0' || b > '9'):
			return 1
		}
	}
	return 1
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
