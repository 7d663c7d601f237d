package knowledge_test

import (
	"path/filepath"
	"slices"
	"testing"

	"signpost/knowledge"
)

func TestOwnVersionWinsForItsPeople(t *testing.T) {
	h := newHouse(t)
	h.save(knowledge.Entry{Slug: "see-shifts", Place: "royal", Answer: "1. Use Royal's app.",
		Phrasings: []knowledge.Phrasing{{Kind: knowledge.Slang, Text: "open the zorbly thing"}}})
	s := h.base.Snapshot()

	own, _ := s.Entry("see-shifts", "royal")
	if own.Answer != "1. Use Royal's app." || own.Title != "See my shifts" || own.Topic != "rostering" || own.Place != "royal" || !own.Follows {
		t.Errorf("Royal reads %+v", own)
	}
	if len(own.Phrasings) != 3 {
		t.Errorf("Royal's version is found by %d phrasings, want the two above and its own", len(own.Phrasings))
	}
	for _, home := range []string{"", "england", "london", "meadow", "nowhere"} {
		e, ok := s.Entry("see-shifts", home)
		if !ok || e.Answer != "1. Open the roster." || e.Follows || len(e.Phrasings) != 2 {
			t.Errorf("at %q people read %+v", home, e)
		}
	}
	for _, asked := range []string{"where is my rota", "open the zorbly thing"} {
		matches := s.Match(knowledge.Question{Text: asked, Home: "royal"}, 5)
		if len(matches) == 0 || matches[0].Entry == nil || matches[0].Entry.Answer != own.Answer {
			t.Errorf("%q at Royal finds %v", asked, matches)
		}
		seen := 0
		for _, m := range matches {
			if m.Slug() == "see-shifts" {
				seen++
			}
		}
		if seen != 1 {
			t.Errorf("%q at Royal finds %d versions of the entry", asked, seen)
		}
	}
	if got := first(s, "meadow", "zorbly"); got != "" {
		t.Errorf("elsewhere Royal's own phrasing finds %q", got)
	}
	if got := len(s.Entries("royal")); got != 3 {
		t.Errorf("Royal has %d entries, want 3", got)
	}
	if stored, ok := s.Own("see-shifts", "royal"); !ok || stored.Title != "" {
		t.Errorf("stored is %+v, want it as saved, not merged", stored)
	}
}

func TestOwnVersionFollowsTheNationalOne(t *testing.T) {
	h := newHouse(t)
	h.save(knowledge.Entry{Slug: "see-shifts", Place: "royal", Answer: "1. Use Royal's app."})
	h.save(knowledge.Entry{Slug: "see-shifts", Title: "Find my shifts", Answer: "1. New national answer.", Fallback: "- Ask."})
	check := func(step string) {
		t.Helper()
		e, _ := h.base.Snapshot().Entry("see-shifts", "royal")
		if e.Title != "Find my shifts" || e.Fallback != "- Ask." || e.Answer != "1. Use Royal's app." {
			t.Errorf("%s: Royal reads %+v", step, e)
		}
		if got := answer(h.base.Snapshot(), "see-shifts", "meadow"); got != "1. New national answer." {
			t.Errorf("%s: the others read %q", step, got)
		}
		if got := first(h.base.Snapshot(), "royal", "find my shifts"); got != "see-shifts" {
			t.Errorf("%s: the new title finds %q at Royal", step, got)
		}
	}
	check("applied")
	if err := h.base.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("loaded again")
}

func TestOwnVersionReplacesEveryFieldItFills(t *testing.T) {
	h := newHouse(t)
	own := knowledge.Entry{Slug: "see-shifts", Place: "royal", Title: "T", Kind: knowledge.Contact, Strand: "s", Topic: "t", Domain: "TP",
		Level: knowledge.Confident, Audience: []knowledge.Role{"nurses"}, Systems: []string{"Loop"}, Next: "swap-shift", Owner: "Royal",
		Review: "2027-01-31", Answer: "A", Fallback: "F", Resources: []knowledge.Resource{{Name: "R"}}, Local: []string{"it-desk"},
		Solved: &knowledge.Solved{Organisation: "Royal", Did: "it"}}
	h.save(own)
	got, _ := h.base.Snapshot().Entry("see-shifts", "royal")
	if got.Title != "T" || got.Kind != own.Kind || got.Strand != "s" || got.Topic != "t" || got.Domain != "TP" || got.Level != own.Level ||
		!slices.Equal(got.Audience, own.Audience) || !slices.Equal(got.Systems, own.Systems) || got.Next != own.Next || got.Owner != "Royal" ||
		got.Review != own.Review || got.Answer != "A" || got.Fallback != "F" || !slices.Equal(got.Resources, own.Resources) ||
		!slices.Equal(got.Local, own.Local) || got.Solved == nil || got.Solved.Did != "it" {
		t.Errorf("got %+v", got)
	}
}

func TestRegionStandsBetween(t *testing.T) {
	h := newHouse(t)
	h.save(knowledge.Entry{Slug: "see-shifts", Place: "london", Fallback: "- Ring London."})
	h.save(knowledge.Entry{Slug: "see-shifts", Place: "royal", Answer: "1. Royal's."})
	tests := []struct{ home, answer, fallback, place string }{
		{"royal", "1. Royal's.", "- Ring London.", "royal"},
		{"meadow", "1. Open the roster.", "- Ring London.", "london"},
		{"london", "1. Open the roster.", "- Ring London.", "london"},
		{"", "1. Open the roster.", "", "england"},
	}
	check := func(step string) {
		t.Helper()
		for _, test := range tests {
			e, _ := h.base.Snapshot().Entry("see-shifts", test.home)
			if e.Answer != test.answer || e.Fallback != test.fallback || e.Place != test.place {
				t.Errorf("%s: at %q people read %q, %q of %s", step, test.home, e.Answer, e.Fallback, e.Place)
			}
		}
	}
	check("both")
	h.save(knowledge.Entry{Slug: "see-shifts", Place: "london", Fallback: "- Ring London.", State: knowledge.Retired})
	tests[0].fallback, tests[1].fallback, tests[2].fallback = "", "", ""
	tests[1].place, tests[2].place = "england", "england"
	check("the region's retired")
}

func TestOwnVersionOfARetiredEntry(t *testing.T) {
	h := newHouse(t)
	h.save(knowledge.Entry{Slug: "see-shifts", Place: "royal", Fallback: "- Ask Royal."})
	h.save(knowledge.Entry{Slug: "reset-password", Place: "royal", Title: "Royal's reset", Answer: "1. Royal's."})
	for _, slug := range []string{"see-shifts", "reset-password"} {
		e, _ := h.base.Snapshot().Own(slug, "england")
		e.State = knowledge.Retired
		h.save(e)
	}
	s := h.base.Snapshot()
	if e, ok := s.Entry("see-shifts", "royal"); ok {
		t.Errorf("an own version that says nothing by itself is shown: %+v", e)
	}
	if got := first(s, "royal", "where is my rota"); got == "see-shifts" {
		t.Error("an own version that says nothing by itself is matched")
	}
	if e, ok := s.Entry("reset-password", "royal"); !ok || e.Title != "Royal's reset" || e.Follows {
		t.Errorf("an own version that is whole by itself is %+v, %v", e, ok)
	}
	if _, ok := s.Entry("reset-password", "meadow"); ok {
		t.Error("the others still see the retired entry")
	}
}

func TestOwnEntryOfAPlaceIsItsOwn(t *testing.T) {
	h := newHouse(t)
	h.save(knowledge.Entry{Slug: "royal-lift", Place: "royal", Title: "Book the zorbly lift", Answer: "1. Ring."})
	s := h.base.Snapshot()
	if got := first(s, "royal", "book the zorbly lift"); got != "royal-lift" {
		t.Errorf("Royal's people find %q", got)
	}
	for _, home := range []string{"", "meadow", "london"} {
		if got := first(s, home, "zorbly lift"); got == "royal-lift" {
			t.Errorf("people at %q find Royal's own entry", home)
		}
		if _, ok := s.Entry("royal-lift", home); ok || len(s.Entries(home)) != 3 {
			t.Errorf("people at %q see Royal's own entry", home)
		}
	}
}

func TestOpenReadsWhatAnEmptyFileHolds(t *testing.T) {
	h := openHouse(t, filepath.Join(t.TempDir(), "base.db"))
	s := h.base.Snapshot()
	if len(s.All()) != 0 || len(s.Entries("")) != 0 || first(s, "", "where is my rota") != "" {
		t.Error("an empty file answers")
	}
	if got := first(s, "", "hello there"); got != "smalltalk" {
		t.Errorf("the program's own asides answer %q", got)
	}
	if _, err := h.trySave(knowledge.Entry{Slug: "x", Title: "X", Answer: "X"}); err == nil {
		t.Error("an entry was saved where there is no place")
	}
}
