package escalation_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"signpost/bot/escalation"
	"signpost/bot/words"
	"signpost/knowledge/place"
)

// TestGivenFillsEverySentence: whatever a sentence of this package names, Given gives.
func TestGivenFillsEverySentence(t *testing.T) {
	given := escalation.Given(nil, &place.Tree{}, func(slug string) string { return slug })
	var names []string
	for i := 0; i < len(given); i += 2 {
		names = append(names, given[i])
	}
	sentences := 0
	for _, key := range words.Keys() {
		if !strings.HasPrefix(key, "escalation.") {
			continue
		}
		sentences++
		for _, name := range regexp.MustCompile(`\{([^}]*)\}`).FindAllStringSubmatch(words.Raw(key), -1) {
			if !slices.Contains(names, name[1]) {
				t.Errorf("%s names {%s}, which Given does not give", key, name[1])
			}
		}
	}
	if sentences < 80 {
		t.Errorf("there are %d sentences, want 80 or more", sentences)
	}
	for kind, label := range escalation.Labels {
		if text := words.Line(label); text == label || len([]rune(text)) > 75 {
			t.Errorf("the button %s is %q", kind, text)
		}
	}
	for err, key := range escalation.ErrorWords {
		if words.Raw(key) == key {
			t.Errorf("%v has no words under %q", err, key)
		}
	}
}

func TestGiven(t *testing.T) {
	h := newHouse(t)
	tree := h.book.Tree()
	title := func(slug string) string { return "the entry " + slug }
	tests := []struct{ name, value, want string }{
		{"place", royal, "Royal Example"},
		{"place", "nowhere", "your organisation"},
		{"role", "nurses", "nurse"},
		{"role", "", "colleague"},
		{"name", "", "A champion"},
		{"asker", "Sam", "Sam"},
		{"when", "2026-07-01T08:30:00Z", "Wednesday 1 July at 9:30am"}, // summer time
		{"when", "2026-11-23T14:00:00Z", "Monday 23 November at 2:00pm"},
		{"entry", "swap", "the entry swap"},
		{"tried", "swap, see", "the entry swap, the entry see"},
		{"tried", "", "none"},
		{"question", "why", "why"},
	}
	for _, test := range tests {
		given := escalation.Given(map[string]string{test.name: test.value}, tree, title)
		if got := given[slices.Index(given, test.name)+1]; got != test.want {
			t.Errorf("%s %q is %q, want %q", test.name, test.value, got, test.want)
		}
	}
}
