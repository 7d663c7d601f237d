package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"signpost/bot/chat"
)

// An outcome is how a request ended.
type outcome struct {
	errand *errand
	began  time.Time
	ref    chat.Ref
	found  bool
	err    error
}

// errHeld says that a request did not leave, for its network had asked to be left alone in the meantime.
var errHeld = errors.New("the network asked to be left alone")

// launch lets the requests leave that a turn decided on, and notes what the other places wait for.
func (r *round) launch(flights context.Context, steps []step) {
	now := time.Now()
	for _, s := range steps {
		p := s.place
		switch {
		case s.errand != nil:
			p.away = true
			p.bucket.take(p.route.pace.Place, now)
			p.route.bucket.take(p.route.pace.Network, now)
			p.route.busy++
			r.flying++
			go func() { r.done <- r.carry(flights, s.errand) }()
		case s.wait > 0:
			p.notBefore, p.timed = now.Add(s.wait), s.id
			p.route.expect(p)
		}
	}
}

// carry makes one request. An adapter that panics is one whose request failed: the same message would else bring the
// program down again at each start.
func (r *round) carry(ctx context.Context, e *errand) (o outcome) {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	o = outcome{errand: e, began: time.Now()}
	route := e.place.route
	if left := route.pause.end().Sub(o.began); left > 0 {
		o.err = &chat.SendError{Wait: left, Network: true, Err: errHeld}
		return o
	}
	defer func() {
		if problem := recover(); problem != nil {
			o.err = fmt.Errorf("the adapter panicked: %v", problem)
		}
		var told *chat.SendError
		if errors.As(o.err, &told) && told.Network {
			route.pause.extend(time.Now().Add(told.Wait))
		}
	}()
	switch e.kind {
	case toSend:
		o.ref, o.err = route.adapter.Send(ctx, e.row.post)
	case toEdit:
		o.err = route.adapter.Edit(ctx, e.ref, e.row.post.Message)
	case toFind:
		o.ref, o.found, o.err = route.adapter.Find(ctx, e.place.address, e.row.post.Key)
	}
	return o
}
