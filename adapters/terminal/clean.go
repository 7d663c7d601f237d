package terminal

import (
	"regexp"
	"strings"
	"unicode"
)

// escapes are the sequences that make a terminal do something: those with parameters, those that carry a string up to
// an end mark, and the short ones. A string without its end mark loses only its beginning, so that it cannot swallow
// what follows it.
var escapes = regexp.MustCompile(
	`(?:\x1b\[|\x{9b})[0-?]*[ -/]*[@-~]` +
		`|(?:\x1b[\]PX^_]|[\x{90}\x{98}\x{9d}-\x{9f}])[^\x07\x1b\x{9c}\r\n]*(?:\x07|\x1b\\|\x{9c})` +
		`|\x1b[ -/]*[0-~]`)

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n",
	"\u2029", "\n")

// clean removes from text everything that could move the cursor, change the terminal or turn the order of letters. Line
// breaks stay, as "\n".
func clean(text string) string {
	text = validUTF8(text)
	if strings.ContainsAny(text, "\x1b\u0090\u0098\u009b\u009d\u009e\u009f") {
		text = escapes.ReplaceAllString(text, "")
	}
	return strings.Map(visible, lineEnds.Replace(text))
}

// oneLine is clean text with every run of white space, line breaks among them, as one space.
func oneLine(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

func validUTF8(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

func visible(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\t':
		return ' '
	case unicode.IsControl(r), turnsOrder(r):
		return -1
	}
	return r
}

// turnsOrder says whether r embeds, overrides or isolates the direction of writing. The plain direction marks, which
// right-to-left text needs, are not among them.
func turnsOrder(r rune) bool { return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 }
