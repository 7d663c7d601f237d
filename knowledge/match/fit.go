package match

import (
	"context"
	"fmt"
	"runtime"
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
	var samples [folds + 1][]trial
	var failed error
	var lock sync.Mutex
	done := 0
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for fold := range folds + 1 {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			found, space, err := c.trials(ctx, fold)
			lock.Lock()
			defer lock.Unlock()
			samples[fold] = found
			if fold == folds {
				w.Space = space
			}
			if err != nil {
				failed = err
			}
			if done++; progress != nil {
				progress(done, folds+1)
			}
		})
	}
	wait.Wait()
	if failed != nil {
		return nil, fmt.Errorf("fit: %w", failed)
	}
	var all []trial
	for _, s := range samples {
		all = append(all, s...)
	}
	if len(all) >= leastHeld {
		w.Words.learn(all, func(t *trial) []Hit { return t.words })
		if c.Vector != nil {
			w.Meaning.learn(all, func(t *trial) []Hit { return t.meaning })
		}
	}
	return w, nil
}

// trial is a question that was put to an index, with the candidates it found.
type trial struct {
	right          map[string]bool
	words, meaning []Hit
	asked          bool // a saved question
}

// trials puts the phrasings of one fold to an index without them; the last fold puts the saved questions to the whole.
func (c *Corpus) trials(ctx context.Context, fold int) ([]trial, *Space, error) {
	index, space := c.index(fold)
	var out []trial
	put := func(text, before string, right []string, asked bool) {
		t := trial{right: map[string]bool{}, asked: asked}
		for _, id := range right {
			t.right[id] = true
		}
		q := Query{Text: text, Before: before}
		t.words = index.tryOut(q)
		if c.Vector != nil {
			v := c.Vector(index.Meant(text, before, c.Real))
			q.Vector = &v
			t.meaning = index.tryOut(q)
		}
		out = append(out, t)
	}
	if fold == folds {
		for _, q := range c.Asked {
			if ctx.Err() != nil {
				return nil, nil, ctx.Err()
			}
			put(q.Text, q.Before, q.Right, true)
		}
		return out, space, nil
	}
	for _, held := range sample(c.held(fold), mostHeld/folds) {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		put(held.Text, "", held.Right, false)
	}
	return out, space, nil
}

// Meant is the text that says what a question means: mended, and with the turn before in front of it.
func (x *Index) Meant(text, before string, real func(word string) bool) string {
	if before != "" {
		text = before + ". " + text
	}
	return x.Repair(text, real)
}

// tryOut gives all candidates with their signals, unranked.
func (x *Index) tryOut(q Query) []Hit {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	return x.candidates(q, x.ask(q), s)
}

// index is the index of a fold: every document without the phrasings held out in it.
func (c *Corpus) index(fold int) (*Index, *Space) {
	docs := make([]Doc, len(c.Docs))
	classes := make([][][]float32, len(c.Docs))
	vectors := make([][]Vector, len(c.Docs))
	for i, d := range c.Docs {
		docs[i] = d
		docs[i].Phrasings = nil
		for j, p := range d.Phrasings {
			if !isHeld(d, j, fold) {
				docs[i].Phrasings = append(docs[i].Phrasings, p)
			}
		}
		if c.Vector != nil {
			for _, text := range docs[i].Texts() {
				v := c.Vector(text)
				vectors[i] = append(vectors[i], v)
				classes[i] = append(classes[i], v.Middle)
			}
		}
	}
	var space *Space
	if c.Vector != nil {
		space = fitSpace(classes)
	}
	analysed := make([]*Document, len(docs))
	for i, d := range docs {
		analysed[i] = Analyse(d, c.Glossary)
		if c.Vector != nil {
			analysed[i] = analysed[i].WithVectors(vectors[i], space)
		}
	}
	w := DefaultWeights()
	w.Space = space
	return w.NewIndex(analysed, c.Glossary), space
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
