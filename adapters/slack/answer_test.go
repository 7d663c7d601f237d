package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/bot/chat"
)

// How people are answered when things are slow, late or gone, against the scripted server.

// TestBusy: with a handler that does not come back, everybody is told within three seconds, or Slack is left to deliver
// again. The scripted server counts the seconds.
func TestBusy(t *testing.T) {
	busy := func(ctx context.Context, _ chat.Event) (chat.Turn, error) {
		<-ctx.Done()
		return chat.Turn{}, ctx.Err()
	}
	h, s := begin(t, busy, nil)
	ref, err := s.Send(t.Context(), chat.Post{Key: "k", To: "slack:T1/C1", Message: chat.Message{Text: chat.Text{{Text: "Press"}}, Buttons: []chat.Button{{ID: "b", Label: "Press me"}}}})
	if err != nil {
		t.Fatal(ref, err)
	}
	modal := modalOf(loanForm, origin{Where: "slack:T1/C1", Public: true})
	h.mu.Lock()
	h.modal, _ = json.Marshal(modal)
	h.mu.Unlock()
	var all sync.WaitGroup
	all.Go(func() { h.mustAnswer(h.command(reader, public, "a question")) })
	all.Go(func() { h.press("Press me") })
	all.Go(func() {
		if told := h.submit(loanForm, map[string]string{"why": "x"}); !strings.Contains(told, sorrySent) {
			t.Errorf("the form says %q", told)
		}
	})
	all.Go(func() {
		if labels := h.typing(loanForm, "book", "a"); len(labels) != 0 {
			t.Errorf("suggested %q", labels)
		}
	})
	all.Wait()
	eventually(t, "both are told in words", func() bool {
		told := 0
		for _, m := range h.sees("slack:T1/C1") {
			if m.Private && m.Text == sorry {
				told++
			}
		}
		return told == 2
	})
}

// gate holds a handler back, deaf to its deadline, until it is released. began is closed once a handler waits.
func gate() (began chan struct{}, wait, release func()) {
	began, open := make(chan struct{}), make(chan struct{})
	begin := sync.OnceFunc(func() { close(began) })
	return began, func() { begin(); <-open }, sync.OnceFunc(func() { close(open) })
}

// TestLateAnswer: an answer that misses the three seconds goes to the address for later answers.
func TestLateAnswer(t *testing.T) {
	if ackWithin > 2900*time.Millisecond {
		t.Errorf("an answer goes after %v, and Slack waits three seconds", ackWithin)
	}
	_, wait, release := gate()
	slow := func(context.Context, chat.Event) (chat.Turn, error) {
		wait()
		return reply("better late"), nil
	}
	h, _ := begin(t, slow, nil)
	defer release()
	h.mustAnswer(h.command(reader, public, "a question"))
	release()
	eventually(t, "the answer is seen", func() bool {
		seen := h.sees("slack:T1/C1")
		return len(seen) > 0 && seen[len(seen)-1].Private && seen[len(seen)-1].Text == "better late"
	})
}

func TestExpiredTrigger(t *testing.T) {
	n := &notebook{answer: func(e chat.Event) (chat.Turn, error) { return chat.Turn{Form: &loanForm}, nil }}
	h, _ := begin(t, n.handle, nil)
	command := h.slash(reader, public, "borrow")
	command["trigger_id"] = "expired-1"
	if _, ok := h.ask(ofCommands, command); !ok {
		t.Error("no answer")
	}
	eventually(t, "the person is asked to press again", func() bool {
		seen := h.sees("slack:T1/C1")
		return len(seen) == 1 && seen[0].Private && seen[0].Text == pressAgain
	})
}

// TestDeadAddress: a follow-up whose address is dead becomes a direct message.
func TestDeadAddress(t *testing.T) {
	n := &notebook{answer: func(e chat.Event) (chat.Turn, error) {
		return chat.Turn{Private: []chat.Message{words("for you")}}, nil
	}}
	h, _ := begin(t, n.handle, nil)
	h.breaks("respond", fault{status: 404, body: "used_url"})
	h.command(reader, public, "x")
	eventually(t, "it comes as a direct message", func() bool {
		seen := h.sees("slack:T1/D1")
		return len(seen) == 1 && seen[0].Text == "for you"
	})
}

// TestAddressOfAStranger: what the app says, and its token, go to Slack alone.
func TestAddressOfAStranger(t *testing.T) {
	_, s := begin(t, (&notebook{}).handle, nil)
	for address, want := range map[string]bool{"https://hooks.slack.com/x": true, "https://files.slack.com/x": true, s.config.API + "x": true,
		"http://hooks.slack.com/x": false, "https://slack.com.evil.example/x": false, "https://evilslack.com/": false, "https://a@slack.com/": false,
		"https://evil.example/slack.com": false, "": false, "file:///x": false} {
		if got := s.trusted(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

func TestHomeAndPrompts(t *testing.T) {
	n := &notebook{answer: func(e chat.Event) (chat.Turn, error) {
		switch {
		case e.Kind == chat.Opened:
			return opened("Welcome to the library."), nil
		case e.Button == "page two":
			return opened("This is page two."), nil
		case e.Kind == chat.Pressed:
			return reply("Hello to you."), nil
		}
		return chat.Turn{}, nil
	}}
	h, _ := begin(t, n.handle, func(c *Config) { c.Menu.Prompts = []chat.Choice{{ID: "a", Label: "How do I begin?"}} })
	h.event(map[string]any{"type": "app_home_opened", "user": reader, "channel": privy, "tab": "messages", "event_ts": "1800000000.1"})
	h.event(map[string]any{"type": "app_home_opened", "user": reader, "channel": privy, "tab": "home", "event_ts": "1800000000.2"})
	home := func(words string) func() bool {
		return func() bool { return strings.Contains(h.sees("slack:T1/home")[0].Text, words) }
	}
	eventually(t, "the home page is shown", home("Welcome to the library."))
	h.press("Turn the page")
	eventually(t, "the page is turned", home("This is page two."))
	h.press("Say hello")
	eventually(t, "the answer is in the direct message", func() bool {
		seen := h.sees("slack:T1/D1")
		return len(seen) == 1 && seen[0].Text == "Hello to you."
	})
	eventually(t, "there are prompts", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return strings.Contains(string(h.prompts), "How do I begin?")
	})
	if len(h.sees("slack:T1/D1")) != 1 {
		t.Error("opening the messages tab says something")
	}
}

// TestPrivateStaysPrivate: what was asked by command, pressed in its answer, or filled in from there, is answered to the
// person alone.
func TestPrivateStaysPrivate(t *testing.T) {
	h, _ := begin(t, library(context.Background(), nil), nil)
	h.command(reader, public, "my secret question")
	h.press("This helped")
	h.press("Borrow a book")
	h.submit(loanForm, map[string]string{"book": "Atlas"})
	eventually(t, "all are answered", func() bool { return len(h.sees("slack:T1/C1")) == 3 })
	for _, m := range h.sees("slack:T1/C1") {
		if !m.Private {
			t.Errorf("everybody reads %q", m.Text)
		}
	}
}

// TestFormToldTooLateIsNotHandled: a form whose sender was told that it was not sent must not have its effect after that.
func TestFormToldTooLateIsNotHandled(t *testing.T) {
	began, wait, release := gate()
	n := &notebook{answer: func(e chat.Event) (chat.Turn, error) {
		if e.Kind == chat.Said {
			wait()
		}
		return chat.Turn{}, nil
	}}
	h, _ := begin(t, n.handle, nil)
	defer release()
	modal, err := json.Marshal(modalOf(loanForm, origin{Where: "slack:T1/C1", Public: true}))
	if err != nil {
		t.Fatal(err)
	}
	h.mu.Lock()
	h.modal = modal
	h.mu.Unlock()
	h.deliver(ofCommands, h.slash(reader, public, "slow"), false)
	<-began
	if told := h.submit(loanForm, map[string]string{"why": "x"}); !strings.Contains(told, sorrySent) {
		t.Errorf("the form says %q", told)
	}
	release()
	eventually(t, "the slow one is done", func() bool { return n.has("slow") })
	time.Sleep(50 * time.Millisecond)
	if len(n.texts()) != 1 {
		t.Errorf("the form was handled after all: %q", n.texts())
	}
}

func TestFilesThatCannotBeSent(t *testing.T) {
	h, s := begin(t, (&notebook{}).handle, nil) // without Files
	m := words("Here it is.")
	m.File = &chat.File{Name: "rota.csv", Size: 1, Body: []byte("a")}
	if _, err := s.Send(t.Context(), chat.Post{Key: "k", To: "slack:T1/D1", Message: m}); err != nil {
		t.Fatal(err)
	}
	if seen := h.sees("slack:T1/D1"); !strings.Contains(seen[0].Text, "rota.csv") || h.called("files.getUploadURLExternal") != 0 {
		t.Errorf("got %+v", seen)
	}
}

// TestFilesThatAreNotFetched: one that is too long, and one that lies elsewhere; the event comes without its body.
func TestFilesThatAreNotFetched(t *testing.T) {
	n := &notebook{}
	h, _ := begin(t, n.handle, nil)
	for i, f := range []map[string]any{{"id": "F1", "name": "long.csv", "size": chat.LongestFile + 1, "url_private_download": h.server.URL + "/files/F1"},
		{"id": "F2", "name": "elsewhere.csv", "size": 5, "url_private_download": "https://evil.example/F2"}} {
		h.event(map[string]any{"type": "message", "subtype": "file_share", "user": reader, "channel": privy, "ts": fmt.Sprintf("1800000000.%06d", i), "files": []any{f}})
	}
	eventually(t, "both come", func() bool { return len(n.texts()) == 2 })
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range n.events {
		if e.Kind != chat.SentFile || e.File.Name == "" || len(e.File.Body) != 0 {
			t.Errorf("got %+v", e)
		}
	}
}

// TestNameIsRemembered: messages do not say what a person is called; commands do.
func TestNameIsRemembered(t *testing.T) {
	n := &notebook{}
	h, _ := begin(t, n.handle, nil)
	h.command(reader, public, "first")
	h.says(reader, privy, "second", "")
	eventually(t, "both come", func() bool { return n.has("first") && n.has("second") })
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range n.events {
		if e.Name != "reader" {
			t.Errorf("%q comes from %q", e.Text, e.Name)
		}
	}
}

// TestFormDeliveredTwiceIsAnsweredTwice: the same form that comes again, over another socket, is handled once, and what
// was wrong with it is said again: an empty answer would close it, and what was typed would be gone.
func TestFormDeliveredTwiceIsAnsweredTwice(t *testing.T) {
	n := &notebook{answer: func(e chat.Event) (chat.Turn, error) {
		form := loanForm
		form.Fields = []chat.Field{{ID: "book", Label: "Which book?", Kind: chat.TypeAhead, Problem: "Please name a book."}}
		return chat.Turn{Form: &form}, nil
	}}
	h, _ := begin(t, n.handle, nil)
	h.mu.Lock()
	h.modal, _ = json.Marshal(modalOf(loanForm, origin{Where: "slack:T1/C1", Public: true}))
	h.mu.Unlock()
	sent := map[string]any{"type": "view_submission", "team": map[string]any{"id": team1}, "user": map[string]any{"id": reader},
		"trigger_id": h.newTrigger(), "view": h.view(nil)}
	for range 2 {
		if answer, ok := h.ask(ofInteraction, sent); !ok || !strings.Contains(string(answer), "Please name a book.") {
			t.Errorf("the form is answered %s, %v", answer, ok)
		}
	}
	if len(n.texts()) != 1 {
		t.Errorf("it was handled %d times", len(n.texts()))
	}
}
