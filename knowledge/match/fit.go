package match

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
)

// A Labelled is a question whose right documents are known; with none, no document answers it.
type Labelled struct {
	Text, Before string
	Right        []string
}

// A Corpus is what Fit learns from.
type Corpus struct {
	Docs     []Doc
	Glossary *Glossary
	// Vector gives what a text means; nil without an encoder. It must be safe for concurrent use.
	Vector func(text string) Vector
	// Real names words that are no misspellings although the base lacks them; nil for none.
	Real func(word string) bool
	// Asked are saved questions. They are put to the whole base, as people would.
	Asked []Labelled
}

const (
	folds = 4 // a quarter of the phrasings is left out at a time
	// mostHeld is how many phrasings are asked: enough for a dozen weights.
	mostHeld = 4000
	// leastHeld is how many it takes to learn anything; below, the default weights stand.
	leastHeld = 100
	// leastAsked is how many saved questions it takes to trust them more than phrasings left out.
	leastAsked = 100
)

// Fit learns the weights from a base itself: each phrasing is left out and must still find its document; and where its
// document is taken away altogether, nothing must be answered. Saved questions count most, where there are enough. The same
// corpus gives the same weights. A base of fewer than leastHeld phrasings keeps the defaults.
func Fit(ctx context.Context, c Corpus, progress func(done, all int)) (*Weights, error) {
	w := DefaultWeights()
	var spread *spread
	if c.Vector != nil {
		spread = c.spread()
	}
	var samples [folds + 1][]trial
	var failed [folds + 1]error
	var lock sync.Mutex
	done := 0
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for fold := range folds + 1 {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			space := spread.space(fold)
			if fold == folds {
				w.Space = space
			}
			samples[fold], failed[fold] = c.trials(ctx, fold, space)
			lock.Lock()
			defer lock.Unlock()
			if done++; progress != nil {
				progress(done, folds+1)
			}
		})
	}
	wait.Wait()
	if err := errors.Join(failed[:]...); err != nil {
		return nil, fmt.Errorf("fit: %w", err)
	}
	w.learn(slices.Concat(samples[:]...), c.Vector != nil)
	return w, nil
}

// learn fits both models to the trials, if there are enough of them.
func (w *Weights) learn(trials []trial, meaning bool) {
	if len(trials) < leastHeld {
		return
	}
	var wait sync.WaitGroup
	wait.Go(func() { w.Words.learn(trials, func(t *trial) []option { return t.words }) })
	if meaning {
		wait.Go(func() { w.Meaning.learn(trials, func(t *trial) []option { return t.meaning }) })
	}
	wait.Wait()
}

// trial is a question that was put to an index, with the candidates it found.
type trial struct {
	words, meaning []option
	answered       bool // some document answers it
	asked          bool // a saved question
}

// option is a candidate, by which models learn: what they need of a Hit, since there are hundreds of thousands.
type option struct {
	signals Signals
	right   bool
}

// trials puts the phrasings of one fold to an index without them; the last fold puts the saved questions to the whole.
func (c *Corpus) trials(ctx context.Context, fold int, space *Space) ([]trial, error) {
	index := c.index(fold, space)
	questions := c.Asked
	if fold < folds {
		questions = sample(c.held(fold), mostHeld/folds)
	}
	out := make([]trial, len(questions))
	for i, asked := range questions {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		t := trial{answered: len(asked.Right) > 0, asked: fold == folds}
		q := Query{Text: asked.Text, Before: asked.Before}
		t.words = index.tryOut(q, asked.Right)
		if c.Vector != nil {
			v := c.Vector(index.Meant(asked.Text, asked.Before, c.Real))
			q.Vector = &v
			t.meaning = index.tryOut(q, asked.Right)
		}
		out[i] = t
	}
	return out, nil
}

// Meant is the text that says what a question means: mended, and with the turn before in front of it.
func (x *Index) Meant(text, before string, real func(word string) bool) string {
	if before != "" {
		text = before + ". " + text
	}
	return x.Repair(text, real)
}

// tryOut gives all candidates with their signals, by id.
func (x *Index) tryOut(q Query, right []string) []option {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	hits := x.candidates(q, x.ask(q), s)
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Compare(a.ID, b.ID) })
	options := make([]option, len(hits))
	for i, h := range hits {
		options[i] = option{h.Signals, slices.Contains(right, h.ID)}
	}
	return options
}

// index is the index of a fold: every document without the phrasings held out in it.
func (c *Corpus) index(fold int, space *Space) *Index {
	analysed := make([]*Document, len(c.Docs))
	for i, d := range c.Docs {
		left := d
		left.Phrasings = nil
		for j, p := range d.Phrasings {
			if !isHeld(d, j, fold) {
				left.Phrasings = append(left.Phrasings, p)
			}
		}
		analysed[i] = Analyse(left, c.Glossary)
		if c.Vector == nil {
			continue
		}
		var vectors []Vector // of one document at a time: those of all would take much memory
		for _, text := range left.Texts() {
			vectors = append(vectors, c.Vector(text))
		}
		analysed[i] = analysed[i].WithVectors(vectors, space)
	}
	w := DefaultWeights()
	w.Space = space
	return w.NewIndex(analysed, c.Glossary)
}

// isHeld reports whether a phrasing is left out in a fold. The only phrasing of a document is never left out.
func isHeld(d Doc, phrasing, fold int) bool {
	return phrasing%folds == fold && (len(d.Phrasings) > 1 || d.Title != "")
}

func (c *Corpus) held(fold int) []Labelled {
	var held []Labelled
	for _, d := range c.Docs {
		for j, p := range d.Phrasings {
			if isHeld(d, j, fold) {
				held = append(held, Labelled{Text: p, Right: []string{d.ID}})
			}
		}
	}
	return held
}
