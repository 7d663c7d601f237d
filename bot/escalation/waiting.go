package escalation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"signpost/bot/chat"
	"signpost/knowledge/match"
	"signpost/knowledge/sqldb"
)

// A Waiting is a person who got "I don't know" and agreed to be told, once, when there is an answer.
type Waiting struct {
	ID     string
	Person chat.Address
	Home   string
	Text   string // masked
	At     time.Time
}

// Wait keeps somebody who agreed to be told. The same question of the same person waits once.
func Wait(ctx context.Context, tx *sqldb.Tx, w Waiting) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO waiting (id, person, home, text, words, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (person, words) DO NOTHING`, w.ID, w.Person, w.Home, w.Text, strings.Join(match.Words(w.Text), " "), tx.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("wait for an answer: %w", err)
	}
	return nil
}

// AllWaiting lists who waits, longest first. Match each against the base when an entry goes live.
func AllWaiting(ctx context.Context, db reader) ([]Waiting, error) {
	rows, err := db.QueryContext(ctx, `SELECT id, person, home, text, at FROM waiting ORDER BY at, id`)
	if err != nil {
		return nil, fmt.Errorf("read who waits: %w", err)
	}
	defer rows.Close()
	var list []Waiting
	for rows.Next() {
		var w Waiting
		var at int64
		if err := rows.Scan(&w.ID, &w.Person, &w.Home, &w.Text, &at); err != nil {
			return nil, fmt.Errorf("read who waits: %w", err)
		}
		w.At = fromMilli(at)
		list = append(list, w)
	}
	return list, rows.Err()
}

// TellWaiting takes a wait and gives what the person is to be told of an entry. first is false where they were told
// already: then nothing is sent.
func TellWaiting(ctx context.Context, tx *sqldb.Tx, w Waiting, entry string) (tell Tell, first bool, err error) {
	if first, err = StopWaiting(ctx, tx, w.ID, w.Person); err != nil || !first {
		return Tell{}, false, err
	}
	return Tell{Key: "waiting " + w.ID, Who: ToAsker, To: w.Person, What: "escalation.now-known",
		Values: map[string]string{"question": w.Text, "entry": entry}}, true, nil
}

// StopWaiting takes a wait back; had is false where there was none, or it is another person's.
func StopWaiting(ctx context.Context, tx *sqldb.Tx, id string, who chat.Address) (had bool, err error) {
	result, err := tx.ExecContext(ctx, `DELETE FROM waiting WHERE id = $1 AND person = $2`, id, who)
	if err != nil {
		return false, fmt.Errorf("stop waiting: %w", err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// StopWaitingFor takes a person's wait for one question back; where there is none, nothing happens.
func StopWaitingFor(ctx context.Context, tx *sqldb.Tx, who chat.Address, text string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM waiting WHERE person = $1 AND words = $2`, who, strings.Join(match.Words(text), " "))
	if err != nil {
		return fmt.Errorf("stop waiting: %w", err)
	}
	return nil
}
