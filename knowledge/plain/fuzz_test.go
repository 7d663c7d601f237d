package plain

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzCheck(f *testing.F) {
	for _, s := range []string{
		"", "1. Open it (MFA", "[here](", "[x](y) {a} {", "a.b@c", "http://", "https://x.uk!", "\xff\xfeAB(C", "DO\xc3 NOT",
		"İI ſ ABſ Ⱥ's", "e.g. ", "MFA (multi)", "'t n't 's", "👩‍⚕️\u200d", "co\u2011op", "y", "-", "#", "A&E's", "é", "I'll've",
	} {
		f.Add(s)
	}
	c := checker()
	f.Fuzz(func(t *testing.T, text string) {
		list := c.Check(text)
		if again := c.Check(text); !slices.Equal(list, again) {
			t.Fatalf("two answers: %v and %v", list, again)
		}
		for _, found := range list {
			if !strings.Contains(text, found.Where) || found.Where == "" {
				t.Fatalf("%q is not in the text", found.Where)
			}
			if !utf8.ValidString(found.Says) || found.Says == "" || found.Rule == "" {
				t.Fatalf("bad finding %q", found)
			}
		}
		if g := c.Grade(text); math.IsNaN(g) || math.IsInf(g, 0) {
			t.Fatalf("grade %v", g)
		}
		if Syllables(text) < 1 {
			t.Fatalf("%q has no syllable", text)
		}
		if names := Sentences(text); len(names) < 20 {
			New(Rules{Names: names}).Check(text)
		}
	})
}

// entry has more than 120 words.
var entry = strings.Repeat("1. Open HealthRoster on your phone, or use Employee Online in a web browser at work.\n"+
	"2. Pick the month you want, and look for the shifts that your manager has approved.\n", 4)

func BenchmarkCheck120Words(b *testing.B) {
	c := checker()
	words := strings.Join(strings.Fields(entry)[:120], " ")
	words = strings.ReplaceAll(words, " 1.", "\n1.")
	b.ReportAllocs()
	for b.Loop() {
		c.Check(words)
	}
}
