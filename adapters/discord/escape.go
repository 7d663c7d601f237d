package discord

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// addresses are what Discord's clients make a link of: up to white space or an angle bracket. They take it as one piece, so
// that markdown within it means nothing, and a backslash would become part of it.
var addresses = regexp.MustCompile(`https?://[^\s<>\x{200B}]+`)

// crowds are the mentions that are no token in brackets.
var crowds = regexp.MustCompile(`(?i)@(?:everyone|here)`)

// apart puts something between the sign and the word of a mention of many. An address at hereford.nhs.uk is none.
func apart(text, sign string) string {
	var b strings.Builder
	last := 0
	for _, at := range crowds.FindAllStringIndex(text, -1) {
		if next, _ := utf8.DecodeRuneInString(text[at[1]:]); unicode.IsLetter(next) && next < utf8.RuneSelf || unicode.IsDigit(next) {
			continue
		}
		b.WriteString(text[last:at[0]] + sign)
		last = at[0] + 1
	}
	return b.String() + text[last:]
}

// asTyped makes text safe to put among Discord's markdown: it is shown as it was typed, mentions nobody, and links stay
// links.
func asTyped(text string) string {
	text = clean(text)
	var b strings.Builder
	last := 0
	for _, at := range addresses.FindAllStringIndex(text, -1) {
		b.WriteString(escape(text[last:at[0]], atLineStart(text[:last])))
		b.WriteString(apart(text[at[0]:at[1]], "%40"))
		last = at[1]
	}
	b.WriteString(escape(text[last:], atLineStart(text[:last])))
	return b.String()
}

// escape puts a backslash before everything that Discord's clients read as markdown.
func escape(text string, lineStart bool) string {
	text = apart(text, "@\u200b")
	var b strings.Builder
	digits := false // only digits so far on this line
	for i, r := range text {
		if marksText(r) || lineStart && marksLine(r, text[i+utf8.RuneLen(r):]) || digits && (r == '.' || r == ')') {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		digits = (digits || lineStart) && r >= '0' && r <= '9'
		lineStart = r == '\n' || lineStart && r == ' '
	}
	return b.String()
}

// marksText says whether r can begin or end markdown anywhere: emphasis, code, spoilers, links, and the tokens in angle
// brackets (mentions, emoji, times).
func marksText(r rune) bool { return strings.ContainsRune("\\*_~`|<[]", r) }

// marksLine says whether r, with what follows it, makes something of a line: a heading, a quote, a point, small print.
func marksLine(r rune, after string) bool {
	switch r {
	case '#', '>':
		return true
	case '-', '+':
		return after == "" || strings.HasPrefix(after, " ") || strings.HasPrefix(after, "#")
	}
	return false
}

func atLineStart(before string) bool {
	before = strings.TrimRight(before, " ")
	return before == "" || strings.HasSuffix(before, "\n")
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// clean removes from text what nobody can see and what turns the order of letters. Line breaks stay, as "\n".
func clean(text string) string {
	return strings.Map(visible, lineEnds.Replace(strings.ToValidUTF8(text, "\uFFFD")))
}

// oneLine is clean text with every run of white space as one space: for labels, where Discord reads no markdown.
func oneLine(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

func visible(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\t':
		return ' '
	case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF, r >= 0xE0000 && r <= 0xE007F:
		return -1
	}
	return r
}

// length counts as Discord's clients do, in UTF-16 units.
func length(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// cut shortens text to most units, ending in an ellipsis where something was lost.
func cut(text string, most int) string {
	if length(text) <= most {
		return text
	}
	n := 0
	for i, r := range text {
		n += length(string(r))
		if n > most-1 {
			return strings.TrimRight(text[:i], " ") + "…"
		}
	}
	return text
}
