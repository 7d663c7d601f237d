package bot_test

import (
	"slices"
	"strings"
	"testing"

	"signpost/bot/chat"
)

// A champion's home page leads to their queue; nobody else's does.
func TestAChampionsHomePage(t *testing.T) {
	h := newHouse(t)
	h.champion(kim, "Kim")
	for who, want := range map[chat.Address]bool{kim: true, sam: false} {
		turn := h.handle(h.by(who, chat.Event{Kind: chat.Opened, Page: "home", TakesReply: true}))
		has := slices.ContainsFunc(turn.Reply.Page.Buttons, func(b chat.Button) bool { return b.ID == "queue" })
		if has != want {
			t.Errorf("the page of %s leads to a queue: %v, want %v", who, has, want)
		}
	}
}

// A question in the offer's channel is claimed there, and then is between two people.
func TestAChannelOfChampions(t *testing.T) {
	h := newHouse(t)
	h.offersTo("discord:room")
	h.champion(kim, "Kim")
	h.works(sam)
	c := h.asks("")
	h.reads("discord:room", "A question for a champion")
	press := h.by(lee, chat.Event{Kind: chat.Pressed, Button: "case " + c.ID + " claim"}) // no champion, but in the room
	press.Where, press.Public = "discord:room", true
	h.handle(press)
	h.reads("discord:room", "Somebody has taken this question")
	h.reads(lee, "You have this question")
	h.reads(sam, "A champion has your question now")
	h.submits(lee, "case "+c.ID+" answer", "text", "Press the red button.")
	h.reads(sam, "A champion has answered you", "Press the red button.")
	for _, text := range h.told("discord:room") {
		if strings.Contains(text, "Press the red") {
			t.Errorf("the room was told %s", text)
		}
	}
}
