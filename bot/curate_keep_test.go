package bot_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/bot"
	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// keeps uses the shortcut on somebody's message.
func (h *house) keeps(person chat.Address, text string) chat.Turn {
	h.t.Helper()
	return h.by(person, chat.Event{Kind: chat.Pressed, Button: "keep", Text: text, Public: true, Alone: true})
}

func TestAMessageBecomesADraft(t *testing.T) {
	h := curators(t)
	h.grant(cara, people.Curator, "england")
	shortcuts := ""
	for _, s := range bot.Menu().Shortcuts {
		shortcuts += s.ID + " "
	}
	if !strings.Contains(shortcuts, "keep ") {
		t.Errorf("the shortcuts are %q", shortcuts)
	}
	before := h.everything()
	h.reads(h.keeps(cara, "how do I book a room for 943 476 5919?"), "phrasings: how do I book a room for [NHS number]?")
	long := h.keeps(cara, "To book a room, open the list of rooms, then pick a day and a time that suits all of you, and press book. It is then in your diary.")
	h.reads(long, "answer: To book a room")
	h.reads(h.keeps(cara, "i want to end my life"), "That message is not one to keep")
	h.reads(h.keeps(nurse, "how do I book a room?"), "That is for the people who look after the answers")
	if h.everything() != before {
		t.Error("something was kept before it was saved")
	}
	h.reads(h.fills(cara, long, "title", "Book a room"), "Saved as a draft: Book a room")
	if n := h.count(`SELECT COUNT(*) FROM draft WHERE source = 'message' AND author = 'test:cara'`); n != 1 {
		t.Error("the draft does not say where it is from")
	}
}

// TestAQuestionOfACuratorStaysAQuestion: what only looks like a command is answered, and kept like any question.
func TestAQuestionOfACuratorStaysAQuestion(t *testing.T) {
	h := curators(t)
	h.grant(cara, people.Curator, "england")
	for _, text := range []string{"why is my payslip wrong", "history of the trust", "edit my rota", "how do i show my screen", "who can restore a file", "show me my shifts",
		"restore printer drivers", "word is broken: it closes", "why not: my printer is gone"} {
		asked := h.count(`SELECT COUNT(*) FROM question`)
		h.types(cara, text)
		if h.count(`SELECT COUNT(*) FROM question`) != asked+1 {
			t.Errorf("%q was taken for a command", text)
		}
	}
	asked := h.count(`SELECT COUNT(*) FROM question`)
	for _, text := range []string{"why: how do i see my shifts", "try as nurse at royal: how do i see my shifts", "WHY : my printer", "show: printer", "gaps", "reports"} {
		h.types(cara, text)
	}
	if h.count(`SELECT COUNT(*) FROM question`) != asked {
		t.Error("a command is kept as a question")
	}
}

// TestManySaveAtOnce: new drafts are numbered while others are saved, and each curator gets the buttons of their own.
func TestManySaveAtOnce(t *testing.T) {
	h := curators(t)
	const many = 8
	for i := range many {
		h.grant(chat.Address(fmt.Sprint("test:c", i)), people.Curator, "england")
	}
	var wait sync.WaitGroup
	ids := make([]string, many)
	for i := range many {
		person := chat.Address(fmt.Sprint("test:c", i))
		event := chat.Event{Key: fmt.Sprint("k", i), Kind: chat.Submitted, Person: person, Where: person, At: time.Now(), TakesReply: true, Form: "c-new " + bot.Code("england"),
			Values: map[string]string{"title": fmt.Sprint("Book ward room ", i), "answer": "1. Ask."}}
		wait.Go(func() {
			turn, err := h.bot.Handle(t.Context(), event)
			if err != nil {
				t.Errorf("%s: %v", person, err)
				return
			}
			ids[i], _ = offered(turn, "Send for approval")
		})
	}
	wait.Wait()
	for i, id := range ids {
		var title string
		err := h.db.Read().QueryRow(`SELECT json_extract(body, '$.title') FROM draft WHERE 'c-send ' || id || ' 1' = $1 AND author = $2`, id, fmt.Sprint("test:c", i)).Scan(&title)
		if err != nil || title != fmt.Sprint("Book ward room ", i) {
			t.Errorf("%s has the button %q, of %q: %v", fmt.Sprint("test:c", i), id, title, err)
		}
	}
}

// mostID is how long the id of a button may be on Discord, which takes the shortest.
const mostID = 100

// TestIDsFitEveryNetwork looks at the buttons of an entry with the longest slug there can be.
func TestIDsFitEveryNetwork(t *testing.T) {
	h := curators(t)
	h.noApproval()
	h.grant(cara, people.Curator, "england")
	h.grant(cara, people.Curator, "royal")
	slug := strings.Repeat("abcdefghi-", 6)[:59] + "z"
	h.writes(func(tx *sqldb.Tx) error {
		_, err := h.base.Edit(t.Context(), tx, knowledge.Entry{Slug: slug, Place: "england", Title: "Zebras of the ward", Answer: "1. A.",
			Phrasings: []knowledge.Phrasing{{Kind: knowledge.Goal, Text: "zebras of the ward"}}}, knowledge.Act{By: "test"})
		return err
	})
	var turns []chat.Turn
	for _, text := range []string{"show " + slug, "history " + slug, "edit " + slug, "why: zebras of the ward", "diff " + slug, "local details", "glossary", "zebras of the ward"} {
		turns = append(turns, h.types(cara, text))
	}
	h.types(nurse, "paint a tiger with a brush")
	turns = append(turns, h.presses(cara, "c-way "+bot.Code("paint a tiger with a brush")))
	turns = append(turns, h.picks(cara, turns[0], "Hide it now"), h.fills(cara, turns[2], "answer", "1. B."))
	for _, turn := range turns {
		if turn.Form != nil && len(turn.Form.ID) > mostID {
			t.Errorf("the form %s is too long", turn.Form.ID)
		}
		if turn.Reply == nil {
			continue
		}
		for _, b := range turn.Reply.Buttons {
			if len(b.ID) > mostID || len([]rune(b.Label)) > 75 {
				t.Errorf("the button %s (%s) is too long", b.ID, b.Label)
			}
		}
		for _, c := range turn.Reply.Choices {
			if len(c.ID) > mostID || len([]rune(c.Label)) > 75 {
				t.Errorf("the choice %s (%s) is too long", c.ID, c.Label)
			}
		}
	}
}

// TestWhereACuratorOfTwoPlacesWrites asks whose it is, and never takes no place for one.
func TestWhereACuratorOfTwoPlacesWrites(t *testing.T) {
	h := curators(t)
	h.grant(cara, people.Curator, "england")
	h.grant(cara, people.Curator, "royal")
	h.reads(h.types(cara, "add entry"), "Whose answer is it?", "England", "Royal Example")
	h.reads(h.picks(cara, h.types(cara, "add entry"), "Royal Example"), "This is for Royal Example")
	h.reads(h.types(cara, "local details"), "Local details of England", "[Royal Example]")
	h.reads(h.keeps(cara, "how do I book a room?"), "This is for England")
	h.types(cara, "i work at royal example")
	h.reads(h.keeps(cara, "how do I book a room?"), "This is for Royal Example")
	h.reads(h.types(cara, "edit:"), `"edit: " and a few words of the title`)
	h.reads(h.types(cara, "why: "), `"why: " and a question`)
}
