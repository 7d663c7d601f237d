// Package knowledge keeps what we know and finds what answers a question.
//
// Start from [Open], which gives a [Base] over a file; ask with [Base.Snapshot] and [Snapshot.Match]; change with
// [Base.Edit] and the other acts of act.go inside a transaction and [Base.Apply] after it. Work that is not to go live yet
// is a draft ([Base.SaveDraft], [Base.Submit], [Base.Approve]); [Snapshot.Effect] says beforehand what an edit would do, and
// [Base.Preview] what a file would. What questions are answered from is an immutable Snapshot
// in memory, swapped whole when an entry changes, so asking never waits for writing.
package knowledge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"signpost/knowledge/encoder"
	"signpost/knowledge/match"
	"signpost/knowledge/sqldb"
)

// Errors that callers tell people about.
var (
	ErrNotFound = errors.New("knowledge: not found")
	ErrInvalid  = errors.New("knowledge: not valid")
	ErrChanged  = errors.New("knowledge: changed meanwhile") // see Conflict
)

// A Base is the knowledge base in a file. It is safe for concurrent use.
type Base struct {
	db       *sqldb.DB
	asides   []Aside
	model    *encoder.Model // nil for words alone
	loading  sync.Mutex     // one load or apply at a time
	snapshot atomic.Pointer[Snapshot]
	rest     *time.Timer // runs settle after the last of some changes to a large base; under loading
}

// An Aside is a kind of remark that no entry answers, such as small talk, known by how people put it. Questions are
// matched against asides and entries together, so that the nearer one wins.
type Aside struct {
	Reason    string
	Phrasings []string
}

// Open reads the base in a file. asides are matched beside its entries; they belong to the program, not to the file. The
// base answers by words alone.
func Open(ctx context.Context, db *sqldb.DB, asides []Aside) (*Base, error) {
	return OpenWith(ctx, db, asides, nil)
}

// OpenWith is Open with an encoder, which may be nil: what was encoded and learnt before is put to use at once, the rest
// by Learn.
func OpenWith(ctx context.Context, db *sqldb.DB, asides []Aside, model *encoder.Model) (*Base, error) {
	b := &Base{db: db, asides: asides, model: model}
	return b, b.ReloadAll(ctx)
}

// Snapshot is the base as it stands. A caller keeps one for the whole of a question.
func (b *Base) Snapshot() *Snapshot { return b.snapshot.Load() }

// large is how many documents make a base large: what is cheap to do for all of them need not be done ahead.
const large = 2000

// restAfter is how long after a change the memory that changes took is given back.
const restAfter = 3 * time.Second

// show answers from a changed snapshot from now on. What each entry of a large base needs when it is first looked at closely is
// done beside answering, so that a change need not wait for it.
func (b *Base) show(s *Snapshot) {
	b.snapshot.Store(s)
	if s.index.Len() >= large {
		go s.index.Warm(1, func() bool { return b.Snapshot() == s })
		if b.rest == nil {
			b.rest = time.AfterFunc(restAfter, settle)
		} else {
			b.rest.Reset(restAfter)
		}
	}
}

// Refresh reloads the base if any process changed it since; it costs one small read if not.
func (b *Base) Refresh(ctx context.Context) error {
	revision, err := b.db.Revision(ctx)
	if err != nil || revision == b.Snapshot().revision {
		return err
	}
	return b.Reload(ctx)
}

// Reload reads the whole base again. Entries that did not change keep their analysis.
func (b *Base) Reload(ctx context.Context) error {
	b.loading.Lock()
	defer b.loading.Unlock()
	loaded, err := b.load(ctx, b.Snapshot())
	if err != nil {
		return fmt.Errorf("load the base: %w", err)
	}
	b.show(loaded)
	return nil
}

// ReloadAll reads the base again and keeps nothing of what it had in memory.
func (b *Base) ReloadAll(ctx context.Context) error {
	b.loading.Lock()
	defer b.loading.Unlock()
	garbagePercent(whileReading)
	defer settle()
	loaded, err := b.load(ctx, nil)
	if err != nil {
		return fmt.Errorf("load the base: %w", err)
	}
	if loaded.index.Len() >= large {
		loaded.index.Warm(runtime.GOMAXPROCS(0), func() bool { return ctx.Err() == nil })
	}
	b.snapshot.Store(loaded)
	return nil
}

// A Change is a saved entry, to be applied to the snapshot after the commit. The zero Change changes nothing.
type Change struct {
	entry    Entry
	revision int64
}

// Entry is the entry as saved, with its new version.
func (c Change) Entry() Entry { return c.entry }

// Save writes a new version of an entry, whatever its state, and returns the change to apply after the commit. by is who
// did it. Only what makes an entry usable is checked here: its slug, title, place, state and answer; a live entry without
// title or answer must have a live one further up to take them from.
func (b *Base) Save(ctx context.Context, tx *sqldb.Tx, e Entry, by string) (Change, error) {
	if err := e.valid(b.Snapshot()); err != nil {
		return Change{}, err
	}
	change, err := save(ctx, tx, e, by)
	if err != nil {
		return Change{}, fmt.Errorf("save %s: %w", e.Slug, err)
	}
	return change, tx.Record(ctx, by, "entry "+string(e.State)+" "+e.Slug+"@"+e.Place, fmt.Sprint(change.entry.Version-1), fmt.Sprint(change.entry.Version))
}

func save(ctx context.Context, tx *sqldb.Tx, e Entry, by string) (Change, error) {
	return write(ctx, tx, page{entry: e, by: by})
}

// A page is an entry to be written as its next version.
type page struct {
	entry Entry
	body  string // as to be stored; "" means the entry as JSON
	// Who wrote it, in which act and why; batch is the import it came with, or 0.
	by, act, because string
	batch            int64
	revision         int64 // raised before for many at once, or 0
}

// write stores the next version of an entry.
func write(ctx context.Context, tx *sqldb.Tx, p page) (Change, error) {
	e := p.entry
	if p.body == "" {
		body, err := json.Marshal(e)
		if err != nil {
			return Change{}, err
		}
		p.body = string(body)
	}
	if p.revision == 0 {
		revision, err := tx.Raise(ctx)
		if err != nil {
			return Change{}, err
		}
		p.revision = revision
	}
	row := tx.QueryRowContext(ctx, `INSERT INTO entry (slug, place, version, state, pack, revision, body)
		VALUES ($1, $2, 1, $3, $4, $5, $6)
		ON CONFLICT (slug, place) DO UPDATE SET version = entry.version + 1, state = excluded.state, pack = excluded.pack,
			revision = excluded.revision, body = excluded.body
		RETURNING version`, e.Slug, e.Place, e.State, e.Pack, p.revision, p.body)
	if err := row.Scan(&e.Version); err != nil {
		return Change{}, err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO entry_version (slug, place, version, state, by, at, body, act, because, batch)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULLIF($10, 0))`,
		e.Slug, e.Place, e.Version, e.State, p.by, tx.Now().UnixMilli(), p.body, p.act, p.because, p.batch)
	return Change{entry: e, revision: p.revision}, err
}

// Apply puts committed changes into the snapshot, so that this process answers from them at once; others see them at
// their next Refresh.
func (b *Base) Apply(changes ...Change) {
	b.loading.Lock()
	defer b.loading.Unlock()
	old := b.Snapshot()
	entries, revision := maps.Clone(old.kept), old.revision
	for _, c := range changes {
		if c.revision == 0 {
			continue // of an act that found nothing to change
		}
		key := entryKey{c.entry.Slug, c.entry.Place}
		if k, ok := entries[key]; !ok || k.own.Version < c.entry.Version { // commits may be applied out of order
			entries[key] = keep(c.entry)
		}
		if c.revision == revision+1 { // after a gap another process has changed something: Refresh must still see it
			revision = c.revision
		}
	}
	b.show(old.with(entries, revision))
}

// glossaryOf joins the names of terms with those that a system's entries use.
func glossaryOf(terms []Term) *match.Glossary {
	names := map[string][]string{}
	for _, t := range terms {
		all := append([]string{t.Name, t.Full}, t.Also...)
		names[t.Name] = append(append(all, t.Was...), t.Typed...)
	}
	return match.NewGlossary(names)
}
