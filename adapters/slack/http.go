package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	slackgo "github.com/slack-go/slack"
)

var errNotRunning = errors.New("slack: not running")

// routes are the three addresses that the manifest names.
func (s *Slack) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/events", func(w http.ResponseWriter, r *http.Request) { s.request(w, r, ofEvents) })
	mux.HandleFunc("POST /slack/commands", func(w http.ResponseWriter, r *http.Request) { s.request(w, r, ofCommands) })
	mux.HandleFunc("POST /slack/interactions", func(w http.ResponseWriter, r *http.Request) { s.request(w, r, ofInteraction) })
	return mux
}

// listen serves until ctx ends.
func (s *Slack) listen(ctx context.Context) error {
	listener, err := net.Listen("tcp", s.config.Listen)
	if err != nil {
		return fmt.Errorf("slack: listen for requests: %w", err)
	}
	server := &http.Server{Handler: s.routes(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: callWithin,
		WriteTimeout: 2 * callWithin, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	s.health.serve(true)
	defer s.health.serve(false)
	select {
	case err = <-failed:
		return fmt.Errorf("slack: listen for requests: %w", err)
	case <-ctx.Done():
	}
	soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), ackWithin)
	defer cancel()
	if err := server.Shutdown(soon); err != nil {
		server.Close()
	}
	<-failed
	return nil
}

// request takes one request: it is read whole, checked, and only then looked into. It is answered when the event has been
// handled; one that could not be is answered 503, and Slack delivers it again.
func (s *Slack) request(w http.ResponseWriter, r *http.Request, kind string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "too long", http.StatusRequestEntityTooLarge)
		return
	}
	teams := s.signedBy(r.Header, body)
	if len(teams) == 0 {
		s.config.Log.Warn("a request that Slack did not sign, or signed too long ago", "path", r.URL.Path)
		http.Error(w, "not signed", http.StatusUnauthorized)
		return
	}
	payload, err := payloadOf(kind, body)
	if err != nil {
		s.config.Log.Debug("nothing is done about this", "kind", kind, "error", err)
		w.WriteHeader(http.StatusOK) // Slack need not send it again
		return
	}
	if kind == ofEvents && challenge(w, payload) {
		return
	}
	retry, _ := strconv.Atoi(r.Header.Get("X-Slack-Retry-Num"))
	answers := make(chan func(), 1)
	give := func(answer func()) {
		select {
		case answers <- answer:
		default: // it was answered before
		}
	}
	d := &delivery{kind: kind, payload: payload, teams: teams, retry: retry,
		ack: func(answer any) error {
			give(func() { writeAnswer(w, answer) })
			return r.Context().Err()
		},
		refuse: func() {
			give(func() { http.Error(w, "please try again", http.StatusServiceUnavailable) })
		}}
	if !s.takeWhileRunning(d) {
		http.Error(w, "not running", http.StatusServiceUnavailable)
		return
	}
	select {
	case answer := <-answers:
		answer()
	case <-r.Context().Done(): // nobody waits any more
	}
}

// takeWhileRunning takes a delivery unless Run has ended, or not begun.
func (s *Slack) takeWhileRunning(d *delivery) bool {
	s.gate.RLock()
	defer s.gate.RUnlock()
	if s.running == nil {
		return false
	}
	s.take(s.running, d)
	return true
}

// signedBy is the workspaces whose secret a request was signed with: none where it is forged, not signed, or more than
// five minutes old (https://docs.slack.dev/authentication/verifying-requests-from-slack; the library checks it).
func (s *Slack) signedBy(header http.Header, body []byte) []*team {
	var teams []*team
	for _, t := range s.teams {
		verifier, err := slackgo.NewSecretsVerifier(header, t.SigningSecret)
		if err != nil {
			continue
		}
		if _, err := verifier.Write(body); err == nil && verifier.Ensure() == nil {
			teams = append(teams, t)
		}
	}
	return teams
}

// payloadOf is the JSON of a request: of events the body itself, of interactions a field of it, of commands all fields.
// The address of a request is not signed: nothing is ever read from its query.
func payloadOf(kind string, body []byte) (json.RawMessage, error) {
	if kind == ofEvents {
		return body, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("read a request: %w", err)
	}
	if kind == ofInteraction {
		return json.RawMessage(form.Get("payload")), nil
	}
	fields := map[string]string{}
	for name := range form {
		fields[name] = form.Get(name)
	}
	payload, err := json.Marshal(fields)
	if err != nil {
		return nil, fmt.Errorf("read a request: %w", err)
	}
	return payload, nil
}

// challenge answers Slack's check that the address is ours.
func challenge(w http.ResponseWriter, payload json.RawMessage) bool {
	var c callback
	if json.Unmarshal(payload, &c) != nil || c.Type != "url_verification" {
		return false
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, c.Challenge)
	return true
}

func writeAnswer(w http.ResponseWriter, answer any) {
	if answer == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	body, err := json.Marshal(answer)
	if err != nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Write(body)
}
