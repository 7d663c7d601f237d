package match_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"signpost/knowledge/match"
)

// Whoever stops the program does not wait until all is learnt, however far learning has come.
func TestFitEndsWhenItIsToldTo(t *testing.T) {
	var c match.Corpus
	for i := range 60 {
		d := match.Doc{ID: fmt.Sprint(i)}
		for j := range 4 {
			d.Phrasings = append(d.Phrasings, fmt.Sprintf("how do i find thing%d number%d", i, j))
		}
		c.Docs = append(c.Docs, d)
	}
	for _, at := range []int{1, 5} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := match.Fit(ctx, c, func(done, all int) {
			if done == at {
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("stopped after %d folds it gives the error %v", at, err)
		}
	}
}
