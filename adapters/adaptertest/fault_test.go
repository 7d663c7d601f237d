package adaptertest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"signpost/bot/chat"
)

// a wrapped adapter does something else on the way to the network.
type wrapped struct {
	chat.Adapter
	send func(chat.Post) []chat.Post
	edit func(chat.Ref, chat.Message) error
	find func() (chat.Ref, bool, error)
	fail func(error) error
}

func (w wrapped) Send(ctx context.Context, post chat.Post) (ref chat.Ref, err error) {
	posts := []chat.Post{post}
	if w.send != nil {
		posts = w.send(post)
	}
	for _, post := range posts {
		if ref, err = w.Adapter.Send(ctx, post); err != nil && w.fail != nil {
			err = w.fail(err)
		}
	}
	return ref, err
}

func (w wrapped) Edit(ctx context.Context, ref chat.Ref, m chat.Message) error {
	if w.edit != nil {
		return w.edit(ref, m)
	}
	return w.Adapter.Edit(ctx, ref, m)
}

func (w wrapped) Find(ctx context.Context, to chat.Address, key string) (chat.Ref, bool, error) {
	if w.find != nil {
		return w.find()
	}
	return w.Adapter.Find(ctx, to, key)
}

func sending(change func(*chat.Post)) *fault {
	return &fault{adapter: func(a chat.Adapter) chat.Adapter {
		return wrapped{Adapter: a, send: func(p chat.Post) []chat.Post { change(&p); return []chat.Post{p} }}
	}}
}

func hearing(change func(*chat.Event)) *fault { return &fault{event: change} }

// TestFaultsAreNoticed spoils the network in one way at a time; the suite must say so.
func TestFaultsAreNoticed(t *testing.T) {
	held := []chat.Post{}
	n := 0
	for _, c := range []struct {
		ability Ability
		what    string
		fault   *fault
	}{
		{Deliver, "nobody's event", hearing(func(e *chat.Event) { e.Person = "" })},
		{Deliver, "no key", hearing(func(e *chat.Event) { e.Key = "" })},
		{Deliver, "another text", hearing(func(e *chat.Event) { e.Text += "!" })},
		{Deliver, "public", hearing(func(e *chat.Event) { e.Public = true })},
		{Press, "another button", hearing(func(e *chat.Event) { e.Button = "b" })},
		{Press, "no message", hearing(func(e *chat.Event) { e.Message = "" })},
		{Form, "a problem that is not shown", &fault{turn: func(turn *chat.Turn) { turn.Form = nil }}},
		{Form, "a value that is lost", hearing(func(e *chat.Event) { delete(e.Values, "day") })},
		{TypeAhead, "no suggestions", &fault{turn: func(turn *chat.Turn) { turn.Suggestions = nil }}},
		{TypeAhead, "no field", hearing(func(e *chat.Event) { e.Field = "" })},
		{Command, "its name for its words", hearing(func(e *chat.Event) { e.Text = strings.TrimPrefix(e.Text, "look up ") })},
		{Shortcut, "no text", hearing(func(e *chat.Event) { e.Text = "" })},
		{Page, "another page", hearing(func(e *chat.Event) { e.Page = "" })},
		{Private, "all is said in public", sending(func(p *chat.Post) { p.To = "test:room" })},
		{Private, "a public place taken for a private one", hearing(func(e *chat.Event) { e.Public = false })},
		{Mention, "nobody is called", sending(func(p *chat.Post) { p.Message.Mention = "" })},
		{Thread, "no thread", sending(func(p *chat.Post) { p.Thread = "" })},
		{Change, "a deletion that is lost", hearing(func(e *chat.Event) {
			if e.Kind == chat.Deleted {
				e.Kind = chat.Said
			}
		})},
		{FileIn, "an empty file", hearing(func(e *chat.Event) {
			if e.File != nil {
				e.File = &chat.File{Name: e.File.Name}
			}
		})},
		{FileOut, "no file", sending(func(p *chat.Post) { p.Message.File = nil })},
		{LongText, "a part is missing", sending(func(p *chat.Post) {
			if len(p.Message.Text) > 20 {
				p.Message.Text = append(p.Message.Text[:10:10], p.Message.Text[11:]...)
			}
		})},
		{AsTyped, "everybody is called", sending(func(p *chat.Post) { p.Message.Mention = "@everyone" })},
		{AsTyped, "markup is taken away", sending(func(p *chat.Post) {
			for i, part := range p.Message.Text {
				p.Message.Text[i].Text = strings.Trim(strings.ReplaceAll(part.Text, "*", ""), " ")
			}
		})},
		{Order, "two change places", &fault{adapter: func(a chat.Adapter) chat.Adapter {
			return wrapped{Adapter: a, send: func(p chat.Post) []chat.Post {
				if n++; n == 3 {
					held = append(held, p)
					return nil
				}
				out := append([]chat.Post{p}, held...)
				held = nil
				return out
			}}
		}}},
		{Order, "one comes twice", &fault{adapter: func(a chat.Adapter) chat.Adapter {
			return wrapped{Adapter: a, send: func(p chat.Post) []chat.Post { return []chat.Post{p, p} }}
		}}},
		{Edit, "it stays as it was", &fault{adapter: func(a chat.Adapter) chat.Adapter {
			return wrapped{Adapter: a, edit: func(chat.Ref, chat.Message) error { return nil }}
		}}},
		{Replace, "it is said anew", &fault{adapter: func(a chat.Adapter) chat.Adapter {
			return wrapped{Adapter: a, edit: func(_ chat.Ref, m chat.Message) error {
				_, err := a.Send(context.Background(), chat.Post{To: "test:sam", Message: m})
				return err
			}}
		}}},
		{Find, "never found", &fault{adapter: func(a chat.Adapter) chat.Adapter {
			return wrapped{Adapter: a, find: func() (chat.Ref, bool, error) { return "", false, nil }}
		}}},
		{Find, "always found", &fault{adapter: func(a chat.Adapter) chat.Adapter {
			return wrapped{Adapter: a, find: func() (chat.Ref, bool, error) { return "test:sam/1", true, nil }}
		}}},
		{Unsendable, "for now", &fault{adapter: func(a chat.Adapter) chat.Adapter {
			return wrapped{Adapter: a, fail: func(err error) error { return &chat.SendError{Err: err.(*chat.SendError).Err} }}
		}}},
		{Unsendable, "who knows", &fault{adapter: func(a chat.Adapter) chat.Adapter {
			return wrapped{Adapter: a, fail: func(error) error { return errors.New("no") }}
		}}},
		{Redeliver, "a key of its own each time", hearing(func(e *chat.Event) { n++; e.Key += strings.Repeat("x", n) })},
		{Redeliver, "one key for all", hearing(func(e *chat.Event) { e.Key = "k" })},
		{Fail, "the failure is taken for an answer", &fault{deaf: true}},
		{Reconnect, "never mended", &fault{stage: func(s *Stage) { s.Mend = func() {} }}},
		{Stop, "a goroutine stays", &fault{leak: true}},
		{Stop, "Run fails", &fault{stage: func(s *Stage) {
			stop := s.Stop
			s.Stop = func() error { stop(); return errors.New("broken") }
		}}},
		{Thread, "the rig lacks a func", &fault{stage: func(s *Stage) { s.Press, s.Public, s.Direct = nil, "", "" }}},
	} {
		t.Run(string(c.ability)+"/"+c.what, func(t *testing.T) {
			n, held = 0, nil
			for _, trial := range trials() {
				if trial.ability != c.ability {
					continue
				}
				if err := runTrial(t, networkRig(Weather{}, c.fault), trial); err == nil {
					t.Error("not noticed")
				} else if testing.Verbose() {
					t.Log(err)
				}
			}
		})
	}
}
