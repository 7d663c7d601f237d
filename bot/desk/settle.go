package desk

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync/atomic"
	"time"

	"signpost/bot/chat"
	"signpost/knowledge/sqldb"
)

// An ending is what an outcome means for its row and place.
type ending struct {
	outcome outcome
	state   string        // what the row becomes; `away` if it cannot go where it was to go
	wait    time.Duration // before the place's next request
}

// away is the state of a row, for a moment, that goes elsewhere or is parked.
const away = "away"

// judge says what an outcome means.
func (r *round) judge(o outcome) ending {
	var told *chat.SendError
	e := o.errand
	switch {
	case o.err == nil && (e.kind != toFind || o.found):
		return ending{o, "sent", 0}
	case o.err == nil: // it is not there, and no request for it can land any more
		return ending{o, "new", backoff(e.row.attempts - 1)}
	case errors.As(o.err, &told) && told.Refused, errors.Is(o.err, chat.ErrCannotFind):
		if told != nil && told.Gone && e.kind == toEdit {
			return ending{o, "dropped", 0}
		}
		return ending{o, away, 0}
	case e.kind == toFind && told != nil && told.Wait > 0:
		return ending{o, "sending", told.Wait}
	case e.kind == toFind:
		return ending{o, "sending", backoff(e.place.failures + 1)}
	case told != nil && told.Wait > 0:
		return ending{o, "new", told.Wait}
	case told != nil:
		return ending{o, "new", backoff(e.row.attempts)}
	case e.kind == toEdit: // may be repeated, but a request that is still on its way must not undo a later one
		return ending{o, "sending", max(r.inDoubt(), backoff(e.row.attempts))}
	}
	return ending{o, "sending", max(0, time.Until(o.began.Add(r.inDoubt())))}
}

// settle writes down how requests ended.
func (r *round) settle(ctx context.Context, tx *sqldb.Tx) ([]ending, error) {
	var ends []ending
	for _, o := range r.finished {
		end := r.judge(o)
		if err := r.end(ctx, tx, end); err != nil {
			return nil, err
		}
		ends = append(ends, end)
	}
	return ends, nil
}

func (r *round) end(ctx context.Context, tx *sqldb.Tx, end ending) error {
	head := end.outcome.errand.row
	switch end.state {
	case "sent":
		return mark(ctx, tx, head.id, change{state: "sent", ref: end.outcome.ref})
	case "dropped":
		return r.drop(ctx, tx, head, end.outcome.err)
	case away:
		return r.sendElse(ctx, tx, head, end.outcome.err)
	}
	return mark(ctx, tx, head.id, change{state: end.state, wait: end.wait, problem: end.outcome.err})
}

// sendElse sends a message where it goes instead, as a message of its own, or parks it.
func (r *round) sendElse(ctx context.Context, tx *sqldb.Tx, head row, why error) error {
	if head.post.Else == "" || head.post.Else == head.post.To {
		return r.park(ctx, tx, head, why)
	}
	post := head.post
	post.Key, post.To, post.Else, post.Replaces, post.Thread = elseKey(post.Key), post.Else, "", "", ""
	if err := r.repost(ctx, tx, post); err != nil {
		return err
	}
	return r.drop(ctx, tx, head, fmt.Errorf("went to %s instead: %w", post.To, why))
}

// elseKey names a message that went elsewhere.
func elseKey(key string) string { return key + " else" }

func (r *round) repost(ctx context.Context, tx *sqldb.Tx, post chat.Post) error {
	r.woken = true // it is newer than all that was looked at
	return Post(ctx, tx, post)
}

func (r *round) park(ctx context.Context, tx *sqldb.Tx, head row, why error) error {
	r.Log.Error("a message is parked and waits for somebody to decide", "id", head.id, "key", head.post.Key, "network", head.post.To.Network(), "error", unaddressed(why))
	return mark(ctx, tx, head.id, change{state: "parked", problem: why})
}

func (r *round) drop(ctx context.Context, tx *sqldb.Tx, head row, why error) error {
	r.Log.Info("a message is dropped", "id", head.id, "key", head.post.Key, "network", head.post.To.Network(), "reason", unaddressed(why))
	return mark(ctx, tx, head.id, change{state: "dropped", problem: why})
}

// An address is left out of the log, beside the key of a message about a question: whoever reads the log must not learn
// who asked. It stands in the row.
var address = regexp.MustCompile(`\b[a-z]+:[^\s:/]\S*`)

func unaddressed(err error) string { return address.ReplaceAllString(err.Error(), "(an address)") }

// A change is what becomes of a row.
type change struct {
	state   string
	ref     chat.Ref
	wait    time.Duration
	problem error
}

// mark changes a row that is not done. What a message says is not kept once its network has it, or nobody will.
func mark(ctx context.Context, tx *sqldb.Tx, id int64, c change) error {
	problem := ""
	if c.problem != nil {
		problem = cut(c.problem.Error())
	}
	_, err := tx.ExecContext(ctx, `UPDATE outbox SET state = $1, ref = $2, next = $3, problem = $4, post = CASE WHEN $5 THEN '' ELSE post END
		WHERE id = $6 AND state IN ('new', 'sending')`,
		c.state, c.ref, tx.Now().Add(c.wait).UnixMilli(), problem, c.state == "sent" || c.state == "dropped", id)
	if err != nil {
		return fmt.Errorf("mark message %d as %s: %w", id, c.state, err)
	}
	return nil
}

// cut keeps what a network said to a line or two.
func cut(problem string) string {
	const longest = 300
	if len(problem) > longest {
		return problem[:longest] + "…"
	}
	return problem
}

// land notes how requests ended, after that was written down.
func (r *round) land(ends []ending) {
	now := time.Now()
	r.finished = r.finished[:0]
	for _, end := range ends {
		e := end.outcome.errand
		p := e.place
		p.away, p.notBefore, p.timed = false, now.Add(end.wait), e.row.id
		p.failures++
		if e.kind != toFind || end.state != "sending" {
			p.failures = 0
		}
		if end.state == "sent" {
			r.count(p.route.network)
		}
		p.route.expect(p)
	}
}

func (r *round) count(network string) {
	n, _ := r.sent.LoadOrStore(network, new(atomic.Uint64))
	n.(*atomic.Uint64).Add(1)
}
