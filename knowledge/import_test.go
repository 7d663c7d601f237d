package knowledge_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"signpost/knowledge"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/starter"
	"signpost/knowledge/table"
)

func rowsOf(t testing.TB, file string) []knowledge.Row {
	t.Helper()
	rows, faults := table.Read("x.csv", []byte(file), nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return rows
}

func (h *house) importRows(p *knowledge.Preview) (knowledge.Batch, error) {
	var batch knowledge.Batch
	var changes []knowledge.Change
	err := h.db.Write(h.t.Context(), func(tx *sqldb.Tx) (err error) {
		batch, changes, err = h.base.Import(h.t.Context(), tx, p, knowledge.Act{By: "terminal:sam"})
		return err
	})
	if err == nil {
		h.base.Apply(changes...)
	}
	return batch, err
}

// TestExportThenImportChangesNothing takes the whole starter base, with own versions and entries in every state, through
// every format.
func TestExportThenImportChangesNothing(t *testing.T) {
	h := openHouse(t, filepath.Join(t.TempDir(), "base.db"))
	pack, err := starter.Pack()
	if err != nil {
		t.Fatal(err)
	}
	pack.Places = append(pack.Places, place.Place{ID: "royal", Parent: "london", Kind: place.Trust, Name: "Royal Example"})
	if err := h.base.Install(t.Context(), pack); err != nil {
		t.Fatal(err)
	}
	h.save(knowledge.Entry{Slug: "roster-view-shifts", Place: "royal", Answer: "1. Royal's own.\r\n2. Next.",
		Phrasings: []knowledge.Phrasing{{Kind: knowledge.Slang, Text: "me off duty"}, {Kind: knowledge.Goal, Text: "see it"}}},
		knowledge.Entry{Slug: "draft-one", Title: "A draft", Answer: "- Not yet.", State: knowledge.Draft},
		knowledge.Entry{Slug: "old-one", Title: "=Old ", Answer: "-1", State: knowledge.Retired, Review: "30 May"})
	dump := func() string {
		var b strings.Builder
		rows, err := h.db.Read().QueryContext(t.Context(), `SELECT slug, place, version, state, pack, body FROM entry ORDER BY slug, place`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var slug, at, version, state, pack, body string
			if err := rows.Scan(&slug, &at, &version, &state, &pack, &body); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&b, slug, at, version, state, pack, body)
		}
		return b.String()
	}
	before, lines := dump(), h.count(`SELECT COUNT(*) FROM audit`)
	for _, format := range table.Formats {
		t.Run(string(format), func(t *testing.T) {
			var file bytes.Buffer
			if err := table.Write(&file, format, h.base.Snapshot().All()); err != nil {
				t.Fatal(err)
			}
			rows, faults := table.Read("", file.Bytes(), nil)
			p := h.base.Snapshot().Preview(rows, "")
			if len(faults) > 0 || len(p.Faults) > 0 || len(p.Rows) != len(h.base.Snapshot().All()) || p.Count(knowledge.Keeps) != len(p.Rows) || len(p.Places()) > 0 {
				t.Fatalf("%v %v: %d added, %d changed of %d", faults, p.Faults, p.Count(knowledge.Adds), p.Count(knowledge.Changes), len(p.Rows))
			}
			if _, err := h.importRows(p); err != nil {
				t.Fatal(err)
			}
			if dump() != before || h.count(`SELECT COUNT(*) FROM audit`) != lines {
				t.Error("the file changed")
			}
		})
	}
}

func TestPreviewSaysWhatARowDoes(t *testing.T) {
	h := newHouse(t)
	h.save(knowledge.Entry{Slug: "see-shifts", Place: "royal", Answer: "1. Royal's."})
	p := h.base.Snapshot().Preview(rowsOf(t, `slug,title,answer,place,state,version
see-shifts,See my shifts,1. Open the roster.,,,1
reset-password,Reset it,1. Ring the desk.,England,,7
,Scan a letter (A4),1. Lay it flat.,,draft,
see-shifts,,1. New at Royal.,Royal Example,,
swap-shift,Swap a shift,1. Ask a colleague.,england,retired,1
`), "")
	if len(p.Faults) > 0 {
		t.Fatal(p.Faults)
	}
	var got []string
	for _, row := range p.Rows {
		got = append(got, fmt.Sprintf("%s %s %s %s", row.Where, row.Effort, row.Entry.Ref(), row.Entry.State))
	}
	want := []string{"Row 2 unchanged see-shifts@england live", "Row 3 changed reset-password@england live", "Row 4 added scan-a-letter-a4@england draft",
		"Row 5 changed see-shifts@royal live", "Row 6 changed swap-shift@england retired"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if p.Rows[1].Warning == "" || p.Rows[4].Warning != "" {
		t.Error("only the row made from another version needs a warning")
	}
	if !slices.Equal(p.Places(), []string{"england", "royal"}) {
		t.Errorf("it touches %v", p.Places())
	}
	if len(p.Rows[1].Entry.Phrasings) != 2 {
		t.Error("a column that the file lacks was emptied")
	}
}

func TestPreviewSaysWhatToMend(t *testing.T) {
	for _, c := range []struct{ name, file, only, want string }{
		{"an unknown place", "slug,title,answer,place\nx,X,1. A,Narnia\n", "", `Row 2, column place: There is no place "Narnia"`},
		{"another place than it is for", "slug,title,answer,place\nx,X,1. A,london\n", "royal", `Row 2, column place: This is for "london"`},
		{"the same entry twice", "slug,title,answer\nx,X,1. A\nx,Y,1. B\n", "", `Row 3, column slug: "x" stands here twice: Row 2`},
		{"a bad slug", "slug,title,answer\nx y,X,1. A\n", "", `Row 2, column slug: "x y" needs lower case`},
		{"a title of signs", "title,answer\n!!!,1. A\n", "", "Row 2, column slug: It needs one, for none can be made of this title"},
		{"no title", "slug,answer\nx,1. A\n", "", "Row 2, column title: It needs a title"},
		{"no answer", "slug,title\nx,X\n", "", "Row 2, column answer: It needs an answer"},
		{"an answer emptied", "slug,answer\nsee-shifts,\n", "", "Row 2, column answer: It needs an answer"},
		{"an unknown kind", "slug,title,answer,kind\nx,X,1. A,colour\n", "", `Row 2, column kind: There is no kind "colour"`},
		{"an unknown level", "slug,title,answer,level\nx,X,1. A,high\n", "", `Row 2, column level: There is no level "high"`},
		{"no day", "slug,title,answer,Review date\nx,X,1. A,next May\n", "", `Row 2, column review date: "next May" is no day`},
		{"an unknown topic", "slug,title,answer,topic\nx,X,1. A,cooking\n", "", `Row 2, column topic: There is no topic "cooking"`},
		{"an unknown strand", "slug,title,answer,strand\nx,X,1. A,cooking\n", "", `Row 2, column strand: There is no strand "cooking"`},
		{"a next step into nothing", "slug,title,answer,next\nx,X,1. A,gone\n", "", `Row 2, column next step: There is no live entry "gone"`},
		{"an unknown state", "slug,title,answer,state\nx,X,1. A,lost\n", "", `Row 2, column state: There is no state "lost"`},
		{"a row that cannot be read", "slug,title,answer\nx,X,1. A,more\n", "", "Row 2: It has more cells"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			p := h.base.Snapshot().Preview(rowsOf(t, c.file), c.only)
			if len(p.Faults) != 1 || !strings.HasPrefix(p.Faults[0].String(), c.want) {
				t.Errorf("got %v, want %q", p.Faults, c.want)
			}
			if _, err := h.importRows(p); !errors.Is(err, knowledge.ErrInvalid) || h.count(`SELECT COUNT(*) FROM entry_version`) != 3 {
				t.Errorf("something was put in: %v", err)
			}
		})
	}
}

// TestImportRowsReferToEachOther puts in entries that need one another, in the wrong order.
func TestImportRowsReferToEachOther(t *testing.T) {
	h := newHouse(t)
	p := h.base.Snapshot().Preview(rowsOf(t, "slug,title,answer,next,place\nown,,1. Own.,,royal\na,A,1. A,b,\nb,B,1. B,a,\nown,Own,1. N,,\n"), "")
	if _, err := h.importRows(p); err != nil {
		t.Fatal(err, p.Faults)
	}
	if e, ok := h.base.Snapshot().Entry("own", "royal"); !ok || e.Title != "Own" || e.Answer != "1. Own." {
		t.Errorf("Royal reads %+v", e)
	}
}

func TestImportIsAllOrNothing(t *testing.T) {
	h := newHouse(t)
	p := h.base.Snapshot().Preview(rowsOf(t, "slug,answer,title\na,1. A,A\nsee-shifts,1. B,See my shifts\n"), "")
	e := h.own(shifts)
	e.Answer = "1. Meanwhile."
	if err := h.edit(e, knowledge.Act{By: "terminal:ada", Seen: 1}); err != nil {
		t.Fatal(err)
	}
	_, err := h.importRows(p)
	var conflict *knowledge.Conflict
	if !errors.As(err, &conflict) || conflict.Theirs.By != "terminal:ada" || !strings.Contains(err.Error(), "Row 3") {
		t.Errorf("got %v", err)
	}
	if h.count(`SELECT COUNT(*) FROM entry WHERE slug = 'a'`)+h.count(`SELECT COUNT(*) FROM import_batch`) != 0 {
		t.Error("half of it was put in")
	}
}

// answers is what a base answers to many questions, to the last digit.
func answers(s *knowledge.Snapshot, asked []string) string {
	var b strings.Builder
	for _, home := range []string{"", "royal"} {
		for _, text := range asked {
			for _, m := range s.Match(knowledge.Question{Text: text, Home: home}, 3) {
				fmt.Fprintln(&b, home, text, m.Slug(), m.Probability, m.Why())
			}
		}
	}
	return b.String()
}

// TestUndoOfAnImport is the bar: after an import of 1,000 rows is undone, the base answers exactly as before.
func TestUndoOfAnImport(t *testing.T) {
	h := openHouse(t, filepath.Join(t.TempDir(), "base.db"))
	pack := largePack(600)
	pack.Places = append(pack.Places, smallPack().Places[1:]...)
	if err := h.base.Install(t.Context(), pack); err != nil {
		t.Fatal(err)
	}
	other := largePack(1000)
	var rows []knowledge.Row
	for i, e := range other.Entries { // the first 600 are changed, the others new
		e.Title, e.Answer = other.Entries[999-i].Title, "1. Changed. "+e.Answer
		if i%10 == 0 {
			e.State = knowledge.Retired
		}
		rows = append(rows, knowledge.Row{Where: fmt.Sprint("Row ", i), Entry: e})
	}
	var asked []string
	for i := range 100 {
		asked = append(asked, other.Entries[i*10].Phrasings[i%8].Text, pack.Entries[i*6].Title)
	}
	before := answers(h.base.Snapshot(), asked)
	bodies := h.bodies()
	p := h.base.Snapshot().Preview(rows, "")
	batch, err := h.importRows(p)
	if err != nil || batch.Rows != 1000 || p.Count(knowledge.Adds) != 400 || p.Count(knowledge.Changes) != 600 {
		t.Fatalf("%+v, %v: %d added, %d changed", batch, err, p.Count(knowledge.Adds), p.Count(knowledge.Changes))
	}
	if answers(h.base.Snapshot(), asked) == before {
		t.Fatal("the import changed nothing, so that undoing it shows nothing")
	}
	undoing, err := h.undoImport(batch.ID)
	if err != nil || len(undoing.Changes) != 1000 || len(undoing.Kept) != 0 {
		t.Fatalf("%d changes, %v, %v", len(undoing.Changes), undoing.Kept, err)
	}
	h.base.Apply(undoing.Changes...)
	for _, step := range []string{"applied", "read again"} {
		if answers(h.base.Snapshot(), asked) != before {
			t.Errorf("%s, it answers otherwise than before", step)
		}
		if err := h.base.ReloadAll(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if h.bodies() != bodies {
		t.Error("the entries are not byte for byte what they were")
	}
	if _, err := h.undoImport(batch.ID); !errors.Is(err, knowledge.ErrNotFound) {
		t.Errorf("undone again: %v", err)
	}
	if places, err := h.base.ImportPlaces(t.Context(), batch.ID); err != nil || !slices.Equal(places, []string{"england"}) {
		t.Errorf("it touched %v, %v", places, err)
	}
	if list, err := h.base.Imports(t.Context(), 5); err != nil || len(list) != 1 || !list[0].Undone || list[0].Rows != 1000 {
		t.Errorf("the imports are %+v, %v", list, err)
	}
	if got := h.count(`SELECT COUNT(*) FROM audit WHERE what LIKE 'import %' OR what LIKE 'undo import %'`); got != 2 {
		t.Errorf("%d lines of audit for the two acts", got)
	}
}

func (h *house) undoImport(id int64) (u knowledge.Undoing, err error) {
	h.t.Helper()
	err = h.db.Write(h.t.Context(), func(tx *sqldb.Tx) error {
		u, err = h.base.UndoImport(h.t.Context(), tx, id, knowledge.Act{By: "terminal:sam"})
		return err
	})
	return u, err
}

// bodies are the live entries of the first pack, byte for byte.
func (h *house) bodies() (all string) {
	h.t.Helper()
	row := h.db.Read().QueryRowContext(h.t.Context(), `SELECT group_concat(slug || state || body, '|' ORDER BY slug) FROM entry WHERE state = 'live'`)
	if err := row.Scan(&all); err != nil {
		h.t.Fatal(err)
	}
	return all
}

func TestUndoOfAnImportKeepsLaterWork(t *testing.T) {
	h := newHouse(t)
	batch, err := h.importRows(h.base.Snapshot().Preview(rowsOf(t, "slug,title,answer\nsee-shifts,See my shifts,1. I\nswap-shift,Swap a shift,1. I\n"), ""))
	if err != nil {
		t.Fatal(err)
	}
	e := h.own(shifts)
	e.Answer = "1. Later."
	if err := h.edit(e, knowledge.Act{By: "terminal:ada", Seen: 2}); err != nil {
		t.Fatal(err)
	}
	var undoing knowledge.Undoing
	err = h.db.Write(t.Context(), func(tx *sqldb.Tx) (err error) {
		undoing, err = h.base.UndoImport(t.Context(), tx, batch.ID, knowledge.Act{By: "terminal:sam"})
		return err
	})
	if err != nil || len(undoing.Changes) != 1 || !slices.Equal(undoing.Kept, []knowledge.Ref{shifts}) {
		t.Fatalf("%+v, %v", undoing, err)
	}
	h.base.Apply(undoing.Changes...)
	if a, b := answer(h.base.Snapshot(), "see-shifts", ""), answer(h.base.Snapshot(), "swap-shift", ""); a != "1. Later." || b != "1. Ask a colleague." {
		t.Errorf("it answers %q and %q", a, b)
	}
}

// TestImportDrafts keeps a file as drafts, twice: nothing is live, and the second file takes the place of the first.
func TestImportDrafts(t *testing.T) {
	h := newHouse(t)
	for _, text := range []string{"1. First.", "1. Second."} {
		p := h.base.Snapshot().Preview(rowsOf(t, "slug,title,answer\nsee-shifts,See my shifts,"+text+"\nadded,Added,"+text+"\nswap-shift,Swap a shift,1. Ask a colleague.\n"), "")
		err := h.db.Write(t.Context(), func(tx *sqldb.Tx) error {
			n, err := h.base.ImportDrafts(t.Context(), tx, p, knowledge.Act{By: "terminal:sam"})
			if n != 2 {
				t.Errorf("%d drafts, want 2", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		drafts, err := h.base.Drafts(t.Context(), knowledge.Ref{})
		if err != nil || len(drafts) != 2 || drafts[0].State != knowledge.InReview || drafts[0].Entry.Answer != text {
			t.Errorf("the drafts are %+v, %v", drafts, err)
		}
	}
	if h.count(`SELECT COUNT(*) FROM entry_version`) != 3 {
		t.Error("something is live")
	}
}

func TestSlug(t *testing.T) {
	h := newHouse(t)
	for title, want := range map[string]string{"See shifts": "see-shifts-2", "See rotas": "see-rotas", "!!!": ""} {
		if got := h.base.Snapshot().FreeSlug(title); got != want {
			t.Errorf("free for %q: %q, want %q", title, got, want)
		}
	}

	for title, want := range map[string]string{"See my shifts": "see-my-shifts", " What's new? (2026) ": "whats-new-2026", "病院": "", "!!!": "",
		strings.Repeat("word ", 20): "word-word-word-word-word-word-word-word-word-word-word-word"} {
		if got := knowledge.Slug(title); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

// BenchmarkImport reads a spreadsheet of 10,000 rows, previews it, puts it in and answers from it. The bar is 30 s.
func BenchmarkImport(b *testing.B) {
	entries := largePack(10_000).Entries
	for i := range entries {
		entries[i].Place, entries[i].State = "england", knowledge.Live
	}
	for _, format := range []table.Format{table.XLSX, table.CSV} {
		b.Run(string(format), func(b *testing.B) {
			var file bytes.Buffer
			if err := table.Write(&file, format, entries); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				importOnce(b, file.Bytes())
			}
		})
	}
}

func importOnce(b *testing.B, file []byte) {
	db, err := sqldb.Open(b.Context(), filepath.Join(b.TempDir(), "base.db"), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	base, err := knowledge.Open(b.Context(), db, nil)
	if err == nil {
		err = base.Install(b.Context(), smallPack())
	}
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	rows, faults := table.Read("", file, func(int) {})
	b.ReportMetric(time.Since(start).Seconds(), "s-read")
	start = time.Now()
	p := base.Snapshot().Preview(rows, "")
	if len(faults)+len(p.Faults) > 0 || p.Count(knowledge.Adds) != 10_000 {
		b.Fatal(faults, p.Faults, len(p.Rows))
	}
	b.ReportMetric(time.Since(start).Seconds(), "s-preview")
	start = time.Now()
	var changes []knowledge.Change
	err = db.Write(b.Context(), func(tx *sqldb.Tx) (err error) {
		_, changes, err = base.Import(b.Context(), tx, p, knowledge.Act{By: "bench"})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(time.Since(start).Seconds(), "s-write") // all other writers wait for so long
	start = time.Now()
	base.Apply(changes...)
	b.ReportMetric(time.Since(start).Seconds(), "s-apply")
}
