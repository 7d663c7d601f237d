package slack

import (
	"slices"
	"testing"

	"signpost/bot/chat"
)

// departures are the people of the events of Left and Joined, with their keys.
func (n *notebook) departures() (said []string, keys []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range n.events {
		if e.Kind == chat.Left || e.Kind == chat.Joined {
			said, keys = append(said, string(e.Kind)+" "+string(e.Person)), append(keys, e.Key)
		}
	}
	return said, keys
}

func member(kind, id, ts string, deleted, bot bool) map[string]any {
	return map[string]any{"type": kind, "event_ts": ts, "user": map[string]any{"id": id, "team_id": team1, "deleted": deleted, "is_bot": bot, "name": "somebody"}}
}

// TestWhoLeftAndJoined: accounts that are closed and opened again become events, in order, once however often they come.
func TestWhoLeftAndJoined(t *testing.T) {
	n := &notebook{}
	h, _ := begin(t, n.handle, nil)
	for i, e := range []map[string]any{
		member("user_change", "U7BOT", "1700000000.000100", true, true),
		member("user_change", "USLACKBOT", "1700000000.000200", true, false),
		{"type": "user_change", "event_ts": "1700000000.000300", "user": "U7"},
		member("user_change", "U7", "1700000000.000400", true, false),
		member("user_change", "U7", "1700000000.000400", true, false),
		member("user_change", "U7", "1700000001.000100", false, false),
		member("team_join", "U8", "1700000002.000100", false, false),
	} {
		h.event(e)
		want := max(0, min(i-2, 1)) + max(0, i-4)
		eventually(t, "the event is taken", func() bool { said, _ := n.departures(); return len(said) == want })
	}
	said, keys := n.departures()
	if want := []string{"left slack:T1/U7", "joined slack:T1/U7", "joined slack:T1/U8"}; !slices.Equal(said, want) {
		t.Errorf("got %v, want %v", said, want)
	}
	if want := "left slack:T1/U7 1700000000.000400"; keys[0] != want {
		t.Errorf("the key is %q, want %q", keys[0], want)
	}
}

// TestRefusedBecauseGone: a message that Slack refuses because the account is gone says that the person left, however it
// was addressed; other refusals say nothing.
func TestRefusedBecauseGone(t *testing.T) {
	for _, c := range []struct {
		name, method, code string
		to                 chat.Address
		left               bool
	}{
		{"to a person, whose account is closed", "conversations.open", "user_disabled", "slack:T1/U7", true},
		{"to a person who is nobody", "conversations.open", "user_not_found", "slack:T1/U7", true},
		{"to a direct message that was open", "chat.postMessage", "is_inactive", "slack:T1/D7X", true},
		{"to a channel", "chat.postMessage", "user_not_found", "slack:T1/C1", false},
		{"to a person who takes none", "conversations.open", "cannot_dm_user", "slack:T1/U7", false},
		{"with a token of an account that is gone", "chat.postMessage", "account_inactive", "slack:T1/D7X", false},
		{"to an archived channel", "chat.postMessage", "is_archived", "slack:T1/C1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := &notebook{}
			h, s := begin(t, n.handle, nil)
			if c.method == "chat.postMessage" { // they have talked before
				if _, err := s.Send(t.Context(), chat.Post{Key: "first", To: "slack:T1/U7", Message: words("hello")}); err != nil {
					t.Fatal(err)
				}
			}
			h.breaks(c.method, fault{code: c.code}, fault{code: c.code})
			for _, key := range []string{"one", "two"} {
				if _, err := s.Send(t.Context(), chat.Post{Key: key, To: c.to, Message: words("hello")}); err == nil {
					t.Error("it was sent")
				}
			}
			said, keys := n.departures()
			if c.left != slices.Contains(said, "left slack:T1/U7") || c.left != (len(said) == 2) {
				t.Fatalf("said %v, want left: %v", said, c.left)
			}
			if c.left && keys[0] != keys[1] {
				t.Errorf("the same day has the keys %q", keys)
			}
		})
	}
}
