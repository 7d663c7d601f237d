package bot_test

import (
	"strings"
	"testing"

	"signpost/bot/chat"
	"signpost/bot/words"
)

// On a network that gives buttons no numbers people type them all the same.
func TestTypedInsteadOfPressed(t *testing.T) {
	for typed, at := range map[string]int{"1": 0, "The second one.": 1, "number 2": 1} {
		h := newHouse(t)
		offered := h.does(chat.Event{Kind: chat.Said, Text: "shift"})
		if len(offered.Reply.Choices) != 2 {
			t.Fatalf("got %+v, want an offer of two", offered.Reply)
		}
		got := h.says(typed)
		if want := h.does(chat.Event{Kind: chat.Pressed, Button: offered.Reply.Choices[at].ID}).Reply.Text.String(); got != want {
			t.Errorf("%q gives\n%s\nwant\n%s", typed, got, want)
		}
	}
}

func TestTypedNoneAndNotQuite(t *testing.T) {
	h := newHouse(t)
	h.says("shift")
	if got, want := h.says("None of them"), words.Say("unknown.none").String(); got != want {
		t.Errorf("none gives\n%s\nwant\n%s", got, want)
	}
	if n := h.count(`SELECT COUNT(*) FROM question WHERE feedback = 'none'`); n != 1 {
		t.Errorf("%d questions are kept of which none was right, want 1", n)
	}
	h.says("how do i see my shifts, or swap them")
	offered := h.does(chat.Event{Kind: chat.Said, Text: "that's not it"})
	if n := h.count(`SELECT COUNT(*) FROM question WHERE feedback = 'notquite'`); n != 1 {
		t.Errorf("%d questions are kept with an answer that was not quite right, want 1", n)
	}
	if got, want := h.says("the first one"), offered.Reply.Choices[0].Label; !strings.HasPrefix(got, want) {
		t.Errorf("the first of what is closer gives\n%s\nwant %s", got, want)
	}
}

// The same words are a question like any other where nothing was offered or answered.
func TestTypedWithNothingToPress(t *testing.T) {
	h := newHouse(t)
	for _, typed := range []string{"none of these", "not quite", "2"} {
		h.says(typed)
	}
	if n := h.count(`SELECT COUNT(*) FROM question WHERE feedback <> ''`); n != 0 {
		t.Errorf("%d questions have feedback, want none", n)
	}
}

// Once something else was said, a number is no longer a pick: people may mean what they read last.
func TestTypedAfterSomethingElse(t *testing.T) {
	for _, between := range []string{"topics", "hello", "help"} {
		h := newHouse(t)
		h.says("shift")
		h.says(between)
		h.says("2")
		if n := h.count(`SELECT COUNT(*) FROM question WHERE feedback = 'picked'`); n != 0 {
			t.Errorf("after %q a number still picks from the offer before it", between)
		}
	}
}
