package slack

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"signpost/bot/chat"
)

// A desk stands for what the adapter works with: it keeps each event, sends the replies that the network does not show in
// its acknowledgement, and the messages of a turn.
type desk struct {
	slack   *Slack
	handler deskHandler

	mu     sync.Mutex
	events []chat.Event
	done   map[string]bool
}

type deskHandler = chat.Handler

func (d *desk) handle(ctx context.Context, event chat.Event) (chat.Turn, error) {
	turn, err := d.handler(ctx, event)
	if err != nil {
		return turn, err
	}
	d.mu.Lock()
	again := d.done[event.Key]
	if d.done == nil {
		d.done = map[string]bool{}
	}
	d.done[event.Key] = true
	d.events = append(d.events, event)
	d.mu.Unlock()
	if again && event.Kind != chat.TypedAhead {
		return chat.Turn{}, nil
	}
	posts := turn.Messages
	if turn.Reply != nil && !event.TakesReply {
		posts = append(posts, chat.Post{Key: "reply " + event.Key, To: event.Where, Message: *turn.Reply})
	}
	for _, post := range posts {
		if _, err := d.slack.Send(ctx, post); err != nil {
			return chat.Turn{}, fmt.Errorf("send: %w", err)
		}
	}
	return turn, nil
}

// seen are the events of a kind.
func (d *desk) seen(kind chat.EventKind) []chat.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []chat.Event
	for _, e := range d.events {
		if e.Kind == kind {
			list = append(list, e)
		}
	}
	return list
}

// library is the handler of the scenarios: a librarian who says back what was asked, and can lend books.
func library(context.Context, *Slack) deskHandler {
	return func(_ context.Context, e chat.Event) (chat.Turn, error) {
		switch e.Kind {
		case chat.Said:
			if e.Text == "a form please" {
				return chat.Turn{Form: &loanForm}, nil
			}
			return reply("You asked: " + e.Text), nil
		case chat.Pressed:
			return pressed(e), nil
		case chat.Submitted:
			return submitted(e), nil
		case chat.TypedAhead:
			return chat.Turn{Suggestions: []chat.Choice{{ID: "atlas", Label: "Atlas of " + e.Text}, {ID: "novel", Label: "A novel"}}}, nil
		case chat.Opened:
			return opened("Welcome to the library."), nil
		case chat.SentFile:
			return reply(fmt.Sprintf("You sent %s with %d bytes: %s", e.File.Name, len(e.File.Body), e.Text)), nil
		}
		return chat.Turn{}, nil
	}
}

var loanForm = chat.Form{ID: "loan", Title: "Borrow a book", Submit: "Borrow", Fields: []chat.Field{
	{ID: "book", Label: "Which book?", Kind: chat.TypeAhead}, {ID: "why", Label: "What for?", Kind: chat.Paragraph, Optional: true}}}

func pressed(e chat.Event) chat.Turn {
	switch e.Button {
	case "borrow":
		return chat.Turn{Form: &loanForm}
	case "page two":
		return opened("This is page two.")
	}
	turn := reply("You pressed: " + e.Button + ". " + e.Text)
	if e.Button == "share" {
		turn.Messages = []chat.Post{{Key: "share " + e.Key, To: room(e), Message: *reply("Shared by a reader.").Reply}}
	}
	return turn
}

func room(e chat.Event) chat.Address {
	if e.Room != "" {
		return e.Room
	}
	return e.Where
}

func submitted(e chat.Event) chat.Turn {
	if strings.TrimSpace(e.Values["book"]) == "" {
		form := loanForm
		form.Fields = append([]chat.Field(nil), form.Fields...)
		form.Fields[0].Problem = "Please name a book."
		return chat.Turn{Form: &form}
	}
	return reply("You borrow: " + e.Values["book"])
}

func opened(words string) chat.Turn {
	return chat.Turn{Reply: &chat.Message{Page: &chat.Page{ID: "home", Title: "The library", Text: chat.Parse(words),
		Buttons: []chat.Button{{ID: "borrow", Label: "Borrow a book"}, {ID: "page two", Label: "Turn the page"}, {ID: "hello", Label: "Say hello"}}}}}
}

func reply(words string) chat.Turn {
	return chat.Turn{Reply: &chat.Message{Text: chat.Text{{Kind: chat.Plain, Text: words}}, Buttons: []chat.Button{
		{ID: "helped", Label: "This helped"}, {ID: "borrow", Label: "Borrow a book"}, {ID: "share", Label: "Share in channel"}}}}
}

// logTo gives the adapter's log to the test.
func logTo(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	defer func() { recover() }() // the test may have ended
	w.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}
