package knowledge_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/starter"
)

// A house is a base over a file, with what the tests do to it.
type house struct {
	t    *testing.T
	db   *sqldb.DB
	base *knowledge.Base
}

func openHouse(t *testing.T, file string) *house {
	t.Helper()
	db, err := sqldb.Open(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	asides := []knowledge.Aside{{Reason: "smalltalk", Phrasings: []string{"hello there", "good morning bot"}}}
	base, err := knowledge.Open(t.Context(), db, asides)
	if err != nil {
		t.Fatal(err)
	}
	return &house{t, db, base}
}

// newHouse is a house with the small pack of the tests installed.
func newHouse(t *testing.T) *house {
	t.Helper()
	h := openHouse(t, filepath.Join(t.TempDir(), "base.db"))
	if err := h.base.Install(t.Context(), smallPack()); err != nil {
		t.Fatal(err)
	}
	return h
}

// smallPack has three entries, a region with two organisations, and what they need.
func smallPack() knowledge.Pack {
	entry := func(slug, title, topic, answer string, phrasings ...string) knowledge.Entry {
		e := knowledge.Entry{Slug: slug, Title: title, Kind: knowledge.HowTo, Topic: topic, Strand: "skills", Answer: answer}
		for _, p := range phrasings {
			e.Phrasings = append(e.Phrasings, knowledge.Phrasing{Kind: knowledge.Goal, Text: p})
		}
		return e
	}
	return knowledge.Pack{
		ID: "small", Version: "1",
		Places: []place.Place{
			{ID: "england", Kind: place.Nation, Name: "England"},
			{ID: "london", Parent: "england", Kind: place.Region, Name: "London"},
			{ID: "royal", Parent: "london", Kind: place.Trust, Name: "Royal Example"},
			{ID: "meadow", Parent: "london", Kind: place.Care, Name: "Meadow View"},
		},
		Strands: []knowledge.Strand{{ID: "skills", Name: "Skills", Topics: []knowledge.Topic{
			{ID: "rostering", Name: "Rosters"}, {ID: "logins", Name: "Logins"}}}},
		LocalKeys: []knowledge.LocalKey{{Key: "it-desk", Name: "your IT desk"}},
		Terms: []knowledge.Term{
			{Name: "roster", Kind: knowledge.WordTerm, Also: []string{"rota", "off duty"}},
			{Name: "portal", Kind: knowledge.WordTerm, Also: []string{"the portal", "web portal", "gateway"}, Typed: []string{"portle"}, Either: []string{"see-shifts", "reset-password"}},
		},
		Entries: []knowledge.Entry{
			entry("see-shifts", "See my shifts", "rostering", "1. Open the roster.", "where is my rota", "when am i working next"),
			entry("reset-password", "Reset my password", "logins", "1. Ring the desk.", "forgot my password", "locked out of windows"),
			entry("swap-shift", "Swap a shift", "rostering", "1. Ask a colleague.", "change duties with somebody", "can someone take my night"),
		},
	}
}

// save saves entries in one transaction and applies them.
func (h *house) save(entries ...knowledge.Entry) []knowledge.Change {
	h.t.Helper()
	changes, err := h.trySave(entries...)
	if err != nil {
		h.t.Fatal(err)
	}
	h.base.Apply(changes...)
	return changes
}

// trySave saves entries in one transaction, as live in England where they do not say otherwise.
func (h *house) trySave(entries ...knowledge.Entry) ([]knowledge.Change, error) {
	var changes []knowledge.Change
	err := h.db.Write(h.t.Context(), func(tx *sqldb.Tx) error {
		for _, e := range entries {
			if e.State == "" {
				e.State = knowledge.Live
			}
			if e.Place == "" {
				e.Place = "england"
			}
			change, err := h.base.Save(h.t.Context(), tx, e, "curator")
			if err != nil {
				return err
			}
			changes = append(changes, change)
		}
		return nil
	})
	return changes, err
}

func (h *house) refresh() {
	h.t.Helper()
	if err := h.base.Refresh(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// first is the slug of the entry, or the reason of the aside, that fits best, or "".
func first(s *knowledge.Snapshot, home, text string) string {
	for _, m := range s.Match(knowledge.Question{Text: text, Home: home}, 1) {
		return m.Slug()
	}
	return ""
}

// answer is what people at home read under a slug.
func answer(s *knowledge.Snapshot, slug, home string) string {
	if e, ok := s.Entry(slug, home); ok {
		return e.Answer
	}
	return ""
}

func (h *house) count(query string, args ...any) int {
	h.t.Helper()
	var n int
	if err := h.db.Read().QueryRowContext(h.t.Context(), query, args...).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func TestSaveRefuses(t *testing.T) {
	whole := knowledge.Entry{Slug: "new", Title: "New", Answer: "1. New."}
	with := func(change func(e *knowledge.Entry)) knowledge.Entry {
		e := whole
		change(&e)
		return e
	}
	tests := []struct {
		name  string
		entry knowledge.Entry
	}{
		{"no slug", with(func(e *knowledge.Entry) { e.Slug = "" })},
		{"a slug with capitals", with(func(e *knowledge.Entry) { e.Slug = "New-One" })},
		{"a slug with spaces", with(func(e *knowledge.Entry) { e.Slug = "new one" })},
		{"a slug that ends in a hyphen", with(func(e *knowledge.Entry) { e.Slug = "new-" })},
		{"a slug with a line break", with(func(e *knowledge.Entry) { e.Slug = "new\n" })},
		{"a slug too long", with(func(e *knowledge.Entry) { e.Slug = strings.Repeat("a", 61) })},
		{"no such place", with(func(e *knowledge.Entry) { e.Place = "nowhere" })},
		{"no such state", with(func(e *knowledge.Entry) { e.State = "lost" })},
		{"a national entry without title", with(func(e *knowledge.Entry) { e.Title = "" })},
		{"a national draft without answer", with(func(e *knowledge.Entry) { e.Answer, e.State = "", knowledge.Draft })},
		{"a live one of a place that follows nothing and says nothing", knowledge.Entry{Slug: "new", Place: "royal"}},
	}
	h := newHouse(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := h.trySave(whole, test.entry); !errors.Is(err, knowledge.ErrInvalid) {
				t.Errorf("got %v, want ErrInvalid", err)
			}
		})
	}
	if got := h.count(`SELECT COUNT(*) FROM entry WHERE slug LIKE 'new%'`); got != 0 {
		t.Errorf("%d rows were written beside a refused one", got)
	}
}

func TestSaveKeepsEveryVersion(t *testing.T) {
	h := newHouse(t)
	e, _ := h.base.Snapshot().Own("see-shifts", "england")
	for i := 2; i <= 4; i++ {
		e.Answer = fmt.Sprintf("1. Answer %d.", i)
		h.save(e)
		if got, _ := h.base.Snapshot().Own("see-shifts", "england"); got.Version != i || got.Answer != e.Answer {
			t.Errorf("after saving version %d the base has version %d, %q", i, got.Version, got.Answer)
		}
	}
	if got := h.count(`SELECT COUNT(*) FROM entry_version WHERE slug = 'see-shifts'`); got != 4 {
		t.Errorf("%d versions are kept, want 4", got)
	}
	if got := h.count(`SELECT COUNT(*) FROM entry_version WHERE slug = 'see-shifts' AND body LIKE '%Answer 3.%' AND version = 3 AND by = 'curator'`); got != 1 {
		t.Error("the third version is not kept as it was")
	}
	if got := h.count(`SELECT COUNT(*) FROM audit WHERE who = 'curator' AND what = 'entry live see-shifts@england' AND before = '3' AND after = '4'`); got != 1 {
		t.Error("the audit trail does not have the fourth version")
	}
}

func TestDraftsAndRetiredEntriesAnswerNothing(t *testing.T) {
	h := newHouse(t)
	const asked = "forgot my password"
	e, _ := h.base.Snapshot().Own("reset-password", "england")
	for _, state := range []knowledge.State{knowledge.Draft, knowledge.Live, knowledge.Retired, knowledge.Live} {
		e.State = state
		h.save(e)
		s := h.base.Snapshot()
		live := state == knowledge.Live
		if got := first(s, "royal", asked) == "reset-password"; got != live {
			t.Errorf("%s: matched is %v", state, got)
		}
		if _, got := s.Entry("reset-password", ""); got != live {
			t.Errorf("%s: Entry finds it: %v", state, got)
		}
		if got := len(s.Entries("")) == 3; got != live {
			t.Errorf("%s: Entries lists it: %v", state, got)
		}
		if own, ok := s.Own("reset-password", "england"); !ok || own.State != state {
			t.Errorf("%s: Own gives %q, %v", state, own.State, ok)
		}
		if got := len(s.All()); got != 3 {
			t.Errorf("%s: All has %d entries, want 3", state, got)
		}
	}
}

func TestTwoBasesOnOneFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "base.db")
	here, there := openHouse(t, file), openHouse(t, file)
	if err := here.base.Install(t.Context(), smallPack()); err != nil {
		t.Fatal(err)
	}
	there.refresh()
	if got := first(there.base.Snapshot(), "", "where is my rota"); got != "see-shifts" {
		t.Fatalf("after the install the other base answers %q", got)
	}
	before := there.base.Snapshot()
	there.refresh()
	if there.base.Snapshot() != before {
		t.Error("Refresh reloaded a base that had not changed")
	}
	here.save(knowledge.Entry{Slug: "scan-letter", Title: "Scan a letter", Answer: "1. Lay it flat."})
	if _, ok := here.base.Snapshot().Entry("scan-letter", ""); !ok {
		t.Error("the base that saved does not answer from it at once")
	}
	if _, ok := there.base.Snapshot().Entry("scan-letter", ""); ok {
		t.Error("the other base knew before it was refreshed")
	}
	// Both change the base; neither may lose the other's change, whatever it applied itself.
	there.save(knowledge.Entry{Slug: "print-poster", Title: "Print a poster", Answer: "1. Use thick paper."})
	for _, h := range []*house{here, there} {
		h.refresh()
		for _, slug := range []string{"scan-letter", "print-poster"} {
			if _, ok := h.base.Snapshot().Entry(slug, ""); !ok {
				t.Errorf("%s is missing in one of the bases after Refresh", slug)
			}
		}
	}
}

func TestApplyOutOfOrderKeepsTheNewest(t *testing.T) {
	h := newHouse(t)
	old, err := h.trySave(knowledge.Entry{Slug: "see-shifts", Title: "See my shifts", Answer: "second"})
	if err != nil {
		t.Fatal(err)
	}
	newer, err := h.trySave(knowledge.Entry{Slug: "see-shifts", Title: "See my shifts", Answer: "third"})
	if err != nil {
		t.Fatal(err)
	}
	h.base.Apply(newer...)
	h.base.Apply(old...)
	if got := answer(h.base.Snapshot(), "see-shifts", ""); got != "third" {
		t.Errorf("got %q, want the third version", got)
	}
	h.refresh()
	if got := answer(h.base.Snapshot(), "see-shifts", ""); got != "third" {
		t.Errorf("after Refresh got %q, want the third version", got)
	}
}

func TestSnapshotsDoNotChange(t *testing.T) {
	h := newHouse(t)
	old := h.base.Snapshot()
	wasMatches := fmt.Sprint(old.Match(knowledge.Question{Text: "where is my rota"}, 3))
	wasAnswer, wasAll := answer(old, "see-shifts", "royal"), len(old.All())
	h.save(
		knowledge.Entry{Slug: "see-shifts", Title: "Changed", Answer: "changed"},
		knowledge.Entry{Slug: "see-shifts", Place: "royal", Answer: "royal's own"},
		knowledge.Entry{Slug: "where-rota", Title: "Where is my rota", Answer: "new"},
	)
	if got := answer(old, "see-shifts", "royal"); got != wasAnswer {
		t.Errorf("the old snapshot now answers %q", got)
	}
	if got := len(old.All()); got != wasAll {
		t.Errorf("the old snapshot now has %d entries", got)
	}
	if got := fmt.Sprint(old.Match(knowledge.Question{Text: "where is my rota"}, 3)); got != wasMatches {
		t.Errorf("the old snapshot now matches\n%s, before\n%s", got, wasMatches)
	}
	if got := first(h.base.Snapshot(), "", "where is my rota"); got != "where-rota" {
		t.Errorf("the new snapshot answers %q", got)
	}
}

func TestMatchWhileApplying(t *testing.T) {
	h := newHouse(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i := range 50 {
				s := h.base.Snapshot()
				if got := first(s, "royal", "forgot my password"); got != "reset-password" {
					t.Errorf("got %q", got)
				}
				s.Shared("portal")
				s.FindTitle("shift", "royal", 3)
				if i%10 == 0 {
					h.base.Refresh(t.Context())
				}
			}
		})
	}
	for i := range 25 {
		h.save(knowledge.Entry{Slug: "see-shifts", Title: "See my shifts", Answer: fmt.Sprint("1. Answer ", i)})
	}
	group.Wait()
	h.refresh()
	if got := answer(h.base.Snapshot(), "see-shifts", ""); got != "1. Answer 24" {
		t.Errorf("got %q, want the last answer", got)
	}
}

func TestAsidesAreMatchedBesideEntries(t *testing.T) {
	h := newHouse(t)
	s := h.base.Snapshot()
	if got := s.Match(knowledge.Question{Text: "hello there"}, 1); len(got) != 1 || got[0].Entry != nil || got[0].Aside != "smalltalk" {
		t.Errorf("got %v, want the aside", got)
	}
	if got := s.AsideReasons(); !slices.Equal(got, []string{"smalltalk"}) {
		t.Errorf("got the reasons %v", got)
	}
	if len(s.Entries("")) != 3 {
		t.Error("an aside is listed as an entry")
	}
}

// BenchmarkApply is what saving one entry of the starter base costs after its commit.
func BenchmarkApply(b *testing.B) {
	db, err := sqldb.Open(b.Context(), filepath.Join(b.TempDir(), "base.db"), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	base, err := knowledge.Open(b.Context(), db, nil)
	if err != nil {
		b.Fatal(err)
	}
	pack, err := starter.Pack()
	if err != nil {
		b.Fatal(err)
	}
	if err := base.Install(b.Context(), pack); err != nil {
		b.Fatal(err)
	}
	var change knowledge.Change
	err = db.Write(b.Context(), func(tx *sqldb.Tx) (err error) {
		e := pack.Entries[0]
		e.Place, e.State = pack.Places[0].ID, knowledge.Live
		change, err = base.Save(b.Context(), tx, e, "curator")
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		base.Apply(change)
	}
}
