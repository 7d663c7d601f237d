package check_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/check"
	"signpost/knowledge/match"
	"signpost/knowledge/starter"
)

var update = flag.Bool("update", false, "rewrite the golden file")

const golden = "testdata/leave-one-out.txt"

// starterBase is the starter base as people of the nation see it.
func starterBase(tb testing.TB) check.Base {
	tb.Helper()
	pack, err := starter.Pack()
	if err != nil {
		tb.Fatal(err)
	}
	b := check.Base{Strands: pack.Strands, LocalKeys: pack.LocalKeys, Terms: pack.Terms}
	for i := range pack.Entries {
		b.Entries = append(b.Entries, &pack.Entries[i])
	}
	return b
}

// TestStarter reads the whole starter base. Its leave-one-out result is kept in a file: go test ./knowledge/check -update
// rewrites it, and the difference is what a change of words or of the matcher did.
func TestStarter(t *testing.T) {
	r := check.Content(starterBase(t), nil)
	for _, f := range r.Findings {
		t.Errorf("%s: %s: %s (%s)", f.Slug, f.Rule, f.Says, f.Where)
	}
	var b strings.Builder
	if err := r.LeaveOneOut.Print(&b); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		t.Errorf("%s differs; look at the difference, then run with -update. Got:\n%s", golden, got)
	}
}

func BenchmarkLeaveOut(b *testing.B) {
	base := starterBase(b)
	for b.Loop() {
		check.LeaveOut(base, nil)
	}
}

// ways gives a base of two entries about leave and shifts, and one about printing.
func ways() check.Base {
	entry := func(slug, title string, goals ...string) *knowledge.Entry {
		e := &knowledge.Entry{Slug: slug, Title: title, Topic: "topic"}
		for _, g := range goals {
			e.Phrasings = append(e.Phrasings, knowledge.Phrasing{Kind: knowledge.Goal, Text: g})
		}
		return e
	}
	return check.Base{Entries: []*knowledge.Entry{
		entry("see-shifts", "See my shifts", "view my shifts", "ask for my roster"),
		entry("book-leave", "Book leave", "ask for annual leave", "take leave on the roster", "holiday request"),
		entry("print", "Print", "print a page"),
	}}
}

// TestLeaveOut counts by hand what three small entries give: held out, "ask for my roster" finds the other entry first and
// its own second, "holiday request" finds nothing, and the rest find their own by the title's words.
func TestLeaveOut(t *testing.T) {
	steps := 0
	got := check.LeaveOut(ways(), func() { steps++ })
	if want := (check.Found{N: 6, First: 4, Three: 5}); got.All != want || got.Barred != want {
		t.Errorf("all = %+v, barred = %+v, want %+v", got.All, got.Barred, want)
	}
	if steps != 6 {
		t.Errorf("steps = %d, want 6", steps)
	}
	if len(got.Pairs) != 1 {
		t.Fatalf("pairs = %+v, want one", got.Pairs)
	}
	want := check.Pair{A: "book-leave", B: "see-shifts", Times: 1, Example: "ask for my roster", Of: "see-shifts"}
	if got.Pairs[0] != want {
		t.Errorf("pair = %+v, want %+v", got.Pairs[0], want)
	}
}

// TestLeaveOutByMeaning asks "holiday request", which shares no word with its entry, of a base that knows what it means.
func TestLeaveOutByMeaning(t *testing.T) {
	base := ways()
	base.Vector = func(text string) match.Vector {
		v := match.Vector{Last: make([]float32, 4), Middle: make([]float32, 4)}
		about := 2
		switch {
		case strings.Contains(text, "leave") || strings.Contains(text, "holiday"):
			about = 0
		case strings.Contains(text, "shift") || strings.Contains(text, "roster"):
			about = 1
		}
		v.Last[about], v.Middle[about] = 1, 1
		return v
	}
	if got, want := check.LeaveOut(base, nil).All, (check.Found{N: 6, First: 6, Three: 6}); got != want {
		t.Errorf("all = %+v, want %+v", got, want)
	}
}

func TestFound(t *testing.T) {
	var f check.Found
	for _, rank := range []int{1, 2, 3, 4, 0} {
		f.Add(rank)
	}
	if want := (check.Found{N: 5, First: 1, Three: 3}); f != want {
		t.Errorf("found = %+v, want %+v", f, want)
	}
	if json, err := f.MarshalJSON(); err != nil || string(json) != `{"n":5,"top1":0.2,"top3":0.6}` {
		t.Errorf("as JSON: %s, %v", json, err)
	}
	if got := (check.Found{}).Top1(); got != 0 {
		t.Errorf("share of none = %v, want 0", got)
	}
}
