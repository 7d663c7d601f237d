package slack

import (
	"fmt"
	"strings"
	"testing"

	"signpost/bot/chat"
)

// TestFindRemembersNothing: an adapter that was started anew finds posts in a channel, in a thread below one, and in a
// direct message.
func TestFindRemembersNothing(t *testing.T) {
	h, s := begin(t, (&notebook{}).handle, nil)
	const channel = "slack:T1/C1"
	card, err := s.Send(t.Context(), chat.Post{Key: "card", To: channel, Message: words("card")})
	if err != nil {
		t.Fatal(err)
	}
	below, err := s.Send(t.Context(), chat.Post{Key: "below", To: channel, Thread: card, Message: words("below")})
	if err != nil {
		t.Fatal(err)
	}
	direct, err := s.Send(t.Context(), chat.Post{Key: "direct", To: "slack:T1/U1", Message: words("direct")})
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := New(h.config())
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.rest()
	for _, c := range []struct {
		to   chat.Address
		key  string
		want chat.Ref
	}{
		{channel, "card", card}, {channel, "below", below}, {"slack:T1/U1", "direct", direct}, {"slack:T1/D1", "direct", direct},
		{chat.Address(card), "below", below}, {channel, "never", ""}, {channel, "direct", ""},
	} {
		if got, ok, err := fresh.Find(t.Context(), c.to, c.key); got != c.want || ok != (c.want != "") || err != nil {
			t.Errorf("find %s in %s: %q %v %v, want %q", c.key, c.to, got, ok, err, c.want)
		}
	}
}

// TestLongPostBrokenOff: a long post of which a part was sent is not sent again from its beginning.
func TestLongPostBrokenOff(t *testing.T) {
	h, s := begin(t, (&notebook{}).handle, nil)
	var text chat.Text
	for i := range 40 {
		text = append(text, chat.Part{Text: fmt.Sprintf("Part %d. %s", i, strings.Repeat("word ", 50))})
	}
	post := chat.Post{Key: "long", To: "slack:T1/C1", Message: chat.Message{Text: text, Buttons: []chat.Button{{ID: "b", Label: "At the end"}}}}
	h.breaks("chat.postMessage", fault{status: 503, after: true})
	if _, err := s.Send(t.Context(), post); err == nil {
		t.Fatal("no error")
	}
	if _, ok, err := s.Find(t.Context(), post.To, "long"); ok || err != nil {
		t.Errorf("half a post is found: %v %v", ok, err)
	}
	ref, err := s.Send(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok, err := s.Find(t.Context(), post.To, "long"); got != ref || !ok || err != nil {
		t.Errorf("found %q %v %v, want %q", got, ok, err, ref)
	}
	seen := h.sees(post.To)
	all := ""
	for i, m := range seen {
		all += m.Text
		if (len(m.Buttons) == 1) != (i == len(seen)-1) {
			t.Errorf("message %d of %d has the buttons %q", i, len(seen), m.Buttons)
		}
	}
	for i := range 40 {
		if n := strings.Count(all, fmt.Sprintf("Part %d.", i)); n != 1 {
			t.Errorf("part %d is there %d times", i, n)
		}
	}
	if len(seen) < 3 {
		t.Errorf("only %d messages", len(seen))
	}
}
