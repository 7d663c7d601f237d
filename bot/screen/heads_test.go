package screen

import (
	"context"
	"errors"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"signpost/knowledge/encoder"
)

const (
	headPath  = "rules/meaning.head"
	linesPath = "testdata/safety.jsonl"
)

// lineCounts is how many examples one of the lines counts as: they are few, and put as people put them.
const lineCounts = 3

// alike is from which cosine on an example is left out where a line is held out.
const alike = 0.9

// realModel finds the packed weights, or skips the test.
func realModel(t testing.TB) *encoder.Model {
	t.Helper()
	path := os.Getenv("SIGNPOST_MODEL")
	if path == "" {
		path = filepath.Join("..", "..", "signpost.model")
	}
	model, err := encoder.Load(path)
	if errors.Is(err, encoder.ErrMissing) {
		t.Skip("no model file: set SIGNPOST_MODEL, or make model")
	}
	if err != nil {
		t.Fatal(err)
	}
	return model
}

// told is a message with all that a head is fitted to or measured by.
type told struct {
	text   string // masked
	kind   int
	label  string
	fold   int
	vector []float32
	// byFold is what the weighing says that learned without the message's own fold and without this one; of a line, which
	// it never learns from, what it says in use.
	byFold [folds]points
	lists  Reason  // what they stop it for, learned without its fold
	more   float64 // see small.go
	always bool    // answered whatever the weighing says
}

// learnedWithout gives the rulebooks whose weights were learned without one fold of the examples and, with pairs, without
// two.
func learnedWithout(book *rulebook, p *problem, pairs bool) (books [folds][folds]*rulebook) {
	var all sync.WaitGroup
	running := make(chan bool, 2) // each takes some hundred megabytes
	for f := range folds {
		for g := f; g < folds && (g == f || pairs); g++ {
			all.Go(func() {
				running <- true
				defer func() { <-running }()
				b := *book
				b.weights = p.inHundredths(p.fit(penalty, mostRounds, func(e *example) bool { return e.group%folds != f && e.group%folds != g }))
				books[f][g], books[g][f] = &b, &b
			})
		}
	}
	all.Wait()
	return books
}

// readTold reads the examples, with what the weighing says of each that learned without it.
func readTold(t *testing.T, model *encoder.Model, pairs bool) (examples, lines []*told) {
	book := rules()
	p := book.newProblem(readExamples())
	books := learnedWithout(book, p, pairs)
	for _, e := range p.rows {
		own := e.group % folds
		x := newTold(books[own][own], Mask(e.text).Text, e.kind)
		x.label, x.fold = e.label(), own
		for f, without := range books[own] {
			if without != nil {
				x.byFold[f] = without.weigh(book.prepared(x.text))
			}
		}
		examples = append(examples, x)
	}
	for _, l := range readLines(t, linesPath) {
		kind, ok := kindCalled(l.Expect)
		if !ok {
			kind = len(kinds)
		}
		x := newTold(book, Mask(l.Text).Text, kind)
		x.label, x.fold = "line "+l.Expect, foldOf(l.Text)
		for f := range folds {
			x.byFold[f] = book.weigh(book.prepared(x.text))
		}
		lines = append(lines, x)
	}
	addVectors(t, model, slices.Concat(examples, lines))
	return examples, lines
}

func newTold(book *rulebook, text string, kind int) *told {
	x := &told{text: text, kind: kind}
	m := book.prepared(text)
	if len(m.words) == 0 {
		x.always = true
		return x
	}
	if hit := book.decide(m, book.weigh(m)); hit != nil {
		x.lists = hit.rule.reason
	}
	_, x.always = first(book.nevers, m)
	x.more = book.moreMeant(m)
	return x
}

// typed takes out what Mask put in: the encoder is shown what a person typed.
func typed(text string) string {
	for _, p := range placeholders {
		text = strings.ReplaceAll(text, p.word, "")
	}
	return strings.TrimSpace(text)
}

func addVectors(t *testing.T, model *encoder.Model, all []*told) {
	texts := make([]string, len(all))
	for i, x := range all {
		texts[i] = typed(x.text)
	}
	vectors, err := model.EncodeAll(context.Background(), texts, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range all {
		x.vector = vectors[i].Last
	}
}

// headOf fits a head to what is in; scores says by which weighing each is shown.
func headOf(all []*told, in func(*told) bool, scores func(*told) points) head {
	var samples []*sample
	var count [classes]float64
	for _, x := range all {
		if !in(x) {
			continue
		}
		s := &sample{x: shownTo(scores(x), x.vector), kind: x.kind, pull: 1}
		if x.isLine() {
			s.pull = lineCounts
		}
		samples = append(samples, s)
		count[x.kind]++
	}
	for _, s := range samples {
		s.pull *= float32(math.Pow(float64(len(samples))/float64(classes)/count[s.kind], balancing))
	}
	return fitNetwork(samples).rounded()
}

// fitHeads fits the head in use, and those without each fold of the lines and without the examples that are like them.
func fitHeads(t *testing.T, model *encoder.Model) *heads {
	examples, lines := readTold(t, model, false)
	all := slices.Concat(examples, lines)
	byOwn := func(x *told) points { return x.byFold[x.fold] }
	h := &heads{All: headOf(all, func(*told) bool { return true }, byOwn), Examples: examplesKey()}
	copy(h.Model[:], model.ID())
	for f := range folds {
		derived := likeLines(examples, lines, f)
		t.Logf("fold %d: %d examples are like one of its lines, and left out", f, len(derived))
		h.Folds[f] = headOf(all, func(x *told) bool { return !derived[x] && !(x.isLine() && x.fold == f) }, byOwn)
	}
	for _, l := range readLines(t, linesPath) {
		h.Lines = append(h.Lines, lineKey(l.Text))
	}
	return h
}

func likeLines(examples, lines []*told, fold int) map[*told]bool {
	like := map[*told]bool{}
	for _, line := range lines {
		for _, x := range examples {
			if line.fold == fold && product(line.vector, x.vector) >= alike {
				like[x] = true
			}
		}
	}
	return like
}

// examplesKey names all that a head is fitted to, but for the lines, which the file lists.
func examplesKey() uint64 {
	h := fnv.New64a()
	for _, e := range readExamples() {
		h.Write([]byte(e.text + "\n"))
	}
	h.Write([]byte(ruleText("weights")))
	return h.Sum64()
}

// TestHeads writes the heads with -update; else it says whether they are those of the examples, the weights and the lines.
func TestHeads(t *testing.T) {
	if *update {
		h := fitHeads(t, realModel(t))
		file, err := h.write()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(headPath, file, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	h, err := readHeads(headFile)
	if err != nil {
		t.Fatal(err)
	}
	if h.Examples != examplesKey() {
		t.Error("the heads were not fitted to these examples and weights: run go generate ./bot/screen")
	}
	for _, l := range readLines(t, linesPath) {
		if !Seen(l.Text) {
			t.Errorf("the heads do not know a line of %s: run go generate ./bot/screen", linesPath)
		}
	}
}
