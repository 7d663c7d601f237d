package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/setting"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

const (
	cara  chat.Address = "test:cara"
	olu   chat.Address = "test:olu"
	nurse chat.Address = "test:nurse"
)

// curators gives a house with a second organisation; each test says who may what.
func curators(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.writes(func(tx *sqldb.Tx) error {
		_, err := place.Add(t.Context(), tx, place.Place{ID: "st-other", Parent: "london", Kind: place.Trust, Name: "St Other"})
		if err == nil {
			_, err = tx.Raise(t.Context())
		}
		return err
	})
	return h
}

func (h *house) writes(do func(tx *sqldb.Tx) error) {
	h.t.Helper()
	if err := h.db.Write(h.t.Context(), do); err != nil {
		h.t.Fatal(err)
	}
	if err := h.base.Refresh(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) grant(person chat.Address, right people.Right, at string) {
	h.t.Helper()
	h.writes(func(tx *sqldb.Tx) error {
		return people.Give(h.t.Context(), tx, people.Grant{Person: person, Right: right, Place: at, By: "test"})
	})
}

// noApproval lets curators put their own work live.
func (h *house) noApproval() {
	h.t.Helper()
	h.writes(func(tx *sqldb.Tx) error {
		return setting.Set(h.t.Context(), tx, "england", setting.Approve, "off", "test")
	})
}

// by has somebody do something.
func (h *house) by(person chat.Address, event chat.Event) chat.Turn {
	h.t.Helper()
	h.clock = h.clock.Add(time.Millisecond)
	event.Person, event.Where, event.At, event.TakesReply = person, person, h.clock, true
	event.Key = h.clock.String()
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Hour)
	defer cancel()
	turn, err := h.bot.Handle(ctx, event)
	if err != nil {
		h.t.Fatalf("%s %s%s: %v", event.Kind, event.Button, event.Form, err)
	}
	return turn
}

func (h *house) types(person chat.Address, text string) chat.Turn {
	h.t.Helper()
	return h.by(person, chat.Event{Kind: chat.Said, Text: text})
}

func (h *house) presses(person chat.Address, id string) chat.Turn {
	h.t.Helper()
	return h.by(person, chat.Event{Kind: chat.Pressed, Button: id})
}

// picks presses the button, or takes the choice, with this label.
func (h *house) picks(person chat.Address, turn chat.Turn, label string) chat.Turn {
	h.t.Helper()
	id, ok := offered(turn, label)
	if !ok {
		h.t.Fatalf("nothing says %q in %s", label, shown(turn))
	}
	return h.presses(person, id)
}

func offered(turn chat.Turn, label string) (id string, ok bool) {
	if turn.Reply == nil {
		return "", false
	}
	for _, b := range turn.Reply.Buttons {
		if b.Label == label {
			return b.ID, true
		}
	}
	for _, c := range turn.Reply.Choices {
		if c.Label == label {
			return c.ID, true
		}
	}
	return "", false
}

// fills sends the form of a turn with some of its fields changed: field, value, field, value.
func (h *house) fills(person chat.Address, turn chat.Turn, values ...string) chat.Turn {
	h.t.Helper()
	if turn.Form == nil {
		h.t.Fatalf("there is no form but %s", shown(turn))
	}
	filled := map[string]string{}
	for _, f := range turn.Form.Fields {
		filled[f.ID] = f.Value
	}
	for i := 0; i+1 < len(values); i += 2 {
		if _, ok := filled[values[i]]; !ok {
			h.t.Fatalf("the form has no field %s", values[i])
		}
		filled[values[i]] = values[i+1]
	}
	return h.by(person, chat.Event{Kind: chat.Submitted, Form: turn.Form.ID, Values: filled})
}

// withReason fills in the reason, if one is asked for.
func (h *house) withReason(person chat.Address, turn chat.Turn) chat.Turn {
	h.t.Helper()
	if turn.Form == nil {
		return turn
	}
	return h.fills(person, turn, "because", "it is right as it is")
}

// goesLive presses "Put it live", and gives a reason if one is asked for.
func (h *house) goesLive(person chat.Address, turn chat.Turn) chat.Turn {
	h.t.Helper()
	turn = h.withReason(person, h.picks(person, turn, "Put it live"))
	h.reads(turn, "is live for")
	return turn
}

func shown(turn chat.Turn) string {
	text := ""
	if turn.Reply != nil {
		text = turn.Reply.String()
		for _, b := range turn.Reply.Buttons {
			text += "\n[" + b.Label + "]"
		}
	}
	if turn.Form != nil {
		text += "\nform " + turn.Form.ID + "\n" + turn.Form.Intro.String()
		for _, f := range turn.Form.Fields {
			text += "\n" + f.ID + ": " + f.Value + " " + f.Problem
		}
	}
	return text
}

func (h *house) reads(turn chat.Turn, wanted ...string) {
	h.t.Helper()
	for _, want := range wanted {
		if !strings.Contains(shown(turn), want) {
			h.t.Errorf("no %q in\n%s", want, shown(turn))
		}
	}
}

// live is the answer that people at a place read; "" where there is none.
func (h *house) live(slug, at string) string {
	h.t.Helper()
	if err := h.base.Refresh(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	e, ok := h.base.Snapshot().Entry(slug, at)
	if !ok {
		return ""
	}
	return e.Answer
}

// everything is all that curators could change, as text: what must not change stays the same byte for byte.
func (h *house) everything() string {
	h.t.Helper()
	var all strings.Builder
	for _, query := range []struct{ table, text string }{
		{"entry", `SELECT slug || place || version || state || body FROM entry ORDER BY slug, place`}, {"entry_version", `SELECT COUNT(*) FROM entry_version`},
		{"draft", `SELECT id || slug || place || base || saved || state || author || by || note || body FROM draft ORDER BY id`},
		{"record", `SELECT kind || id || body || by || gone FROM record ORDER BY kind, id`}, {"local_detail", `SELECT place || key || value FROM local_detail ORDER BY place, key`},
		{"gap", `SELECT text || count FROM gap ORDER BY text`}, {"report", `SELECT id || slug || place FROM report ORDER BY id`},
		{"import_batch", `SELECT id || rows || COALESCE(undone, '') FROM import_batch ORDER BY id`}, {"audit", `SELECT who || what || before || after FROM audit ORDER BY id`},
		{"import_plan", `SELECT COUNT(*) FROM import_plan`}, {"revision", `SELECT number FROM revision`},
	} {
		fmt.Fprintf(&all, "\n%s:\n", query.table)
		rows, err := h.db.Read().QueryContext(h.t.Context(), query.text)
		if err != nil {
			h.t.Fatal(err)
		}
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				h.t.Fatal(err)
			}
			fmt.Fprintln(&all, line)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			h.t.Fatal(err)
		}
	}
	return all.String()
}
