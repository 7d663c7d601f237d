package slack

import (
	"strings"
)

// plain makes plain words of what Slack sends as a message's text, in which "<...>" are tokens and "&lt;", "&gt;" and
// "&amp;" stand for themselves. Each is undone once: "&amp;lt;" is the "&lt;" that a person typed. Mentions of the person
// with the id own, the app itself, are left out; nobody else's name is kept.
func plain(text, own string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "<")
		b.WriteString(unescape(before))
		if !found {
			break
		}
		token, after, closed := strings.Cut(rest, ">")
		if !closed || strings.Contains(token, "<") {
			b.WriteString("<") // no token: Slack never sends this, a test server may
			text = rest
			continue
		}
		b.WriteString(unescape(word(token, own)))
		text = after
	}
	return strings.TrimSpace(clean(b.String()))
}

var unescapes = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

func unescape(text string) string { return unescapes.Replace(text) }

// word is what a token reads as: "@U1|sam" a person, "#C1|general" a channel, "!here" and "!subteam^S1|@team" a group,
// "!date^...|text" a date, anything else a link.
func word(token, own string) string {
	target, label, labelled := strings.Cut(token, "|")
	switch {
	case strings.HasPrefix(target, "@"):
		if target[1:] == own {
			return ""
		}
		return named("@", label, someone)
	case strings.HasPrefix(target, "#"):
		return named("#", label, someChannel)
	case strings.HasPrefix(target, "!date^"):
		return label
	case strings.HasPrefix(target, "!subteam^"):
		return named("@", label, someGroup)
	case strings.HasPrefix(target, "!"):
		return "@" + strings.TrimPrefix(target, "!")
	case labelled && label != "" && label != target && "http://"+label != target && "mailto:"+label != target:
		return label + " (" + target + ")"
	case strings.HasPrefix(target, "mailto:"):
		return strings.TrimPrefix(target, "mailto:")
	}
	return target
}

func named(sign, label, unknown string) string {
	if label = strings.TrimPrefix(label, sign); label != "" {
		return sign + label
	}
	return unknown
}

// mentions says whether text calls the person with this id.
func mentions(text, id string) bool {
	return id != "" && (strings.Contains(text, "<@"+id+">") || strings.Contains(text, "<@"+id+"|"))
}
