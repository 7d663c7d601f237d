package escalation_test

import (
	"testing"
	"time"

	"signpost/bot/escalation"
	"signpost/bot/setting"
	"signpost/knowledge/sqldb"
)

func TestFromQuestionToThanks(t *testing.T) {
	h := newHouse(t)
	h.champion(escalation.Champion{Address: "test:kim", Name: "Kim", Place: royal})
	c, got := h.ask(question("test:sam", "how do i swap a shift"))
	checkTold(t, "ask", got, "test:kim escalation.card", "test:sam escalation.received")
	_, err := h.try(c.ID, escalation.Act{Kind: escalation.Claim, By: "test:nobody"})
	checkError(t, "claimed without a card", err, escalation.ErrNotYours)
	_, err = h.try(c.ID, escalation.Act{Kind: escalation.Claim, By: "test:sam"})
	checkError(t, "claimed by the asker", err, escalation.ErrOwn)
	checkTold(t, "claim", h.do(c.ID, escalation.Act{Kind: escalation.Claim, By: "test:kim"}), "test:kim escalation.yours*", "test:sam escalation.claimed")
	_, err = h.try(c.ID, escalation.Act{Kind: escalation.Claim, By: "test:lee"})
	checkError(t, "claimed again", err, escalation.ErrTaken)
	checkTold(t, "a question back", h.do(c.ID, escalation.Act{Kind: escalation.AskBack, By: "test:kim", Text: "which ward?", Ref: "m1"}),
		"test:kim escalation.sent", "test:sam escalation.ask-back")
	_, err = h.try(c.ID, escalation.Act{Kind: escalation.Reply, By: "test:kim", Text: "x"})
	checkError(t, "a reply by another", err, escalation.ErrNotYours)
	checkTold(t, "a reply", h.do(c.ID, escalation.Act{Kind: escalation.Reply, By: "test:sam", Text: "ward 4", Ref: "m2"}),
		"test:sam escalation.sent", "test:kim escalation.reply")
	checkTold(t, "the same again", h.do(c.ID, escalation.Act{Kind: escalation.Reply, By: "test:sam", Text: "ward 4", Ref: "m2"}))
	checkTold(t, "its edit", h.do(c.ID, escalation.Act{Kind: escalation.Edit, By: "test:sam", Text: "ward 5", Ref: "m2"}), "test:kim escalation.reply*")
	_, err = h.try(c.ID, escalation.Act{Kind: escalation.Edit, By: "test:kim", Text: "ward 6", Ref: "m2"})
	checkError(t, "an edit by another", err, escalation.ErrNotFound)
	checkTold(t, "its deletion", h.do(c.ID, escalation.Act{Kind: escalation.Delete, By: "test:sam", Ref: "m2"}), "test:kim escalation.deleted*")
	checkTold(t, "a note", h.do(c.ID, escalation.Act{Kind: escalation.Note, By: "test:kim", Text: "new roster"}), "test:kim escalation.note-kept", "test:kim escalation.yours*")
	checkTold(t, "an answer", h.do(c.ID, escalation.Act{Kind: escalation.Answer, By: "test:kim", Text: "Open the roster.", Ref: "m3"}),
		"test:kim escalation.sent", "test:sam escalation.answer")
	checkTold(t, "it helped", h.do(c.ID, escalation.Act{Kind: escalation.Helped, By: "test:sam"}),
		"test:sam escalation.glad", "test:kim escalation.asker-helped", "test:kim escalation.thanks", "test:kim escalation.card-closed*")
	if phrasing, answer := h.get(c.ID).Draft(); phrasing != "how do i swap a shift" || answer != "Open the roster." {
		t.Errorf("the draft is %q, %q", phrasing, answer)
	}
	counts, err := escalation.Record(t.Context(), h.db.Read(), "test:kim")
	if want := (escalation.Count{Month: "2026-11", Topic: "rosters", Count: 1}); err != nil || len(counts) != 1 || counts[0] != want {
		t.Errorf("the record is %v, %v, want %v", counts, err, want)
	}
	_, err = h.try(c.ID, escalation.Act{Kind: escalation.Cancel, By: "test:sam"})
	checkError(t, "cancelled when closed", err, escalation.ErrOver)
}

func TestReopenWithinFourteenDays(t *testing.T) {
	h := newHouse(t)
	h.champion(escalation.Champion{Address: "test:kim", Name: "Kim", Place: royal})
	h.champion(escalation.Champion{Address: "test:lee", Name: "Lee", Place: royal})
	c, _ := h.ask(question("test:sam", "how do i swap a shift"))
	had := h.get(c.ID).Offered[0]
	h.do(c.ID, escalation.Act{Kind: escalation.Claim, By: had})
	h.do(c.ID, escalation.Act{Kind: escalation.Close, By: had})
	h.later(11 * 24 * time.Hour) // a Friday
	checkTold(t, "reopened", h.do(c.ID, escalation.Act{Kind: escalation.Reopen, By: "test:sam"}), string(had)+" escalation.card", "test:sam escalation.reopened")
	if got := h.get(c.ID); got.Reopened != 1 || got.State != escalation.Offered {
		t.Errorf("the case is %s, reopened %d times", got.State, got.Reopened)
	}
	h.do(c.ID, escalation.Act{Kind: escalation.Sorted, By: "test:sam"})
	h.later(14*24*time.Hour + time.Minute)
	_, err := h.try(c.ID, escalation.Act{Kind: escalation.Reopen, By: "test:sam"})
	checkError(t, "reopened late", err, escalation.ErrTooLate)
}

// TestUnclaimed walks the whole search: one, another, the ring, the wider place, those asked last, and around again.
func TestUnclaimed(t *testing.T) {
	h := newHouse(t)
	for _, who := range []string{"a", "b", "c", "d"} {
		h.champion(escalation.Champion{Address: chatAddress("test:" + who), Name: who, Place: royal, Topics: []string{"rosters"}})
	}
	h.champion(escalation.Champion{Address: "test:other", Name: "Other", Place: royal, Topics: []string{"email"}})
	h.champion(escalation.Champion{Address: "test:wide", Name: "Wide", Place: mary})
	h.set(royal, setting.Wider, "on")
	h.set(mary, setting.Wider, "on")
	h.set(royal, setting.Fallback, "test:room")
	asked := question("test:sam", "how do i swap a shift")
	asked.Agreed = true
	c, _ := h.ask(asked)
	first := h.get(c.ID).Offered
	h.due(c.ID)
	second := h.get(c.ID).Offered
	if len(first) != 1 || len(second) != 1 || first[0] == second[0] {
		t.Fatalf("offered to %v, then to %v", first, second)
	}
	if got := h.now(); !got.Equal(london(t, "2026-11-23 10:30")) {
		t.Errorf("the second was asked at %v, want after 60 minutes", got)
	}
	h.due(c.ID)
	if got := h.get(c.ID); len(got.Offered) != 2 || got.Step != escalation.StepRing {
		t.Errorf("the ring is %v at step %s", got.Offered, got.Step)
	}
	checkTold(t, "wider", h.due(c.ID), "test:wide escalation.card", "test:sam escalation.step-wider")
	checkTold(t, "last", h.due(c.ID), "test:room escalation.card", "test:sam escalation.step-last")
	again := h.due(c.ID)
	if got := h.get(c.ID); got.Round != 1 || got.State != escalation.Offered || got.Step != escalation.StepOne {
		t.Errorf("after those asked last the case is %s in round %d, %q", got.State, got.Round, told(again))
	}
}

func TestSilentChampion(t *testing.T) {
	h := newHouse(t)
	h.champion(escalation.Champion{Address: "test:kim", Name: "Kim", Place: royal})
	c, _ := h.ask(question("test:sam", "how do i swap a shift"))
	h.champion(escalation.Champion{Address: "test:lee", Name: "Lee", Place: royal})
	h.do(c.ID, escalation.Act{Kind: escalation.Claim, By: "test:kim"})
	checkTold(t, "the nudge", h.due(c.ID), "test:kim escalation.nudge")
	checkTold(t, "back to the pool", h.due(c.ID), "test:kim escalation.card-returned*", "test:kim escalation.gone-back", "test:lee escalation.card", "test:sam escalation.returned")
	if got, want := h.now(), london(t, "2026-11-24 09:30"); !got.Equal(want) {
		t.Errorf("it went back at %v, want after eight working hours, %v", got, want)
	}
}

func TestSameQuestionIsAnsweredOnce(t *testing.T) {
	h := newHouse(t)
	h.champion(escalation.Champion{Address: "test:kim", Name: "Kim", Place: royal})
	c, _ := h.ask(question("test:sam", "How do I swap a shift?"))
	second, got := h.ask(question("test:pat", "how do i swap a shift"))
	if second.ID != c.ID {
		t.Fatalf("a second case %s was made beside %s", second.ID, c.ID)
	}
	checkTold(t, "the second", got, "test:pat escalation.following", "test:kim escalation.card*")
	_, err := h.book.Ask(t.Context(), question("test:pat", "how do i swap a shift"))
	checkError(t, "asked again", err, escalation.ErrAlready)
	h.do(c.ID, escalation.Act{Kind: escalation.Claim, By: "test:kim"})
	checkTold(t, "cancelled by the first", h.do(c.ID, escalation.Act{Kind: escalation.Cancel, By: "test:sam"}),
		"test:sam escalation.cancelled", "test:kim escalation.asker-changed", "test:kim escalation.yours*")
	checkTold(t, "answered", h.do(c.ID, escalation.Act{Kind: escalation.Answer, By: "test:kim", Text: "So."}), "test:kim escalation.sent", "test:pat escalation.answer")
	other := question("test:sam", "how do i swap a shift")
	other.Home = mary
	if third, _ := h.ask(other); third.ID == c.ID {
		t.Error("a question at another place joined the case")
	}
}

func TestChampionLeaves(t *testing.T) {
	h := newHouse(t)
	h.champion(escalation.Champion{Address: "test:kim", Name: "Kim", Place: royal})
	had, _ := h.ask(question("test:sam", "how do i swap a shift"))
	h.do(had.ID, escalation.Act{Kind: escalation.Claim, By: "test:kim"})
	offered, _ := h.ask(question("test:sam", "how do i see my shifts"))
	h.champion(escalation.Champion{Address: "test:lee", Name: "Lee", Place: royal})
	var effects []escalation.Effect
	h.write(func(tx *sqldb.Tx) (err error) {
		effects, err = h.book.Leave(t.Context(), tx, "test:kim")
		return err
	})
	checkTold(t, "left", tells(effects), "test:lee escalation.card", "test:sam escalation.returned", "test:lee escalation.card", "test:sam escalation.step-one")
	_, err := h.try(offered.ID, escalation.Act{Kind: escalation.Claim, By: "test:kim"})
	checkError(t, "an old button", err, escalation.ErrNotYours)
	h.write(func(tx *sqldb.Tx) error { _, err := h.book.Gone(t.Context(), tx, "test:sam"); return err })
	if got := h.get(had.ID); got.State != escalation.Closed || got.Asker != "" {
		t.Errorf("after the asker left the case is %s of %q", got.State, got.Asker)
	}
}

// TestStale: what was decided on what is no longer so is not written.
func TestStale(t *testing.T) {
	h := newHouse(t)
	h.champion(escalation.Champion{Address: "test:kim", Name: "Kim", Place: royal})
	c, _ := h.ask(question("test:sam", "how do i swap a shift"))
	act := func(kind escalation.Kind, by string) escalation.Change {
		ch, err := h.book.Act(t.Context(), c.ID, escalation.Act{Kind: kind, By: chatAddress(by), Text: "x"})
		if err != nil {
			t.Fatal(err)
		}
		return ch
	}
	save := func(ch escalation.Change) error {
		return h.db.Write(t.Context(), func(tx *sqldb.Tx) error { return ch.Save(t.Context(), tx) })
	}
	claim, reply := act(escalation.Claim, "test:kim"), act(escalation.Reply, "test:sam")
	checkError(t, "the first", save(reply), nil)
	checkError(t, "the second", save(claim), escalation.ErrStale)
	claim = act(escalation.Claim, "test:kim")
	h.write(func(tx *sqldb.Tx) error { _, err := h.book.Gone(t.Context(), tx, "test:kim"); return err })
	checkError(t, "somebody left meanwhile", save(claim), escalation.ErrStale)
	h.admin("test:boss")
	asked, err := h.book.Ask(t.Context(), question("test:pat", "how do i fax"))
	checkTold(t, "offered to the admin", tells(asked.Effects), "test:boss escalation.card", "test:pat escalation.received")
	checkError(t, "asking", err, nil)
	h.write(func(tx *sqldb.Tx) error { _, err := h.book.Gone(t.Context(), tx, "test:boss"); return err })
	checkError(t, "an admin left meanwhile", save(asked), escalation.ErrStale)
}

func TestNobodyThere(t *testing.T) {
	h := newHouse(t)
	c, got := h.ask(question("test:sam", "how do i swap a shift"))
	checkTold(t, "nobody", got, "test:sam escalation.received-nobody")
	checkTold(t, "still nobody", h.due(c.ID), "test:sam escalation.nobody")
	checkTold(t, "and again", h.due(c.ID))
	h.admin("test:boss")
	checkTold(t, "the admin", h.due(c.ID), "test:boss escalation.card", "test:sam escalation.step-last")
	checkTold(t, "takes it", h.do(c.ID, escalation.Act{Kind: escalation.Claim, By: "test:boss", Name: "Boss"}), "test:boss escalation.yours*", "test:sam escalation.claimed")
}

func TestOutsideHours(t *testing.T) {
	h := newHouse(t)
	h.champion(escalation.Champion{Address: "test:kim", Name: "Kim", Place: royal})
	h.later(9 * time.Hour) // half past six in the evening
	c, got := h.ask(question("test:sam", "how do i swap a shift"))
	checkTold(t, "ask", got, "test:sam escalation.received-later")
	checkTold(t, "in the morning", h.due(c.ID), "test:kim escalation.card")
	if want := london(t, "2026-11-24 09:00"); !h.now().Equal(want) {
		t.Errorf("it was offered at %v, want %v", h.now(), want)
	}
	h.do(c.ID, escalation.Act{Kind: escalation.Claim, By: "test:kim"})
	h.do(c.ID, escalation.Act{Kind: escalation.AskBack, By: "test:kim", Text: "which ward?"})
	h.later(10 * time.Hour)
	checkTold(t, "a reply at night", h.do(c.ID, escalation.Act{Kind: escalation.Reply, By: "test:sam", Text: "more", Ref: "m1"}), "test:sam escalation.sent-later")
	h.do(c.ID, escalation.Act{Kind: escalation.Edit, By: "test:sam", Text: "much more", Ref: "m1"})
	late := h.due(c.ID)
	checkTold(t, "brought in the morning", late, "test:kim escalation.reply")
	if late[0].Values["text"] != "much more" {
		t.Errorf("the champion reads %q", late[0].Values["text"])
	}
}

func TestPractice(t *testing.T) {
	h := newHouse(t)
	h.write(func(tx *sqldb.Tx) error {
		return escalation.Join(t.Context(), tx, escalation.Champion{Address: "test:new", Name: "New", Place: royal, Hours: escalation.Office})
	})
	ch, err := h.book.Commit(t.Context(), func() (escalation.Change, error) { return h.book.Practise(t.Context(), "test:new", "how do i print") }, nil)
	if err != nil {
		t.Fatal(err)
	}
	checkTold(t, "practise", tells(ch.Effects), "test:new escalation.card-practice")
	id := ch.After.ID
	checkTold(t, "claim", h.do(id, escalation.Act{Kind: escalation.Claim, By: "test:new"}), "test:new escalation.yours-practice*")
	checkTold(t, "answer", h.do(id, escalation.Act{Kind: escalation.Answer, By: "test:new", Text: "So."}), "test:new escalation.sent")
	checkTold(t, "close", h.do(id, escalation.Act{Kind: escalation.Close, By: "test:new"}), "test:new escalation.closing", "test:new escalation.card-closed*")
	if c, err := escalation.GetChampion(t.Context(), h.db.Read(), "test:new"); err != nil || !c.Practised || c.State != escalation.Wishing {
		t.Errorf("the champion is %+v, %v", c, err)
	}
	if counts, err := escalation.Record(t.Context(), h.db.Read(), "test:new"); err != nil || len(counts) != 0 {
		t.Errorf("practice is in the record: %v, %v", counts, err)
	}
}

func TestWaitingIsToldOnce(t *testing.T) {
	h := newHouse(t)
	wait := escalation.Waiting{ID: "w1", Person: "test:sam", Home: royal, Text: "how do i fax"}
	h.write(func(tx *sqldb.Tx) error { return escalation.Wait(t.Context(), tx, wait) })
	wait.ID = "w2"
	h.write(func(tx *sqldb.Tx) error { return escalation.Wait(t.Context(), tx, wait) })
	list, err := escalation.AllWaiting(t.Context(), h.db.Read())
	if err != nil || len(list) != 1 {
		t.Fatalf("%d wait, %v", len(list), err)
	}
	for _, want := range []bool{true, false} {
		h.write(func(tx *sqldb.Tx) error {
			tell, first, err := escalation.TellWaiting(t.Context(), tx, list[0], "send-a-fax")
			if first != want || first && tell.To != "test:sam" {
				t.Errorf("told %v to %q, want %v", first, tell.To, want)
			}
			return err
		})
	}
}
