package wordvec_test

import (
	"math"
	"testing"

	"signpost/knowledge/wordvec"
)

// Words of like meaning are near each other, others are not.
func TestLikeWordsAreNear(t *testing.T) {
	for _, test := range []struct{ word, like, unlike string }{
		{"car", "vehicle", "shift"},
		{"buy", "purchase", "sleep"},
		{"password", "credentials", "holiday"},
		{"broken", "faulty", "holiday"},
		{"leave", "quit", "password"},
	} {
		near, far := cosine(t, test.word, test.like), cosine(t, test.word, test.unlike)
		if near < 0.4 || far > near-0.2 {
			t.Errorf("%q is %.2f near %q and %.2f near %q", test.word, near, test.like, far, test.unlike)
		}
	}
}

// A word that says little adds little to a sum.
func TestCommonWordsAreShort(t *testing.T) {
	if the, printer := length(t, "the"), length(t, "printer"); the > printer/2 {
		t.Errorf(`"the" is %.2f long, "printer" %.2f`, the, printer)
	}
}

func TestUnknownWordsHaveNoVector(t *testing.T) {
	for _, word := range []string{"", "passwrod", "Car", "x", "été", "two words"} {
		if n := wordvec.Number(word); n != wordvec.None {
			t.Errorf("%q has the number %d", word, n)
		}
	}
	if rows := wordvec.Row(wordvec.None); rows.Len() != 0 {
		t.Errorf("None has %d rows", rows.Len())
	}
}

func vector(t *testing.T, word string) []float32 {
	n := wordvec.Number(word)
	if n == wordvec.None {
		t.Fatalf("%q has no vector", word)
	}
	v := make([]float32, wordvec.Width)
	wordvec.Row(n).Add(v, 0)
	return v
}

func length(t *testing.T, word string) float64 {
	return math.Sqrt(dot(vector(t, word), vector(t, word)))
}

func cosine(t *testing.T, a, b string) float64 {
	return dot(vector(t, a), vector(t, b)) / (length(t, a) * length(t, b))
}

func dot(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
