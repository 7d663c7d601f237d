package bot_test

import (
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
				fmt.Fprintln(&b, home, text, m.Slug(), m.Probability, m.Why)
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
