package knowledge

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"signpost/knowledge/sqldb"
)

// A Batch is an import that was put in, and can be undone.
type Batch struct {
	ID      int64     `json:"id"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Rows    int       `json:"rows"` // entries it added or changed
	Because string    `json:"because"`
	Undone  bool      `json:"undone"`
}

// Import puts in what a preview planned: all of it or, where an entry was changed since the preview, nothing, with a
// Conflict. The audit trail gets a line for the import and one for each entry.
func (b *Base) Import(ctx context.Context, tx *sqldb.Tx, p *Preview, act Act) (Batch, []Change, error) {
	batch := Batch{By: act.By, At: tx.Now().UTC(), Rows: len(p.Rows) - p.Count(Keeps), Because: act.Because}
	if len(p.Faults) > 0 {
		return batch, nil, fmt.Errorf("import: %w: %s", ErrInvalid, p.Faults[0])
	}
	if batch.Rows == 0 {
		return batch, nil, nil
	}
	row := tx.QueryRowContext(ctx, `INSERT INTO import_batch (by, at, rows, because) VALUES ($1, $2, $3, $4) RETURNING id`,
		batch.By, batch.At.UnixMilli(), batch.Rows, batch.Because)
	if err := row.Scan(&batch.ID); err != nil {
		return batch, nil, fmt.Errorf("import: %w", err)
	}
	revision, err := tx.Raise(ctx)
	if err != nil {
		return batch, nil, fmt.Errorf("import: %w", err)
	}
	changes := make([]Change, 0, batch.Rows)
	for i, row := range p.Rows {
		if p.Progress != nil {
			p.Progress(i, len(p.Rows))
		}
		if row.Effort == Keeps {
			continue
		}
		change, err := b.importRow(ctx, tx, row, Act{By: act.By, Because: act.Because, Seen: row.Before.Version}, page{batch: batch.ID, revision: revision})
		if err != nil {
			return batch, nil, fmt.Errorf("import: %s: %w", row.Where, err)
		}
		changes = append(changes, change)
	}
	return batch, changes, tx.Record(ctx, act.By, batch.name(), "", fmt.Sprintf("%d added, %d changed", p.Count(Adds), p.Count(Changes)))
}

func (batch Batch) name() string { return "import " + strconv.FormatInt(batch.ID, 10) }

func (b *Base) importRow(ctx context.Context, tx *sqldb.Tx, row Planned, act Act, next page) (Change, error) {
	before, err := seen(ctx, tx, row.Entry.Ref(), act)
	if err != nil {
		return Change{}, err
	}
	next.entry, next.act = row.Entry, actImport
	return b.turn(ctx, tx, before, next, act)
}

// ImportDrafts keeps what a preview planned as drafts waiting for approval, for somebody who may not put it live. It gives
// how many. A draft of the person's own that is open already is written over, for the file is the newer one.
func (b *Base) ImportDrafts(ctx context.Context, tx *sqldb.Tx, p *Preview, act Act) (int, error) {
	if len(p.Faults) > 0 {
		return 0, fmt.Errorf("import drafts: %w: %s", ErrInvalid, p.Faults[0])
	}
	drafts := 0
	for _, row := range p.Rows {
		if row.Effort == Keeps {
			continue
		}
		draft := Proposal{Entry: row.Entry, From: row.Before.Version, Source: "import", Note: act.Because}
		saved, err := b.SaveDraft(ctx, tx, draft, act.By)
		var conflict *Conflict
		if errors.As(err, &conflict) && conflict.Draft != nil {
			draft.ID, draft.Saved = conflict.Draft.ID, conflict.Draft.Saved
			saved, err = b.SaveDraft(ctx, tx, draft, act.By)
		}
		if err == nil {
			_, err = b.Submit(ctx, tx, saved.ID, Act{By: act.By, Because: act.Because, Seen: saved.Saved})
		}
		if err != nil {
			return 0, fmt.Errorf("import drafts: %s: %w", row.Where, err)
		}
		drafts++
	}
	return drafts, nil
}

// An Undoing is what undoing an import did: the changes to apply, and the entries that were changed again since and were
// left as they are.
type Undoing struct {
	Changes []Change
	Kept    []Ref
}

// UndoImport makes every entry of an import what it was before; one that was new is retired. What somebody has changed
// again since stays.
func (b *Base) UndoImport(ctx context.Context, tx *sqldb.Tx, id int64, act Act) (Undoing, error) {
	undoing, err := b.undoImport(ctx, tx, id, act)
	if err != nil {
		return Undoing{}, fmt.Errorf("undo import %d: %w", id, err)
	}
	return undoing, nil
}

func (b *Base) undoImport(ctx context.Context, tx *sqldb.Tx, id int64, act Act) (Undoing, error) {
	var u Undoing
	result, err := tx.ExecContext(ctx, `UPDATE import_batch SET undone = $1 WHERE id = $2 AND undone IS NULL`, tx.Now().UnixMilli(), id)
	if err != nil {
		return u, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return u, errors.Join(err, fmt.Errorf("%w, or undone already", ErrNotFound))
	}
	imported, err := versionsOf(ctx, tx, id)
	if err != nil {
		return u, err
	}
	for _, v := range imported {
		at := Ref{v.Slug, v.Place}
		now, err := seen(ctx, tx, at, Act{Seen: AnyVersion})
		if err != nil {
			return u, err
		}
		if now.Number != v.Number {
			u.Kept = append(u.Kept, at)
			continue
		}
		change, err := b.stepBack(ctx, tx, now, act)
		if err != nil {
			return u, err
		}
		u.Changes = append(u.Changes, change)
	}
	after := fmt.Sprintf("%d as before, %d kept as changed since", len(u.Changes), len(u.Kept))
	return u, tx.Record(ctx, act.By, "undo "+Batch{ID: id}.name(), "", after)
}

// versionsOf lists the versions that an import wrote.
func versionsOf(ctx context.Context, tx *sqldb.Tx, id int64) ([]Version, error) {
	rows, err := tx.QueryContext(ctx, `SELECT slug, place, version FROM entry_version WHERE batch = $1 ORDER BY slug, place`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Version
	for rows.Next() {
		var v Version
		if err := rows.Scan(&v.Slug, &v.Place, &v.Number); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// ImportPlaces lists the places whose entries an import changed: whoever undoes it must be allowed to at each.
func (b *Base) ImportPlaces(ctx context.Context, id int64) ([]string, error) {
	rows, err := b.db.Read().QueryContext(ctx, `SELECT DISTINCT place FROM entry_version WHERE batch = $1 ORDER BY place`, id)
	if err != nil {
		return nil, fmt.Errorf("read import %d: %w", id, err)
	}
	defer rows.Close()
	var places []string
	for rows.Next() {
		var place string
		if err := rows.Scan(&place); err != nil {
			return nil, fmt.Errorf("read import %d: %w", id, err)
		}
		places = append(places, place)
	}
	return places, rows.Err()
}

// Imports lists the latest n imports, newest first.
func (b *Base) Imports(ctx context.Context, n int) ([]Batch, error) {
	rows, err := b.db.Read().QueryContext(ctx, `SELECT id, by, at, rows, because, undone FROM import_batch ORDER BY id DESC LIMIT $1`, n)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	defer rows.Close()
	var all []Batch
	for rows.Next() {
		var batch Batch
		var at int64
		var undone sql.NullInt64
		if err := rows.Scan(&batch.ID, &batch.By, &at, &batch.Rows, &batch.Because, &undone); err != nil {
			return nil, fmt.Errorf("list imports: %w", err)
		}
		batch.At, batch.Undone = time.UnixMilli(at).UTC(), undone.Valid
		all = append(all, batch)
	}
	return all, rows.Err()
}
