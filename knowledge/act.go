package knowledge

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"signpost/knowledge/sqldb"
)

// A Ref names an entry at its place: what it takes to know whether somebody may change it.
type Ref struct{ Slug, Place string }

func (r Ref) String() string { return r.Slug + "@" + r.Place }

// Ref names the entry.
func (e *Entry) Ref() Ref { return Ref{e.Slug, e.Place} }

// An Act says who changes something and why.
type Act struct {
	By      string // an address, such as terminal:sam
	Because string // the reason given, such as for passing over a warning; may be empty
	// Seen is the version that the person had before them: of an entry its Version, 0 where there was none; of a draft its
	// Saved. If it is another by now, the act is refused with a Conflict. AnyVersion passes this over.
	Seen int
}

// AnyVersion as Act.Seen means that whatever stands there is to be changed.
const AnyVersion = -1

// The acts of entry_version.
const (
	actEdit    = "edit"
	actApprove = "approve"
	actRetire  = "retire"
	actHide    = "hide"
	actRestore = "restore"
	actUndo    = "undo"
	actImport  = "import"
	actPack    = "pack"
)

// Edit writes an entry as its next version, or a new one, live unless e says another state. An entry that says nothing new
// changes nothing. The entry's place is what the caller has checked that the person may change, as for every act.
func (b *Base) Edit(ctx context.Context, tx *sqldb.Tx, e Entry, act Act) (Change, error) {
	before, err := seen(ctx, tx, e.Ref(), act)
	if err != nil {
		return Change{}, fmt.Errorf("edit %s: %w", e.Ref(), err)
	}
	if e.State == "" {
		e.State = Live
	}
	e.Pack = before.Entry.Pack
	if err := e.valid(b.Snapshot()); err != nil {
		return Change{}, fmt.Errorf("edit %s: %w", e.Ref(), err)
	}
	body, err := json.Marshal(e)
	if err != nil {
		return Change{}, fmt.Errorf("edit %s: %w", e.Ref(), err)
	}
	if string(body) == before.body && e.State == before.State {
		return Change{}, nil
	}
	return b.turn(ctx, tx, before, page{entry: e, body: string(body), act: actEdit}, act)
}

// Retire takes an entry out: nobody sees it, all its versions are kept.
func (b *Base) Retire(ctx context.Context, tx *sqldb.Tx, at Ref, act Act) (Change, error) {
	return b.setState(ctx, tx, at, act, page{act: actRetire, entry: Entry{State: Retired}})
}

// Hide takes an entry away at once until somebody has mended it: it is a draft that only curators see.
func (b *Base) Hide(ctx context.Context, tx *sqldb.Tx, at Ref, act Act) (Change, error) {
	return b.setState(ctx, tx, at, act, page{act: actHide, entry: Entry{State: Draft}})
}

// setState writes an entry again as it is, in another state; one that is in it already stays as it is.
func (b *Base) setState(ctx context.Context, tx *sqldb.Tx, at Ref, act Act, next page) (Change, error) {
	before, err := seen(ctx, tx, at, act)
	if err == nil && before.Number == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Change{}, fmt.Errorf("%s %s: %w", next.act, at, err)
	}
	if before.State == next.entry.State {
		return Change{}, nil
	}
	state := next.entry.State
	next.entry, next.body = before.Entry, before.body
	next.entry.State = state
	return b.turn(ctx, tx, before, next, act)
}

// Restore makes an earlier version of an entry live again, byte for byte, as its next version.
func (b *Base) Restore(ctx context.Context, tx *sqldb.Tx, at Ref, version int, act Act) (Change, error) {
	before, err := seen(ctx, tx, at, act)
	if err != nil {
		return Change{}, fmt.Errorf("restore %s: %w", at, err)
	}
	old, err := versionOf(ctx, tx, at, version)
	if err != nil {
		return Change{}, fmt.Errorf("restore version %d of %s: %w", version, at, err)
	}
	old.Entry.State = Live
	if err := old.Entry.valid(b.Snapshot()); err != nil {
		return Change{}, fmt.Errorf("restore version %d of %s: %w", version, at, err)
	}
	if before.State == Live && before.body == old.body {
		return Change{}, nil
	}
	return b.turn(ctx, tx, before, page{entry: old.Entry, body: old.body, act: actRestore}, act)
}

// Undo takes back the last change of an entry: it is again what it was before, in the state it was in; one that was new is
// retired. Undoing an undo does it again.
func (b *Base) Undo(ctx context.Context, tx *sqldb.Tx, at Ref, act Act) (Change, error) {
	before, err := seen(ctx, tx, at, act)
	if err == nil && before.Number == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Change{}, fmt.Errorf("undo %s: %w", at, err)
	}
	return b.stepBack(ctx, tx, before, act)
}

// stepBack writes the version before one that stands now.
func (b *Base) stepBack(ctx context.Context, tx *sqldb.Tx, now Version, act Act) (Change, error) {
	at := Ref{now.Slug, now.Place}
	next := page{entry: now.Entry, body: now.body, act: actUndo}
	next.entry.State = Retired
	if now.Number > 1 {
		old, err := versionOf(ctx, tx, at, now.Number-1)
		if err != nil {
			return Change{}, fmt.Errorf("undo %s: %w", at, err)
		}
		next.entry, next.body = old.Entry, old.body
	}
	return b.turn(ctx, tx, now, next, act)
}

// turn writes the next version and its line of the audit trail.
func (b *Base) turn(ctx context.Context, tx *sqldb.Tx, before Version, next page, act Act) (Change, error) {
	next.by, next.because = act.By, act.Because
	next.entry.Pack = before.Entry.Pack
	change, err := write(ctx, tx, next)
	if err != nil {
		return Change{}, fmt.Errorf("%s %s: %w", next.act, next.entry.Ref(), err)
	}
	after := strconv.Itoa(change.entry.Version) + " " + string(next.entry.State)
	if act.Because != "" {
		after += ", because: " + act.Because
	}
	return change, tx.Record(ctx, act.By, "entry "+next.act+" "+next.entry.Ref().String(), before.brief(), after)
}
