package match_test

import (
	"strings"
	"testing"

	"signpost/knowledge/match"
)

// TestWhyNamesTheSignals asks an index of two documents, with made-up vectors: a question may share the words of one and the
// meaning of the other.
func TestWhyNamesTheSignals(t *testing.T) {
	shifts := match.Doc{ID: "shifts", Title: "See my shifts", Phrasings: []string{"when am i working", "look at the roster"}}
	pay := match.Doc{ID: "pay", Title: "Find my payslip", Phrasings: []string{"how much was i paid"}}
	axis := func(at int) match.Vector {
		v := make([]float32, 32)
		v[at] = 1
		return match.Vector{Last: v, Middle: v}
	}
	x := match.NewIndex([]*match.Document{
		match.Analyse(shifts, nil).WithVectors([]match.Vector{axis(0), axis(1), axis(2)}, nil),
		match.Analyse(pay, nil).WithVectors([]match.Vector{axis(4), axis(5)}, nil),
	}, nil)
	meant := axis(2)
	for _, c := range []struct {
		name, text string
		vector     *match.Vector
		want       []string
		not        []string
	}{
		{"words alone", "see my shifts", nil, []string{"carried by words (", "similar words (", `nearest phrasing: "See my shifts"`}, []string{"meaning"}},
		{"meaning alone", "zorbly", &meant, []string{"carried by meaning (100 %)", `nearest in meaning: "look at the roster"`}, []string{"shares", "nearest phrasing"}},
		{"both, of two phrasings", "see my shifts", &meant, []string{"meaning (", "words (", `nearest phrasing: "See my shifts"`, `nearest in meaning: "look at the roster"`}, nil},
		{"both, of one phrasing", "look at the roster", &meant, []string{"meaning (", `nearest phrasing: "look at the roster"`}, []string{"nearest in meaning"}},
	} {
		hits := x.Match(match.Query{Text: c.text, Vector: c.vector}, 1)
		if len(hits) == 0 || hits[0].ID != "shifts" {
			t.Errorf("%s finds %s", c.name, ids(hits))
			continue
		}
		got := hits[0].Why()
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q does not say %s", c.name, got, want)
			}
		}
		for _, not := range c.not {
			if strings.Contains(got, not) {
				t.Errorf("%s: %q says %s", c.name, got, not)
			}
		}
	}
}
