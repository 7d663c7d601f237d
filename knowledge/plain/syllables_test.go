package plain

import (
	_ "embed"
	"testing"
)

//go:embed testdata/syllables.txt
var knownText string

func TestSyllablesOfKnownWords(t *testing.T) {
	known := readCounts(knownText)
	if len(known) < 120 {
		t.Fatalf("%d known words, want 120 or more", len(known))
	}
	right := 0
	for w, want := range known {
		if got := Syllables(w); got == want {
			right++
		} else {
			t.Logf("Syllables(%q) = %d, want %d", w, got, want)
		}
	}
	share := 100 * float64(right) / float64(len(known))
	t.Logf("%d of %d right: %.1f %%", right, len(known), share)
	if share < 95 {
		t.Errorf("%.1f %% right, want 95 or more", share)
	}
}
