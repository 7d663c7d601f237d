package slack

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// A scripted is a Slack for tests that keeps its rules and can break on purpose: it refuses tokens, blocks and mentions
// that Slack would refuse or that must never leave the adapter, delivers again what is not acknowledged, forgets what
// nobody is there to take, and does what a test tells it.
type scripted struct {
	t      testing.TB
	server *httptest.Server

	mu       sync.Mutex // guards what follows
	clock    int        // counts messages and ids
	began    int64
	sockets  []*wire
	down     bool // no socket can be opened, and those there were are closed
	messages map[string][]*posted
	directs  map[string]string
	views    map[string]json.RawMessage // home pages by person
	modal    json.RawMessage            // the open form
	modalID  string
	files    map[string][]byte
	names    map[string]string
	script   map[string][]fault // what becomes of the next calls of a method
	calls    map[string]int
	times    map[string][]time.Time
	waiting  map[string]*sent // envelopes without acknowledgement
	answers  map[string]chan json.RawMessage
	noAcks   int // so many acknowledgements are lost from now on
	again    time.Duration
	lost     int
	last     *sent
	prompts  json.RawMessage
	allowed  func(text string) bool // mentions that a test wants
	members  map[string]bool
	trigger  map[string]bool // triggers that were used
	strict   bool
	http     http.Handler // events go here, signed, and not over sockets
}

// A fault is what becomes of one call: an error code, or a status, or a dead line, before or after it had its effect.
type fault struct {
	code   string
	status int
	retry  string // Retry-After
	body   string
	after  bool // it has its effect first
	slow   time.Duration
}

// posted is a message in a conversation.
type posted struct {
	Type     string           `json:"type"`
	SubType  string           `json:"subtype,omitempty"`
	TS       string           `json:"ts"`
	User     string           `json:"user,omitempty"`
	BotID    string           `json:"bot_id,omitempty"`
	Text     string           `json:"text"`
	Thread   string           `json:"thread_ts,omitempty"`
	Blocks   json.RawMessage  `json:"blocks,omitempty"`
	Metadata json.RawMessage  `json:"metadata,omitempty"`
	Replies  int              `json:"reply_count,omitempty"`
	Files    []map[string]any `json:"files,omitempty"`
	alone    string
}

// sent is an envelope on its way.
type sent struct {
	kind    string
	payload json.RawMessage
	attempt int
}

// A wire is the server's end of a socket.
type wire struct {
	conn    *websocket.Conn
	writing sync.Mutex
	leaving bool // it was told that it will be closed
	frozen  chan struct{}
}

const (
	team1   = "T1"
	ourBot  = "U0BOT"
	reader  = "U1" // the person who is played
	public  = "C1"
	privy   = "D1"
	goodBot = "xoxb-good"
	goodApp = "xapp-good"
	secret  = "a signing secret of the tests"
)

func newScripted(t testing.TB) *scripted {
	f := &scripted{t: t, began: time.Now().Unix(), messages: map[string][]*posted{}, directs: map[string]string{reader: privy}, views: map[string]json.RawMessage{},
		files: map[string][]byte{}, names: map[string]string{}, script: map[string][]fault{}, calls: map[string]int{}, times: map[string][]time.Time{},
		waiting: map[string]*sent{}, answers: map[string]chan json.RawMessage{}, again: time.Second, strict: true,
		members: map[string]bool{public: true, privy: true}, trigger: map[string]bool{}, allowed: func(string) bool { return false }}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", f.call)
	mux.HandleFunc("/socket", f.socket)
	mux.HandleFunc("/respond/{channel}/{person}", f.respond)
	mux.HandleFunc("/files/{id}", func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		w.Write(f.files[r.PathValue("id")])
	})
	mux.HandleFunc("/upload/{id}", f.uploaded)
	f.server = httptest.NewServer(mux)
	t.Cleanup(f.close)
	return f
}

func (f *scripted) close() {
	f.cut()
	f.server.CloseClientConnections()
	f.server.Close()
}

func (f *scripted) api() string { return f.server.URL + "/api/" }

func (f *scripted) config() Config {
	return Config{API: f.api(), Workspaces: []Workspace{{Home: "north", BotToken: goodBot, AppToken: goodApp, SigningSecret: secret}}}
}

// ts is the next time stamp; f.mu is held.
func (f *scripted) ts() string {
	f.clock++
	return fmt.Sprintf("%d.%06d", f.began+int64(f.clock/1000), f.clock%1000+1)
}

// breaks sets what becomes of the next calls of a method.
func (f *scripted) breaks(method string, faults ...fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.script[method] = append(f.script[method], faults...)
}

func (f *scripted) called(method string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[method]
}

// call is the Web API.
func (f *scripted) call(w http.ResponseWriter, r *http.Request) {
	method := r.PathValue("method")
	form, raw := fieldsOf(r)
	f.mu.Lock()
	f.calls[method]++
	f.times[method] = append(f.times[method], time.Now())
	var fate *fault
	if script := f.script[method]; len(script) > 0 {
		fate, f.script[method] = &script[0], script[1:]
	}
	f.mu.Unlock()
	if fate != nil && fate.slow > 0 {
		select {
		case <-time.After(fate.slow):
		case <-r.Context().Done():
			return
		}
	}
	if fate != nil && !fate.after {
		fate.write(w)
		return
	}
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if form.Get("token") != "" {
		token = form.Get("token")
	}
	answer := f.do(method, token, form, raw)
	if fate != nil {
		fate.write(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if method == "auth.test" {
		w.Header().Set("X-OAuth-Scopes", strings.Join(leastScopes, ","))
	}
	json.NewEncoder(w).Encode(answer)
}

func (b *fault) write(w http.ResponseWriter) {
	switch {
	case b.code != "":
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"ok":false,"error":%q}`, b.code)
	case b.status == -1: // the line goes dead
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			conn.Close()
		}
	case b.status != 0:
		if b.retry != "" {
			w.Header().Set("Retry-After", b.retry)
		}
		w.WriteHeader(b.status)
		io.WriteString(w, b.body)
	default:
		io.WriteString(w, b.body)
	}
}

// fieldsOf reads a call's fields, from a form or from JSON.
func fieldsOf(r *http.Request) (url.Values, json.RawMessage) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	if !strings.Contains(r.Header.Get("Content-Type"), "json") {
		return form, nil
	}
	form = url.Values{}
	var fields map[string]json.RawMessage
	json.Unmarshal(body, &fields)
	for name, value := range fields {
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		form.Set(name, text)
	}
	return form, body
}

func refuse(code string) map[string]any { return map[string]any{"ok": false, "error": code} }

// do is what a call does.
func (f *scripted) do(method, token string, form url.Values, raw json.RawMessage) map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	if want := goodBot; token != want && !(method == "apps.connections.open" && token == goodApp) {
		return refuse("invalid_auth")
	}
	ok := map[string]any{"ok": true}
	channel := form.Get("channel")
	switch method {
	case "auth.test":
		return map[string]any{"ok": true, "team_id": team1, "team": "Test", "user": "signpost", "user_id": ourBot, "bot_id": "B0BOT"}
	case "apps.connections.open":
		if f.down {
			return refuse("internal_error")
		}
		return map[string]any{"ok": true, "url": strings.Replace(f.server.URL, "http", "ws", 1) + "/socket"}
	case "conversations.open":
		person := form.Get("users")
		if f.directs[person] == "" {
			f.directs[person] = "D" + strings.TrimPrefix(person, "U") + "X"
			f.members[f.directs[person]] = true
		}
		return map[string]any{"ok": true, "channel": map[string]any{"id": f.directs[person]}}
	case "users.conversations":
		list := []any{}
		for _, d := range f.directs {
			list = append(list, map[string]any{"id": d, "is_im": true})
		}
		return map[string]any{"ok": true, "channels": list}
	case "conversations.info":
		if channel == "C9" {
			return refuse("channel_not_found")
		}
		return map[string]any{"ok": true, "channel": map[string]any{"id": channel, "name": "general", "is_member": f.members[channel]}}
	case "chat.postMessage":
		return f.postMessage(form)
	case "chat.update":
		return f.update(form)
	case "conversations.history", "conversations.replies":
		return f.history(method, form)
	case "views.open":
		return f.openView(form, raw)
	case "views.publish":
		return f.publishView(form, raw)
	case "files.getUploadURLExternal":
		f.clock++
		id := fmt.Sprintf("F%d", f.clock)
		f.names[id] = form.Get("filename")
		return map[string]any{"ok": true, "file_id": id, "upload_url": f.server.URL + "/upload/" + id}
	case "files.completeUploadExternal":
		return f.complete(form)
	case "assistant.threads.setSuggestedPrompts":
		f.prompts = json.RawMessage(form.Get("prompts"))
		if form.Get("thread_ts") != "" {
			f.t.Errorf("suggested prompts with a thread fail in silence: %s", raw)
		}
	default:
		f.t.Errorf("an unknown method is called: %s", method)
		return refuse("unknown_method")
	}
	return ok
}

func (f *scripted) postMessage(form url.Values) map[string]any {
	channel := form.Get("channel")
	switch {
	case channel == "C9":
		return refuse("channel_not_found")
	case !f.members[channel]:
		return refuse("not_in_channel")
	}
	if code := f.judge(form); code != "" {
		return refuse(code)
	}
	m := &posted{Type: "message", TS: f.ts(), User: ourBot, BotID: "B0BOT", Text: form.Get("text"), Thread: form.Get("thread_ts"),
		Blocks: rawOf(form.Get("blocks")), Metadata: rawOf(form.Get("metadata"))}
	if m.Thread != "" {
		for _, root := range f.messages[channel] {
			if root.TS == m.Thread {
				root.Replies++
				root.Thread = root.TS
			}
		}
	}
	f.messages[channel] = append(f.messages[channel], m)
	return map[string]any{"ok": true, "channel": channel, "ts": m.TS}
}

func rawOf(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

func (f *scripted) update(form url.Values) map[string]any {
	if code := f.judge(form); code != "" {
		return refuse(code)
	}
	for _, m := range f.messages[form.Get("channel")] {
		if m.TS == form.Get("ts") {
			m.Text, m.Blocks = form.Get("text"), rawOf(form.Get("blocks"))
			return map[string]any{"ok": true, "channel": form.Get("channel"), "ts": m.TS, "text": m.Text}
		}
	}
	return refuse("message_not_found")
}

// judge holds a message to Slack's limits, and to this: it calls nobody.
func (f *scripted) judge(form url.Values) string {
	if form.Get("parse") != "none" || form.Get("link_names") == "1" || form.Get("link_names") == "true" {
		f.t.Errorf("a message may be searched for names: parse %q, link_names %q", form.Get("parse"), form.Get("link_names"))
	}
	problems := problemsOf(form.Get("text"), rawOf(form.Get("blocks")), maxBlocks, f.allowed)
	if len(problems) == 0 {
		return ""
	}
	if f.strict {
		f.t.Errorf("a message that must not leave: %s", problems[0])
	}
	return "invalid_blocks"
}

func (f *scripted) history(method string, form url.Values) map[string]any {
	channel, oldest := form.Get("channel"), form.Get("oldest")
	if !f.members[channel] {
		return refuse("not_in_channel")
	}
	list := []*posted{}
	for _, m := range f.messages[channel] {
		inThread := m.Thread != "" && m.Thread != m.TS
		switch {
		case m.alone != "":
		case method == "conversations.replies" && (m.TS == form.Get("ts") || m.Thread == form.Get("ts")):
			list = append(list, m)
		case method == "conversations.history" && !inThread && m.TS > oldest:
			list = append([]*posted{m}, list...)
		}
	}
	copied := []posted{}
	for _, m := range list[:min(len(list), 200)] {
		one := *m
		if form.Get("include_all_metadata") != "1" {
			one.Metadata = nil
		}
		copied = append(copied, one)
	}
	return map[string]any{"ok": true, "messages": copied, "has_more": false}
}

func (f *scripted) openView(form url.Values, raw json.RawMessage) map[string]any {
	trigger := form.Get("trigger_id")
	if f.trigger[trigger] || strings.HasPrefix(trigger, "expired") {
		return refuse("expired_trigger_id")
	}
	f.trigger[trigger] = true
	f.checkView(rawOf(form.Get("view")))
	f.modal, f.modalID = rawOf(form.Get("view")), "V"+trigger
	return map[string]any{"ok": true, "view": map[string]any{"id": f.modalID}}
}

func (f *scripted) publishView(form url.Values, raw json.RawMessage) map[string]any {
	f.checkView(rawOf(form.Get("view")))
	f.views[form.Get("user_id")] = rawOf(form.Get("view"))
	return map[string]any{"ok": true, "view": map[string]any{"id": "VHOME"}}
}

func (f *scripted) checkView(raw json.RawMessage) {
	for _, problem := range viewProblems(raw) {
		f.t.Errorf("a view that must not leave: %s\n%s", problem, raw)
	}
}

func (f *scripted) complete(form url.Values) map[string]any {
	var files []map[string]any
	json.Unmarshal([]byte(form.Get("files")), &files)
	channel := form.Get("channel_id")
	for _, file := range files {
		id, _ := file["id"].(string)
		f.messages[channel] = append(f.messages[channel], &posted{Type: "message", TS: f.ts(), User: ourBot, BotID: "B0BOT", Thread: form.Get("thread_ts"),
			Files: []map[string]any{{"id": id, "name": f.names[id]}}})
	}
	return map[string]any{"ok": true, "files": files}
}

func (f *scripted) uploaded(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if file, _, err := readPart(r.Header.Get("Content-Type"), body); err == nil {
		body = file
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files[r.PathValue("id")] = body
	io.WriteString(w, "OK")
}

// respond takes answers that one person sees.
func (f *scripted) respond(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls["respond"]++
	if script := f.script["respond"]; len(script) > 0 {
		f.script["respond"] = script[1:]
		script[0].write(w)
		return
	}
	var answer struct {
		Text     string          `json:"text"`
		Type     string          `json:"response_type"`
		Replaces bool            `json:"replace_original"`
		Blocks   json.RawMessage `json:"blocks"`
	}
	body, _ := io.ReadAll(r.Body)
	json.Unmarshal(body, &answer)
	f.showAlone(r.PathValue("channel"), r.PathValue("person"), body)
	io.WriteString(w, "ok")
}

// showAlone shows an answer to one person; f.mu is held.
func (f *scripted) showAlone(channel, person string, body json.RawMessage) {
	var answer struct {
		Text     string          `json:"text"`
		Type     string          `json:"response_type"`
		Replaces bool            `json:"replace_original"`
		Blocks   json.RawMessage `json:"blocks"`
	}
	json.Unmarshal(body, &answer)
	if answer.Type != "ephemeral" || answer.Replaces {
		f.t.Errorf("an answer for one person is for all, or takes the place of another: %s", body)
	}
	for _, problem := range problemsOf(answer.Text, answer.Blocks, maxBlocks, f.allowed) {
		f.t.Errorf("a message that must not leave: %s", problem)
	}
	f.messages[channel] = append(f.messages[channel], &posted{Type: "message", TS: f.ts(), User: ourBot, Text: answer.Text, Blocks: answer.Blocks, alone: person})
}
