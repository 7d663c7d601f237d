package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"signpost/adapters/adaptertest"
	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/knowledge/sqldb"
)

// A bridge is one file served on two networks: people ask on one, champions are on the other.
type bridge struct {
	t       *testing.T
	asks    *adaptertest.Network
	helps   *adaptertest.Network
	file    string
	serving *serving
	log     *lockedBuffer
	said    int
	turns   []chat.Turn // that champions got in acknowledgements
}

func newBridge(t *testing.T) *bridge {
	t.Helper()
	seed := adaptertest.Seed(t)
	b := &bridge{t: t, log: &lockedBuffer{}, asks: adaptertest.NewNetwork("test", seed, adaptertest.Weather{}),
		helps: adaptertest.NewNetwork("other", seed, adaptertest.Weather{})}
	b.file = championsFile(t, "other:kim", "other:lee", "other:max")
	var err error
	log := slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: redact}))
	if b.serving, err = tryServeTo(t, b.log, log, b.file, asNetwork("test", b.asks), asNetwork("other", b.helps)); err != nil {
		t.Fatal(err)
	}
	b.keepPosts()
	return b
}

// keepPosts has every message kept as it was put into the outbox, which forgets it once it is sent.
func (b *bridge) keepPosts() {
	b.t.Helper()
	err := b.serving.db.Write(b.t.Context(), func(tx *sqldb.Tx) error {
		for _, statement := range []string{
			`CREATE TABLE kept_post (place TEXT NOT NULL, post TEXT NOT NULL)`,
			`CREATE TRIGGER keep_post AFTER INSERT ON outbox BEGIN INSERT INTO kept_post VALUES (new.place, new.key || new.post || new.replaces); END`,
		} {
			if _, err := tx.ExecContext(b.t.Context(), statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// A party is somebody in the conversation.
type party struct {
	adaptertest.Person
	name  string
	where chat.Address
}

// does has somebody do something, and gives what came back.
func (b *bridge) does(who party, event chat.Event) chat.Turn {
	b.t.Helper()
	event.Home, event.Role, event.Name, event.Where = royal, "nurses", who.name, who.where
	n := b.asks
	if who.Address.Network() == "other" {
		n = b.helps
	}
	event.TakesReply = event.Kind != chat.Edited && event.Kind != chat.Deleted && event.Kind != chat.Left
	key := who.Do(event)
	until(b.t, fmt.Sprintf("%s of %s is not answered", event.Kind, who.Address), func() bool { return len(n.Answers(key)) > 0 })
	turn := n.Answers(key)[0].Turn
	if n == b.helps {
		b.turns = append(b.turns, turn)
	}
	return turn
}

// says gives the reference of what was said.
func (b *bridge) says(who party, text string, under chat.Ref) (ref chat.Ref) {
	b.t.Helper()
	b.said++
	ref = chat.Ref(fmt.Sprintf("%s/typed%d", who.where, b.said))
	b.does(who, chat.Event{Kind: chat.Said, Text: text, Message: ref, ReplyTo: under})
	return ref
}

func (b *bridge) presses(who party, button string) chat.Turn {
	b.t.Helper()
	return b.does(who, chat.Event{Kind: chat.Pressed, Button: button})
}

// acts presses the button of an act and, where a form opens, fills it in.
func (b *bridge) acts(who party, id string, kind escalation.Kind, values ...string) {
	b.t.Helper()
	button := "case " + id + " " + string(kind)
	turn := b.presses(who, button)
	if turn.Form == nil {
		if len(values) > 0 {
			b.t.Errorf("%s of %s: %s", kind, who.Address, turn.Reply)
		}
		return
	}
	filled := map[string]string{}
	for i := 0; i+1 < len(values); i += 2 {
		filled[values[i]] = values[i+1]
	}
	if turn = b.does(who, chat.Event{Kind: chat.Submitted, Form: turn.Form.ID, Values: filled}); turn.Form != nil {
		b.t.Errorf("%s of %s: %+v", kind, who.Address, turn.Form)
	} else if turn.Reply != nil && strings.Contains(turn.Reply.String(), "I did not pass this message on") {
		b.t.Errorf("%s of %s: %s", kind, who.Address, turn.Reply)
	}
}

// card waits for the newest card that somebody has and gives its case.
func (b *bridge) card(but ...chat.Address) (holder party, id string) {
	b.t.Helper()
	until(b.t, "nobody has a card", func() bool {
		for _, a := range b.helps.Arrived("") {
			if strings.HasPrefix(a.Message.String(), "A question for a champion") && !slices.Contains(but, a.To) {
				id, _ = escalation.CaseOf(a.Key)
				holder = champion(b.helps, strings.TrimPrefix(string(a.To), "other:"))
				return true
			}
		}
		return false
	})
	return holder, id
}

func champion(n *adaptertest.Network, name string) party {
	p := n.Person(name)
	return party{p, "Champion " + name, p.Address}
}

// reads waits until somebody has a message with these words and gives its reference.
func (b *bridge) reads(n *adaptertest.Network, place chat.Address, words string) (ref chat.Ref) {
	b.t.Helper()
	until(b.t, fmt.Sprintf("nobody at %s reads %q", place, words), func() bool {
		for _, a := range n.Arrived(place) {
			if strings.Contains(a.Message.String(), words) {
				ref = a.Ref
			}
		}
		return ref != ""
	})
	return ref
}

// asksFor asks what nobody knows and sends it to a champion without a name.
func (b *bridge) asksFor(who party) (message chat.Ref) {
	b.t.Helper()
	message = b.says(who, "how do i mend the hoverboard projector", "")
	var question string
	row := b.serving.db.Read().QueryRow(`SELECT id FROM question WHERE person = $1 ORDER BY at DESC LIMIT 1`, who.Address)
	if err := row.Scan(&question); err != nil {
		b.t.Fatal(err)
	}
	b.presses(who, "champion "+question)
	b.presses(who, "before "+question+" n")
	b.presses(who, "words "+question+" n")
	b.presses(who, "asks "+question+" n")
	return message
}

// TestNamelessOverEverything has somebody without a name talk with champions of another network for long, and then looks
// for their address, room and name in all that the champions' side reads: messages, cards, replies and forms, every table,
// the log, and what the commands for coordinators print.
func TestNamelessOverEverything(t *testing.T) {
	b := newBridge(t)
	asker := party{b.asks.Person("zephyrine"), "Zephyrine Quill", "test:DM-zephyrine"}
	second := party{b.asks.Person("yseult"), "Yseult Quill", "test:DM-yseult"}
	b.talksLong(asker, second)
	sentAll(t, b.file)
	for _, args := range [][]string{{"escalations", "export"}, {"escalations", "list", "--state", "closed", "--json"}, {"champion", "list", "--json"}} {
		got := signpost(t, b.file, args...)
		if got.code != 0 || len(got.out) < 10 {
			t.Errorf("%v: exit %d, %s%s", args, got.code, got.out, got.err)
		}
		b.nameless(strings.Join(args, " "), got.out+got.err)
	}
	for _, a := range b.helps.Arrived("") {
		b.nameless("a message to "+string(a.To), fmt.Sprintf("%+v", a))
	}
	for _, turn := range b.turns {
		text, _ := json.Marshal(turn)
		b.nameless("a reply to a champion", string(text))
	}
	if len(b.turns) < 20 || len(b.helps.Arrived("")) < 12 {
		t.Errorf("champions got only %d replies and %d messages", len(b.turns), len(b.helps.Arrived("")))
	}
	b.tables()
	if err := b.serving.stop(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(b.log.String(), "a message is dropped") {
		t.Errorf("nothing went elsewhere:\n%s", b.log)
	}
	for line := range strings.Lines(b.log.String()) {
		b.nameless("the log", line)
	}
}

// talksLong does everything that can be done to a question.
func (b *bridge) talksLong(asker, second party) {
	b.t.Helper()
	question := b.asksFor(asker)
	first, id := b.card()
	b.asksFor(second)
	b.acts(first, id, escalation.Decline)
	next, _ := b.card(first.Address)
	b.presses(next, "queue")
	b.acts(next, id, escalation.Claim)
	b.acts(next, id, escalation.AskBack, "text", "Which room is it in?")
	asked := b.reads(b.asks, asker.where, "Which room is it in?")
	said := b.says(asker, "The big meeting room", asked)
	b.does(asker, chat.Event{Kind: chat.Edited, Text: "The small meeting room", Message: said})
	b.reads(b.helps, next.Address, "The small meeting room")
	b.does(asker, chat.Event{Kind: chat.Deleted, Message: said})
	b.reads(b.helps, next.Address, "deleted by the person who wrote it")
	b.acts(asker, id, escalation.Reply, "text", "Next to the main lift")
	relayed := b.reads(b.helps, next.Address, "Next to the main lift")
	b.acts(next, id, escalation.Note, "text", "See the projector page")
	b.acts(next, id, escalation.Snooze, "until", "hour")
	b.acts(next, id, escalation.Pass, "to", "anybody")
	third, _ := b.card(first.Address, next.Address)
	b.acts(third, id, escalation.Claim)
	b.says(next, "Is it still open?", relayed) // not theirs any more
	b.presses(third, "case "+id+" look")
	b.presses(third, "queue")
	b.does(asker, chat.Event{Kind: chat.Edited, Text: "how do i mend the hoverboard projector in the small room", Message: question})
	b.acts(third, id, escalation.Answer, "text", "Press the red button")
	b.reads(b.asks, second.where, "Press the red button")
	b.acts(asker, id, escalation.NotHelped)
	b.acts(third, id, escalation.Link, "entry", "see-payslip", "text", "It stands here")
	b.reads(b.asks, asker.where, "It stands here")
	b.acts(asker, id, escalation.Helped)
	b.reads(b.helps, third.Address, "Thank you for helping")
	b.acts(third, id, escalation.SaveEntry, "title", "Mend the projector", "asked", "how do i mend the projector", "answer", "1. Press the red button.")
	b.says(third, "who i helped", "")
	b.says(third, "champions near me", "")
	b.acts(asker, id, escalation.Reopen)
	b.acts(third, id, escalation.Claim)
	b.asks.Remove(asker.where) // what follows goes to the person directly
	b.acts(third, id, escalation.Answer, "text", "Hold it for ten seconds")
	b.reads(b.asks, asker.Address, "Hold it for ten seconds")
	b.asks.Remove(asker.Address) // and what follows goes nowhere
	b.acts(third, id, escalation.AskBack, "text", "Does it blink?")
	until(b.t, "nothing is parked", func() bool { return strings.Contains(b.log.String(), "a message is parked") })
	b.does(asker, chat.Event{Kind: chat.Left})
	b.reads(b.helps, third.Address, "Somebody else asked the same")
	b.acts(second, id, escalation.Reply, "text", "I need the projector too")
	b.reads(b.helps, third.Address, "I need the projector too")
	b.does(second, chat.Event{Kind: chat.Left})
	b.reads(b.helps, third.Address, "has left")
}

// nameless fails where a text names who asked.
func (b *bridge) nameless(what, text string) {
	b.t.Helper()
	for _, word := range []string{"ephyrine", "seult", "Quill"} {
		if strings.Contains(text, word) {
			b.t.Errorf("%s holds %q: %s", what, word, text)
		}
	}
}

// askersOwn are the tables that know who asked; nothing of them but what package escalation gives goes to champions.
var askersOwn = []string{"person", "conversation", "question", "told", "escalation", "escalation_line", "departed"}

// tables looks at every row of the file.
func (b *bridge) tables() {
	b.t.Helper()
	db := b.serving.db.Read()
	rows, err := db.Query(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			b.t.Fatal(err)
		}
		names = append(names, name)
	}
	if len(names) < 30 {
		b.t.Fatalf("the file has only the tables %v", names)
	}
	for _, name := range names {
		if !slices.Contains(askersOwn, name) {
			b.table(name)
		}
	}
}

// table looks at the rows of one. What the asker did, and what is on its way to them, names them.
func (b *bridge) table(name string) {
	b.t.Helper()
	rows, err := b.serving.db.Read().Query(`SELECT * FROM ` + name)
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		b.t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			b.t.Fatal(err)
		}
		row := map[string]string{}
		for i, column := range columns {
			row[column] = fmt.Sprintf("%s", values[i])
		}
		if strings.HasPrefix(row["place"], "test:") && (name == "outbox" || name == "kept_post") || strings.HasPrefix(row["key"], "test:") && name == "inbox" {
			continue
		}
		b.nameless("table "+name, fmt.Sprint(row))
	}
}
