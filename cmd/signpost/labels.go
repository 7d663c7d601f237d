package main

import (
	"context"
	"maps"
	"slices"
	"sync"

	"signpost/knowledge/encoder"
	"signpost/knowledge/match"
)

// A labelMatcher finds labels.
type labelMatcher struct {
	model *encoder.Model // nil for words alone
	index *match.Index
	known map[string]bool // labels
}

// fit learns from the training rows as a base learns from its entries' phrasings.
func (m *labelMatcher) fit(ctx context.Context, train []labelRow, progress func(stage string, done, all int)) error {
	docs := labelDocs(train)
	corpus := match.Corpus{Docs: docs}
	if m.model != nil {
		read, err := m.read(ctx, train, func(done int) { progress("reading", done, len(train)) })
		if err != nil {
			return err
		}
		corpus.Vector, corpus.Real = read, m.model.Knows
	}
	weights, err := match.Fit(ctx, corpus, func(done, all int) { progress("learning", done, all) })
	progress("", 0, 0)
	if err != nil {
		return err
	}
	m.known = map[string]bool{}
	analysed := make([]*match.Document, len(docs))
	for i, doc := range docs {
		m.known[doc.ID] = true
		analysed[i] = match.Analyse(doc, nil)
		if m.model != nil {
			var vectors []match.Vector
			for _, text := range doc.Texts() {
				vectors = append(vectors, corpus.Vector(text))
			}
			analysed[i] = analysed[i].WithVectors(vectors, weights.Space)
		}
	}
	m.index = weights.NewIndex(analysed, nil)
	return nil
}

// labelDocs makes an entry of each label, in the order of the labels. The label itself is no text: it only names.
func labelDocs(train []labelRow) []match.Doc {
	phrasings := map[string][]string{}
	for _, row := range train {
		phrasings[row.Label] = append(phrasings[row.Label], row.Text)
	}
	var docs []match.Doc
	for _, label := range slices.Sorted(maps.Keys(phrasings)) {
		docs = append(docs, match.Doc{ID: label, Phrasings: phrasings[label]})
	}
	return docs
}

// read encodes the training rows and gives what looks vectors up, and encodes what it does not find: while learning,
// phrasings are also asked with their spelling mended.
func (m *labelMatcher) read(ctx context.Context, train []labelRow, progress func(done int)) (func(string) match.Vector, error) {
	texts := make([]string, len(train))
	for i, row := range train {
		texts[i] = row.Text
	}
	vectors, err := m.model.EncodeAll(ctx, texts, progress)
	if err != nil {
		return nil, err
	}
	var known sync.Map
	for i, text := range texts {
		known.Store(text, match.Vector{Last: vectors[i].Last, Middle: vectors[i].Middle})
	}
	return func(text string) match.Vector {
		if v, ok := known.Load(text); ok {
			return v.(match.Vector)
		}
		v := m.meaning(text)
		known.Store(text, v)
		return v
	}, nil
}

func (m *labelMatcher) meaning(text string) match.Vector {
	v := m.model.Encode(text)
	return match.Vector{Last: v.Last, Middle: v.Middle}
}

// allHits is more than the matcher ever looks at closely, so that the reciprocal rank counts every one.
const allHits = 1000

func (m *labelMatcher) ask(text string) []match.Hit {
	q := match.Query{Text: text}
	if m.model != nil && m.index.Means() {
		v := m.meaning(m.index.Meant(text, "", m.model.Knows))
		q.Vector = &v
	}
	return m.index.Match(q, allHits)
}
