package desk

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"signpost/bot/chat"
	"signpost/knowledge/sqldb"
)

// A Courier carries messages from the outbox to their networks. Start from Run, and call Wake after each commit that
// posted something.
//
// Each row goes new -> sending -> sent. It is `sending` before its request leaves, so that after a crash nobody takes it
// for unsent: a row found `sending`, or whose request failed in a way that leaves open whether it arrived, rests until
// the request can no longer land, and is then looked for on the network. The messages of one place go in the order in
// which they were asked for, and none before what precedes it was sent, parked or dropped; places go side by side.
type Courier struct {
	DB *sqldb.DB
	// Adapters are the networks that this process reaches, by name. Rows of other networks wait for a process that does.
	Adapters map[string]chat.Adapter
	// Mine narrows the rows down to those of some places; nil means all. Two couriers must not carry for the same place.
	Mine func(chat.Address) bool
	// Pace is how fast each network takes messages, by name.
	Pace map[string]Pace
	// Timeout is how long one request may take, 10 s by default. A request can land for so long, and Grace (2 s by
	// default) longer: until then nobody looks whether it did.
	Timeout, Grace time.Duration
	Log            *slog.Logger

	once    sync.Once
	wake    chan struct{}
	sent    sync.Map // by network: *atomic.Uint64
	trouble atomic.Pointer[error]
}

// How a courier works: it looks for rows that another process posted, or freed, every pollEvery; it writes what changed at
// most each turnEvery, many rows in one commit; when asked to stop it gives requests under way drainTime to end.
const (
	pollEvery    = 500 * time.Millisecond
	turnEvery    = 20 * time.Millisecond
	troubleEvery = time.Second // after the file could not be written
	drainTime    = 5 * time.Second
	timeout      = 10 * time.Second
	grace        = 2 * time.Second
)

// Wake says that there may be something to send. It never blocks, and may be called before Run and after it.
func (c *Courier) Wake() {
	c.prepare()
	select {
	case c.wake <- struct{}{}:
	default: // it has been told and not looked yet
	}
}

// Run carries messages until ctx ends. It then begins nothing more, waits a few seconds for the requests under way,
// writes down how they ended, and returns after all its goroutines have.
func (c *Courier) Run(ctx context.Context) error {
	c.prepare()
	return newRound(c).run(ctx)
}

// Health is the error that keeps the courier from reading or writing the file, nil while it can.
func (c *Courier) Health() error {
	if err := c.trouble.Load(); err != nil {
		return *err
	}
	return nil
}

func (c *Courier) prepare() {
	c.once.Do(func() {
		c.wake = make(chan struct{}, 1)
		if c.Log == nil {
			c.Log = slog.New(slog.DiscardHandler)
		}
		if c.Timeout == 0 {
			c.Timeout = timeout
		}
		if c.Grace == 0 {
			c.Grace = grace
		}
	})
}

// inDoubt is how long after a request began it can still land.
func (c *Courier) inDoubt() time.Duration { return c.Timeout + c.Grace }

// note keeps the error of the last turn, and logs the first of a kind only: a full disk fails each turn alike.
func (c *Courier) note(err error) {
	before := c.Health()
	switch {
	case err == nil && before != nil:
		c.Log.Info("the outbox can be read and written again")
	case err != nil && (before == nil || before.Error() != err.Error()):
		c.Log.Error("could not read or write the outbox; nothing is sent until that works", "error", err)
	}
	if err == nil {
		c.trouble.Store(nil)
	} else {
		c.trouble.Store(&err)
	}
}

// A round is what one Run knows. One goroutine owns it; requests run in goroutines of their own and hand back outcomes.
type round struct {
	*Courier
	routes   map[string]*route // by network
	seen     int64             // the highest id looked at
	woken    bool
	nextScan time.Time
	nextTurn time.Time
	done     chan outcome
	finished []outcome // how requests ended, not yet written down
	flying   int
}

func newRound(c *Courier) *round {
	r := &round{Courier: c, routes: map[string]*route{}, woken: true}
	all := 0
	for network, adapter := range c.Adapters {
		pace := c.Pace[network]
		r.routes[network] = &route{network: network, adapter: adapter, pace: pace, places: map[chat.Address]*place{}}
		all += pace.atOnce()
	}
	r.done = make(chan outcome, all) // so that no request waits to hand back its outcome
	return r
}

func (r *round) run(ctx context.Context) error {
	flights, land := context.WithCancel(context.WithoutCancel(ctx)) // requests outlive ctx for a moment
	defer land()
	for ctx.Err() == nil {
		err := r.work(ctx, flights)
		if ctx.Err() != nil {
			break // what failed did so because of it
		}
		r.note(err)
		r.nextTurn = time.Now().Add(turnEvery)
		if err != nil {
			r.nextTurn = time.Now().Add(troubleEvery)
		}
		r.rest(ctx)
	}
	return r.finish(land)
}

// work looks for rows and takes one turn with them.
func (r *round) work(ctx, flights context.Context) error {
	if now := time.Now(); !now.Before(r.nextScan) {
		if err := r.scan(ctx); err != nil {
			return err
		}
		r.nextScan, r.woken = now.Add(pollEvery), false
	} else if r.woken {
		if err := r.look(ctx); err != nil {
			return err
		}
		r.woken = false
	}
	return r.turn(flights)
}

// turn writes down how requests ended, and takes the next row of each place that may have one sent, in one commit. Only
// after it do the next requests leave. If it fails nothing was taken, and all of it is tried again. It is not cut short
// by the order to stop: a commit that was interrupted may have happened.
func (r *round) turn(ctx context.Context) error {
	ready := r.ready(time.Now())
	if len(ready) == 0 && len(r.finished) == 0 {
		return nil
	}
	var steps []step
	var ends []ending
	err := r.DB.Write(ctx, func(tx *sqldb.Tx) (err error) {
		if ends, err = r.settle(ctx, tx); err != nil {
			return err
		}
		steps, err = r.take(ctx, tx, ready)
		return err
	})
	if err != nil {
		for _, p := range ready {
			p.route.expect(p)
		}
		return err
	}
	r.land(ends)
	r.launch(ctx, steps)
	return nil
}

// rest waits until there is something to do and the next turn may be; meanwhile it gathers what finishes.
func (r *round) rest(ctx context.Context) {
	turn := time.NewTimer(time.Until(r.nextTurn))
	defer turn.Stop()
	next := time.NewTimer(time.Until(r.soonest()))
	defer next.Stop()
	var may <-chan time.Time // nil: there is nothing to do yet
	for {
		select {
		case <-ctx.Done():
			return
		case <-may:
			r.gather()
			return
		case <-r.wake:
			r.woken = true
		case o := <-r.done:
			r.collect(o)
		case <-next.C:
		}
		may = turn.C
	}
}

// gather takes all that has finished by now, so that one commit does for it.
func (r *round) gather() {
	for {
		select {
		case o := <-r.done:
			r.collect(o)
		default:
			return
		}
	}
}

func (r *round) collect(o outcome) {
	r.flying--
	o.errand.place.route.busy--
	r.finished = append(r.finished, o)
}

// finish waits for the requests under way, for a while, and writes down how they ended. What cannot be written stays
// `sending`, and is looked for on the network at the next start.
func (r *round) finish(land context.CancelFunc) error {
	enough := time.AfterFunc(drainTime, land)
	defer enough.Stop()
	for r.flying > 0 {
		r.collect(<-r.done)
	}
	if len(r.finished) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	err := r.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := r.settle(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("write down how the last messages went: %w", err)
	}
	return nil
}
