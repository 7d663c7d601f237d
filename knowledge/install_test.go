package knowledge_test

import (
	"path/filepath"
	"sync"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/place"
)

func TestInstallOnce(t *testing.T) {
	h := newHouse(t)
	for _, want := range []struct {
		version string
		done    bool
	}{{"1", true}, {"2", false}, {"1.1", false}, {"0.9", true}} {
		if got, err := h.base.Installed(t.Context(), "small", want.version); err != nil || got != want.done {
			t.Errorf("version %q is installed: %v, %v", want.version, got, err)
		}
	}
	e, ok := h.base.Snapshot().Own("see-shifts", "england")
	if !ok || e.Version != 1 || e.Pack != "small" || e.State != knowledge.Live {
		t.Errorf("got %+v", e)
	}
	before, _ := h.db.Revision(t.Context())
	audits := h.count(`SELECT COUNT(*) FROM audit`)
	if err := h.base.Install(t.Context(), smallPack()); err != nil {
		t.Fatal(err)
	}
	if after, _ := h.db.Revision(t.Context()); after != before {
		t.Errorf("installing it again raised the revision from %d to %d", before, after)
	}
	if got := h.count(`SELECT COUNT(*) FROM entry_version`); got != 3 {
		t.Errorf("installing it again made versions: %d, want 3", got)
	}
	if got := h.count(`SELECT COUNT(*) FROM audit`); got != audits {
		t.Errorf("installing it again wrote %d audit lines", got-audits)
	}
}

func TestInstallFromTwoProcessesAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "base.db")
	houses := []*house{openHouse(t, file), openHouse(t, file), openHouse(t, file)}
	var group sync.WaitGroup
	for _, h := range houses {
		group.Go(func() {
			if err := h.base.Install(t.Context(), smallPack()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for _, h := range houses {
		if got := len(h.base.Snapshot().Entries("")); got != 3 {
			t.Errorf("one of them has %d entries, want 3", got)
		}
	}
	if got := houses[0].count(`SELECT COUNT(*) FROM entry_version`); got != 3 {
		t.Errorf("there are %d versions, want 3", got)
	}
}

func TestInstallNewerVersion(t *testing.T) {
	h := newHouse(t)
	edited, _ := h.base.Snapshot().Own("reset-password", "england")
	edited.Answer = "1. The curator's answer."
	h.save(edited)
	retired, _ := h.base.Snapshot().Own("swap-shift", "england")
	retired.State = knowledge.Retired
	h.save(retired)
	h.save(knowledge.Entry{Slug: "see-shifts", Place: "royal", Answer: "1. Royal's own."})

	newer := smallPack()
	newer.Version = "2"
	for i := range newer.Entries {
		newer.Entries[i].Answer = "1. From version 2."
	}
	newer.Entries = append(newer.Entries, knowledge.Entry{Slug: "added", Title: "Added", Answer: "1. Added."})
	newer.Terms = append(newer.Terms, knowledge.Term{Name: "added word"})
	if err := h.base.Install(t.Context(), newer); err != nil {
		t.Fatal(err)
	}
	s := h.base.Snapshot()
	want := map[string]string{
		"see-shifts":     "1. From version 2.",
		"reset-password": "1. The curator's answer.", // edited
		"swap-shift":     "",                         // retired by the curator
		"added":          "1. Added.",
	}
	for slug, want := range want {
		if got := answer(s, slug, ""); got != want {
			t.Errorf("%s answers %q, want %q", slug, got, want)
		}
	}
	if got := answer(s, "see-shifts", "royal"); got != "1. Royal's own." {
		t.Errorf("the organisation's own version answers %q", got)
	}
	if len(s.Terms) != 3 {
		t.Errorf("there are %d words, want 3", len(s.Terms))
	}
	if done, _ := h.base.Installed(t.Context(), "small", "2"); !done {
		t.Error("version 2 is not noted")
	}
}

func TestInstallChangesOnlyWords(t *testing.T) {
	file := filepath.Join(t.TempDir(), "base.db")
	h, other := openHouse(t, file), openHouse(t, file)
	if err := h.base.Install(t.Context(), smallPack()); err != nil {
		t.Fatal(err)
	}
	other.refresh()
	if got := first(other.base.Snapshot(), "", "zorbly"); got != "" {
		t.Fatalf("a made-up word already finds %q", got)
	}
	newer := smallPack()
	newer.Version = "2"
	newer.Terms[0].Also = append(newer.Terms[0].Also, "zorbly")
	if err := h.base.Install(t.Context(), newer); err != nil {
		t.Fatal(err)
	}
	other.refresh()
	for name, base := range map[string]*knowledge.Base{"this": h.base, "the other": other.base} {
		if got := first(base.Snapshot(), "", "zorbly"); got != "see-shifts" {
			t.Errorf("%s process finds %q by the new word", name, got)
		}
	}
}

func TestInstallAllOrNothing(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(p *knowledge.Pack)
	}{
		{"a place of no kind", func(p *knowledge.Pack) {
			p.Places = append(p.Places, place.Place{ID: "x", Parent: "england", Kind: "shop", Name: "X"})
		}},
		{"a place below nothing", func(p *knowledge.Pack) {
			p.Places = append(p.Places, place.Place{ID: "x", Parent: "nowhere", Kind: place.Trust, Name: "X"})
		}},
		{"no places at all", func(p *knowledge.Pack) { p.Places = nil }},
		{"a last entry without slug", func(p *knowledge.Pack) { p.Entries = append(p.Entries, knowledge.Entry{Title: "X", Answer: "X"}) }},
		{"a last entry with a bad slug", func(p *knowledge.Pack) {
			p.Entries = append(p.Entries, knowledge.Entry{Slug: "A B", Title: "X", Answer: "X"})
		}},
		{"a last entry without answer", func(p *knowledge.Pack) {
			p.Entries = append(p.Entries, knowledge.Entry{Slug: "x", Title: "X"})
		}},
	}
	for _, test := range tests {
		t.Run("into an empty file: "+test.name, func(t *testing.T) {
			h := openHouse(t, filepath.Join(t.TempDir(), "base.db"))
			pack := smallPack()
			test.spoil(&pack)
			if err := h.base.Install(t.Context(), pack); err == nil {
				t.Fatal("it was installed")
			}
			for _, table := range []string{"place", "record", "entry", "entry_version", "pack", "audit"} {
				if got := h.count(`SELECT COUNT(*) FROM ` + table); got != 0 {
					t.Errorf("%s has %d rows", table, got)
				}
			}
		})
		t.Run("over an older version: "+test.name, func(t *testing.T) {
			h := newHouse(t)
			before := h.base.Snapshot()
			revision, _ := h.db.Revision(t.Context())
			pack := smallPack()
			pack.Version = "2"
			pack.Entries[0].Answer = "1. From version 2."
			test.spoil(&pack)
			if err := h.base.Install(t.Context(), pack); err == nil {
				t.Fatal("it was installed")
			}
			if done, _ := h.base.Installed(t.Context(), "small", "1"); !done {
				t.Error("version 1 is no longer installed")
			}
			if now, _ := h.db.Revision(t.Context()); now != revision || h.base.Snapshot() != before {
				t.Error("the base changed")
			}
			if err := h.base.Reload(t.Context()); err != nil || answer(h.base.Snapshot(), "see-shifts", "") != "1. Open the roster." {
				t.Errorf("the file changed: %v", err)
			}
		})
	}
}
