package knowledge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// Install puts a pack into the base, unless this version of it is there already. All or nothing.
//
// An entry that nobody has touched since it came with an earlier version is updated; one that was edited stays as the
// curator left it.
func (b *Base) Install(ctx context.Context, pack Pack) error {
	if done, err := b.Installed(ctx, pack.ID, pack.Version); err != nil || done {
		return err
	}
	err := b.db.Write(ctx, func(tx *sqldb.Tx) error { return install(ctx, tx, pack) })
	if err != nil {
		return fmt.Errorf("install pack %s: %w", pack.ID, err)
	}
	return b.Reload(ctx)
}

// Installed reports whether this version of a pack is in the base.
func (b *Base) Installed(ctx context.Context, id, version string) (bool, error) {
	var n int
	row := b.db.Read().QueryRowContext(ctx, `SELECT COUNT(*) FROM pack WHERE id = $1 AND version = $2`, id, version)
	if err := row.Scan(&n); err != nil {
		return false, fmt.Errorf("look for pack %s: %w", id, err)
	}
	return n > 0, nil
}

func install(ctx context.Context, tx *sqldb.Tx, pack Pack) error {
	by := "pack:" + pack.ID
	if len(pack.Places) == 0 {
		return fmt.Errorf("%w: a pack needs the nation its entries belong to", ErrInvalid)
	}
	for _, p := range pack.Places {
		if _, err := place.Add(ctx, tx, p); err != nil && !errors.Is(err, place.ErrExists) {
			return err
		}
	}
	for i, s := range pack.Strands {
		if err := putRecord(ctx, tx, strandRecord, s.ID, i, s); err != nil {
			return err
		}
	}
	for i, k := range pack.LocalKeys {
		if err := putRecord(ctx, tx, localKeyRecord, k.Key, i, k); err != nil {
			return err
		}
	}
	for i, t := range pack.Terms {
		if err := putRecord(ctx, tx, termRecord, t.Name, i, t); err != nil {
			return err
		}
	}
	for i, g := range pack.Golden {
		if err := putRecord(ctx, tx, goldenRecord, textKey(g.Prev+"\n"+g.Text), i, g); err != nil {
			return err
		}
	}
	for _, e := range pack.Entries {
		if err := installEntry(ctx, tx, pack, e, by); err != nil {
			return fmt.Errorf("%s: %w", e.Slug, err)
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO pack (id, version, at) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, at = excluded.at`, pack.ID, pack.Version, tx.Now().UnixMilli())
	if err != nil {
		return err
	}
	if _, err := tx.Raise(ctx); err != nil { // even where no entry changed: words, topics or places may have
		return err
	}
	return tx.Record(ctx, by, "pack "+pack.ID, "", pack.Version)
}

func putRecord(ctx context.Context, tx *sqldb.Tx, kind, id string, position int, record any) error {
	body, err := json.Marshal(record)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO record (kind, id, position, body) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, id) DO UPDATE SET position = excluded.position, body = excluded.body`, kind, id, position, string(body))
	if err != nil {
		return fmt.Errorf("write %s %s: %w", kind, id, err)
	}
	return nil
}

// installEntry writes an entry of a pack for the nation, if it is new or untouched and different.
func installEntry(ctx context.Context, tx *sqldb.Tx, pack Pack, e Entry, by string) error {
	e.Place, e.State, e.Pack = pack.Places[0].ID, Live, pack.ID
	if !e.hasSlug() || !e.isWhole() {
		return fmt.Errorf("%w: it needs a slug, a title and an answer", ErrInvalid)
	}
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	var same, edited int
	row := tx.QueryRowContext(ctx, `SELECT
		(SELECT COUNT(*) FROM entry WHERE slug = $1 AND place = $2 AND body = $3),
		(SELECT COUNT(*) FROM entry_version WHERE slug = $1 AND place = $2 AND by <> $4)`, e.Slug, e.Place, string(body), by)
	if err := row.Scan(&same, &edited); err != nil {
		return err
	}
	if same > 0 || edited > 0 {
		return nil
	}
	_, err = save(ctx, tx, e, by)
	return err
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (e *Entry) hasSlug() bool { return slugForm.MatchString(e.Slug) && len(e.Slug) <= 60 }

// isWhole reports whether the entry can be shown as it is, following no other.
func (e *Entry) isWhole() bool { return e.Title != "" && e.Answer != "" }

// valid checks what makes an entry usable. A place's own version of an entry may leave out what it follows.
func (e *Entry) valid(base *Snapshot) error {
	at, known := base.Places.Get(e.Place)
	switch {
	case !e.hasSlug():
		return fmt.Errorf("%w: the slug %q needs lower case letters, digits and hyphens, 60 at most", ErrInvalid, e.Slug)
	case !known:
		return fmt.Errorf("%w: no such place: %q", ErrInvalid, e.Place)
	case e.State != Draft && e.State != Live && e.State != Retired:
		return fmt.Errorf("%w: no such state: %q", ErrInvalid, e.State)
	case at.Parent == "" && !e.isWhole():
		return fmt.Errorf("%w: a national entry needs a title and an answer", ErrInvalid)
	case e.State == Live && !e.isWhole() && base.above(*e) == nil:
		return fmt.Errorf("%w: it needs a title and an answer, for %s follows no live entry", ErrInvalid, e.Slug)
	}
	return nil
}
