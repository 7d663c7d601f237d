package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	dg "github.com/bwmarrin/discordgo"
)

// A twinWorld is the twin behind a proxy for the API, which can be cut and keeps files that people send.
type twinWorld struct {
	*twin
	config Config
	server *http.Server
	served chan struct{}
	cut    atomic.Bool
	out    *http.Transport

	mu    sync.Mutex
	files map[string]string
	last  shown
	in    string
}

func newTwinWorld(t *testing.T, tw *twin) *twinWorld {
	w := &twinWorld{twin: &twin{t: t, control: tw.control, config: tw.config, client: &http.Client{Transport: &http.Transport{}}},
		config: tw.config, files: map[string]string{}, served: make(chan struct{}), out: &http.Transport{}}
	target, err := url.Parse(strings.TrimSuffix(tw.config.API, "/api/v10"))
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = w.out
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.config.API = "http://" + listener.Addr().String() + "/api/v10"
	w.server = &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		body, known := w.files[r.URL.Path]
		w.mu.Unlock()
		switch {
		case known:
			fmt.Fprint(rw, body)
		case w.cut.Load():
			http.Error(rw, "cut", http.StatusBadGateway)
		default:
			proxy.ServeHTTP(rw, r)
		}
	})}
	go func() {
		_ = w.server.Serve(listener)
		close(w.served)
	}()
	return w
}

func (w *twinWorld) close() {
	_ = w.server.Shutdown(context.Background()) // what is under way is still answered
	<-w.served
	w.out.CloseIdleConnections()
	w.client.CloseIdleConnections()
}

func (w *twinWorld) say(channel, text string, files map[string]string) {
	args := map[string]any{"channelId": channel, "userId": aliceID, "content": text}
	var attachments []any
	for name, body := range files {
		path := "/files/" + name
		w.mu.Lock()
		w.files[path] = body
		w.mu.Unlock()
		attachments = append(attachments, map[string]any{"id": "1", "filename": name, "size": len(body), "url": strings.TrimSuffix(w.config.API, "/api/v10") + path})
	}
	if attachments != nil {
		args["attachments"] = attachments
	}
	w.last, w.in = shown{ID: fmt.Sprint(w.call("simulateUserMessage", args)["id"])}, channel
}

func (w *twinWorld) change(text string) {
	w.call("simulateUserMessageEdit", map[string]any{"channelId": w.in, "messageId": w.last.ID, "content": text})
}

func (w *twinWorld) remove() {
	w.call("simulateUserMessageDelete", map[string]any{"channelId": w.in, "messageId": w.last.ID})
}

func (w *twinWorld) interact(kind dg.InteractionType, channel, message string, data map[string]any) string {
	args := map[string]any{"type": kind, "channelId": channel, "userId": aliceID, "data": data}
	if message != "" {
		args["messageId"] = message
	}
	return fmt.Sprint(w.call("simulateInteraction", args)["id"])
}

func (w *twinWorld) response(id string) (int, map[string]any) {
	return w.twin.response(map[string]any{"id": id})
}

func (w *twinWorld) messages(channel string) []shown {
	var all []shown
	w.get("/messages/"+channel, &all)
	return all
}

func (w *twinWorld) threadsOf(channel string) []string {
	var threads []struct {
		ID string `json:"id"`
	}
	w.get("/threads/"+channel, &threads)
	var ids []string
	for _, t := range threads {
		ids = append(ids, t.ID)
	}
	return ids
}

func (w *twinWorld) again() {}

// setCut closes the socket and lets nothing through to the API, so that there is no new session.
func (w *twinWorld) setCut(cut bool) {
	w.cut.Store(cut)
	if cut {
		var none any
		w.get("/kick/1001", &none)
	}
}

// A scriptedWorld is the scripted server with Alice on it.
type scriptedWorld struct {
	*fake
	last map[string]any
}

func (s *scriptedWorld) config() Config {
	c := s.fake.config()
	c.Guilds = nil
	return c
}

func (s *scriptedWorld) close() { s.fake.close() }

// own is Alice's channel of direct messages, as the scripted server names it.
func (s *scriptedWorld) own(channel string) string {
	if channel == aliceDM {
		return "77" + aliceID
	}
	return channel
}

func (s *scriptedWorld) message(channel, text string) map[string]any {
	m := map[string]any{"channel_id": channel, "content": text, "type": 0, "author": map[string]any{"id": aliceID, "username": "alice"}}
	if channel == generalID {
		m["guild_id"], m["channel_type"] = guildID, 0
		m["member"] = map[string]any{"roles": []string{}}
		m["mentions"] = []any{map[string]any{"id": botID, "username": "testbot"}}
	}
	return m
}

func (s *scriptedWorld) say(channel, text string, files map[string]string) {
	channel = s.own(channel)
	m := s.message(channel, text)
	s.mu.Lock()
	m["id"] = s.newID()
	var attachments []any
	for name, body := range files {
		s.files["/files/"+name] = body
		attachments = append(attachments, map[string]any{"id": "1", "filename": name, "size": len(body), "url": s.server.URL + "/files/" + name})
	}
	m["attachments"] = attachments
	s.fake.messages[channel] = append(s.fake.messages[channel], &posted{ID: m["id"].(string), Channel: channel, Author: aliceID, Body: map[string]any{"content": text}})
	s.mu.Unlock()
	s.last = m
	s.emit("MESSAGE_CREATE", m)
}

func (s *scriptedWorld) change(text string) {
	m := map[string]any{"edited_timestamp": "2026-11-23T09:00:00+00:00"}
	for k, v := range s.last {
		if k != "edited_timestamp" {
			m[k] = v
		}
	}
	m["content"] = text
	s.emit("MESSAGE_UPDATE", m)
}

func (s *scriptedWorld) remove() {
	s.emit("MESSAGE_DELETE", map[string]any{"id": s.last["id"], "channel_id": s.last["channel_id"]})
}

func (s *scriptedWorld) interact(kind dg.InteractionType, channel, message string, data map[string]any) string {
	channel = s.own(channel)
	s.mu.Lock()
	id := s.newID()
	s.places["token-"+id] = channel
	s.mu.Unlock()
	s.emit("INTERACTION_CREATE", interactionOf(id, kind, channel, message, data))
	return id
}

// interactionOf is an interaction of Alice's, as Discord sends it.
func interactionOf(id string, kind dg.InteractionType, channel, message string, data map[string]any) map[string]any {
	in := map[string]any{"id": id, "application_id": appID, "type": kind, "token": "token-" + id, "channel_id": channel, "data": data, "version": 1}
	if message != "" {
		in["message"] = map[string]any{"id": message, "channel_id": channel}
	}
	alice := map[string]any{"id": aliceID, "username": "alice"}
	if strings.HasPrefix(channel, "77") {
		in["user"], in["channel"] = alice, map[string]any{"id": channel, "type": 1}
	} else {
		in["member"], in["guild_id"], in["channel"] = map[string]any{"user": alice, "roles": []string{"5001"}}, guildID, map[string]any{"id": channel, "type": 0}
	}
	return in
}

func (s *scriptedWorld) response(id string) (int, map[string]any) {
	first := s.answersTo("token-"+id, 1)[0]
	data, _ := first.Body["data"].(map[string]any)
	kind, _ := first.Body["type"].(float64)
	return int(kind), data
}

func (s *scriptedWorld) messages(channel string) []shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []shown
	for _, m := range s.fake.messages[s.own(channel)] {
		text, _ := json.Marshal(m.shown())
		var one shown
		_ = json.Unmarshal(text, &one)
		all = append(all, one)
	}
	return all
}

func (s *scriptedWorld) threadsOf(channel string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for id := range s.threads {
		if channel == generalID {
			ids = append(ids, id)
		}
	}
	return ids
}

func (s *scriptedWorld) again() {
	s.mu.Lock()
	last := s.sent[len(s.sent)-1]
	s.mu.Unlock()
	s.emit(last.kind, last.data)
}

func (s *scriptedWorld) setCut(cut bool) {
	s.mu.Lock()
	s.cut = cut
	links := s.links
	s.mu.Unlock()
	for _, p := range links {
		if cut {
			p.conn.Close()
		}
	}
}
