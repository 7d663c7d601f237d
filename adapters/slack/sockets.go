package slack

import (
	"context"
	"time"
)

// connect keeps the sockets of every app token open. They start one after the other, so that Slack does not refresh them
// all at the same time, and each has its successor before it closes: a press is never lost to a refresh.
func (s *Slack) connect(ctx context.Context) {
	for _, token := range s.appTokens() {
		g := &group{Slack: s, token: token, since: s.config.Now().Add(-s.times.earlier), gap: true}
		for _, t := range s.teams {
			if t.AppToken == token {
				g.teams = append(g.teams, t)
			}
		}
		for slot := range s.config.Sockets {
			s.work.Go(func() { g.keep(ctx, slot) })
		}
	}
}

// A group is the sockets of one app token.
type group struct {
	*Slack
	token string
	teams []*team
	since time.Time // since when something may have been missed; guarded by health.mu, like the next
	gap   bool      // something may have been
}

// keep keeps one socket open until ctx ends.
func (g *group) keep(ctx context.Context, slot int) {
	if !g.metAny(ctx) || !sleep(ctx, time.Duration(slot)*g.times.stagger) {
		return
	}
	var before *socket
	for wait := g.times.firstRetry; ctx.Err() == nil; {
		k, err := g.dial(ctx, g.teams[0])
		if err != nil {
			wait = g.troubled(ctx, err, wait)
			continue
		}
		wait = g.times.firstRetry
		g.health.appRefused(g.token, nil)
		g.up(ctx)
		if before != nil {
			close(before.succeeded)
		}
		before = k
		g.work.Go(func() { g.serve(ctx, k) })
		refresh := time.NewTimer(lifetime(k, slot))
		select {
		case <-ctx.Done():
		case <-k.replace:
		case <-refresh.C:
			k.leave()
		}
		refresh.Stop()
	}
}

// metAny waits until Slack has said which workspace a token is of: before that nothing could be done with an event.
func (g *group) metAny(ctx context.Context) bool {
	for {
		for _, t := range g.teams {
			if t.teamID() != "" {
				return true
			}
		}
		if !sleep(ctx, g.times.firstRetry/10) {
			return false
		}
	}
}

// troubled waits after a socket could not be opened, longer each time, and returns the next wait.
func (g *group) troubled(ctx context.Context, err error, wait time.Duration) time.Duration {
	if ctx.Err() != nil {
		return wait
	}
	g.config.Log.Warn("no socket", "workspace", g.teams[0].called(), "error", err)
	if isBadToken(err) {
		g.health.appRefused(g.token, err)
		wait = g.times.lastRetry
	}
	if asked, ok := patience(err); ok {
		wait = asked
	}
	sleep(ctx, wait)
	return min(2*wait, g.times.lastRetry)
}

// lifetime is how long a socket is used before it is replaced of our own accord: a little less than Slack means to keep
// it, and different for each.
func lifetime(k *socket, slot int) time.Duration {
	if k.lasts < time.Minute {
		return 24 * time.Hour
	}
	return k.lasts * time.Duration(85-5*(slot%10)) / 100
}

// up counts a socket. Where something may have been missed before it was there, that is fetched from the history.
func (g *group) up(ctx context.Context) {
	g.health.socket(g.token, 1)
	g.health.mu.Lock()
	defer g.health.mu.Unlock()
	if since := g.since; g.gap {
		g.gap = false
		g.work.Go(func() { g.catchUp(ctx, since) })
	}
}

// down counts a socket out, once. Where it was the last one, or broke, something may be missed from when it was last heard
// of: of several that break together one may have its successor before the others are known to be dead.
func (g *group) down(k *socket, broke bool) {
	if g.health.socket(g.token, -1) > 0 && !broke {
		return
	}
	g.health.mu.Lock()
	defer g.health.mu.Unlock()
	if since := k.lastHeard().Add(-g.times.margin); !g.gap || since.Before(g.since) {
		g.since, g.gap = since, true
	}
}

// serve reads a socket until it ends. Once Slack has announced its end it no longer counts as live, but it is read for as
// long as it lasts, or until its successor has been there a while.
func (g *group) serve(ctx context.Context, k *socket) {
	g.work.Go(k.ping)
	read := make(chan error, 1)
	g.work.Go(func() {
		read <- k.read(func(e envelope) { g.frame(ctx, k, e) })
		close(k.ended)
	})
	var err error
	select {
	case <-ctx.Done():
	case err = <-read:
	case <-k.replace:
	}
	g.down(k, err != nil)
	k.leave()
	if err == nil && ctx.Err() == nil {
		g.drain(ctx, k, read)
	}
	k.conn.Close()
	if err != nil && ctx.Err() == nil {
		g.config.Log.Info("a socket ended", "workspace", g.teams[0].called(), "error", err)
	}
}

// drain lets an old socket be read on.
func (g *group) drain(ctx context.Context, k *socket, read <-chan error) {
	select {
	case <-ctx.Done():
		return
	case <-read:
		return
	case <-k.succeeded:
	}
	timer := time.NewTimer(g.times.drain)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-read:
	case <-timer.C:
	}
}

// frame does what one frame asks for.
func (g *group) frame(ctx context.Context, k *socket, e envelope) {
	switch e.Type {
	case "hello":
	case "disconnect":
		g.config.Log.Debug("Slack will close a socket", "reason", e.Reason)
		k.leave()
	default:
		if e.ID == "" {
			return
		}
		g.take(ctx, &delivery{kind: e.Type, payload: e.Payload, teams: g.teams, retry: e.Attempt, refuse: func() {},
			ack: func(answer any) error { return k.ack(e.ID, answer) }})
	}
}
