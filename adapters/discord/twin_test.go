package discord

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"signpost/bot/chat"
)

// A twin is npm's discord-digital-twin with the small control server of adapters/testdata/emulators before it: the test
// plays the people there.
type twin struct {
	t       *testing.T
	control string
	config  Config
	client  *http.Client
}

const twinFolder = "../testdata/emulators"

// noTwin is why the server cannot be started here. With SIGNPOST_EMULATORS=must that is a failure.
func noTwin(t *testing.T) string {
	t.Helper()
	const says = "the Discord server is not installed: npm ci --ignore-scripts in adapters/testdata/emulators"
	if _, err := os.Stat(filepath.Join(twinFolder, "node_modules", "discord-digital-twin")); err == nil {
		return ""
	}
	if os.Getenv("SIGNPOST_EMULATORS") == "must" {
		t.Fatal(says)
	}
	return says
}

// startTwin starts the server, or skips the test where it is not installed.
func startTwin(t *testing.T) *twin {
	t.Helper()
	if missing := noTwin(t); missing != "" {
		t.Skip(missing)
	}
	for range 5 { // while it starts, which takes seconds, another program may take one of its ports
		if tw := tryTwin(t, freePorts(t)); tw != nil {
			return tw
		}
	}
	t.Fatal("the Discord server did not start")
	return nil
}

// tryTwin is nil where the server ends before it is ready.
func tryTwin(t *testing.T, port int) *twin {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, "node", "discord-twin.mjs", fmt.Sprint(port))
	command.Dir = twinFolder
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stderr = t.Output()
	if err := command.Start(); err != nil {
		t.Fatalf("start the Discord server: %v", err)
	}
	tw := &twin{t: t, control: fmt.Sprintf("http://127.0.0.1:%d", port+1), client: &http.Client{Timeout: longWait},
		config: Config{Token: "test-bot-token", API: fmt.Sprintf("http://127.0.0.1:%d/api/v10", port),
			Gateway: fmt.Sprintf("ws://127.0.0.1:%d/gateway", port), Menu: testMenu()}}
	var reading sync.WaitGroup
	t.Cleanup(func() {
		cancel()
		reading.Wait()
		_ = command.Wait()
		tw.client.CloseIdleConnections()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "ready") {
			reading.Go(func() { _, _ = io.Copy(io.Discard, out) })
			return tw
		}
	}
	return nil
}

// freePorts finds two free ports, one after the other.
func freePorts(t *testing.T) int {
	t.Helper()
	for range 50 {
		first, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := first.Addr().(*net.TCPAddr).Port
		second, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+1))
		first.Close()
		if err == nil {
			second.Close()
			return port
		}
	}
	t.Fatal("no two free ports")
	return 0
}

// call plays a user: one of the server's simulate... methods.
func (tw *twin) call(method string, args map[string]any) map[string]any {
	tw.t.Helper()
	body, _ := json.Marshal(map[string]any{"method": method, "args": args})
	answer, err := tw.client.Post(tw.control+"/call", "application/json", bytes.NewReader(body))
	if err != nil {
		tw.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != 200 {
		tw.t.Fatalf("%s: %s", method, text)
	}
	var said map[string]any
	_ = json.Unmarshal(text, &said)
	return said
}

func (tw *twin) get(path string, into any) {
	tw.t.Helper()
	answer, err := tw.client.Get(tw.control + path)
	if err != nil {
		tw.t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		tw.t.Fatal(err)
	}
}

// shown is a message as people see it.
type shown struct {
	ID         string `json:"id"`
	Content    string `json:"content"`
	Flags      int    `json:"flags"`
	Author     user   `json:"author"`
	Components []row  `json:"components"`
	File       string `json:"file"`
}

// A row of components, as it is shown.
type row struct {
	Components []struct {
		Type        int    `json:"type"`
		CustomID    string `json:"custom_id"`
		Label       string `json:"label"`
		Placeholder string `json:"placeholder"`
		Options     []struct {
			Label string `json:"label"`
			Value string `json:"value"`
		} `json:"options"`
	} `json:"components"`
}

// fromBot is the newest message of the bot in a channel that says this, once it is there.
func (tw *twin) fromBot(channel, says string) shown {
	tw.t.Helper()
	var found shown
	tw.eventually("the bot to say "+says, func() bool {
		var all []shown
		tw.get("/messages/"+channel, &all)
		for _, m := range all {
			if m.Author.ID == botID && strings.Contains(m.Content, says) {
				found = m
			}
		}
		return found.ID != ""
	})
	return found
}

// response is what the bot answered an interaction with: its kind and its data.
func (tw *twin) response(interaction map[string]any) (kind int, data map[string]any) {
	tw.t.Helper()
	tw.eventually("a response", func() bool {
		var said struct {
			Type         int            `json:"type"`
			Acknowledged bool           `json:"acknowledged"`
			Data         map[string]any `json:"data"`
		}
		tw.get("/interaction/"+fmt.Sprint(interaction["id"]), &said)
		kind, data = said.Type, said.Data
		return said.Acknowledged
	})
	return kind, data
}

func (tw *twin) eventually(what string, ok func() bool) {
	tw.t.Helper()
	if !until(ok) {
		tw.t.Fatalf("waited in vain for %s", what)
	}
}

// startOn runs an adapter on the twin and waits until it is connected.
func (tw *twin) startOn(begin func(*testing.T, Config, func(chat.Event) (chat.Turn, error)) *running, turn func(chat.Event) (chat.Turn, error)) *running {
	tw.t.Helper()
	r := begin(tw.t, tw.config, turn)
	tw.eventually("the bot to connect", func() bool { return r.Healthy() == nil && r.connected() })
	return r
}

func (r *running) connected() bool {
	r.state.mu.Lock()
	defer r.state.mu.Unlock()
	return r.state.links[0].up
}
