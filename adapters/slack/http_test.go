package slack

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"signpost/bot/chat"
)

const aMessage = `{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{"type":"message","channel":"D1","channel_type":"im","user":"U1","text":"hello","ts":"1800000000.000100"}}`

// TestRequests: only what Slack signed, lately and with the right secret, is read, and only from the body.
func TestRequests(t *testing.T) {
	n := &notebook{}
	_, s := begin(t, n.handle, overHTTP)
	now := time.Now()
	press := formBody(map[string]string{"payload": `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"t1","channel":{"id":"C1"},"container":{"message_ts":"1.1"},"actions":[{"value":"pressed"}]}`})
	command := formBody(map[string]string{"team_id": "T1", "channel_id": "C1", "user_id": "U1", "text": "a question", "trigger_id": "t2", "command": "/signpost"})
	for _, c := range []struct {
		name    string
		request *http.Request
		status  int
		heard   int
	}{
		{"an event", sign("/slack/events", aMessage, now, secret), 200, 1},
		{"the same event again", sign("/slack/events", aMessage, now, secret), 200, 0},
		{"a press", sign("/slack/interactions", press, now, secret), 200, 1},
		{"the same press again", sign("/slack/interactions", press, now, secret), 200, 0},
		{"a command", sign("/slack/commands", command, now, secret), 200, 1},
		{"the same command replayed", sign("/slack/commands", command, now, secret), 200, 0},
		{"another secret", sign("/slack/events", aMessage, now, "not the secret"), 401, 0},
		{"an empty secret", sign("/slack/events", aMessage, now, ""), 401, 0},
		{"stale", sign("/slack/events", aMessage, now.Add(-6*time.Minute), secret), 401, 0},
		{"from the future", sign("/slack/events", aMessage, now.Add(6*time.Minute), secret), 401, 0},
		{"unsigned", httptest.NewRequest("POST", "/slack/events", strings.NewReader(aMessage)), 401, 0},
		{"another body", withBody(sign("/slack/events", aMessage, now, secret), strings.Replace(aMessage, "hello", "evil!", 1)), 401, 0},
		{"a payload in the address", sign("/slack/interactions?"+strings.Replace(press, "t1", "t9", 1), "", now, secret), 200, 0},
		{"a command in the address", sign("/slack/commands?"+strings.Replace(command, "t2", "t9", 1), "x=1", now, secret), 200, 0},
		{"broken JSON", sign("/slack/events", `{"type":`, now, secret), 200, 0},
		{"a broken form", sign("/slack/commands", `%zz`, now, secret), 200, 0},
		{"something new", sign("/slack/events", `{"type":"app_rate_limited"}`, now, secret), 200, 0},
		{"a megabyte and more", sign("/slack/events", strings.Repeat("x", maxRequest+1), now, secret), 413, 0},
		{"GET", httptest.NewRequest("GET", "/slack/events", nil), 405, 0},
		{"another path", httptest.NewRequest("POST", "/slack/else", nil), 404, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := len(n.texts())
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, c.request)
			if w.Code != c.status {
				t.Errorf("status %d, want %d: %s", w.Code, c.status, w.Body)
			}
			if heard := len(n.texts()) - before; heard != c.heard {
				t.Errorf("%d events, want %d", heard, c.heard)
			}
		})
	}
}

func overHTTP(c *Config) { c.Mounted, c.Sockets = true, 0 }

func withBody(r *http.Request, body string) *http.Request {
	fresh := httptest.NewRequest(r.Method, r.URL.String(), strings.NewReader(body))
	fresh.Header = r.Header
	return fresh
}

func TestAddressIsChecked(t *testing.T) {
	_, s := begin(t, (&notebook{}).handle, overHTTP)
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, sign("/slack/events", `{"type":"url_verification","challenge":"abc"}`, time.Now(), secret))
	if w.Code != 200 || w.Body.String() != "abc" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

func TestRequestsBeforeAndAfterRun(t *testing.T) {
	f := newScripted(t)
	config := f.config()
	config.Mounted = true
	s, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	try := func() int {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, sign("/slack/events", aMessage, time.Now(), secret))
		return w.Code
	}
	if got := try(); got != http.StatusServiceUnavailable {
		t.Errorf("before Run: %d", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	n := &notebook{}
	go func() { done <- s.Run(ctx, n.handle) }()
	eventually(t, "it takes requests", func() bool { return s.Healthy() == nil && try() == http.StatusOK })
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := try(); got != http.StatusServiceUnavailable {
		t.Errorf("after Run: %d", got)
	}
}

// TestFailedRequestComesAgain: an event that could not be handled is answered 503, without forbidding another try.
func TestFailedRequestComesAgain(t *testing.T) {
	n := &notebook{answer: func(chat.Event) (chat.Turn, error) { return chat.Turn{}, context.DeadlineExceeded }}
	_, s := begin(t, n.handle, overHTTP)
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, sign("/slack/events", aMessage, time.Now(), secret))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("X-Slack-No-Retry") != "" {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
}

// TestSeveralWorkspaces: each has its own secret, and one's secret opens no other's door.
func TestSeveralWorkspaces(t *testing.T) {
	n := &notebook{}
	_, s := begin(t, n.handle, func(c *Config) {
		overHTTP(c)
		c.Workspaces = append(c.Workspaces, Workspace{Name: "second", Home: "south", BotToken: goodBot, SigningSecret: "the other secret, long enough"})
	})
	second := s.teams[1]
	second.mu.Lock()
	second.id, second.bot = "T2", "U0TWO"
	second.mu.Unlock()
	of := func(team, with, ts string) (int, int) {
		body := strings.NewReplacer("T1", team, "000100", ts).Replace(aMessage)
		before := len(n.texts())
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, sign("/slack/events", body, time.Now(), with))
		return w.Code, len(n.texts()) - before
	}
	if code, heard := of("T1", secret, "000101"); code != 200 || heard != 1 {
		t.Errorf("the first: %d, %d heard", code, heard)
	}
	if code, heard := of("T2", "the other secret, long enough", "000102"); code != 200 || heard != 1 {
		t.Errorf("the second: %d, %d heard", code, heard)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if a, b := n.events[0], n.events[1]; a.Home != "north" || b.Home != "south" || a.Person != "slack:T1/U1" || b.Person != "slack:T2/U1" || a.Key == b.Key {
		t.Errorf("got %+v and %+v", a, b)
	}
}

// TestListen takes a request at an address of its own, and frees it after Run.
func TestListen(t *testing.T) {
	n := &notebook{}
	probe := httptest.NewServer(nil)
	address := strings.TrimPrefix(probe.URL, "http://")
	probe.Close()
	_, s := begin(t, n.handle, func(c *Config) { c.Listen, c.Sockets = address, 0 })
	r := sign("http://"+address+"/slack/events", aMessage, time.Now(), secret)
	r.RequestURI = ""
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != 200 || !n.has("hello") || s.Healthy() != nil {
		t.Errorf("%s, %q, %v", answer.Status, n.texts(), s.Healthy())
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestNew(t *testing.T) {
	bot := Workspace{BotToken: "xoxb-1"}
	for _, c := range []struct {
		name   string
		config Config
		want   string
	}{
		{"nothing", Config{}, "no workspace"},
		{"no bot token", Config{Workspaces: []Workspace{{AppToken: "xapp-1"}}}, "no bot token"},
		{"no app token", Config{Workspaces: []Workspace{bot}}, "no app token"},
		{"no secret", Config{Workspaces: []Workspace{bot}, Listen: ":1"}, "no signing secret"},
		{"no secret, mounted", Config{Workspaces: []Workspace{bot}, Mounted: true}, "no signing secret"},
	} {
		if _, err := New(c.config); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestManifest(t *testing.T) {
	menu := chat.Menu{Commands: []chat.Command{{Name: "topics"}}, Shortcuts: []chat.Shortcut{{ID: "find", Label: "Find help with this"}},
		Prompts: []chat.Choice{{Label: "One"}, {Label: "Two"}, {Label: "Three"}, {Label: "Four"}, {Label: "Five"}}}
	for _, c := range []struct {
		name    string
		options ManifestOptions
		with    []string
		without []string
	}{
		{"least", ManifestOptions{Menu: menu}, []string{`"socket_mode_enabled": true`, `"agent_view"`, `"command": "/signpost"`, `"callback_id": "find"`, `"message.im"`, `"im:history"`, `"home_tab_enabled": true`, `"users:read"`, `"user_change"`, `"team_join"`, `"title": "Four"`},
			[]string{"channels:history", "files:read", "message.channels", "request_url", "assistant_view", "users:read.email", `"Five"`}},
		{"threads", ManifestOptions{Threads: true}, []string{"channels:history", "groups:history", "message.channels", "message.groups"}, []string{"files:read", "shortcuts"}},
		{"files", ManifestOptions{Files: true}, []string{"files:read", "files:write"}, []string{"channels:history"}},
		{"http", ManifestOptions{HTTP: "https://help.example.nhs.uk/", Command: "find"}, []string{`"socket_mode_enabled": false`, `"https://help.example.nhs.uk/slack/events"`,
			`"message_menu_options_url": "https://help.example.nhs.uk/slack/interactions"`, `"https://help.example.nhs.uk/slack/commands"`, `"command": "/find"`}, []string{"uk//"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := Manifest(c.options)
			if err != nil || !json.Valid(out) {
				t.Fatalf("%v: %s", err, out)
			}
			for _, want := range c.with {
				if !strings.Contains(string(out), want) {
					t.Errorf("without %s:\n%s", want, out)
				}
			}
			for _, not := range c.without {
				if strings.Contains(string(out), not) {
					t.Errorf("with %s", not)
				}
			}
		})
	}
	for _, bad := range []ManifestOptions{{Command: "/Sign Post"}, {Command: "/" + strings.Repeat("x", 40)}, {HTTP: "http://x"}, {HTTP: "help"}} {
		if out, err := Manifest(bad); err == nil {
			t.Errorf("%+v: %s", bad, out)
		}
	}
}

func TestCheck(t *testing.T) {
	good := Workspace{Name: "Northern Trust", BotToken: goodBot, AppToken: goodApp, SigningSecret: secret, Channels: []string{public}}
	with := func(change func(*Workspace)) Config {
		w := good
		change(&w)
		return Config{Workspaces: []Workspace{w}}
	}
	for _, c := range []struct {
		name   string
		config Config
		wrong  []string // what the findings that are not OK say, in part
	}{
		{"all right", with(func(*Workspace) {}), nil},
		{"nothing", Config{}, []string{"No Slack workspace"}},
		{"no bot token", with(func(w *Workspace) { w.BotToken = "" }), []string{"bot token of Northern Trust is missing"}},
		{"the two swapped", with(func(w *Workspace) { w.BotToken, w.AppToken = w.AppToken, w.BotToken }), []string{"is an app token", "app token of Northern Trust does not look like one"}},
		{"a user token", with(func(w *Workspace) { w.BotToken = "xoxp-1" }), []string{"does not look like one"}},
		{"a wrong bot token", with(func(w *Workspace) { w.BotToken = "xoxb-bad" }), []string{"not accepted"}},
		{"a wrong app token", with(func(w *Workspace) { w.AppToken = "xapp-bad" }), []string{"app token of Northern Trust is not accepted"}},
		{"no app token", with(func(w *Workspace) { w.AppToken = "" }), []string{"app token of Northern Trust is missing"}},
		{"no such channel", with(func(w *Workspace) { w.Channels = []string{"C9"} }), []string{"not known"}},
		{"not in the channel", with(func(w *Workspace) { w.Channels = []string{"C7"} }), []string{"not in #general"}},
		{"scopes", func() Config { c := with(func(*Workspace) {}); c.Listening = true; return c }(), []string{"lacks permissions: channels:history"}},
		{"no secret", func() Config { c := with(func(w *Workspace) { w.SigningSecret = "" }); c.Mounted = true; return c }(), []string{"signing secret"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newScripted(t)
			c.config.API = f.api()
			var wrong []chat.Finding
			for _, found := range Check(t.Context(), c.config) {
				if found.Name == "" || found.Says == "" || found.OK == (found.Do != "") {
					t.Errorf("a finding that does not help: %+v", found)
				}
				if !found.OK {
					wrong = append(wrong, found)
				}
			}
			if len(wrong) != len(c.wrong) {
				t.Fatalf("got %+v", wrong)
			}
			for i, want := range c.wrong {
				if !strings.Contains(wrong[i].Says, want) {
					t.Errorf("it says %q, want %q", wrong[i].Says, want)
				}
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		config := with(func(*Workspace) {})
		config.API = "http://127.0.0.1:1/"
		if found := Check(t.Context(), config); len(found) != 2 || !strings.Contains(found[0].Says, "cannot be reached") {
			t.Errorf("got %+v", found)
		}
	})
}

func TestAddresses(t *testing.T) {
	for _, good := range []string{"slack:T1/U2", "slack:T1/C3", "slack:T1/C3/1700000000.000100"} {
		if p, err := placeOf(good); err != nil || p.String() != good {
			t.Errorf("%s: %v %v", good, p, err)
		}
	}
	for _, bad := range []string{"", "slack:", "slack:T1", "slack:T1/", "slack:/U1", "slack:T1/C1/1/2", "discord:T1/U1", "slack:T1/U1>", "slack:T1/u1 <!here>", url.QueryEscape("slack:T1/U1")} {
		if _, err := placeOf(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
