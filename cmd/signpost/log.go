package main

import (
	"io"
	"log/slog"
	"regexp"
)

// serveLog is the log of serve: everything from Info on, without secrets.
func serveLog(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: redact}))
}

// tokens are Slack's (see https://docs.slack.dev/authentication/tokens) and Discord's, should an error ever hold one.
var tokens = regexp.MustCompile(`\b(xox[a-z]|xapp|xwfp)-[\w-]{6,}|\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}`)

func redact(_ []string, a slog.Attr) slog.Attr {
	var text string
	switch value := a.Value.Any().(type) {
	case string:
		text = value
	case error:
		text = value.Error()
	default:
		return a
	}
	if tokens.MatchString(text) {
		return slog.String(a.Key, tokens.ReplaceAllString(text, "(a token)"))
	}
	return a
}
