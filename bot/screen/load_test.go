package screen

import "testing"

func TestRulesLoad(t *testing.T) {
	book, err := loadRules()
	if err != nil {
		t.Fatal(err)
	}
	if len(book.stops) < 20 || len(book.prepare) < 20 {
		t.Errorf("rules: %d stop, %d prepare; files look empty", len(book.stops), len(book.prepare))
	}
	for _, r := range append(book.stops, book.prepare...) {
		if r.kind != letRule && r.why == "" {
			t.Errorf("rule without a reason: %s", r.source)
		}
	}
}
