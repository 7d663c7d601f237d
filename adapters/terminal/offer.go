package terminal

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"signpost/bot/chat"
)

// An offer is a button or choice that its number or its label, typed in full, stands for.
type offer struct{ id, label string }

// shownAs lays out a message and lists what its numbers stand for: the choices first, then the buttons.
func shownAs(m chat.Message) (sheet, []offer) {
	choices, buttons := m.Choices, m.Buttons
	s := written(m.Text)
	if m.Page != nil {
		s = append(append(s, heading(oneLine(m.Page.Title))), written(m.Page.Text)...)
		choices = append(choices[:len(choices):len(choices)], m.Page.Choices...)
		buttons = append(buttons[:len(buttons):len(buttons)], m.Page.Buttons...)
	}
	list, offers := listed(choices)
	row := block{row: true}
	for _, b := range buttons {
		offers = append(offers, offer{b.ID, oneLine(b.Label)})
		row.lines = append(row.lines, fmt.Sprintf("[%d] %s", len(offers), oneLine(b.Label)))
	}
	return append(s, list, row), offers
}

func listed(choices []chat.Choice) (block, []offer) {
	var list block
	var offers []offer
	for i, c := range choices {
		list.lines = append(list.lines, numbered(i, c))
		offers = append(offers, offer{c.ID, oneLine(c.Label)})
	}
	return list, offers
}

// choose finds the offer that typed stands for. number says that it was a number, whether or not there is such an offer.
func choose(typed string, offers []offer) (picked offer, found, number bool) {
	n, number := asNumber(typed)
	if number && n >= 1 && n <= len(offers) {
		return offers[n-1], true, true
	}
	label := oneLine(typed)
	for _, o := range offers {
		if o.label != "" && strings.EqualFold(o.label, label) {
			return o, true, number
		}
	}
	return offer{}, false, number
}

// mayBeRung reports whether a number has three digits or more, as 999 and 2222 have. No list is so long, and somebody in
// need must not be told to look at one.
func mayBeRung(typed string) bool {
	digits := 0
	for _, r := range typed {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits >= 3
}

// asNumber reads a number as people type it or see it on the screen: 2, [2] or "2.". One too large to count is 0, which
// no offer has.
func asNumber(typed string) (int, bool) {
	typed = strings.TrimSpace(typed)
	if inner, ok := strings.CutPrefix(typed, "["); ok && strings.HasSuffix(inner, "]") {
		typed = strings.TrimSuffix(inner, "]")
	}
	n, err := strconv.Atoi(strings.TrimSuffix(typed, "."))
	if errors.Is(err, strconv.ErrRange) {
		return 0, true
	}
	return n, err == nil
}
