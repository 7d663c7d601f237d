package plain

import (
	"fmt"
	"strings"
)

// vague are link texts that do not say where a link goes. Someone who listens to a page hears its links alone.
var vague = wordListSet("here", "this", "this link", "this page", "link", "the link", "more", "read more", "see more",
	"learn more", "find out more", "more info", "more information", "details", "click", "go")

func wordListSet(list ...string) map[string]bool {
	set := map[string]bool{}
	for _, w := range list {
		set[w] = true
	}
	return set
}

// checkLinks finds vague link texts and addresses that stand in the text.
func (v *visit) checkLinks(s sentence) {
	for _, l := range s.links {
		if where := v.text[l.start:l.end]; vague[strings.ToLower(strings.TrimSpace(where))] {
			v.add("click-here", vagueLink(where, ""), where)
		}
	}
	for i, t := range s.tokens {
		if t.kind == link && !namesMail(s.tokens[i:]) {
			v.add("bare-link", fmt.Sprintf("Write the name of the page, not its address %q.", t.text), t.text)
		}
	}
}

// namesMail reports whether tokens start with an address that only says whose e-mail it is: "an nhs.net account".
func namesMail(tokens []token) bool {
	if len(tokens) < 2 || strings.ContainsAny(tokens[0].text, "/:") {
		return false
	}
	switch tokens[1].small {
	case "account", "accounts", "address", "addresses", "email", "emails", "mailbox":
		return true
	}
	return false
}

func vagueLink(where, _ string) string {
	return fmt.Sprintf("%q does not say where the link goes. Use the name of the page.", where)
}
