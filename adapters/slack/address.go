package slack

import (
	"fmt"
	"strings"

	"signpost/bot/chat"
)

// Addresses read "slack:T1/U2" for a person, "slack:T1/C3" for a channel or a direct message, and
// "slack:T1/C3/1700000000.000100" for a thread in one. A reference to a message has the form of a thread's address.

const scheme = "slack:"

// A place is an address or a reference taken apart.
type place struct {
	team    string
	channel string // of a person, the person's own id
	ts      string // the thread, or the message; empty for none
}

func placeOf(address string) (place, error) {
	rest, ok := strings.CutPrefix(address, scheme)
	parts := strings.Split(rest, "/")
	if !ok || len(parts) < 2 || len(parts) > 3 {
		return place{}, fmt.Errorf("slack: no address of Slack: %q", address)
	}
	for _, part := range parts {
		if !isID(part) {
			return place{}, fmt.Errorf("slack: no address of Slack: %q", address)
		}
	}
	p := place{team: parts[0], channel: parts[1]}
	if len(parts) == 3 {
		p.ts = parts[2]
	}
	return p, nil
}

// isID says whether text can be one of Slack's ids or time stamps, so that nothing else is ever put into a mention.
func isID(text string) bool {
	if text == "" || len(text) > 64 {
		return false
	}
	for _, r := range text {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && r != '.' {
			return false
		}
	}
	return true
}

func (p place) String() string {
	s := scheme + p.team + "/" + p.channel
	if p.ts != "" {
		s += "/" + p.ts
	}
	return s
}

func (p place) address() chat.Address { return chat.Address(p.String()) }

func (p place) ref() chat.Ref { return chat.Ref(p.String()) }

// isPerson says whether the address is a person's, who is written to in their direct message.
func (p place) isPerson() bool { return p.ts == "" && isUser(p.channel) }

// isUser tells people's ids, U... and in larger organisations W..., from those of channels.
func isUser(id string) bool { return strings.HasPrefix(id, "U") || strings.HasPrefix(id, "W") }

// isDirect says whether a channel is a direct message between two.
func isDirect(channel string) bool { return strings.HasPrefix(channel, "D") }

// refOf is the reference of a message, or "" where one of its parts is missing.
func refOf(team, channel, ts string) chat.Ref {
	if !isID(team) || !isID(channel) || !isID(ts) {
		return ""
	}
	return place{team, channel, ts}.ref()
}
