package slack

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

var errNoTeam = errors.New("slack: not a workspace of this app")

// times are the waits of the loops; tests have shorter ones.
type times struct {
	firstRetry, lastRetry time.Duration // between attempts to connect
	stagger               time.Duration // between the starts of sockets
	ping                  time.Duration // between our pings
	dead                  time.Duration // silence after which a socket counts as dead
	drain                 time.Duration // how long an old socket may still be read
	margin                time.Duration // how far before a gap catching up begins
	earlier               time.Duration // how far before the start catching up begins
}

// slackTimes: Slack gives about 10 s between its warning and the end of a socket, so an old one is read for 15. A dead
// peer is found after 20 to 25 s, within the 40 that were asked for. Redelivery of events ends after about six minutes
// (at once, after 1 and after 5), so catching up at the start looks ten minutes back.
var slackTimes = times{firstRetry: 500 * time.Millisecond, lastRetry: time.Minute, stagger: time.Second, ping: 10 * time.Second,
	dead: 25 * time.Second, drain: 15 * time.Second, margin: 2 * time.Minute, earlier: 10 * time.Minute}

// health keeps what Healthy says.
type health struct {
	mu      sync.Mutex
	sockets map[string]int   // app token -> live sockets
	bad     map[*team]error  // workspaces that refuse their token
	badApp  map[string]error // app tokens that are refused
	serving bool             // HTTP requests are taken
}

// Healthy is nil while events can arrive and no workspace has refused its token; otherwise it says what is wrong.
func (s *Slack) Healthy() error {
	s.health.mu.Lock()
	defer s.health.mu.Unlock()
	for t, err := range s.health.bad {
		return fmt.Errorf("slack: %s refuses its token: %w", t.called(), err)
	}
	for _, err := range s.health.badApp {
		return fmt.Errorf("slack: the app token is refused: %w", err)
	}
	for _, t := range s.teams {
		if t.teamID() == "" {
			return errors.New("slack: not connected yet")
		}
	}
	if s.config.overHTTP() {
		if !s.health.serving && !s.config.Mounted {
			return errors.New("slack: not listening for requests")
		}
		return nil
	}
	for _, token := range s.appTokens() {
		if s.health.sockets[token] == 0 {
			return errors.New("slack: no socket is open")
		}
	}
	return nil
}

// appTokens are the app tokens, each once.
func (s *Slack) appTokens() []string {
	var tokens []string
	known := map[string]bool{}
	for _, t := range s.teams {
		if !known[t.AppToken] {
			known[t.AppToken] = true
			tokens = append(tokens, t.AppToken)
		}
	}
	return tokens
}

func (h *health) refused(t *team, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.bad == nil {
		h.bad = map[*team]error{}
	}
	h.bad[t] = err
}

func (h *health) clear(t *team) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.bad, t)
}

func (h *health) appRefused(token string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.badApp == nil {
		h.badApp = map[string]error{}
	}
	if err == nil {
		delete(h.badApp, token)
	} else {
		h.badApp[token] = err
	}
}

// socket counts one socket more or fewer, and returns how many there are now.
func (h *health) socket(token string, change int) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.sockets == nil {
		h.sockets = map[string]int{}
	}
	h.sockets[token] += change
	return h.sockets[token]
}

func (h *health) serve(on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.serving = on
}
