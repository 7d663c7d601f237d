package bot_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/setting"
	"signpost/knowledge/sqldb"
)

// slackSays is a message in a network that takes no reply in its acknowledgement.
func slackSays(key, text string) chat.Event {
	return chat.Event{Key: key, Kind: chat.Said, Person: "slack:T1/U1", Where: "slack:T1/D1", Message: chat.Ref("slack:T1/D1/" + key), Text: text}
}

func inChannel(event chat.Event) chat.Event {
	event.Where, event.Room, event.Public = "slack:T1/C1/17.1", "slack:T1/C1", true
	return event
}

func (h *house) handle(event chat.Event) chat.Turn {
	h.t.Helper()
	h.clock = h.clock.Add(time.Second)
	event.At = h.clock
	turn, err := h.bot.Handle(h.t.Context(), event)
	if err != nil {
		h.t.Fatalf("%s %q: %v", event.Kind, event.Key, err)
	}
	return turn
}

// posts are the messages in the outbox, in order.
func (h *house) posts() (posts []chat.Post) {
	h.t.Helper()
	rows, err := h.db.Read().Query(`SELECT post FROM outbox WHERE state <> 'dropped' ORDER BY id`)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var body []byte
		var post chat.Post
		if err := rows.Scan(&body); err != nil {
			h.t.Fatal(err)
		}
		if err := json.Unmarshal(body, &post); err != nil {
			h.t.Fatal(err)
		}
		posts = append(posts, post)
	}
	return posts
}

func TestRedeliveryGivesTheSameReplyAndChangesNothing(t *testing.T) {
	h := newHouse(t)
	event := chat.Event{Key: "k1", Kind: chat.Said, TakesReply: true, Person: "test:nurse", Where: "test:nurse", Text: "how do i see my shifts"}
	first := h.handle(event)
	for range 3 {
		if again := h.handle(event); !reflect.DeepEqual(again, first) {
			t.Errorf("again the answer is %+v, first it was %+v", again.Reply, first.Reply)
		}
	}
	if n := h.count(`SELECT COUNT(*) FROM question`); n != 1 {
		t.Errorf("%d questions are kept, want 1", n)
	}
}

func TestTheSameEventAtOnceHasOneEffect(t *testing.T) {
	h := newHouse(t)
	event := slackSays("k1", "how do i see my shifts")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := h.bot.Handle(t.Context(), event); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if q, p := h.count(`SELECT COUNT(*) FROM question`), len(h.posts()); q != 1 || p != 1 {
		t.Errorf("%d questions and %d posts, want one of each", q, p)
	}
}

func TestAnswersBecomeMessagesWhereTheNetworkTakesNoReply(t *testing.T) {
	h := newHouse(t)
	turn := h.handle(slackSays("k1", "how do i see my shifts"))
	posts := h.posts()
	if turn.Reply != nil || len(posts) != 1 {
		t.Fatalf("got the reply %+v and %d posts", turn.Reply, len(posts))
	}
	if p := posts[0]; p.To != "slack:T1/D1" || p.Else != "slack:T1/U1" || !strings.Contains(p.Message.String(), "See my shifts") {
		t.Errorf("posted %+v", p)
	}
}

func TestOnlyAnEmergencyIsAnsweredWhereOthersRead(t *testing.T) {
	for _, c := range []struct {
		text, to string
	}{
		{"how do i see my shifts", "slack:T1/C1/17.1"},
		{"my patient is not breathing", "slack:T1/C1/17.1"},
		{"i want to end my life", "slack:T1/U1"},
		{"what dose of amoxicillin for a child", "slack:T1/U1"},
	} {
		h := newHouse(t)
		h.handle(inChannel(slackSays("k1", c.text)))
		if posts := h.posts(); len(posts) != 1 || string(posts[0].To) != c.to {
			t.Errorf("%q went to %+v, want %s", c.text, posts, c.to)
		}
	}
}

func TestWhoCanSeeItIsSaidOnceInEachRoom(t *testing.T) {
	h := newHouse(t)
	const alone, public = "Only you can see", "Everyone here can read"
	h.handle(slackSays("k1", "how do i see my shifts"))
	h.handle(slackSays("k2", "add a printer"))
	h.handle(inChannel(slackSays("k3", "how do i see my shifts")))
	h.handle(inChannel(slackSays("k4", "add a printer")))
	var got []bool
	for i, p := range h.posts() {
		want := alone
		if i >= 2 {
			want = public
		}
		got = append(got, strings.Contains(p.Message.String(), want))
	}
	if want := []bool{true, false, true, false}; !reflect.DeepEqual(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	direct := slackSays("k6", "add a printer") // on Discord a direct message stands under the person's own address
	direct.Person, direct.Where = "discord:U1", "discord:U1"
	h.handle(direct)
	if p := h.posts()[4]; !strings.Contains(p.Message.String(), alone) {
		t.Errorf("in a direct message: %s", p.Message)
	}
	h.handle(inChannel(slackSays("k5", "i want to end my life")))
	if p := h.posts()[5]; strings.Contains(p.Message.String(), "90 days") {
		t.Error("a cry for help is answered with a note on what is kept")
	}
}

func TestAnAnswerForOneCanBeShared(t *testing.T) {
	h := newHouse(t)
	event := inChannel(slackSays("k1", "how do i see my shifts"))
	event.Alone, event.TakesReply = true, true
	share := ""
	for _, b := range h.handle(event).Reply.Buttons {
		if strings.HasPrefix(b.ID, "share ") {
			share = b.ID
		}
	}
	press := chat.Event{Key: "k2", Kind: chat.Pressed, Button: share, Person: event.Person, Where: event.Where, Room: event.Room, Public: true, Alone: true, TakesReply: true}
	turn := h.handle(press)
	h.handle(press)
	posts := h.posts()
	if turn.Reply == nil || len(posts) != 1 || posts[0].To != event.Where || !strings.Contains(posts[0].Message.String(), "See my shifts") {
		t.Errorf("shared %+v, said %+v", posts, turn.Reply)
	}
	event.Key, event.Text = "k3", "i want to end my life"
	for _, b := range h.handle(event).Reply.Buttons {
		if strings.HasPrefix(b.ID, "share") {
			t.Error("the reply to a cry for help can be shared")
		}
	}
}

func TestWhatAnAuthorChangesOrTakesBackIsRespected(t *testing.T) {
	h := newHouse(t)
	h.handle(slackSays("k1", "how do i see my shifts"))
	edit := slackSays("k2", "how do i see my rota, my number is 07700 900123")
	edit.Kind, edit.Message = chat.Edited, "slack:T1/D1/k1"
	h.handle(edit)
	if n := h.count(`SELECT COUNT(*) FROM question WHERE text LIKE '%rota%' AND text NOT LIKE '%900123%'`); n != 1 {
		t.Errorf("%d kept questions say what the message says now, want 1", n)
	}
	other := edit
	other.Key, other.Person, other.Kind = "k3", "slack:T1/U2", chat.Deleted
	h.handle(other)
	if n := h.count(`SELECT COUNT(*) FROM question`); n != 1 {
		t.Error("somebody else took a question back")
	}
	edit.Key, edit.Kind = "k4", chat.Deleted
	h.handle(edit)
	if q, c := h.count(`SELECT COUNT(*) FROM question`), h.count(`SELECT COUNT(*) FROM conversation`); q != 0 || c != 0 {
		t.Errorf("after it was taken back %d questions and %d conversations are kept", q, c)
	}
	h.handle(slackSays("k5", "how do i see my shifts"))
	edit = slackSays("k6", "i want to end my life")
	edit.Kind, edit.Message = chat.Edited, "slack:T1/D1/k5"
	h.handle(edit)
	posts := h.posts()
	if q := h.count(`SELECT COUNT(*) FROM question`); q != 0 || !strings.Contains(posts[len(posts)-1].Message.String(), "Samaritans") {
		t.Errorf("a message edited to a cry for help: %d questions kept, said %s", q, posts[len(posts)-1].Message)
	}
}

func TestAPausedOrganisationStillAnswersEmergencies(t *testing.T) {
	h := newHouse(t)
	h.says("me nurse at Royal Example")
	home := "royal"
	err := h.db.Write(t.Context(), func(tx *sqldb.Tx) error {
		if err := setting.Set(t.Context(), tx, home, setting.Pause, "on", "tester"); err != nil {
			return err
		}
		return setting.Set(t.Context(), tx, home, setting.PauseNote, "Back on Monday.", "tester")
	})
	if err != nil {
		t.Fatal(err)
	}
	if text := h.says("how do i see my shifts"); !strings.Contains(text, "Back on Monday.") || strings.Contains(text, "Open the roster") {
		t.Errorf("paused, it says %q", text)
	}
	if text := h.says("my patient is not breathing"); !strings.Contains(text, "999") && !strings.Contains(text, "2222") {
		t.Errorf("paused, an emergency gets %q", text)
	}
}

func TestRightsHoldAtAPlaceAndBelow(t *testing.T) {
	h := newHouse(t)
	give := func(right people.Right, at string) {
		err := h.db.Write(t.Context(), func(tx *sqldb.Tx) error {
			return people.Give(t.Context(), tx, people.Grant{Person: "test:kim", Right: right, Place: at, By: "tester"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	give(people.Curator, "royal")
	give(people.Admin, "london")
	rights, err := people.RightsOf(t.Context(), h.db.Read(), "test:kim")
	if err != nil {
		t.Fatal(err)
	}
	places := h.bot.Base.Snapshot().Places
	for _, c := range []struct {
		right people.Right
		at    string
		want  bool
	}{
		{people.Curator, "royal", true}, {people.Approver, "royal", true}, {people.Curator, "england", false},
		{people.Approver, "london", true}, {people.Admin, "london", true}, {people.Champion, "london", false}, {people.Admin, "england", false},
	} {
		if got := rights.May(c.right, places, c.at); got != c.want {
			t.Errorf("May(%s, %s) is %v", c.right, c.at, got)
		}
	}
}
