package knowledge_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

var shifts = knowledge.Ref{Slug: "see-shifts", Place: "england"}

// do runs an act in a transaction of its own and applies it.
func (h *house) do(act func(tx *sqldb.Tx) (knowledge.Change, error)) error {
	h.t.Helper()
	var change knowledge.Change
	err := h.db.Write(h.t.Context(), func(tx *sqldb.Tx) (err error) {
		change, err = act(tx)
		return err
	})
	if err == nil {
		h.base.Apply(change)
	}
	return err
}

func (h *house) edit(e knowledge.Entry, act knowledge.Act) error {
	return h.do(func(tx *sqldb.Tx) (knowledge.Change, error) { return h.base.Edit(h.t.Context(), tx, e, act) })
}

// own is the entry as stored.
func (h *house) own(at knowledge.Ref) knowledge.Entry {
	h.t.Helper()
	e, ok := h.base.Snapshot().Own(at.Slug, at.Place)
	if !ok {
		h.t.Fatalf("there is no %s", at)
	}
	return e
}

// body is the entry as the file has it, byte for byte.
func (h *house) body(at knowledge.Ref) (body string) {
	h.t.Helper()
	row := h.db.Read().QueryRowContext(h.t.Context(), `SELECT body FROM entry WHERE slug = $1 AND place = $2`, at.Slug, at.Place)
	if err := row.Scan(&body); err != nil {
		h.t.Fatal(err)
	}
	return body
}

// TestEditRetireRestore is the bar: the entry is byte for byte what it was, and each act has one line of audit.
func TestEditRetireRestore(t *testing.T) {
	h := newHouse(t)
	before, lines := h.body(shifts), h.count(`SELECT COUNT(*) FROM audit`)
	e := h.own(shifts)
	e.Answer = "1. Something else."
	if err := h.edit(e, knowledge.Act{By: "terminal:sam", Because: "it moved", Seen: 1}); err != nil {
		t.Fatal(err)
	}
	if got := answer(h.base.Snapshot(), "see-shifts", ""); got != "1. Something else." {
		t.Errorf("after the edit it answers %q", got)
	}
	err := h.do(func(tx *sqldb.Tx) (knowledge.Change, error) {
		return h.base.Retire(t.Context(), tx, shifts, knowledge.Act{By: "terminal:sam", Seen: 2})
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := answer(h.base.Snapshot(), "see-shifts", ""); got != "" {
		t.Errorf("retired it answers %q", got)
	}
	err = h.do(func(tx *sqldb.Tx) (knowledge.Change, error) {
		return h.base.Restore(t.Context(), tx, shifts, 1, knowledge.Act{By: "terminal:sam", Seen: 3})
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := h.body(shifts); got != before {
		t.Errorf("restored it is\n%s, was\n%s", got, before)
	}
	if got := h.own(shifts); got.State != knowledge.Live || got.Version != 4 || got.Pack != "small" {
		t.Errorf("restored it is %+v", got)
	}
	if got := h.count(`SELECT COUNT(*) FROM audit`) - lines; got != 3 {
		t.Errorf("%d lines of audit, want 3", got)
	}
	for _, want := range []string{"edit|1 live|2 live, because: it moved", "retire|2 live|3 retired", "restore|3 retired|4 live"} {
		part := strings.Split(want, "|")
		if h.count(`SELECT COUNT(*) FROM audit WHERE who = 'terminal:sam' AND what = $1 AND before = $2 AND after = $3`,
			"entry "+part[0]+" see-shifts@england", part[1], part[2]) != 1 {
			t.Errorf("the audit trail has no %s", want)
		}
	}
	history, err := h.base.History(t.Context(), shifts)
	if err != nil || len(history) != 4 {
		t.Fatalf("%d versions, %v", len(history), err)
	}
	if v := history[2]; v.Number != 2 || v.Act != "edit" || v.By != "terminal:sam" || v.Because != "it moved" || v.Entry.Answer != "1. Something else." {
		t.Errorf("the second version is %+v", v)
	}
}

func TestTwoCuratorsAtOnce(t *testing.T) {
	h := newHouse(t)
	first, second := h.own(shifts), h.own(shifts)
	first.Answer, second.Answer = "1. Sam's.", "1. Ada's."
	if err := h.edit(first, knowledge.Act{By: "terminal:sam", Seen: 1}); err != nil {
		t.Fatal(err)
	}
	lines := h.count(`SELECT COUNT(*) FROM audit`)
	err := h.edit(second, knowledge.Act{By: "terminal:ada", Seen: 1})
	var conflict *knowledge.Conflict
	if !errors.Is(err, knowledge.ErrChanged) || !errors.As(err, &conflict) {
		t.Fatalf("got %v", err)
	}
	if v := conflict.Theirs; v.Number != 2 || v.By != "terminal:sam" || v.Entry.Answer != "1. Sam's." {
		t.Errorf("the second is shown %+v", v)
	}
	if got := answer(h.base.Snapshot(), "see-shifts", ""); got != "1. Sam's." || h.count(`SELECT COUNT(*) FROM audit`) != lines {
		t.Errorf("it answers %q, or the audit trail grew", got)
	}
	// She keeps hers as a draft, sees that it is out of date, looks at both, and saves it from the newer version.
	p := h.saveDraft(knowledge.Proposal{Entry: second, From: 1}, "terminal:ada")
	if !p.Stale() || p.Now != 2 {
		t.Errorf("the draft does not say that the entry changed: %+v", p)
	}
	if err := h.approve(p, "terminal:ada"); !errors.Is(err, knowledge.ErrChanged) {
		t.Errorf("a draft of an old version was approved: %v", err)
	}
	if drafts, _ := h.base.Drafts(t.Context(), shifts); len(drafts) != 1 || drafts[0].Entry.Answer != "1. Ada's." {
		t.Errorf("the draft is lost: %+v", drafts)
	}
	p.From = 2
	p = h.saveDraft(p, "terminal:ada")
	if err := h.approve(p, "terminal:ada"); err != nil {
		t.Fatal(err)
	}
	if got := answer(h.base.Snapshot(), "see-shifts", ""); got != "1. Ada's." {
		t.Errorf("it answers %q", got)
	}
}

// TestActsRefuse tries acts on what is not there or not so any more; nothing may be written.
func TestActsRefuse(t *testing.T) {
	ctx := t.Context()
	nowhere := knowledge.Ref{Slug: "no-such", Place: "england"}
	old, any := knowledge.Act{By: "x", Seen: 7}, knowledge.Act{By: "x", Seen: knowledge.AnyVersion}
	for name, c := range map[string]struct {
		act  func(b *knowledge.Base, tx *sqldb.Tx) (knowledge.Change, error)
		want error
	}{
		"edit another version": {func(b *knowledge.Base, tx *sqldb.Tx) (knowledge.Change, error) {
			return b.Edit(ctx, tx, knowledge.Entry{Slug: "see-shifts", Place: "england", Title: "a", Answer: "b"}, old)
		}, knowledge.ErrChanged},
		"add what is there": {func(b *knowledge.Base, tx *sqldb.Tx) (knowledge.Change, error) {
			return b.Edit(ctx, tx, knowledge.Entry{Slug: "see-shifts", Place: "england", Title: "a", Answer: "b"}, knowledge.Act{By: "x"})
		}, knowledge.ErrChanged},
		"edit what is not there": {func(b *knowledge.Base, tx *sqldb.Tx) (knowledge.Change, error) {
			return b.Edit(ctx, tx, knowledge.Entry{Slug: "no-such", Place: "england", Title: "a", Answer: "b"}, old)
		}, knowledge.ErrChanged},
		"edit to nothing": {func(b *knowledge.Base, tx *sqldb.Tx) (knowledge.Change, error) {
			return b.Edit(ctx, tx, knowledge.Entry{Slug: "see-shifts", Place: "england"}, any)
		}, knowledge.ErrInvalid},
		"retire another version": {func(b *knowledge.Base, tx *sqldb.Tx) (knowledge.Change, error) { return b.Retire(ctx, tx, shifts, old) }, knowledge.ErrChanged},
		"retire what is not there": {func(b *knowledge.Base, tx *sqldb.Tx) (knowledge.Change, error) {
			return b.Retire(ctx, tx, nowhere, any)
		}, knowledge.ErrNotFound},
		"hide what is not there": {func(b *knowledge.Base, tx *sqldb.Tx) (knowledge.Change, error) { return b.Hide(ctx, tx, nowhere, any) }, knowledge.ErrNotFound},
		"restore another version": {func(b *knowledge.Base, tx *sqldb.Tx) (knowledge.Change, error) {
			return b.Restore(ctx, tx, shifts, 1, old)
		}, knowledge.ErrChanged},
		"restore what never was": {func(b *knowledge.Base, tx *sqldb.Tx) (knowledge.Change, error) {
			return b.Restore(ctx, tx, shifts, 9, any)
		}, knowledge.ErrNotFound},
		"undo another version":      {func(b *knowledge.Base, tx *sqldb.Tx) (knowledge.Change, error) { return b.Undo(ctx, tx, shifts, old) }, knowledge.ErrChanged},
		"undo what is not there":    {func(b *knowledge.Base, tx *sqldb.Tx) (knowledge.Change, error) { return b.Undo(ctx, tx, nowhere, any) }, knowledge.ErrNotFound},
		"approve what is not there": {func(b *knowledge.Base, tx *sqldb.Tx) (knowledge.Change, error) { return b.Approve(ctx, tx, 9, any) }, knowledge.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			lines := h.count(`SELECT COUNT(*) FROM audit`)
			if err := h.do(func(tx *sqldb.Tx) (knowledge.Change, error) { return c.act(h.base, tx) }); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if h.count(`SELECT COUNT(*) FROM audit`) != lines || h.count(`SELECT COUNT(*) FROM entry_version`) != 3 {
				t.Error("something was written")
			}
		})
	}
}

// TestActsThatChangeNothing says again what is so already: no version, no audit.
func TestActsThatChangeNothing(t *testing.T) {
	h := newHouse(t)
	lines := h.count(`SELECT COUNT(*) FROM audit`)
	act := knowledge.Act{By: "x", Seen: 1}
	for name, do := range map[string]func(tx *sqldb.Tx) (knowledge.Change, error){
		"edit":    func(tx *sqldb.Tx) (knowledge.Change, error) { return h.base.Edit(t.Context(), tx, h.own(shifts), act) },
		"restore": func(tx *sqldb.Tx) (knowledge.Change, error) { return h.base.Restore(t.Context(), tx, shifts, 1, act) },
	} {
		before := h.base.Snapshot()
		if err := h.do(do); err != nil || h.count(`SELECT COUNT(*) FROM audit`) != lines || h.own(shifts).Version != 1 {
			t.Errorf("%s: %v, or something was written", name, err)
		}
		if first(h.base.Snapshot(), "", "where is my rota") != first(before, "", "where is my rota") {
			t.Errorf("%s: it answers something else", name)
		}
	}
}

func TestHideAndUndo(t *testing.T) {
	h := newHouse(t)
	act := knowledge.Act{By: "terminal:sam", Seen: knowledge.AnyVersion}
	undo := func(tx *sqldb.Tx) (knowledge.Change, error) { return h.base.Undo(t.Context(), tx, shifts, act) }
	before := h.body(shifts)
	if err := h.do(func(tx *sqldb.Tx) (knowledge.Change, error) { return h.base.Hide(t.Context(), tx, shifts, act) }); err != nil {
		t.Fatal(err)
	}
	if got := answer(h.base.Snapshot(), "see-shifts", ""); got != "" || h.own(shifts).State != knowledge.Draft {
		t.Errorf("hidden it answers %q", got)
	}
	for i, state := range []knowledge.State{knowledge.Live, knowledge.Draft, knowledge.Live} {
		if err := h.do(undo); err != nil {
			t.Fatal(err)
		}
		if got := h.own(shifts).State; got != state || h.body(shifts) != before {
			t.Errorf("undone %d times it is %s, want %s", i+1, got, state)
		}
	}
	added := knowledge.Entry{Slug: "added", Place: "england", Title: "Added", Answer: "1. Added."}
	if err := h.edit(added, knowledge.Act{By: "terminal:sam"}); err != nil {
		t.Fatal(err)
	}
	err := h.do(func(tx *sqldb.Tx) (knowledge.Change, error) { return h.base.Undo(t.Context(), tx, added.Ref(), act) })
	if got := h.own(added.Ref()).State; err != nil || got != knowledge.Retired {
		t.Errorf("undone a new entry is %s, %v", got, err)
	}
}

func (h *house) saveDraft(p knowledge.Proposal, by string) knowledge.Proposal {
	h.t.Helper()
	p, err := h.trySaveDraft(p, by)
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func (h *house) trySaveDraft(p knowledge.Proposal, by string) (knowledge.Proposal, error) {
	err := h.db.Write(h.t.Context(), func(tx *sqldb.Tx) (err error) {
		p, err = h.base.SaveDraft(h.t.Context(), tx, p, by)
		return err
	})
	return p, err
}

func (h *house) approve(p knowledge.Proposal, by string) error {
	return h.do(func(tx *sqldb.Tx) (knowledge.Change, error) {
		return h.base.Approve(h.t.Context(), tx, p.ID, knowledge.Act{By: by, Seen: p.Saved})
	})
}

// TestDraftGoesLive follows a draft from its first words to the answer.
func TestDraftGoesLive(t *testing.T) {
	h := newHouse(t)
	lines := h.count(`SELECT COUNT(*) FROM audit`)
	p := h.saveDraft(knowledge.Proposal{Entry: knowledge.Entry{Slug: "scan-letter", Place: "england", Title: "Scan a letter"}, Source: "message"}, "terminal:sam")
	move := func(act func(tx *sqldb.Tx) (knowledge.Proposal, error)) error {
		return h.db.Write(t.Context(), func(tx *sqldb.Tx) (err error) { _, err = act(tx); return err })
	}
	submit := func(tx *sqldb.Tx) (knowledge.Proposal, error) {
		return h.base.Submit(t.Context(), tx, p.ID, knowledge.Act{By: "terminal:sam", Seen: p.Saved})
	}
	if err := move(submit); !errors.Is(err, knowledge.ErrInvalid) {
		t.Errorf("an unfinished draft was submitted: %v", err)
	}
	p.Entry.Answer = "1. Lay it flat."
	p = h.saveDraft(p, "terminal:sam")
	if err := move(submit); err != nil {
		t.Fatal(err)
	}
	err := move(func(tx *sqldb.Tx) (knowledge.Proposal, error) {
		return h.base.Reject(t.Context(), tx, p.ID, knowledge.Act{By: "terminal:ada", Because: "say which way up", Seen: p.Saved})
	})
	if got, _ := h.base.Draft(t.Context(), p.ID); err != nil || got.State != knowledge.Drafting || got.Note != "say which way up" || got.Author != "terminal:sam" {
		t.Errorf("sent back it is %+v, %v", got, err)
	}
	if _, ok := h.base.Snapshot().Entry("scan-letter", ""); ok {
		t.Error("it is live before it was approved")
	}
	stale := p
	p.Entry.Answer = "1. Lay it flat, face down."
	p = h.saveDraft(p, "terminal:sam")
	if err := move(submit); err != nil {
		t.Fatal(err)
	}
	if err := h.approve(stale, "terminal:ada"); !errors.Is(err, knowledge.ErrChanged) {
		t.Errorf("a text that nobody read was approved: %v", err)
	}
	if err := h.approve(p, "terminal:ada"); err != nil {
		t.Fatal(err)
	}
	if got := answer(h.base.Snapshot(), "scan-letter", ""); got != "1. Lay it flat, face down." {
		t.Errorf("live it answers %q", got)
	}
	if err := h.approve(p, "terminal:ada"); !errors.Is(err, knowledge.ErrInvalid) {
		t.Errorf("a closed draft was approved again: %v", err)
	}
	if drafts, _ := h.base.Drafts(t.Context(), knowledge.Ref{}); len(drafts) != 0 {
		t.Errorf("drafts are left: %+v", drafts)
	}
	if got := h.count(`SELECT COUNT(*) FROM audit`) - lines; got != 7 { // 3 saves, 2 submits, a rejection, an approval
		t.Errorf("%d lines of audit, want 7", got)
	}
}

func TestDraftsStandBesideTheEntry(t *testing.T) {
	h := newHouse(t)
	e := h.own(shifts)
	e.Answer = "1. Sam's."
	sam := h.saveDraft(knowledge.Proposal{Entry: e, From: 1}, "terminal:sam")
	e.Answer = "1. Ada's."
	ada := h.saveDraft(knowledge.Proposal{Entry: e, From: 1}, "terminal:ada")
	if !slices.Equal(ada.Others, []string{"terminal:sam"}) {
		t.Errorf("Ada is told of %v", ada.Others)
	}
	var conflict *knowledge.Conflict
	if _, err := h.trySaveDraft(knowledge.Proposal{Entry: e, From: 1}, "terminal:sam"); !errors.As(err, &conflict) || conflict.Draft.Entry.Answer != "1. Sam's." {
		t.Errorf("a second draft of Sam's: %v", err)
	}
	old := sam
	sam = h.saveDraft(sam, "terminal:sam")
	if _, err := h.trySaveDraft(old, "terminal:sam"); !errors.As(err, &conflict) || conflict.Draft.Saved != 2 {
		t.Errorf("an old draft was written over a newer one: %v", err)
	}
	if err := h.approve(sam, "terminal:sam"); err != nil {
		t.Fatal(err)
	}
	if err := h.approve(ada, "terminal:ada"); !errors.As(err, &conflict) || conflict.Theirs.Entry.Answer != "1. Sam's." {
		t.Errorf("Ada's draft went over Sam's: %v", err)
	}
	err := h.db.Write(t.Context(), func(tx *sqldb.Tx) error {
		_, err := h.base.Drop(t.Context(), tx, ada.ID, knowledge.Act{By: "terminal:ada", Seen: ada.Saved})
		return err
	})
	if drafts, _ := h.base.Drafts(t.Context(), shifts); err != nil || len(drafts) != 0 {
		t.Errorf("dropped, there are %+v, %v", drafts, err)
	}
	if got := h.saveDraft(ada, "terminal:ada"); got.State != knowledge.Drafting {
		t.Errorf("a dropped draft saved again is %s", got.State)
	}
	if _, err := h.trySaveDraft(knowledge.Proposal{Entry: knowledge.Entry{Slug: "x", Place: "nowhere"}}, "x"); !errors.Is(err, knowledge.ErrInvalid) {
		t.Errorf("a draft of no place: %v", err)
	}
}

func TestDiff(t *testing.T) {
	before := knowledge.Entry{Title: "A", Answer: "1. Open.\n2. Look.\n3. Close.", Systems: []string{"Loop"}}
	after := knowledge.Entry{Title: "A", Answer: "1. Open.\n2. Read.\n3. Close.", Systems: []string{"Loop", "ESR"}, Level: knowledge.Start}
	var got []string
	for _, change := range knowledge.Diff(before, after) {
		got = append(got, change.String())
	}
	want := []string{"Level: 1 line put in\n  + start", "Systems: 1 line put in\n  + ESR", "Answer: 1 line changed\n  - 2. Look.\n  + 2. Read."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if same := knowledge.Diff(after, after); len(same) != 0 {
		t.Errorf("the same differs in %v", same)
	}
}

func TestTrimLeavesWhatFollows(t *testing.T) {
	h := newHouse(t)
	h.save(knowledge.Entry{Slug: "see-shifts", Place: "royal", Answer: "1. Royal's."})
	merged, _ := h.base.Snapshot().Entry("see-shifts", "royal")
	own := *merged
	own.Fallback = "- Ask."
	trimmed := h.base.Snapshot().Trim(own)
	if trimmed.Title != "" || len(trimmed.Phrasings) != 0 || trimmed.Answer != "1. Royal's." || trimmed.Fallback != "- Ask." {
		t.Errorf("trimmed it is %+v", trimmed)
	}
	if national := h.own(shifts); h.base.Snapshot().Trim(national).Title == "" {
		t.Error("an entry that follows none was trimmed")
	}
}

// TestPackUpdates installs a newer pack over entries that were touched in every way.
func TestPackUpdates(t *testing.T) {
	h := newHouse(t)
	edited := h.own(knowledge.Ref{Slug: "reset-password", Place: "england"})
	edited.Answer = "1. The curator's."
	if err := h.edit(edited, knowledge.Act{By: "terminal:sam", Seen: 1}); err != nil {
		t.Fatal(err)
	}
	install := func(version, text string) {
		t.Helper()
		pack := smallPack()
		pack.Version = version
		for i := range pack.Entries {
			pack.Entries[i].Answer = text
		}
		if err := h.base.Install(t.Context(), pack); err != nil {
			t.Fatal(err)
		}
	}
	install("2", "1. From 2.")
	drafts, err := h.base.Drafts(t.Context(), knowledge.Ref{})
	if err != nil || len(drafts) != 1 || drafts[0].Entry.Slug != "reset-password" || drafts[0].Entry.Answer != "1. From 2." || !strings.Contains(drafts[0].Note, "newer version") {
		t.Fatalf("the curator finds %+v, %v", drafts, err)
	}
	if got := answer(h.base.Snapshot(), "reset-password", ""); got != "1. The curator's." {
		t.Errorf("the edited entry answers %q", got)
	}
	install("10", "1. From 10.")
	if drafts, _ = h.base.Drafts(t.Context(), knowledge.Ref{}); len(drafts) != 1 || drafts[0].Entry.Answer != "1. From 10." {
		t.Fatalf("after the next version the curator finds %+v", drafts)
	}
	install("2", "1. From 2.") // an older program on the newer base
	if got := answer(h.base.Snapshot(), "see-shifts", ""); got != "1. From 10." {
		t.Errorf("an older pack made it answer %q", got)
	}
	if err := h.approve(drafts[0], "terminal:sam"); err != nil {
		t.Fatal(err)
	}
	install("11", "1. From 11.") // what was taken over from the pack is as if untouched
	if got := answer(h.base.Snapshot(), "reset-password", ""); got != "1. From 11." {
		t.Errorf("after taking over the pack's text it answers %q", got)
	}
	if drafts, _ = h.base.Drafts(t.Context(), knowledge.Ref{}); len(drafts) != 0 {
		t.Errorf("drafts are left: %+v", drafts)
	}
}

// TestTwoProcessesAct edits through one process what another has changed.
func TestTwoProcessesAct(t *testing.T) {
	file := filepath.Join(t.TempDir(), "base.db")
	here, there := openHouse(t, file), openHouse(t, file)
	if err := here.base.Install(t.Context(), smallPack()); err != nil {
		t.Fatal(err)
	}
	there.refresh()
	for i, h := range []*house{here, there, here, there} {
		e := h.own(shifts)
		e.Answer = fmt.Sprint("1. Number ", i)
		err := h.edit(e, knowledge.Act{By: "x", Seen: e.Version})
		if i > 0 && !errors.Is(err, knowledge.ErrChanged) {
			t.Fatalf("edit %d went over what it had not seen: %v", i, err)
		}
		h.refresh()
		e = h.own(shifts)
		e.Answer = fmt.Sprint("1. Number ", i)
		if err := h.edit(e, knowledge.Act{By: "x", Seen: e.Version}); err != nil {
			t.Fatal(err)
		}
	}
}
