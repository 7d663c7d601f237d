package knowledge_test

import (
	"errors"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

func golden(text, slug string, also ...string) knowledge.Golden {
	return knowledge.Golden{Text: text, Slug: &slug, Also: also}
}

func (h *house) addGolden(list ...knowledge.Golden) error {
	h.t.Helper()
	err := h.db.Write(h.t.Context(), func(tx *sqldb.Tx) error { return h.base.AddGolden(h.t.Context(), tx, list, "sam") })
	if err := h.base.Refresh(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	return err
}

func TestAddGolden(t *testing.T) {
	h := newHouse(t)
	first := golden("where do i look for my shifts", "see-shifts")
	if err := h.addGolden(first, golden("i cant log in", "reset-password", "see-shifts"), knowledge.Golden{Text: "order a pizza", Kind: "far"},
		golden("good evening", "smalltalk")); err != nil {
		t.Fatal(err)
	}
	corrected := first
	corrected.Also = []string{"swap-shift"}
	after := first
	after.Prev = "hello" // the same words after another turn are another question
	if err := h.addGolden(corrected, after); err != nil {
		t.Fatal(err)
	}
	saved := map[string]int{}
	for _, g := range h.base.Snapshot().Golden {
		saved[g.Prev+"|"+g.Text] = 1 + len(g.Also)
	}
	want := map[string]int{"|where do i look for my shifts": 2, "|i cant log in": 2, "|order a pizza": 1, "|good evening": 1, "hello|where do i look for my shifts": 1}
	for question, n := range want {
		if saved[question] != n || len(saved) != len(want) {
			t.Errorf("%s has %d right answers, want %d; saved are %v", question, saved[question], n, saved)
		}
	}
	var audit string
	row := h.db.Read().QueryRow(`SELECT who || ': ' || what || ': ' || before || ' -> ' || after FROM audit ORDER BY id DESC LIMIT 1`)
	if err := row.Scan(&audit); err != nil || audit != "sam: golden questions, 2 given: 4 -> 5" {
		t.Errorf("the audit trail says %q, %v", audit, err)
	}
}

func TestAddGoldenIsAllOrNothing(t *testing.T) {
	h := newHouse(t)
	good := golden("where do i look for my shifts", "see-shifts")
	for name, bad := range map[string]knowledge.Golden{
		"no text":                 golden(" \n", "see-shifts"),
		"no such entry":           golden("anything", "gone"),
		"no such entry besides":   golden("anything", "see-shifts", "gone"),
		"none answers, others do": {Text: "anything", Also: []string{"see-shifts"}},
	} {
		if err := h.addGolden(good, bad); !errors.Is(err, knowledge.ErrInvalid) {
			t.Errorf("%s: %v, want %v", name, err, knowledge.ErrInvalid)
		}
		if saved := h.base.Snapshot().Golden; len(saved) != 0 {
			t.Errorf("%s: %v stayed", name, saved)
		}
	}
}

func TestLearnt(t *testing.T) {
	h := newHouse(t)
	check := func(when string, want knowledge.Learnt) {
		t.Helper()
		if got, err := h.base.Learnt(t.Context()); got != want || err != nil {
			t.Errorf("%s: %q, %v, want %q", when, got, err, want)
		}
	}
	learn := func() {
		t.Helper()
		if err := h.base.Learn(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	check("at first", knowledge.NeverLearnt)
	learn()
	check("after learning", knowledge.LearntThis)
	if err := h.addGolden(golden("where do i look for my shifts", "see-shifts")); err != nil {
		t.Fatal(err)
	}
	check("with another golden question", knowledge.LearntOther)
	learn()
	check("after learning again", knowledge.LearntThis)
}
