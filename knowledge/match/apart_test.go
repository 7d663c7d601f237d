package match_test

import (
	"math"
	"testing"

	"signpost/knowledge/match"
)

// Two documents share nearly all their words; the one word that tells them apart counts, and more of the other's
// phrasings do not drown it.
func TestToldApart(t *testing.T) {
	var docs []*match.Document
	for _, d := range []match.Doc{
		{ID: "swap", Phrasings: []string{"swap a late shift with a colleague", "can i swap my late shift"}},
		{ID: "see", Phrasings: []string{"see my late shift", "my late shift with a colleague", "show a late shift of a colleague", "late shift"}},
		{ID: "print", Phrasings: []string{"print a page", "the printer is jammed"}},
	} {
		docs = append(docs, match.Analyse(d, nil))
	}
	hits := match.NewIndex(docs, nil).Match(match.Query{Text: "swap with a colleague my late shift"}, 3)
	if len(hits) < 2 || hits[0].ID != "swap" || hits[0].Signals[match.ByApart] <= 1.5*hits[1].Signals[match.ByApart] {
		t.Errorf("found %+v, want swap well apart", hits)
	}
	for _, h := range hits {
		if s := float64(h.Signals[match.ByApart]); s < 0 || math.IsNaN(s) {
			t.Errorf("%s: apart by %v", h.ID, s)
		}
	}
}

// Phrasings that are the same, or have no word at all, leave nothing to tell apart, and break nothing.
func TestNothingTellsApart(t *testing.T) {
	same := []string{"late shift", "late shift", "", "?"}
	docs := []*match.Document{
		match.Analyse(match.Doc{ID: "a", Phrasings: same}, nil), match.Analyse(match.Doc{ID: "b", Phrasings: same}, nil),
	}
	hits := match.NewIndex(docs, nil).Match(match.Query{Text: "late shift"}, 2)
	if len(hits) != 2 || math.Abs(float64(hits[0].Signals[match.ByApart]-hits[1].Signals[match.ByApart])) > 1e-6 {
		t.Errorf("found %+v, want both alike", hits)
	}
}
