package desk

import (
	"math/rand/v2"
	"sync"
	"time"
)

// A Pace is how fast one network takes messages. Its zero value knows no limit but AtOnce.
type Pace struct {
	Place   Rate // for each place
	Network Rate // for all places together
	AtOnce  int  // requests under way at one time; 0 means 32
}

// A Rate is one request each Every, and up to Burst at once after a rest; a Burst of 0 means 1. With Every 0 there is no
// limit.
type Rate struct {
	Every time.Duration
	Burst int
}

const defaultAtOnce = 32

func (p Pace) atOnce() int {
	if p.AtOnce > 0 {
		return p.AtOnce
	}
	return defaultAtOnce
}

// A bucket holds back what would go faster than its rate. All its times are readings of the monotonic clock, which nobody
// sets. full is when the bucket would be full again: the further ahead, the emptier it is.
type bucket struct{ full time.Time }

// next is the earliest time for one more request.
func (b bucket) next(rate Rate) time.Time {
	return b.full.Add(-rate.Every * time.Duration(max(rate.Burst, 1)-1))
}

// take notes a request made now.
func (b *bucket) take(rate Rate, now time.Time) {
	if b.full.Before(now) {
		b.full = now
	}
	b.full = b.full.Add(rate.Every)
}

// A pause is a time during which a network asked to be left alone. Requests look at it at the last moment, so that what
// one was told keeps the others back that have not left yet.
type pause struct {
	mu    sync.Mutex
	until time.Time
}

func (p *pause) extend(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.After(p.until) {
		p.until = until
	}
}

func (p *pause) end() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until
}

// backoff is how long to wait after so many failures in a row: 2 s, doubling, never more than 5 minutes. A part of it is
// chance, so that what failed together does not come back together.
func backoff(failures int) time.Duration {
	if failures <= 0 {
		return 0
	}
	wait := min(firstWait<<(min(failures, doublesUntil)-1), longestWait*4/5)
	return wait + rand.N(wait/4)
}
