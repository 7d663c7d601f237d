package match_test

import (
	"testing"

	"signpost/knowledge/match"
)

// A base of two entries with one phrasing each and nothing else learns nothing, and answers its own phrasings all the same.
func TestTwoEntriesWithOnePhrasingEach(t *testing.T) {
	docs := []match.Doc{
		{ID: "print", Phrasings: []string{"the printer on the ward is jammed"}},
		{ID: "wifi", Phrasings: []string{"how do i get on the wifi"}},
	}
	weights, err := match.Fit(t.Context(), match.Corpus{Docs: docs}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var analysed []*match.Document
	for _, d := range docs {
		analysed = append(analysed, match.Analyse(d, nil))
	}
	x := weights.NewIndex(analysed, nil)
	from := x.AnswerFrom(3)
	for text, want := range map[string]string{
		"the printer on the ward is jammed": "print", "How do I get on the wifi?": "wifi", "printer jammed": "print",
	} {
		if hits := x.Match(match.Query{Text: text}, 1); len(hits) != 1 || hits[0].ID != want || hits[0].Probability < from {
			t.Errorf("%q finds %+v, want %s from %.2f on", text, hits, want, from)
		}
	}
	for _, text := range []string{"what is the capital of mongolia", "how do i get my payslip", "is the ward open on sunday"} {
		if hits := x.Match(match.Query{Text: text}, 1); len(hits) > 0 && hits[0].Probability >= from {
			t.Errorf("%q is answered with %s at %.2f", text, hits[0].ID, hits[0].Probability)
		}
	}
}
