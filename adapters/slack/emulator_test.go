package slack

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// An emulator is the local Slack server of adapters/testdata/emulators. What it does not do as Slack does is in the
// README there; docs/slack.md says which ability was tested against which server.
type emulator struct {
	t    *testing.T
	base string
	ui   *websocket.Conn
	stop func() // ends the server
}

// The people and places of slack.yaml.
const (
	alice   = "U01ALICE"
	bob     = "U02BOB"
	general = "C01GEN"
)

const emulators = "../testdata/emulators"

// longWait is how long a test waits for what must happen. It is long, since the machine may be busy with other things.
const longWait = time.Minute

var localSlack = filepath.Join(emulators, "node_modules", "local-slack-linux-x64", "bin", "local-slack")

// noEmulator says why there is no server to test against, or "".
func noEmulator() string {
	if _, err := os.Stat(localSlack); err != nil {
		return "the local Slack server is not installed: run npm ci --ignore-scripts in adapters/testdata/emulators"
	}
	return ""
}

// startEmulator starts a server of its own for the test. requestURL is where it sends events; "" is Socket Mode.
func startEmulator(t *testing.T, requestURL string) *emulator {
	t.Helper()
	if why := noEmulator(); why != "" {
		if os.Getenv("SIGNPOST_EMULATORS") == "must" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	config, err := os.ReadFile(filepath.Join(emulators, "slack.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if requestURL != "" {
		config = bytes.Replace(config, []byte("mode: socket"), []byte("mode: events\n  requestUrl: "+requestURL), 1)
	}
	file := filepath.Join(t.TempDir(), "slack.yaml")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(localSlack, "--config", file, "--port", "0", "--base-host", "127.0.0.1")
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	stop := sync.OnceFunc(func() {
		command.Process.Kill()
		command.Wait()
	})
	t.Cleanup(stop)
	e := &emulator{t: t, base: "http://127.0.0.1:" + portIn(t, out), stop: stop}
	e.eventually("the server answers", func() bool {
		answer, err := http.Get(e.base + "/_control/state")
		if err != nil {
			return false
		}
		answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
	return e
}

var port = regexp.MustCompile(`(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d+)`)

func portIn(t *testing.T, out io.Reader) string {
	t.Helper()
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if m := port.FindStringSubmatch(lines.Text()); m != nil {
				select {
				case found <- m[1]:
				default:
				}
			}
		}
	}()
	select {
	case p := <-found:
		return p
	case <-time.After(longWait):
		t.Fatal("the local Slack server names no port")
		return ""
	}
}

// eventually waits for something that must come true soon.
func (e *emulator) eventually(what string, ok func() bool) {
	e.t.Helper()
	eventually(e.t, what, ok)
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(longWait); ; time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// play does something as a person; see the README of the emulators.
func (e *emulator) play(what string, with map[string]any) {
	e.t.Helper()
	body, err := json.Marshal(with)
	if err != nil {
		e.t.Fatal(err)
	}
	answer, err := http.Post(e.base+"/_control/"+what, "application/json", bytes.NewReader(body))
	if err != nil {
		e.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(answer.Body)
		e.t.Fatalf("%s: %s: %s", what, answer.Status, said)
	}
}

func (e *emulator) get(path string, into any) {
	e.t.Helper()
	answer, err := http.Get(e.base + path)
	if err != nil {
		e.t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		e.t.Fatalf("%s: %v", path, err)
	}
}

// A shown is a message as people see it.
type shown struct {
	TS          string           `json:"ts"`
	ThreadTS    string           `json:"thread_ts"`
	User        string           `json:"user"`
	Text        string           `json:"text"`
	EphemeralTo string           `json:"ephemeral_to"`
	Blocks      []map[string]any `json:"blocks"`
	Files       []map[string]any `json:"files"`
}

func (e *emulator) messages(channel string) []shown {
	e.t.Helper()
	var answer json.RawMessage
	e.get("/_control/messages/"+channel, &answer)
	var list []shown
	if json.Unmarshal(answer, &list) == nil {
		return list
	}
	var wrapped struct {
		Messages []shown `json:"messages"`
	}
	if err := json.Unmarshal(answer, &wrapped); err != nil {
		e.t.Fatalf("messages: %v: %s", err, answer)
	}
	return wrapped.Messages
}

// sees waits for a message with these words in a channel, the newest first.
func (e *emulator) sees(channel, words string) shown {
	e.t.Helper()
	var found shown
	e.eventually(fmt.Sprintf("%q is seen in %s; there is:\n%s", words, channel, e.transcript(channel)), func() bool {
		list := e.messages(channel)
		for i := len(list) - 1; i >= 0; i-- {
			if strings.Contains(list[i].Text, words) && list[i].User == "U0BOT" {
				found = list[i]
				return true
			}
		}
		return false
	})
	return found
}

func (e *emulator) transcript(channel string) string {
	var b strings.Builder
	for _, m := range e.messages(channel) {
		fmt.Fprintf(&b, "  %s %s: %q to=%s thread=%s\n", m.TS, m.User, m.Text, m.EphemeralTo, m.ThreadTS)
	}
	return b.String()
}

// directOf is a person's direct message with the app.
func (e *emulator) directOf(person string) string {
	e.t.Helper()
	request, _ := http.NewRequest(http.MethodPost, e.base+"/api/conversations.open", strings.NewReader("users="+person))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "Bearer xoxb-test-token")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		e.t.Fatal(err)
	}
	defer answer.Body.Close()
	var opened struct {
		Channel struct {
			ID string `json:"id"`
		} `json:"channel"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&opened); err != nil || opened.Channel.ID == "" {
		e.t.Fatalf("open a direct message: %v", err)
	}
	return opened.Channel.ID
}

// press presses the button with this label in a message.
func (e *emulator) press(person, channel string, m shown, label string) {
	e.t.Helper()
	for _, b := range m.Blocks {
		elements, _ := b["elements"].([]any)
		for _, element := range elements {
			button, _ := element.(map[string]any)
			text, _ := button["text"].(map[string]any)
			if button["type"] == "button" && text["text"] == label {
				e.play("interact", map[string]any{"channel": channel, "messageTs": m.TS, "user": person, "action": map[string]any{
					"type": "button", "action_id": button["action_id"], "block_id": b["block_id"], "value": button["value"]}})
				return
			}
		}
	}
	e.t.Fatalf("no button %q in %q", label, m.Text)
}

// window connects to the page at which a person acts: forms and home pages are only there.
func (e *emulator) window() {
	e.t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial(strings.Replace(e.base, "http", "ws", 1)+"/ui", nil)
	if err != nil {
		e.t.Fatal(err)
	}
	e.ui = conn
	e.t.Cleanup(func() { conn.Close() })
}

// frame waits for the next frame of one of these kinds at the window.
func (e *emulator) frame(kinds ...string) map[string]any {
	e.t.Helper()
	e.ui.SetReadDeadline(time.Now().Add(longWait))
	for {
		var frame map[string]any
		if err := e.ui.ReadJSON(&frame); err != nil {
			e.t.Fatalf("wait for %q at the window: %v", kinds, err)
		}
		if kind, _ := frame["t"].(string); slices.Contains(kinds, kind) {
			return frame
		}
	}
}

func (e *emulator) submit(person string, values map[string]string) {
	e.t.Helper()
	fields := map[string]any{}
	for id, value := range values {
		fields[id] = map[string]any{id: map[string]any{"type": "plain_text_input", "value": value}}
	}
	if err := e.ui.WriteJSON(map[string]any{"t": "view_submit", "user": person, "values": fields}); err != nil {
		e.t.Fatal(err)
	}
}

// A frontDoor gives the server one address for all kinds of request, as it wants, and passes them on to the three that
// Slack uses.
func frontDoor(inside func() http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.URL.Path = "/slack/events"
		switch {
		case bytes.HasPrefix(body, []byte("payload=")):
			r.URL.Path = "/slack/interactions"
		case bytes.Contains(body, []byte("command=")) && !bytes.HasPrefix(body, []byte("{")):
			r.URL.Path = "/slack/commands"
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		inside().ServeHTTP(w, r)
	})
}

// run runs the adapter until the test ends, with a desk that sends what the adapter leaves to one.
func run(t *testing.T, s *Slack, handle func(context.Context, *Slack) deskHandler) *desk {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	d := &desk{slack: s}
	d.handler = handle(ctx, s)
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, d.handle) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(longWait):
			t.Error("Run does not end")
		}
	})
	eventually(t, "the adapter is connected", func() bool { return s.Healthy() == nil })
	return d
}

// onBothRoads runs a scenario in Socket Mode and over HTTP.
func onBothRoads(t *testing.T, config Config, scenario func(t *testing.T, e *emulator, d *desk)) {
	for _, road := range []string{"socket", "http"} {
		t.Run(road, func(t *testing.T) {
			var s *Slack
			address := ""
			if road == "http" {
				server := httptest.NewServer(frontDoor(func() http.Handler { return s.Handler() }))
				t.Cleanup(server.Close)
				address = server.URL + "/slack"
			}
			e := startEmulator(t, address)
			config := config
			config.API, config.Mounted, config.Log = e.base+"/api/", road == "http", logTo(t)
			config.Workspaces = []Workspace{{Home: "north", BotToken: "xoxb-test-token", AppToken: "xapp-test-token", SigningSecret: "test-signing-secret"}}
			var err error
			if s, err = New(config); err != nil {
				t.Fatal(err)
			}
			d := run(t, s, library)
			scenario(t, e, d)
		})
	}
}

func toJSON(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}
