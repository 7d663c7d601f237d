package escalation_test

import (
	"fmt"
	"strings"
	"testing"

	"signpost/bot/escalation"
	"signpost/knowledge/sqldb"
)

// TestWithoutAName runs a case of somebody who chose not to be named through everything champions see, and looks for id
// and name in all of it, and in the audit trail.
func TestWithoutAName(t *testing.T) {
	const id, name = "test:zephyrine", "Zephyrine Quill"
	h := newHouse(t)
	for _, who := range []string{"test:kim", "test:lee", "test:max"} {
		h.champion(escalation.Champion{Address: chatAddress(who), Name: "Champion", Place: royal})
	}
	h.admin("test:boss")
	var seen []escalation.Tell
	keep := func(list []escalation.Tell) {
		for _, tell := range list {
			if tell.Who != escalation.ToAsker && tell.To != id {
				seen = append(seen, tell)
			}
		}
	}
	asked := question(id, "how do i swap a shift")
	asked.Name, asked.Anonymous = name, true
	c, told := h.ask(asked)
	keep(told)
	for range 4 { // the first, the second, the ring, those asked last
		keep(h.due(c.ID))
	}
	keep(h.do(c.ID, escalation.Act{Kind: escalation.Claim, By: "test:boss"}))
	keep(h.do(c.ID, escalation.Act{Kind: escalation.AskBack, By: "test:boss", Text: "where?"}))
	keep(h.do(c.ID, escalation.Act{Kind: escalation.Reply, By: id, Name: name, Text: "here", Ref: "m1"}))
	keep(h.do(c.ID, escalation.Act{Kind: escalation.Edit, By: id, Name: name, Text: "there", Ref: "m1"}))
	keep(h.do(c.ID, escalation.Act{Kind: escalation.Delete, By: id, Name: name, Ref: "m1"}))
	keep(h.due(c.ID))
	keep(h.do(c.ID, escalation.Act{Kind: escalation.Pass, By: "test:boss", To: ""}))
	keep(h.due(c.ID))
	keep(h.do(c.ID, escalation.Act{Kind: escalation.Claim, By: "test:boss"}))
	keep(h.do(c.ID, escalation.Act{Kind: escalation.Answer, By: "test:boss", Text: "So."}))
	keep(h.do(c.ID, escalation.Act{Kind: escalation.NotHelped, By: id, Name: name}))
	keep(h.do(c.ID, escalation.Act{Kind: escalation.Cancel, By: id, Name: name}))
	if len(seen) < 15 {
		t.Fatalf("champions saw only %d messages: %q", len(seen), told)
	}
	look := func(where, text string) {
		if strings.Contains(text, "ephyrine") || strings.Contains(text, "Quill") {
			t.Errorf("%s: %s", where, text)
		}
	}
	for _, tell := range seen {
		look("a message to "+string(tell.To), fmt.Sprintf("%+v", tell))
	}
	look("the audit trail", h.all(`SELECT group_concat(who || ' ' || what || ' ' || before || ' ' || after) FROM audit`))
	look("the record", h.all(`SELECT COALESCE(group_concat(champion || topic), '') FROM champion_helped`))
}

func (h *house) all(query string) (text string) {
	h.t.Helper()
	if err := h.db.Read().QueryRowContext(h.t.Context(), query).Scan(&text); err != nil {
		h.t.Fatal(err)
	}
	return text
}

// TestReveal: the name goes out when the asker says so, and not before.
func TestReveal(t *testing.T) {
	h := newHouse(t)
	h.champion(escalation.Champion{Address: "test:kim", Name: "Kim", Place: royal})
	asked := question("test:sam", "how do i swap a shift")
	asked.Anonymous = true
	c, _ := h.ask(asked)
	h.do(c.ID, escalation.Act{Kind: escalation.Claim, By: "test:kim"})
	_, err := h.try(c.ID, escalation.Act{Kind: escalation.Reveal, By: "test:kim"})
	checkError(t, "revealed by the champion", err, escalation.ErrNotYours)
	got := h.do(c.ID, escalation.Act{Kind: escalation.Reveal, By: "test:sam", Name: "Sam"})
	checkTold(t, "revealed", got, "test:sam escalation.revealed", "test:kim escalation.asker-revealed", "test:kim escalation.yours*")
	if got[1].Values["asker"] != "Sam" {
		t.Errorf("the champion is told %v", got[1].Values)
	}
}

func TestChampions(t *testing.T) {
	h := newHouse(t)
	for _, c := range []escalation.Champion{
		{Address: "test:near", Name: "Near", Place: royal, Listed: true, Topics: []string{"rosters"}},
		{Address: "test:shy", Name: "Shy", Place: royal},
		{Address: "test:other", Name: "Other", Place: royal, Listed: true, Topics: []string{"email"}},
		{Address: "test:nation", Name: "Nation", Place: "england", Listed: true},
		{Address: "test:far", Name: "Far", Place: mary, Listed: true},
	} {
		h.champion(c)
	}
	near, err := escalation.Near(t.Context(), h.db.Read(), h.book.Tree().Chain(royal), "rosters")
	if err != nil || len(near) != 2 || near[0].Name != "Near" || near[1].Name != "Nation" {
		t.Errorf("near are %v, %v", near, err)
	}
	err = h.db.Write(t.Context(), func(tx *sqldb.Tx) error {
		return escalation.Join(t.Context(), tx, escalation.Champion{Address: "test:never", Name: "Never", Place: royal})
	})
	checkError(t, "no hours", err, escalation.ErrHours)
	standing := func(step string, want escalation.Standing, do func(tx *sqldb.Tx) error) {
		t.Helper()
		h.write(do)
		if c, err := escalation.GetChampion(t.Context(), h.db.Read(), "test:near"); err != nil || c.State != want {
			t.Errorf("%s: %s, %v, want %s", step, c.State, err, want)
		}
	}
	const who = "test:near"
	moved := escalation.Champion{Address: who, Name: "Near", Place: mary, Hours: escalation.Office}
	standing("pause", escalation.Paused, func(tx *sqldb.Tx) error { return escalation.Pause(t.Context(), tx, who) })
	standing("resume", escalation.Approved, func(tx *sqldb.Tx) error { return escalation.Resume(t.Context(), tx, who) })
	standing("on a ward", escalation.Approved, func(tx *sqldb.Tx) error { _, err := escalation.OnWard(t.Context(), tx, who); return err })
	standing("moved", escalation.Wishing, func(tx *sqldb.Tx) error { return escalation.Join(t.Context(), tx, moved) })
	standing("left", escalation.HasLeft, func(tx *sqldb.Tx) error { _, err := h.book.Leave(t.Context(), tx, who); return err })
	standing("resumed after leaving", escalation.HasLeft, func(tx *sqldb.Tx) error { return escalation.Resume(t.Context(), tx, who) })
	standing("joined again", escalation.Wishing, func(tx *sqldb.Tx) error { return escalation.Join(t.Context(), tx, moved) })
}
