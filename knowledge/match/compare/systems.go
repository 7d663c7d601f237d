package main

import (
	"github.com/sahilm/fuzzy"

	"signpost/knowledge/match"
)

// wanted is how many distinct entries a system is asked for: top-3 looks no further.
const wanted = 3

// A system is a way of finding entries. build files the entries, in folder if it needs one.
type system struct {
	name  string
	build func(entries []entry, folder string) (finder, error)
}

// A finder gives up to [wanted] distinct entries, best first, for one question at a time.
type finder interface {
	find(question string) ([]found, error)
	close() error
}

// found is an entry and the score by which it was ranked; higher is better.
type found struct {
	label string
	score float64
}

// systems is what is compared, in the order of the table.
var systems = []system{
	{"signpost", buildSignpost},
	{"bleve", buildBleve},
	{"fts5 entry", buildFTSEntry},
	{"fts5 phrasing", buildFTSPhrasing},
	{"fuzzy", buildFuzzy},
}

var (
	_ finder = (*signpostFinder)(nil)
	_ finder = (*bleveFinder)(nil)
	_ finder = (*ftsFinder)(nil)
	_ finder = (*fuzzyFinder)(nil)
)

// addDistinct appends f unless its entry stands there already, with a better phrasing.
func addDistinct(list []found, f found) []found {
	for _, before := range list {
		if before.label == f.label {
			return list
		}
	}
	return append(list, f)
}

type signpostFinder struct{ index *match.Index }

func buildSignpost(entries []entry, _ string) (finder, error) {
	docs := make([]*match.Document, len(entries))
	for i, e := range entries {
		docs[i] = match.Analyse(match.Doc{ID: e.Label, Phrasings: e.Phrasings}, nil)
	}
	return &signpostFinder{match.NewIndex(docs, nil)}, nil
}

// find scores by probability: package match says that Score means nothing between two questions.
func (s *signpostFinder) find(question string) ([]found, error) {
	var list []found
	for _, hit := range s.index.Match(match.Query{Text: question}, wanted) {
		list = append(list, found{hit.ID, hit.Probability})
	}
	return list, nil
}

func (s *signpostFinder) close() error { return nil }

type fuzzyFinder struct {
	phrasings []string
	labels    []string // of each phrasing
}

func buildFuzzy(entries []entry, _ string) (finder, error) {
	f := &fuzzyFinder{}
	for _, e := range entries {
		for _, phrasing := range e.Phrasings {
			f.phrasings = append(f.phrasings, phrasing)
			f.labels = append(f.labels, e.Label)
		}
	}
	return f, nil
}

func (f *fuzzyFinder) find(question string) ([]found, error) {
	var list []found
	for _, m := range fuzzy.Find(question, f.phrasings) {
		if list = addDistinct(list, found{f.labels[m.Index], float64(m.Score)}); len(list) == wanted {
			break
		}
	}
	return list, nil
}

func (f *fuzzyFinder) close() error { return nil }
