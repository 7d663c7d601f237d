package terminal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"signpost/bot/chat"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func clock() time.Time { return start }

// a script answers each event by its kind and keeps what it was given.
type script struct {
	events []chat.Event
	answer func(chat.Event) (chat.Turn, error)
}

func (s *script) handle(_ context.Context, e chat.Event) (chat.Turn, error) {
	s.events = append(s.events, e)
	if s.answer == nil {
		return chat.Turn{}, nil
	}
	return s.answer(e)
}

func (s *script) last(t *testing.T) chat.Event {
	t.Helper()
	if len(s.events) == 0 {
		t.Fatal("the handler got no event")
	}
	return s.events[len(s.events)-1]
}

func reply(m chat.Message) func(chat.Event) (chat.Turn, error) {
	return func(chat.Event) (chat.Turn, error) { return chat.Turn{Reply: &m}, nil }
}

func say(t *testing.T, s *Session, b *script, line string) string {
	t.Helper()
	out, err := s.Line(t.Context(), b.handle, line)
	if err != nil {
		t.Fatalf("line %q: %v", line, err)
	}
	return out
}

var offering = chat.Message{
	Text:    chat.Parse("# Reset your password\n\n1. Open the portal\n2. Follow the link\n\nDid that help?"),
	Choices: []chat.Choice{{ID: "c1", Label: "Email", Detail: "the web one"}, {ID: "c2", Label: "Rota"}},
	Buttons: []chat.Button{{ID: "b1", Label: "This helped"}, {ID: "b2", Label: "Not quite"}},
}

func TestOpenGreets(t *testing.T) {
	b := &script{answer: reply(offering)}
	s := NewSession("terminal:sam", "", clock)
	out, err := s.Open(t.Context(), b.handle)
	if err != nil {
		t.Fatal(err)
	}
	want := `Reset your password

1. Open the portal
2. Follow the link

Did that help?

1. Email - the web one
2. Rota

[3] This helped   [4] Not quite

Type a number, or another question.`
	if out != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
	e := b.last(t)
	if e.Kind != chat.Opened || e.Page != "start" || e.Person != "terminal:sam" || e.Where != "terminal:sam" || e.At != start {
		t.Errorf("event %+v", e)
	}
}

func TestPressing(t *testing.T) {
	for typed, want := range map[string]string{"1": "c1", "2": "c2", "3": "b1", " 4 ": "b2", "[3]": "b1", "2.": "c2",
		"not QUITE": "b2", "email": "c1", "This  helped": "b1"} {
		t.Run(typed, func(t *testing.T) {
			b := &script{answer: reply(offering)}
			s := NewSession("terminal:sam", "", clock)
			say(t, s, b, "hello")
			say(t, s, b, typed)
			e := b.last(t)
			if e.Kind != chat.Pressed || e.Button != want || e.Message == "" || e.Text != "" {
				t.Errorf("event %+v, want %s pressed", e, want)
			}
		})
	}
}

func TestNumberOutOfRangeIsAHint(t *testing.T) {
	for _, typed := range []string{"0", "5", "-1", "99", "[12]"} {
		b := &script{answer: reply(offering)}
		s := NewSession("terminal:sam", "", clock)
		say(t, s, b, "hello")
		if out := say(t, s, b, typed); out != noSuchNumber || len(b.events) != 1 {
			t.Errorf("%q: %q after %d events", typed, out, len(b.events))
		}
	}
}

// A number that may be one to ring is no slip: whoever types 999 must be heard.
func TestNumberThatMayBeRungIsSaid(t *testing.T) {
	for _, typed := range []string{"999", "2222", "111", "99999999999999999999999"} {
		b := &script{answer: reply(offering)}
		s := NewSession("terminal:sam", "", clock)
		say(t, s, b, "hello")
		say(t, s, b, typed)
		if e := b.last(t); len(b.events) != 2 || e.Kind != chat.Said || e.Text != typed {
			t.Errorf("%q: %d events, the last %+v", typed, len(b.events), e)
		}
	}
}

func TestSaid(t *testing.T) {
	for typed, want := range map[string]string{"how do I?": "how do I?", "12": "12", "  7pm ": "7pm", "a\xffb": "a\uFFFDb",
		"2 wards": "2 wards"} {
		b := &script{}
		if out := say(t, NewSession("terminal:sam", "", clock), b, typed); out != "" {
			t.Errorf("%q: the empty turn says %q", typed, out)
		}
		if e := b.last(t); e.Kind != chat.Said || e.Text != want {
			t.Errorf("%q: event %+v", typed, e)
		}
	}
}

func TestEmptyLineDoesNothing(t *testing.T) {
	b := &script{}
	if out := say(t, NewSession("terminal:sam", "", clock), b, " \t"); out != "" || b.events != nil {
		t.Errorf("%q, %v", out, b.events)
	}
}

func TestNumbersBelongToTheNewestMessage(t *testing.T) {
	b := &script{answer: reply(offering)}
	s := NewSession("terminal:sam", "", clock)
	say(t, s, b, "hello")
	out := s.Show(chat.Message{Text: chat.Parse("One for you"), Buttons: []chat.Button{{ID: "take", Label: "Take it"}}})
	if !strings.Contains(out, "[1] Take it") {
		t.Errorf("shown %q", out)
	}
	s.Show(chat.Message{Text: chat.Parse("No buttons here")})
	say(t, s, b, "1")
	if e := b.last(t); e.Button != "take" {
		t.Errorf("event %+v", e)
	}
}

func TestPageFollowsTheText(t *testing.T) {
	m := chat.Message{Text: chat.Parse("Welcome"), Buttons: []chat.Button{{ID: "a", Label: "Ask"}},
		Page: &chat.Page{ID: "home", Title: "Home", Text: chat.Parse("All quiet"), Buttons: []chat.Button{{ID: "n", Label: "Next"}}}}
	out := NewSession("terminal:sam", "", clock).Show(m)
	if want := "Welcome\n\nHome\n\nAll quiet\n\n[1] Ask   [2] Next\n\n" + typeNumber; out != want {
		t.Errorf("got %q", out)
	}
}

// What a turn posts comes by Send, from whoever carries it: printed here too it would be read twice.
func TestTurnPrintsReplyThenPrivate(t *testing.T) {
	text := func(s string) chat.Message { return chat.Message{Text: chat.Parse(s)} }
	first := text("Reply")
	b := &script{answer: func(chat.Event) (chat.Turn, error) {
		return chat.Turn{Reply: &first, Private: []chat.Message{text("Quietly")}, Messages: []chat.Post{
			{Key: "k1", To: "terminal:sam", Message: text("For Sam")}}}, nil
	}}
	if out := say(t, NewSession("terminal:sam", "", clock), b, "hi"); out != "Reply\n\nQuietly" {
		t.Errorf("got %q", out)
	}
}

func TestMentionCallsThePersonOnly(t *testing.T) {
	for mention, want := range map[chat.Address]string{"": "For you", "terminal:sam": "@sam\n\nFor you", "terminal:kim": "For you", "slack:T1/U2": "For you"} {
		m := chat.Message{Text: chat.Parse("For you"), Mention: mention}
		if out := NewSession("terminal:sam", "", clock).Show(m); out != want {
			t.Errorf("%q: got %q", mention, out)
		}
	}
}

func TestHandlerErrorIsOneKindSentence(t *testing.T) {
	broken := errors.New("disk full")
	b := &script{answer: func(chat.Event) (chat.Turn, error) { return chat.Turn{}, broken }}
	s := NewSession("terminal:sam", "", clock)
	out, err := s.Line(t.Context(), b.handle, "my secret")
	if out != sorry || !errors.Is(err, broken) || strings.Contains(err.Error(), "secret") {
		t.Errorf("%q, %v", out, err)
	}
	b.answer = reply(offering)
	if out := say(t, s, b, "again"); !strings.Contains(out, "Did that help?") {
		t.Errorf("the conversation does not carry on: %q", out)
	}
}

func TestKeysAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for range 3 { // the same person at the same moment
		b := &script{}
		s := NewSession("terminal:sam", "", clock)
		for i := range 3 {
			say(t, s, b, fmt.Sprint("question ", i))
		}
		for _, e := range b.events {
			if seen[e.Key] {
				t.Errorf("key %q twice", e.Key)
			}
			seen[e.Key] = true
		}
	}
}

func TestHandlerMayShowWhileItRuns(t *testing.T) {
	s := NewSession("terminal:sam", "", clock)
	b := &script{answer: func(chat.Event) (chat.Turn, error) { s.Show(offering); return chat.Turn{}, nil }}
	say(t, s, b, "hi")
}
