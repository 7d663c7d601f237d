package discord

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A pace keeps requests within what Discord allows: so many in a second for all, what each bucket has left, and nothing
// while it asked to be left alone. It keeps nothing by token or by message, so that it does not grow.
type pace struct {
	now func() time.Time

	mu      sync.Mutex
	recent  [mostPerSecond]time.Time // when each of the last requests may have left, or may leave
	next    int                      // the oldest of them
	quiet   time.Time                // nothing before it, for nobody
	names   map[string]string        // a route -> the bucket that Discord says it is in
	buckets map[string]*bucket       // a bucket and what it is about -> what is left of it
}

// A bucket is what Discord said last of it. What is still on its way counts as taken.
type bucket struct {
	left   int
	reset  time.Time
	held   time.Time // nothing before it: Discord said 429
	flying int
}

// wait is how long the bucket has to be left alone.
func (b *bucket) wait(now time.Time) time.Duration {
	switch {
	case b == nil:
		return 0
	case b.held.After(now):
		return b.held.Sub(now)
	case b.left-b.flying <= 0 && b.reset.After(now):
		return b.reset.Sub(now)
	}
	return 0
}

// mostBuckets are kept; those whose time has passed say nothing and are dropped first.
const mostBuckets = 2000

func newPace(now func() time.Time) *pace {
	return &pace{now: now, names: map[string]string{}, buckets: map[string]*bucket{}}
}

// wait holds a request back until its turn. Where that is longer than longestHold it says how long instead. The caller
// says by landed that the answer is there.
func (p *pace) wait(ctx context.Context, r request) (landed func(), err error) {
	for {
		b, wait, network := p.reserve(r)
		switch {
		case wait <= 0:
			return func() { p.land(b) }, nil
		case wait > longestHold:
			return nil, &apiError{Status: http.StatusTooManyRequests, Message: "held back here", Wait: wait, Global: network, unsent: true}
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, &unsentError{err}
		}
	}
}

// reserve takes a turn, or says how long until there may be one and whether that goes for every request.
func (p *pace) reserve(r request) (b *bucket, wait time.Duration, network bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.quiet.After(now) {
		return nil, p.quiet.Sub(now), true
	}
	b = p.buckets[p.bucketOf(r)]
	if wait := b.wait(now); wait > 0 {
		return nil, wait, false
	}
	if wait := p.recent[p.next].Add(time.Second).Sub(now); wait > 0 {
		return nil, wait, true
	}
	p.recent[p.next] = now
	p.next = (p.next + 1) % len(p.recent)
	if b != nil {
		b.flying++
	}
	return b, 0, false
}

func (p *pace) land(b *bucket) {
	if b == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	b.flying--
}

// bucketOf is the bucket a request falls into: Discord counts apart by channel, guild and webhook (topics/rate-limits).
func (p *pace) bucketOf(r request) string {
	name := r.method + " " + r.route
	if known, ok := p.names[name]; ok {
		name = known
	}
	return name + " " + r.about
}

// learn takes in what an answer says about the bucket.
func (p *pace) learn(r request, h http.Header) {
	name := h.Get("X-RateLimit-Bucket")
	left, err := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	after, errAfter := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if name == "" || err != nil || errAfter != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.names[r.method+" "+r.route] = name
	b := p.bucket(p.bucketOf(r))
	b.left, b.reset = left, p.now().Add(seconds(after))
}

// hold keeps requests back after Discord said 429: all of them, or those of one bucket.
func (p *pace) hold(r request, wait time.Duration, global bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := p.now().Add(wait)
	if global {
		p.quiet = until
		return
	}
	p.bucket(p.bucketOf(r)).held = until
}

// bucket is the one with this key. p.mu is held.
func (p *pace) bucket(key string) *bucket {
	if len(p.buckets) >= mostBuckets {
		p.forget()
	}
	if p.buckets[key] == nil {
		p.buckets[key] = &bucket{}
	}
	return p.buckets[key]
}

func (p *pace) forget() {
	for key, b := range p.buckets {
		if b.wait(p.now()) == 0 {
			delete(p.buckets, key)
		}
	}
}

func seconds(s float64) time.Duration {
	const day = 24 * 60 * 60
	return time.Duration(max(0, min(s, day)) * float64(time.Second))
}

// retryAfter is what a 429 asks for: the body says it to the millisecond, the header to the second.
func retryAfter(body float64, h http.Header) time.Duration {
	if body > 0 {
		return seconds(body)
	}
	if s, err := strconv.ParseFloat(strings.TrimSpace(h.Get("Retry-After")), 64); err == nil && s > 0 {
		return seconds(s)
	}
	return time.Second
}

// sleep waits, or ends with ctx.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
