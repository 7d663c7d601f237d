package knowledge

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"signpost/knowledge/sqldb"
)

// UndoTerm takes back the last change of a word of the glossary, if act.By made it: one that was new is taken out, one that
// was taken out is back. Undoing an undo does it again. If somebody else changed it since, nothing is done: ErrChanged.
func (b *Base) UndoTerm(ctx context.Context, tx *sqldb.Tx, name string, act Act) error {
	before, err := lastBefore(ctx, tx, "word "+name, act.By)
	if err != nil {
		return fmt.Errorf("undo the word %s: %w", name, err)
	}
	return writeTerm(ctx, tx, name, before, act)
}

// UndoDetail is UndoTerm for a local detail of a place.
func (b *Base) UndoDetail(ctx context.Context, tx *sqldb.Tx, at, key string, act Act) error {
	before, err := lastBefore(ctx, tx, "local detail "+key+"@"+at, act.By)
	if err != nil {
		return fmt.Errorf("undo %s of %s: %w", key, at, err)
	}
	return b.SetDetail(ctx, tx, at, key, before, act)
}

// lastBefore reads from the audit trail what something was before its last change, if this person made that.
func lastBefore(ctx context.Context, tx *sqldb.Tx, what, by string) (before string, err error) {
	var who string
	row := tx.QueryRowContext(ctx, `SELECT who, before FROM audit WHERE what = $1 ORDER BY id DESC LIMIT 1`, what)
	switch err := row.Scan(&who, &before); {
	case errors.Is(err, sql.ErrNoRows):
		return "", ErrNotFound
	case err != nil:
		return "", err
	case who != by:
		return "", ErrChanged
	}
	return before, nil
}
