package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wordLen is the kind and length of the word or address that s starts with. s starts with a letter or digit.
func wordLen(s string) (kind, int) {
	if hasAnyPrefixFold(s, "http://", "https://", "ftp://", "mailto:", "www.") {
		return link, addressLen(s)
	}
	n := runLen(s)
	switch {
	case n+1 < len(s) && s[n] == '@' && isWordRune(rune(s[n+1])):
		return mail, n + 1 + runLen(s[n+1:])
	case isDomain(s[:n]) && n+1 < len(s) && s[n] == '/' && isWordRune(rune(s[n+1])):
		return link, addressLen(s)
	case isDomain(s[:n]) && s[:n] == strings.ToLower(s[:n]): // "NHS.net" and "GOV.UK" are names
		return link, n
	}
	return word, n
}

func hasAnyPrefixFold(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if len(s) > len(p) && strings.EqualFold(s[:len(p)], p) {
			return true
		}
	}
	return false
}

// addressLen is the length of the address that s starts with, without the punctuation behind it.
func addressLen(s string) int {
	n := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`<>"”|`, r) })
	if n < 0 {
		n = len(s)
	}
	return len(strings.TrimRight(s[:n], `.,;:!?)]}'*_`))
}

// isDomain reports whether s ends like the address of a web site.
func isDomain(s string) bool {
	dot := strings.LastIndexByte(s, '.')
	if dot < 1 {
		return false
	}
	switch strings.ToLower(s[dot+1:]) {
	case "uk", "com", "org", "net", "info", "eu", "gov", "edu", "io", "nhs", "wales", "scot", "health":
		return true
	}
	return false
}

// runLen is the length of the run of letters, digits and what joins them that s starts with.
func runLen(s string) int {
	var before rune
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !isWordRune(r) && !unicode.IsMark(r) {
			after, _ := utf8.DecodeRuneInString(s[i+n:])
			if !joins(before, r, after) {
				return i
			}
		}
		before = r
		i += n
	}
	return len(s)
}

// joins reports whether r between two runes makes them one word: "co-op", "don't", "3.5", "NHS.net", "60,000", "A&E".
func joins(before, r, after rune) bool {
	if !isWordRune(before) || !isWordRune(after) {
		return false
	}
	switch r {
	case '-', '\'', '’', '\u2010', '\u2011', '_':
		return true
	case '.':
		return !(unicode.IsLower(before) && unicode.IsUpper(after)) // a space forgotten between sentences
	case ',', ':':
		return unicode.IsDigit(before) && unicode.IsDigit(after)
	case '&':
		return unicode.IsUpper(before) && unicode.IsUpper(after)
	}
	return false
}
