package knowledge_test

import (
	"errors"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

func TestWordsAreTheCurators(t *testing.T) {
	h := newHouse(t)
	act := knowledge.Act{By: "terminal:sam"}
	write := func(do func(tx *sqldb.Tx) error) error {
		err := h.db.Write(t.Context(), do)
		h.refresh()
		return err
	}
	save := func(term knowledge.Term) error {
		return write(func(tx *sqldb.Tx) error { return h.base.SaveTerm(t.Context(), tx, term, act) })
	}
	if err := save(knowledge.Term{Name: "roster", Means: "who works when", Also: []string{"zorbly"}}); err != nil {
		t.Fatal(err)
	}
	if got := first(h.base.Snapshot(), "", "zorbly"); got != "" && got != "see-shifts" {
		t.Errorf("the new name finds %q", got)
	}
	remove := func(name string) error {
		return write(func(tx *sqldb.Tx) error { return h.base.RemoveTerm(t.Context(), tx, name, act) })
	}
	if err := remove("portal"); err != nil {
		t.Fatal(err)
	}
	if err := remove("portal"); !errors.Is(err, knowledge.ErrNotFound) {
		t.Errorf("taken out again: %v", err)
	}
	for _, bad := range []knowledge.Term{{Means: "x"}, {Name: "x"}, {Name: "x", Means: "y", Kind: "colour"}} {
		if err := save(bad); !errors.Is(err, knowledge.ErrInvalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	newer := smallPack()
	newer.Version = "2"
	if err := h.base.Install(t.Context(), newer); err != nil {
		t.Fatal(err)
	}
	terms := h.base.Snapshot().Terms
	if len(terms) != 1 || terms[0].Means != "who works when" {
		t.Errorf("after an upgrade the words are %+v", terms)
	}
	if h.count(`SELECT COUNT(*) FROM audit WHERE who = 'terminal:sam' AND what LIKE 'word %'`) != 2 {
		t.Error("the audit trail lacks the words")
	}
}

func TestGapsAndReports(t *testing.T) {
	h := newHouse(t)
	err := h.db.Write(t.Context(), func(tx *sqldb.Tx) error {
		for i, text := range []string{"hoverboard dock", "fax"} {
			if _, err := tx.ExecContext(t.Context(), `INSERT INTO gap (words, text, count, first, last) VALUES ($1, $1, $2, 1, 2)`, text, i+1); err != nil {
				return err
			}
			_, err := tx.ExecContext(t.Context(), `INSERT INTO report (at, slug, place, what, more) VALUES ($1, 'see-shifts', $2, 'link', '')`, i, []string{"royal", ""}[i])
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if gaps, err := h.base.Gaps(t.Context(), 10); err != nil || len(gaps) != 2 || gaps[0].Text != "fax" || gaps[0].Count != 2 {
		t.Errorf("gaps %+v, %v", gaps, err)
	}
	if all, err := h.base.Reports(t.Context(), "", 10); err != nil || len(all) != 2 {
		t.Errorf("reports %+v, %v", all, err)
	}
	if royal, err := h.base.Reports(t.Context(), "royal", 10); err != nil || len(royal) != 1 || royal[0].Place != "royal" {
		t.Errorf("Royal's reports %+v, %v", royal, err)
	}
}
