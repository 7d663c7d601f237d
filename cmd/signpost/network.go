package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync/atomic"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
)

// A network is one chat network as serve runs it.
type network struct {
	name    string
	adapter chat.Adapter
	// healthy is nil while events can arrive.
	healthy func() error
	pace    desk.Pace
	// hopeless says that trying again soon cannot help what Run ended with, such as a wrong token.
	hopeless func(error) bool

	restarts atomic.Int64
	ended    atomic.Pointer[error] // what Run ended with last, while it is not running again
}

// networks makes an adapter of each network that the configuration has. It touches no network yet.
func (c config) networks(log *slog.Logger, now func() time.Time) (list []*network, err error) {
	if c.Slack != nil {
		n, err := c.Slack.network(log.With("network", "slack"), now)
		if err != nil {
			return nil, usageError{err}
		}
		list = append(list, n)
	}
	if c.Discord != nil {
		n, err := c.Discord.network(log.With("network", "discord"), now)
		if err != nil {
			return nil, usageError{err}
		}
		list = append(list, n)
	}
	return list, nil
}

func perSecond(n float64) time.Duration { return time.Duration(float64(time.Second) / n) }

// How a broken adapter is started again: soon, then ever more rarely, with some chance so that many processes do not come
// back together. One that ran for a while is forgiven what was before.
const (
	againFirst    = time.Second
	againMost     = 2 * time.Minute
	againHopeless = 15 * time.Minute
	ranWell       = 5 * time.Minute
)

// keep runs the adapter until ctx ends, and starts it again whenever it breaks. Others are not touched by that.
func (n *network) keep(ctx context.Context, handle chat.Handler, log *slog.Logger) {
	for failures := 1; ; failures++ {
		n.ended.Store(nil)
		since := time.Now()
		err := n.runOnce(ctx, handle)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			err = errors.New("it ended by itself")
		}
		n.ended.Store(&err)
		n.restarts.Add(1)
		if time.Since(since) > ranWell {
			failures = 1
		}
		wait := n.wait(failures, err)
		log.Error("a chat network stopped; it is started again", "network", n.name, "in", wait.Round(time.Second), "error", err)
		if !sleep(ctx, wait) {
			return
		}
	}
}

// runOnce is Run, with a panic as an error.
func (n *network) runOnce(ctx context.Context, handle chat.Handler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it panicked: %s at %s", panicName(p), debug.Stack())
		}
	}()
	return n.adapter.Run(ctx, handle)
}

func (n *network) wait(failures int, err error) time.Duration {
	wait := min(againFirst<<min(failures-1, 10), againMost)
	if n.hopeless(err) {
		wait = againHopeless
	}
	return wait/2 + rand.N(wait/2)
}

// state is why no events can arrive, or nil.
func (n *network) state() error {
	if err := n.ended.Load(); err != nil {
		return fmt.Errorf("stopped, and waits to be started again: %w", *err)
	}
	return n.healthy()
}

// sleep waits; it is false where ctx ended before.
func sleep(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
