package match

import (
	_ "embed"
	"strings"
)

// everydayText are questions that people ask each other and hardly any base answers, one a line. They were written for
// this; none comes from a collection.
//
//go:embed everyday.txt
var everydayText string

var everyday = strings.Split(strings.TrimSpace(everydayText), "\n")
