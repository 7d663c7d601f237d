package main

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
	"regexp"
	"strings"
	"testing"
	"time"
)

// The whole of Signpost against real third-party servers of both networks: `serve`, with its tokens in the environment,
// on the starter base. What each adapter does by itself is tried in its own package; here is what people read.

const emulators = "../../adapters/testdata/emulators"

// emulator starts a server and gives what the first matching line of its output says.
func emulator(t *testing.T, ready *regexp.Regexp, module, name string, args ...string) (said string) {
	t.Helper()
	said, ok := tryEmulator(t, ready, module, name, args...)
	if !ok {
		t.Fatalf("%s did not start", module)
	}
	return said
}

// discordTwin starts a Discord server and gives its port; the next one is that of its people. While it starts, which takes
// seconds, another program may take one of them: then it is tried with others.
func discordTwin(t *testing.T) (port int) {
	t.Helper()
	for range 5 {
		port = freePair(t)
		if _, ok := tryEmulator(t, regexp.MustCompile(`^ready(.*)`), "discord-digital-twin", "node", "discord-twin.mjs", fmt.Sprint(port)); ok {
			return port
		}
	}
	t.Fatal("the Discord server did not start")
	return 0
}

// tryEmulator is not ok where the server ends before it is ready.
func tryEmulator(t *testing.T, ready *regexp.Regexp, module, name string, args ...string) (said string, ok bool) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(emulators, "node_modules", module)); err != nil {
		if os.Getenv("SIGNPOST_EMULATORS") == "must" {
			t.Fatal("the servers are not installed")
		}
		t.Skip("the servers are not installed: npm ci --ignore-scripts in adapters/testdata/emulators")
	}
	command := exec.CommandContext(t.Context(), name, args...)
	command.Dir = emulators
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { command.Process.Kill(); command.Wait() })
	found := make(chan string, 1)
	go func() {
		defer close(found)
		told := false
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if m := ready.FindStringSubmatch(lines.Text()); m != nil && !told {
				told = true
				found <- m[len(m)-1]
			}
		}
	}()
	select {
	case said, ok = <-found:
	case <-time.After(patience):
		t.Fatalf("%s did not start", module)
	}
	return said, ok
}

// serves runs serve on a file as fresh gives it, and gives the file.
func serves(t *testing.T, network string, fresh func(*testing.T) string) (file string) {
	t.Helper()
	file = fresh(t)
	servesFile(t, file, network)
	return file
}

// servesFile runs serve until the test ends, once it is ready, and wants it to end well. Another program may take its port
// before it does: then it is tried with another.
func servesFile(t *testing.T, file string, networks ...string) {
	t.Helper()
	for range 3 {
		if tryServes(t, file, networks...) {
			return
		}
	}
	t.Fatal("serve does not start")
}

// tryServes is false where serve ends before it is ready.
func tryServes(t *testing.T, file string, networks ...string) bool {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	a := &app{streams: streams{in: strings.NewReader(""), out: t.Output(), err: t.Output()}, file: file}
	config := filepath.Join(t.TempDir(), "signpost.toml")
	status := fmt.Sprintf("127.0.0.1:%d", freePair(t))
	text := fmt.Sprintf("listen = %q\n[%s]\n", status, strings.Join(networks, "]\n["))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"--db", a.file, "serve", "--words", "--config", config}, a) }()
	early := false
	t.Cleanup(func() {
		stop()
		if early {
			return
		}
		if code := <-ended; code != 0 {
			t.Errorf("serve ended with %d", code)
		}
	})
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if answer, err := http.Get("http://" + status + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return true
			}
		}
		if early = len(ended) > 0; early {
			return false
		}
	}
	t.Fatal("serve is not ready")
	return false
}

func call(t *testing.T, method, url string, body any) string {
	t.Helper()
	sent, _ := json.Marshal(body)
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer xoxb-test-token")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// comes waits until what can be read at url holds all of wants.
func comes(t *testing.T, url string, wants ...string) (text string) {
	t.Helper()
	missing := ""
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		text, missing = call(t, "GET", url, nil), ""
		for _, want := range wants {
			if !strings.Contains(text, want) {
				missing = want
			}
		}
		if missing == "" {
			return text
		}
	}
	t.Fatalf("%q never came; there is\n%s", missing, text)
	return text
}

// distressed is how the answer to a cry for help begins, see bot/words/safety/distress.txt.
const distressed = "You matter, and you can talk to someone now"

// servesOnSlack starts a Slack server, and Signpost on it.
func servesOnSlack(t *testing.T, fresh func(*testing.T) string) (at, file string) {
	t.Helper()
	port := emulator(t, regexp.MustCompile(`(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d+)`), "local-slack-linux-x64",
		"node_modules/local-slack-linux-x64/bin/local-slack", "--config", "slack.yaml", "--port", "0", "--base-host", "127.0.0.1")
	at = "http://127.0.0.1:" + port
	t.Setenv(slackBotToken, "xoxb-test-token")
	t.Setenv("SLACK_APP_TOKEN", "xapp-test-token")
	t.Setenv(slackAPI, at+"/api/")
	comes(t, at+"/_control/state", "U01ALICE")
	return at, serves(t, "slack", fresh)
}

func TestServeOnSlack(t *testing.T) {
	at, _ := servesOnSlack(t, freshFile)
	direct := func(user string) string {
		var opened struct{ Channel struct{ ID string } }
		if err := json.Unmarshal([]byte(call(t, "POST", at+"/api/conversations.open", map[string]string{"users": user})), &opened); err != nil {
			t.Fatal(err)
		}
		return opened.Channel.ID
	}
	says := func(channel, user, text string) {
		call(t, "POST", at+"/_control/message", map[string]string{"channel": channel, "user": user, "text": text})
	}
	says(direct("U01ALICE"), "U01ALICE", "how do i see my shifts")
	comes(t, at+"/_control/messages/"+direct("U01ALICE"), "See my shifts on the e-roster", "This helped", "Only you can see this chat")
	says("C01GEN", "U02BOB", "<@U0BOT> my patient is not breathing")
	comes(t, at+"/_control/messages/C01GEN", "2222")
	says("C01GEN", "U02BOB", "<@U0BOT> i want to end my life")
	comes(t, at+"/_control/messages/"+direct("U02BOB"), distressed)
	call(t, "POST", at+"/_control/command", map[string]string{"channel": "C01GEN", "user": "U02BOB", "command": "/signpost", "text": "topics"})
	public := comes(t, at+"/_control/messages/C01GEN", "What is it about?", `"ephemeral_to":"U02BOB"`)
	if strings.Contains(public, distressed) {
		t.Errorf("the answer to a cry for help stands in the channel:\n%s", public)
	}
}

// servesOnDiscord starts a Discord server, and Signpost on it. before, if set, stands before its API and gives its address.
func servesOnDiscord(t *testing.T, fresh func(*testing.T) string, before func(server string) (address string)) (control, file string) {
	t.Helper()
	port := discordTwin(t)
	server := fmt.Sprintf("http://127.0.0.1:%d", port)
	if before != nil {
		server = before(server)
	}
	t.Setenv(discordToken, "test-bot-token")
	t.Setenv(discordAPI, server+"/api/v10")
	t.Setenv(discordGateway, fmt.Sprintf("ws://127.0.0.1:%d/gateway", port))
	return fmt.Sprintf("http://127.0.0.1:%d", port+1), serves(t, "discord", fresh)
}

func TestServeOnDiscord(t *testing.T) {
	control, _ := servesOnDiscord(t, freshFile, nil)
	const alice, bob, general, aliceDirect, bobDirect = "900000000000000100", "900000000000000101", "900000000000000010", "900000000000000020", "900000000000000021"
	says := func(channel, user, text string) {
		call(t, "POST", control+"/call", map[string]any{"method": "simulateUserMessage", "args": map[string]string{"channelId": channel, "userId": user, "content": text}})
	}
	says(aliceDirect, alice, "how do i see my shifts")
	comes(t, control+"/messages/"+aliceDirect, "See my shifts on the e-roster", "This helped", "Only you can see this chat")
	says(general, bob, "<@900000000000000200> i want to end my life")
	comes(t, control+"/messages/"+bobDirect, distressed)
	if public := call(t, "GET", control+"/messages/"+general, nil); strings.Contains(public, distressed) {
		t.Errorf("the answer to a cry for help stands in the channel:\n%s", public)
	}
}

// freePair finds two free ports, one after the other.
func freePair(t *testing.T) int {
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
