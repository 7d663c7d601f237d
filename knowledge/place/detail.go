package place

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"signpost/knowledge/sqldb"
)

// longestDetail is the most characters a local detail may have: a phone number, an address and opening times fit well.
const longestDetail = 1000

// ErrDetail says that a local detail cannot be kept as it is.
var ErrDetail = errors.New("place: a local detail has at most 1,000 characters")

// Detail gives what id, or the nearest place above it, has filled in under key, and which place that was.
func (t *Tree) Detail(id, key string) (value string, from Place, ok bool) {
	for _, at := range t.Chain(id) {
		if value, ok := t.details[at][key]; ok {
			return value, t.places[at], true
		}
	}
	return "", Place{}, false
}

// Details gives what id itself has filled in, by key. The caller must not change the map.
func (t *Tree) Details(id string) map[string]string { return t.details[id] }

// SetDetail fills in one local detail of a place; an empty value takes it out again. It returns what was there before.
func SetDetail(ctx context.Context, tx *sqldb.Tx, id, key, value string) (before string, err error) {
	value = strings.TrimSpace(strings.Map(printable, value))
	if len([]rune(value)) > longestDetail {
		return "", ErrDetail
	}
	row := tx.QueryRowContext(ctx, `SELECT value FROM local_detail WHERE place = $1 AND key = $2`, id, key)
	if err := row.Scan(&before); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read local detail %s of %s: %w", key, id, err)
	}
	if value == "" {
		_, err = tx.ExecContext(ctx, `DELETE FROM local_detail WHERE place = $1 AND key = $2`, id, key)
	} else {
		_, err = tx.ExecContext(ctx, `INSERT INTO local_detail (place, key, value) VALUES ($1, $2, $3)
			ON CONFLICT (place, key) DO UPDATE SET value = excluded.value`, id, key, value)
	}
	if err != nil {
		return "", fmt.Errorf("set local detail %s of %s: %w", key, id, err)
	}
	return before, nil
}

// printable turns line breaks into spaces and drops other control characters, and signs that turn the direction of what
// follows: a detail, or a name, is shown on one line and must not change the text around it.
func printable(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
		return ' '
	case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
		return -1
	}
	return r
}

func (t *Tree) loadDetails(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, `SELECT place, key, value FROM local_detail`)
	if err != nil {
		return fmt.Errorf("read local details: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, key, value string
		if err := rows.Scan(&id, &key, &value); err != nil {
			return fmt.Errorf("read local details: %w", err)
		}
		if t.details[id] == nil {
			t.details[id] = map[string]string{}
		}
		t.details[id][key] = value
	}
	return rows.Err()
}
