package desk

import (
	"context"
	"database/sql"
	"fmt"
	"sync/atomic"
	"time"
)

// Stats is how it stands with the messages of one network, whoever carries them.
type Stats struct {
	Waiting int           // new, or under way
	Oldest  time.Duration // how long ago the oldest waiting one was asked for
	Parked  int           // waiting for somebody to decide
	Sent    uint64        // by this courier since it was made
}

// Stats gives the figures of each network that has any, by name.
func (c *Courier) Stats(ctx context.Context) (map[string]Stats, error) {
	all := map[string]Stats{}
	rows, err := c.DB.Read().QueryContext(ctx, `SELECT network, COUNT(*), 0, MIN(at) FROM outbox WHERE state IN ('new', 'sending') GROUP BY network
		UNION ALL SELECT network, 0, COUNT(*), NULL FROM outbox WHERE state = 'parked' GROUP BY network`)
	if err != nil {
		return nil, fmt.Errorf("count messages: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var network string
		var waiting, parked int
		var oldest sql.NullInt64
		if err := rows.Scan(&network, &waiting, &parked, &oldest); err != nil {
			return nil, fmt.Errorf("count messages: %w", err)
		}
		s := all[network]
		s.Waiting, s.Parked = s.Waiting+waiting, s.Parked+parked
		if oldest.Valid {
			s.Oldest = max(0, c.DB.Now().Sub(time.UnixMilli(oldest.Int64)))
		}
		all[network] = s
	}
	c.sent.Range(func(network, n any) bool {
		s := all[network.(string)]
		s.Sent = n.(*atomic.Uint64).Load()
		all[network.(string)] = s
		return true
	})
	return all, rows.Err()
}
