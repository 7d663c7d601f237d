package knowledge_test

import (
	"slices"
	"testing"

	"signpost/knowledge"
)

func TestRebaseKeepsWhatEachChanged(t *testing.T) {
	base := knowledge.Entry{Slug: "x", Place: "royal", Title: "X", Answer: "1. A.", Owner: "IT", Next: "y", Review: "2027-01-01", Systems: []string{"a"}}
	mine, theirs := base, base
	mine.Answer, mine.Next, mine.Title = "1. Mine.", "", "Mine"
	theirs.Title, theirs.Owner, theirs.Systems, theirs.Version, theirs.Review = "Theirs", "Desk", []string{"a", "b"}, 7, ""
	got, err := knowledge.Rebase(base, mine, theirs)
	if err != nil {
		t.Fatal(err)
	}
	if got.Title != "Mine" || got.Answer != "1. Mine." || got.Next != "" || got.Owner != "Desk" || !slices.Equal(got.Systems, theirs.Systems) ||
		got.Review != "" || got.Version != 7 || got.Ref() != mine.Ref() {
		t.Errorf("got %+v", got)
	}
	if same, err := knowledge.Rebase(base, mine, base); err != nil || !knowledge.Alike(same, mine) {
		t.Errorf("over what it came from it is %+v, %v", same, err)
	}
}
