package bot_test

import (
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"signpost/bot"
	"signpost/bot/chat"
	"signpost/knowledge"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// A house is a bot over a small base, with a clock that tests move.
type house struct {
	t     *testing.T
	db    *sqldb.DB
	base  *knowledge.Base
	bot   *bot.Bot
	clock time.Time
	ids   atomic.Int64
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, clock: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	asides, err := bot.Asides()
	if err != nil {
		t.Fatal(err)
	}
	if h.db, err = sqldb.Open(t.Context(), filepath.Join(t.TempDir(), "base.db"), func() time.Time { return h.clock }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.db.Close() })
	if h.base, err = knowledge.Open(t.Context(), h.db, asides); err != nil {
		t.Fatal(err)
	}
	if err := h.base.Install(t.Context(), smallPack()); err != nil {
		t.Fatal(err)
	}
	h.open()
	return h
}

// open starts the bot, as the program does.
func (h *house) open() {
	h.t.Helper()
	var err error
	h.bot, err = bot.Open(h.t.Context(), bot.Config{DB: h.db, Base: h.base, NewID: func() string { return "q" + strconv.FormatInt(h.ids.Add(1), 10) }})
	if err != nil {
		h.t.Fatal(err)
	}
}

func smallPack() knowledge.Pack {
	entry := func(slug, title, answer string, systems []string, phrasings ...string) knowledge.Entry {
		e := knowledge.Entry{Slug: slug, Title: title, Kind: knowledge.HowTo, Topic: "everyday", Strand: "skills", Answer: answer,
			Systems: systems, Owner: "Tests", Review: "2027-06-30"}
		for _, p := range phrasings {
			e.Phrasings = append(e.Phrasings, knowledge.Phrasing{Kind: knowledge.Goal, Text: p})
		}
		return e
	}
	shifts := entry("see-shifts", "See my shifts", "1. Open the roster.", nil,
		"how do i see my shifts", "when am i working next", "where is my rota")
	shifts.Fallback = "- Ask {roster-team}."
	shifts.Resources = []knowledge.Resource{{Name: "Roster help", URL: "https://roster.example.org"}}
	return knowledge.Pack{
		ID: "small", Version: "1",
		Places: []place.Place{
			{ID: "england", Kind: place.Nation, Name: "England"},
			{ID: "london", Parent: "england", Kind: place.Region, Name: "London"},
			{ID: "royal", Parent: "london", Kind: place.Trust, Name: "Royal Example"},
		},
		Strands:   []knowledge.Strand{{ID: "skills", Name: "Skills", Topics: []knowledge.Topic{{ID: "everyday", Name: "Every day"}}}},
		LocalKeys: []knowledge.LocalKey{{Key: "roster-team", Name: "your roster team"}},
		Terms: []knowledge.Term{
			{Name: "e-RS", Kind: knowledge.SystemTerm, Was: []string{"choose and book"}},
			{Name: "Care Identity Management", Kind: knowledge.SystemTerm, Was: []string{"cis", "care identity service"}},
			{Name: "CareFlow", Kind: knowledge.SystemTerm, Was: []string{"medway"}},
			{Name: "CIS2", Full: "Care Identity Service 2", Kind: knowledge.SystemTerm},
		},
		Entries: []knowledge.Entry{
			shifts,
			entry("swap-shift", "Swap a shift with a colleague", "1. Ask a colleague.", nil, "can somebody take my night shift", "change duties"),
			entry("trace", "Find a patient's NHS number", "1. Open the tracing service.", nil, "trace an NHS number", "look up an NHS number", "what is the NHS number of my patient"),
			entry("refer", "Make and track referrals", "1. Open e-RS.", []string{"e-RS"}, "send a referral in e-RS", "choose and book login", "where is my referral"),
			entry("card", "Sign in with a smartcard", "1. Put it in.", []string{"Care Identity Management", "CIS2"}, "cis smartcard login", "sign in to care identity service 2", "care identity service sign in"),
			entry("printer", "Add a printer", "1. Open the settings.", nil, "printer not on my list", "install the ward printer"),
			entry("screen", "Share my screen in a meeting", "1. Press Share.", nil, "how do i share my screen", "show my slides in a call"),
		},
	}
}

// does has the nurse do something.
func (h *house) does(event chat.Event) chat.Turn {
	h.t.Helper()
	h.clock = h.clock.Add(time.Second)
	event.Person, event.Where, event.At, event.TakesReply, event.Greeted = "test:nurse", "test:nurse", h.clock, true, true
	event.Key = h.clock.String()
	turn, err := h.bot.Handle(h.t.Context(), event)
	if err != nil {
		h.t.Fatalf("%s: %v", event.Kind, err)
	}
	return turn
}

// says gives the whole text that the nurse reads after typing a line.
func (h *house) says(line string) string {
	h.t.Helper()
	turn := h.does(chat.Event{Kind: chat.Said, Text: line})
	if turn.Reply == nil {
		h.t.Fatalf("after %q there is no reply but %+v", line, turn)
	}
	return turn.Reply.Text.String()
}

// press presses the button or choice whose id starts with verb in a turn.
func (h *house) press(turn chat.Turn, verb string) chat.Turn {
	h.t.Helper()
	for _, b := range turn.Reply.Buttons {
		if strings.HasPrefix(b.ID, verb+" ") {
			return h.does(chat.Event{Kind: chat.Pressed, Button: b.ID})
		}
	}
	for _, c := range turn.Reply.Choices {
		if strings.HasPrefix(c.ID, verb+" ") {
			return h.does(chat.Event{Kind: chat.Pressed, Button: c.ID})
		}
	}
	h.t.Fatalf("nothing to press for %q in %+v", verb, turn.Reply)
	return chat.Turn{}
}

func (h *house) count(query string) (n int) {
	h.t.Helper()
	if err := h.db.Read().QueryRow(query).Scan(&n); err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
	return n
}
