package slack

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// The sockets of the scripted server.

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

func (f *scripted) socket(w http.ResponseWriter, r *http.Request) {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	k := &wire{conn: conn, frozen: make(chan struct{})}
	f.mu.Lock()
	if f.down {
		f.mu.Unlock()
		conn.Close()
		return
	}
	f.sockets = append(f.sockets, k)
	f.mu.Unlock()
	k.write(map[string]any{"type": "hello", "num_connections": 1, "connection_info": map[string]any{"app_id": "A1"}})
	defer f.forget(k)
	pong := conn.PingHandler()
	conn.SetPingHandler(func(data string) error {
		select {
		case <-k.frozen:
			return nil
		default:
			return pong(data)
		}
	})
	for {
		_, frame, err := conn.ReadMessage()
		if err != nil {
			return
		}
		select {
		case <-k.frozen: // nothing is taken any more, and no ping answered
		default:
			f.acked(frame)
		}
	}
}

func (k *wire) write(v any) error {
	k.writing.Lock()
	defer k.writing.Unlock()
	k.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	return k.conn.WriteJSON(v)
}

func (f *scripted) forget(k *wire) {
	k.conn.Close()
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, other := range f.sockets {
		if other == k {
			f.sockets = append(f.sockets[:i], f.sockets[i+1:]...)
			return
		}
	}
}

func (f *scripted) acked(frame []byte) {
	var ack struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload"`
	}
	if json.Unmarshal(frame, &ack) != nil {
		f.t.Errorf("a frame that is no JSON: %s", frame)
		return
	}
	if len(frame) >= 20*1024 {
		return // Slack drops it without a word
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.noAcks > 0 {
		f.noAcks--
		return
	}
	delete(f.waiting, ack.ID)
	if answer := f.answers[ack.ID]; answer != nil {
		delete(f.answers, ack.ID)
		answer <- ack.Payload
	}
}

// live are the open sockets, those that were not told to leave first; f.mu is held.
func (f *scripted) live() []*wire {
	var staying, leaving []*wire
	for _, k := range f.sockets {
		if k.leaving {
			leaving = append(leaving, k)
		} else {
			staying = append(staying, k)
		}
	}
	return append(staying, leaving...)
}

func (f *scripted) open() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.sockets)
}

// cut closes all sockets and lets none be opened until mend.
func (f *scripted) cut() {
	f.mu.Lock()
	f.down = true
	sockets := append([]*wire(nil), f.sockets...)
	f.mu.Unlock()
	for _, k := range sockets {
		k.conn.Close()
	}
	for range 500 {
		if f.open() == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func (f *scripted) mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down = false
}

// rotate tells a socket that it will be closed, and closes it after a while.
func (f *scripted) rotate(k *wire, reason string, after time.Duration) {
	f.warn(k, reason)
	time.AfterFunc(after, func() { k.conn.Close() })
}

// warn tells a socket that it will be closed.
func (f *scripted) warn(k *wire, reason string) {
	f.mu.Lock()
	k.leaving = true
	f.mu.Unlock()
	k.write(map[string]any{"type": "disconnect", "reason": reason})
}

// staying are the open sockets that were not told to leave.
func (f *scripted) staying() (list []*wire) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, k := range f.sockets {
		if !k.leaving {
			list = append(list, k)
		}
	}
	return list
}

// deliver sends an envelope on one live socket and returns its id, or "" where none is there: then it is lost. Events
// that are not acknowledged in time come again, three times.
func (f *scripted) deliver(kind string, payload any, wait bool) (string, chan json.RawMessage) {
	body, err := json.Marshal(payload)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.send(&sent{kind: kind, payload: body}, wait)
}

func (f *scripted) send(s *sent, wait bool) (string, chan json.RawMessage) {
	if f.http != nil {
		return f.request(s)
	}
	f.mu.Lock()
	f.clock++
	id := fmt.Sprintf("envelope-%d", f.clock)
	live := f.live()
	if len(live) == 0 {
		f.lost++
		f.mu.Unlock()
		return "", nil
	}
	k := live[0]
	if len(live) > 1 && !live[1].leaving && f.clock%2 == 0 {
		k = live[1]
	}
	f.waiting[id] = s
	var answer chan json.RawMessage
	if wait {
		answer = make(chan json.RawMessage, 1)
		f.answers[id] = answer
	}
	again := f.again
	if s.kind == ofEvents {
		f.last = s
	}
	f.mu.Unlock()
	envelope := map[string]any{"type": s.kind, "envelope_id": id, "payload": s.payload, "accepts_response_payload": s.kind != ofEvents,
		"retry_attempt": s.attempt, "retry_reason": ""}
	k.write(envelope)
	if s.kind == ofEvents {
		time.AfterFunc(again, func() { f.redeliver(id) })
	}
	return id, answer
}

// request delivers over HTTP, as Slack does it: signed, answered with 200 or delivered again.
func (f *scripted) request(s *sent) (string, chan json.RawMessage) {
	path, body := "/slack/events", string(s.payload)
	switch s.kind {
	case ofInteraction:
		path, body = "/slack/interactions", formBody(map[string]string{"payload": body})
	case ofCommands:
		fields := map[string]string{}
		json.Unmarshal(s.payload, &fields)
		path, body = "/slack/commands", formBody(fields)
	}
	f.mu.Lock()
	down := f.down
	if s.kind == ofEvents {
		f.last = s
	}
	f.mu.Unlock()
	answer := make(chan json.RawMessage, 1)
	go func() {
		w := httptest.NewRecorder()
		w.Code = http.StatusBadGateway
		if !down {
			r := sign(path, body, time.Now(), secret)
			r.Header.Set("X-Slack-Retry-Num", strconv.Itoa(s.attempt))
			w.Code = http.StatusOK
			f.http.ServeHTTP(w, r)
		}
		if w.Code == http.StatusOK {
			answer <- w.Body.Bytes()
		} else if s.kind == ofEvents && s.attempt < 3 {
			time.AfterFunc(f.again, func() { f.request(&sent{s.kind, s.payload, s.attempt + 1}) })
		}
	}()
	return "request", answer
}

func (f *scripted) redeliver(id string) {
	f.mu.Lock()
	s := f.waiting[id]
	delete(f.waiting, id)
	f.mu.Unlock()
	if s == nil || s.attempt >= 3 {
		return
	}
	f.send(&sent{s.kind, s.payload, s.attempt + 1}, false)
}

// ask delivers and waits for the answer. ok is false where none came. It waits longer than Slack, which waits three seconds:
// a machine may be busy. That an answer does not wait for a handler is tested with handlers that never come back.
func (f *scripted) ask(kind string, payload any) (answer json.RawMessage, ok bool) {
	_, answers := f.deliver(kind, payload, true)
	if answers == nil {
		return nil, false
	}
	select {
	case answer := <-answers:
		return answer, true
	case <-time.After(longWait):
		return nil, false
	}
}

// event delivers an event of the Events API.
func (f *scripted) event(inner map[string]any) {
	f.deliver(ofEvents, f.callback(inner), false)
}

func (f *scripted) callback(inner map[string]any) map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.clock++
	return map[string]any{"type": "event_callback", "team_id": team1, "event_id": fmt.Sprintf("Ev%d", f.clock), "event": inner,
		"authorizations": []any{map[string]any{"team_id": team1}}}
}

// says has a person write a message, and returns its time stamp. A message that calls the app gives two events.
func (f *scripted) says(person, channel, text, thread string) string {
	inner := f.writes(person, channel, text, thread)
	f.event(inner)
	if strings.Contains(text, "<@"+ourBot+">") {
		mention := map[string]any{}
		for name, value := range inner {
			mention[name] = value
		}
		mention["type"] = "app_mention"
		delete(mention, "channel_type")
		f.event(mention)
	}
	return inner["ts"].(string)
}

// writes puts a message into the history and returns the event of it.
func (f *scripted) writes(person, channel, text, thread string) map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := &posted{Type: "message", TS: f.ts(), User: person, Text: text, Thread: thread}
	f.messages[channel] = append(f.messages[channel], m)
	kind := "channel"
	if isDirect(channel) {
		kind = "im"
	}
	inner := map[string]any{"type": "message", "user": person, "text": text, "ts": m.TS, "channel": channel, "channel_type": kind, "event_ts": m.TS}
	if thread != "" {
		inner["thread_ts"] = thread
	}
	return inner
}

// command types the slash command, and shows the answer that comes in time to the person.
func (f *scripted) command(person, channel, text string) bool {
	answer, ok := f.ask(ofCommands, f.slash(person, channel, text))
	if ok && len(answer) > 0 {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.showAlone(channel, person, answer)
	}
	return ok
}

func (f *scripted) slash(person, channel, text string) map[string]any {
	return map[string]any{"team_id": team1, "channel_id": channel, "user_id": person, "user_name": "reader", "command": "/signpost", "text": text,
		"response_url": f.responseURL(channel, person), "trigger_id": f.newTrigger()}
}

func (f *scripted) responseURL(channel, person string) string {
	return f.server.URL + "/respond/" + channel + "/" + person
}

func (f *scripted) newTrigger() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.clock++
	return fmt.Sprintf("trigger-%d", f.clock)
}

// sign makes a request over HTTP as Slack signs it.
func sign(path string, body string, at time.Time, with string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(with))
	io.WriteString(mac, "v0:"+stamp+":"+body)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func formBody(fields map[string]string) string {
	form := url.Values{}
	for name, value := range fields {
		form.Set(name, value)
	}
	return form.Encode()
}

// readPart is the file of an upload.
func readPart(contentType string, body []byte) ([]byte, string, error) {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, "", err
	}
	reader := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	part, err := reader.NextPart()
	if err != nil {
		return nil, "", err
	}
	file, err := io.ReadAll(part)
	return file, part.FileName(), err
}
