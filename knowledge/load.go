package knowledge

import (
	"context"
	"encoding/json"
	"fmt"

	"signpost/knowledge/match"
	"signpost/knowledge/place"
)

// load reads everything. The revision is read first: a change that commits meanwhile is then seen by the next Refresh.
func (b *Base) load(ctx context.Context) (*Snapshot, error) {
	revision, err := b.db.Revision(ctx)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{}
	if s.Places, err = place.Load(ctx, b.db.Read()); err != nil {
		return nil, err
	}
	if err := b.loadRecords(ctx, s); err != nil {
		return nil, err
	}
	s.glossary = glossaryOf(s.Terms)
	for _, a := range b.asides {
		s.asides = append(s.asides, match.Analyse(match.Doc{ID: asidePrefix + a.Reason, Phrasings: a.Phrasings}, s.glossary))
	}
	entries, err := b.loadEntries(ctx)
	if err != nil {
		return nil, err
	}
	s.kept = entries
	return s.with(entries, revision), nil
}

// The kinds of row in the table record.
const (
	strandRecord   = "strand"
	localKeyRecord = "local key"
	termRecord     = "term"
)

func (b *Base) loadRecords(ctx context.Context, s *Snapshot) error {
	rows, err := b.db.Read().QueryContext(ctx, `SELECT kind, id, body FROM record ORDER BY kind, position, id`)
	if err != nil {
		return fmt.Errorf("read records: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind, id string
		var body []byte
		if err := rows.Scan(&kind, &id, &body); err != nil {
			return fmt.Errorf("read records: %w", err)
		}
		switch kind {
		case strandRecord:
			err = addRecord(&s.Strands, body)
		case localKeyRecord:
			err = addRecord(&s.LocalKeys, body)
		case termRecord:
			err = addRecord(&s.Terms, body)
		}
		if err != nil {
			return fmt.Errorf("read %s %s: %w", kind, id, err)
		}
	}
	return rows.Err()
}

func addRecord[T any](list *[]T, body []byte) error {
	var one T
	if err := json.Unmarshal(body, &one); err != nil {
		return err
	}
	*list = append(*list, one)
	return nil
}

func (b *Base) loadEntries(ctx context.Context) (map[entryKey]*kept, error) {
	old := map[entryKey]*kept{}
	if s := b.Snapshot(); s != nil {
		old = s.kept
	}
	rows, err := b.db.Read().QueryContext(ctx, `SELECT slug, place, version, state, pack, body FROM entry`)
	if err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	defer rows.Close()
	entries := map[entryKey]*kept{}
	for rows.Next() {
		var e Entry
		var body []byte
		if err := rows.Scan(&e.Slug, &e.Place, &e.Version, &e.State, &e.Pack, &body); err != nil {
			return nil, fmt.Errorf("read entries: %w", err)
		}
		key := entryKey{e.Slug, e.Place}
		if k, ok := old[key]; ok && k.own.Version == e.Version {
			entries[key] = k
			continue
		}
		if err := json.Unmarshal(body, &e); err != nil {
			return nil, fmt.Errorf("read entry %s: %w", key.id(), err)
		}
		entries[key] = keep(e)
	}
	return entries, rows.Err()
}
