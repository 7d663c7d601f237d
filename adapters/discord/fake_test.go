package discord

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// A fake is a scripted Discord: its API over HTTP and its gateway, as far as the tests need them, on loopback. What the
// digital twin cannot do (429, faults after the deed, op 7 and 9, dead links) is tried with this.
type fake struct {
	t      *testing.T
	server *httptest.Server

	mu       sync.Mutex
	asked    []asked
	rules    []rule
	messages map[string][]*posted // by channel, oldest first
	threads  map[string]bool
	listed   []byte // the commands, as they were put
	nextID   int
	answers  map[string][]asked // by interaction token: callbacks and what followed
	links    []*peer
	onLink   func(*peer) // what the gateway does with a connection; nil is behaves
	interval time.Duration
	limit    map[string]any
	places   map[string]string // an interaction's token -> its channel
	sent     []event           // all events, for those who resume
	cut      bool
	files    map[string]string // by path
}

// An event as the gateway sends it.
type event struct {
	kind string
	data any
}

// asked is one request as it came.
type asked struct {
	Method, Path, Query, Auth string
	Body                      map[string]any
	Raw                       string
	File                      string // name and content of an upload
	At                        time.Time
}

// A rule answers the next requests to a path in its own way, so often; then it is gone. done says that the deed is done
// before.
type rule struct {
	method, path string
	times        int
	done         bool
	answer       func(w http.ResponseWriter)
}

type posted struct {
	ID, Channel, Nonce, Author, File string
	Body                             map[string]any
}

const (
	botID, appID   = "900000000000000200", "900000000000000200"
	guildID        = "900000000000000001"
	generalID      = "900000000000000010"
	aliceID, bobID = "900000000000000100", "900000000000000101"
	aliceDM        = "900000000000000020"
)

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{t: t, messages: map[string][]*posted{}, threads: map[string]bool{}, answers: map[string][]asked{}, interval: time.Minute, places: map[string]string{}, files: map[string]string{},
		limit: map[string]any{"total": 1000, "remaining": 1000, "reset_after": 1000, "max_concurrency": 1}}
	f.server = httptest.NewServer(f)
	t.Cleanup(f.close)
	return f
}

func (f *fake) close() {
	f.mu.Lock()
	links := f.links
	f.mu.Unlock()
	for _, p := range links {
		p.conn.Close()
	}
	f.server.Close()
}

func (f *fake) gatewayURL(path string) string {
	return "ws" + strings.TrimPrefix(f.server.URL, "http") + path
}

func (f *fake) config() Config {
	return Config{Token: "test-bot-token", API: f.server.URL + "/api/v10", Guilds: map[string]Guild{}}
}

// answerWith makes the next so many requests to a path be answered so.
func (f *fake) answerWith(method, path string, times, status int, header map[string]string, body string) {
	f.rule(rule{method: method, path: path, times: times, answer: func(w http.ResponseWriter) {
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}})
}

func (f *fake) rule(r rule) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = append(f.rules, r)
}

func (f *fake) takeRule(method, path string) *rule {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.rules {
		if r := &f.rules[i]; r.times != 0 && (r.method == "" || r.method == method) && strings.Contains(path, r.path) {
			r.times--
			found := *r
			return &found
		}
	}
	return nil
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/gateway") {
		f.upgrade(w, r)
		return
	}
	path := strings.TrimPrefix(r.URL.Path, "/api/v10")
	f.mu.Lock()
	content, ok := f.files[path]
	f.mu.Unlock()
	if ok {
		io.WriteString(w, content)
		return
	}
	a := readAsked(r, path)
	f.mu.Lock()
	f.asked = append(f.asked, a)
	f.mu.Unlock()
	rule := f.takeRule(r.Method, path)
	if rule != nil && !rule.done {
		rule.answer(w)
		return
	}
	status, body := f.do(a)
	if rule != nil {
		rule.answer(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if body != nil {
		json.NewEncoder(w).Encode(body)
	}
}

func readAsked(r *http.Request, path string) asked {
	a := asked{Method: r.Method, Path: path, Query: r.URL.RawQuery, Auth: r.Header.Get("Authorization"), At: time.Now()}
	text, _ := io.ReadAll(r.Body)
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		form := multipart.NewReader(strings.NewReader(string(text)), params["boundary"])
		for part, err := form.NextPart(); err == nil; part, err = form.NextPart() {
			content, _ := io.ReadAll(part)
			if part.FormName() == "payload_json" {
				text = content
			} else {
				a.File = part.FileName() + "=" + string(content)
			}
		}
	}
	a.Raw = string(text)
	_ = json.Unmarshal(text, &a.Body)
	return a
}

func fault(status, code int) (int, any) {
	return status, map[string]any{"code": code, "message": "fault " + strconv.Itoa(code)}
}

// do is the API itself. Paths are what the adapter is known to ask; anything else is 404.
func (f *fake) do(a asked) (int, any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	part := strings.Split(strings.TrimPrefix(a.Path, "/"), "/")
	switch {
	case a.Path == "/users/@me":
		return 200, map[string]any{"id": botID, "username": "testbot", "bot": true}
	case a.Path == "/applications/@me":
		return 200, map[string]any{"id": appID}
	case a.Path == "/gateway/bot":
		return 200, map[string]any{"url": f.gatewayURL("/gateway"), "shards": 1, "session_start_limit": f.limit}
	case part[0] == "applications" && part[2] == "commands":
		return f.commands(a)
	case a.Path == "/users/@me/channels":
		return 200, map[string]any{"id": "77" + fmt.Sprint(a.Body["recipient_id"]), "type": 1}
	case part[0] == "guilds" && len(part) == 2:
		return 200, map[string]any{"id": part[1], "name": "Test guild", "roles": []any{map[string]any{"id": "5001", "name": "Nurses"}}}
	case part[0] == "interactions", part[0] == "webhooks":
		return f.answer(a, part[2])
	case part[0] == "channels":
		return f.channel(a, part)
	}
	return fault(404, 0)
}

// answer keeps what an interaction is answered, and shows it where the interaction was.
func (f *fake) answer(a asked, token string) (int, any) {
	f.answers[token] = append(f.answers[token], a)
	body := a.Body
	if strings.HasPrefix(a.Path, "/interactions") {
		if body, _ = a.Body["data"].(map[string]any); a.Body["type"] != 4.0 {
			return 204, nil
		}
	}
	if place := f.places[token]; place != "" {
		f.messages[place] = append(f.messages[place], &posted{ID: f.newID(), Channel: place, Author: botID, Body: body, File: a.File})
	}
	return 200, map[string]any{"id": f.newID()}
}

func (f *fake) commands(a asked) (int, any) {
	if a.Method == "PUT" {
		f.listed = []byte(a.Raw)
	}
	var list []any
	_ = json.Unmarshal(f.listed, &list)
	if list == nil {
		list = []any{}
	}
	return 200, list
}

func (f *fake) channel(a asked, part []string) (int, any) {
	id := part[1]
	if strings.HasPrefix(id, "88") && !f.threads[id] || strings.HasSuffix(id, "9999") { // a message without a thread, or nothing
		return fault(404, unknownChannel)
	}
	switch {
	case len(part) == 2:
		if f.threads[id] {
			return 200, map[string]any{"id": id, "type": 11, "parent_id": generalID}
		}
		return 200, map[string]any{"id": id, "type": 0}
	case len(part) == 5 && part[4] == "threads":
		if f.threads[part[3]] {
			return fault(400, threadExists)
		}
		f.threads[part[3]] = true
		return 201, map[string]any{"id": part[3], "type": 11, "parent_id": id}
	case len(part) == 3 && a.Method == "POST":
		return 200, f.post(id, a).shown()
	case len(part) == 3:
		shown := []any{}
		for i := len(f.messages[id]) - 1; i >= 0; i-- {
			shown = append(shown, f.messages[id][i].shown())
		}
		return 200, shown
	}
	for i, m := range f.messages[id] {
		if m.ID != part[3] {
			continue
		}
		switch a.Method {
		case "PATCH":
			m.Body = a.Body
		case "DELETE":
			f.messages[id] = append(f.messages[id][:i:i], f.messages[id][i+1:]...)
			return 204, nil
		}
		return 200, m.shown()
	}
	return fault(404, unknownMessage)
}

// post keeps a message, or gives back the one with the same nonce.
func (f *fake) post(channel string, a asked) *posted {
	nonce, _ := a.Body["nonce"].(string)
	for _, m := range f.messages[channel] {
		if nonce != "" && m.Nonce == nonce && a.Body["enforce_nonce"] == true {
			return m
		}
	}
	m := &posted{ID: f.newID(), Channel: channel, Nonce: nonce, Author: botID, Body: a.Body, File: a.File}
	f.messages[channel] = append(f.messages[channel], m)
	return m
}

// shown is a message as the history shows it: without its nonce.
func (m *posted) shown() map[string]any {
	return map[string]any{"id": m.ID, "channel_id": m.Channel, "content": m.Body["content"], "components": m.Body["components"], "flags": m.Body["flags"], "file": m.File,
		"author": map[string]any{"id": m.Author, "bot": true}}
}

func (f *fake) newID() string {
	f.nextID++
	return strconv.Itoa(880000000000000000 + f.nextID)
}

// connections is how many there were.
func (f *fake) connections() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.links)
}

// in are the messages of a channel, oldest first.
func (f *fake) in(channel string) []map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []map[string]any
	for _, m := range f.messages[channel] {
		all = append(all, m.Body)
	}
	return all
}

// requests are those to paths that contain this.
func (f *fake) requests(method, path string) []asked {
	f.mu.Lock()
	defer f.mu.Unlock()
	var found []asked
	for _, a := range f.asked {
		if a.Method == method && strings.Contains(a.Path, path) {
			found = append(found, a)
		}
	}
	return found
}

// answersTo are the callbacks and follow-ups of an interaction, once there are so many.
func (f *fake) answersTo(token string, n int) []asked {
	f.t.Helper()
	var found []asked
	f.eventually("answers to "+token, func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		found = f.answers[token]
		return len(found) >= n
	})
	return found
}

// eventually waits for something that other goroutines bring about.
func (f *fake) eventually(what string, ok func() bool) {
	f.t.Helper()
	if !until(ok) {
		f.t.Fatalf("waited in vain for %s", what)
	}
}

// A peer is the gateway's end of one connection.
type peer struct {
	f    *fake
	conn *websocket.Conn
	path string
	n    int // which connection it is, from 0
	mu   sync.Mutex

	// What the client sent; guarded by f.mu.
	up         bool // in a session, so that events go to it
	identified bool
	resumed    map[string]any
	beats      int
	closed     int // the code the client closed with; -1 where it just went
	noAcks     bool
	onBegin    func(resumed bool) // what to answer IDENTIFY or RESUME with; nil is READY or RESUMED
}

var upgrader = websocket.Upgrader{}

func (f *fake) upgrade(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	cut := f.cut
	f.mu.Unlock()
	if cut {
		http.Error(w, "cut", http.StatusServiceUnavailable)
		return
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	f.mu.Lock()
	p := &peer{f: f, conn: conn, path: r.URL.Path, n: len(f.links)}
	f.links = append(f.links, p)
	script := f.onLink
	f.mu.Unlock()
	if script != nil {
		script(p)
		return
	}
	p.behave()
}

// behave is what the gateway should do.
func (p *peer) behave() {
	p.send(opHello, map[string]any{"heartbeat_interval": p.f.interval.Milliseconds()})
	p.listen()
}

func (p *peer) listen() {
	for {
		var f frame
		if err := p.conn.ReadJSON(&f); err != nil {
			p.f.mu.Lock()
			p.up, p.closed = false, -1
			if closed, ok := err.(*websocket.CloseError); ok {
				p.closed = closed.Code
			}
			p.f.mu.Unlock()
			return
		}
		p.hear(f)
	}
}

func (p *peer) hear(f frame) {
	p.f.mu.Lock()
	acks, begin := !p.noAcks, p.onBegin
	switch f.Op {
	case opHeartbeat:
		p.beats++
	case opIdentify:
		p.identified = true
	case opResume:
		_ = json.Unmarshal(f.Data, &p.resumed)
	}
	p.f.mu.Unlock()
	switch {
	case f.Op == opHeartbeat && acks:
		p.send(opAck, nil)
	case f.Op == opHeartbeat:
	case begin != nil:
		begin(f.Op == opResume)
	case f.Op == opIdentify:
		p.ready()
	case f.Op == opResume:
		p.catchUp()
	}
}

// catchUp sends again what came after the last event that the client says it has.
func (p *peer) catchUp() {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	seq, _ := p.resumed["seq"].(float64)
	for i := max(int(seq)-1, 0); i < len(p.f.sent); i++ {
		p.dispatch(p.f.sent[i].kind, p.f.sent[i].data, i+2)
	}
	p.dispatch("RESUMED", map[string]any{}, 0)
	p.up = true
}

// emit sends an event to whoever is connected, and keeps it. READY has the number 1.
func (f *fake) emit(kind string, data any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent = append(f.sent, event{kind, data})
	for _, p := range f.links {
		if p.up {
			p.dispatch(kind, data, len(f.sent)+1)
		}
	}
}

func (p *peer) ready() {
	p.f.mu.Lock()
	defer p.f.mu.Unlock()
	p.up = true
	p.dispatch("READY", map[string]any{"v": 10, "session_id": "session-" + strconv.Itoa(p.n), "resume_gateway_url": p.f.gatewayURL("/gateway/resume"),
		"user": map[string]any{"id": botID}, "guilds": []any{}}, len(p.f.sent)+1)
}

func (p *peer) dispatch(kind string, data any, seq int) {
	p.write(map[string]any{"op": opDispatch, "t": kind, "s": seq, "d": data})
}

func (p *peer) send(op int, data any) { p.write(map[string]any{"op": op, "d": data}) }

func (p *peer) write(v any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.conn.WriteJSON(v)
}

func (p *peer) close(code int) {
	_ = p.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	p.conn.Close()
}

// link is the n-th connection, once the client began a session on it.
func (f *fake) link(n int) *peer {
	f.t.Helper()
	var p *peer
	f.eventually(fmt.Sprintf("connection %d", n), func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		if len(f.links) <= n {
			return false
		}
		p = f.links[n]
		return p.identified || p.resumed != nil
	})
	return p
}
