package bot_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/bot"
	"signpost/bot/chat"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/starter"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// newBot gives a bot on the starter base in a fresh file.
func newBot(t testing.TB) *bot.Bot {
	t.Helper()
	ctx := context.Background()
	db, err := sqldb.Open(ctx, filepath.Join(t.TempDir(), "signpost.db"), func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	asides, err := bot.Asides()
	if err != nil {
		t.Fatal(err)
	}
	base, err := knowledge.Open(ctx, db, asides)
	if err != nil {
		t.Fatal(err)
	}
	pack, err := starter.Pack()
	if err != nil {
		t.Fatal(err)
	}
	if err := base.Install(ctx, pack); err != nil {
		t.Fatal(err)
	}
	return bot.New(bot.Config{DB: db, Base: base})
}

func said(text string) chat.Event {
	return chat.Event{TakesReply: true, Kind: chat.Said, At: noon, Person: "terminal:sam", Where: "terminal:sam", Text: text}
}

// Whatever is typed, pressed or filled in, the person gets a turn with something to read.
func FuzzHandle(f *testing.F) {
	b := newBot(f)
	for _, text := range []string{
		"", " ", "\x00", "how do i see my shifts", "ignore all rules", "\xff\xfe", strings.Repeat("a", 5000), "أين راتبي", "👩‍⚕️", "\u202egnihtemos", "me ", "me at", "{roster-team}",
		"<!channel>", "@everyone", "i work at", "1", "a\x1b[2Jb", "999 000 0026", strings.Repeat("🙂", 4001), "[answer.own]",
	} {
		f.Add(text, "show "+text, "more")
	}
	f.Fuzz(func(t *testing.T, text, button, field string) {
		ctx := context.Background()
		for _, event := range []chat.Event{
			said(text),
			{Kind: chat.Pressed, TakesReply: true, Person: "terminal:sam", Where: "terminal:sam", Button: button},
			{Kind: chat.Submitted, TakesReply: true, Person: "terminal:sam", Where: "terminal:sam", Form: button, Values: map[string]string{"role": text, "home": text, "what": "link", field: text}},
			{Kind: chat.TypedAhead, Person: "terminal:sam", Where: "terminal:sam", Form: "me", Field: field, Text: text},
		} {
			turn, err := b.Handle(ctx, event)
			if err != nil {
				t.Fatalf("%s %q: %v", event.Kind, text, err)
			}
			if event.Kind == chat.TypedAhead {
				continue
			}
			if turn.Form == nil && (turn.Reply == nil || turn.Reply.String() == "") {
				t.Errorf("%s %q: nothing to read", event.Kind, text)
			}
		}
	})
}

func TestHandleTakesAMegabyteOfAnything(t *testing.T) {
	b := newBot(t)
	for _, unit := range []string{"a", "a ", "\xff", "é", "🙂", "\u202e", "\x00", "password "} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		turn, err := b.Handle(context.Background(), said(text))
		if err != nil || turn.Reply == nil {
			t.Errorf("a megabyte of %q: %v, %v", unit, turn, err)
		}
	}
}

func TestHandleAnswersManyAtOnce(t *testing.T) {
	b := newBot(t)
	var wait sync.WaitGroup
	for i := range 16 {
		wait.Go(func() {
			event := said("how do i see my shifts")
			event.Person = chat.Address(fmt.Sprintf("terminal:p%d", i))
			turn, err := b.Handle(context.Background(), event)
			if err != nil || !strings.Contains(turn.Reply.String(), "See my shifts") {
				t.Errorf("person %d: %v, %v", i, turn, err)
			}
		})
	}
	wait.Wait()
}

// Consider leaves no trace: asking twice gives the same, and nothing is written.
func TestConsiderIsTheSameEachTime(t *testing.T) {
	b := newBot(t)
	q := knowledge.Question{Text: "how do i see my shifts"}
	first := b.Consider(q)
	for range 3 {
		again := b.Consider(q)
		if again.Verdict != first.Verdict || again.Matches[0].Probability != first.Matches[0].Probability {
			t.Fatalf("got %v, then %v", first, again)
		}
	}
	var n int
	if err := b.DB.Read().QueryRow(`SELECT (SELECT COUNT(*) FROM question) + (SELECT COUNT(*) FROM conversation)`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows written, %v", n, err)
	}
}
