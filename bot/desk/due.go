package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"signpost/bot/chat"
	"signpost/knowledge/sqldb"
)

// Schedule keeps things to come back to. One with a key that is there already moves it; one with a zero time withdraws
// it.
func Schedule(ctx context.Context, tx *sqldb.Tx, dues ...chat.Due) error {
	for _, due := range dues {
		var err error
		if due.At.IsZero() {
			_, err = tx.ExecContext(ctx, `DELETE FROM due WHERE key = $1`, due.Key)
		} else {
			_, err = tx.ExecContext(ctx, `INSERT INTO due (key, at, what, data) VALUES ($1, $2, $3, $4)
				ON CONFLICT (key) DO UPDATE SET at = excluded.at, what = excluded.what, data = excluded.data`,
				due.Key, due.At.UnixMilli(), due.What, due.Data)
		}
		if err != nil {
			return fmt.Errorf("schedule %q: %w", due.Key, err)
		}
	}
	return nil
}

// Done takes a row that came due, as it was when it did. first is false where it was done, moved or withdrawn meanwhile:
// then nothing else of the transaction may stand.
func Done(ctx context.Context, tx *sqldb.Tx, due chat.Due) (first bool, err error) {
	result, err := tx.ExecContext(ctx, `DELETE FROM due WHERE key = $1 AND at = $2`, due.Key, due.At.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("take %q: %w", due.Key, err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// A Clock hands rows that came due to a handler, which takes each with Done in the transaction of whatever it does about
// it. Rows are compared with the DB's clock at every look, so that neither a restart, nor a sleeping machine, nor a
// change of the hour loses one or brings it twice; after an outage each comes once.
type Clock struct {
	DB     *sqldb.DB
	Handle chat.Handler
	Log    *slog.Logger

	tried map[string]attempt // of rows whose handling failed
}

type attempt struct {
	times int
	next  time.Time
}

// How the clock looks: often enough that a row is at most a second late, and after a failure of one row ever more rarely.
const (
	lookEvery    = time.Second
	lookAt       = 100 // rows at a time
	firstWait    = 2 * time.Second
	longestWait  = 5 * time.Minute
	doublesUntil = 8
)

// Run looks until ctx ends.
func (c *Clock) Run(ctx context.Context) error {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		if _, err := c.Look(ctx); err != nil && ctx.Err() == nil {
			c.Log.Error("could not look for what came due", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Look hands over all that has come due by now and returns how many rows were handled. A row whose handling fails stays
// and is tried again later; the others go on.
func (c *Clock) Look(ctx context.Context) (handled int, err error) {
	for {
		due, err := c.dueNow(ctx)
		if err != nil || len(due) == 0 {
			return handled, err
		}
		for _, d := range due {
			if ctx.Err() != nil {
				return handled, ctx.Err()
			}
			if c.hand(ctx, d) {
				handled++
			}
		}
		if len(due) < lookAt {
			return handled, nil
		}
	}
}

// dueNow lists rows that came due and are not waiting after a failure.
func (c *Clock) dueNow(ctx context.Context) ([]chat.Due, error) {
	now := c.DB.Now()
	rows, err := c.DB.Read().QueryContext(ctx, `SELECT key, at, what, data FROM due WHERE at <= $1 ORDER BY at, key LIMIT $2`,
		now.UnixMilli(), lookAt+len(c.tried))
	if err != nil {
		return nil, fmt.Errorf("list what is due: %w", err)
	}
	defer rows.Close()
	var list []chat.Due
	for rows.Next() {
		var d chat.Due
		var at int64
		if err := rows.Scan(&d.Key, &at, &d.What, &d.Data); err != nil {
			return nil, fmt.Errorf("list what is due: %w", err)
		}
		d.At = time.UnixMilli(at).UTC()
		if wait := c.tried[d.Key].next.Sub(now); wait > 0 && wait <= longestWait { // more only where the clock was set back
			continue
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

func (c *Clock) hand(ctx context.Context, due chat.Due) bool {
	event := chat.Event{Kind: chat.CameDue, Key: "due " + due.Key + " " + strconv.FormatInt(due.At.UnixMilli(), 10), At: c.DB.Now(), Due: &due}
	_, err := c.Handle(ctx, event)
	if err == nil {
		err = c.taken(ctx, due)
	}
	if err != nil {
		c.later(due.Key)
		c.Log.Error("could not handle what came due; it will be tried again", "what", due.What, "key", due.Key, "error", err)
		return false
	}
	delete(c.tried, due.Key)
	return true
}

// taken makes sure that whoever handled a row took it: one that is still there would come at every look for ever.
func (c *Clock) taken(ctx context.Context, due chat.Due) error {
	var still bool
	row := c.DB.Read().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM due WHERE key = $1 AND at = $2)`, due.Key, due.At.UnixMilli())
	if err := row.Scan(&still); err != nil {
		return fmt.Errorf("look whether %q was taken: %w", due.Key, err)
	}
	if still {
		return errNotTaken
	}
	return nil
}

var errNotTaken = errors.New("desk: nobody took what came due")

// later keeps a row that failed from coming at every look.
func (c *Clock) later(key string) {
	if c.tried == nil {
		c.tried = map[string]attempt{}
	}
	times := min(c.tried[key].times+1, doublesUntil)
	c.tried[key] = attempt{times, c.DB.Now().Add(min(firstWait<<(times-1), longestWait))}
}
