package knowledge

import (
	"context"
	"database/sql"
	"fmt"

	"signpost/knowledge/sqldb"
)

// NextDraft is the number that a draft saved now would get, for a button that has to be made before the draft is: whoever
// uses it compares it with what SaveDraft gives, in the same transaction.
func (b *Base) NextDraft(ctx context.Context) (int64, error) {
	return next(ctx, b.db.Read(), `SELECT COALESCE(MAX(id), 0) + 1 FROM draft`)
}

// NextImport is NextDraft for an import.
func (b *Base) NextImport(ctx context.Context) (int64, error) {
	return next(ctx, b.db.Read(), `SELECT COALESCE(MAX(id), 0) + 1 FROM import_batch`)
}

func next(ctx context.Context, db *sql.DB, query string) (n int64, err error) {
	if err := db.QueryRowContext(ctx, query).Scan(&n); err != nil {
		return 0, fmt.Errorf("read the next number: %w", err)
	}
	return n, nil
}

// CloseGap takes a question off the list of gaps, because somebody looked after it. One that is gone already is no error.
func (b *Base) CloseGap(ctx context.Context, tx *sqldb.Tx, text string, act Act) error {
	return closeRow(ctx, tx, `DELETE FROM gap WHERE text = $1`, text, "gap done", act)
}

// CloseReport takes a report off the list, because somebody looked after it. One that is gone already is no error.
func (b *Base) CloseReport(ctx context.Context, tx *sqldb.Tx, r Report, act Act) error {
	return closeRow(ctx, tx, `DELETE FROM report WHERE id = $1`, r.ID, "report done "+r.Slug, act)
}

// closeRow deletes one row, with a line in the audit trail, which never holds what somebody asked.
func closeRow(ctx context.Context, tx *sqldb.Tx, query string, key any, what string, act Act) error {
	result, err := tx.ExecContext(ctx, query, key)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return tx.Record(ctx, act.By, what, "open", "done")
}
