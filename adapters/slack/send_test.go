package slack

import (
	"errors"
	"strings"
	"testing"
	"time"

	"signpost/bot/chat"
)

func TestSendErrors(t *testing.T) {
	h, s := begin(t, (&notebook{}).handle, nil)
	const to = "slack:T1/C1"
	for _, c := range []struct {
		name    string
		to      chat.Address
		fault   fault
		certain bool
		refused bool
		wait    time.Duration
	}{
		{"429 says how long", to, fault{status: 429, retry: "7"}, true, false, 7 * time.Second},
		{"429 says nothing", to, fault{status: 429}, true, false, whereNotSaid},
		{"ratelimited", to, fault{code: "ratelimited"}, true, false, whereNotSaid},
		{"not in the channel", "slack:T1/C7", fault{}, true, true, 0},
		{"no such channel", "slack:T1/C9", fault{}, true, true, 0},
		{"too long", to, fault{code: "msg_too_long"}, true, true, 0},
		{"invalid blocks", to, fault{code: "invalid_blocks"}, true, true, 0},
		{"archived", to, fault{code: "is_archived"}, true, true, 0},
		{"an unknown refusal", to, fault{code: "something_new"}, true, false, 0},
		{"a workspace of nobody", "slack:T7/C1", fault{}, true, true, 0},
		{"no address", "discord:1", fault{}, true, true, 0},
		{"an address that lies", "slack:T1/C1>/1", fault{}, true, true, 0},
		{"internal error", to, fault{code: "internal_error"}, false, false, 0},
		{"500", to, fault{status: 500}, false, false, 0},
		{"503 after it arrived", to, fault{status: 503, after: true}, false, false, 0},
		{"a dead line", to, fault{status: -1}, false, false, 0},
		{"a broken body", to, fault{body: `{"ok":tr`}, false, false, 0},
		{"an empty body", to, fault{body: `{}`}, false, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.fault != (fault{}) {
				h.breaks("chat.postMessage", c.fault)
			}
			ref, err := s.Send(t.Context(), chat.Post{Key: c.name, To: c.to, Message: words("hello")})
			if ref != "" || err == nil {
				t.Fatalf("sent as %q, %v", ref, err)
			}
			var certain *chat.SendError
			if errors.As(err, &certain) != c.certain {
				t.Fatalf("got %T %v", err, err)
			}
			if c.certain && (certain.Refused != c.refused || certain.Wait != c.wait || certain.Network) {
				t.Errorf("got %+v", certain)
			}
		})
	}
	if _, ok, err := s.Find(t.Context(), to, "503 after it arrived"); !ok || err != nil {
		t.Errorf("what arrived before the error is not found: %v %v", ok, err)
	}
	if _, _, err := s.Find(t.Context(), "slack:T1/C7", "x"); !errors.Is(err, chat.ErrCannotFind) {
		t.Errorf("find where the app is not: %v", err)
	}
	if err := s.Edit(t.Context(), "slack:T1/C1/1.1", words("x")); !isGone(err) {
		t.Errorf("edit of nothing: %v", err)
	}
	private := words("secret")
	private.Private = true
	var refused *chat.SendError
	if _, err := s.Send(t.Context(), chat.Post{Key: "p", To: to, Message: private}); !errors.As(err, &refused) || !refused.Refused {
		t.Errorf("a private message to a channel: %v", err)
	}
}

func isGone(err error) bool {
	var e *chat.SendError
	return errors.As(err, &e) && e.Gone && e.Refused
}

func TestNobodyThere(t *testing.T) {
	h, s := begin(t, (&notebook{}).handle, nil)
	h.close()
	s.rest() // a line that was open may break at any moment, before or after
	var certain *chat.SendError
	if _, err := s.Send(t.Context(), chat.Post{Key: "k", To: "slack:T1/C1", Message: words("x")}); !errors.As(err, &certain) || certain.Refused {
		t.Errorf("nobody listens, so nothing arrived: %v", err)
	}
}

func TestBadTokens(t *testing.T) {
	for _, c := range []struct{ name, bot, app, want string }{
		{"bot token", "xoxb-bad", goodApp, "refuses its token"},
		{"app token", goodBot, "xapp-bad", "app token is refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, s := begin(t, (&notebook{}).handle, func(config *Config) {
				config.Workspaces[0].BotToken, config.Workspaces[0].AppToken = c.bot, c.app
			})
			eventually(t, "it says so", func() bool { err := s.Healthy(); return err != nil && strings.Contains(err.Error(), c.want) })
		})
	}
}

func TestTokenWithdrawn(t *testing.T) {
	h, s := begin(t, (&notebook{}).handle, nil)
	h.event(map[string]any{"type": "app_uninstalled"})
	eventually(t, "it is unhealthy", func() bool { return s.Healthy() != nil })
}
