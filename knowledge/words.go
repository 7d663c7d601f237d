package knowledge

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"signpost/knowledge/sqldb"
)

// SaveTerm writes a word of the glossary, a new one or again; its name is what it is known by. Packs leave it alone from
// then on. It counts from the next Refresh on.
func (b *Base) SaveTerm(ctx context.Context, tx *sqldb.Tx, t Term, act Act) error {
	t.Name = strings.TrimSpace(t.Name)
	switch {
	case t.Name == "" || strings.TrimSpace(t.Means) == "":
		return fmt.Errorf("save a word: %w: it needs a name, and what it means", ErrInvalid)
	case t.Kind == "":
		t.Kind = WordTerm
	case t.Kind != SystemTerm && t.Kind != AcronymTerm && t.Kind != WordTerm:
		return fmt.Errorf("save the word %s: %w: its kind is system, acronym or word", t.Name, ErrInvalid)
	}
	body, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("save the word %s: %w", t.Name, err)
	}
	return writeTerm(ctx, tx, t.Name, string(body), act)
}

// RemoveTerm takes a word out of the glossary; a pack does not bring it back. It counts from the next Refresh on.
func (b *Base) RemoveTerm(ctx context.Context, tx *sqldb.Tx, name string, act Act) error {
	return writeTerm(ctx, tx, name, "", act)
}

// writeTerm keeps a word, or with an empty body marks it as gone.
func writeTerm(ctx context.Context, tx *sqldb.Tx, name, body string, act Act) error {
	var before string
	row := tx.QueryRowContext(ctx, `SELECT body FROM record WHERE kind = $1 AND id = $2 AND gone = 0`, termRecord, name)
	err := row.Scan(&before)
	switch {
	case errors.Is(err, sql.ErrNoRows) && body == "":
		return fmt.Errorf("the word %s: %w", name, ErrNotFound)
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("read the word %s: %w", name, err)
	case before == body:
		return nil
	}
	if body == "" {
		_, err = tx.ExecContext(ctx, `UPDATE record SET gone = 1, by = $1 WHERE kind = $2 AND id = $3`, act.By, termRecord, name)
	} else {
		_, err = tx.ExecContext(ctx, `INSERT INTO record (kind, id, position, body, by) VALUES
			($1, $2, (SELECT COALESCE(MAX(position), -1) + 1 FROM record WHERE kind = $1), $3, $4)
			ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, by = excluded.by, gone = 0`, termRecord, name, body, act.By)
	}
	if err != nil {
		return fmt.Errorf("write the word %s: %w", name, err)
	}
	if _, err := tx.Raise(ctx); err != nil {
		return err
	}
	return tx.Record(ctx, act.By, "word "+name, before, body)
}
