package knowledge_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/check"
	"signpost/knowledge/sqldb"
)

// knows saves golden questions.
func (h *house) knows(golden ...knowledge.Golden) {
	h.t.Helper()
	if err := h.addGolden(golden...); err != nil {
		h.t.Fatal(err)
	}
	h.refresh()
}

func asks(text, slug string) knowledge.Golden {
	g := knowledge.Golden{Text: text}
	if slug != "" {
		g.Slug = &slug
	}
	return g
}

func (h *house) effect(e knowledge.Entry) knowledge.Effect {
	h.t.Helper()
	before := h.base.Snapshot()
	effect, err := h.base.Effect(h.t.Context(), e, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	if h.base.Snapshot() != before || h.count(`SELECT COUNT(*) FROM entry_version`) != 3 {
		h.t.Error("looking at an effect changed the base")
	}
	return effect
}

func TestEffectSaysWhatAnEditTakes(t *testing.T) {
	h := newHouse(t)
	h.knows(asks("i forgot my windows password", "reset-password"), asks("locked out and forgot password", "reset-password"),
		asks("where is my rota please", "see-shifts"), asks("the quagga printer is jammed", ""))
	thief := knowledge.Entry{Slug: "forgot-things", Place: "england", Title: "I forgot my windows password and am locked out",
		Kind: knowledge.HowTo, Topic: "logins", Answer: "1. Forgot password? Locked out of windows? Ring us.",
		Phrasings: []knowledge.Phrasing{{Kind: knowledge.Goal, Text: "i forgot my windows password"}, {Kind: knowledge.Goal, Text: "locked out and forgot password"},
			{Kind: knowledge.Symptom, Text: "the quagga printer is jammed"}}}
	effect := h.effect(thief)
	if got := effect.TakenFrom(); got["reset-password"] < 2 || got[""] != 1 || got["see-shifts"] != 0 {
		t.Errorf("it takes %v: %+v", got, effect.Takes)
	}
	if effect.Clean() {
		t.Error("nothing speaks against it")
	}
	for _, asked := range effect.Takes {
		if asked.After != "forgot-things" || asked.Text == "" || asked.Probability <= 0 {
			t.Errorf("taken: %+v", asked)
		}
	}
}

func TestEffectSaysWhatAnEditAnswersAndLoses(t *testing.T) {
	h := newHouse(t)
	h.knows(asks("laminate the wug chart", "see-shifts"), asks("where is my rota", "see-shifts"))
	e := h.own(shifts)
	e.Phrasings = append(e.Phrasings, knowledge.Phrasing{Kind: knowledge.Goal, Text: "laminate the wug chart"})
	if effect := h.effect(e); len(effect.Answers) != 1 || effect.Answers[0].Text != "laminate the wug chart" || !effect.Clean() {
		t.Errorf("with another phrasing: %+v", effect)
	}
	e = h.own(shifts)
	e.Title, e.Phrasings, e.Answer = "Zorbly", nil, "1. Zorbly."
	other := h.own(knowledge.Ref{Slug: "swap-shift", Place: "england"})
	other.Phrasings = append(other.Phrasings, knowledge.Phrasing{Kind: knowledge.Goal, Text: "rota swap"})
	h.base.Apply() // nothing: the snapshot stays
	if effect := h.effect(e); len(effect.Loses) != 1 || effect.Loses[0].Text != "where is my rota" {
		t.Errorf("without its words: %+v", effect)
	}
}

func TestEffectFindsTheSameThingTwice(t *testing.T) {
	h := newHouse(t)
	for name, c := range map[string]struct {
		entry knowledge.Entry
		want  knowledge.Near
	}{
		"the same phrasing": {knowledge.Entry{Title: "Rings of the desk", Phrasings: []knowledge.Phrasing{{Text: "Forgot my PASSWORD!"}}},
			knowledge.Near{Slug: "reset-password", Title: "Reset my password", Same: "Forgot my PASSWORD!"}},
		"the same words in another order": {knowledge.Entry{Title: "Desk", Phrasings: []knowledge.Phrasing{{Text: "windows: locked out"}}},
			knowledge.Near{Slug: "reset-password", Title: "Reset my password", Same: "windows: locked out"}},
		"nearly the same title": {knowledge.Entry{Title: "How to reset my passwords"}, knowledge.Near{Slug: "reset-password", Title: "Reset my password"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.entry.Slug, c.entry.Place, c.entry.Answer = "other", "england", "1. Ring."
			if effect := h.effect(c.entry); len(effect.Near) != 1 || effect.Near[0] != c.want {
				t.Errorf("got %+v", effect.Near)
			}
		})
	}
	if effect := h.effect(knowledge.Entry{Slug: "scan-letter", Place: "england", Title: "Scan a letter", Answer: "1. Flat."}); !effect.Clean() {
		t.Errorf("something new: %+v", effect)
	}
}

func TestEffectOfAnOwnVersion(t *testing.T) {
	h := newHouse(t)
	e := knowledge.Entry{Slug: "see-shifts", Place: "royal", Answer: "1. Royal's.", Phrasings: []knowledge.Phrasing{{Kind: knowledge.Goal, Text: "forgot my password"}}}
	effect := h.effect(e)
	if len(effect.Near) != 1 || effect.Near[0].Slug != "reset-password" {
		t.Errorf("an own version that asks for another's: %+v", effect)
	}
	e.Phrasings = nil
	if effect := h.effect(e); !effect.Clean() {
		t.Errorf("an own version that only answers otherwise: %+v", effect)
	}
}

func TestTryAnswersFromWhatIsNotSaved(t *testing.T) {
	h := newHouse(t)
	tried := h.base.Snapshot().Try(knowledge.Entry{Slug: "scan-letter", Place: "royal", Title: "Scan a zorbly", Answer: "1. Flat."})
	if got := first(tried, "royal", "scan a zorbly"); got != "scan-letter" {
		t.Errorf("tried at Royal it finds %q", got)
	}
	if got := first(tried, "meadow", "scan a zorbly"); got == "scan-letter" {
		t.Error("tried elsewhere it is found too")
	}
	if got := first(h.base.Snapshot(), "royal", "scan a zorbly"); got == "scan-letter" {
		t.Error("the base itself has it")
	}
}

// BenchmarkEffect works out what an edit would do, with its findings, on 5,000 entries with 5,000 golden questions. The bar
// is 2 s.
func BenchmarkEffect(b *testing.B) {
	db, err := sqldb.Open(b.Context(), filepath.Join(b.TempDir(), "base.db"), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	base, err := knowledge.Open(b.Context(), db, nil)
	if err != nil {
		b.Fatal(err)
	}
	pack := largePack(5000)
	for i, e := range pack.Entries {
		pack.Golden = append(pack.Golden, asks(fmt.Sprintf("%.60s", e.Answer), e.Slug))
		pack.Entries[i].Phrasings = append(e.Phrasings, knowledge.Phrasing{Kind: knowledge.Goal, Text: e.Title + " now"})
	}
	if err := base.Install(b.Context(), pack); err != nil {
		b.Fatal(err)
	}
	e, _ := base.Snapshot().Own("entry-00007", "england")
	e.Phrasings = append(e.Phrasings, pack.Entries[8].Phrasings[:3]...)
	for b.Loop() {
		effect, err := base.Effect(b.Context(), e, 0.5)
		if err != nil || len(effect.Near) == 0 {
			b.Fatal(effect, err)
		}
		check.Edit(base.Snapshot(), e)
	}
}
