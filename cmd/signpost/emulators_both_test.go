package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"signpost/bot/chat"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// A desktop is one person at one of the networks, in their direct messages with the bot.
type desktop interface {
	// says types something.
	says(text string)
	// reads waits until a message of the bot's holds these words.
	reads(words string)
	// press presses the newest button with this label.
	press(label string)
	// fills presses it, fills in the box of the form that opens, and sends it.
	fills(label, text string)
	// under types a plain reply to the newest message with these words, as the network has replies.
	under(words, text string)
	// all is everything the person can see, as the network gives it.
	all() string
}

// A pinned message is one of the bot's, with the ids of its buttons by label.
type pinned struct {
	id, text string
	buttons  map[string]string
}

// newest finds a message, the newest first.
func newest(list []pinned, holds func(pinned) bool) (pinned, bool) {
	for i := len(list) - 1; i >= 0; i-- {
		if holds(list[i]) {
			return list[i], true
		}
	}
	return pinned{}, false
}

func readsIn(t *testing.T, list func() []pinned, words string) pinned {
	t.Helper()
	return awaitIn(t, list, "the words "+words, func(m pinned) bool { return strings.Contains(m.text, words) })
}

func labelIn(t *testing.T, list func() []pinned, label string) pinned {
	t.Helper()
	return awaitIn(t, list, "the button "+label, func(m pinned) bool { return m.buttons[label] != "" })
}

func awaitIn(t *testing.T, list func() []pinned, what string, holds func(pinned) bool) (found pinned) {
	t.Helper()
	var all []pinned
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		all = list()
		if m, ok := newest(all, holds); ok {
			return m
		}
	}
	t.Fatalf("there is no message with %s, but %+v", what, all)
	return found
}

// A slackDesktop is a person at the local Slack server.
type slackDesktop struct {
	t              *testing.T
	at, user, room string
}

func newSlackDesktop(t *testing.T, at, user string) *slackDesktop {
	var opened struct{ Channel struct{ ID string } }
	if err := json.Unmarshal([]byte(call(t, "POST", at+"/api/conversations.open", map[string]string{"users": user})), &opened); err != nil {
		t.Fatal(err)
	}
	return &slackDesktop{t, at, user, opened.Channel.ID}
}

func (s *slackDesktop) all() string { return call(s.t, "GET", s.at+"/_control/messages/"+s.room, nil) }

func (s *slackDesktop) list() []pinned {
	var shown struct {
		Messages []struct {
			TS, User, Text string
			Blocks         []struct {
				Elements []struct {
					Type, Value string
					ActionID    string `json:"action_id"`
					Text        any
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(s.all()), &shown); err != nil {
		s.t.Fatal(err)
	}
	var list []pinned
	for _, m := range shown.Messages {
		one := pinned{id: m.TS, text: m.Text, buttons: map[string]string{}}
		for _, b := range m.Blocks {
			for _, e := range b.Elements {
				if text, ok := e.Text.(map[string]any); ok && e.Type == "button" {
					one.buttons[fmt.Sprint(text["text"])] = e.ActionID + "\n" + e.Value
				}
			}
		}
		if m.User == "U0BOT" {
			list = append(list, one)
		}
	}
	return list
}

func (s *slackDesktop) says(text string) {
	call(s.t, "POST", s.at+"/_control/message", map[string]string{"channel": s.room, "user": s.user, "text": text})
}

func (s *slackDesktop) under(words, text string) {
	s.t.Helper()
	m := readsIn(s.t, s.list, words)
	call(s.t, "POST", s.at+"/_control/message", map[string]string{"channel": s.room, "user": s.user, "text": text, "thread_ts": m.id})
}

func (s *slackDesktop) reads(words string) { s.t.Helper(); readsIn(s.t, s.list, words) }

func (s *slackDesktop) press(label string) {
	s.t.Helper()
	m := labelIn(s.t, s.list, label)
	id, value, _ := strings.Cut(m.buttons[label], "\n")
	call(s.t, "POST", s.at+"/_control/interact", map[string]any{"channel": s.room, "messageTs": m.id, "user": s.user,
		"action": map[string]string{"type": "button", "action_id": id, "value": value, "action_ts": "1.1"}})
}

// fills looks at the window from now on: it shows the forms of all people, and would else show one of before.
func (s *slackDesktop) fills(label, text string) {
	s.t.Helper()
	window, _, err := websocket.DefaultDialer.Dial(strings.Replace(s.at, "http", "ws", 1)+"/ui", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	defer window.Close()
	s.press(label)
	field := map[string]any{"text": map[string]any{"text": map[string]string{"type": "plain_text_input", "value": text}}}
	sendsForm(s.t, window, map[string]any{"t": "view_submit", "user": s.user, "values": field})
}

// sendsForm waits until the form is open, sends it, and waits until it is closed. What is sent before the form is open the
// server passes over in silence.
func sendsForm(t *testing.T, window *websocket.Conn, form map[string]any) {
	t.Helper()
	await := func(open bool) {
		t.Helper()
		window.SetReadDeadline(time.Now().Add(patience))
		for {
			var frame map[string]any
			if err := window.ReadJSON(&frame); err != nil {
				t.Fatalf("wait for the form to be open, %v: %v", open, err)
			}
			if stack, _ := frame["stack"].([]any); frame["t"] == "view" && len(stack) > 0 == open {
				return
			}
			if frame["t"] == "view_errors" {
				t.Fatalf("the form is not taken: %v", frame)
			}
		}
	}
	await(true)
	if err := window.WriteJSON(form); err != nil {
		t.Fatal(err)
	}
	await(false)
}

// A discordDesktop is a person at the Discord server.
type discordDesktop struct {
	t                   *testing.T
	control, user, room string
	last                string // the answer to what was pressed last
}

func (d *discordDesktop) all() string {
	return call(d.t, "GET", d.control+"/messages/"+d.room, nil) + d.last
}

// A row of buttons.
type discordRow struct {
	Components []struct {
		Type     int
		CustomID string `json:"custom_id"`
		Label    string
	}
}

func pin(id, text string, rows []discordRow) pinned {
	one := pinned{id: id, text: text, buttons: map[string]string{}}
	for _, r := range rows {
		for _, c := range r.Components {
			if c.Type == 2 {
				one.buttons[c.Label] = c.CustomID
			}
		}
	}
	return one
}

func (d *discordDesktop) list() []pinned {
	var shown []struct {
		ID, Content string
		Author      struct{ ID string }
		Components  []discordRow
	}
	if err := json.Unmarshal([]byte(call(d.t, "GET", d.control+"/messages/"+d.room, nil)), &shown); err != nil {
		d.t.Fatal(err)
	}
	var list []pinned
	for _, m := range shown {
		if m.Author.ID == "900000000000000200" {
			list = append(list, pin(m.ID, m.Content, m.Components))
		}
	}
	var last struct {
		MessageID string
		Data      struct {
			Content    string
			Components []discordRow
		}
	}
	if json.Unmarshal([]byte(d.last), &last) == nil && last.Data.Content != "" {
		list = append(list, pin(last.MessageID, last.Data.Content, last.Data.Components))
	}
	return list
}

func (d *discordDesktop) does(method string, args map[string]any) (interaction string) {
	d.t.Helper()
	args["channelId"], args["userId"] = d.room, d.user
	var made struct{ ID string }
	json.Unmarshal([]byte(call(d.t, "POST", d.control+"/call", map[string]any{"method": method, "args": args})), &made)
	return made.ID
}

func (d *discordDesktop) says(text string) {
	d.does("simulateUserMessage", map[string]any{"content": text})
}

func (d *discordDesktop) under(words, text string) {
	d.t.Helper()
	m := readsIn(d.t, d.list, words)
	d.does("simulateUserMessage", map[string]any{"content": text, "messageReference": map[string]string{"message_id": m.id, "channel_id": d.room}})
}

func (d *discordDesktop) reads(words string) { d.t.Helper(); readsIn(d.t, d.list, words) }

// answered waits for the bot's answer to an interaction.
func (d *discordDesktop) answered(interaction string) {
	d.t.Helper()
	d.last = comes(d.t, d.control+"/interaction/"+interaction, `"acknowledged":true`)
}

func (d *discordDesktop) press(label string) {
	d.t.Helper()
	m := labelIn(d.t, d.list, label)
	d.answered(d.does("simulateButtonClick", map[string]any{"messageId": m.id, "customId": m.buttons[label]}))
}

// openForm is the adapter's button between the words of a form and its window.
const openForm = "Open the form"

func (d *discordDesktop) fills(label, text string) {
	d.t.Helper()
	before := map[string]bool{}
	for _, m := range d.list() {
		before[m.id] = true
	}
	d.press(label)
	if !strings.Contains(d.last, `"type":9`) { // the words before the box are a message of their own, and so is a late answer
		m := awaitIn(d.t, d.list, "a new button "+openForm, func(m pinned) bool { return !before[m.id] && m.buttons[openForm] != "" })
		d.answered(d.does("simulateButtonClick", map[string]any{"messageId": m.id, "customId": m.buttons[openForm]}))
	}
	var form struct {
		Type int
		Data struct {
			CustomID string `json:"custom_id"`
		}
	}
	if err := json.Unmarshal([]byte(d.last), &form); err != nil || form.Type != 9 {
		d.t.Fatalf("no form opens after %q: %s", label, d.last)
	}
	d.answered(d.does("simulateModalSubmit", map[string]any{"customId": form.Data.CustomID, "fields": []any{map[string]string{"customId": "text", "value": text}}}))
}

// TestServeOnBoth has people on Slack and on Discord help each other over one serve: somebody at one organisation asks on
// one network, without a name, and the champion of that organisation is on the other.
func TestServeOnBoth(t *testing.T) {
	slackPort := emulator(t, regexp.MustCompile(`(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d+)`), "local-slack-linux-x64",
		"node_modules/local-slack-linux-x64/bin/local-slack", "--config", "slack.yaml", "--port", "0", "--base-host", "127.0.0.1")
	port := discordTwin(t)
	at, control := "http://127.0.0.1:"+slackPort, fmt.Sprintf("http://127.0.0.1:%d", port+1)
	t.Setenv(slackBotToken, "xoxb-test-token")
	t.Setenv("SLACK_APP_TOKEN", "xapp-test-token")
	t.Setenv(slackAPI, at+"/api/")
	t.Setenv(discordToken, "test-bot-token")
	t.Setenv(discordAPI, fmt.Sprintf("http://127.0.0.1:%d/api/v10", port))
	t.Setenv(discordGateway, fmt.Sprintf("ws://127.0.0.1:%d/gateway", port))
	comes(t, at+"/_control/state", "U01ALICE")
	file := freshFile(t)
	twoPlaces(t, file)
	servesFile(t, file, "slack", "discord")
	slackAlice, slackBob := newSlackDesktop(t, at, "U01ALICE"), newSlackDesktop(t, at, "U02BOB")
	discordAlice := &discordDesktop{t: t, control: control, user: "900000000000000100", room: "900000000000000020"}
	discordBob := &discordDesktop{t: t, control: control, user: "900000000000000101", room: "900000000000000021"}
	t.Run("Slack asks, Discord answers", func(t *testing.T) {
		slackBob.t, discordAlice.t = t, t
		helpsAcross(t, slackBob, discordAlice, "Royal Example", []string{"U02BOB", slackBob.room, "Bob", "bob", "T01TEST"})
	})
	t.Run("Discord asks, Slack answers", func(t *testing.T) {
		discordBob.t, slackAlice.t = t, t
		helpsAcross(t, discordBob, slackAlice, "Sample Care", []string{discordBob.user, discordBob.room, "Bob", "bob"})
	})
}

// twoPlaces is an organisation whose champion is on Discord, and one whose champion is on Slack.
func twoPlaces(t *testing.T, file string) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), func(tx *sqldb.Tx) error {
		for _, p := range []struct {
			place.Place
			champion chat.Address
		}{
			{place.Place{ID: royal, Parent: "london", Kind: place.Trust, Name: "Royal Example"}, "discord:U900000000000000100"},
			{place.Place{ID: "sample-care", Parent: "london", Kind: place.Care, Name: "Sample Care"}, "slack:T01TEST/U01ALICE"},
		} {
			if _, err := place.Add(t.Context(), tx, p.Place); err != nil {
				return err
			}
			if err := joins(t, tx, p.ID, p.champion); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// helpsAcross is a whole conversation. never is what the champion must not see.
func helpsAcross(t *testing.T, nurse, champion desktop, at string, never []string) {
	nurse.says("me nurse at " + at)
	nurse.reads("I have you as a nurse at " + at)
	nurse.says("how do i polish the hoverboard telescope")
	nurse.reads("I don't know")
	nurse.press("Ask a champion")
	nurse.reads("Ask a digital champion")
	nurse.press("Hide my name")
	nurse.reads("a nurse at " + at + ", without your name") // I do not know is said without a name too
	nurse.press("Send it")
	nurse.reads("I have asked a digital champion at " + at)

	champion.reads("how do i polish the hoverboard telescope")
	champion.press("I can help")
	champion.reads("You have this question")
	nurse.reads("Champion has your question now")
	champion.fills("Ask them something", "Which room is it in?")
	nurse.reads("Which room is it in?")
	nurse.under("Which room is it in?", "The big meeting room")
	champion.reads("The big meeting room")
	nurse.fills("Reply or add more", "On the second floor, my patient is 943 476 5919")
	champion.reads("On the second floor, my patient is")
	champion.under("On the second floor", "Press the red button")
	nurse.reads("Press the red button")
	nurse.press("Not yet")
	champion.reads("they need a little more")
	champion.fills("Answer", "Hold it for ten seconds")
	nurse.reads("Hold it for ten seconds")
	nurse.press("It is sorted")
	champion.reads("says that it is sorted")
	champion.reads("Thank you for helping with this")

	seen := champion.all()
	for _, word := range append(never, "943 476 5919") {
		if strings.Contains(seen, word) {
			t.Errorf("the champion sees %q in\n%s", word, seen)
		}
	}
	if strings.Contains(nurse.all(), "Thank you for helping") {
		t.Error("what is for the champion went to the person who asked")
	}
}
