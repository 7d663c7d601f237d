package bot_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/bot/escalation"
	"signpost/bot/people"
	"signpost/bot/setting"
	"signpost/knowledge/sqldb"
)

// near is somebody whose address begins like Sam's: nothing of theirs may go.
const near = chat.Address("slack:T1/U12")

var called = map[chat.Address]string{sam: "Samira Quill", near: "Quilliam Samson", kim: "Kim"}

// named has somebody do something under their own name.
func (h *house) named(who chat.Address, event chat.Event) {
	h.t.Helper()
	event = h.from(who, event)
	event.Name = called[who]
	h.handle(event)
}

// busy has Sam do everything of which something is kept, in a file in which others do the same.
func (h *house) busy() (ofSam, ofNear escalation.Case) {
	h.t.Helper()
	h.named(sam, chat.Event{Kind: chat.Left, Key: "left " + string(sam) + " today"})
	for _, who := range []chat.Address{sam, near} {
		h.works(who)
		h.grant(who, people.Admin, "royal")
		h.named(who, chat.Event{Kind: chat.Said, Text: "how do i see my shifts", Where: "slack:T1/D" + chat.Address(who[len("slack:T1/U"):])})
	}
	h.champion(kim, called[kim])
	ofSam = h.needs(sam, "how do i mend the hoverboard of ward seven")
	h.named(kim, chat.Event{Kind: chat.Pressed, Button: "case " + ofSam.ID + " claim"})
	h.submits(kim, "case "+ofSam.ID+" ask", "text", "Which one?")
	h.submits(sam, "case "+ofSam.ID+" reply", "text", "the blue one")
	h.named(kim, chat.Event{Kind: chat.Pressed, Button: "join leave"})
	h.champion(sam, called[sam])
	ofNear = h.needs(near, "how do i mend the hoverboard of ward eight")
	h.named(sam, chat.Event{Kind: chat.Pressed, Button: "case " + ofNear.ID + " claim"})
	h.submits(sam, "case "+ofNear.ID+" answer", "text", "turn it off and on")
	h.champion(lee, "Lee")
	h.write(func(tx *sqldb.Tx) error {
		by := string(sam)
		_, err := tx.ExecContext(h.t.Context(), `INSERT INTO draft (slug, place, base, saved, state, author, by, at, source, note, body)
			SELECT 'dock', 'royal', 0, 1, 'draft', $1, $1, 0, '', '', '{}'`, by)
		for _, table := range []string{"entry_version", "record"} {
			_, more := tx.ExecContext(h.t.Context(), `UPDATE `+table+` SET by = $1`, by)
			err = errors.Join(err, more)
		}
		return errors.Join(err, setting.Set(h.t.Context(), tx, "royal", setting.Fallback, by, by),
			people.Give(h.t.Context(), tx, people.Grant{Right: people.Curator, Person: kim, Place: "royal", By: by}),
			desk.Schedule(h.t.Context(), tx, escalation.ReassignDue(ofSam.ID, sam, h.clock)),
			escalation.Wait(h.t.Context(), tx, escalation.Waiting{ID: "w", Person: sam, Text: "the hoverboard"}))
	})
	h.write(func(tx *sqldb.Tx) error { // the champions' channel, in which only Sam has asked something so far
		_, err := tx.ExecContext(h.t.Context(), `INSERT INTO told (person, room) VALUES ($1, 'slack:T1/C5')`, sam)
		return errors.Join(err, setting.Set(h.t.Context(), tx, "london", setting.OfferChannel, "slack:T1/C5", "test"),
			desk.Post(h.t.Context(), tx, chat.Post{Key: "offer", To: "slack:T1/C5"}))
	})
	return ofSam, ofNear
}

// needs has somebody ask what nobody knows and pass it on with their name.
func (h *house) needs(who chat.Address, text string) escalation.Case {
	h.t.Helper()
	h.named(who, chat.Event{Kind: chat.Said, Text: text})
	var question string
	if err := h.db.Read().QueryRow(`SELECT id FROM question WHERE person = $1 ORDER BY at DESC, id DESC LIMIT 1`, who).Scan(&question); err != nil {
		h.t.Fatal(err)
	}
	h.named(who, chat.Event{Kind: chat.Pressed, Button: "asks " + question})
	cases, err := escalation.OfAsker(h.t.Context(), h.db.Read(), who, h.clock)
	if err != nil || len(cases) == 0 {
		h.t.Fatalf("%s has %d cases, %v", who, len(cases), err)
	}
	return cases[0]
}

// holding lists the rows of all tables in which a pattern stands.
func (h *house) holding(pattern string) (rows []string) {
	h.t.Helper()
	whole := regexp.MustCompile(pattern)
	tables, err := h.db.Read().Query(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	if err != nil {
		h.t.Fatal(err)
	}
	defer tables.Close()
	for tables.Next() {
		var table string
		if err := tables.Scan(&table); err != nil {
			h.t.Fatal(err)
		}
		rows = append(rows, h.rowsWith(table, whole)...)
	}
	return rows
}

func (h *house) rowsWith(table string, whole *regexp.Regexp) (list []string) {
	h.t.Helper()
	rows, err := h.db.Read().Query(`SELECT * FROM ` + table)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		h.t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			h.t.Fatal(err)
		}
		text := table
		for i := range values {
			text += fmt.Sprintf(" %s=%s", columns[i], values[i])
		}
		if whole.MatchString(text) {
			list = append(list, text)
		}
	}
	return list
}

const (
	sams  = `slack:T1/U1([^2]|$)|slack:T1/D1([^2]|$)|Samira|Quill([^i]|$)`
	nears = `slack:T1/U12|slack:T1/D12|Quilliam`
)

// TestForget: of somebody who is forgotten no table holds address or name; what others have stays, and what Sam had as a
// champion goes to others.
func TestForget(t *testing.T) {
	for name, do := range map[string]func(h *house) error{
		"by an operator": func(h *house) error { return h.bot.Forget(t.Context(), sam, "command:test") },
		"by themselves": func(h *house) error {
			event := h.from(sam, chat.Event{Kind: chat.Pressed, Button: "forget yes", TakesReply: true, Key: "press of " + string(sam)})
			turn, err := h.bot.Handle(t.Context(), event)
			if err == nil && (turn.Reply == nil || !turn.Reply.Private || !strings.Contains(turn.Reply.String(), "I have forgotten you")) {
				t.Errorf("the reply is %+v", turn.Reply)
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			asked, held := h.busy()
			if h.get(held.ID).Holder != sam || h.get(asked.ID).State == escalation.Closed {
				t.Fatalf("Sam has not what they should have: %+v, %+v", h.get(held.ID), h.get(asked.ID))
			}
			if rows := h.holding(sams); len(rows) < 30 {
				t.Fatalf("there is little to forget: %d rows\n%s", len(rows), strings.Join(rows, "\n"))
			}
			others := slices.DeleteFunc(h.holding(nears), regexp.MustCompile(sams).MatchString)
			if err := do(h); err != nil {
				t.Fatal(err)
			}
			for _, row := range h.holding(sams) {
				t.Errorf("left over: %s", row)
			}
			if now := h.holding(nears); len(now) < len(others) {
				t.Errorf("%d rows of somebody else are left of %d", len(now), len(others))
			}
			if rows := h.holding(`what=person forgotten`); len(rows) != 1 {
				t.Errorf("the audit trail says %q", rows)
			}
			if c := h.get(asked.ID); c.State != escalation.Closed || c.Question != "" {
				t.Errorf("what Sam asked is %+v", c)
			}
			if c := h.get(held.ID); c.Holder != "" || c.Asker != near || c.State == escalation.Closed {
				t.Errorf("what Sam had is %+v", c)
			}
			h.hears(near, "could not finish it")
			if n := h.count(`SELECT COUNT(*) FROM outbox WHERE key = 'offer'`); n != 1 {
				t.Error("what is on its way to the champions' channel is gone")
			}
			if err := h.bot.Forget(t.Context(), sam, "command:test"); err != nil {
				t.Errorf("once more: %v", err)
			}
			h.types(sam, "how do i see my shifts") // they are welcome
		})
	}
}

// TestForgetSure: nothing goes before the person has read what they lose, and said yes.
func TestForgetSure(t *testing.T) {
	h := newHouse(t)
	h.busy()
	before := len(h.holding(sams))
	turn := h.types(sam, "Forget me!")
	for _, want := range []string{"an admin at Royal Example", "help as a champion", "cannot be undone"} {
		if text := turn.Reply.String(); !strings.Contains(text, want) {
			t.Errorf("it does not say %q: %s", want, text)
		}
	}
	if now := len(h.holding(sams)); now < before {
		t.Errorf("%d rows are left of %d before they said yes", now, before)
	}
}
