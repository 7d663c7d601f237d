package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// Curators at real third-party servers of both networks: they add an entry, an approver puts it live, it is changed and
// brought back, and a file goes in and comes out again.

// A curatorDesk is where a curator works on one network.
type curatorDesk interface {
	says(who, text string)
	// presses presses the newest button, or picks the newest choice, with this label.
	presses(who, label string)
	// fills sends the form that is on the screen.
	fills(who string, values map[string]string)
	sends(who, name, body string)
	reads(who string, wants ...string)
}

const kitFile = "title,answer,people ask\nBorrow a tripod,1. Ask the kit team.,how do i borrow a tripod\n"

// threeEntries is a base so small that nothing is ever short of time.
func threeEntries(t *testing.T) string { return smallFile(t) }

// curates plays the whole story. alice writes, bob approves.
func curates(t *testing.T, file string, d curatorDesk, alice, bob string) {
	grants := func(right, address string) {
		if s := signpost(t, file, "person", "grant", right, address, "--at", "England"); s.code != 0 {
			t.Fatal(s.err)
		}
	}
	grants("curator", alice)
	grants("approver", bob)
	d.says("alice", "add entry")
	d.reads("alice", "This is for England. Nothing goes live when you save")
	d.fills("alice", map[string]string{"title": "Borrow a beamer", "answer": "1. Open the kit list.", "phrasings": "how do i borrow a beamer", "links": "", "topic": ""})
	d.reads("alice", "Saved as a draft: Borrow a beamer", "how do i borrow a beamer", "It has no topic")
	d.presses("alice", "Send for approval")
	d.reads("bob", `asks you to approve "Borrow a beamer"`)
	d.presses("bob", "Have a look")
	d.reads("bob", "put in: 1. Open the kit list.")
	d.presses("bob", "Put it live")
	d.reads("alice", `has put your draft live: "Borrow a beamer"`)

	d.says("alice", "edit borrow-a-beamer")
	d.reads("alice", "People read the old text until the new one is put live")
	d.fills("alice", map[string]string{"title": "Borrow a beamer", "answer": "1. Ring the kit team.", "phrasings": "how do i borrow a beamer", "links": "", "topic": ""})
	d.presses("alice", "Send for approval")
	d.reads("bob", `asks you to approve "Borrow a beamer"`)
	d.says("bob", "drafts")
	d.presses("bob", "Borrow a beamer")
	d.reads("bob", "put in: 1. Ring the kit team.")
	d.presses("bob", "Put it live")
	d.reads("bob", `"Borrow a beamer" is live for England`)
	d.says("bob", "how do i borrow a beamer")
	d.reads("bob", "Ring the kit team", "Open this entry")

	d.says("bob", "history borrow-a-beamer")
	d.presses("bob", "Version 1")
	d.presses("bob", "Bring this version back")
	d.reads("bob", "is live again as it was then")
	if s := signpost(t, file, "entry", "show", "borrow-a-beamer"); s.code != 0 || !strings.Contains(s.out, "Open the kit list") {
		t.Errorf("it is not back: %s%s", s.out, s.err)
	}
	importsByFile(t, file, d)
}

// importsByFile lets curators put their own work live from here on.
func importsByFile(t *testing.T, file string, d curatorDesk) {
	if s := signpost(t, file, "setting", "set", "approve", "off", "--place", "England"); s.code != 0 {
		t.Fatal(s.err)
	}
	d.sends("alice", "kit.csv", kitFile)
	d.reads("alice", "kit.csv", "1 added", "I have put nothing in yet")
	d.presses("alice", "Put it in")
	d.reads("alice", "You can take it back as a whole")
	if s := signpost(t, file, "entry", "show", "borrow-a-tripod"); s.code != 0 {
		t.Errorf("it is not in: %s", s.err)
	}
	d.presses("alice", "Take it all back")
	d.reads("alice", "All of it is as it was before")
	if s := signpost(t, file, "entry", "show", "borrow-a-tripod"); s.code == 0 {
		t.Errorf("it is not out: %s", s.out)
	}
}

// A slackDesk is the local Slack server with Alice and Bob. Each reads on from what they have read before.
type slackDesk struct {
	t       *testing.T
	at      string
	users   map[string]string
	directs map[string]string
	read    map[string]int // messages of each direct message that were read
	ui      *websocket.Conn
}

func TestServeOnSlackCurator(t *testing.T) {
	at, file := servesOnSlack(t, threeEntries)
	d := &slackDesk{t: t, at: at, users: map[string]string{"alice": "U01ALICE", "bob": "U02BOB"}, directs: map[string]string{}, read: map[string]int{}}
	for name, user := range d.users {
		var opened struct{ Channel struct{ ID string } }
		if err := json.Unmarshal([]byte(call(t, "POST", at+"/api/conversations.open", map[string]string{"users": user})), &opened); err != nil {
			t.Fatal(err)
		}
		d.directs[name] = opened.Channel.ID
	}
	var err error
	if d.ui, _, err = websocket.DefaultDialer.Dial(strings.Replace(at, "http", "ws", 1)+"/ui", nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.ui.Close() })
	curates(t, file, d, "slack:T01TEST/U01ALICE", "slack:T01TEST/U02BOB")
}

type slackMessage struct {
	TS     string           `json:"ts"`
	User   string           `json:"user"`
	Text   string           `json:"text"`
	Blocks []map[string]any `json:"blocks"`
}

func (d *slackDesk) messages(who string) []slackMessage {
	d.t.Helper()
	text := call(d.t, "GET", d.at+"/_control/messages/"+d.directs[who], nil)
	var list []slackMessage
	if json.Unmarshal([]byte(text), &list) == nil {
		return list
	}
	var wrapped struct{ Messages []slackMessage }
	if err := json.Unmarshal([]byte(text), &wrapped); err != nil {
		d.t.Fatalf("%v in %s", err, text)
	}
	return wrapped.Messages
}

func (d *slackDesk) says(who, text string) {
	d.read[who] = len(d.messages(who))
	call(d.t, "POST", d.at+"/_control/message", map[string]string{"channel": d.directs[who], "user": d.users[who], "text": text})
}

func (d *slackDesk) reads(who string, wants ...string) {
	d.t.Helper()
	var text string
	until(d.t, who+" does not read "+strings.Join(wants, " and "), func() bool {
		text = ""
		for _, m := range d.messages(who)[d.read[who]:] {
			body, _ := json.Marshal(m)
			text += m.Text + string(body)
		}
		return !slices.ContainsFunc(wants, func(want string) bool {
			quoted, _ := json.Marshal(want)
			return !strings.Contains(text, want) && !strings.Contains(text, strings.Trim(string(quoted), `"`))
		})
	})
}

func (d *slackDesk) presses(who, label string) {
	d.t.Helper()
	var action map[string]any
	var on string
	until(d.t, who+" has no button "+label, func() bool {
		for _, m := range slices.Backward(d.messages(who)[d.read[who]:]) {
			if action = slackAction(m.Blocks, label); action != nil {
				on = m.TS
				return true
			}
		}
		return false
	})
	d.read[who] = len(d.messages(who))
	call(d.t, "POST", d.at+"/_control/interact", map[string]any{"channel": d.directs[who], "messageTs": on, "user": d.users[who], "action": action})
}

// slackAction is the press of a button, or the pick of an option, whose label begins so.
func slackAction(blocks []map[string]any, label string) map[string]any {
	for _, b := range blocks {
		elements, _ := b["elements"].([]any)
		for _, one := range elements {
			e, _ := one.(map[string]any)
			if text, _ := e["text"].(map[string]any); e["type"] == "button" && text["text"] == label {
				return map[string]any{"type": "button", "action_id": e["action_id"], "block_id": b["block_id"], "value": e["value"]}
			}
			options, _ := e["options"].([]any)
			for _, option := range options {
				o, _ := option.(map[string]any)
				if text, _ := o["text"].(map[string]any); text["text"] == label {
					return map[string]any{"type": e["type"], "action_id": e["action_id"], "block_id": b["block_id"], "selected_option": o}
				}
			}
		}
	}
	return nil
}

func (d *slackDesk) fills(who string, values map[string]string) {
	d.t.Helper()
	d.presses(who, "Open the form")
	fields := map[string]any{}
	for id, value := range values {
		fields[id] = map[string]any{id: map[string]any{"type": "plain_text_input", "value": value}}
	}
	sendsForm(d.t, d.ui, map[string]any{"t": "view_submit", "user": d.users[who], "values": fields})
}

func (d *slackDesk) sends(who, name, body string) {
	d.t.Helper()
	d.read[who] = len(d.messages(who))
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	w.WriteField("channel", d.directs[who])
	w.WriteField("user", d.users[who])
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		d.t.Fatal(err)
	}
	part.Write([]byte(body))
	w.Close()
	answer, err := http.Post(d.at+"/_control/upload", w.FormDataContentType(), &form)
	if err != nil {
		d.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		d.t.Fatalf("upload: %s", answer.Status)
	}
}

// A discordDesk is the Discord server with Alice and Bob, behind a proxy that keeps the files they send: the server takes
// none.
type discordDesk struct {
	t              *testing.T
	control, files string
	kept           map[string]string
	read           map[string]int
	window         map[string]any // the form on the screen
}

var discordUsers = map[string]string{"alice": "900000000000000100", "bob": "900000000000000101"}
var discordDirects = map[string]string{"alice": "900000000000000020", "bob": "900000000000000021"}

func TestServeOnDiscordCurator(t *testing.T) {
	d := &discordDesk{t: t, kept: map[string]string{"/files/kit.csv": kitFile}, read: map[string]int{}}
	var file string
	d.control, file = servesOnDiscord(t, threeEntries, func(server string) string {
		target, err := url.Parse(server)
		if err != nil {
			t.Fatal(err)
		}
		proxy := httputil.NewSingleHostReverseProxy(target)
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if body, ok := d.kept[r.URL.Path]; ok {
				fmt.Fprint(w, body)
				return
			}
			proxy.ServeHTTP(w, r)
		}))
		t.Cleanup(front.Close)
		d.files = front.URL
		return front.URL
	})
	curates(t, file, d, "discord:U"+discordUsers["alice"], "discord:U"+discordUsers["bob"])
}

// play has a person do something, and gives what the server says.
func (d *discordDesk) play(method string, args map[string]any) map[string]any {
	d.t.Helper()
	var said map[string]any
	if err := json.Unmarshal([]byte(call(d.t, "POST", d.control+"/call", map[string]any{"method": method, "args": args})), &said); err != nil || said["error"] != nil {
		d.t.Fatalf("%s: %v %v", method, said["error"], err)
	}
	return said
}

type discordMessage struct {
	ID         string           `json:"id"`
	Content    string           `json:"content"`
	Components []map[string]any `json:"components"`
}

func (d *discordDesk) messages(who string) []discordMessage {
	d.t.Helper()
	var list []discordMessage
	if err := json.Unmarshal([]byte(call(d.t, "GET", d.control+"/messages/"+discordDirects[who], nil)), &list); err != nil {
		d.t.Fatal(err)
	}
	return list
}

func (d *discordDesk) says(who, text string) {
	d.read[who] = len(d.messages(who))
	d.play("simulateUserMessage", map[string]any{"channelId": discordDirects[who], "userId": discordUsers[who], "content": text})
}

func (d *discordDesk) sends(who, name, body string) {
	d.read[who] = len(d.messages(who))
	d.play("simulateUserMessage", map[string]any{"channelId": discordDirects[who], "userId": discordUsers[who], "content": "",
		"attachments": []any{map[string]any{"id": "1", "filename": name, "size": len(body), "url": d.files + "/files/" + name}}})
}

func (d *discordDesk) reads(who string, wants ...string) {
	d.t.Helper()
	until(d.t, who+" does not read "+strings.Join(wants, " and "), func() bool {
		var text string
		for _, m := range d.messages(who)[d.read[who]:] {
			body, _ := json.Marshal(m.Components)
			text += strings.ReplaceAll(m.Content, `\`, "") + string(body)
		}
		return !slices.ContainsFunc(wants, func(want string) bool { return !strings.Contains(text, want) })
	})
}

func (d *discordDesk) presses(who, label string) {
	d.t.Helper()
	var data map[string]any
	var on string
	until(d.t, who+" has no button "+label, func() bool {
		for _, m := range slices.Backward(d.messages(who)[d.read[who]:]) {
			if data = discordAction(m.Components, label); data != nil {
				on = m.ID
				return true
			}
		}
		return false
	})
	d.read[who] = len(d.messages(who))
	id := fmt.Sprint(d.play("simulateInteraction", map[string]any{"type": 3, "channelId": discordDirects[who], "userId": discordUsers[who], "messageId": on, "data": data})["id"])
	until(d.t, "nothing answers "+label, func() bool {
		var said struct {
			Type         int
			Acknowledged bool
			Data         map[string]any
		}
		json.Unmarshal([]byte(call(d.t, "GET", d.control+"/interaction/"+id, nil)), &said)
		if said.Type == 9 {
			d.window = said.Data
		}
		return said.Acknowledged
	})
}

// discordAction is the press of a button, or the pick of an option, with this label.
func discordAction(rows []map[string]any, label string) map[string]any {
	for _, row := range rows {
		components, _ := row["components"].([]any)
		for _, one := range components {
			c, _ := one.(map[string]any)
			if c["label"] == label {
				return map[string]any{"custom_id": c["custom_id"], "component_type": 2}
			}
			options, _ := c["options"].([]any)
			for _, option := range options {
				if o, _ := option.(map[string]any); o["label"] == label {
					return map[string]any{"custom_id": c["custom_id"], "component_type": 3, "values": []any{o["value"]}}
				}
			}
		}
	}
	return nil
}

func (d *discordDesk) fills(who string, values map[string]string) {
	d.t.Helper()
	d.window = nil
	d.presses(who, "Open the form")
	if d.window == nil {
		d.t.Fatal("no form opens")
	}
	var rows []any
	lines, _ := d.window["components"].([]any)
	for _, line := range lines {
		row, _ := line.(map[string]any)
		components, _ := row["components"].([]any)
		input, _ := components[0].(map[string]any)
		id := fmt.Sprint(input["custom_id"])
		rows = append(rows, map[string]any{"type": 1, "components": []any{map[string]any{"type": 4, "custom_id": id, "value": values[id]}}})
	}
	d.play("simulateInteraction", map[string]any{"type": 5, "channelId": discordDirects[who], "userId": discordUsers[who],
		"data": map[string]any{"custom_id": d.window["custom_id"], "components": rows}})
}
