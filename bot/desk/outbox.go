package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"signpost/bot/chat"
	"signpost/knowledge/sqldb"
)

// Post puts messages into the outbox, in this order. One whose key is there already is the same message and is left
// alone. Wake the Courier after the commit.
func Post(ctx context.Context, tx *sqldb.Tx, posts ...chat.Post) error {
	for _, post := range posts {
		body, err := json.Marshal(post)
		if err != nil {
			return fmt.Errorf("keep post %q: %w", post.Key, err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO outbox (key, network, place, post, replaces, state, at, next)
			VALUES ($1, $2, $3, $4, $5, 'new', $6, $6) ON CONFLICT (key) DO NOTHING`,
			post.Key, post.To.Network(), post.To, string(body), post.Replaces, tx.Now().UnixMilli())
		if err != nil {
			return fmt.Errorf("keep post %q: %w", post.Key, err)
		}
	}
	return nil
}

// KeyOf gives the key of the message that a network knows by this reference; ok is false where the desk sent none such.
func KeyOf(ctx context.Context, db *sql.DB, ref chat.Ref) (key string, ok bool, err error) {
	if ref == "" {
		return "", false, nil
	}
	row := db.QueryRowContext(ctx, `SELECT key FROM outbox WHERE ref = $1 AND replaces = '' ORDER BY id LIMIT 1`, ref)
	if err := row.Scan(&key); errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	} else if err != nil {
		return "", false, fmt.Errorf("look for the message: %w", err)
	}
	return key, true, nil
}

// UnderWay gives the keys of messages to a place that have left, or are about to, and whose reference is not known yet. A
// person may reply to one of them before KeyOf knows of it: people can be quicker than a network's word that a message
// arrived, and after a crash it takes a while to find out.
func UnderWay(ctx context.Context, db *sql.DB, to chat.Address) ([]string, error) {
	rows, err := db.QueryContext(ctx, `SELECT key FROM outbox WHERE network = $1 AND place = $2 AND state = 'sending' AND replaces = ''`, to.Network(), to)
	if err != nil {
		return nil, fmt.Errorf("look for messages under way: %w", err)
	}
	defer rows.Close()
	var keys []string
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, fmt.Errorf("look for messages under way: %w", err)
		}
		keys = append(keys, key)
	}
	return keys, rows.Err()
}

// Coming tells how many messages to a place are to be sent by now and are not there yet.
func Coming(ctx context.Context, db *sqldb.DB, to chat.Address) (n int, err error) {
	row := db.Read().QueryRowContext(ctx, `SELECT COUNT(*) FROM outbox WHERE network = $1 AND place = $2
		AND state IN ('new', 'sending') AND (state = 'sending' OR next <= $3)`,
		to.Network(), to, db.Now().UnixMilli())
	if err := row.Scan(&n); err != nil {
		return 0, fmt.Errorf("look for messages that are coming: %w", err)
	}
	return n, nil
}

// A Parked message can never be sent as it is, or nobody can tell whether it was: somebody must look.
type Parked struct {
	ID       int64        `json:"id"`
	Key      string       `json:"key"`
	To       chat.Address `json:"to"`
	At       time.Time    `json:"at"` // when it was asked for
	Attempts int          `json:"attempts"`
	Problem  string       `json:"problem"` // what the network said
}

// ListParked lists the parked messages, the oldest first.
func ListParked(ctx context.Context, db *sql.DB) ([]Parked, error) {
	rows, err := db.QueryContext(ctx, `SELECT id, key, place, at, attempts, problem FROM outbox WHERE state = 'parked' ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list parked messages: %w", err)
	}
	defer rows.Close()
	var list []Parked
	for rows.Next() {
		var p Parked
		var at int64
		if err := rows.Scan(&p.ID, &p.Key, &p.To, &at, &p.Attempts, &p.Problem); err != nil {
			return nil, fmt.Errorf("list parked messages: %w", err)
		}
		p.At = time.UnixMilli(at).UTC()
		list = append(list, p)
	}
	return list, rows.Err()
}

// ErrNotParked says that no parked message has this number.
var ErrNotParked = errors.New("desk: no parked message has this number")

// Retry sends a parked message again, though it may be there already; who is the person who decided so.
func Retry(ctx context.Context, tx *sqldb.Tx, id int64, who string) error {
	return unpark(ctx, tx, id, "new", who)
}

// Drop gives a parked message up.
func Drop(ctx context.Context, tx *sqldb.Tx, id int64, who string) error {
	return unpark(ctx, tx, id, "dropped", who)
}

func unpark(ctx context.Context, tx *sqldb.Tx, id int64, state, who string) error {
	result, err := tx.ExecContext(ctx, `UPDATE outbox SET state = $1, attempts = 0, next = $2, post = CASE WHEN $1 = 'dropped' THEN '' ELSE post END
		WHERE id = $3 AND state = 'parked'`, state, tx.Now().UnixMilli(), id)
	if err != nil {
		return fmt.Errorf("change parked message %d: %w", id, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrNotParked, err)
	}
	return tx.Record(ctx, who, fmt.Sprintf("parked message %d", id), "parked", state)
}
