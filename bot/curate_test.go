package bot_test

import (
	"strings"
	"testing"

	"signpost/bot"
	"signpost/bot/people"
	"signpost/knowledge"
)

func TestAnEntryIsAddedAndGoesLiveOnASecondPress(t *testing.T) {
	h := curators(t)
	h.noApproval()
	h.grant(cara, people.Curator, "england")
	saved := h.fills(cara, h.types(cara, "add entry"), "title", "Book a meeting room", "answer", "1. Open the room list.\n2. Pick a time.",
		"phrasings", "how do i book a room\nsymptom: the room is taken", "links", "Rooms | https://rooms.example.org", "topic", "every day")
	h.reads(saved, "Saved as a draft: Book a meeting room", "It is not live yet", "[Put it live]", "[More about it]", "Only 2 ways of asking")
	if got := h.live("book-a-meeting-room", ""); got != "" {
		t.Errorf("a draft is read: %q", got)
	}
	saved = h.fills(cara, h.picks(cara, saved, "More about it"), "audience", "nurses, carer", "owner", "Rooms team", "review", "1 May 2027", "next", "See my shifts")
	preview := h.picks(cara, saved, "Preview")
	h.reads(preview, "This is what people would read", "1. Open the room list.", "Rooms: https://rooms.example.org", "Rooms team", "1 May 2027")
	h.reads(h.goesLive(cara, preview), `"Book a meeting room" is live for England.`, "[Undo]")
	e, ok := h.base.Snapshot().Entry("book-a-meeting-room", "royal")
	if !ok || e.Topic != "everyday" || e.Strand != "skills" || e.Next != "see-shifts" || len(e.Audience) != 2 || len(e.Phrasings) != 2 ||
		e.Phrasings[1] != (knowledge.Phrasing{Kind: knowledge.Symptom, Text: "the room is taken"}) {
		t.Errorf("live is %+v", e)
	}
	if n := h.count(`SELECT COUNT(*) FROM audit WHERE who = 'test:cara' AND what LIKE '%book-a-meeting-room@england'`); n != 3 {
		t.Errorf("the audit trail has %d lines of it, want two saves and one approval", n)
	}
}

func TestWhatIsWrongInAFormIsAskedAgain(t *testing.T) {
	h := curators(t)
	h.grant(cara, people.Curator, "england")
	before := h.everything()
	again := h.fills(cara, h.types(cara, "new entry"), "title", "Book a room", "topic", "gardening")
	h.reads(again, "title: Book a room", `There is no topic "gardening"`, "answer:  This one is needed.")
	again = h.fills(cara, again, "answer", "1. Book it.", "title", "???", "topic", "")
	h.reads(again, "title: ??? This one is needed.", "answer: 1. Book it.")
	if h.everything() != before {
		t.Error("something was written")
	}
	saved := h.fills(cara, again, "title", "Book a room")
	wrong := h.fills(cara, h.picks(cara, saved, "More about it"), "audience", "wizards", "review", "soon", "next", "nothing like it")
	h.reads(wrong, `the job "wizards"`, "review: soon Please write the day", `no answer called "nothing like it"`)
}

func TestAnEditSaysWhatItWouldTake(t *testing.T) {
	h := curators(t)
	h.noApproval()
	h.grant(cara, people.Curator, "england")
	saved := h.fills(cara, h.types(cara, "edit screen"), "phrasings", "how do i share my screen\nprinter not on my list\ninstall the ward printer", "links", "Bad | http://x y")
	h.reads(saved, "Please look at this first:", `"Add a printer"`, "The link of \"Bad\"")
	live := h.picks(cara, saved, "Put it live")
	h.reads(live, "There is something to look at first")
	h.reads(h.fills(cara, live), "This one is needed")
	h.reads(h.fills(cara, live, "because", "they moved 999 000 0026"), "is live for England")
	if n := h.count(`SELECT COUNT(*) FROM entry_version WHERE slug = 'screen' AND version = 2 AND act = 'approve' AND because LIKE 'they moved%' AND because NOT LIKE '%0026%'`); n != 1 {
		t.Error("the reason is not kept, or kept unmasked")
	}
	if n := h.count(`SELECT COUNT(*) FROM audit WHERE what = 'entry approve screen@england' AND after LIKE '%because: they moved%'`); n != 1 {
		t.Error("the reason is not in the audit trail")
	}
	h.reads(h.fills(cara, h.types(cara, "edit screen")), "Nothing was changed.")
}

func TestHideRetireRestoreUndo(t *testing.T) {
	h := curators(t)
	h.noApproval()
	h.grant(cara, people.Curator, "england")
	was := h.live("see-shifts", "")
	page := h.types(cara, "show see-shifts")
	h.reads(page, "See my shifts", "see-shifts, for England. It is live. This is version 1.")
	hidden := h.picks(cara, page, "Hide it now")
	if h.live("see-shifts", "") != "" {
		t.Error("a hidden entry is read")
	}
	h.reads(h.picks(cara, hidden, "Undo"), "as it was before")
	if h.live("see-shifts", "") != was {
		t.Error("undo brought something else back")
	}
	h.reads(h.picks(cara, hidden, "Undo"), "so I did nothing") // pressed again, it is about a version that is gone
	h.reads(h.picks(cara, page, "Retire it"), "has changed", "so I did nothing")
	h.picks(cara, h.types(cara, "show see-shifts"), "Retire it")
	if h.live("see-shifts", "") != "" {
		t.Error("a retired entry is read")
	}
	history := h.types(cara, "history see-shifts")
	h.reads(history, "Version 4: retired by test:cara on 23 November 2026", "Version 1: came with Signpost on 23 November 2026")
	h.reads(h.picks(cara, h.picks(cara, history, "Version 1"), "Bring this version back"), "is live again as it was then")
	if n := h.count(`SELECT COUNT(DISTINCT body) FROM entry_version WHERE slug = 'see-shifts'`); n != 1 || h.live("see-shifts", "") != was {
		t.Errorf("there are %d texts, want the same one all the way", n)
	}
	h.reads(h.types(cara, "diff see-shifts 1 4"), "It was live, and now it is retired.")
	if n := h.count(`SELECT COUNT(*) FROM audit WHERE who = 'test:cara' AND what LIKE 'entry %see-shifts@england'`); n != 4 {
		t.Errorf("%d lines of audit, want one for each of hide, undo, retire, restore", n)
	}
}

func TestWhoWroteItDoesNotApproveIt(t *testing.T) {
	h := curators(t)
	h.grant(cara, people.Curator, "england")
	h.grant(olu, people.Approver, "england")
	saved := h.fills(cara, h.types(cara, "edit printer"), "answer", "1. Ask the printer.")
	if _, ok := offered(saved, "Put it live"); ok {
		t.Error("a curator may put it live where approval is asked for")
	}
	h.reads(h.presses(cara, "c-live 1 1"), "somebody who did not write it")
	h.reads(h.withReason(cara, h.picks(cara, saved, "Send for approval")), "now waits for approval")
	if n := h.count(`SELECT COUNT(*) FROM outbox WHERE place = 'test:olu'`); n != 1 {
		t.Errorf("%d messages went to the approver", n)
	}
	draft := h.picks(olu, h.types(olu, "drafts"), "Add a printer")
	h.reads(draft, "test:cara wrote it", "put in: 1. Ask the printer.", "taken out: 1. Open the settings.", "[Send it back]")
	h.reads(h.fills(olu, h.picks(olu, draft, "Send it back"), "because", "say which printer"), "sent back")
	h.goesLive(olu, draft) // as he saw it: nobody saved it since
	if h.live("printer", "") != "1. Ask the printer." {
		t.Error("it is not live")
	}
	if n := h.count(`SELECT COUNT(*) FROM outbox WHERE place = 'test:cara'`); n != 2 {
		t.Errorf("%d messages went to the author, want that it came back, and that it is live", n)
	}
	h.reads(h.presses(cara, "c-hide printer "+placeOf(t, saved, h)+" 2"), "is hidden") // any curator may
	h.reads(h.presses(cara, "c-undo printer "+placeOf(t, saved, h)+" 3"), "as it was before")
	h.reads(h.presses(cara, "c-undo printer "+placeOf(t, saved, h)+" 4"), "as it was before") // her own undo again: hidden
	h.reads(h.presses(cara, "c-retire printer "+placeOf(t, saved, h)+" 5"), "needs an approver")
}

// placeOf is the code of England, as buttons have it.
func placeOf(t *testing.T, _ any, h *house) string {
	t.Helper()
	id, ok := offered(h.types(cara, "show printer"), "History")
	if !ok {
		t.Fatal("no history to press")
	}
	return strings.Fields(id)[2]
}

func TestAnApproverAloneGivesAReason(t *testing.T) {
	h := curators(t)
	h.grant(olu, people.Approver, "england")
	saved := h.fills(olu, h.types(olu, "edit printer"), "answer", "1. Ask the printer.")
	h.reads(h.presses(olu, "c-live 1 1"), "somebody who did not write it")
	h.grant(olu, people.Admin, "england")
	h.reads(h.presses(olu, "c-live 1 1"), "Nobody else can approve it here")
	h.grant(cara, people.Approver, "london") // not of the nation
	h.reads(h.presses(olu, "c-live 1 1"), "Nobody else can approve it here")
	h.grant(cara, people.Approver, "england")
	h.reads(h.fills(olu, h.presses(olu, "c-back 1 1"), "because", "x"), "sent back")
	h.reads(h.presses(olu, "c-live 1 1"), "somebody who did not write it")
	if _, ok := offered(saved, "Put it live"); ok || h.live("printer", "") != "1. Open the settings." {
		t.Error("the author put it live")
	}
	h.goesLive(cara, h.picks(cara, h.types(cara, "drafts"), "Add a printer"))
}

func TestAnAdminAloneGoesLiveWithAReason(t *testing.T) {
	h := curators(t)
	h.grant(olu, people.Admin, "england")
	saved := h.fills(olu, h.types(olu, "edit printer"), "answer", "1. Ask the printer.")
	form := h.picks(olu, saved, "Put it live")
	h.reads(h.fills(olu, form, "because", " "), "This one is needed")
	h.reads(h.fills(olu, form, "because", "I am the only one"), "is live for England")
	if n := h.count(`SELECT COUNT(*) FROM entry_version WHERE slug = 'printer' AND because = 'I am the only one'`); n != 1 {
		t.Error("the reason is not kept")
	}
}

func TestAnOwnVersionFollows(t *testing.T) {
	h := curators(t)
	h.noApproval()
	h.grant(cara, people.Curator, "royal")
	page := h.types(cara, "show see-shifts")
	if _, ok := offered(page, "Edit"); ok {
		t.Error("a curator of one organisation is offered to edit the national entry")
	}
	form := h.picks(cara, page, "Our version")
	h.reads(form, "the version for Royal Example", "answer: 1. Open the roster.")
	h.goesLive(cara, h.fills(cara, form, "answer", "1. Open our own roster."))
	own, _ := h.base.Snapshot().Own("see-shifts", "royal")
	if own.Title != "" || len(own.Phrasings) != 0 || len(own.Resources) != 0 {
		t.Errorf("the version holds what it did not change: %+v", own)
	}
	if h.live("see-shifts", "royal") != "1. Open our own roster." || h.live("see-shifts", "st-other") != "1. Open the roster." {
		t.Error("the version is read elsewhere, or not at home")
	}
	h.reads(h.types(cara, "show see-shifts"), "This is the version of Royal Example")
	h.grant(olu, people.Curator, "england")
	h.goesLive(olu, h.fills(olu, h.types(olu, "edit see-shifts"), "title", "Look at my shifts"))
	if e, _ := h.base.Snapshot().Entry("see-shifts", "royal"); e.Title != "Look at my shifts" || e.Answer != "1. Open our own roster." {
		t.Errorf("it does not follow: %+v", e)
	}
}

func TestTwoCuratorsOnOneEntry(t *testing.T) {
	h := curators(t)
	h.noApproval()
	h.grant(cara, people.Curator, "england")
	h.grant(olu, people.Curator, "england")
	first, second := h.types(cara, "edit printer"), h.types(olu, "edit printer")
	h.goesLive(cara, h.fills(cara, first, "answer", "1. Cara's way."))
	told := h.fills(olu, second, "title", "Add or move a printer")
	h.reads(told, "test:cara changed this while you were at it", "put in: 1. Cara's way.", "put in: Add or move a printer", "[I have seen both: go on with mine]")
	if _, ok := offered(told, "Put it live"); ok {
		t.Error("it could go live over the other's")
	}
	h.reads(h.presses(olu, "c-live 2 1"), "test:cara changed this")
	if h.live("printer", "") != "1. Cara's way." {
		t.Error("the first is lost")
	}
	form := h.picks(olu, told, "I have seen both: go on with mine")
	h.reads(form, "title: Add or move a printer", "answer: 1. Cara's way.") // what he left alone is hers
	h.goesLive(olu, h.fills(olu, form, "answer", "1. Cara's way, and mine."))
	if e, _ := h.base.Snapshot().Entry("printer", ""); e.Title != "Add or move a printer" || e.Answer != "1. Cara's way, and mine." {
		t.Errorf("live is %+v", e)
	}
	if n := h.count(`SELECT COUNT(*) FROM entry_version WHERE slug = 'printer'`); n != 3 {
		t.Errorf("there are %d versions, want all three", n)
	}
}

func TestTwoCuratorsInOneDraft(t *testing.T) {
	h := curators(t)
	h.grant(cara, people.Curator, "england")
	h.grant(olu, people.Curator, "england")
	draft := h.fills(cara, h.types(cara, "edit screen"), "answer", "1. Cara.")
	also := h.fills(olu, h.types(olu, "edit screen"), "answer", "1. Olu.")
	h.reads(also, "test:cara is working on this too", "Look at the draft of test:cara")
	edited := h.picks(olu, h.picks(olu, also, "Look at the draft of test:cara"), "Edit")
	h.fills(olu, edited, "answer", "1. Olu in Cara's draft.")
	h.reads(h.picks(cara, draft, "Send for approval"), "test:olu has saved this draft again") // not as she saw it
	h.fills(cara, h.picks(cara, draft, "Edit"), "answer", "1. Cara once more.")
	late := h.fills(olu, edited, "answer", "1. Olu late.")
	h.reads(late, "test:cara saved this draft while you were at it", "put in: 1. Cara once more.", "answer: 1. Olu late.")
	h.reads(h.fills(olu, late), "Saved as a draft")
	if n := h.count(`SELECT COUNT(*) FROM draft WHERE body LIKE '%1. Olu late.%'`); n != 1 {
		t.Error("what he typed is lost")
	}
}

func TestWhatCouldNotBeLookedAtInTimeIsSaid(t *testing.T) {
	h := curators(t)
	h.noApproval()
	h.grant(cara, people.Curator, "england")
	bot.NoTime(h.bot)
	saved := h.fills(cara, h.types(cara, "edit printer"), "answer", "1. Press the button.")
	h.reads(saved, "There was no time to ask all questions again")
	asked := h.picks(cara, saved, "Put it live")
	h.reads(asked, "If it is right as it is, say why")
	if h.live("printer", "") == "1. Press the button." {
		t.Error("it went live unseen")
	}
	h.reads(h.withReason(cara, asked), "is live for England")
}
