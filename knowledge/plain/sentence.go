package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A sentence is a piece text[start:end] of a line, with its words. It may have none: a line of dots, or of emoji.
type sentence struct {
	start, end int
	tokens     []token
	links      []span // link texts in square brackets
}

// A span is a piece text[start:end] of the text.
type span struct{ start, end int }

// Sentences cuts a text into its sentences, as written, without the marks of steps and points. Headings are left out, and
// so are pieces without a letter or digit. A full stop, question mark or exclamation mark ends a sentence, and so does the
// end of a line; a colon does not.
func Sentences(text string) []string {
	var list []string
	for _, s := range spans(text) {
		if strings.ContainsFunc(text[s.start:s.end], isWordRune) {
			list = append(list, text[s.start:s.end])
		}
	}
	return list
}

// spans finds the sentences of a text, those without a word included.
func spans(text string) []span {
	var all []span
	for start := 0; start < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i
		}
		if line, ok := lineBody(text, span{start, end}); ok {
			all = appendSentences(all, text, line)
		}
		start = end + 1
	}
	return all
}

// lineBody trims a line and its mark; false for a heading or an empty line.
func lineBody(text string, s span) (span, bool) {
	s = trim(text, s)
	line := text[s.start:s.end]
	if hashes := strings.TrimLeft(line, "#"); len(hashes) < len(line) && (hashes == "" || hashes[0] == ' ') {
		return s, false
	}
	s.start += markLen(line)
	s = trim(text, s)
	return s, s.start < s.end
}

// markLen is the length of the "1. ", "- ", "* " or "• " that a line starts with, or 0.
func markLen(line string) int {
	for _, mark := range []string{"- ", "* ", "• "} {
		if strings.HasPrefix(line, mark) {
			return len(mark)
		}
	}
	rest := strings.TrimLeft(line, "0123456789")
	if n := len(line) - len(rest); n > 0 && (strings.HasPrefix(rest, ". ") || strings.HasPrefix(rest, ") ")) {
		return n + 2
	}
	return 0
}

func trim(text string, s span) span {
	piece := strings.TrimLeftFunc(text[s.start:s.end], unicode.IsSpace)
	s.start = s.end - len(piece)
	s.end = s.start + len(strings.TrimRightFunc(piece, unicode.IsSpace))
	return s
}

func appendSentences(all []span, text string, line span) []span {
	start := line.start
	for i := line.start; i < line.end; {
		if !isStop(text[i]) {
			i++
			continue
		}
		stop := i
		i = skipStops(text, i, line.end)
		if i < line.end && endsSentence(text[start:stop+1], text[stop:i], text[i:line.end]) {
			all = append(all, trim(text, span{start, i}))
			start = i
		}
	}
	if last := trim(text, span{start, line.end}); last.start < last.end {
		all = append(all, last)
	}
	return all
}

func isStop(b byte) bool { return b == '.' || b == '?' || b == '!' }

// skipStops passes over stops and the quotes and brackets that close behind them.
func skipStops(text string, i, end int) int {
	for i < end {
		r, n := utf8.DecodeRuneInString(text[i:end])
		if !strings.ContainsRune(`.?!…"')]”’`, r) {
			break
		}
		i += n
	}
	return i
}

// endsSentence decides whether the stops between before and after end a sentence. before includes the first stop.
func endsSentence(before, stops, after string) bool {
	r, _ := utf8.DecodeRuneInString(after)
	if !unicode.IsSpace(r) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(after, unicode.IsSpace))
	small := unicode.IsLower(next)
	if small && (strings.HasPrefix(stops, "..") || !isStop(stops[len(stops)-1])) {
		return false // trails off, or a quotation inside the sentence
	}
	if stops != "." {
		return true
	}
	word := strings.ToLower(strings.TrimLeft(before[lastSpace(before):], `("'“‘`))
	switch word {
	case "e.g.", "i.e.", "eg.", "ie.", "dr.", "mr.", "mrs.", "ms.", "prof.", "vs.":
		return false
	case "etc.", "a.m.", "p.m.", "approx.", "incl.", "inc.":
		return !small
	case "no.", "p.", "fig.", "ext.":
		return !unicode.IsDigit(next)
	}
	return true
}

// lastSpace is the index behind the last space of s, looking no further back than any abbreviation is long.
func lastSpace(s string) int {
	const longest = 16
	from := max(0, len(s)-longest)
	return from + strings.LastIndexAny(s[from:], " \t") + 1
}
