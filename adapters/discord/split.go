package discord

import "strings"

// split cuts text into pieces of at most the given length: at an empty line if there is one in the second half, else at a
// line end, else at a space, else anywhere but in the middle of what belongs together. There is always one piece.
func split(text string, most int) []string {
	var pieces []string
	for {
		head := prefix(text, most)
		if len(head) == len(text) {
			break
		}
		at := cutAt(head)
		if piece := strings.TrimSpace(text[:at]); piece != "" {
			pieces = append(pieces, piece)
		}
		text = strings.TrimLeft(text[at:], "\n ")
	}
	if text = strings.TrimSpace(text); text != "" || len(pieces) == 0 {
		pieces = append(pieces, text)
	}
	return pieces
}

// prefix is the longest beginning of text with at most so many units.
func prefix(text string, most int) string {
	n := 0
	for i, r := range text {
		if n += length(string(r)); n > most {
			return text[:i]
		}
	}
	return text
}

func cutAt(head string) int {
	for _, end := range []string{"\n\n", "\n", " "} {
		if at := strings.LastIndex(head, end); at > len(head)/2 {
			return at
		}
	}
	// A backslash belongs to what follows it, be it another one.
	slashes := len(head) - len(strings.TrimRight(head, `\`))
	return len(head) - slashes%2
}
