package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/people"
	"signpost/knowledge/sqldb"
)

// The two sides of the tests: an asker on one network and a champion on another.
const (
	sam = chat.Address("slack:T1/U1")
	kim = chat.Address("discord:7")
	lee = chat.Address("discord:8")
)

func (h *house) write(do func(tx *sqldb.Tx) error) {
	h.t.Helper()
	if err := h.db.Write(h.t.Context(), do); err != nil {
		h.t.Fatal(err)
	}
}

// champion makes somebody a champion of Royal Example who is there at all hours of the tests.
func (h *house) champion(who chat.Address, name string) {
	h.t.Helper()
	h.write(func(tx *sqldb.Tx) error {
		c := escalation.Champion{Address: who, Name: name, Place: "royal", Hours: escalation.Office, Listed: true, Most: 5}
		if err := escalation.Join(h.t.Context(), tx, c); err != nil {
			return err
		}
		return escalation.Approve(h.t.Context(), tx, who, "test")
	})
}

// works says where somebody works.
func (h *house) works(who ...chat.Address) {
	h.t.Helper()
	h.write(func(tx *sqldb.Tx) error {
		for _, address := range who {
			if err := people.Save(h.t.Context(), tx, people.Person{Address: address, Home: "royal", Role: "nurses"}); err != nil {
				return err
			}
		}
		return nil
	})
}

// from is what somebody does on a network of theirs, which takes no reply and keeps everything in direct messages.
func (h *house) from(who chat.Address, event chat.Event) chat.Event {
	n := h.ids.Add(1)
	event.Person, event.Name = who, "Name of "+string(who)
	if event.Where == "" {
		event.Where = who
	}
	if event.Key == "" {
		event.Key = fmt.Sprint("event ", n)
	}
	if event.Kind == chat.Said && event.Message == "" {
		event.Message = chat.Ref(fmt.Sprint("said ", n))
	}
	return event
}

func (h *house) pushes(who chat.Address, button string) {
	h.t.Helper()
	h.handle(h.from(who, chat.Event{Kind: chat.Pressed, Button: button}))
}

func (h *house) submits(who chat.Address, form string, values ...string) {
	h.t.Helper()
	filled := map[string]string{}
	for i := 0; i+1 < len(values); i += 2 {
		filled[values[i]] = values[i+1]
	}
	h.handle(h.from(who, chat.Event{Kind: chat.Submitted, Form: form, Values: filled}))
}

// carried plays the courier: everything in the outbox has arrived, each message under a reference made of its key.
func (h *house) carried() {
	h.t.Helper()
	h.write(func(tx *sqldb.Tx) error {
		_, err := tx.ExecContext(h.t.Context(), `UPDATE outbox SET state = 'sent', ref = 'ref of ' || key WHERE state = 'new'`)
		return err
	})
}

// told lists what reached somebody, as they read it, the newest last.
func (h *house) told(who chat.Address) (texts []string) {
	h.t.Helper()
	for _, p := range h.posts() {
		if p.To == who {
			texts = append(texts, p.Message.String())
		}
	}
	return texts
}

func (h *house) lastTold(who chat.Address) chat.Post {
	h.t.Helper()
	posts := slices.DeleteFunc(h.posts(), func(p chat.Post) bool { return p.To != who })
	if len(posts) == 0 {
		h.t.Fatalf("%s was told nothing", who)
	}
	return posts[len(posts)-1]
}

// hears fails unless the last message to somebody holds all the words.
func (h *house) hears(who chat.Address, words ...string) {
	h.t.Helper()
	text := h.lastTold(who).Message.String()
	for _, word := range words {
		if !strings.Contains(text, word) {
			h.t.Errorf("%s read\n%s\nwhich does not say %q", who, text, word)
		}
	}
}

// asks has Sam ask a question in a room and pass it on, with flags; it gives the case.
func (h *house) asks(flags string) escalation.Case {
	h.t.Helper()
	asked := h.from(sam, chat.Event{Kind: chat.Said, Text: "how do i polish the hoverboard telescope"})
	h.handle(asked)
	return h.passesOn(sam, flags)
}

// passesOn brings the question that somebody asked last to a champion.
func (h *house) passesOn(who chat.Address, flags string) escalation.Case {
	h.t.Helper()
	var question string
	if err := h.db.Read().QueryRow(`SELECT id FROM question WHERE person = $1 ORDER BY at DESC LIMIT 1`, who).Scan(&question); err != nil {
		h.t.Fatal(err)
	}
	h.pushes(who, strings.TrimSpace("asks "+question+" "+flags))
	cases, err := escalation.OfAsker(h.t.Context(), h.db.Read(), who, h.clock)
	if err != nil || len(cases) == 0 {
		h.t.Fatalf("%s has %d cases, %v", who, len(cases), err)
	}
	return cases[0]
}

func (h *house) get(id string) escalation.Case {
	h.t.Helper()
	c, err := escalation.Get(h.t.Context(), h.db.Read(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// dues hands over everything that has come due by now.
func (h *house) dues() {
	h.t.Helper()
	rows, err := h.db.Read().Query(`SELECT key, at, what, data FROM due WHERE at <= $1 ORDER BY at, key`, h.clock.UnixMilli())
	if err != nil {
		h.t.Fatal(err)
	}
	var list []chat.Due
	for rows.Next() {
		var d chat.Due
		var at int64
		if err := rows.Scan(&d.Key, &at, &d.What, &d.Data); err != nil {
			h.t.Fatal(err)
		}
		d.At = time.UnixMilli(at).UTC()
		list = append(list, d)
	}
	rows.Close()
	for _, d := range list {
		h.handle(chat.Event{Kind: chat.CameDue, Key: fmt.Sprint("due ", d.Key, d.At.UnixMilli()), Due: &d})
	}
}

// A question crosses from one network to the other and back, by buttons, forms and plain replies.
func TestFromOneNetworkToTheOther(t *testing.T) {
	h := newHouse(t)
	h.champion(kim, "Kim")
	h.works(sam)
	c := h.asks("")
	h.hears(kim, "how do i polish the hoverboard telescope", "Name of slack:T1/U1, nurse at Royal Example")
	h.hears(sam, "I have asked a digital champion at Royal Example", "I will tell you here")
	h.pushes(kim, "case "+c.ID+" claim")
	h.hears(sam, "Kim has your question now")
	h.carried()
	card := h.get(c.ID).Cards[kim]

	h.handle(h.from(kim, chat.Event{Kind: chat.Said, Text: "Press the red button. Ring 07700 900123.", Message: "k1", ReplyTo: chat.Ref("ref of " + card)}))
	h.hears(sam, "Kim has answered you", "Press the red button. Ring [phone number].", "Did it help?")
	h.hears(kim, "I hid a phone number before I passed this on", "Ring [phone number]", "passed that on")
	answer := h.lastTold(sam)
	if answer.To != sam || answer.Under == "" {
		t.Errorf("the answer went to %s under %q", answer.To, answer.Under)
	}
	h.carried()

	h.handle(h.from(sam, chat.Event{Kind: chat.Said, Text: "Which red button?", Message: "s1", ReplyTo: chat.Ref("ref of " + answer.Key)}))
	h.hears(kim, "Name of slack:T1/U1, nurse at Royal Example, has replied", "Which red button?")
	if got := h.lastTold(kim); got.Under != card {
		t.Errorf("the reply hangs under %q, want the card %q", got.Under, card)
	}
	h.submits(kim, "case "+c.ID+" answer", "text", "The big one.")
	h.hears(sam, "The big one.")
	h.pushes(sam, "case "+c.ID+" helped")
	h.hears(sam, "Good to hear")
	if got := h.get(c.ID); got.State != escalation.Closed || got.Helped != "yes" {
		t.Errorf("the case is %s, helped %q", got.State, got.Helped)
	}
}

func TestEditsAndDeletionsFollow(t *testing.T) {
	h := newHouse(t)
	h.champion(kim, "Kim")
	h.works(sam)
	c := h.asks("")
	h.pushes(kim, "case "+c.ID+" claim")
	h.carried()
	card := chat.Ref("ref of " + h.get(c.ID).Cards[kim])
	h.handle(h.from(kim, chat.Event{Kind: chat.Said, Text: "Press the red button.", Message: "k1", ReplyTo: card}))
	answer := h.lastTold(sam).Key
	edit := func(who chat.Address, message chat.Ref, text string) {
		h.t.Helper()
		h.handle(h.from(who, chat.Event{Kind: chat.Edited, Message: message, Text: text}))
	}
	edit(kim, "k1", "Press the green button.")
	h.hears(sam, "Press the green button.")
	if got := h.lastTold(sam); got.Replaces != answer {
		t.Errorf("the edit replaces %q, want %q", got.Replaces, answer)
	}
	edit(kim, "k1", "Press the green button for 943 476 5919.")
	h.hears(sam, "green button for [NHS number].")
	h.hears(kim, "I hid an NHS number before I passed this on", "green button for [NHS number]")
	edit(lee, "k1", "Somebody else's words.")
	h.hears(sam, "green button")
	edit(kim, "k1", "my patient is not breathing")
	h.hears(sam, "deleted by the person who wrote it")
	h.hears(kim, "999")
	h.handle(h.from(kim, chat.Event{Kind: chat.Said, Text: "Wait a minute.", Message: "k2", ReplyTo: card}))
	h.handle(h.from(kim, chat.Event{Kind: chat.Deleted, Message: "k2"}))
	h.hears(sam, "deleted by the person who wrote it")
	for _, l := range h.get(c.ID).Lines {
		if l.Text != "" {
			t.Errorf("a deleted line is kept: %q", l.Text)
		}
	}
}

// What the question says now is what champions read; deleting it takes it back.
func TestTheQuestionItselfIsFollowed(t *testing.T) {
	h := newHouse(t)
	h.champion(kim, "Kim")
	h.works(sam)
	h.handle(h.from(sam, chat.Event{Kind: chat.Said, Text: "how do i polish the hoverboard telescope", Message: "q"}))
	c := h.passesOn(sam, "")
	h.handle(h.from(sam, chat.Event{Kind: chat.Edited, Message: "q", Text: "how do i polish the hoverboard telescope on ward 4"}))
	h.hears(kim, "telescope on ward 4")
	h.handle(h.from(sam, chat.Event{Kind: chat.Deleted, Message: "q"}))
	h.hears(kim, "This question is closed")
	h.hears(sam, "taken your question back")
	if got := h.get(c.ID); got.State != escalation.Closed || got.Question != "" {
		t.Errorf("the case is %s and says %q", got.State, got.Question)
	}
}

// Nothing that must be stopped reaches the other side, whichever way it is said.
func TestAStopIsNeverPassedOn(t *testing.T) {
	h := newHouse(t)
	h.champion(kim, "Kim")
	h.works(sam)
	c := h.asks("")
	h.pushes(kim, "case "+c.ID+" claim")
	h.carried()
	card := chat.Ref("ref of " + h.get(c.ID).Cards[kim])
	thread := chat.Ref("ref of " + h.get(c.ID).Thread)
	const cry = "what dose of amoxicillin for a child"
	h.handle(h.from(sam, chat.Event{Kind: chat.Said, Text: cry, ReplyTo: thread}))
	h.handle(h.from(kim, chat.Event{Kind: chat.Said, Text: cry, ReplyTo: card}))
	for _, kind := range []string{"answer", "ask-back", "note", "link"} {
		h.submits(kim, "case "+c.ID+" "+kind, "text", cry, "entry", "printer")
	}
	h.submits(sam, "case "+c.ID+" reply", "text", cry)
	h.submits(sam, "words", "question", cry)
	h.hears(sam, "clinical questions")
	if n := h.count(`SELECT COUNT(*) FROM escalation_line`); n != 0 {
		t.Errorf("%d lines are kept, want none", n)
	}
	for _, p := range h.posts() {
		if strings.Contains(p.Message.String(), "amoxicillin") {
			t.Errorf("%s was told %s", p.To, p.Message)
		}
	}
}

// A question is passed on by the one who asked it, and only as it was kept: masked, and no stop.
func TestOnlyOnesOwnQuestionIsPassedOn(t *testing.T) {
	h := newHouse(t)
	h.champion(kim, "Kim")
	h.works(sam, lee)
	h.handle(h.from(sam, chat.Event{Kind: chat.Said, Text: "my patient is not breathing"}))
	h.handle(h.from(sam, chat.Event{Kind: chat.Said, Text: "hello"}))
	h.handle(h.from(sam, chat.Event{Kind: chat.Said, Text: "how do i polish the telescope for 943 476 5919"}))
	var ids []string
	rows, err := h.db.Read().Query(`SELECT id FROM question ORDER BY at`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var id string
		rows.Scan(&id)
		ids = append(ids, id)
	}
	rows.Close()
	if len(ids) != 2 {
		t.Fatalf("%d questions are kept, want the small talk and the masked one", len(ids))
	}
	h.pushes(sam, "asks "+ids[0])
	h.pushes(lee, "asks "+ids[1])
	h.pushes(sam, "asks none")
	if n := h.count(`SELECT COUNT(*) FROM escalation`); n != 0 {
		t.Fatalf("%d questions were passed on, want none", n)
	}
	h.pushes(sam, "asks "+ids[1])
	h.hears(kim, "how do i polish the telescope for [NHS number]")
}

// Asked where others read, everything that follows goes to the person alone.
func TestNothingOfItIsSaidInARoom(t *testing.T) {
	h := newHouse(t)
	h.champion(kim, "Kim")
	h.works(sam)
	const room = chat.Address("slack:T1/C1/17.1")
	public := func(event chat.Event) chat.Event {
		event = h.from(sam, event)
		event.Where, event.Room, event.Public = room, "slack:T1/C1", true
		return event
	}
	h.handle(public(chat.Event{Kind: chat.Said, Text: "how do i polish the hoverboard telescope"}))
	before := len(h.told(room))
	var question string
	if err := h.db.Read().QueryRow(`SELECT id FROM question`).Scan(&question); err != nil {
		t.Fatal(err)
	}
	h.handle(public(chat.Event{Kind: chat.Pressed, Button: "champion " + question}))
	h.handle(public(chat.Event{Kind: chat.Pressed, Button: "asks " + question}))
	h.hears(sam, "I have asked a digital champion")
	if got := strings.Join(h.told(sam), "\n"); !strings.Contains(got, "in a direct message") {
		t.Errorf("they were told %s", got)
	}
	if got := h.told(room); len(got) != before {
		t.Errorf("the room was told %q", got[before:])
	}
}

// Asked in a thread of one's own, everything comes there, and a reply to what was asked back needs no button.
func TestAThreadOfOnesOwn(t *testing.T) {
	h := newHouse(t)
	h.champion(kim, "Kim")
	h.works(sam)
	const thread = chat.Address("slack:T1/D1/17.1")
	alone := func(event chat.Event) chat.Event {
		event = h.from(sam, event)
		event.Where, event.Room = thread, "slack:T1/D1"
		return event
	}
	h.handle(alone(chat.Event{Kind: chat.Said, Text: "how do i polish the hoverboard telescope", Message: "root"}))
	var question string
	if err := h.db.Read().QueryRow(`SELECT id FROM question`).Scan(&question); err != nil {
		t.Fatal(err)
	}
	h.handle(alone(chat.Event{Kind: chat.Pressed, Button: "asks " + question}))
	h.hears(thread, "I have asked a digital champion")
	c := h.get("q" + fmt.Sprint(h.ids.Load()))
	h.pushes(kim, "case "+c.ID+" claim")
	h.handle(alone(chat.Event{Kind: chat.Said, Text: "how do i see my shifts", ReplyTo: "root"}))
	h.hears(thread, "See my shifts")
	h.submits(kim, "case "+c.ID+" ask-back", "text", "What colour is the light on it?")
	h.hears(thread, "What colour is the light on it?")
	if p := h.lastTold(thread); p.Under != "" || p.Else != sam {
		t.Errorf("it hangs under %q, or else goes to %q", p.Under, p.Else)
	}
	h.handle(alone(chat.Event{Kind: chat.Said, Text: "I can see a red light on the telescope.", ReplyTo: "root"}))
	h.hears(kim, "I can see a red light on the telescope.")
}

// Somebody who left is told nothing any more, and what they had goes on.
func TestWhoLeavesIsOutOfIt(t *testing.T) {
	h := newHouse(t)
	h.champion(kim, "Kim")
	h.works(sam)
	c := h.asks("")
	h.pushes(kim, "case "+c.ID+" claim")
	h.champion(lee, "Lee")
	h.handle(h.from(kim, chat.Event{Kind: chat.Left}))
	h.hears(lee, "A question for a champion")
	h.hears(sam, "could not finish it")
	if got := h.told(kim); len(got) != 0 {
		t.Errorf("%q is on its way to them after they left", got)
	}
	h.handle(h.from(sam, chat.Event{Kind: chat.Left}))
	h.hears(lee, "This question is closed")
	if got := h.told(sam); len(got) != 0 {
		t.Errorf("%q is on its way to them after they left", got)
	}
	h.handle(h.from(kim, chat.Event{Kind: chat.Joined}))
	if n := h.count(`SELECT COUNT(*) FROM departed`); n != 1 {
		t.Errorf("%d people have left, want 1", n)
	}
}

// TestHeardFromIsThere: whoever was taken to have left and does something is there again. What others do, and what a
// network tells of itself, changes nothing about them.
func TestHeardFromIsThere(t *testing.T) {
	for _, c := range []struct {
		name  string
		event chat.Event
		back  bool
	}{
		{"says", chat.Event{Kind: chat.Said, Text: "topics"}, true},
		{"asks", chat.Event{Kind: chat.Said, Text: "how do i see my shifts"}, true},
		{"presses", chat.Event{Kind: chat.Pressed, Button: "topics"}, true},
		{"sends a form", chat.Event{Kind: chat.Submitted, Form: "me"}, true},
		{"joined", chat.Event{Kind: chat.Joined}, true},
		{"types ahead, of which nothing is kept", chat.Event{Kind: chat.TypedAhead, Form: "me", Field: "role", Text: "nu"}, false},
		{"left again", chat.Event{Kind: chat.Left}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			h.works(sam)
			for _, who := range []chat.Address{sam, lee} {
				h.handle(h.from(who, chat.Event{Kind: chat.Left, Key: "left " + string(who) + " 2026-11-23"}))
			}
			h.handle(h.from(sam, c.event))
			h.handle(h.from(sam, chat.Event{Kind: chat.Left, Key: "left slack:T1/U1 2026-11-23"})) // delivered again
			want := 2
			if c.back {
				want = 1
			}
			if n := h.count(`SELECT COUNT(*) FROM departed`); n != want {
				t.Errorf("%d people have left, want %d", n, want)
			}
		})
	}
	h := newHouse(t)
	h.handle(h.from(sam, chat.Event{Kind: chat.Joined}))
	if n := h.count(`SELECT COUNT(*) FROM inbox`); n != 0 {
		t.Error("that somebody is there who never left was kept")
	}
}
