package slack

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"signpost/adapters/adaptertest"
	"signpost/bot/chat"
)

var _ = flag.Bool("update", false, "write testdata/parity.json")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quick are waits for tests: what takes Slack seconds takes milliseconds. Only a socket's death is told as late as with
// Slack, for on a busy machine one that lives may say nothing for a second.
var quick = times{firstRetry: 20 * time.Millisecond, lastRetry: 200 * time.Millisecond, stagger: 20 * time.Millisecond, ping: slackTimes.ping,
	dead: slackTimes.dead, drain: slackTimes.drain, margin: 2 * time.Minute, earlier: 10 * time.Minute}

// TestAdapter holds the adapter to what every adapter does, against the scripted server and the local one.
func TestAdapter(t *testing.T) {
	adaptertest.Run(t, scriptedRig("scripted, sockets", false), scriptedRig("scripted, HTTP", true), localRig())
}

func scriptedRig(server string, overHTTP bool) adaptertest.Rig {
	return adaptertest.Rig{Network: "Slack", Server: server, Longest: maxText, Start: func(t *testing.T, handle chat.Handler) adaptertest.Stage {
		f := newScripted(t)
		config := f.config()
		config.Menu, config.Files, config.Log = adaptertest.Menu(), true, logTo(t)
		config.Mounted = overHTTP
		s, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		s.times = quick
		sockets := 2
		if overHTTP {
			f.http, sockets = s.Handler(), 0
		}
		h := &hall{scripted: f, adapter: s}
		f.allowed = func(token string) bool { return token == "<@"+reader+">" && h.mentioning }
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx, handle) }()
		eventually(t, "the adapter is connected", func() bool { return s.Healthy() == nil && f.open() == sockets })
		stage := h.stage()
		stage.Stop = func() error {
			cancel()
			err := <-ended
			f.close()
			return err
		}
		return stage
	}}
}

// A hall is the scripted server with one person at it, who sees and presses.
type hall struct {
	*scripted
	adapter    *Slack
	mentioning bool
	lastSaid   string
}

func (h *hall) stage() adaptertest.Stage {
	address := func(id string) chat.Address { return chat.Address("slack:" + team1 + "/" + id) }
	return adaptertest.Stage{Adapter: &caller{h.adapter, h}, Person: address(reader), Direct: address(privy), Public: address(public), Nowhere: address("C9"), Page: address("home"),
		Say: h.say, Press: h.press, Submit: h.submit, Type: h.typing, Sees: h.sees, Shortcut: h.shortcut,
		Command: func(name, value string) { h.mustAnswer(h.command(reader, public, strings.TrimSpace(name+" "+value))) },
		Open: func() {
			h.event(map[string]any{"type": "app_home_opened", "user": reader, "channel": privy, "tab": "home", "event_ts": h.stamp()})
		},
		SendFile: h.sendFile, Change: h.change, Delete: h.delete,
		Again: func() { h.send(&sent{ofEvents, h.last.payload, 1}, false) },
		Cut:   h.cut, Mend: h.mend}
}

// caller notes which posts are meant to call somebody: no others may.
type caller struct {
	*Slack
	h *hall
}

func (c *caller) Send(ctx context.Context, post chat.Post) (chat.Ref, error) {
	c.h.mu.Lock()
	c.h.mentioning = post.Message.Mention != ""
	c.h.mu.Unlock()
	return c.Slack.Send(ctx, post)
}

func (h *hall) mustAnswer(ok bool) {
	if !ok {
		h.t.Error("no answer")
	}
}

func (h *hall) stamp() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ts()
}

func channelOf(a chat.Address) string { return string(a)[strings.LastIndex(string(a), "/")+1:] }

func (h *hall) say(where chat.Address, text string) {
	channel := channelOf(where)
	if channel == public {
		text = "<@" + ourBot + "> " + text
	}
	h.lastSaid = h.says(reader, channel, text, "")
}

func (h *hall) sees(where chat.Address) []adaptertest.Seen {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []adaptertest.Seen
	if channelOf(where) == "home" {
		var home struct {
			Blocks json.RawMessage `json:"blocks"`
		}
		json.Unmarshal(h.views[reader], &home)
		text, labels, _ := readsAs(home.Blocks)
		return []adaptertest.Seen{{Text: text, Buttons: labels}}
	}
	for _, m := range h.messages[channelOf(where)] {
		list = append(list, h.seen(m))
	}
	return list
}

var tokens = regexp.MustCompile(`<[^>]*>`)

// seen is a message as the person reads it. Where it has blocks those are read; the text beside them must say the same,
// for it is what a screen reader reads.
func (h *hall) seen(m *posted) adaptertest.Seen {
	one := adaptertest.Seen{Text: unescape(m.Text), Private: m.alone != "", Threaded: m.Thread != "" && m.Thread != m.TS}
	if m.User != ourBot {
		return one
	}
	for _, token := range tokens.FindAllString(m.Text, -1) {
		one.Mentions = append(one.Mentions, "slack:"+team1+"/"+strings.Trim(token, "<@>"))
	}
	if m.Blocks != nil {
		text, labels, calls := readsAs(m.Blocks)
		one.Buttons = labels
		if len(calls) != len(one.Mentions) {
			h.t.Errorf("the blocks call %q, the text %q", calls, one.Mentions)
		}
		whole := strings.Join(strings.Fields(unescape(m.Text)), " ")
		for _, line := range strings.Split(text, "\n") {
			if line = strings.Join(strings.Fields(line), " "); len(calls) == 0 && !strings.Contains(whole, line) {
				h.t.Errorf("the blocks say %q, which the text does not: %q", line, whole)
			}
		}
		if text != "" {
			one.Text = text
		}
	}
	for _, file := range m.Files {
		one.File, _ = file["name"].(string)
		id, _ := file["id"].(string)
		one.Body = string(h.files[id])
	}
	return one
}

// press presses the newest button, or picks the newest option, with this label.
func (h *hall) press(label string) {
	h.mu.Lock()
	payload := h.pressPayload(label)
	h.mu.Unlock()
	if payload == nil {
		h.t.Errorf("there is no button %q", label)
		return
	}
	payload["trigger_id"] = h.newTrigger()
	_, ok := h.ask(ofInteraction, payload)
	h.mustAnswer(ok)
}

func (h *hall) pressPayload(label string) map[string]any {
	payload := map[string]any{"type": "block_actions", "team": map[string]any{"id": team1}, "user": map[string]any{"id": reader, "username": "reader", "team_id": team1}}
	var newest *posted
	for channel, list := range h.messages {
		for _, m := range list {
			action := actionIn(m.Blocks, label)
			if action == nil || newest != nil && newest.TS > m.TS {
				continue
			}
			newest = m
			payload["actions"], payload["response_url"] = []any{action}, h.responseURL(channel, reader)
			payload["channel"] = map[string]any{"id": channel}
			payload["container"] = map[string]any{"type": "message", "message_ts": m.TS, "channel_id": channel, "is_ephemeral": m.alone != "", "thread_ts": m.Thread}
			if m.alone == "" {
				payload["message"] = m
			}
		}
	}
	if newest != nil {
		return payload
	}
	var home struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	json.Unmarshal(h.views[reader], &home)
	if action := actionIn(home.Blocks, label); action != nil {
		payload["actions"], payload["container"] = []any{action}, map[string]any{"type": "view"}
		payload["view"] = map[string]any{"id": "VHOME", "type": "home"}
		return payload
	}
	return nil
}

// actionIn is what pressing or picking this label in blocks sends.
func actionIn(blocks json.RawMessage, label string) map[string]any {
	var list []struct {
		Elements []struct {
			Type     string `json:"type"`
			ActionID string `json:"action_id"`
			Value    string `json:"value"`
			Text     any    `json:"text"`
			Options  []struct {
				Text  struct{ Text string } `json:"text"`
				Value string                `json:"value"`
			} `json:"options"`
		} `json:"elements"`
	}
	json.Unmarshal(blocks, &list)
	for _, b := range list {
		for _, e := range b.Elements {
			text, _ := e.Text.(map[string]any)
			if e.Type == "button" && text["text"] == label {
				return map[string]any{"type": "button", "action_id": e.ActionID, "value": e.Value, "action_ts": "1.1"}
			}
			for _, o := range e.Options {
				if o.Text.Text == label {
					return map[string]any{"type": e.Type, "action_id": e.ActionID, "selected_option": map[string]any{"value": o.Value}}
				}
			}
		}
	}
	return nil
}

// view is the open form with what was filled in.
func (h *hall) view(values map[string]string) map[string]any {
	eventually(h.t.(*testing.T), "a form opens", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.modal != nil
	})
	h.mu.Lock()
	defer h.mu.Unlock()
	view := map[string]any{}
	json.Unmarshal(h.modal, &view)
	state := map[string]any{}
	blocks, _ := view["blocks"].([]any)
	for _, b := range blocks {
		b, _ := b.(map[string]any)
		element, ok := b["element"].(map[string]any)
		if !ok {
			continue
		}
		id, action := b["block_id"].(string), element["action_id"].(string)
		entered := map[string]any{"type": element["type"]}
		if value := values[id]; element["type"] == "plain_text_input" {
			entered["value"] = value
		} else if value != "" {
			entered["selected_option"] = map[string]any{"value": value}
		}
		state[id] = map[string]any{action: entered}
	}
	view["id"], view["state"] = h.modalID, map[string]any{"values": state}
	return view
}

func (h *hall) submit(_ chat.Form, values map[string]string) string {
	answer, ok := h.ask(ofInteraction, map[string]any{"type": "view_submission", "team": map[string]any{"id": team1}, "user": map[string]any{"id": reader},
		"trigger_id": h.newTrigger(), "view": h.view(values)})
	h.mustAnswer(ok)
	var said struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	json.Unmarshal(answer, &said)
	h.mu.Lock()
	defer h.mu.Unlock()
	switch said.Action {
	case "errors":
		return fmt.Sprint(said.Errors)
	case "update":
		h.checkView(said.View)
		h.modal = said.View
	default:
		h.modal = nil
	}
	return ""
}

func (h *hall) typing(_ chat.Form, field, text string) []string {
	answer, ok := h.ask(ofInteraction, map[string]any{"type": "block_suggestion", "team": map[string]any{"id": team1}, "user": map[string]any{"id": reader},
		"action_id": field, "block_id": field, "value": text, "view": h.view(nil)})
	h.mustAnswer(ok)
	var said struct {
		Options []struct {
			Text struct{ Text string } `json:"text"`
		} `json:"options"`
	}
	json.Unmarshal(answer, &said)
	var labels []string
	for _, o := range said.Options {
		labels = append(labels, o.Text.Text)
	}
	return labels
}

func (h *hall) shortcut(label, text string) {
	h.mu.Lock()
	var found *posted
	for _, m := range h.messages[public] {
		if strings.Contains(unescape(m.Text), text) {
			found = m
		}
	}
	h.mu.Unlock()
	id := ""
	for _, s := range adaptertest.Menu().Shortcuts {
		if s.Label == label {
			id = s.ID
		}
	}
	_, ok := h.ask(ofInteraction, map[string]any{"type": "message_action", "callback_id": id, "team": map[string]any{"id": team1}, "user": map[string]any{"id": reader},
		"trigger_id": h.newTrigger(), "channel": map[string]any{"id": public}, "message_ts": found.TS, "message": found, "response_url": h.responseURL(public, reader)})
	h.mustAnswer(ok)
}

func (h *hall) sendFile(name, body string) {
	h.mu.Lock()
	h.clock++
	id := fmt.Sprintf("F%d", h.clock)
	h.files[id] = []byte(body)
	ts := h.ts()
	h.mu.Unlock()
	h.event(map[string]any{"type": "message", "subtype": "file_share", "user": reader, "channel": privy, "channel_type": "im", "ts": ts, "text": "",
		"files": []any{map[string]any{"id": id, "name": name, "size": len(body), "url_private_download": h.server.URL + "/files/" + id}}})
}

func (h *hall) change(text string) {
	h.event(map[string]any{"type": "message", "subtype": "message_changed", "channel": privy, "channel_type": "im", "event_ts": h.stamp(),
		"message":          map[string]any{"type": "message", "user": reader, "text": text, "ts": h.lastSaid, "edited": map[string]any{"user": reader, "ts": h.stamp()}},
		"previous_message": map[string]any{"type": "message", "user": reader, "text": "as it was", "ts": h.lastSaid}})
}

func (h *hall) delete() {
	h.event(map[string]any{"type": "message", "subtype": "message_deleted", "channel": privy, "channel_type": "im", "event_ts": h.stamp(), "deleted_ts": h.lastSaid,
		"previous_message": map[string]any{"type": "message", "user": reader, "text": "as it was", "ts": h.lastSaid}})
}
