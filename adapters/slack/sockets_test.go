package slack

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"signpost/bot/chat"
)

// What goes wrong with sockets, against the scripted server.

// TestDisconnect: after Slack's warning the next socket is there before the old one closes; what comes on either is taken.
func TestDisconnect(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested"} {
		t.Run(reason, func(t *testing.T) {
			n := &notebook{}
			h, _ := begin(t, n.handle, func(c *Config) { c.Sockets = 1 })
			h.mu.Lock()
			old := h.sockets[0]
			h.mu.Unlock()
			h.warn(old, reason)
			h.says(reader, privy, "on the old one", "")
			eventually(t, "a second socket is open beside the first", func() bool { return h.open() == 2 })
			old.conn.Close()
			h.says(reader, privy, "on the new one", "")
			eventually(t, "both are heard", func() bool { return n.has("on the old one") && n.has("on the new one") })
			eventually(t, "the old one is closed", func() bool { return h.open() == 1 })
			if len(n.texts()) != 2 {
				t.Errorf("got %q", n.texts())
			}
		})
	}
}

// TestHalfOpen: a socket that is open and says nothing is found by the silence, and what was sent into it is fetched.
func TestHalfOpen(t *testing.T) {
	if found := slackTimes.dead + slackTimes.ping; found > 40*time.Second {
		t.Errorf("with Slack a dead socket is found after %v, more than 40 s", found)
	}
	n, soon := &notebook{}, quick
	soon.ping, soon.dead = 100*time.Millisecond, 300*time.Millisecond
	h, _ := beginAt(t, soon, n.handle, func(c *Config) { c.Sockets = 1 })
	h.mu.Lock()
	h.again = time.Hour // Slack believes it has delivered
	close(h.sockets[0].frozen)
	k := h.sockets[0]
	h.mu.Unlock()
	h.writes(reader, privy, "into the void", "")
	eventually(t, "another socket is opened", func() bool { return h.called("apps.connections.open") >= 2 })
	eventually(t, "it is heard all the same", func() bool { return n.has("into the void") })
	k.conn.Close()
}

// TestSocketsBreakOneByOne: what was sent into a socket that broke is fetched, though another was there all the time.
func TestSocketsBreakOneByOne(t *testing.T) {
	n := &notebook{}
	h, _ := begin(t, n.handle, nil)
	sockets := h.staying()
	sockets[0].conn.Close()
	eventually(t, "another socket is opened", func() bool { return h.called("apps.connections.open") == 3 && h.open() == 2 })
	h.writes(reader, privy, "into the other one", "")
	sockets[1].conn.Close()
	eventually(t, "it is heard all the same", func() bool { return n.has("into the other one") })
}

// TestAcksLostAndLate: Slack delivers again; the event is handled once.
func TestAcksLostAndLate(t *testing.T) {
	n := &notebook{}
	h, _ := begin(t, n.handle, func(c *Config) { c.Sockets = 1 }) // two sockets have no order between them
	h.mu.Lock()
	h.again, h.noAcks = 100*time.Millisecond, 2
	h.mu.Unlock()
	h.says(reader, privy, "ack lost twice", "")
	n.mu.Lock()
	n.answer = func(e chat.Event) (chat.Turn, error) {
		if e.Text == "slow" {
			time.Sleep(250 * time.Millisecond)
		}
		return chat.Turn{}, nil
	}
	n.mu.Unlock()
	h.says(reader, privy, "slow", "")
	h.says(reader, privy, "last", "")
	eventually(t, "all are heard and acknowledged", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.waiting) == 0 && n.has("last")
	})
	if got := strings.Join(n.texts(), ", "); got != "ack lost twice, slow, last" {
		t.Errorf("got %s", got)
	}
}

func TestFailedEventComesAgainWithTheSameKey(t *testing.T) {
	n, keys := &notebook{}, make(chan string, 10)
	n.answer = func(e chat.Event) (chat.Turn, error) {
		keys <- e.Key
		if len(keys) < 3 {
			return chat.Turn{}, errors.New("busy")
		}
		return chat.Turn{}, nil
	}
	h, _ := begin(t, n.handle, nil)
	h.mu.Lock()
	h.again = 50 * time.Millisecond
	h.mu.Unlock()
	h.says(reader, privy, "please", "")
	eventually(t, "it is heard in the end", func() bool { return n.has("please") })
	if a, b, c := <-keys, <-keys, <-keys; a != b || b != c {
		t.Errorf("keys %q %q %q", a, b, c)
	}
}

// TestCaughtUp: what was said while there was no socket, in a direct message, a thread of it, and a channel listened to.
func TestCaughtUp(t *testing.T) {
	n := &notebook{}
	h, _ := begin(t, n.handle, func(c *Config) {
		c.Listening = true
		c.Workspaces[0].Channels = []string{public}
	})
	root := h.says(reader, privy, "before", "")
	h.says(reader, privy, "in a thread", root)
	eventually(t, "it is heard", func() bool { return n.has("in a thread") })
	h.cut()
	h.breaks("conversations.history", fault{status: 429, retry: "1"}, fault{status: 429, retry: "1"})
	h.says(reader, privy, "while cut", "")
	h.says(reader, privy, "below, while cut", root)
	h.says(reader, public, "<@"+ourBot+"> called while cut", "")
	h.says("U2", public, "talk among others", "")
	h.mend()
	eventually(t, "all are heard", func() bool {
		return n.has("while cut") && n.has("below, while cut") && n.has("called while cut")
	})
	if got := n.texts(); len(got) != 5 {
		t.Errorf("got %q", got)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.lost == 0 {
		t.Error("nothing was lost on the sockets: the test tests nothing")
	}
}

// TestRotation: sockets are replaced again and again under load; no event is lost and no click dropped. It takes 10 s, or
// what SIGNPOST_SLACK_ROTATION says, such as 5m: then all sockets go every 30 s, with the seconds of notice that Slack
// gives. In the short run they go one after the other, each when the one before has its successor: a busy machine may take
// seconds to open one.
func TestRotation(t *testing.T) {
	lasts, every := 10*time.Second, time.Second
	if long, err := time.ParseDuration(os.Getenv("SIGNPOST_SLACK_ROTATION")); err == nil {
		lasts, every = long, 30*time.Second
	}
	n := &notebook{}
	h, _ := begin(t, n.handle, nil)
	h.mu.Lock()
	h.again = time.Hour // no second chance
	h.mu.Unlock()
	var dropped atomic.Int64
	var clicks sync.WaitGroup
	sent, turned := 0, time.Now()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for begun := time.Now(); time.Since(begun) < lasts; <-tick.C {
		sockets := h.staying()
		if every == time.Second {
			sockets = sockets[:max(0, len(sockets)-1)]
		}
		if time.Since(turned) > every && len(sockets) > 0 {
			turned = time.Now()
			for i, k := range sockets {
				h.rotate(k, []string{"warning", "refresh_requested"}[i%2], every/2)
			}
		}
		sent++
		if sent%5 == 0 {
			clicks.Go(func() {
				if !h.command(reader, public, "a click") {
					dropped.Add(1)
				}
			})
			continue
		}
		h.event(map[string]any{"type": "message", "user": reader, "channel": privy, "channel_type": "im", "text": fmt.Sprintf("number %d", sent), "ts": h.stamp()})
	}
	clicks.Wait()
	eventually(t, "every event is heard", func() bool { return len(n.texts()) >= sent })
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.lost > 0 || dropped.Load() > 0 || len(n.texts()) != sent {
		t.Errorf("of %d events %d found no socket and %d clicks were dropped; %d were heard", sent, h.lost, dropped.Load(), len(n.texts()))
	}
	t.Logf("%d events, %d sockets opened", sent, h.calls["apps.connections.open"])
}
