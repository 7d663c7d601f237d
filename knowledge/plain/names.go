package plain

import (
	"slices"
	"strings"
	"unicode"
)

// names are the systems' names by their first word in small letters, longest first.
type names map[string][][]token

func compileNames(list []string) names {
	all := names{}
	for _, n := range list {
		if words := scan(n, span{0, len(n)}).tokens; len(words) > 0 {
			all[words[0].small] = append(all[words[0].small], words)
		}
	}
	for _, group := range all {
		slices.SortStableFunc(group, func(a, b []token) int { return len(b) - len(a) })
	}
	return all
}

// merge makes one token of each name among the tokens. It works in place.
func (n names) merge(text string, tokens []token) []token {
	if len(n) == 0 {
		return tokens
	}
	kept := tokens[:0]
	for i := 0; i < len(tokens); {
		length := n.at(tokens[i:])
		if length == 0 {
			kept = append(kept, tokens[i])
			i++
			continue
		}
		merged := newToken(name, text, tokens[i].start, tokens[i+length-1].end)
		kept = append(kept, merged)
		i += length
	}
	return kept
}

// at is how many tokens the longest name takes that the tokens start with, or 0.
func (n names) at(tokens []token) int {
	for _, words := range n[tokens[0].small] {
		if len(words) <= len(tokens) && slices.EqualFunc(words, tokens[:len(words)], sameName) {
			return len(words)
		}
	}
	return 0
}

// has reports whether s alone is a name, as written.
func (n names) has(s string) bool {
	return len(n) > 0 && n.at([]token{newToken(word, s, 0, len(s))}) == 1
}

// sameName compares a word of a name with a word of the text. Small letters in the text are not the name "Teams" or
// "EASY", and neither is "Easy" at the start of a sentence the name "EASY".
func sameName(want, got token) bool {
	if want.small != got.small || got.kind == local {
		return false
	}
	capitals, ofName := countUpper(got.text), countUpper(want.text)
	if ofName == 0 || capitals == ofName {
		return true
	}
	return capitals > 1 || capitals == 1 && want.text != strings.ToUpper(want.text)
}

func countUpper(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n
}
