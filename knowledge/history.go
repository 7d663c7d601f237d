package knowledge

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"signpost/knowledge/sqldb"
)

// A Version is one state of an entry that is kept for good.
type Version struct {
	Slug, Place string
	Number      int // from 1; 0 is no version at all
	State       State
	By          string
	At          time.Time
	Act         string // edit, approve, retire, hide, restore, undo, import, pack; "" for a plain save
	Because     string
	Batch       int64 // the import it came with, or 0
	Entry       Entry

	body string // as stored
}

// brief is a version in the audit trail.
func (v Version) brief() string {
	if v.Number == 0 {
		return ""
	}
	return strconv.Itoa(v.Number) + " " + string(v.State)
}

// A Conflict is an ErrChanged with what somebody else wrote meanwhile, so that both can be shown and nothing is lost:
// either another version of the entry or another draft of it.
type Conflict struct {
	Theirs Version   // Number 0 if there is none
	Draft  *Proposal // nil if it is about the entry
}

// Error says who was there first.
func (c *Conflict) Error() string {
	switch {
	case c.Draft != nil:
		return fmt.Sprintf("%v: %s has a draft of it, saved %d times", ErrChanged, c.Draft.By, c.Draft.Saved)
	case c.Theirs.Number == 0:
		return fmt.Sprintf("%v: there is no such entry now", ErrChanged)
	}
	return fmt.Sprintf("%v: version %d is by %s", ErrChanged, c.Theirs.Number, c.Theirs.By)
}

// Unwrap makes errors.Is(err, ErrChanged) true.
func (c *Conflict) Unwrap() error { return ErrChanged }

// seen gives the version that stands now, and a Conflict if it is not the one that the person saw. Where there is none,
// its Number is 0.
func seen(ctx context.Context, tx *sqldb.Tx, at Ref, act Act) (Version, error) {
	now, err := versionOf(ctx, tx, at, AnyVersion)
	if errors.Is(err, ErrNotFound) {
		now, err = Version{Slug: at.Slug, Place: at.Place}, nil
	}
	if err == nil && act.Seen != AnyVersion && act.Seen != now.Number {
		err = &Conflict{Theirs: now}
	}
	return now, err
}

const versionColumns = `v.slug, v.place, v.version, v.state, v.by, v.at, v.act, v.because, COALESCE(v.batch, 0), v.body, e.pack
	FROM entry_version v JOIN entry e ON e.slug = v.slug AND e.place = v.place WHERE v.slug = $1 AND v.place = $2`

// versionOf reads a version; AnyVersion means the one that stands.
func versionOf(ctx context.Context, tx *sqldb.Tx, at Ref, number int) (Version, error) {
	row := tx.QueryRowContext(ctx, `SELECT `+versionColumns+` AND v.version = CASE WHEN $3 < 0 THEN e.version ELSE $3 END`,
		at.Slug, at.Place, number)
	v, err := scanVersion(row)
	if errors.Is(err, sql.ErrNoRows) {
		return Version{}, ErrNotFound
	}
	return v, err
}

func scanVersion(row interface{ Scan(...any) error }) (Version, error) {
	var v Version
	var at int64
	err := row.Scan(&v.Slug, &v.Place, &v.Number, &v.State, &v.By, &at, &v.Act, &v.Because, &v.Batch, &v.body, &v.Entry.Pack)
	if err != nil {
		return Version{}, err
	}
	if err := json.Unmarshal([]byte(v.body), &v.Entry); err != nil {
		return Version{}, fmt.Errorf("read version %d of %s@%s: %w", v.Number, v.Slug, v.Place, err)
	}
	v.At = time.UnixMilli(at).UTC()
	v.Entry.Slug, v.Entry.Place, v.Entry.Version, v.Entry.State = v.Slug, v.Place, v.Number, v.State
	return v, nil
}

// History lists every version of an entry, newest first; of one that was never there none.
func (b *Base) History(ctx context.Context, at Ref) ([]Version, error) {
	rows, err := b.db.Read().QueryContext(ctx, `SELECT `+versionColumns+` ORDER BY v.version DESC`, at.Slug, at.Place)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", at, err)
	}
	defer rows.Close()
	var all []Version
	for rows.Next() {
		v, err := scanVersion(rows)
		if err != nil {
			return nil, fmt.Errorf("read the history of %s: %w", at, err)
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
