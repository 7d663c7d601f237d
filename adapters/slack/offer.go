package slack

import (
	"context"
	"crypto/rand"
	"strings"

	"signpost/bot/chat"
)

// Slack opens a form only right after a press or a command. Where a typed message leads to one, the person gets a button for
// it. Forms that wait for that are kept in memory only, as forms are never durable.

// ownForm starts the id of such a button; no button of the bot's begins so.
const ownForm = "~form:"

// mostOffered is how many forms wait at once; the oldest is forgotten first.
const mostOffered = 2000

// An offer is a form that waits for the person it is for.
type offer struct {
	person chat.Address
	form   chat.Form
}

// offerForm shows the way to a form where the person is, or, where others can read, in their direct message.
func (s *Slack) offerForm(ctx context.Context, t *task, form *chat.Form) {
	if form == nil {
		return
	}
	token := rand.Text()
	s.offers.keep(token, offer{t.event.Person, *form})
	text := chat.Text{{Kind: chat.Heading, Text: form.Title}}.Add(form.Intro)
	pages := render(chat.Message{Text: text, Buttons: []chat.Button{{ID: ownForm + token, Label: openIt}}}, "")
	where, err := placeOf(string(t.event.Where))
	if err != nil || t.event.Public {
		s.tellDirect(ctx, t, pages)
		return
	}
	for i := 0; err == nil && i < len(pages); i++ {
		_, err = s.post(ctx, t.team, where, pages[i])
	}
	s.noteError(t.team, "show the way to a form", err)
}

// offered is the turn of a press on such a button; ok is false where the event is for the handler.
func (s *Slack) offered(event chat.Event) (turn chat.Turn, ok bool) {
	token, ours := strings.CutPrefix(event.Button, ownForm)
	if event.Kind != chat.Pressed || !ours {
		return chat.Turn{}, false
	}
	o, known := s.offers.get(token)
	if !known || o.person != event.Person {
		return chat.Turn{Private: []chat.Message{{Text: chat.Text{{Kind: chat.Plain, Text: formGone}}}}}, true
	}
	return chat.Turn{Form: &o.form}, true
}
