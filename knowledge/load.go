package knowledge

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"

	"signpost/knowledge/match"
	"signpost/knowledge/place"
)

// load reads everything; of old, which may be nil, it keeps the analysis of what did not change. The revision is read
// first: a change that commits meanwhile is then seen by the next Refresh.
func (b *Base) load(ctx context.Context, old *Snapshot) (*Snapshot, error) {
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
	known := map[entryKey]*kept{}
	if err := b.loadLearnt(ctx, s, old); err != nil {
		return nil, err
	}
	if s.known != nil {
		defer s.known.close()
	}
	if old != nil && reflect.DeepEqual(old.Terms, s.Terms) {
		known, s.glossary, s.asides, s.index = old.kept, old.glossary, old.asides, old.index
	} else {
		b.readWith(s, glossaryOf(s.Terms))
	}
	entries, err := b.loadEntries(ctx, known)
	if err != nil {
		return nil, err
	}
	s.kept = entries
	next := s.with(entries, revision)
	next.known = nil // only needed while loading
	return next, nil
}

// loadLearnt reads what Learn left: the weights, and where to look up what texts mean. The snapshot before may have the
// weights already.
func (b *Base) loadLearnt(ctx context.Context, s, old *Snapshot) error {
	s.model, s.weights = b.model, match.DefaultWeights()
	if old != nil {
		s.weights, s.fit = old.weights, old.fit
	} else if learnt, fit, err := b.loadFit(ctx); err != nil {
		return err
	} else if learnt != nil {
		s.weights, s.fit = learnt, fit
	}
	if b.model == nil {
		return nil
	}
	var err error
	s.known, err = openStored(ctx, b.db, b.model, s.fit)
	return err
}

// readWith analyses the asides with a new glossary; what the old one read no longer holds.
func (b *Base) readWith(s *Snapshot, glossary *match.Glossary) {
	s.glossary = glossary
	for _, a := range b.asides {
		s.asides = append(s.asides, s.analyse(match.Doc{ID: asidePrefix + a.Reason, Phrasings: a.Phrasings}))
	}
}

// The kinds of row in the table record.
const (
	strandRecord   = "strand"
	localKeyRecord = "local key"
	termRecord     = "term"
	goldenRecord   = "golden"
)

func (b *Base) loadRecords(ctx context.Context, s *Snapshot) error {
	rows, err := b.db.Read().QueryContext(ctx, `SELECT kind, id, body FROM record WHERE gone = 0 ORDER BY kind, position, id`)
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
		case goldenRecord:
			err = addRecord(&s.Golden, body)
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

// loadEntries reads the entries; of those in known the same version is kept as it is, with its analysis.
func (b *Base) loadEntries(ctx context.Context, known map[entryKey]*kept) (map[entryKey]*kept, error) {
	rows, err := b.db.Read().QueryContext(ctx, `SELECT slug, place, version, state, pack, body FROM entry`)
	if err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	defer rows.Close()
	entries := map[entryKey]*kept{}
	var read unread
	for rows.Next() {
		var e Entry
		var body []byte
		if err := rows.Scan(&e.Slug, &e.Place, &e.Version, &e.State, &e.Pack, &body); err != nil {
			return nil, fmt.Errorf("read entries: %w", err)
		}
		key := entryKey{e.Slug, e.Place}
		k, ok := known[key]
		if !ok || k.own.Version != e.Version {
			k = keep(e)
			if err := read.add(k, body); err != nil {
				return nil, err
			}
		}
		entries[key] = k
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	return entries, read.decode()
}

// unread are entries whose bodies are still to be decoded: some at a time, on all cores, so that those of a large base do not
// stand in memory beside what they become.
type unread struct {
	entries []*kept
	bodies  [][]byte
}

// mostUnread is how many bodies are kept until they are decoded.
const mostUnread = 512

func (u *unread) add(k *kept, body []byte) error {
	u.entries, u.bodies = append(u.entries, k), append(u.bodies, body)
	if len(u.entries) < mostUnread {
		return nil
	}
	return u.decode()
}

func (u *unread) decode() error {
	failed := make([]error, len(u.entries))
	onAllCores(len(u.entries), func(i int) { failed[i] = json.Unmarshal(u.bodies[i], &u.entries[i].own) })
	for i, err := range failed {
		if err != nil {
			return fmt.Errorf("read entry %s@%s: %w", u.entries[i].own.Slug, u.entries[i].own.Place, err)
		}
	}
	u.entries, u.bodies = u.entries[:0], u.bodies[:0]
	return nil
}

// onAllCores calls do with every number below n, several at once, and returns when all are done.
func onAllCores(n int, do func(i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wait.Wait()
}
