package match_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"signpost/knowledge/match"
)

// Made-up bases with 8 phrasings an entry, from a vocabulary in which, as in real ones, few words are frequent. Real ones say
// the same pairs of words again and again, made-up ones hardly ever: they take more memory.
const (
	benchPhrasings = 8
	benchWords     = 6000
	benchLast      = 384 // numbers of a vector, as the encoder gives them
	benchMiddle    = 1152
)

// A teller makes up sentences and vectors, always the same for the same seed.
type teller struct {
	zipf *rand.Zipf
	rand *rand.Rand
}

func newTeller(seed uint64) teller {
	r := rand.New(rand.NewPCG(seed, seed))
	return teller{rand.NewZipf(r, 1.1, 8, benchWords-1), r}
}

func (t teller) sentence(words int) string {
	said := make([]string, words)
	for i := range said {
		n := t.zipf.Uint64()
		said[i] = string([]byte{'a' + byte(n%26), 'e', 'a' + byte(n/26%26), 'o', 'a' + byte(n/676%26)}) + "ing"
	}
	return strings.Join(said, " ")
}

func (t teller) question() string { return "how do i " + t.sentence(4+t.rand.IntN(8)) }

func (t teller) doc(i int) match.Doc {
	doc := match.Doc{ID: fmt.Sprintf("entry-%05d", i), Title: t.sentence(5), Answer: t.sentence(80)}
	for range benchPhrasings {
		doc.Phrasings = append(doc.Phrasings, t.sentence(8))
	}
	return doc
}

func (t teller) unit(width int) []float32 {
	v := make([]float32, width)
	for i := range v {
		v[i] = float32(t.rand.NormFloat64())
	}
	return scaled(v)
}

// scaled scales a vector to length one, in place.
func scaled(v []float32) []float32 {
	length := 0.0
	for _, x := range v {
		length += float64(x * x)
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(length))
	}
	return v
}

// space is one in which every number of the middle layers stands for itself.
func (t teller) space() *match.Space {
	s := &match.Space{Mean: make([]float32, benchMiddle)}
	for range benchLast {
		s.Axes = append(s.Axes, t.unit(benchMiddle))
	}
	return s
}

// document makes a document up, with vectors if there is a space.
func (t teller) document(i int, space *match.Space) *match.Document {
	d := match.Analyse(t.doc(i), smallGlossary)
	if space == nil {
		return d
	}
	place := append([]byte{0, 0, 0, 60}, make([]byte, benchLast)...) // a small step, then whole numbers
	for i := range benchLast {
		place[4+i] = byte(t.rand.Uint32())
	}
	last := make([][]float32, 1+benchPhrasings)
	for i := range last {
		last[i] = t.unit(benchLast)
	}
	return d.WithPlace(last, place)
}

func (t teller) documents(n int, space *match.Space) []*match.Document {
	docs := make([]*match.Document, n)
	for i := range docs {
		docs[i] = t.document(i, space)
	}
	return docs
}

// benchBases runs a benchmark on bases of each size, without vectors and with them.
func benchBases(b *testing.B, run func(b *testing.B, n int, w *match.Weights)) {
	for _, n := range []int{2000, 20000} {
		b.Run(fmt.Sprintf("words-%d", n), func(b *testing.B) { run(b, n, match.DefaultWeights()) })
	}
	w := match.DefaultWeights()
	w.Space = newTeller(4).space()
	b.Run("meaning-20000", func(b *testing.B) { run(b, 20000, w) })
}

// BenchmarkMatch asks on one core, without the encoder's share, and reports the median and the slowest hundredth; index-MB is
// the memory that the index and its documents hold.
func BenchmarkMatch(b *testing.B) {
	benchBases(b, func(b *testing.B, n int, w *match.Weights) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		before := heapInUse()
		x := w.NewIndex(newTeller(1).documents(n, w.Space), smallGlossary)
		held := heapInUse() - before
		questions := make([]match.Query, 512)
		for i, t := 0, newTeller(2); i < len(questions); i++ {
			questions[i].Text = t.question()
			if w.Space != nil {
				questions[i].Vector = &match.Vector{Last: t.unit(benchLast), Middle: t.unit(benchMiddle)}
			}
		}
		var took []time.Duration
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			start := time.Now()
			x.Match(questions[i%len(questions)], 8)
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		b.ReportMetric(float64(held)/1e6, "index-MB")
		runtime.KeepAlive(x)
	})
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkChange is what one changed entry costs: it alone is analysed, and the index shares the rest with the one before.
func BenchmarkChange(b *testing.B) {
	benchBases(b, func(b *testing.B, n int, w *match.Weights) {
		docs := newTeller(1).documents(n, w.Space)
		x := w.NewIndex(docs, smallGlossary)
		t := newTeller(3)
		b.ReportAllocs()
		b.ResetTimer()
		for i := 0; b.Loop(); i++ {
			docs[i%100] = t.document(i%100, w.Space)
			x = x.With(docs)
		}
	})
}

// BenchmarkRebuild is an index made anew of documents that were analysed before.
func BenchmarkRebuild(b *testing.B) {
	benchBases(b, func(b *testing.B, n int, w *match.Weights) {
		docs := newTeller(1).documents(n, w.Space)
		b.ReportAllocs()
		b.ResetTimer()
		for b.Loop() {
			w.NewIndex(docs, smallGlossary)
		}
	})
}

// BenchmarkFirstUse analyses every entry and makes the first index: what opening a base of 2,000 entries costs on one core.
func BenchmarkFirstUse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		match.NewIndex(newTeller(1).documents(2000, nil), smallGlossary)
	}
}
