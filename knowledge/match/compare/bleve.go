package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/blevesearch/bleve/v2"
)

type bleveFinder struct{ index bleve.Index }

func buildBleve(entries []entry, folder string) (finder, error) {
	index, err := bleve.New(filepath.Join(folder, "bleve"), bleve.NewIndexMapping())
	if err != nil {
		return nil, fmt.Errorf("making the bleve index: %w", err)
	}
	b := &bleveFinder{index}
	if err := b.fill(entries); err != nil {
		index.Close()
		return nil, fmt.Errorf("filling the bleve index: %w", err)
	}
	return b, nil
}

func (b *bleveFinder) fill(entries []entry) error {
	batch := b.index.NewBatch()
	for _, e := range entries {
		document := map[string]any{"phrasings": strings.Join(e.Phrasings, "\n")}
		if err := batch.Index(e.Label, document); err != nil {
			return err
		}
	}
	return b.index.Batch(batch)
}

// find breaks ties by id. By default bleve breaks them by the order in which a batch, which is a map, was indexed, so that
// two runs would differ.
func (b *bleveFinder) find(question string) ([]found, error) {
	request := bleve.NewSearchRequestOptions(bleve.NewMatchQuery(question), wanted, 0, false)
	request.SortBy([]string{"-_score", "_id"})
	answer, err := b.index.Search(request)
	if err != nil {
		return nil, fmt.Errorf("searching bleve for %q: %w", question, err)
	}
	var list []found
	for _, hit := range answer.Hits {
		list = append(list, found{hit.ID, hit.Score})
	}
	return list, nil
}

func (b *bleveFinder) close() error { return b.index.Close() }
