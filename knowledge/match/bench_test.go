package match_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"signpost/knowledge/match"
)

// Made-up bases of 2,000 entries with 8 phrasings, from a vocabulary in which, as in real ones, few words are frequent.
const (
	benchEntries   = 2000
	benchPhrasings = 8
	benchWords     = 6000
)

// A teller makes up sentences, always the same for the same seed.
type teller struct{ zipf *rand.Zipf }

func newTeller(seed uint64) teller {
	return teller{rand.NewZipf(rand.New(rand.NewPCG(seed, seed)), 1.1, 8, benchWords-1)}
}

func (t teller) sentence(words int) string {
	said := make([]string, words)
	for i := range said {
		n := t.zipf.Uint64()
		said[i] = string([]byte{'a' + byte(n%26), 'e', 'a' + byte(n/26%26), 'o', 'a' + byte(n/676%26)}) + "ing"
	}
	return strings.Join(said, " ")
}

func (t teller) doc(i int) match.Doc {
	doc := match.Doc{ID: fmt.Sprintf("entry-%04d", i), Title: t.sentence(5), Answer: t.sentence(80)}
	for range benchPhrasings {
		doc.Phrasings = append(doc.Phrasings, t.sentence(8))
	}
	return doc
}

func benchDocuments() []*match.Document {
	t := newTeller(1)
	docs := make([]*match.Document, benchEntries)
	for i := range docs {
		docs[i] = match.Analyse(t.doc(i), smallGlossary)
	}
	return docs
}

// BenchmarkMatch asks a base of 2,000 entries on one core and reports the median and the slowest hundredth; index-MB is
// the memory that the index and its documents hold.
func BenchmarkMatch(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	before := heapInUse()
	x := match.NewIndex(benchDocuments(), smallGlossary)
	held := heapInUse() - before
	questions := make([]string, 512)
	for i, t := 0, newTeller(2); i < len(questions); i++ {
		questions[i] = "how do i " + t.sentence(4+i%8)
	}
	var took []time.Duration
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		x.Match(match.Query{Text: questions[i%len(questions)]}, 8)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(held)/1e6, "index-MB")
	runtime.KeepAlive(x)
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkRebuild is what one changed entry costs: it alone is analysed, and the index is made anew of all documents.
func BenchmarkRebuild(b *testing.B) {
	docs := benchDocuments()
	t := newTeller(3)
	b.ReportAllocs()
	for b.Loop() {
		docs[7] = match.Analyse(t.doc(7), smallGlossary)
		match.NewIndex(docs, smallGlossary)
	}
}

// BenchmarkFirstUse analyses every entry and makes the first index: what opening a base of 2,000 entries costs.
func BenchmarkFirstUse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		match.NewIndex(benchDocuments(), smallGlossary)
	}
}
