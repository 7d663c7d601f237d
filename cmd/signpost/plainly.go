package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// What people read of an error: without the names of packages and types, and with what the command library says put into
// words for somebody who has not written it.

var (
	ofPackage = regexp.MustCompile(`(^|: )(?:(?:knowledge|place|sqldb|encoder|table|chat|desk|escalation|people|setting): )+`)
	libraries = []struct {
		says  *regexp.Regexp
		plain string
	}{
		{regexp.MustCompile(`^required flag\(s\) "(.+)" not set$`), "it needs --$1 as well"},
		{regexp.MustCompile(`^requires at least \d+ arg\(s\), only received \d+$`), "something is missing after the command"},
		{regexp.MustCompile(`^accepts \d+ arg\(s\), received 0$`), "something is missing after the command"},
		{regexp.MustCompile(`^accepts .*arg\(s\), received \d+$`), "that is too much, or too little, after the command; words that belong together go in quotation marks"},
		{regexp.MustCompile(`^unknown flag: (--.+)$`), "there is no flag $1"},
		{regexp.MustCompile(`^unknown shorthand flag: .* in (-.+)$`), "there is no flag $1; a value that begins with - goes after --"},
		{regexp.MustCompile(`^flag needs an argument: (?:'.' in )?(-.+)$`), "$1 needs a value after it"},
		{regexp.MustCompile(`^invalid argument "(.*)" for "(?:-., )?(--[^"]+)" flag: .*$`), `$2 does not take "$1"`},
	}
)

// plainly is an error as people read it.
func plainly(err error) string {
	text := err.Error()
	if errors.Is(err, context.Canceled) {
		text = strings.Replace(text, context.Canceled.Error(), "stopped before it was done", 1)
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		field := kind.Field[strings.LastIndex(kind.Field, ".")+1:]
		says := fmt.Sprintf("%q cannot be a %s", field, kind.Value)
		if field == "" {
			says = fmt.Sprintf("a %s cannot stand there", kind.Value)
		}
		text = strings.Replace(text, kind.Error(), says, 1)
	}
	for _, l := range libraries {
		if l.says.MatchString(text) {
			return strings.ReplaceAll(l.says.ReplaceAllString(text, l.plain), `", "`, " and --") // of several flags
		}
	}
	return ofPackage.ReplaceAllString(text, "$1")
}
