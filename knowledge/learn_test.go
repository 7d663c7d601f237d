package knowledge_test

import "testing"

// A second Learn has nothing to do: the base goes on with the very snapshot it has.
func TestLearnAgainDoesNothing(t *testing.T) {
	h := newHouse(t)
	before := h.base.Snapshot()
	if err := h.base.Learn(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	learnt := h.base.Snapshot()
	if learnt == before {
		t.Error("the first Learn changed nothing")
	}
	if err := h.base.Learn(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if h.base.Snapshot() != learnt {
		t.Error("the second Learn read the base again")
	}
}
