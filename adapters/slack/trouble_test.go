package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"signpost/bot/chat"
)

// What comes in that is not for the app, or cannot be read, against the scripted server.

// begin runs the adapter against a scripted server. change may change the settings.
func begin(t *testing.T, handle chat.Handler, change func(*Config)) (*hall, *Slack) {
	t.Helper()
	return beginAt(t, quick, handle, change)
}

// beginAt is begin with other waits.
func beginAt(t *testing.T, pace times, handle chat.Handler, change func(*Config)) (*hall, *Slack) {
	t.Helper()
	f := newScripted(t)
	config := f.config()
	config.Log = logTo(t)
	if change != nil {
		change(&config)
	}
	s, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	s.times = pace
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, handle) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	if config.Workspaces[0].BotToken == goodBot && config.Workspaces[0].AppToken == goodApp {
		eventually(t, "the adapter is connected", func() bool {
			return s.Healthy() == nil && f.open() == config.Sockets || config.Sockets == 0 && f.open() == 2
		})
	}
	return &hall{scripted: f, adapter: s}, s
}

// A notebook is a handler that keeps what it gets.
type notebook struct {
	mu     sync.Mutex
	events []chat.Event
	answer func(chat.Event) (chat.Turn, error)
}

func (n *notebook) handle(_ context.Context, e chat.Event) (chat.Turn, error) {
	n.mu.Lock()
	answer := n.answer
	n.mu.Unlock()
	var turn chat.Turn
	if answer != nil {
		var err error
		if turn, err = answer(e); err != nil {
			return turn, err
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.events = append(n.events, e)
	return turn, nil
}

func (n *notebook) texts() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var list []string
	for _, e := range n.events {
		list = append(list, e.Text)
	}
	return list
}

func (n *notebook) has(text string) bool {
	for _, t := range n.texts() {
		if t == text {
			return true
		}
	}
	return false
}

func words(text string) chat.Message { return chat.Message{Text: chat.Text{{Text: text}}} }

// TestWhoIsNotAnswered: the app's own messages, other bots, notices, and talk among others.
func TestWhoIsNotAnswered(t *testing.T) {
	n := &notebook{}
	h, _ := begin(t, n.handle, nil)
	direct := map[string]any{"type": "message", "channel": privy, "channel_type": "im"}
	for i, change := range []map[string]any{
		{"user": ourBot, "text": "its own"}, {"user": ourBot, "bot_id": "B0BOT", "text": "its own"}, {"user": "U9", "bot_id": "B9", "text": "another bot"},
		{"subtype": "bot_message", "bot_id": "B9", "text": "another bot"}, {"user": reader, "subtype": "channel_join", "text": "joined"},
		{"user": "USLACKBOT", "text": "Slackbot"}, {"text": "nobody"}, {"user": reader, "channel": public, "channel_type": "channel", "text": "to others"},
		{"user": reader, "subtype": "message_changed", "message": map[string]any{"user": reader, "text": "same", "ts": "1.1"}, "previous_message": map[string]any{"user": reader, "text": "same", "ts": "1.1"}},
		{"user": reader, "subtype": "message_changed", "message": map[string]any{"user": ourBot, "bot_id": "B0BOT", "text": "new", "ts": "1.1"}, "previous_message": map[string]any{"text": "old"}},
		{"user": reader, "subtype": "message_deleted", "previous_message": map[string]any{"user": ourBot, "text": "old", "ts": "1.1"}},
		{"type": "reaction_added", "user": reader}, {"type": "team_join"}, {"type": "something_new"}, {"type": ""},
	} {
		inner := map[string]any{"ts": fmt.Sprintf("%d.1", 1_800_000_000+i)}
		for name, value := range direct {
			inner[name] = value
		}
		for name, value := range change {
			inner[name] = value
		}
		if _, ok := h.ask(ofEvents, h.callback(inner)); !ok {
			t.Errorf("not acknowledged: %v", inner)
		}
	}
	h.says(reader, privy, "a person", "")
	eventually(t, "the person is heard", func() bool { return n.has("a person") })
	if got := n.texts(); len(got) != 1 {
		t.Errorf("it listened to %q", got)
	}
}

// TestWhatCannotBeRead: it is acknowledged, so that it does not come for ever, and the socket lives on.
func TestWhatCannotBeRead(t *testing.T) {
	n := &notebook{}
	h, _ := begin(t, n.handle, func(c *Config) { c.Sockets = 1 })
	h.mu.Lock()
	k := h.sockets[0]
	h.mu.Unlock()
	for _, frame := range []string{`{`, `null`, `[]`, `"x"`, `{"type":5}`, `{"type":"events_api"}`, `{"type":"nonsense","envelope_id":"e1","payload":{}}`} {
		k.writing.Lock()
		k.conn.WriteMessage(1, []byte(frame))
		k.writing.Unlock()
	}
	for _, kind := range []string{ofEvents, ofCommands, ofInteraction, "something_new"} {
		for _, payload := range []string{`null`, `[]`, `{}`, `"x"`, `5`, `{"event":5}`, `{"type":"event_callback","event":null}`, `{"type":"block_actions","actions":5}`,
			`{"type":"view_submission","user":{"id":"U1"},"team":{"id":"T1"}}`, `{"type":"event_callback","team_id":"T1","event":{"type":"message","ts":5}}`} {
			if _, ok := h.ask(kind, json.RawMessage(payload)); !ok {
				t.Errorf("not acknowledged: %s %s", kind, payload)
			}
		}
	}
	h.says(reader, privy, "still there", "")
	eventually(t, "the next is heard", func() bool { return n.has("still there") })
	if h.open() != 1 || h.called("apps.connections.open") != 1 {
		t.Errorf("the socket was opened %d times", h.called("apps.connections.open"))
	}
}

func TestOneEventForAMentionInAChannelListenedTo(t *testing.T) {
	n := &notebook{}
	h, _ := begin(t, n.handle, func(c *Config) { c.Listening = true })
	h.says(reader, public, "<@"+ourBot+"> where is the rota?", "") // gives a message and a mention
	h.says(reader, public, "<@"+ourBot+"> last", "")
	eventually(t, "both are heard", func() bool { return n.has("where is the rota?") && n.has("last") })
	time.Sleep(50 * time.Millisecond)
	if got := n.texts(); len(got) != 2 {
		t.Errorf("got %q", got)
	}
}

// TestThreadsOfOthersAreLeftAlone: with Listening, a thread counts once the app has posted in it; after a start Slack is
// asked.
func TestThreadsOfOthersAreLeftAlone(t *testing.T) {
	n := &notebook{}
	h, _ := begin(t, n.handle, func(c *Config) { c.Listening = true })
	h.mu.Lock()
	ours := &posted{Type: "message", TS: h.ts(), User: ourBot, BotID: "B0BOT", Text: "a card from before"}
	theirs := &posted{Type: "message", TS: h.ts(), User: "U2", Text: "talk"}
	h.messages[public] = append(h.messages[public], ours, theirs)
	h.mu.Unlock()
	h.says("U2", public, "among ourselves", theirs.TS)
	h.says("U2", public, "an answer", ours.TS)
	eventually(t, "the answer is heard", func() bool { return n.has("an answer") })
	h.says("U2", public, "more", ours.TS)
	eventually(t, "more is heard", func() bool { return n.has("more") })
	if got := n.texts(); len(got) != 2 {
		t.Errorf("got %q", got)
	}
}
