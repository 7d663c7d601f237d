package bot

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

// forget is how long a conversation may rest before what was said is gone: long enough to walk to a computer and try the
// steps, short enough that a shared screen does not carry one person's question to the next.
const forget = 30 * time.Minute

// A conversation is what is remembered of a person's recent turns in one place. It holds masked text only.
type conversation struct {
	// Asked is the question in hand, with what it followed on from.
	Asked string `json:"asked,omitempty"`
	// Question is the id under which it was kept; Shown are the slugs offered or answered.
	Question string   `json:"question,omitempty"`
	Shown    []string `json:"shown,omitempty"`
	// Read are the slugs of the entries shown in full for this question, the newest last.
	Read []string `json:"read,omitempty"`
	// Offered are the slugs to pick from that were put to the person last.
	Offered []string `json:"offered,omitempty"`
	// ForChampion says that the question waits for the person to say where they work, to be passed on then.
	ForChampion bool `json:"forChampion,omitempty"`
}

// justRead reports whether an entry is the one shown in full last.
func (c conversation) justRead(slug string) bool {
	return len(c.Read) > 0 && c.Read[len(c.Read)-1] == slug
}

func loadConversation(ctx context.Context, db *sql.DB, event chat.Event, now time.Time) (conversation, error) {
	var c conversation
	var body []byte
	row := db.QueryRowContext(ctx, `SELECT body FROM conversation WHERE person = $1 AND at = $2 AND expires > $3`,
		event.Person, event.Where, now.UnixMilli())
	if err := row.Scan(&body); errors.Is(err, sql.ErrNoRows) {
		return c, nil
	} else if err != nil {
		return c, fmt.Errorf("read the conversation: %w", err)
	}
	if err := json.Unmarshal(body, &c); err != nil {
		return c, fmt.Errorf("read the conversation: %w", err)
	}
	return c, nil
}

// closeOffer forgets what could be picked by typing, as soon as anything else is said or pressed: people may then mean what
// they read last.
func (m *meeting) closeOffer() {
	now := m.before
	if len(now.Offered) == 0 || m.event.Kind != chat.Said && m.event.Kind != chat.Pressed {
		return
	}
	now.Offered = nil
	m.remember(now)
}

// remember keeps the conversation as it now stands.
func (m *meeting) remember(c conversation) {
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		body, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("keep the conversation: %w", err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO conversation (person, at, expires, body) VALUES ($1, $2, $3, $4)
			ON CONFLICT (person, at) DO UPDATE SET expires = excluded.expires, body = excluded.body`,
			m.event.Person, m.event.Where, m.now.Add(forget).UnixMilli(), string(body))
		if err != nil {
			return fmt.Errorf("keep the conversation: %w", err)
		}
		return nil
	})
}
