package discord

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"signpost/bot/chat"
)

const network = "discord"

func personAddress(user string) chat.Address     { return chat.Address(network + ":U" + user) }
func channelAddress(channel string) chat.Address { return chat.Address(network + ":C" + channel) }
func threadAddress(channel, thread string) chat.Address {
	return chat.Address(network + ":C" + channel + "/T" + thread)
}
func messageRef(channel, message string) chat.Ref {
	return chat.Ref(network + ":C" + channel + "/M" + message)
}

// A target is an address taken apart: either a person, or a channel and perhaps a thread of it.
type target struct{ person, channel, thread string }

func parseAddress(address chat.Address) (target, error) {
	rest, ok := strings.CutPrefix(string(address), network+":")
	if user, is := strings.CutPrefix(rest, "U"); ok && is && isID(user) {
		return target{person: user}, nil
	}
	if rest, is := strings.CutPrefix(rest, "C"); ok && is {
		channel, thread, threaded := strings.Cut(rest, "/T")
		if isID(channel) && (!threaded || isID(thread)) {
			return target{channel: channel, thread: thread}, nil
		}
	}
	return target{}, fmt.Errorf("discord: %q is no address here, such as discord:U1, discord:C2 or discord:C2/T3", address)
}

func parseRef(ref chat.Ref) (channel, message string, err error) {
	rest, ok := strings.CutPrefix(string(ref), network+":C")
	channel, message, cut := strings.Cut(rest, "/M")
	if !ok || !cut || !isID(channel) || !isID(message) {
		return "", "", fmt.Errorf("discord: %q is no message here, such as discord:C2/M4", ref)
	}
	return channel, message, nil
}

// isID reports whether text is a snowflake: digits and nothing else, so that no address can lead a request astray.
func isID(text string) bool {
	if text == "" || len(text) > 20 {
		return false
	}
	return strings.Trim(text, "0123456789") == ""
}

// epoch is the first second of 2015, from which snowflakes count (reference.mdx: Snowflakes).
const epoch = 1420070400000

// timeOf is when a snowflake was made; the zero time where it is none.
func timeOf(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + epoch).UTC()
}
