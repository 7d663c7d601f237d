package bot_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/bot"
	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/setting"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// claimsVariable, if set, is how many questions 64 champions claim at once instead of 50; the bar is 1000.
const claimsVariable = "SIGNPOST_CLAIMS"

// Of 64 champions who press at once, one has the question, and each of the others is told so in answer to their own press.
func TestManyClaimAtOnceThroughTheBot(t *testing.T) {
	questions, champions := 50, 64
	if n, err := strconv.Atoi(os.Getenv(claimsVariable)); err == nil {
		questions = n
	}
	h := newHouse(t)
	h.offersTo("discord:room")
	for i := range champions {
		h.champion(chat.Address(fmt.Sprint("discord:", i)), fmt.Sprint("Champion ", i))
	}
	var ids []string
	for i := range questions {
		who := chat.Address(fmt.Sprint("slack:T1/U", i))
		h.works(who)
		h.handle(h.from(who, chat.Event{Kind: chat.Said, Text: fmt.Sprintf("how do i polish the hoverboard telescope q%c%cx%c", 'a'+i/676, 'a'+i/26%26, 'a'+i%26)}))
		ids = append(ids, h.passesOn(who, "").ID)
	}
	var took []time.Duration
	for _, id := range ids {
		won, times := h.allClaim(id, champions)
		took = append(took, times...)
		if c := h.get(id); won != 1 || c.State != escalation.Claimed {
			t.Errorf("%s was won %d times and is %s", id, won, c.State)
		}
	}
	slices.Sort(took)
	t.Logf("%d questions, %d champions at once: half were told within %v, 99 in 100 within %v, all within %v", questions, champions,
		took[len(took)/2], took[len(took)*99/100], took[len(took)-1])
}

// offersTo has questions offered to a channel.
func (h *house) offersTo(channel string) {
	h.t.Helper()
	h.write(func(tx *sqldb.Tx) error {
		if err := setting.Set(h.t.Context(), tx, "royal", setting.Offer, "channel", "test"); err != nil {
			return err
		}
		return setting.Set(h.t.Context(), tx, "royal", setting.OfferChannel, channel, "test")
	})
}

// allClaim has all champions press at the same moment, and gives how many were told that they have it.
func (h *house) allClaim(id string, champions int) (won int, times []time.Duration) {
	var mu sync.Mutex
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range champions {
		event := h.from(chat.Address(fmt.Sprint("discord:", i)), chat.Event{Kind: chat.Pressed, Button: "case " + id + " claim", TakesReply: true})
		event.Where, event.Public, event.Greeted = "discord:room", true, true
		all.Go(func() {
			<-begin
			begun := time.Now()
			turn, err := h.bot.Handle(h.t.Context(), event)
			mu.Lock()
			defer mu.Unlock()
			times = append(times, time.Since(begun))
			switch {
			case err != nil:
				h.t.Error(err)
			case strings.Contains(turn.Reply.String(), "You have this question now"):
				won++
			case !strings.Contains(turn.Reply.String(), "Somebody else has taken this question") || !turn.Reply.Private:
				h.t.Errorf("a loser was told %+v", turn.Reply)
			}
		})
	}
	close(begin)
	all.Wait()
	return won, times
}

// Whatever is delivered again changes nothing, and gets the reply of before.
func TestEveryEventOfAQuestionTwice(t *testing.T) {
	h := newHouse(t)
	h.champion(kim, "Kim")
	h.champion(lee, "Lee")
	h.works(sam)
	twice := func(event chat.Event) chat.Turn {
		t.Helper()
		event.TakesReply = true
		first := h.handle(event)
		before := h.rows()
		for range 2 {
			if again := h.handle(event); !reflect.DeepEqual(again.Reply, first.Reply) {
				t.Errorf("%s %s%s: again %+v, first %+v", event.Kind, event.Button, event.Form, again.Reply, first.Reply)
			}
		}
		if after := h.rows(); after != before {
			t.Errorf("%s %s%s again changed the rows\n%s\nto\n%s", event.Kind, event.Button, event.Form, before, after)
		}
		return first
	}
	press := func(who chat.Address, button string) {
		t.Helper()
		twice(h.from(who, chat.Event{Kind: chat.Pressed, Button: button}))
	}
	submit := func(who chat.Address, form, field, value string) {
		t.Helper()
		twice(h.from(who, chat.Event{Kind: chat.Submitted, Form: form, Values: map[string]string{field: value, "text": value}}))
	}
	twice(h.from(sam, chat.Event{Kind: chat.Said, Text: "how do i polish the hoverboard telescope", Message: "m"}))
	var q string
	if err := h.db.Read().QueryRow(`SELECT id FROM question`).Scan(&q); err != nil {
		t.Fatal(err)
	}
	press(sam, "wait "+q)
	press(sam, "champion "+q)
	press(sam, "asks "+q)
	cases, err := escalation.OfAsker(t.Context(), h.db.Read(), sam, h.clock)
	if err != nil || len(cases) != 1 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	id := "case " + cases[0].ID + " "
	first := cases[0].Offered[0]
	second := kim
	if first == kim {
		second = lee
	}
	press(first, id+"decline")
	press(second, id+"claim")
	submit(second, id+"ask-back", "text", "Which one?")
	submit(sam, id+"reply", "text", "The grey one.")
	submit(second, id+"note", "text", "Grey.")
	submit(second, id+"snooze", "until", "hour")
	submit(second, id+"answer", "text", "Press it.")
	press(sam, id+"not-helped")
	submit(second, id+"link", "entry", "printer")
	press(sam, id+"helped")
	press(sam, id+"reopen")
	press(second, id+"claim")
	submit(second, id+"pass", "to", "anybody")
	press(sam, id+"cancel")
	press(kim, "join ward")
	press(kim, "join back")
	press(kim, "join practise")
	press(kim, "join leave")
	if c := h.get(cases[0].ID); c.State != escalation.Closed {
		t.Errorf("the case is %s", c.State)
	}
}

// rows are all rows that an escalation touches, as text.
func (h *house) rows() string {
	h.t.Helper()
	var all []string
	for _, query := range []string{`SELECT id || version || state || body FROM escalation`, `SELECT escalation || n || text || sent FROM escalation_line`,
		`SELECT key || post FROM outbox`, `SELECT key || at || data FROM due`, `SELECT address || state || hours FROM champion`,
		`SELECT champion || month || topic || count FROM champion_helped`, `SELECT id || person FROM waiting`, `SELECT COUNT(*) FROM audit`} {
		rows, err := h.db.Read().Query(query)
		if err != nil {
			h.t.Fatal(err)
		}
		for rows.Next() {
			var row string
			if err := rows.Scan(&row); err != nil {
				h.t.Fatal(err)
			}
			all = append(all, row)
		}
		rows.Close()
	}
	return strings.Join(all, "\n")
}

// Of somebody who asks without a name, nothing on the champions' side holds their address or name: no message, card,
// reply, or line of the log.
func TestAnonymousOnTheChampionsSide(t *testing.T) {
	h := newHouse(t)
	var log bytes.Buffer
	var err error
	h.bot, err = bot.Open(t.Context(), bot.Config{DB: h.db, Base: h.base, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		NewID: func() string { return "q" + strconv.FormatInt(h.ids.Add(1), 10) }})
	if err != nil {
		t.Fatal(err)
	}
	h.champion(kim, "Kim")
	h.champion(lee, "Lee")
	h.works(sam)
	c := h.asks("n")
	id := "case " + c.ID + " "
	had := c.Offered[0]
	h.pushes(had, id+"claim")
	h.carried()
	h.handle(h.from(sam, chat.Event{Kind: chat.Said, Text: "It is grey.", Message: "s1", ReplyTo: chat.Ref("ref of " + h.get(c.ID).Thread)}))
	h.handle(h.from(sam, chat.Event{Kind: chat.Edited, Text: "It is green.", Message: "s1"}))
	for _, kind := range []string{"answer", "ask-back", "note"} {
		h.submits(had, id+kind, "text", "Press it.")
	}
	h.pushes(sam, id+"not-helped")
	h.pushes(had, "queue")
	h.pushes(had, id+"look")
	h.submits(had, id+"pass", "to", "anybody")
	next := h.get(c.ID).Offered[0]
	h.pushes(next, id+"claim")
	h.submits(next, id+"answer", "text", "Press it twice.")
	h.pushes(sam, id+"helped")
	h.pushes(next, id+"save-entry")
	h.clock = h.clock.Add(48 * time.Hour)
	h.dues()
	n := 0
	for _, p := range h.posts() {
		if p.To == sam {
			continue
		}
		n++
		if said := fmt.Sprintf("%+v", p); strings.Contains(said, "U1") {
			t.Errorf("%s was told of the asker: %s", p.To, said)
		}
	}
	if n < 10 {
		t.Errorf("the champions' side got only %d messages", n)
	}
	if strings.Contains(log.String(), "U1") {
		t.Errorf("the log names the asker:\n%s", &log)
	}
	if rows := h.count(`SELECT COUNT(*) FROM escalation WHERE body LIKE '%Name of%'`); rows != 0 {
		t.Error("the name is kept, though it was not to be shown")
	}
	if got := h.count(`SELECT COUNT(*) FROM audit WHERE who LIKE '%U1%' AND what LIKE 'escalation%'`); got != 0 {
		t.Errorf("%d rows of the audit name the asker", got)
	}
}

// Whoever waits for an answer is told once, whatever comes twice, and not after taking it back.
func TestWhoWaitsIsToldOnce(t *testing.T) {
	h := newHouse(t)
	for _, who := range []chat.Address{sam, lee} {
		h.handle(h.from(who, chat.Event{Kind: chat.Said, Text: "how do i polish the hoverboard telescope"}))
		var q string
		if err := h.db.Read().QueryRow(`SELECT id FROM question WHERE person = $1`, who).Scan(&q); err != nil {
			t.Fatal(err)
		}
		h.pushes(who, "wait "+q)
		h.pushes(who, "wait "+q)
		if who == lee {
			h.pushes(lee, "unwait "+q)
		}
	}
	before, leeBefore := len(h.told(sam)), len(h.told(lee))
	h.clock = h.clock.Add(2 * time.Hour)
	h.dues()
	if got := h.told(sam); len(got) != before {
		t.Fatalf("told too early: %q", got[before:])
	}
	h.addDock()
	for range 3 {
		h.clock = h.clock.Add(2 * time.Hour)
		h.dues()
	}
	if got := h.told(sam)[before:]; len(got) != 1 || !strings.Contains(got[0], "Polish the telescope") || !strings.Contains(got[0], "Press the red button") {
		t.Errorf("Sam was told %q", got)
	}
	if got := h.told(lee); len(got) != leeBefore {
		t.Errorf("Lee was told %q", got[leeBefore:])
	}
}

// addDock adds the entry that everybody waits for.
func (h *house) addDock() {
	h.t.Helper()
	h.write(func(tx *sqldb.Tx) error {
		e := knowledge.Entry{Slug: "dock", Place: "england", Kind: knowledge.HowTo, Title: "Polish the telescope", Topic: "everyday", Strand: "skills", Answer: "Press the red button.",
			Phrasings: []knowledge.Phrasing{{Kind: knowledge.Goal, Text: "how do i polish the hoverboard telescope"}}}
		_, err := h.base.Edit(h.t.Context(), tx, e, knowledge.Act{By: "test", Seen: knowledge.AnyVersion})
		return err
	})
}
