package bot

import (
	"testing"

	"signpost/knowledge/match"
)

func TestOnlyCourtesy(t *testing.T) {
	for text, want := range map[string]bool{
		"ok": true, "ok thanks": true, "hello there": true, "morning all": true, "thank you so much x": true, "yes": true, "no": true, "good evening": true,
		"bye then": true, "hi how do i see my shifts": false, "yes it is locked": false, "you": false, "": false, "good": false, "no sound": false,
	} {
		if got := onlyCourtesy(match.Words(text)); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
