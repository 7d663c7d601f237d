package bot_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/knowledge"
)

// answersTo is what the base answers to questions, to the last digit.
func (h *house) answersTo(questions []string) string {
	var b strings.Builder
	for _, home := range []string{"", "royal"} {
		for _, text := range questions {
			for _, m := range h.base.Snapshot().Match(knowledge.Question{Text: text, Home: home}, 3) {
				fmt.Fprintln(&b, home, text, m.Slug(), m.Probability, m.Why())
			}
		}
	}
	return b.String()
}

// thousandRows changes the seven entries that are there, and adds as many as make a thousand.
func thousandRows() []byte {
	var b strings.Builder
	b.WriteString("slug,title,answer,people ask\n")
	for _, e := range smallPack().Entries {
		fmt.Fprintf(&b, "%s,%s again,1. Changed.,how do i see a changed %s\n", e.Slug, e.Title, e.Slug)
	}
	for i := range 1000 - len(smallPack().Entries) {
		fmt.Fprintf(&b, ",See my shifts on ward %d,1. Go to ward %d.,see the printer of ward %d\n", i, i, i)
	}
	return []byte(b.String())
}

// TestAThousandRowsGoInAndComeOutAgain is the bar: after an import of 1,000 rows is taken back in the chat, the base answers
// exactly as before.
func TestAThousandRowsGoInAndComeOutAgain(t *testing.T) {
	h := curators(t)
	h.noApproval()
	h.grant(cara, people.Curator, "england")
	asked := []string{"how do i see my shifts", "printer not on my list", "see the printer of ward 7", "trace an nhs number", "quantum physics", "choose and book login", "shifts on ward 12"}
	before := h.answersTo(asked)
	body := thousandRows()
	preview := h.by(cara, chat.Event{Kind: chat.SentFile, File: &chat.File{Name: "wards.csv", Size: int64(len(body)), Body: body}})
	h.reads(preview, "993 added", "7 changed", "0 to mend", "and 990 more")
	if h.answersTo(asked) != before {
		t.Error("looking at it changed something")
	}
	done := h.picks(cara, preview, "Put it in")
	h.reads(done, "1000 in all")
	if h.answersTo(asked) == before {
		t.Fatal("the import changed nothing, so that taking it back shows nothing")
	}
	h.reads(h.picks(cara, done, "Take it all back"), "All of it is as it was before")
	if h.answersTo(asked) != before {
		t.Error("it answers otherwise than before")
	}
	h.reads(h.picks(cara, done, "Take it all back"), "taken back already")
	if n := h.count(`SELECT COUNT(*) FROM audit WHERE who = 'test:cara' AND (what LIKE 'import %' OR what LIKE 'undo import %')`); n != 2 {
		t.Errorf("%d lines of audit for the two presses", n)
	}
}

// TestAFileThatChangedUnderneathIsShownAgain: what was agreed to is what goes in, and nothing else.
func TestAFileThatChangedUnderneathIsShownAgain(t *testing.T) {
	h := curators(t)
	h.noApproval()
	h.grant(cara, people.Curator, "england")
	h.grant(olu, people.Curator, "england")
	body := []byte("slug,answer\nprinter,1. From the file.\n")
	preview := h.by(cara, chat.Event{Kind: chat.SentFile, File: &chat.File{Name: "a.csv", Size: int64(len(body)), Body: body}})
	h.goesLive(olu, h.fills(olu, h.types(olu, "edit printer"), "answer", "1. From Olu."))
	again := h.picks(cara, preview, "Put it in")
	h.reads(again, "Something has changed since you looked, so I put nothing in", "1 changed")
	if h.live("printer", "") != "1. From Olu." {
		t.Error("it went in unseen")
	}
	h.picks(cara, again, "Put it in")
	if h.live("printer", "") != "1. From the file." {
		t.Error("it did not go in when agreed to")
	}
}

// TestEditDeleteRestoreIsByteIdentical is the bar: edited, retired and brought back, an entry is what it was, byte for byte,
// and the audit trail has three lines of it.
func TestEditDeleteRestoreIsByteIdentical(t *testing.T) {
	h := curators(t)
	h.noApproval()
	h.grant(cara, people.Curator, "england")
	draft := h.fills(cara, h.types(cara, "edit printer"), "answer", "1. Changed.")
	lines := h.count(`SELECT COUNT(*) FROM audit WHERE what LIKE 'entry %printer@england'`)
	h.goesLive(cara, draft)
	h.picks(cara, h.types(cara, "show printer"), "Retire it")
	h.picks(cara, h.picks(cara, h.types(cara, "history printer"), "Version 1"), "Bring this version back")
	if n := h.count(`SELECT COUNT(*) FROM entry_version a, entry b WHERE a.slug = 'printer' AND a.version = 1 AND b.slug = 'printer' AND b.version = 4 AND a.body = b.body AND b.state = 'live'`); n != 1 {
		t.Error("it is not what it was, byte for byte")
	}
	if n := h.count(`SELECT COUNT(*) FROM audit WHERE what LIKE 'entry %printer@england' AND who = 'test:cara'`) - lines; n != 3 {
		t.Errorf("%d lines of audit, want three", n)
	}
}

// sends has somebody send a file.
func (h *house) sends(person chat.Address, name string, body []byte) chat.Turn {
	h.t.Helper()
	return h.by(person, chat.Event{Kind: chat.SentFile, File: &chat.File{Name: name, Size: int64(len(body)), Body: body}})
}

// given is the file that somebody was sent last.
func (h *house) given(person chat.Address) chat.File {
	h.t.Helper()
	var body string
	var post chat.Post
	row := h.db.Read().QueryRowContext(h.t.Context(), `SELECT post FROM outbox WHERE place = $1 ORDER BY id DESC LIMIT 1`, person)
	if err := row.Scan(&body); err != nil {
		h.t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(body), &post); err != nil || post.Message.File == nil {
		h.t.Fatalf("%v in %s", err, body)
	}
	return *post.Message.File
}

// TestWhatIsExportedChangesNothingWhenSentBack is true of every kind of file.
func TestWhatIsExportedChangesNothingWhenSentBack(t *testing.T) {
	h := curators(t)
	h.noApproval()
	h.grant(cara, people.Curator, "england")
	for _, kind := range []string{"csv", "xlsx", "md", "json"} {
		h.reads(h.types(cara, "export "+kind), "Entries in it: 7")
		file := h.given(cara)
		h.reads(h.sends(cara, file.Name, file.Body), "0 added", "0 changed", "7 the same as before", "There is nothing new in it")
	}
	if n := h.count(`SELECT COUNT(*) FROM import_plan`); n != 0 {
		t.Errorf("%d files wait that would change nothing", n)
	}
}

func TestFilesThatAreNotTaken(t *testing.T) {
	h := curators(t)
	h.noApproval()
	h.grant(cara, people.Curator, "england")
	before := h.everything()
	long := []byte("title,answer\n" + strings.Repeat("A,1. B\n", 2001))
	h.reads(h.sends(cara, "long.csv", long), "That file has 2001 rows", "2000 at most")
	h.reads(h.sends(cara, "gone.xlsx", nil), "I could not read that file")
	h.reads(h.sends(cara, "broken.xlsx", []byte("PK\x03\x04 no more")), "I put nothing in")
	h.reads(h.sends(cara, "empty.csv", []byte(" ")), "to mend")
	h.reads(h.sends(cara, "photo.png", []byte("\x89PNG")), "I cannot open files or pictures")
	h.reads(h.sends(nurse, "a.csv", []byte("title,answer\nA,1. B\n")), "I cannot open files or pictures")
	if h.everything() != before {
		t.Error("something was kept or changed")
	}
	for range 8 {
		h.sends(cara, "a.csv", []byte("title,answer\nA,1. B\n"))
	}
	if n := h.count(`SELECT COUNT(*) FROM import_plan`); n != 5 {
		t.Errorf("%d files of one person wait", n)
	}
}
