package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"signpost/bot/chat"
	"signpost/knowledge/sqldb"
)

// A row is one message on its way.
type row struct {
	id       int64
	post     chat.Post
	broken   error // why the post cannot be read
	state    string
	next     time.Time
	attempts int
}

// An errand is one request to a network.
type errand struct {
	place *place
	row   row
	kind  kind
	ref   chat.Ref // of the message to edit
}

type kind int

const (
	toSend kind = iota
	toEdit
	toFind
)

// A step is what comes next at a place: an errand, a wait, or, with neither, nothing.
type step struct {
	place  *place
	errand *errand
	wait   time.Duration
	id     int64 // the row to wait for
}

// The most rows of one place that one turn puts aside, and the longest wait that is believed of a row at a start: one
// further away was written before somebody set the clock back.
const (
	mostAside     = 100
	longestBelief = time.Hour
)

// take finds the next step of each place, and marks the rows as `sending` whose requests are about to leave.
func (r *round) take(ctx context.Context, tx *sqldb.Tx, ready []*place) ([]step, error) {
	var steps []step
	var ids []string
	for _, p := range ready {
		s, err := r.stepAt(ctx, tx, p)
		if err != nil {
			return nil, err
		}
		if s.errand != nil && s.errand.kind != toFind {
			s.errand.row.attempts++
			ids = append(ids, strconv.FormatInt(s.errand.row.id, 10))
		}
		steps = append(steps, s)
	}
	if len(ids) == 0 {
		return steps, nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id IN (`+strings.Join(ids, ", ")+`)`)
	if err != nil {
		return nil, fmt.Errorf("mark messages as under way: %w", err)
	}
	return steps, nil
}

// stepAt looks at the rows of a place from the first on, until one is to be carried or waited for.
func (r *round) stepAt(ctx context.Context, tx *sqldb.Tx, p *place) (step, error) {
	for range mostAside {
		head, ok, err := first(ctx, tx, p)
		if err != nil || !ok {
			return step{place: p}, err
		}
		if wait := r.wait(tx.Now(), p, head); wait > 0 {
			return step{place: p, wait: wait, id: head.id}, nil
		}
		e, err := r.errandFor(ctx, tx, p, head)
		if err != nil || e != nil {
			return step{place: p, errand: e}, err
		}
	}
	return step{place: p, wait: turnEvery}, nil
}

// first is the row that precedes all others of a place.
func first(ctx context.Context, tx *sqldb.Tx, p *place) (head row, ok bool, err error) {
	var key, body, replaces string
	var next int64
	err = tx.QueryRowContext(ctx, `SELECT id, key, post, replaces, state, next, attempts FROM outbox
		WHERE network = $1 AND place = $2 AND state IN ('new', 'sending') ORDER BY id LIMIT 1`, p.route.network, p.address).
		Scan(&head.id, &key, &body, &replaces, &head.state, &next, &head.attempts)
	if errors.Is(err, sql.ErrNoRows) {
		return row{}, false, nil
	} else if err != nil {
		return row{}, false, fmt.Errorf("read the first message to %s: %w", p.address, err)
	}
	head.broken = json.Unmarshal([]byte(body), &head.post)
	head.post.Key, head.post.To, head.post.Replaces = key, p.address, replaces
	head.next = time.UnixMilli(next)
	return head, true, nil
}

// wait is how long a row must still wait. What the file says counts only when this round sees the row for the first
// time; from then on its time is kept by the monotonic clock, which nobody sets.
func (r *round) wait(now time.Time, p *place, head row) time.Duration {
	if p.timed == head.id {
		return 0
	}
	if head.state == "sending" {
		return r.inDoubt() // counted from now: when its request left is known by the wall clock only
	}
	if wait := head.next.Sub(now); wait <= longestBelief {
		return wait
	}
	return 0
}

// errandFor decides what to do about a row; nil if it was put aside.
func (r *round) errandFor(ctx context.Context, tx *sqldb.Tx, p *place, head row) (*errand, error) {
	switch {
	case head.broken != nil:
		return nil, r.park(ctx, tx, head, fmt.Errorf("read the message: %w", head.broken))
	case head.post.Replaces != "":
		ref, err := r.toReplace(ctx, tx, head)
		if err != nil || ref == "" {
			return nil, err
		}
		return &errand{place: p, row: head, kind: toEdit, ref: ref}, nil
	case head.state == "sending":
		return &errand{place: p, row: head, kind: toFind}, nil
	}
	var err error
	head.post.Thread, err = thread(ctx, tx, head.post)
	return &errand{place: p, row: head, kind: toSend}, err
}

// thread is the reference of the message under which a post goes; empty where that did not arrive in the same place.
func thread(ctx context.Context, tx *sqldb.Tx, post chat.Post) (chat.Ref, error) {
	if post.Under == "" {
		return "", nil
	}
	var ref chat.Ref
	err := tx.QueryRowContext(ctx, `SELECT ref FROM outbox WHERE key IN ($1, $2) AND place = $3 AND state = 'sent'`,
		post.Under, elseKey(post.Under), post.To).Scan(&ref)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("find the message above %q: %w", post.Key, err)
	}
	return ref, nil
}
