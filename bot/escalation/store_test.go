package escalation_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"signpost/bot/escalation"
	"signpost/knowledge/sqldb"
)

// TestCasesSurviveTheFile: whatever a case holds comes back as it was.
func TestCasesSurviveTheFile(t *testing.T) {
	s := &simulation{world: newWorld(t.Fatalf, london(t, "2026-11-02 00:00")), t: t, random: rand.New(rand.NewPCG(1, 8))}
	for range 10 * 24 {
		s.people()
		s.pass(time.Hour, false)
	}
	h := newHouse(t)
	states := map[escalation.State]int{}
	for _, id := range s.ids {
		c := s.cases[id]
		states[c.State]++
		h.write(func(tx *sqldb.Tx) error { return escalation.Change{After: c}.Save(t.Context(), tx) })
		got := h.get(id)
		if got.Version != 1 {
			t.Errorf("%s is at version %d", id, got.Version)
		}
		if asJSON(got) != asJSON(c) || got.Home != c.Home || got.Topic != c.Topic || got.ID != c.ID {
			t.Errorf("got  %s\nwant %s", asJSON(got), asJSON(c))
		}
	}
	if len(states) < 4 {
		t.Errorf("the cases are only %v", states)
	}
}

// TestRowsKeepThePromise: the file itself refuses a case without an owner or a due step.
func TestRowsKeepThePromise(t *testing.T) {
	h := newHouse(t)
	for _, row := range []string{
		`('a', 1, 'open', 0, '', '', '', '', '', '', 1, 0, NULL, '{}')`,
		`('a', 1, 'claimed', 0, '', '', '', '', '', '', 1, 0, 1, '{}')`,
		`('a', 1, 'open', 0, '', '', '', '', 'test:kim', '', 1, 0, 1, '{}')`,
	} {
		err := h.db.Write(t.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.ExecContext(t.Context(), `INSERT INTO escalation VALUES `+row)
			return err
		})
		if err == nil {
			t.Errorf("the file took %s", row)
		}
	}
}

func TestDeleteOld(t *testing.T) {
	h := newHouse(t)
	h.champion(escalation.Champion{Address: "test:kim", Name: "Kim", Place: royal})
	old, _ := h.ask(question("test:sam", "how do i swap a shift"))
	open, _ := h.ask(question("test:sam", "how do i see my shifts"))
	h.do(old.ID, escalation.Act{Kind: escalation.Cancel, By: "test:sam"})
	for _, want := range []int{2, 1} {
		h.later(46 * 24 * time.Hour)
		h.write(func(tx *sqldb.Tx) error { return escalation.DeleteOld(t.Context(), tx) })
		all, err := escalation.Everything(t.Context(), h.db.Read())
		if err != nil || len(all) != want {
			t.Errorf("%d are kept, %v, want %d", len(all), err, want)
		}
	}
	if late, err := h.book.Overdue(t.Context(), time.Minute); err != nil || len(late) != 1 || late[0].Data != open.ID {
		t.Errorf("overdue are %v, %v", late, err)
	}
}
