// Package slack is the adapter for Slack: one Slack app, in one workspace or in several.
//
// Start from [New] and its Run; [Manifest] gives what an administrator pastes into Slack to make the app, and [Check]
// says in sentences what is wrong with the settings. A newcomer's way from nothing to a first answer is docs/slack.md.
//
// What comes in takes this road: a socket (socket.go) or an HTTP request (http.go) gives a [delivery]; take.go finds its
// workspace and its kind; events.go, actions.go, commands.go and forms.go make a [chat.Event] of it; lane.go keeps the
// order within one conversation; answer.go does what the Turn says. Only then is it acknowledged, so that Slack delivers
// again what could not be handled. What goes out takes send.go, with render.go making blocks of a message.
//
// The library github.com/slack-go/slack makes the calls of the Web API and knows the blocks; its types stay in this
// package. Its Socket Mode client is not used. When v0.35.0 was measured against a scripted server, it closed its socket half
// a millisecond after Slack's disconnect frame and only then dialled the next, so what arrived between was lost; it sent a
// late acknowledgement of an old socket on the new one; and it found a dead peer after 59.8 s. The loop here (sockets.go)
// dials first and closes after, acknowledges on the socket that asked, and finds a dead peer within 25 s.
package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	slackgo "github.com/slack-go/slack"

	"signpost/bot/chat"
)

// A Workspace is one workspace that the app is installed in.
type Workspace struct {
	// Name is what to call it in findings and logs; empty is its team id.
	Name string
	// Home is the id of the place that its people belong to, unless they say otherwise; may be empty.
	Home          string
	BotToken      string // xoxb-...
	AppToken      string // xapp-..., for Socket Mode; several workspaces of one app may share one
	SigningSecret string // for HTTP
	// Channels are the ids of the channels in which the app listens and catches up, where Config.Listening is set; empty
	// means every channel it is in.
	Channels []string
}

// A Config says how to reach Slack. Its zero value but for Workspaces is Socket Mode with Slack itself.
type Config struct {
	Workspaces []Workspace
	// API is the address of the Web API; empty is Slack's own. For test servers.
	API string
	// Listen is the address to take HTTP requests at, such as ":8080". Mounted says that somebody else serves Handler.
	// With neither, the app uses Socket Mode.
	Listen  string
	Mounted bool
	// Sockets is how many sockets are open for each app token: 0 means 2, at most 10.
	Sockets int
	// Command is the slash command; empty is "/signpost".
	Command string
	// Listening takes messages in threads that the app has posted in, without a mention, and edits and deletions in
	// channels. It needs the manifest with threads.
	Listening bool
	// Files lets the app send files. It needs the manifest with files.
	Files bool
	Menu  chat.Menu
	Log   *slog.Logger     // never gets what a person wrote; nil keeps none
	Now   func() time.Time // nil is time.Now
}

// Slack is the adapter. It is safe for concurrent use, except that only one Run may go on at a time.
type Slack struct {
	config Config
	teams  []*team
	lanes  *lanes
	seen   *recent        // messages that were handled, by key
	formed *memory[any]   // by key: how forms were answered, for those that come again
	offers *memory[offer] // by token: forms that wait to be opened
	handle atomic.Pointer[chat.Handler]
	work   sync.WaitGroup // everything Run has started
	// running is Run's context while it goes on. Requests over HTTP need it: what they start outlives them.
	gate    sync.RWMutex
	running context.Context
	health  health
	times   times
}

var _ chat.Adapter = (*Slack)(nil)

// New makes the adapter and touches no network yet. Its errors say which setting is wrong.
func New(config Config) (*Slack, error) {
	config = withDefaults(config)
	if len(config.Workspaces) == 0 {
		return nil, errors.New("slack: no workspace is set up")
	}
	s := &Slack{config: config, lanes: newLanes(), seen: newRecent(20_000), formed: newMemory[any](mostFormed), offers: newMemory[offer](mostOffered), times: slackTimes}
	for _, workspace := range config.Workspaces {
		if err := config.lacks(workspace); err != nil {
			return nil, err
		}
		s.teams = append(s.teams, newTeam(workspace, config))
	}
	return s, nil
}

func withDefaults(config Config) Config {
	config.API = cmp.Or(config.API, slackgo.APIURL)
	if !strings.HasSuffix(config.API, "/") {
		config.API += "/"
	}
	config.Sockets = min(max(config.Sockets, 0), maxSockets)
	config.Sockets = cmp.Or(config.Sockets, 2)
	config.Command = "/" + strings.TrimPrefix(cmp.Or(config.Command, "/signpost"), "/")
	config.Log = cmp.Or(config.Log, slog.New(slog.DiscardHandler))
	if config.Now == nil {
		config.Now = time.Now
	}
	return config
}

// lacks says which token a workspace does not have for the mode that was chosen.
func (c Config) lacks(w Workspace) error {
	name := cmp.Or(w.Name, "the workspace")
	switch {
	case w.BotToken == "":
		return fmt.Errorf("slack: %s has no bot token (xoxb-...)", name)
	case c.overHTTP() && w.SigningSecret == "":
		return fmt.Errorf("slack: %s has no signing secret, which requests over HTTP are checked with", name)
	case !c.overHTTP() && w.AppToken == "":
		return fmt.Errorf("slack: %s has no app token (xapp-...), which Socket Mode needs", name)
	}
	return nil
}

func (c Config) overHTTP() bool { return c.Listen != "" || c.Mounted }

// Run takes events until ctx ends. A workspace that refuses its token does not end it: Healthy says so, and it is tried
// again every minute. It returns only after everything it started has ended.
func (s *Slack) Run(ctx context.Context, handle chat.Handler) error {
	ctx, stop := context.WithCancel(ctx)
	s.handle.Store(&handle)
	s.open(ctx)
	defer s.rest()
	defer s.work.Wait()
	defer s.shut()
	defer stop()
	for _, t := range s.teams {
		s.work.Go(func() { s.meet(ctx, t) })
	}
	if s.config.Mounted {
		<-ctx.Done()
		return nil
	}
	if s.config.overHTTP() {
		return s.listen(ctx)
	}
	s.connect(ctx)
	<-ctx.Done()
	return nil
}

// rest closes the connections that are kept for later calls.
func (s *Slack) rest() {
	for _, t := range s.teams {
		t.client.CloseIdleConnections()
	}
}

// open lets requests in, or with nil out.
func (s *Slack) open(ctx context.Context) {
	s.gate.Lock()
	defer s.gate.Unlock()
	s.running = ctx
}

func (s *Slack) shut() {
	s.gate.Lock()
	defer s.gate.Unlock()
	s.running = nil
}

// Handler takes Slack's requests over HTTP, for a server that has other pages too. Until Run goes on it answers 503, so
// that Slack delivers again.
func (s *Slack) Handler() http.Handler { return s.routes() }

// Pace is how many messages a second Slack takes in one place and in one workspace.
func (s *Slack) Pace() (place, network float64) { return PlacePace, NetworkPace }
