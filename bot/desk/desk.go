// Package desk is Signpost's post and timers: events that were handled, messages to send, and rows that come due. It
// knows no feature: what it carries was decided elsewhere.
//
// One event goes through it like this. [Seen] tells whether the event was handled before, and gives the reply of then.
// If not, one transaction holds [Take] (the event is handled now), [Post] (messages to send), [Schedule] (things to come
// back to) and whatever else the event changes. After the commit the [Courier] carries the messages to their networks,
// and the [Clock] hands back each row that has come due as an event of its own.
//
// What each kind of delivery promises:
//
//   - a reply goes in the acknowledgement of its event, at most once, and again when the event is delivered again within
//     a day;
//   - a message is never lost, and never sent twice where its network can be asked whether it arrived; where it cannot, a
//     message whose arrival is in doubt goes to the person directly ([chat.Post].Else), or is parked for somebody to look at;
//   - of several states of one card the last wins;
//   - a row comes due once, however long nobody was there to see it.
package desk

import (
	"context"
	"fmt"
	"time"

	"signpost/knowledge/sqldb"
)

// How long the desk remembers. No network delivers an event again after an hour (Slack tries for five minutes, see
// https://docs.slack.dev/apis/events-api/); a message that was sent may be edited, or answered, for longer.
const (
	keepEvents   = 24 * time.Hour
	keepMessages = 90 * 24 * time.Hour
)

// DeleteOld deletes events and messages that are no longer to be kept, a few at a time, so that no write waits long.
func DeleteOld(ctx context.Context, tx *sqldb.Tx) error {
	const few = 200
	for _, old := range []struct {
		table, column, done string
		keep                time.Duration
	}{
		{"inbox", "key", "", keepEvents},
		{"outbox", "id", "AND state IN ('sent', 'dropped')", keepMessages},
	} {
		_, err := tx.ExecContext(ctx, fmt.Sprintf(`DELETE FROM %[1]s WHERE %[2]s IN (SELECT %[2]s FROM %[1]s WHERE at < $1 %[3]s ORDER BY at LIMIT %[4]d)`,
			old.table, old.column, old.done, few), tx.Now().Add(-old.keep).UnixMilli())
		if err != nil {
			return fmt.Errorf("delete what the desk need not keep: %w", err)
		}
	}
	return nil
}
