package slack

import (
	"strings"
	"testing"

	"signpost/bot/chat"
)

// These scenarios play people at the local Slack server, in Socket Mode and over HTTP. Each is one ability.

func TestAskInDirectMessage(t *testing.T) {
	onBothRoads(t, Config{}, func(t *testing.T, e *emulator, d *desk) {
		dm := e.directOf(alice)
		e.play("message", map[string]any{"channel": dm, "user": alice, "text": "how do I reset my password &amp; pin?"})
		answer := e.sees(dm, "You asked")
		if answer.Text != "You asked: how do I reset my password &amp; pin?" {
			t.Errorf("the answer reads %q", answer.Text)
		}
		if answer.EphemeralTo != "" || answer.ThreadTS != "" {
			t.Errorf("the answer is for %q in thread %q", answer.EphemeralTo, answer.ThreadTS)
		}
		said := d.seen(chat.Said)[0]
		if said.Person != "slack:T01TEST/U01ALICE" || said.Where != chat.Address("slack:T01TEST/"+dm) || said.Public || said.Home != "north" {
			t.Errorf("the event is %+v", said)
		}
		if said.Text != "how do I reset my password & pin?" {
			t.Errorf("the question is %q", said.Text)
		}
	})
}

func TestMentionIsAnsweredInTheThread(t *testing.T) {
	onBothRoads(t, Config{}, func(t *testing.T, e *emulator, d *desk) {
		e.play("message", map[string]any{"channel": general, "user": alice, "text": "<@U0BOT> where is the rota?"})
		answer := e.sees(general, "You asked: where is the rota?")
		if answer.ThreadTS == "" || answer.EphemeralTo != "" {
			t.Errorf("the answer is in thread %q, for %q", answer.ThreadTS, answer.EphemeralTo)
		}
		e.play("message", map[string]any{"channel": general, "user": bob, "text": "just talking to alice"})
		e.play("message", map[string]any{"channel": general, "user": bob, "text": "<@U0BOT> last"})
		e.sees(general, "You asked: last")
		said := d.seen(chat.Said)
		if len(said) != 2 {
			t.Fatalf("%d events, want the two mentions, each once: %+v", len(said), said)
		}
		if !said[0].Public || said[0].Room != "slack:T01TEST/C01GEN" || said[0].Where != chat.Address("slack:T01TEST/C01GEN/"+answer.ThreadTS) {
			t.Errorf("the event is %+v", said[0])
		}
	})
}

func TestCommandIsAnsweredToThePersonAlone(t *testing.T) {
	menu := chat.Menu{Commands: []chat.Command{{Name: "topics", Summary: "What there is", Says: "show topics"}}}
	onBothRoads(t, Config{Menu: menu}, func(t *testing.T, e *emulator, d *desk) {
		for typed, want := range map[string]string{"topics": "You asked: show topics", "": "You asked: help", "lost my badge": "You asked: lost my badge"} {
			e.play("command", map[string]any{"channel": general, "user": alice, "command": "/signpost", "text": typed})
			answer := e.sees(general, want)
			if answer.EphemeralTo != alice {
				t.Errorf("%q is answered to %q", typed, answer.EphemeralTo)
			}
		}
		said := d.seen(chat.Said)[0]
		if !said.Alone || !said.Public || !said.TakesReply || said.Follow == "" || said.Name != "alice" {
			t.Errorf("the event is %+v", said)
		}
	})
}

func TestShareInChannel(t *testing.T) {
	onBothRoads(t, Config{}, func(t *testing.T, e *emulator, d *desk) {
		e.play("command", map[string]any{"channel": general, "user": alice, "command": "/signpost", "text": "lost my badge"})
		answer := e.sees(general, "lost my badge")
		e.press(alice, general, answer, "Share in channel")
		shared := e.sees(general, "Shared by a reader.")
		if shared.EphemeralTo != "" {
			t.Errorf("what was shared is for %q alone", shared.EphemeralTo)
		}
	})
}

func TestButtonInDirectMessage(t *testing.T) {
	onBothRoads(t, Config{}, func(t *testing.T, e *emulator, d *desk) {
		dm := e.directOf(alice)
		e.play("message", map[string]any{"channel": dm, "user": alice, "text": "hello"})
		answer := e.sees(dm, "You asked")
		e.press(alice, dm, answer, "This helped")
		e.sees(dm, "You pressed: helped")
		pressed := d.seen(chat.Pressed)[0]
		if pressed.Message != chat.Ref("slack:T01TEST/"+dm+"/"+answer.TS) || pressed.TakesReply || pressed.Where != chat.Address("slack:T01TEST/"+dm) {
			t.Errorf("the event is %+v", pressed)
		}
	})
}

func TestFormWithAProblemThenRight(t *testing.T) {
	onBothRoads(t, Config{}, func(t *testing.T, e *emulator, d *desk) {
		dm := e.directOf(alice)
		e.window()
		e.play("message", map[string]any{"channel": dm, "user": alice, "text": "hello"})
		e.press(alice, dm, e.sees(dm, "You asked"), "Borrow a book")
		e.eventually("the form opens", func() bool { return strings.Contains(toJSON(e.frame("view")), "Which book?") })
		e.submit(alice, map[string]string{"book": "", "why": "for learning"})
		if problems := toJSON(e.frame("view_errors")); !strings.Contains(problems, "Please name a book.") {
			t.Errorf("the form says %s", problems)
		}
		e.submit(alice, map[string]string{"book": "Atlas", "why": "for learning"})
		e.sees(dm, "You borrow: Atlas")
		sent := d.seen(chat.Submitted)
		if last := sent[len(sent)-1]; last.Where != chat.Address("slack:T01TEST/"+dm) || last.Values["why"] != "for learning" || last.Message == "" || last.TakesReply {
			t.Errorf("the event is %+v", last)
		}
	})
}

// TestTypedMessageLeadsToAForm: nothing can be opened right after a message, so the way to the form is a button.
func TestTypedMessageLeadsToAForm(t *testing.T) {
	onBothRoads(t, Config{}, func(t *testing.T, e *emulator, d *desk) {
		dm := e.directOf(alice)
		e.window()
		e.play("message", map[string]any{"channel": dm, "user": alice, "text": "a form please"})
		e.press(alice, dm, e.sees(dm, "Borrow a book"), openIt)
		e.eventually("the form opens", func() bool { return strings.Contains(toJSON(e.frame("view")), "Which book?") })
		e.submit(alice, map[string]string{"book": "Atlas", "why": ""})
		e.sees(dm, "You borrow: Atlas")
		if pressed := d.seen(chat.Pressed); len(pressed) != 0 {
			t.Errorf("the button was handed on: %+v", pressed)
		}
	})
}

func TestFormFromAPrivateAnswerIsAnsweredPrivately(t *testing.T) {
	onBothRoads(t, Config{}, func(t *testing.T, e *emulator, d *desk) {
		e.window()
		e.play("command", map[string]any{"channel": general, "user": alice, "command": "/signpost", "text": "hello"})
		e.press(alice, general, e.sees(general, "You asked"), "Borrow a book")
		e.eventually("the form opens", func() bool { return strings.Contains(toJSON(e.frame("view")), "Which book?") })
		e.submit(alice, map[string]string{"book": "Atlas"})
		e.eventually("the form was sent", func() bool { return len(d.seen(chat.Submitted)) == 1 })
		sent := d.seen(chat.Submitted)[0]
		if sent.Alone {
			if answer := e.sees(general, "You borrow: Atlas"); answer.EphemeralTo != alice {
				t.Errorf("the answer is for %q", answer.EphemeralTo)
			}
		}
	})
}

func TestHomePage(t *testing.T) {
	onBothRoads(t, Config{}, func(t *testing.T, e *emulator, d *desk) {
		e.window()
		e.play("open-home", map[string]any{"user": alice})
		if home := toJSON(e.frame("home")); !strings.Contains(home, "Welcome to the library.") || !strings.Contains(home, "Turn the page") {
			t.Errorf("the home page is %s", home)
		}
		if opened := d.seen(chat.Opened)[0]; opened.Page != "home" || opened.Person != "slack:T01TEST/U01ALICE" {
			t.Errorf("the event is %+v", opened)
		}
	})
}

func TestEditAndDeletionByTheAuthor(t *testing.T) {
	onBothRoads(t, Config{}, func(t *testing.T, e *emulator, d *desk) {
		dm := e.directOf(alice)
		e.play("message", map[string]any{"channel": dm, "user": alice, "text": "first words"})
		e.sees(dm, "You asked: first words")
		said := d.seen(chat.Said)[0]
		ts := string(said.Message)[strings.LastIndex(string(said.Message), "/")+1:]
		e.play("edit-message", map[string]any{"channel": dm, "user": alice, "ts": ts, "text": "better words"})
		e.play("delete-message", map[string]any{"channel": dm, "user": alice, "ts": ts})
		e.eventually("both are told", func() bool { return len(d.seen(chat.Edited)) == 1 && len(d.seen(chat.Deleted)) == 1 })
		if edited := d.seen(chat.Edited)[0]; edited.Text != "better words" || edited.Message != said.Message || edited.Key == said.Key {
			t.Errorf("the edit is %+v", edited)
		}
		if deleted := d.seen(chat.Deleted)[0]; deleted.Text != "" || deleted.Message != said.Message {
			t.Errorf("the deletion is %+v", deleted)
		}
	})
}

func TestListeningInThreads(t *testing.T) {
	onBothRoads(t, Config{Listening: true}, func(t *testing.T, e *emulator, d *desk) {
		e.play("message", map[string]any{"channel": general, "user": alice, "text": "<@U0BOT> where is the rota?"})
		thread := e.sees(general, "where is the rota?").ThreadTS
		e.play("message", map[string]any{"channel": general, "user": bob, "text": "not that one", "thread_ts": thread})
		e.sees(general, "You asked: not that one")
		e.play("message", map[string]any{"channel": general, "user": bob, "text": "elsewhere"})
		e.play("message", map[string]any{"channel": general, "user": bob, "text": "<@U0BOT> last"})
		e.sees(general, "You asked: last")
		said := d.seen(chat.Said)
		if len(said) != 3 || said[1].ReplyTo != chat.Ref("slack:T01TEST/C01GEN/"+thread) {
			t.Errorf("the events are %+v", said)
		}
	})
}

func TestSendAndEdit(t *testing.T) {
	onBothRoads(t, Config{}, func(t *testing.T, e *emulator, d *desk) {
		s := d.slack
		card := chat.Post{Key: "card 1", To: "slack:T01TEST/C01GEN", Message: chat.Message{Text: chat.Parse("# A question\n\nWho knows this?"), Mention: "slack:T01TEST/U02BOB",
			Buttons: []chat.Button{{ID: "take", Label: "I will"}}}}
		ref, err := s.Send(t.Context(), card)
		if err != nil {
			t.Fatal(err)
		}
		if m := e.sees(general, "Who knows this?"); !strings.HasPrefix(m.Text, "<@U02BOB>") || !strings.HasSuffix(string(ref), m.TS) {
			t.Errorf("the card %s reads %q", ref, m.Text)
		}
		_, err = s.Send(t.Context(), chat.Post{Key: "card 2", To: card.To, Under: "card 1", Thread: ref, Message: chat.Message{Text: chat.Parse("Below it.")}})
		if err != nil {
			t.Fatal(err)
		}
		if m := e.sees(general, "Below it."); !strings.HasSuffix(string(ref), m.ThreadTS) {
			t.Errorf("it is in thread %q", m.ThreadTS)
		}
		for range 2 { // the same content again changes nothing
			if err := s.Edit(t.Context(), ref, chat.Message{Text: chat.Parse("Somebody does.")}); err != nil {
				t.Fatal(err)
			}
		}
		e.sees(general, "Somebody does.")
		_, err = s.Send(t.Context(), chat.Post{Key: "card 4", To: "slack:T01TEST/U01ALICE", Message: chat.Message{Text: chat.Parse("For you."), Private: true}})
		if err != nil {
			t.Fatal(err)
		}
		e.sees(e.directOf(alice), "For you.")
	})
}
