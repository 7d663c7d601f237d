package bot

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/bot/escalation"
	"signpost/knowledge/match"
	"signpost/knowledge/sqldb"
)

// retention is how long a question and a gap are kept.
const retention = 90 * 24 * time.Hour

// Old rows go with a write once a minute, and so few of a kind that no write waits long for it.
const (
	tidyEvery = time.Minute
	few       = 500
)

// old are the rows that are no longer to be kept: $1 is the end of the retention time, or now.
var old = []struct {
	table, key, rows string
	since            func(now time.Time) time.Time
}{
	{"question", "id", `at < $1 ORDER BY at`, func(now time.Time) time.Time { return now.Add(-retention) }},
	{"gap", "words", `last < $1 ORDER BY last`, func(now time.Time) time.Time { return now.Add(-retention) }},
	{"conversation", "person, at", `expires <= $1 ORDER BY expires`, func(now time.Time) time.Time { return now }},
}

// anyOld reports whether there is anything to delete.
func anyOld(ctx context.Context, db *sql.DB, now time.Time) (any bool, err error) {
	for _, o := range old {
		query := fmt.Sprintf(`SELECT EXISTS (SELECT 1 FROM %s WHERE %s)`, o.table, o.rows)
		if err := db.QueryRowContext(ctx, query, o.since(now).UnixMilli()).Scan(&any); err != nil {
			return false, fmt.Errorf("look for what is too old to keep: %w", err)
		}
		if any {
			return true, nil
		}
	}
	return false, nil
}

// tidy deletes what is no longer to be kept, if it is time to.
func (b *Bot) tidy(ctx context.Context, tx *sqldb.Tx) error {
	last, now := b.tidied.Load(), tx.Now().UnixMilli()
	if since := time.Duration(now-last) * time.Millisecond; since >= 0 && since < tidyEvery || !b.tidied.CompareAndSwap(last, now) {
		return nil
	}
	return deleteOld(ctx, tx)
}

// deleteOld deletes what is no longer to be kept, some of it where there is much.
func deleteOld(ctx context.Context, tx *sqldb.Tx) error {
	for _, o := range old {
		query := fmt.Sprintf(`DELETE FROM %[1]s WHERE (%[2]s) IN (SELECT %[2]s FROM %[1]s WHERE %[3]s LIMIT %[4]d)`, o.table, o.key, o.rows, few)
		if _, err := tx.ExecContext(ctx, query, o.since(tx.Now()).UnixMilli()); err != nil {
			return fmt.Errorf("delete what is too old to keep: %w", err)
		}
	}
	if err := escalation.DeleteOld(ctx, tx); err != nil {
		return err
	}
	return desk.DeleteOld(ctx, tx)
}

// keepQuestion records a question that was not stopped and returns the id that its buttons carry.
func (m *meeting) keepQuestion(d Decision, shown []string) string {
	id := m.bot.NewID()
	m.kept = id
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		entries, err := json.Marshal(shown)
		if err != nil {
			return fmt.Errorf("keep the question: %w", err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO question (id, at, person, home, text, verdict, reason, entries, message)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			id, m.now.UnixMilli(), m.event.Person, m.person.Home, d.Text, d.Verdict, d.Reason, string(entries), m.asked())
		if err != nil {
			return fmt.Errorf("keep the question: %w", err)
		}
		return nil
	})
	return id
}

// asked is the message in which the person asked, so that its edit and its deletion are followed; a pressed message is
// the bot's own, or somebody else's.
func (m *meeting) asked() chat.Ref {
	if m.event.Kind != chat.Said {
		return ""
	}
	return m.event.Message
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
