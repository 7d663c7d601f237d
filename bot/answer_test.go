package bot_test

import (
	"slices"
	"strings"
	"testing"

	"signpost/bot/chat"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// place fills in a local detail of the Royal.
func (h *house) place(key, value string) {
	h.t.Helper()
	err := h.db.Write(h.t.Context(), func(tx *sqldb.Tx) error {
		if _, err := place.SetDetail(h.t.Context(), tx, "royal", key, value); err != nil {
			return err
		}
		_, err := tx.Raise(h.t.Context())
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestAnAnswerIsInTheOrderOfNeed(t *testing.T) {
	h := newHouse(t)
	h.place("roster-team", "ext 4521")
	h.says("me nurse at Royal Example")
	text := h.does(chat.Event{Kind: chat.Said, Text: "how do i see my shifts"}).Reply.Text
	whole, at := text.String(), -1
	for _, piece := range []string{"See my shifts", "1. Open the roster.", "If it does not work", "- Ask your roster team.",
		"Who can help at Royal Example", "ext 4521", "Links and places to learn", "roster.example.org", "Who it is for"} {
		next := strings.Index(whole, piece)
		if next <= at {
			t.Errorf("%q stands at %d, what comes before it at %d, in\n%s", piece, next, at, whole)
		}
		at = next
	}
	notes := 0
	for _, part := range text {
		if part.Kind == chat.Note {
			notes++
		}
	}
	if notes != 1 || text[len(text)-1].Kind != chat.Note {
		t.Errorf("the small print is in %d notes, want one at the end", notes)
	}
}

func TestRenamed(t *testing.T) {
	const refer, card = "Choose and book is now called e-RS.", " is now called Care Identity Management."
	for _, c := range []struct{ asked, title, says string }{
		{"choose and book login", "Make and track referrals", refer},
		{"Choose and Book: choose-and-book login?", "Make and track referrals", refer},
		{"send a referral in e-rs", "Make and track referrals", ""},
		{"install the ward printer in medway", "Add a printer", ""}, // a town: the answer is about no such system
		{"cis smartcard login", "Sign in with a smartcard", "CIS" + card},
		{"sign in to care identity service 2", "Sign in with a smartcard", ""}, // a longer name that still holds
		{"care identity service sign in", "Sign in with a smartcard", "Care identity service" + card},
	} {
		got := newHouse(t).says(c.asked)
		if !strings.Contains(got, c.title) {
			t.Errorf("%q: read\n%s\nwant %q", c.asked, got, c.title)
		}
		if n := strings.Count(got, "is now called"); c.says == "" && n != 0 || c.says != "" && (n != 1 || !strings.Contains(got, c.says)) {
			t.Errorf("%q: read\n%s\nwant once %q", c.asked, got, c.says)
		}
	}
}

func TestTheSameAnswerAgainIsOwned(t *testing.T) {
	again := words.Say("answer.again").String()
	h := newHouse(t)
	for _, c := range []struct {
		said  string
		again bool
	}{
		{"how do i see my shifts", false},
		{"and where is my rota?", true},
		{"printer not on my list", false},
	} {
		got := h.says(c.said)
		if strings.HasPrefix(got, again) != c.again {
			t.Errorf("%q: read\n%s\nwant the note about the same answer: %v", c.said, got, c.again)
		}
	}
}

func TestNotQuiteOffersOnlyWhatIsNear(t *testing.T) {
	h := newHouse(t)
	if d := h.bot.Consider(knowledge.Question{Text: "how do i see my shifts with a password"}); len(d.Matches) < 2 {
		t.Fatalf("nothing else matches at all, so that nothing is tested: %v", d.Matches)
	}
	turn := h.press(h.does(chat.Event{Kind: chat.Said, Text: "how do i see my shifts with a password"}), "notquite")
	if got, want := turn.Reply.Text.String(), words.Say("feedback.notquite-alone").String(); got != want || len(turn.Reply.Choices) != 0 {
		t.Errorf("read %q with %v, want %q", got, turn.Reply.Choices, want)
	}
}

func TestNotQuiteNeverOffersWhatWasRead(t *testing.T) {
	h := newHouse(t)
	turn := h.does(chat.Event{Kind: chat.Said, Text: "shift"})
	if len(turn.Reply.Choices) < 2 {
		t.Fatalf("got %+v, want an offer", turn.Reply)
	}
	var read []string
	for len(turn.Reply.Choices) > 0 && len(read) < 5 {
		slug := turn.Reply.Choices[0].ID[strings.LastIndex(turn.Reply.Choices[0].ID, " ")+1:]
		if slices.Contains(read, slug) {
			t.Fatalf("%s is offered again after %v", slug, read)
		}
		read = append(read, slug)
		turn = h.press(h.press(turn, "pick"), "notquite")
	}
	if len(read) < 2 {
		t.Errorf("only %v was offered", read)
	}
}

func TestKindReplies(t *testing.T) {
	h := newHouse(t)
	for said, key := range map[string]string{
		"???": "unknown.empty", "...": "unknown.empty", "🙂": "aside.smalltalk",
		"you are no help": "aside.sorry", "you were not helpful": "aside.sorry", "thanks that was helpful": "aside.thanks",
		"do you keep my questions": "aside.about-bot", "is this private": "aside.about-bot", "who sees this": "aside.about-bot",
	} {
		if got, want := h.says(said), words.Say(key).String(); got != want {
			t.Errorf("%q: read\n%s\nwant\n%s", said, got, want)
		}
	}
	if got, start := h.says("digital champions"), words.Say("aside.champion-find").String(); !strings.HasPrefix(got, start) {
		t.Errorf("read\n%s\nwant\n%s", got, start)
	}
}

func TestWhoSomebodyIs(t *testing.T) {
	for _, c := range []struct{ said, says string }{
		{"me nurse at royal exmaple", "Do you mean one of these?"},
		{"me wizard at royal example", `I do not know the job "wizard".`},
		{"me royal exmaple", "Do you mean one of these?"},
		{"i work at royal exmaple", "Do you mean one of these?"},
		{"i am a carer at Sunny Meadows", `I do not know "Sunny Meadows" yet.`},
		{"i am a nurse in the community team and how do i see my shifts", "See my shifts"}, // a question
	} {
		h := newHouse(t)
		turn := h.does(chat.Event{Kind: chat.Said, Text: c.said})
		if got := turn.Reply.Text.String(); !strings.Contains(got, c.says) {
			t.Errorf("%q: read\n%s\nwant %q", c.said, got, c.says)
		}
		if offered := len(turn.Reply.Choices) == 1 && turn.Reply.Choices[0].ID == "home royal"; strings.HasPrefix(c.says, "Do you mean") && !offered {
			t.Errorf("%q: offered are %v", c.said, turn.Reply.Choices)
		}
	}
}

func TestAJobIsShownByTheNameTyped(t *testing.T) {
	h := newHouse(t)
	turn := h.does(chat.Event{Kind: chat.TypedAhead, Form: "me", Field: "role", Text: "Receptionist"})
	if len(turn.Suggestions) == 0 || turn.Suggestions[0].Label != "administrator" || turn.Suggestions[0].Detail != "receptionist" {
		t.Errorf("suggested are %+v", turn.Suggestions)
	}
}

// What is too old goes when the program starts, though nobody asks.
func TestOldRowsGoAtTheStart(t *testing.T) {
	h := newHouse(t)
	h.says("how do i see my shifts")
	h.says("frobnicate the hoverboard")
	rows := func() [3]int {
		return [3]int{h.count(`SELECT count(*) FROM question`), h.count(`SELECT count(*) FROM gap`), h.count(`SELECT count(*) FROM conversation`)}
	}
	for _, step := range []struct {
		days int
		want [3]int
	}{{0, [3]int{2, 1, 1}}, {1, [3]int{2, 1, 0}}, {88, [3]int{2, 1, 0}}, {2, [3]int{0, 0, 0}}} {
		h.clock = h.clock.AddDate(0, 0, step.days)
		h.open()
		if got := rows(); got != step.want {
			t.Errorf("%d days on there are %v questions, gaps and conversations, want %v", step.days, got, step.want)
		}
	}
}
