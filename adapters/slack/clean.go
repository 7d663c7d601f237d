package slack

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lineEnds are all ways to end a line that Slack, or a reader, might know.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// escapes are the only three that Slack knows (https://docs.slack.dev/messaging/formatting-message-text#escaping). With
// "<" escaped no mention is live, whoever wrote it.
var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// clean removes what cannot be seen but does something: control characters, letters of no width, and marks that turn the
// order of letters so that text says one thing and reads as another.
func clean(text string) string {
	return strings.Map(visible, lineEnds.Replace(strings.ToValidUTF8(text, "\uFFFD")))
}

func visible(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\t':
		return ' '
	case unicode.IsControl(r), isHidden(r):
		return -1
	}
	return r
}

// isHidden names the marks of direction, the letters of no width and the tags; of joined signs, such as a family, the
// single ones stay.
func isHidden(r rune) bool {
	switch {
	case r == 0x00AD, r == 0x034F, r == 0x061C, r == 0x115F, r == 0x1160, r == 0x180E, r == 0x3164, r == 0xFEFF:
		return true
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r >= 0xE0000 && r <= 0xE007F:
		return true
	}
	return false
}

// oneLine is clean text with every run of white space as one space.
func oneLine(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

// short is one line of at most most characters, with a sign where it was cut.
func short(text string, most int) string { return cut(oneLine(text), most) }

func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:most-1])) + "…"
}

// escape makes clean text safe where Slack looks for markup.
func escape(text string) string { return escapes.Replace(clean(text)) }

// escapedLen counts the characters of text once it is escaped.
func escapedLen(text string) int {
	return utf8.RuneCountInString(text) + 4*strings.Count(text, "&") + 3*(strings.Count(text, "<")+strings.Count(text, ">"))
}

// split cuts text into pieces of at most most characters, counted as escaped, at a line's end or between words where it
// can. No character but white space at a cut is lost.
func split(text string, most int) []string {
	var pieces []string
	for {
		at := cutAt(text, most)
		if at == len(text) {
			break
		}
		if piece := strings.TrimRight(text[:at], " \n"); piece != "" {
			pieces = append(pieces, piece)
		}
		text = strings.TrimLeft(text[at:], " \n")
	}
	if text != "" {
		pieces = append(pieces, text)
	}
	return pieces
}

// cutAt is the best place to cut within most characters: the end if all of it fits, else the last line's end in the
// second half, else the last space there, else the middle of a word.
func cutAt(text string, most int) int {
	end, length := len(text), 0
	for i, r := range text {
		length++
		switch r {
		case '&':
			length += 4
		case '<', '>':
			length += 3
		}
		if length > most {
			end = i
			break
		}
	}
	if end == len(text) {
		return end
	}
	for _, mark := range []string{"\n", " "} {
		if at := strings.LastIndex(text[:end], mark); at > end/2 {
			return at + 1
		}
	}
	return max(end, 1)
}

// isLink says whether an address may be made a link: the web's two schemes, a host, and nothing before it that could pass
// for one.
func isLink(address string) bool {
	if address == "" || len(address) > maxURL || strings.ContainsFunc(address, func(r rune) bool {
		return r <= ' ' || r == '|' || r == '<' || r == '>' || isHidden(r) || unicode.IsControl(r)
	}) {
		return false
	}
	parsed, err := url.Parse(address)
	return err == nil && (parsed.Scheme == "http" || parsed.Scheme == "https") && parsed.Host != "" && parsed.User == nil
}
