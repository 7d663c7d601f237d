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

// A Proposal is a draft of an entry: what somebody wants to make of it. The entry stays as it is until the draft is
// approved. Several people may each have a draft of the same entry; approving one makes the others out of date, and they
// are told when they try.
type Proposal struct {
	ID    int64 // 0 until it is saved
	Entry Entry // as it is to be; may be unfinished, but for its slug and place
	// From is the version of the entry that it starts from, 0 for a new one. Somebody who has looked at a newer version and
	// taken over what they want of it saves the draft with that version's number.
	From   int
	Saved  int // how often it was saved
	State  ProposalState
	Author string
	By     string // who saved it last
	At     time.Time
	Source string // where it came from, such as pack:signpost-starter or escalation:12, or ""
	Note   string // the last word about it, such as why it was sent back

	// Now is the version that the entry had when the draft was read or saved; if it is not From, somebody changed it
	// meanwhile. Others are those who had an open draft of it too when this one was saved.
	Now    int
	Others []string
}

// Stale reports whether the entry was changed since the draft was begun.
func (p *Proposal) Stale() bool { return p.Now != p.From }

// ProposalState says how far a draft is.
type ProposalState string

// The states of a Proposal. The last two are closed.
const (
	Drafting ProposalState = "draft"
	InReview ProposalState = "review"
	Approved ProposalState = "approved"
	Dropped  ProposalState = "dropped"
)

// Open reports whether there is still something to do about it.
func (s ProposalState) Open() bool { return s == Drafting || s == InReview }

// SaveDraft saves a draft, a new one or again: p.Saved is how often it was saved when the person began. If it was saved
// meanwhile, or its author has another open draft of the same entry, nothing is written and the Conflict holds the other.
// A draft saved in review goes back to being worked on. by is who did it.
func (b *Base) SaveDraft(ctx context.Context, tx *sqldb.Tx, p Proposal, by string) (Proposal, error) {
	at := p.Entry.Ref()
	if _, ok := b.Snapshot().Places.Get(at.Place); !ok || !p.Entry.hasSlug() {
		return p, fmt.Errorf("save a draft of %s: %w: it needs a place, and a slug of lower case letters, digits and hyphens", at, ErrInvalid)
	}
	body, err := json.Marshal(p.Entry)
	if err != nil {
		return p, fmt.Errorf("save a draft of %s: %w", at, err)
	}
	before := strconv.Itoa(p.Saved)
	p.State, p.By, p.At = Drafting, by, tx.Now().UTC()
	if p.ID == 0 {
		before, p.Saved, p.Author = "", 0, by
		err = insertDraft(ctx, tx, &p, string(body))
	} else {
		err = b.updateDraft(ctx, tx, &p, string(body))
	}
	if err != nil {
		return p, fmt.Errorf("save a draft of %s: %w", at, err)
	}
	if err := lookAround(ctx, tx, &p); err != nil {
		return p, fmt.Errorf("save a draft of %s: %w", at, err)
	}
	return p, tx.Record(ctx, by, "draft save "+at.String(), before, strconv.Itoa(p.Saved))
}

func insertDraft(ctx context.Context, tx *sqldb.Tx, p *Proposal, body string) error {
	row := tx.QueryRowContext(ctx, `SELECT `+draftColumns+` WHERE d.slug = $1 AND d.place = $2 AND d.author = $3
		AND d.state IN ('draft', 'review')`, p.Entry.Slug, p.Entry.Place, p.Author)
	if other, err := scanDraft(row); err == nil {
		return &Conflict{Draft: &other}
	} else if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	p.Saved = 1
	row = tx.QueryRowContext(ctx, `INSERT INTO draft (slug, place, base, saved, state, author, by, at, source, note, body)
		VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		p.Entry.Slug, p.Entry.Place, p.From, p.State, p.Author, p.By, p.At.UnixMilli(), p.Source, p.Note, body)
	return row.Scan(&p.ID)
}

func (b *Base) updateDraft(ctx context.Context, tx *sqldb.Tx, p *Proposal, body string) error {
	old, err := draftSeen(ctx, tx, p.ID, p.Saved)
	if err != nil {
		return err
	}
	if old.Entry.Ref() != p.Entry.Ref() {
		return fmt.Errorf("%w: a draft keeps its slug and place", ErrInvalid)
	}
	p.Saved, p.Author, p.Source = old.Saved+1, old.Author, old.Source
	_, err = tx.ExecContext(ctx, `UPDATE draft SET base = $1, saved = $2, state = $3, by = $4, at = $5, note = $6, body = $7 WHERE id = $8`,
		p.From, p.Saved, p.State, p.By, p.At.UnixMilli(), p.Note, body, p.ID)
	if sqldb.IsTaken(err) { // it was closed, and another was begun since
		return fmt.Errorf("%w: %s has another open draft of it", ErrInvalid, p.Author)
	}
	return err
}

// lookAround fills in what a person is told after saving: whether the entry changed, and who else is at it.
func lookAround(ctx context.Context, tx *sqldb.Tx, p *Proposal) error {
	now, err := seen(ctx, tx, p.Entry.Ref(), Act{Seen: AnyVersion})
	if err != nil {
		return err
	}
	p.Now, p.Others = now.Number, nil
	rows, err := tx.QueryContext(ctx, `SELECT author FROM draft WHERE slug = $1 AND place = $2 AND id <> $3
		AND state IN ('draft', 'review') ORDER BY author`, p.Entry.Slug, p.Entry.Place, p.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var author string
		if err := rows.Scan(&author); err != nil {
			return err
		}
		p.Others = append(p.Others, author)
	}
	return rows.Err()
}

// Submit asks for a draft to be approved. It must be whole by then.
func (b *Base) Submit(ctx context.Context, tx *sqldb.Tx, id int64, act Act) (Proposal, error) {
	return b.moveDraft(ctx, tx, id, act, InReview)
}

// Reject sends a draft back to its author; act.Because says why.
func (b *Base) Reject(ctx context.Context, tx *sqldb.Tx, id int64, act Act) (Proposal, error) {
	return b.moveDraft(ctx, tx, id, act, Drafting)
}

// Drop closes a draft without putting it live. It is kept: saving it again opens it.
func (b *Base) Drop(ctx context.Context, tx *sqldb.Tx, id int64, act Act) (Proposal, error) {
	return b.moveDraft(ctx, tx, id, act, Dropped)
}

var draftActs = map[ProposalState]string{InReview: "submit", Drafting: "reject", Approved: "approve", Dropped: "drop"}

func (b *Base) moveDraft(ctx context.Context, tx *sqldb.Tx, id int64, act Act, to ProposalState) (Proposal, error) {
	p, err := draftSeen(ctx, tx, id, act.Seen)
	if err == nil {
		err = b.mayMove(&p, to)
	}
	if err == nil {
		p, err = closeDraft(ctx, tx, p, act, to)
	}
	if err != nil {
		return p, fmt.Errorf("%s draft %d: %w", draftActs[to], id, err)
	}
	return p, tx.Record(ctx, act.By, "draft "+draftActs[to]+" "+p.Entry.Ref().String(), strconv.Itoa(p.Saved), p.Note)
}

// mayMove says why a draft cannot go on to a state.
func (b *Base) mayMove(p *Proposal, to ProposalState) error {
	if !p.State.Open() {
		return fmt.Errorf("%w: the draft is closed (%s)", ErrInvalid, p.State)
	}
	if to == InReview || to == Approved {
		p.Entry.State = Live
		return p.Entry.valid(b.Snapshot())
	}
	return nil
}

func closeDraft(ctx context.Context, tx *sqldb.Tx, p Proposal, act Act, to ProposalState) (Proposal, error) {
	p.State, p.Note = to, act.Because
	_, err := tx.ExecContext(ctx, `UPDATE draft SET state = $1, note = $2 WHERE id = $3`, p.State, p.Note, p.ID)
	return p, err
}

// Approve puts a draft live, if the entry is still the one that the draft started from; else the Conflict holds what
// somebody else made of it, and the draft stays open. It may be approved from either open state: who may do so, and
// whether the author may, is the caller's to say (Proposal.Author, Proposal.By).
func (b *Base) Approve(ctx context.Context, tx *sqldb.Tx, id int64, act Act) (Change, error) {
	p, err := draftSeen(ctx, tx, id, act.Seen)
	if err == nil {
		err = b.mayMove(&p, Approved)
	}
	if err != nil {
		return Change{}, fmt.Errorf("approve draft %d: %w", id, err)
	}
	before, err := seen(ctx, tx, p.Entry.Ref(), Act{Seen: p.From})
	if err != nil {
		return Change{}, fmt.Errorf("approve draft %d: %w", id, err)
	}
	if p, err = closeDraft(ctx, tx, p, act, Approved); err != nil {
		return Change{}, fmt.Errorf("approve draft %d: %w", id, err)
	}
	p.Entry.State = Live
	return b.turn(ctx, tx, before, page{entry: p.Entry, act: actApprove}, act)
}

const draftColumns = `d.id, d.slug, d.place, d.base, d.saved, d.state, d.author, d.by, d.at, d.source, d.note, d.body,
	COALESCE((SELECT e.version FROM entry e WHERE e.slug = d.slug AND e.place = d.place), 0) FROM draft d`

// draftSeen reads a draft, and gives a Conflict if it was saved since the person saw it.
func draftSeen(ctx context.Context, tx *sqldb.Tx, id int64, saved int) (Proposal, error) {
	p, err := scanDraft(tx.QueryRowContext(ctx, `SELECT `+draftColumns+` WHERE d.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNotFound
	}
	if err == nil && saved != AnyVersion && saved != p.Saved {
		err = &Conflict{Draft: &p}
	}
	return p, err
}

func scanDraft(row interface{ Scan(...any) error }) (Proposal, error) {
	var p Proposal
	var slug, place, body string
	var at int64
	err := row.Scan(&p.ID, &slug, &place, &p.From, &p.Saved, &p.State, &p.Author, &p.By, &at, &p.Source, &p.Note, &body, &p.Now)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal([]byte(body), &p.Entry); err != nil {
		return p, fmt.Errorf("read draft %d: %w", p.ID, err)
	}
	p.At = time.UnixMilli(at).UTC()
	p.Entry.Slug, p.Entry.Place, p.Entry.Version, p.Entry.State = slug, place, p.From, Draft
	return p, nil
}

// Draft reads one draft, open or closed.
func (b *Base) Draft(ctx context.Context, id int64) (Proposal, error) {
	p, err := scanDraft(b.db.Read().QueryRowContext(ctx, `SELECT `+draftColumns+` WHERE d.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return p, fmt.Errorf("read draft %d: %w", id, err)
	}
	return p, nil
}

// Drafts lists the open drafts, those waiting for approval first, oldest first; of one entry only if at has a slug, of one
// place only if it has a place.
func (b *Base) Drafts(ctx context.Context, at Ref) ([]Proposal, error) {
	rows, err := b.db.Read().QueryContext(ctx, `SELECT `+draftColumns+` WHERE d.state IN ('draft', 'review')
		AND ($1 = '' OR d.slug = $1) AND ($2 = '' OR d.place = $2) ORDER BY d.state DESC, d.at, d.id`, at.Slug, at.Place)
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	defer rows.Close()
	var all []Proposal
	for rows.Next() {
		p, err := scanDraft(rows)
		if err != nil {
			return nil, fmt.Errorf("list drafts: %w", err)
		}
		all = append(all, p)
	}
	return all, rows.Err()
}
