package match_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"signpost/knowledge/match"
)

// answers says all there is to say about the hits of some questions, so that two indexes can be compared.
func answers(x *match.Index, questions []match.Query) []string {
	var said []string
	for _, q := range questions {
		for _, h := range x.Match(q, 12) {
			said = append(said, fmt.Sprint(q.Text, ": ", h.ID, h.Score, h.Probability, h.Signals, h.Why()))
		}
	}
	return said
}

func TestWithIsTheSameAsANewIndex(t *testing.T) {
	spaced := match.DefaultWeights()
	spaced.Space = newTeller(4).space()
	for name, w := range map[string]*match.Weights{"words": match.DefaultWeights(), "meaning": spaced} {
		t.Run(name, func(t *testing.T) {
			tell, random := newTeller(5), rand.New(rand.NewPCG(6, 6))
			docs := tell.documents(120, w.Space)
			x := w.NewIndex(docs, smallGlossary)
			for step := range 24 { // some of which are too many changes for a small part
				docs = slices.Clone(docs)
				switch at := random.IntN(len(docs)); step % 3 {
				case 0:
					docs[at] = tell.document(at, w.Space)
				case 1:
					docs = slices.Insert(docs, at, tell.document(1000+step, w.Space))
				case 2:
					docs = slices.Delete(docs, at, at+1)
				}
				x = x.With(docs)
				var questions []match.Query
				for range 8 {
					q := match.Query{Text: tell.question() + " mispelt"}
					if w.Space != nil {
						q.Vector = &match.Vector{Last: tell.unit(benchLast), Middle: tell.unit(benchMiddle)}
					}
					questions = append(questions, q)
				}
				got, want := answers(x, questions), answers(w.NewIndex(docs, smallGlossary), questions)
				if !slices.Equal(got, want) {
					t.Fatalf("step %d: changed step by step the index answers\n%q\nmade anew\n%q", step, got, want)
				}
				if x.Len() != len(docs) || x.Means() != (w.Space != nil) {
					t.Fatalf("step %d: %d documents, by meaning %v; want %d, %v", step, x.Len(), x.Means(), len(docs), w.Space != nil)
				}
			}
		})
	}
}

func TestWithForgetsWhatIsGone(t *testing.T) {
	var docs []*match.Document
	for i, word := range []string{"alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet"} {
		docs = append(docs, match.Analyse(match.Doc{ID: fmt.Sprint(i), Phrasings: []string{"the " + word + " system"}}, nil))
	}
	x := match.NewIndex(docs, nil)
	if got := x.Repair("foxtrott", nil); got != "foxtrot" {
		t.Fatalf("before: %q", got)
	}
	x = x.With(slices.Delete(slices.Clone(docs), 5, 6))
	if got := x.Repair("foxtrott", nil); got != "foxtrott" {
		t.Errorf("a word that is gone still corrects: %q", got)
	}
	if got := ids(x.Match(match.Query{Text: "foxtrot"}, 5)); got != "" {
		t.Errorf("a document that is gone is found: %q", got)
	}
	x = x.With(docs)
	if got := ids(x.Match(match.Query{Text: "foxtrot"}, 1)); got != "5" {
		t.Errorf("a document that came back is not found: %q", got)
	}
}

// Those whom nobody may see must not crowd out the one that counts.
func TestAcceptIsAskedBeforeTheCut(t *testing.T) {
	w := match.DefaultWeights()
	tell := newTeller(7)
	v := tell.unit(benchLast)
	var docs []*match.Document
	for i := range 200 {
		d := match.Analyse(match.Doc{ID: fmt.Sprintf("%03d", i), Phrasings: []string{"open the roster"}}, nil)
		docs = append(docs, d.WithPlace([][]float32{v}, nil))
	}
	x := w.NewIndex(docs, nil)
	for _, text := range []string{"open the roster", "something else"} { // by words and by meaning
		hits := x.Match(match.Query{Text: text, Vector: &match.Vector{Last: v}, Accept: func(id string) bool { return id == "150" }}, 5)
		if got := ids(hits); got != "150" {
			t.Errorf("%s: found %q, want 150", text, got)
		}
	}
}
