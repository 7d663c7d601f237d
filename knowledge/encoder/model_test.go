package encoder

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var someTexts = []string{
	"reset my password", "", "log-ins?", "ok", strings.Repeat("my pin ", 200), "中文 café", "\xff\xfe", "nothing it knows",
	"How do I reset my password for the e-roster?", "Where can I find somebody who fixes printers on the ward at night?",
	"my smartcard is locked and the clinic starts in ten minutes",
}

// realModel finds the packed file, or skips the test.
func realModel(t testing.TB) *Model {
	t.Helper()
	path := os.Getenv("SIGNPOST_MODEL")
	if path == "" {
		path = filepath.Join("..", "..", "signpost.model")
	}
	m, err := Load(path)
	if errors.Is(err, ErrMissing) {
		t.Skip("no model file: set SIGNPOST_MODEL, or make model")
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// realFolder finds the published weights, or skips the test.
func realFolder(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("SIGNPOST_WEIGHTS")
	if dir == "" {
		t.Skip("no published weights: set SIGNPOST_WEIGHTS to their folder")
	}
	if _, err := os.Stat(filepath.Join(dir, weightsFile)); err != nil {
		return filepath.Join(dir, "model")
	}
	return dir
}

func TestVectorsAreLikeTheReference(t *testing.T) {
	t.Run("tiny", func(t *testing.T) { compareWithReference(t, tinyFolder(t), someTexts) })
	t.Run("published", func(t *testing.T) {
		if testing.Short() {
			t.Skip("slow")
		}
		compareWithReference(t, realFolder(t), slices.DeleteFunc(slices.Clone(someTexts), func(s string) bool { return len(s) > 200 }))
	})
}

func compareWithReference(t *testing.T, dir string, texts []string) {
	r := readReference(t, dir)
	packed, err := parse(packFolder(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	exact := exactly(packed, r)
	least := [2]float64{1, 1}
	for _, text := range texts {
		means := r.means(packed.Tokens(text))
		for i, m := range []*Model{exact, packed} {
			checkUnit(t, m.Encode(text))
			got := worst(m.Encode(text), means)
			least[i] = min(least[i], got)
			if bar := []float64{0.9999, 0.99}[i]; got < bar {
				t.Errorf("%.30q: cosine with the reference %.5f, want at least %v (%s)", text, got, bar, m.ID())
			}
		}
	}
	t.Logf("least cosine: %.7f as published, %.5f packed", least[0], least[1])
}

// worst is the least cosine of the parts of a vector with the means of the layers that they are made of.
func worst(v Vector, means [][]float64) float64 {
	width := len(v.Last)
	least := cosine(v.Last, means[len(means)-1])
	for i, mean := range means[len(means)-midLayers:] {
		least = min(least, cosine(v.Middle[i*width:(i+1)*width], mean))
	}
	return least
}

func checkUnit(t *testing.T, v Vector) {
	t.Helper()
	parts := [][]float32{v.Last, v.Middle}
	for i := range midLayers {
		part := slices.Clone(v.Middle[i*len(v.Last) : (i+1)*len(v.Last)])
		scale(part, float32(math.Sqrt(midLayers)))
		parts = append(parts, part)
	}
	for _, part := range parts {
		var square float64
		for _, x := range part {
			square += float64(x) * float64(x)
		}
		if math.Abs(square-1) > 1e-5 {
			t.Fatalf("a part of %d has length %v, not 1", len(part), math.Sqrt(square))
		}
	}
}

// The values are those that sentence-transformers gives.
func TestVectorIsThePublishedOne(t *testing.T) {
	want := []float64{0.0677, 0.0636, 0.0487, 0.0794, 0.0374, 0.0027}
	check := func(m *Model, within float64) {
		for i, v := range m.Encode("This is an example sentence").Last[:len(want)] {
			if math.Abs(float64(v)-want[i]) > within {
				t.Errorf("%s: value %d is %.5f, want %.4f", m.ID(), i, v, want[i])
			}
		}
	}
	dir := realFolder(t)
	packed, err := parse(packFolder(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	check(exactly(packed, readReference(t, dir)), 0.0001)
	check(packed, 0.005)
}

func TestMeaningsAreNear(t *testing.T) {
	m := realModel(t)
	near := cosine(m.Encode("I forgot my password").Last, m.Encode("How can I reset my login details?").Last)
	far := cosine(m.Encode("I forgot my password").Last, m.Encode("When is the canteen open?").Last)
	if near < 0.5 || far > 0.3 {
		t.Errorf("cosine of the same meaning %.2f, of another %.2f", near, far)
	}
}

// testdata/tokens.json was made with another implementation of the rules in tokenizer.json.
func TestTokensAreThePublishedOnes(t *testing.T) {
	m := realModel(t)
	file, err := os.ReadFile(filepath.Join("testdata", "tokens.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text string
		IDs  []int32
	}
	if err := json.Unmarshal(file, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if got := m.Tokens(c.Text); !slices.Equal(got, c.IDs) {
			t.Errorf("%q: tokens %v, want %v", c.Text, got, c.IDs)
		}
	}
}

func TestKnows(t *testing.T) {
	t.Run("tiny", func(t *testing.T) {
		checkKnows(t, tinyModel(t), map[string]bool{
			"reset": true, "cafe": true, "中": true, "[": true,
			"": false, "Reset": false, "word": false, "##word": false, "password": false, "[CLS]": false, "my pin": false,
		})
	})
	t.Run("published", func(t *testing.T) {
		checkKnows(t, realModel(t), map[string]bool{
			"password": true, "hospital": true, "roster": true, "[": true,
			"pasword": false, "hosptial": false, "##s": false, "[unused1]": false, "[SEP]": false,
		})
	})
}

func checkKnows(t *testing.T, m *Model, words map[string]bool) {
	t.Helper()
	for word, want := range words {
		if got := m.Knows(word); got != want {
			t.Errorf("Knows(%q) is %v, want %v", word, got, want)
		}
	}
}

func TestEncodeAllGivesTheSameAsEncode(t *testing.T) {
	m := tinyModel(t)
	texts := slices.Concat(someTexts, someTexts, someTexts)
	last := 0
	got, err := m.EncodeAll(t.Context(), texts, func(done int) {
		if done <= last {
			t.Errorf("progress went from %d to %d", last, done)
		}
		last = done
	})
	if err != nil || len(got) != len(texts) || last != len(texts) {
		t.Fatalf("EncodeAll gave %d vectors, progress %d, error %v", len(got), last, err)
	}
	for i, text := range texts {
		want := m.Encode(text)
		if !slices.Equal(got[i].Last, want.Last) || !slices.Equal(got[i].Middle, want.Middle) {
			t.Errorf("%.30q: another vector in a batch than alone", text)
		}
	}
}

func TestEncodeAllOfNothing(t *testing.T) {
	if got, err := tinyModel(t).EncodeAll(t.Context(), nil, nil); err != nil || len(got) != 0 {
		t.Errorf("gave %v, %v", got, err)
	}
}

func TestEncodeAllStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	texts := slices.Repeat(someTexts, 100)
	got, err := tinyModel(t).EncodeAll(ctx, texts, func(done int) {
		cancel()
		if done > len(texts)/2 {
			t.Errorf("went on to %d", done)
		}
	})
	if !errors.Is(err, context.Canceled) || got != nil {
		t.Errorf("gave %d vectors, %v", len(got), err)
	}
}

func TestModelIsSafeForConcurrentUse(t *testing.T) {
	m := tinyModel(t)
	want := m.Encode(someTexts[0])
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			m.Encode(someTexts[i])
			if got := m.Encode(someTexts[0]); !slices.Equal(got.Middle, want.Middle) {
				t.Error("another vector beside others")
			}
		})
	}
	group.Wait()
}

func TestForwardAllocatesOnlyTheVector(t *testing.T) {
	m, s := tinyModel(t), new(scratch)
	var out [1]Vector
	got := testing.AllocsPerRun(20, func() {
		s.reset()
		s.add(m.tokenizer, "reset my password?") // taking accents off allocates once more
		m.forward(s, out[:])
	})
	if got > 1 {
		t.Errorf("%v allocations", got)
	}
}

// Twelve tokens, and [CLS] and [SEP] about them.
const benchText = "how do i reset my password for the staff roster system please"

func BenchmarkEncode(b *testing.B) {
	m := realModel(b)
	b.ReportAllocs()
	for b.Loop() {
		m.Encode(benchText)
	}
}

func BenchmarkEncodePortable(b *testing.B) {
	m := realModel(b)
	m.kernel = portable
	for b.Loop() {
		m.Encode(benchText)
	}
}

// The same texts as in BenchmarkEncode, so that time per text can be compared.
func BenchmarkEncodeAll(b *testing.B) {
	m := realModel(b)
	texts := slices.Repeat([]string{benchText}, 200)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.EncodeAll(b.Context(), texts, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(texts)), "ns/text")
}

func BenchmarkLoad(b *testing.B) {
	path := os.Getenv("SIGNPOST_MODEL")
	if path == "" {
		b.Skip("set SIGNPOST_MODEL")
	}
	for b.Loop() {
		if _, err := Load(path); err != nil {
			b.Fatal(err)
		}
	}
}
