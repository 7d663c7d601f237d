package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"signpost/bot/chat"
	"signpost/knowledge/sqldb"
)

// Seen reports whether an event was handled within the last day, and gives the reply of then, nil if there was none. It
// only reads: another process may be handling the event at this moment, so Take decides.
func Seen(ctx context.Context, db *sql.DB, key string) (reply *chat.Message, ok bool, err error) {
	var body string
	row := db.QueryRowContext(ctx, `SELECT reply FROM inbox WHERE key = $1`, key)
	if err := row.Scan(&body); errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	} else if err != nil {
		return nil, false, fmt.Errorf("look for the event: %w", err)
	}
	if body == "" {
		return nil, true, nil
	}
	if err := json.Unmarshal([]byte(body), &reply); err != nil {
		return nil, false, fmt.Errorf("read the reply to the event: %w", err)
	}
	return reply, true, nil
}

// Take marks an event as handled and keeps its reply. first is false where somebody was quicker: then nothing else of
// the transaction may stand, and the reply is the one that Seen gives.
func Take(ctx context.Context, tx *sqldb.Tx, key string, reply *chat.Message) (first bool, err error) {
	body := []byte{}
	if reply != nil {
		if body, err = json.Marshal(reply); err != nil {
			return false, fmt.Errorf("keep the reply: %w", err)
		}
	}
	result, err := tx.ExecContext(ctx, `INSERT INTO inbox (key, at, reply) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING`,
		key, tx.Now().UnixMilli(), string(body))
	if err != nil {
		return false, fmt.Errorf("take the event: %w", err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}
