package discord

import (
	"fmt"
	"testing"

	"signpost/bot/chat"
)

// TestRefusedBecauseGone: a direct message refused because the person is not there any more says that they left, with the
// same key all day; one refused for another reason, or to a channel, does not.
func TestRefusedBecauseGone(t *testing.T) {
	for _, test := range []struct {
		name, path string
		to         chat.Address
		code       int
		left       bool
	}{
		{"no such account", "/users/@me/channels", personAddress(bobID), 10013, true},
		{"no server shared", "/messages", personAddress(aliceID), 50278, true},
		{"closed to messages", "/messages", personAddress(aliceID), 50007, false},
		{"no access", "/messages", personAddress(aliceID), 50001, false},
		{"a channel", "/messages", general(), 50278, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFake(t)
			r := sender(t, f)
			handle := chat.Handler(r.handleEvent)
			r.handle.Store(&handle)
			f.answerWith("POST", test.path, 2, 403, nil, fmt.Sprintf(`{"code":%d}`, test.code))
			for _, key := range []string{"one", "two"} {
				if _, err := r.Send(t.Context(), post(key, test.to, "hello")); err == nil {
					t.Error("it was sent")
				}
			}
			want := 0
			if test.left {
				want = 2
			}
			if len(r.events) != want {
				t.Fatalf("got %+v", r.events)
			}
			for _, e := range r.events {
				if e.Kind != chat.Left || e.Person != test.to || e.Key != r.events[0].Key {
					t.Errorf("got %+v", e)
				}
			}
		})
	}
}
