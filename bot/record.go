package bot

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"signpost/knowledge/match"
	"signpost/knowledge/sqldb"
)

// retention is how long a question and a gap are kept.
const retention = 90 * 24 * time.Hour

// old are the rows that are no longer to be kept: $1 is the end of the retention time, or now.
var old = []struct {
	rows  string
	since func(now time.Time) time.Time
}{
	{`question WHERE at < $1`, func(now time.Time) time.Time { return now.Add(-retention) }},
	{`gap WHERE last < $1`, func(now time.Time) time.Time { return now.Add(-retention) }},
	{`conversation WHERE expires <= $1`, func(now time.Time) time.Time { return now }},
}

// anyOld reports whether there is anything to delete.
func anyOld(ctx context.Context, db *sql.DB, now time.Time) (any bool, err error) {
	for _, o := range old {
		if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM `+o.rows+`)`, o.since(now).UnixMilli()).Scan(&any); err != nil {
			return false, fmt.Errorf("look for what is too old to keep: %w", err)
		}
		if any {
			return true, nil
		}
	}
	return false, nil
}

// deleteOld deletes what is no longer to be kept. It goes with every write, and with the start of the program.
func deleteOld(ctx context.Context, tx *sqldb.Tx) error {
	for _, o := range old {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+o.rows, o.since(tx.Now()).UnixMilli()); err != nil {
			return fmt.Errorf("delete what is too old to keep: %w", err)
		}
	}
	return nil
}

// keepQuestion records a question that was not stopped and returns the id that its buttons carry.
func (m *meeting) keepQuestion(d Decision, shown []string) string {
	id := m.bot.NewID()
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		entries, err := json.Marshal(shown)
		if err != nil {
			return fmt.Errorf("keep the question: %w", err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO question (id, at, person, home, text, verdict, reason, entries)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			id, m.now.UnixMilli(), m.event.Person, m.person.Home, d.Text, d.Verdict, d.Reason, string(entries))
		if err != nil {
			return fmt.Errorf("keep the question: %w", err)
		}
		return nil
	})
	return id
}

// keepGap counts a question that nobody could be helped with.
func (m *meeting) keepGap(text string) {
	words := strings.Join(match.Words(text), " ")
	if words == "" {
		return
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO gap (words, text, count, first, last) VALUES ($1, $2, 1, $3, $3)
			ON CONFLICT (words) DO UPDATE SET count = gap.count + 1, last = excluded.last`, words, text, m.now.UnixMilli())
		if err != nil {
			return fmt.Errorf("keep the gap: %w", err)
		}
		return nil
	})
}

// countStop records that a message was stopped: its kind and day, nothing else.
func (m *meeting) countStop(reason string) {
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO stop (day, kind, count) VALUES ($1, $2, 1)
			ON CONFLICT (day, kind) DO UPDATE SET count = stop.count + 1`, m.now.UTC().Format(time.DateOnly), reason)
		if err != nil {
			return fmt.Errorf("count the stop: %w", err)
		}
		return nil
	})
}
