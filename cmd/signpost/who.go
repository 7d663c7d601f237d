package main

import (
	"cmp"
	"os/user"
	"regexp"
	"slices"
	"strings"

	"signpost/bot/chat"
)

// operator is who did what a command does, for the audit trail: the user of this machine.
func operator() string {
	name := ""
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return "command:" + cmp.Or(name, "unknown")
}

// knownNetworks are those that an address can be of.
var knownNetworks = []string{"slack", "discord", "terminal"}

var addressForm = regexp.MustCompile(`^[a-z]+:[^\s:]\S{0,199}$`)

// readAddress reads the address of a person or a channel as typed.
func readAddress(typed string) (chat.Address, error) {
	address := chat.Address(strings.TrimSpace(typed))
	if !addressForm.MatchString(string(address)) || !slices.Contains(knownNetworks, address.Network()) {
		return "", usagef("%q is no address; it looks like slack:T1/U2, discord:U2 or terminal:sam. A person can type me, and reads their own", typed)
	}
	return address, nil
}
