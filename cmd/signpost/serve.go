package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"signpost/bot/chat"
	"signpost/bot/desk"
)

func (a *app) serveCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: "serve", Short: "Answer on the chat networks that are set up, until stopped",
		Long: "Answer on every chat network that is set up in --config, or else whose token is in the environment.\n" +
			"SIGTERM or Ctrl-C ends it in order within ten seconds; a second one at once. See docs/running.md.",
		Example: "  signpost serve\n  signpost serve --db /var/lib/signpost/signpost.db --config /etc/signpost.toml",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := readConfig(file)
			if err != nil {
				return err
			}
			log := serveLog(a.err)
			networks, err := config.networks(log, a.now)
			if err != nil {
				return err
			}
			return a.with(c.Context(), func(o opened) error {
				s := newServer(a, o, log, networks)
				s.listen = config.status()
				return s.run(c.Context())
			})
		},
	}
	a.modelFlags(c)
	c.Flags().StringVar(&file, "config", "", "the `FILE` that says which chat networks there are; without it each whose token is in the environment")
	return c
}

// A server runs everything that answers people, and ends it in order. Who starts what: run starts each part below and
// waits for it; a part ends only after what it started itself.
type server struct {
	opened
	app      *app
	log      *slog.Logger
	networks []*network
	listen   string // of the status pages; "" for none
	learns   bool   // from the base, beside answering
	started  func() // is told once everything was started

	figures  *figures
	courier  *desk.Courier
	probe    *probe
	leased   context.Context
	draining atomic.Bool
}

func newServer(a *app, o opened, log *slog.Logger, networks []*network) *server {
	s := &server{opened: o, app: a, log: log, networks: networks, figures: newFigures(), probe: &probe{db: o.db},
		learns: true, started: func() {}}
	s.courier = &desk.Courier{DB: o.db, Adapters: map[string]chat.Adapter{}, Pace: map[string]desk.Pace{}, Log: log}
	for _, n := range networks {
		s.courier.Adapters[n.name], s.courier.Pace[n.name] = n.adapter, n.pace
	}
	if o.bot != nil {
		o.bot.Wake = s.courier.Wake
	}
	return s
}

// The longest that each step of ending may take; together they stay below the ten seconds that operators count on.
const (
	adaptersEnd = 4 * time.Second
	restEnds    = 5500 * time.Millisecond
)

var errTooSlow = errors.New("not everything ended in time; what was not sent waits in the file")

// run serves until ctx ends or the lease is lost. The lease is taken first and given back last.
func (s *server) run(ctx context.Context) error {
	leased, release, err := desk.Lease(context.WithoutCancel(ctx), s.db)
	var held *desk.LeaseError
	if errors.As(err, &held) {
		return fmt.Errorf("%s is served already, by process %d on %s; stop that one first, or name another file with --db", s.app.file, held.Pid, held.Host)
	} else if err != nil {
		return err
	}
	defer release()
	s.leased = leased
	status, err := s.openStatus(ctx)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	defer context.AfterFunc(leased, func() { stop(context.Cause(leased)) })()
	return errors.Join(s.work(ctx, status), s.whyLost())
}

func (s *server) openStatus(ctx context.Context) (net.Listener, error) {
	if s.listen == "" {
		return nil, nil
	}
	at, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.listen)
	if err != nil {
		return nil, fmt.Errorf("serve the status pages (listen = %q in the configuration moves them, \"\" turns them off): %w", s.listen, err)
	}
	return at, nil
}

// work runs every part until ctx ends, then ends them in order: first the networks, so that nothing new comes and what
// came is answered; then the clock, the courier with what it has in hand, and the rest.
func (s *server) work(ctx context.Context, status net.Listener) error {
	g := newGuard(s.bot.Handle, s.log, s.figures, s.probe.doubt)
	rest, endRest := context.WithCancel(context.WithoutCancel(ctx))
	defer endRest()
	var adapters, others sync.WaitGroup
	others.Go(func() { s.courier.Run(rest) })
	if s.learns {
		others.Go(func() { s.learn(ctx) })
	}
	if status != nil {
		others.Go(func() { s.serveStatus(rest, status) })
	}
	clock := &desk.Clock{DB: s.db, Handle: g.take, Log: s.log}
	adapters.Go(func() { clock.Run(ctx) })
	for _, n := range s.networks {
		adapters.Go(func() { n.keep(ctx, g.take, s.log) })
	}
	s.log.Info("Signpost serves", "file", s.app.file, "networks", s.names(), "status", s.listen, "process", os.Getpid())
	s.started()
	<-ctx.Done()
	s.draining.Store(true)
	s.log.Info("Signpost is being stopped")
	inTime := waits(&adapters, adaptersEnd)
	endRest()
	if !waits(&others, restEnds) || !inTime {
		return errTooSlow
	}
	s.log.Info("Signpost has stopped")
	return nil
}

// learn learns from the base beside answering. A panic there must not end the answering.
func (s *server) learn(ctx context.Context) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("learning panicked; answering with what was learnt before", "panic", panicName(p), "stack", string(debug.Stack()))
		}
	}()
	if err := s.base.Learn(ctx, nil); err != nil && ctx.Err() == nil {
		s.log.Warn("could not learn from the base; answering with what was learnt before", "error", err)
	}
}

// waits waits for a group for a while; false means that it has not ended yet.
func waits(group *sync.WaitGroup, most time.Duration) bool {
	ended := make(chan struct{})
	go func() { group.Wait(); close(ended) }()
	select {
	case <-ended:
		return true
	case <-time.After(most):
		return false
	}
}

func (s *server) names() []string {
	var names []string
	for _, n := range s.networks {
		names = append(names, n.name)
	}
	return names
}

func (s *server) lost() bool { return s.leased.Err() != nil }

func (s *server) whyLost() error {
	if s.lost() {
		return fmt.Errorf("stopped serving %s: %w", s.app.file, context.Cause(s.leased))
	}
	return nil
}
