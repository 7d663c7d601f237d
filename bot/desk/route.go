package desk

import (
	"context"
	"fmt"
	"time"

	"signpost/bot/chat"
)

// A route is what a round knows of one network.
type route struct {
	network string
	adapter chat.Adapter
	pace    Pace
	bucket  bucket
	pause   pause
	busy    int // requests under way
	places  map[chat.Address]*place
	queue   []*place // those that may have something to send, in turn: a place with much goes behind the others each time
}

// A place is what a round knows of one address. Its rows stay in the file; only the first of them matters here.
type place struct {
	route     *route
	address   chat.Address
	bucket    bucket
	notBefore time.Time // by the monotonic clock
	timed     int64     // the row that notBefore was meant for
	failures  int       // of looking for that row
	away      bool      // a request is under way
	queued    bool
}

// expect queues a place.
func (r *route) expect(p *place) {
	if !p.queued && !p.away {
		p.queued = true
		r.queue = append(r.queue, p)
	}
}

// next is the earliest time for the place's next request, its network's aside.
func (p *place) next() time.Time { return later(p.notBefore, p.bucket.next(p.route.pace.Place)) }

func (r *route) next() time.Time { return later(r.pause.end(), r.bucket.next(r.pace.Network)) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// ready takes the places out of the queues whose next row may go now, at most as many as each network takes at once.
func (r *round) ready(now time.Time) (ready []*place) {
	for _, route := range r.routes {
		bucket, free := route.bucket, route.pace.atOnce()-route.busy
		if now.Before(route.pause.end()) {
			continue
		}
		wait := route.queue[:0:0]
		for _, p := range route.queue {
			if free == 0 || now.Before(bucket.next(route.pace.Network)) || now.Before(p.next()) {
				wait = append(wait, p)
				continue
			}
			bucket.take(route.pace.Network, now) // a sketch: what really leaves is noted at its launch
			free--
			p.queued = false
			ready = append(ready, p)
		}
		route.queue = wait
	}
	return ready
}

// soonest is when there will be something to do if nobody says so before.
func (r *round) soonest() time.Time {
	soonest := r.nextScan
	for _, route := range r.routes {
		if route.busy >= route.pace.atOnce() {
			continue // whichever request ends next says so
		}
		for _, p := range route.queue {
			if next := later(p.next(), route.next()); next.Before(soonest) {
				soonest = next
			}
		}
	}
	return soonest
}

// look finds the places of rows that are newer than those seen before.
func (r *round) look(ctx context.Context) error {
	rows, err := r.DB.Read().QueryContext(ctx, `SELECT id, network, place FROM outbox WHERE id > $1 AND state IN ('new', 'sending') ORDER BY id`, r.seen)
	if err != nil {
		return fmt.Errorf("look into the outbox: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var network string
		var address chat.Address
		if err := rows.Scan(&r.seen, &network, &address); err != nil {
			return fmt.Errorf("look into the outbox: %w", err)
		}
		r.found(network, address)
	}
	return rows.Err()
}

// scan finds all places with something to send, and forgets those that have nothing. It sees what look cannot: a parked
// row that somebody freed has an old id.
func (r *round) scan(ctx context.Context) error {
	db := r.DB.Read()
	if err := db.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) FROM outbox`).Scan(&r.seen); err != nil {
		return fmt.Errorf("look into the outbox: %w", err)
	}
	for network, route := range r.routes {
		rows, err := db.QueryContext(ctx, `SELECT DISTINCT place FROM outbox WHERE network = $1 AND state IN ('new', 'sending')`, network)
		if err != nil {
			return fmt.Errorf("look into the outbox: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var address chat.Address
			if err := rows.Scan(&address); err != nil {
				return fmt.Errorf("look into the outbox: %w", err)
			}
			r.found(network, address)
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("look into the outbox: %w", err)
		}
		route.forget(time.Now())
	}
	return nil
}

// found queues the place of a row, if this courier carries for it.
func (r *round) found(network string, address chat.Address) {
	route := r.routes[network]
	if route == nil || r.Mine != nil && !r.Mine(address) {
		return
	}
	p := route.places[address]
	if p == nil {
		p = &place{route: route, address: address}
		route.places[address] = p
	}
	route.expect(p)
}

// forget lets go of places that have nothing to send and nothing to wait for.
func (r *route) forget(now time.Time) {
	for address, p := range r.places {
		if !p.queued && !p.away && now.After(p.notBefore) && now.After(p.bucket.full) {
			delete(r.places, address)
		}
	}
}
