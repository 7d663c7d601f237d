package slack

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"signpost/adapters/adaptertest"
	"signpost/bot/chat"
)

// localRig is the shared suite against the local Slack server, for the abilities that it has.
func localRig() adaptertest.Rig {
	missing := noEmulator()
	if os.Getenv("SIGNPOST_EMULATORS") == "must" {
		missing = "" // and then Start fails
	}
	return adaptertest.Rig{Network: "Slack", Server: "local-slack", Missing: missing, Longest: maxText, Start: startLocal, Cannot: map[adaptertest.Ability]string{
		adaptertest.TypeAhead:  "The local server has no fields that look things up.",
		adaptertest.Shortcut:   "The local server has no message shortcuts.",
		adaptertest.Page:       "At the local server nobody can press on the home page.",
		adaptertest.FileIn:     "At the local server nobody sends files.",
		adaptertest.FileOut:    "What the local server keeps of a file cannot be read back.",
		adaptertest.Find:       "The local server keeps no metadata of messages.",
		adaptertest.Unsendable: "The local server takes messages for any channel.",
		adaptertest.Redeliver:  "The local server delivers once.",
		adaptertest.Fail:       "The local server delivers once.",
		adaptertest.Reconnect:  "The local server cannot be cut off without losing what it knows.",
		adaptertest.Mention:    "The local server does not tell mentions from text.",
	}}
}

func startLocal(t *testing.T, handle chat.Handler) adaptertest.Stage {
	e := startEmulator(t, "")
	s, err := New(Config{API: e.base + "/api/", Menu: adaptertest.Menu(), Log: logTo(t), Workspaces: []Workspace{{BotToken: "xoxb-test-token", AppToken: "xapp-test-token"}}})
	if err != nil {
		t.Fatal(err)
	}
	s.times = quick
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, handle) }()
	eventually(t, "the adapter is connected", func() bool { return s.Healthy() == nil })
	l := &local{emulator: e, direct: e.directOf(alice)}
	address := func(id string) chat.Address { return chat.Address("slack:T01TEST/" + id) }
	e.window()
	return adaptertest.Stage{Adapter: s, Person: address(alice), Direct: address(l.direct), Public: address(general),
		Say: l.say, Press: l.pressAnywhere, Submit: l.send, Sees: l.sees,
		Command: func(name, value string) {
			e.play("command", map[string]any{"channel": general, "user": alice, "command": "/signpost", "text": strings.TrimSpace(name + " " + value)})
		},
		Change: func(text string) {
			e.play("edit-message", map[string]any{"channel": l.direct, "user": alice, "ts": l.said(), "text": text})
		},
		Delete: func() { e.play("delete-message", map[string]any{"channel": l.direct, "user": alice, "ts": l.said()}) },
		Stop: func() error {
			cancel()
			err := <-ended
			e.ui.Close()
			e.stop()
			return err
		}}
}

// A local is the local server with one person at it.
type local struct {
	*emulator
	direct string
	open   bool // whether a form is, by the window's frames read so far
}

func (l *local) say(where chat.Address, text string) {
	channel := channelOf(where)
	if channel == general {
		text = "<@U0BOT> " + text
	}
	l.play("message", map[string]any{"channel": channel, "user": alice, "text": text})
}

// said is the person's newest message in their direct message.
func (l *local) said() string {
	ts := ""
	for _, m := range l.messages(l.direct) {
		if m.User == alice {
			ts = m.TS
		}
	}
	return ts
}

func (l *local) sees(where chat.Address) []adaptertest.Seen {
	var list []adaptertest.Seen
	for _, m := range l.messages(channelOf(where)) {
		one := adaptertest.Seen{Text: unescape(m.Text), Private: m.EphemeralTo != "", Threaded: m.ThreadTS != "" && m.ThreadTS != m.TS}
		if m.User == "U0BOT" {
			text, labels, calls := readsAs(json.RawMessage(toJSON(m.Blocks)))
			one.Buttons, one.Mentions = labels, calls
			if text != "" {
				one.Text = text
			}
		}
		list = append(list, one)
	}
	return list
}

// pressAnywhere presses the newest button, or picks the newest option, with this label.
func (l *local) pressAnywhere(label string) {
	for _, channel := range []string{l.direct, general} {
		list := l.messages(channel)
		for i := len(list) - 1; i >= 0; i-- {
			if action := actionIn(json.RawMessage(toJSON(list[i].Blocks)), label); action != nil {
				l.play("interact", map[string]any{"channel": channel, "messageTs": list[i].TS, "user": alice, "action": action})
				return
			}
		}
	}
	l.t.Errorf("there is no button %q", label)
}

// send sends the form once it is open, and returns what is wrong with it, or nothing when the server then closes it. What
// is sent before the form is open the server passes over in silence.
func (l *local) send(form chat.Form, values map[string]string) string {
	for !l.open {
		l.open = isOpen(l.frame("view"))
	}
	fields := map[string]any{}
	for _, f := range form.Fields {
		entered := map[string]any{"type": "plain_text_input", "value": values[f.ID]}
		if f.Kind == chat.Pick || f.Kind == chat.TypeAhead {
			entered = map[string]any{"type": "static_select", "selected_option": map[string]any{"value": values[f.ID]}}
		}
		fields[f.ID] = map[string]any{f.ID: entered}
	}
	if err := l.ui.WriteJSON(map[string]any{"t": "view_submit", "user": alice, "values": fields}); err != nil {
		l.t.Error(err)
	}
	for l.open {
		frame := l.frame("view", "view_errors")
		if frame["t"] == "view_errors" {
			return toJSON(frame)
		}
		l.open = isOpen(frame)
	}
	return ""
}

// isOpen tells from a frame of the window whether a form is open after it.
func isOpen(frame map[string]any) bool {
	stack, _ := frame["stack"].([]any)
	return len(stack) > 0
}
