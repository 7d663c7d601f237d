package knowledge

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// Install puts a pack into the base, unless this version of it is there already. All or nothing.
//
// An entry that nobody has touched since it came with an earlier version is updated. One that was edited stays as the
// curator left it, and what the pack would make of it waits as a draft; one that was retired stays so. Edited words,
// topics and local keys stay as they are. An older pack than the one installed changes nothing.
func (b *Base) Install(ctx context.Context, pack Pack) error {
	if done, err := b.Installed(ctx, pack.ID, pack.Version); err != nil {
		return err
	} else if done {
		return b.Refresh(ctx) // another process may have put it in since the base was read
	}
	err := b.db.Write(ctx, func(tx *sqldb.Tx) error { return install(ctx, tx, pack) })
	if err != nil {
		return fmt.Errorf("install pack %s: %w", pack.ID, err)
	}
	return b.Reload(ctx)
}

// Installed reports whether this version of a pack, or a newer one, is in the base.
func (b *Base) Installed(ctx context.Context, id, version string) (bool, error) {
	var there string
	row := b.db.Read().QueryRowContext(ctx, `SELECT version FROM pack WHERE id = $1`, id)
	if err := row.Scan(&there); errors.Is(err, sql.ErrNoRows) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("look for pack %s: %w", id, err)
	}
	return compareVersions(there, version) >= 0, nil
}

// compareVersions compares the numbers of two versions, such as 2026.11.2 and 2026.9.
func compareVersions(a, b string) int {
	numbers := func(version string) []int {
		var all []int
		for _, part := range strings.FieldsFunc(version, func(r rune) bool { return r < '0' || r > '9' }) {
			n, _ := strconv.Atoi(part)
			all = append(all, n)
		}
		return all
	}
	return slices.Compare(numbers(a), numbers(b))
}

func install(ctx context.Context, tx *sqldb.Tx, pack Pack) error {
	by := "pack:" + pack.ID
	if newer, err := hasNewer(ctx, tx, pack); err != nil || newer {
		return err
	}
	if len(pack.Places) == 0 {
		return fmt.Errorf("%w: a pack needs the nation its entries belong to", ErrInvalid)
	}
	for _, p := range pack.Places {
		if _, err := place.Add(ctx, tx, p); err != nil && !errors.Is(err, place.ErrExists) {
			return err
		}
	}
	for i, s := range pack.Strands {
		if err := offerRecord(ctx, tx, strandRecord, s.ID, i, s); err != nil {
			return err
		}
	}
	for i, k := range pack.LocalKeys {
		if err := offerRecord(ctx, tx, localKeyRecord, k.Key, i, k); err != nil {
			return err
		}
	}
	for i, t := range pack.Terms {
		if err := offerRecord(ctx, tx, termRecord, t.Name, i, t); err != nil {
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

// hasNewer reports whether the base has this version of the pack or a newer one; another process may have installed it
// meanwhile.
func hasNewer(ctx context.Context, tx *sqldb.Tx, pack Pack) (bool, error) {
	var there string
	err := tx.QueryRowContext(ctx, `SELECT version FROM pack WHERE id = $1`, pack.ID).Scan(&there)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil && compareVersions(there, pack.Version) >= 0, err
}

// offerRecord writes a record of a pack, unless somebody edited it or took it out.
func offerRecord(ctx context.Context, tx *sqldb.Tx, kind, id string, position int, record any) error {
	var edited int
	row := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM record WHERE kind = $1 AND id = $2 AND by <> ''`, kind, id)
	if err := row.Scan(&edited); err != nil {
		return fmt.Errorf("look for %s %s: %w", kind, id, err)
	}
	if edited > 0 {
		return nil
	}
	return putRecord(ctx, tx, kind, id, position, record)
}

// installEntry writes an entry of a pack for the nation, if it is new or untouched and different. Where a curator edited
// it, the pack's new text waits as a draft.
func installEntry(ctx context.Context, tx *sqldb.Tx, pack Pack, e Entry, by string) error {
	e.Place, e.State, e.Pack = pack.Places[0].ID, Live, pack.ID
	if !e.hasSlug() || !e.isWhole() {
		return fmt.Errorf("%w: it needs a slug, a title and an answer", ErrInvalid)
	}
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	now, err := seen(ctx, tx, e.Ref(), Act{Seen: AnyVersion})
	if err != nil || now.body == string(body) {
		return err
	}
	before, touched, err := delivered(ctx, tx, now, by)
	switch {
	case err != nil:
		return err
	case !touched:
		_, err = write(ctx, tx, page{entry: e, body: string(body), by: by, act: actPack})
		return err
	case before == string(body) || now.State == Retired:
		return nil // the pack says nothing new, or the curator wants nothing of it
	}
	return draftOfPack(ctx, tx, Proposal{Entry: e, From: now.Number, Author: by, Source: by + " " + pack.Version}, string(body))
}

// delivered gives the text of an entry that the pack brought last, whether live or as a draft, and whether a curator has
// made something else of it since.
func delivered(ctx context.Context, tx *sqldb.Tx, now Version, by string) (body string, touched bool, err error) {
	if now.Number == 0 {
		return "", false, nil
	}
	row := tx.QueryRowContext(ctx, `SELECT body FROM (
			SELECT body, at, version AS turn FROM entry_version WHERE slug = $1 AND place = $2 AND by = $3
			UNION ALL SELECT body, at, 1000000 + id FROM draft WHERE slug = $1 AND place = $2 AND author = $3)
		ORDER BY at DESC, turn DESC LIMIT 1`, now.Slug, now.Place, by)
	if err := row.Scan(&body); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", false, err
	}
	return body, now.By != by && !(now.Act == actApprove && now.body == body), nil
}

// draftOfPack leaves a draft for the curator, in place of the one from an earlier version of the pack.
func draftOfPack(ctx context.Context, tx *sqldb.Tx, p Proposal, body string) error {
	_, err := tx.ExecContext(ctx, `UPDATE draft SET state = 'dropped' WHERE slug = $1 AND place = $2 AND author = $3
		AND state IN ('draft', 'review')`, p.Entry.Slug, p.Entry.Place, p.Author)
	if err != nil {
		return err
	}
	p.State, p.By, p.At = InReview, p.Author, tx.Now()
	p.Note = "The starter base has a newer version of this entry. Yours was edited here, so nothing was changed."
	if err := insertDraft(ctx, tx, &p, body); err != nil {
		return err
	}
	return tx.Record(ctx, p.By, "draft save "+p.Entry.Ref().String(), "", "1")
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
