package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"signpost/bot/chat"
)

// Networks wait three seconds for an acknowledgement, and the way there and back takes some of it. So an event waits at
// most waitWithin for its turn, and has handleWithin from then on.
const (
	waitWithin   = 900 * time.Millisecond
	handleWithin = 2 * time.Second
)

// atOnce is how many events are handled at one time: as many as share a commit. More would only slow each other down, and
// in a burst all would be late together instead of few.
const atOnce = 64

// errBusy says that an event was not begun, since it could not have been answered in time.
var errBusy = errors.New("too many events at once; the network sends it again")

// A guard stands between the networks and the bot: it gives each event its turn and its time, turns a panic into an error,
// and counts. Nothing that it logs or counts holds what was said, or who said it.
type guard struct {
	handle  chat.Handler
	log     *slog.Logger
	figures *figures
	// failed is told of each error, so that what keeps events from being handled shows in the health at once.
	failed func(error)

	turns  chan struct{}
	logged spare
}

func newGuard(handle chat.Handler, log *slog.Logger, figures *figures, failed func(error)) *guard {
	return &guard{handle: handle, log: log, figures: figures, failed: failed, turns: make(chan struct{}, atOnce)}
}

// take is the chat.Handler that adapters get. An event that was begun is finished, though its adapter is being stopped:
// its context ends after handleWithin and not before.
func (g *guard) take(ctx context.Context, event chat.Event) (turn chat.Turn, err error) {
	start := time.Now()
	defer func() { g.note(event, time.Since(start), err) }()
	wait := time.NewTimer(waitWithin)
	defer wait.Stop()
	select {
	case g.turns <- struct{}{}:
		defer func() { <-g.turns }()
	case <-ctx.Done():
		return chat.Turn{}, ctx.Err()
	case <-wait.C:
		return chat.Turn{}, errBusy
	}
	return g.begin(context.WithoutCancel(ctx), event)
}

func (g *guard) begin(ctx context.Context, event chat.Event) (turn chat.Turn, err error) {
	ctx, cancel := context.WithTimeout(ctx, handleWithin)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			g.log.Error("the bot panicked", "event", event.Kind, "panic", panicName(p), "stack", string(debug.Stack()))
			turn, err = chat.Turn{}, fmt.Errorf("handle %s: %s", event.Kind, panicName(p))
		}
	}()
	return g.handle(ctx, event)
}

func (g *guard) note(event chat.Event, took time.Duration, err error) {
	g.figures.handled(event, took, err)
	if err == nil {
		return
	}
	if more, ok := g.logged.may(); ok {
		g.log.Error("an event could not be handled", "event", event.Kind, "network", networkOf(event), "error", err, "others", more)
	}
	if g.failed != nil {
		g.failed(err)
	}
}

// A spare lets one line a second into the log, for a full disk fails each event alike, and counts the others.
type spare struct {
	mu   sync.Mutex
	last time.Time
	more int
}

// may reports whether to log now, and how many were left out before.
func (s *spare) may() (more int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.last) < time.Second {
		s.more++
		return 0, false
	}
	more, s.more, s.last = s.more, 0, time.Now()
	return more, true
}

// networkOf is the network that an event came from; what came due came from none.
func networkOf(event chat.Event) string {
	if event.Kind == chat.CameDue {
		return "clock"
	}
	return event.Person.Network()
}

// panicName says what happened without what it happened to: only the runtime's own words are known to hold nobody's text.
func panicName(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("a panic with %T", p)
}
