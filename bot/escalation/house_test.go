package escalation_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/people"
	"signpost/bot/setting"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// A house is a book over a real file, with a clock that tests move.
type house struct {
	t    *testing.T
	db   *sqldb.DB
	book *escalation.Book

	mu    sync.Mutex
	clock time.Time
	ids   int
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, clock: london(t, "2026-11-23 09:30")}
	var err error
	if h.db, err = sqldb.Open(t.Context(), filepath.Join(t.TempDir(), "base.db"), h.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.db.Close() })
	h.write(func(tx *sqldb.Tx) error {
		for _, p := range []place.Place{{ID: "england", Kind: place.Nation, Name: "England"}, {ID: royal, Parent: "england", Kind: place.Trust, Name: "Royal Example"},
			{ID: mary, Parent: "england", Kind: place.Trust, Name: "St Mary's"}} {
			if _, err := place.Add(t.Context(), tx, p); err != nil {
				return err
			}
		}
		return nil
	})
	tree, err := place.Load(t.Context(), h.db.Read())
	if err != nil {
		t.Fatal(err)
	}
	h.book = &escalation.Book{DB: h.db, Tree: func() *place.Tree { return tree }, NewID: h.newID}
	return h
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.clock
}

func (h *house) later(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock = h.clock.Add(d)
}

func (h *house) newID() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ids++
	return fmt.Sprintf("e%d", h.ids)
}

func (h *house) write(do func(tx *sqldb.Tx) error) {
	h.t.Helper()
	if err := h.db.Write(h.t.Context(), do); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) set(at string, key setting.Key, value string) {
	h.t.Helper()
	h.write(func(tx *sqldb.Tx) error { return setting.Set(h.t.Context(), tx, at, key, value, "test") })
}

func (h *house) admin(who chat.Address) {
	h.t.Helper()
	h.write(func(tx *sqldb.Tx) error {
		return people.Give(h.t.Context(), tx, people.Grant{Person: who, Right: people.Admin, Place: royal, By: "test"})
	})
}

// champion joins and is approved.
func (h *house) champion(c escalation.Champion) {
	h.t.Helper()
	if c.Hours.Week == (escalation.Hours{}).Week {
		c.Hours = escalation.Office
	}
	h.write(func(tx *sqldb.Tx) error {
		if err := escalation.Join(h.t.Context(), tx, c); err != nil {
			return err
		}
		return escalation.Approve(h.t.Context(), tx, c.Address, "test:admin")
	})
}

// ask asks and gives the case and what people are told.
func (h *house) ask(c escalation.Case) (escalation.Case, []escalation.Tell) {
	h.t.Helper()
	ch, err := h.book.Commit(h.t.Context(), func() (escalation.Change, error) { return h.book.Ask(h.t.Context(), c) }, nil)
	if err != nil {
		h.t.Fatalf("ask: %v", err)
	}
	return ch.After, tells(ch.Effects)
}

func (h *house) try(id string, act escalation.Act) ([]escalation.Tell, error) {
	ch, err := h.book.Commit(h.t.Context(), func() (escalation.Change, error) { return h.book.Act(h.t.Context(), id, act) }, nil)
	return tells(ch.Effects), err
}

func (h *house) do(id string, act escalation.Act) []escalation.Tell {
	h.t.Helper()
	told, err := h.try(id, act)
	if err != nil {
		h.t.Fatalf("%s by %s: %v", act.Kind, act.By, err)
	}
	return told
}

func (h *house) get(id string) escalation.Case {
	h.t.Helper()
	c, err := escalation.Get(h.t.Context(), h.db.Read(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// due lets time pass until the case is next due, and brings it back.
func (h *house) due(id string) []escalation.Tell {
	h.t.Helper()
	h.mu.Lock()
	h.clock = h.get(id).Next()
	h.mu.Unlock()
	return h.do(id, escalation.Act{Kind: escalation.CameDue})
}

func tells(effects []escalation.Effect) []escalation.Tell {
	var list []escalation.Tell
	for _, e := range effects {
		if t, ok := e.(escalation.Tell); ok {
			list = append(list, t)
		}
	}
	return list
}

// told lists who is told what, as "test:sam escalation.answer"; an edit has a star.
func told(list []escalation.Tell) []string {
	var lines []string
	for _, t := range list {
		line := string(t.To) + " " + t.What
		if t.Replaces != "" {
			line += "*"
		}
		lines = append(lines, line)
	}
	return lines
}

func checkTold(t *testing.T, step string, got []escalation.Tell, want ...string) {
	t.Helper()
	lines := told(got)
	slices.Sort(lines)
	slices.Sort(want)
	if !slices.Equal(lines, want) {
		t.Errorf("%s: got %q, want %q", step, lines, want)
	}
}

func checkError(t *testing.T, step string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got %v, want %v", step, got, want)
	}
}

func question(asker chat.Address, text string) escalation.Case {
	return escalation.Case{Asker: asker, Name: nameOf(asker), Home: royal, Role: "nurses", Question: text, Topic: "rosters"}
}

func chatAddress(who string) chat.Address { return chat.Address(who) }
