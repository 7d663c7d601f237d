package knowledge

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"signpost/knowledge/encoder"
	"signpost/knowledge/match"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// BenchmarkLarge is a base of 20,000 entries with 8 phrasings each, and one of 228, with the encoder, as serve holds them.
// It reports what a start takes, what memory the process holds once questions were asked and entries edited (rss; live is
// what Go's heap holds that is no garbage) and at most on the way (peak), what a question takes with all signals beside the encoder alone, and what an edit takes until
// it is live, encoding included. It needs the weights, in SIGNPOST_MODEL. The vectors of the entries are made up, since
// encoding 180,000 texts would take minutes; the weights, the edit and the questions are real.
func BenchmarkLarge(b *testing.B) {
	path := os.Getenv("SIGNPOST_MODEL")
	if path == "" {
		b.Skip("no weights: set SIGNPOST_MODEL")
	}
	for _, entries := range []int{228, 20000} {
		b.Run(fmt.Sprint(entries), func(b *testing.B) { benchLarge(b, path, entries) })
	}
}

func benchLarge(b *testing.B, weights string, entries int) {
	file := filepath.Join(b.TempDir(), "large.db")
	fill := exec.Command(os.Args[0], "-test.run", "^TestFillLarge$") // in a process of its own, which takes its memory with it
	fill.Env = append(os.Environ(), "SIGNPOST_FILL="+file, fmt.Sprint("SIGNPOST_FILL_ENTRIES=", entries))
	if said, err := fill.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, said)
	}
	for b.Loop() {
		useLarge(b, file, weights)
	}
}

// TestFillLarge is no test: BenchmarkLarge runs it.
func TestFillLarge(t *testing.T) {
	file := os.Getenv("SIGNPOST_FILL")
	if file == "" {
		t.Skip("only run by BenchmarkLarge")
	}
	entries, err := strconv.Atoi(os.Getenv("SIGNPOST_FILL_ENTRIES"))
	if err != nil {
		t.Fatal(err)
	}
	fillLarge(t, file, os.Getenv("SIGNPOST_MODEL"), entries)
}

// fillLarge writes a file as Learn leaves it.
func fillLarge(b *testing.T, file, weights string, entries int) {
	model, err := encoder.Load(weights)
	if err != nil {
		b.Fatal(err)
	}
	db, err := sqldb.Open(b.Context(), file, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	base, err := Open(b.Context(), db, nil)
	if err != nil {
		b.Fatal(err)
	}
	if err := base.Install(b.Context(), MadeUpPack(entries)); err != nil {
		b.Fatal(err)
	}
	base.model = model
	space, places := madeUp(base.Snapshot())
	fit := match.DefaultWeights()
	fit.Space = space
	if err := base.keepFit(b.Context(), fit, base.Snapshot().fingerprint(), places); err != nil {
		b.Fatal(err)
	}
	if err := db.Write(b.Context(), func(tx *sqldb.Tx) error { // or nothing counts as encoded
		_, err := tx.ExecContext(b.Context(), `INSERT INTO vector (model, text, body) VALUES ($1, 'any', x'00')`, model.ID())
		return err
	}); err != nil {
		b.Fatal(err)
	}
}

// madeUp gives a space, and vectors for all documents.
func madeUp(s *Snapshot) (*match.Space, map[string][]byte) {
	random := rand.New(rand.NewPCG(1, 2))
	unit := func(width int) []float32 {
		v := make([]float32, width)
		for i := range v {
			v[i] = float32(random.NormFloat64() / math.Sqrt(float64(width)))
		}
		return v
	}
	space := &match.Space{Mean: make([]float32, 1152)}
	for range 384 {
		space.Axes = append(space.Axes, unit(1152))
	}
	places := map[string][]byte{}
	for _, doc := range s.docs() {
		d := match.Analyse(doc, nil)
		var texts [][]byte
		for range doc.Texts() {
			texts = append(texts, packVector(encoder.Vector{Last: unit(384)}))
		}
		place := append([]byte{0, 0, 0, 60}, make([]byte, 384)...)
		for i := range 384 {
			place[4+i] = byte(random.Uint32())
		}
		places[documentKey(d)] = packDocument(texts, place)
	}
	return space, places
}

func useLarge(b *testing.B, file, weights string) {
	started := time.Now()
	db, err := sqldb.Open(b.Context(), file, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	model, err := encoder.Load(weights)
	if err != nil {
		b.Fatal(err)
	}
	base, err := OpenWith(b.Context(), db, nil, model)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(time.Since(started).Seconds(), "s-start")
	if !base.Snapshot().index.Means() {
		b.Fatal("not matched by meaning")
	}
	askLarge(b, base)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapInuse)/1e6, "MB-heap")
	runtime.GC()
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB-live")
	editLarge(b, db, base)
	time.Sleep(restAfter + time.Second)
	b.ReportMetric(held("VmRSS"), "MB-rss")
	b.ReportMetric(held("VmHWM"), "MB-peak")
	runtime.KeepAlive(base)
}

// askLarge asks on one core, each time the encoder alone and then all.
func askLarge(b *testing.B, base *Base) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	s, texts := base.Snapshot(), MadeUpPack(300).Entries
	var encoding, asking, words []time.Duration
	plain := *s
	plain.model = nil
	for i := range 600 {
		text := "how do i " + texts[i%300].Phrasings[i%8].Text
		text = strings.Join(strings.Fields(text)[:6+i%5], " ")
		encoding = append(encoding, timed(func() { s.model.Encode(text) }))
		asking = append(asking, timed(func() { s.Match(Question{Text: text}, 8) }))
		words = append(words, timed(func() { plain.Match(Question{Text: text}, 8) }))
	}
	for _, took := range [][]time.Duration{encoding, asking, words} {
		slices.Sort(took)
	}
	ms := func(d time.Duration) float64 { return d.Seconds() * 1000 }
	at := func(took []time.Duration, percent int) time.Duration { return took[len(took)*percent/100] }
	b.ReportMetric(ms(at(encoding, 50)), "ms-encode-p50")
	b.ReportMetric(ms(at(encoding, 99)), "ms-encode-p99")
	b.ReportMetric(ms(at(asking, 50))/ms(at(encoding, 50)), "x-encode-p50")
	b.ReportMetric(ms(at(asking, 99))/ms(at(encoding, 50)), "x-encode-p99")
	b.ReportMetric(ms(at(words, 50)), "ms-words-p50")
	b.ReportMetric(ms(at(words, 99)), "ms-words-p99")
}

func timed(do func()) time.Duration {
	started := time.Now()
	do()
	return time.Since(started)
}

// editLarge changes entries, each with a new title and phrasing to be encoded, and reports the slowest.
func editLarge(b *testing.B, db *sqldb.DB, base *Base) {
	var took []time.Duration
	for i := range 12 {
		e, _ := base.Snapshot().Own(fmt.Sprintf("entry-%05d", 7+i), "england")
		e.Title, e.Phrasings = fmt.Sprintf("%s %d", e.Title, i), slices.Clone(e.Phrasings)
		e.Phrasings[0].Text = fmt.Sprintf("%s %d", e.Phrasings[0].Text, i)
		took = append(took, timed(func() {
			if err := SaveOne(b.Context(), db, base, e); err != nil {
				b.Fatal(err)
			}
		}))
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "ms-edit-p50")
	b.ReportMetric(took[len(took)-1].Seconds()*1000, "ms-edit-max")
}

// held reads a size of this process, in MB; 0 where there is no /proc.
func held(name string) float64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, after, _ := strings.Cut(string(status), name+":")
	kilobytes := 0.0
	fmt.Sscan(after, &kilobytes)
	return kilobytes * 1024 / 1e6
}

// SaveOne saves an entry and answers from it.
func SaveOne(ctx context.Context, db *sqldb.DB, base *Base, e Entry) error {
	var change Change
	err := db.Write(ctx, func(tx *sqldb.Tx) (err error) {
		change, err = base.Save(ctx, tx, e, "bench")
		return err
	})
	if err == nil {
		base.Apply(change)
	}
	return err
}

// MadeUpPack makes up entries from a vocabulary in which, as in real ones, few words are frequent.
func MadeUpPack(n int) Pack {
	zipf := rand.NewZipf(rand.New(rand.NewPCG(1, 1)), 1.1, 8, 5999)
	sentence := func(words int) string {
		said := make([]string, words)
		for i := range said {
			n := zipf.Uint64()
			said[i] = string([]byte{'a' + byte(n%26), 'e', 'a' + byte(n/26%26), 'o', 'a' + byte(n/676%26)}) + "ing"
		}
		return strings.Join(said, " ")
	}
	pack := Pack{ID: "large", Version: "1", Places: []place.Place{{ID: "england", Kind: "nation", Name: "England"}}}
	for i := range n {
		e := Entry{Slug: fmt.Sprintf("entry-%05d", i), Kind: HowTo, Title: sentence(5), Answer: sentence(80)}
		for range 8 {
			e.Phrasings = append(e.Phrasings, Phrasing{Text: sentence(8)})
		}
		pack.Entries = append(pack.Entries, e)
	}
	return pack
}
