package bot

import (
	"regexp"
	"strings"
)

// brackets are the words that package screen puts in for what it masks, with the spaces before them.
var brackets = regexp.MustCompile(`\s*\[(?:NHS number|date of birth|phone number|email address|address|password|hospital number|` +
	`NI number|registration number|smartcard number|patient name)\]`)

// withoutBrackets takes the bracketed words out of a masked text. Nobody typed them, so nothing is looked up by them: an
// NHS number in a question about shifts does not make it a question about NHS numbers.
func withoutBrackets(masked string) string {
	return strings.TrimSpace(brackets.ReplaceAllString(masked, ""))
}
