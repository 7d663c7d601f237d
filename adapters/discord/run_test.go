package discord

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/bot/chat"
)

// longWait is how long a test waits for what must happen. It is long, since the machine may be busy with other things.
const longWait = time.Minute

// until waits for something, and says whether it came.
func until(ok func() bool) bool {
	for end := time.Now().Add(longWait); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return true
		}
	}
	return false
}

// quickTimes make short the waits between tries. What says that something takes too long is long: on a busy machine nothing
// does.
func quickTimes() times {
	return times{
		deferAfter: longWait, suggestFor: longWait, handleFor: longWait, retryAfter: time.Millisecond,
		request: longWait, hello: longWait, write: longWait, identifyGap: 0, freshFrom: 0, freshTo: 2 * time.Millisecond,
		settled: time.Hour, waitFrom: 2 * time.Millisecond, waitTo: 5 * time.Millisecond, drain: longWait,
	}
}

// testLog writes what the adapter logs to the test, as long as it runs.
type testLog struct {
	mu   sync.Mutex
	t    *testing.T
	said strings.Builder
}

func (l *testLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said.Write(b)
	return len(b), nil
}

func (l *testLog) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.said.String()
}

func newLog(t *testing.T) (*slog.Logger, *testLog) {
	l := &testLog{t: t}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(l.text())
		}
	})
	return slog.New(slog.NewTextHandler(l, nil)), l
}

// A running is an adapter under way, with a small bot behind it that keeps the events.
type running struct {
	*Discord
	t      *testing.T
	log    *testLog
	cancel context.CancelFunc
	done   chan error

	mu     sync.Mutex
	events []chat.Event
	turn   func(chat.Event) (chat.Turn, error)
}

// start runs an adapter until the test ends. turn is what the bot makes of an event; where the network takes no reply, the
// test sends it, as the desk does.
func start(t *testing.T, config Config, turn func(chat.Event) (chat.Turn, error)) *running {
	t.Helper()
	r := prepare(t, config, turn)
	r.run()
	return r
}

// startImpatient is start with an adapter that puts off what is not answered very soon.
func startImpatient(t *testing.T, config Config, turn func(chat.Event) (chat.Turn, error)) *running {
	t.Helper()
	r := prepare(t, config, turn)
	r.times.deferAfter, r.times.suggestFor = 150*time.Millisecond, 150*time.Millisecond
	r.run()
	return r
}

func prepare(t *testing.T, config Config, turn func(chat.Event) (chat.Turn, error)) *running {
	t.Helper()
	r := &running{t: t, turn: turn, done: make(chan error, 1)}
	config.Log, r.log = newLog(t)
	d, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	d.times = quickTimes()
	r.Discord = d
	return r
}

func (r *running) run() {
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	go func() { r.done <- r.Run(ctx, r.handleEvent) }()
	r.t.Cleanup(func() { r.end() })
}

// end stops it and gives what Run returned.
func (r *running) end() error {
	r.cancel()
	err, ok := <-r.done
	if ok {
		close(r.done)
	}
	return err
}

func (r *running) handleEvent(ctx context.Context, event chat.Event) (chat.Turn, error) {
	r.mu.Lock()
	r.events = append(r.events, event)
	r.mu.Unlock()
	turn, err := r.turn(event)
	if err == nil && turn.Reply != nil && !event.TakesReply {
		_, err := r.Send(ctx, chat.Post{Key: event.Key + "/reply", To: event.Where, Message: *turn.Reply})
		if err != nil {
			return turn, fmt.Errorf("send the reply: %w", err)
		}
		turn.Reply = nil
	}
	return turn, err
}

// event is the n-th event, once it has come.
func (r *running) event(n int) chat.Event {
	r.t.Helper()
	var e chat.Event
	come := until(func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.events) > n {
			e = r.events[n]
		}
		return len(r.events) > n
	})
	if !come {
		r.t.Fatalf("event %d did not come", n)
	}
	return e
}

func plain(text string) chat.Message {
	return chat.Message{Text: chat.Text{{Kind: chat.Plain, Text: text}}}
}

func says(text string) chat.Turn {
	m := plain(text)
	return chat.Turn{Reply: &m}
}

func quietly(chat.Event) (chat.Turn, error) { return chat.Turn{}, nil }

// testMenu is a menu as a bot might have it.
func testMenu() chat.Menu {
	return chat.Menu{
		Commands: []chat.Command{
			{Name: "ask", Summary: "Ask a question", Says: "{value}",
				Field: &chat.Field{ID: "question", Label: "Your question", Hint: "in your own words", Kind: chat.TypeAhead}},
			{Name: "topics", Summary: "See all topics", Says: "topics"},
		},
		Shortcuts: []chat.Shortcut{{ID: "find-help", Label: "Find help with this"}},
		Prompts:   []chat.Choice{{ID: "p1", Label: "How do I see my shifts?"}},
	}
}
