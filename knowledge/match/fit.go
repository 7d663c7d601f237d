package match

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
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

// Fit learns the weights from a base itself: each phrasing is left out and must still find its document; where its
// document is taken away altogether, or the question is one of everyday life, nothing must be answered. Saved questions
// count most, where there are enough. The same corpus gives the same weights. A base of fewer than leastHeld phrasings
// keeps the defaults.
func Fit(ctx context.Context, c Corpus, progress func(done, all int)) (*Weights, error) {
	w := DefaultWeights()
	var spread *spread
	if c.Vector != nil {
		spread = c.spread(ctx)
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("fit: %w", ctx.Err())
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
			if failed[fold] = ctx.Err(); failed[fold] != nil {
				return
			}
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
	trials := slices.Concat(samples[:]...)
	w.learn(ctx, trials, c.Vector != nil)
	w.learnWithout(ctx, trials, c.Vector != nil)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("fit: %w", ctx.Err())
	}
	return w, nil
}

// learn fits both models to the trials, if there are enough of them. If ctx ends they are worth nothing.
func (w *Weights) learn(ctx context.Context, trials []trial, meaning bool) {
	own := 0
	for _, t := range trials {
		if !t.everyday {
			own++
		}
	}
	if own < leastHeld {
		return
	}
	var wait sync.WaitGroup
	wait.Go(func() { w.Words.learn(ctx, trials, func(t *trial) []option { return t.words }) })
	if meaning {
		wait.Go(func() { w.Meaning.learn(ctx, trials, func(t *trial) []option { return t.meaning }) })
	}
	wait.Wait()
}

// SavedParts is into how many parts the saved questions are cut for Weights.Without: the i-th is in part i % SavedParts.
const SavedParts = 4

// learnWithout fits the models again without each part of the saved questions in turn.
func (w *Weights) learnWithout(ctx context.Context, trials []trial, meaning bool) {
	if !slices.ContainsFunc(trials, func(t trial) bool { return t.saved }) {
		return
	}
	w.Without = make([]Models, SavedParts)
	for part := range w.Without {
		others := DefaultWeights()
		others.learn(ctx, slices.DeleteFunc(slices.Clone(trials), func(t trial) bool { return t.saved && t.part == part }), meaning)
		w.Without[part] = others.Models
	}
}

// trial is a question that was put to an index, with the candidates it found.
type trial struct {
	question
	words, meaning []option
	answered       bool // some document answers it
	facts          facts
}

// option is a candidate, by which models learn: what they need of a Hit, since there are hundreds of thousands.
type option struct {
	signals Signals
	right   bool
}

// trials puts the questions of a fold to its index, several at once.
func (c *Corpus) trials(ctx context.Context, fold int, space *Space) ([]trial, error) {
	index := c.index(fold, space)
	questions := c.questions(fold)
	out := make([]trial, len(questions))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(out) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				out[i] = c.trial(index, questions[i])
			}
		})
	}
	wait.Wait()
	return out, ctx.Err()
}

func (c *Corpus) trial(index *Index, asked question) trial {
	q := Query{Text: asked.Text, Before: asked.Before}
	if c.Vector != nil {
		v := c.Vector(index.Meant(asked.Text, asked.Before, c.Real))
		q.Vector = &v
	}
	t := index.tryOut(q, asked.Right)
	t.question, t.answered = asked, len(asked.Right) > 0
	return t
}

// Meant is the text that says what a question means: mended, and with the turn before in front of it.
func (x *Index) Meant(text, before string, real func(word string) bool) string {
	if before != "" {
		text = before + ". " + text
	}
	return x.Repair(text, real)
}

// tryOut asks as Match does, with meaning and without, and gives the candidates of both and what the question shows. Most of
// the work is the same for both and is done once.
func (x *Index) tryOut(q Query, right []string) trial {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	a := x.ask(q)
	hits, byWords, meaning := x.candidates(q, a, s)
	words := slices.Clone(hits[:byWords])
	x.lookAtGists(words, s)
	x.tellApart(words, a, nil, s)
	t := trial{words: optionsOf(words, right), facts: a.facts()}
	if meaning != nil {
		x.lookAtMeaning(hits, meaning, s)
		x.tellApart(hits, a, meaning, s)
		t.meaning = optionsOf(hits, right)
	}
	return t
}

// optionsOf gives the candidates by id.
func optionsOf(hits []Hit, right []string) []option {
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Compare(a.ID, b.ID) })
	options := make([]option, len(hits))
	for i, h := range hits {
		options[i] = option{h.Signals, slices.Contains(right, h.ID)}
	}
	return options
}

// index is the index of a fold: what is left of every document that is not taken away.
func (c *Corpus) index(fold int, space *Space) *Index {
	var analysed []*Document
	for i, d := range c.Docs {
		if c.isGone(i, fold) {
			continue
		}
		left := d
		left.Phrasings = nil
		for j, p := range d.Phrasings {
			if !isHeld(d, j, fold) {
				left.Phrasings = append(left.Phrasings, p)
			}
		}
		document := Analyse(left, c.Glossary)
		if c.Vector != nil {
			var vectors []Vector // of one document at a time: those of all would take much memory
			for _, text := range left.Texts() {
				vectors = append(vectors, c.Vector(text))
			}
			document = document.WithVectors(vectors, space)
		}
		analysed = append(analysed, document)
	}
	w := DefaultWeights()
	w.Space = space
	return w.NewIndex(analysed, c.Glossary)
}
