package discord

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	dg "github.com/bwmarrin/discordgo"

	"signpost/bot/chat"
)

// A desk of tests: the scripted server with an adapter on it, and Alice's doings.
type scene struct {
	*running
	world *scriptedWorld
}

func newScene(t *testing.T, turn func(chat.Event) (chat.Turn, error), change ...func(*Config)) *scene {
	t.Helper()
	w := &scriptedWorld{fake: newFake(t)}
	config := w.config()
	config.Menu = testMenu()
	for _, c := range change {
		c(&config)
	}
	s := &scene{running: start(t, config, turn), world: w}
	w.link(0)
	return s
}

// impatientScene is a scene in which what is not answered very soon is put off.
func impatientScene(t *testing.T, turn func(chat.Event) (chat.Turn, error)) *scene {
	t.Helper()
	w := &scriptedWorld{fake: newFake(t)}
	config := w.config()
	config.Menu = testMenu()
	s := &scene{running: startImpatient(t, config, turn), world: w}
	w.link(0)
	return s
}

// gate holds handlers back until it is opened, at the latest when the test is over.
func gate(t *testing.T) (open, wait func()) {
	c := make(chan struct{})
	open = sync.OnceFunc(func() { close(c) })
	return open, func() {
		select {
		case <-c:
		case <-t.Context().Done():
		}
	}
}

func (s *scene) ask(question string) string {
	return s.world.interact(dg.InteractionApplicationCommand, generalID, "", commandData("ask", "question", question))
}

func (s *scene) pressOn(message map[string]any, channel, customID string, values ...string) string {
	s.world.mu.Lock()
	id := s.world.newID()
	s.world.mu.Unlock()
	in := interactionOf(id, dg.InteractionMessageComponent, s.world.own(channel), "", map[string]any{"custom_id": customID, "component_type": 2, "values": values})
	in["message"] = message
	s.world.emit("INTERACTION_CREATE", in)
	return id
}

// answers are what an interaction was answered with, once there are so many.
func (s *scene) answers(id string, n int) []asked { return s.world.answersTo("token-"+id, n) }

func data(a asked) map[string]any {
	if inner, ok := a.Body["data"].(map[string]any); ok {
		return inner
	}
	return a.Body
}

func ephemeral(a asked) bool {
	flags, _ := data(a)["flags"].(float64)
	return int(flags)&64 != 0
}

func TestCommandIsAnsweredToThePersonAlone(t *testing.T) {
	s := newScene(t, func(e chat.Event) (chat.Turn, error) { return says("You asked: " + e.Text), nil }, func(c *Config) {
		c.Guilds = map[string]Guild{guildID: {Home: "royal", Roles: map[string]Role{"5001": {Role: "nurse"}}}}
	})
	id := s.ask("how do I see my shifts?")
	first := s.answers(id, 1)[0]
	if first.Body["type"] != 4.0 || data(first)["content"] != "You asked: how do I see my shifts?" || !ephemeral(first) {
		t.Errorf("got %s", first.Raw)
	}
	want := chat.Event{Key: "discord:i" + id, Kind: chat.Said, At: timeOf(id), Person: alice, Name: "alice", Home: "royal", Role: "nurse", Where: general(),
		Public: true, Alone: true, TakesReply: true, Follow: "token-" + id, Text: "how do I see my shifts?"}
	if got := s.event(0); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if first.Auth != "" {
		t.Error("the bot's token goes with a callback, which needs none")
	}
}

// A handler that takes its time: the interaction is put off in time, and answered when it is done.
func TestSlowHandler(t *testing.T) {
	release, wait := gate(t)
	s := impatientScene(t, func(e chat.Event) (chat.Turn, error) {
		wait()
		return says("late but well"), nil
	})
	slash := s.ask("slow")
	press := s.pressOn(map[string]any{"id": "880000000000000700", "channel_id": generalID}, generalID, "b")
	typed := s.world.interact(dg.InteractionApplicationCommandAutocomplete, generalID, "", commandData("ask", "question", "slow"))
	for id, want := range map[string]float64{slash: 5, press: 6, typed: 8} {
		if first := s.answers(id, 1)[0]; first.Body["type"] != want {
			t.Errorf("put off by %s, want type %v", first.Raw, want)
		}
	}
	if !ephemeral(s.answers(slash, 1)[0]) {
		t.Error("a command is put off for all to see")
	}
	release()
	second := s.answers(slash, 2)[1]
	if second.Method != "PATCH" || !strings.HasSuffix(second.Path, "/messages/@original") || second.Body["content"] != "late but well" {
		t.Errorf("got %s %s %s", second.Method, second.Path, second.Raw)
	}
	if second := s.answers(press, 2)[1]; second.Method != "POST" || ephemeral(second) {
		t.Errorf("got %s %s", second.Method, second.Raw)
	}
	time.Sleep(20 * time.Millisecond)
	if n := len(s.answers(typed, 1)); n != 1 {
		t.Errorf("suggestions were answered %d times", n)
	}
}

// Many people at once and a handler that is stuck: each is still put off, which says nothing about the handler.
func TestAllArePutOffInTime(t *testing.T) {
	release, wait := gate(t)
	s := impatientScene(t, func(chat.Event) (chat.Turn, error) {
		wait()
		return says("done"), nil
	})
	var ids []string
	for i := range 3 * mostAtOnce {
		ids = append(ids, s.ask(fmt.Sprint(i)))
	}
	for _, id := range ids {
		if first := s.answers(id, 1)[0]; first.Body["type"] != 5.0 {
			t.Fatalf("got %s", first.Raw)
		}
	}
	release()
	for _, id := range ids {
		s.answers(id, 2)
	}
}

func TestWhereHandleFails(t *testing.T) {
	s := newScene(t, func(e chat.Event) (chat.Turn, error) { return chat.Turn{}, errors.New("on purpose") })
	if first := s.answers(s.ask("x"), 1)[0]; data(first)["content"] != saysTryAgain || !ephemeral(first) {
		t.Errorf("got %s", first.Raw)
	}
}

func TestNothingToSay(t *testing.T) {
	s := newScene(t, quietly)
	if first := s.answers(s.ask("x"), 1)[0]; data(first)["content"] != saysDone {
		t.Errorf("got %s", first.Raw)
	}
	press := s.pressOn(map[string]any{"id": "880000000000000700", "channel_id": generalID}, generalID, "b")
	if first := s.answers(press, 1)[0]; first.Body["type"] != 6.0 {
		t.Errorf("got %s", first.Raw)
	}
}

// What is pressed in an answer to one alone is answered to them alone; in public to all, but for what is private.
func TestWhoSeesAnAnswer(t *testing.T) {
	reply, private := plain("an answer"), plain("for you")
	s := newScene(t, func(chat.Event) (chat.Turn, error) {
		return chat.Turn{Reply: &reply, Private: []chat.Message{private}}, nil
	})
	for _, test := range []struct {
		flags int
		alone bool
	}{{64, true}, {0, false}} {
		id := s.pressOn(map[string]any{"id": "880000000000000700", "channel_id": generalID, "flags": test.flags}, generalID, "b")
		got := s.answers(id, 2)
		if ephemeral(got[0]) != test.alone || !ephemeral(got[1]) {
			t.Errorf("flags %d: shown alone %v and %v", test.flags, ephemeral(got[0]), ephemeral(got[1]))
		}
	}
	if e := s.event(0); !e.Alone || e.Message != messageRef(generalID, "880000000000000700") || e.Button != "b" {
		t.Errorf("got %+v", e)
	}
}

func TestDeadToken(t *testing.T) {
	s := newScene(t, func(chat.Event) (chat.Turn, error) { return says("needed"), nil })
	s.world.answerWith("POST", "/callback", 1, 404, nil, `{"code":10062,"message":"Unknown interaction"}`)
	s.ask("x")
	s.world.eventually("a direct message instead", func() bool { return len(s.world.in("77"+aliceID)) == 1 })
	if got := s.world.in("77" + aliceID)[0]["content"].(string); !strings.HasPrefix(got, "needed") {
		t.Errorf("got %q", got)
	}
}

func TestFollowUpTokenIsDead(t *testing.T) {
	for _, code := range []int{unknownWebhook, badWebhookToken} {
		reply := plain("an answer")
		s := newScene(t, func(chat.Event) (chat.Turn, error) {
			return chat.Turn{Reply: &reply, Private: []chat.Message{plain("and this")}}, nil
		})
		s.world.answerWith("POST", "/webhooks", 1, 404, nil, fmt.Sprintf(`{"code":%d}`, code))
		s.ask("x")
		s.world.eventually("a direct message instead", func() bool { return len(s.world.in("77"+aliceID)) == 1 })
	}
}

// Another process answered: nothing is said twice.
func TestAlreadyAnswered(t *testing.T) {
	s := newScene(t, func(chat.Event) (chat.Turn, error) { return says("mine"), nil })
	s.world.answerWith("POST", "/callback", 1, 400, nil, `{"code":40060}`)
	id := s.ask("x")
	s.event(0)
	s.ask("y")
	s.event(1)
	if got := s.answers(id, 0); len(got) != 0 || len(s.world.in("77"+aliceID)) != 0 {
		t.Errorf("got %v", got)
	}
}

// Discord took the response and then failed: the second try is told 40060, and that is well.
func TestResponseFaultAfterTheDeed(t *testing.T) {
	s := newScene(t, func(chat.Event) (chat.Turn, error) { return says("once"), nil })
	s.world.rule(rule{method: "POST", path: "/callback", times: 1, done: true, answer: func(w http.ResponseWriter) { w.WriteHeader(502) }})
	s.world.answerWith("POST", "/callback", 1, 400, nil, `{"code":40060}`)
	id := s.ask("x")
	s.event(0)
	second := s.ask("y")
	s.answers(second, 1)
	if n := len(s.answers(id, 1)); n != 1 || len(s.world.in("77"+aliceID)) != 0 {
		t.Errorf("answered %d times", n)
	}
}

func TestSuggestions(t *testing.T) {
	s := newScene(t, func(e chat.Event) (chat.Turn, error) {
		var many []chat.Choice
		for i := range 40 {
			many = append(many, chat.Choice{ID: fmt.Sprint(i), Label: fmt.Sprint(e.Text, " ", i, strings.Repeat(" long", 40))})
		}
		if e.Text == "" {
			return chat.Turn{}, nil
		}
		return chat.Turn{Suggestions: append([]chat.Choice{{Label: " "}}, many...)}, nil
	})
	id := s.world.interact(dg.InteractionApplicationCommandAutocomplete, generalID, "", commandData("ask", "question", "shi"))
	choices := data(s.answers(id, 1)[0])["choices"].([]any)
	if len(choices) != mostSuggestions {
		t.Errorf("%d choices", len(choices))
	}
	for _, c := range choices {
		if c := c.(map[string]any); length(c["name"].(string)) > 100 || c["name"] != c["value"] {
			t.Errorf("got %v", c)
		}
	}
	if e := s.event(0); e.Kind != chat.TypedAhead || e.Form != "ask" || e.Field != "question" || e.Text != "shi" || e.Person != alice {
		t.Errorf("got %+v", e)
	}
	id = s.world.interact(dg.InteractionApplicationCommandAutocomplete, generalID, "", commandData("ask", "question", ""))
	if choices := data(s.answers(id, 1)[0])["choices"].([]any); len(choices) != 1 || choices[0].(map[string]any)["name"] != testMenu().Prompts[0].Label {
		t.Errorf("before anything is typed: %v", choices)
	}
}

func TestNotHere(t *testing.T) {
	tests := []struct {
		name   string
		guilds map[string]Guild
		says   string
	}{
		{"another guild", map[string]Guild{"1": {}}, saysNotHere},
		{"another channel", map[string]Guild{guildID: {Channels: []string{"42"}}}, "<#42>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newScene(t, quietly, func(c *Config) { c.Guilds = test.guilds })
			if first := s.answers(s.ask("x"), 1)[0]; !strings.Contains(fmt.Sprint(data(first)["content"]), test.says) || !ephemeral(first) {
				t.Errorf("got %s", first.Raw)
			}
			s.world.say(generalID, "<@"+botID+"> hello?", nil)
			s.world.say(aliceDM, "hello", nil)
			if e := s.event(0); e.Text != "hello" {
				t.Errorf("got %+v", e)
			}
		})
	}
}

func TestShortcutOnAMessage(t *testing.T) {
	s := newScene(t, func(e chat.Event) (chat.Turn, error) { return says("about: " + e.Text), nil })
	id := s.world.interact(dg.InteractionApplicationCommand, generalID, "", map[string]any{"name": "Find help with this", "type": 3, "target_id": "880000000000000800",
		"resolved": map[string]any{"messages": map[string]any{"880000000000000800": map[string]any{"id": "880000000000000800", "channel_id": generalID, "content": "I cannot log in"}}}})
	if first := s.answers(id, 1)[0]; data(first)["content"] != "about: I cannot log in" || !ephemeral(first) {
		t.Errorf("got %s", first.Raw)
	}
	if e := s.event(0); e.Kind != chat.Pressed || e.Button != "find-help" || e.Message != messageRef(generalID, "880000000000000800") || !e.Alone {
		t.Errorf("got %+v", e)
	}
}

func sevenFields() chat.Form {
	form := chat.Form{ID: "seven", Title: "Seven questions in one form, and a very long title", Submit: "Send it"}
	for i := range 7 {
		form.Fields = append(form.Fields, chat.Field{ID: fmt.Sprint("f", i), Label: fmt.Sprint("Question ", i), Kind: chat.Line})
	}
	return form
}

func TestFormOfOneWindow(t *testing.T) {
	form := chat.Form{ID: "me", Title: "About you", Fields: []chat.Field{{ID: "name", Label: "Name", Kind: chat.Line, Value: "Al", Longest: 1}}}
	s := newScene(t, func(e chat.Event) (chat.Turn, error) {
		if e.Kind == chat.Submitted {
			return says("Hello " + e.Values["name"]), nil
		}
		return chat.Turn{Form: &form}, nil
	})
	first := s.answers(s.ask("x"), 1)[0]
	text, _ := json.Marshal(data(first))
	if first.Body["type"] != 9.0 || !strings.Contains(string(text), `"custom_id":"~form:me"`) || !strings.Contains(string(text), `"value":"A"`) {
		t.Fatalf("got %s", first.Raw)
	}
	// A window that was open while the program started anew is still taken: all it needs is in it.
	id := s.world.interact(dg.InteractionModalSubmit, generalID, "", fillIn(data(first), map[string]string{"name": "Kim"}))
	if got := s.answers(id, 1)[0]; data(got)["content"] != "Hello Kim" || !ephemeral(got) {
		t.Errorf("got %s", got.Raw)
	}
	if e := s.event(1); e.Form != "me" || e.Values["name"] != "Kim" || !e.Alone || !e.TakesReply {
		t.Errorf("got %+v", e)
	}
}

// Seven fields are two windows, with a button between.
func TestFormOfTwoWindows(t *testing.T) {
	form := sevenFields()
	s := newScene(t, func(e chat.Event) (chat.Turn, error) {
		if e.Kind == chat.Submitted {
			return says("thanks"), nil
		}
		return chat.Turn{Form: &form}, nil
	})
	values := map[string]string{}
	for i := range 7 {
		values[fmt.Sprint("f", i)] = fmt.Sprint("v", i)
	}
	last := s.answers(s.ask("x"), 1)[0]
	for range 2 {
		window := s.answers(s.pressOn(ownMessage(64), generalID, buttonIn(t, last)), 1)[0]
		if window.Body["type"] != 9.0 || length(data(window)["title"].(string)) > longestTitle {
			t.Fatalf("got %s", window.Raw)
		}
		last = s.answers(s.world.interact(dg.InteractionModalSubmit, generalID, "", fillIn(data(window), values)), 1)[0]
	}
	if data(last)["content"] != "thanks" {
		t.Errorf("got %s", last.Raw)
	}
	if e := s.event(1); e.Form != "seven" || fmt.Sprint(e.Values) != fmt.Sprint(values) {
		t.Errorf("got %+v", e)
	}
}

func ownMessage(flags int) map[string]any {
	return map[string]any{"id": "880000000000000700", "channel_id": generalID, "flags": flags}
}

// buttonIn is the id of the last component of an answer.
func buttonIn(t *testing.T, a asked) string {
	t.Helper()
	text, _ := json.Marshal(data(a)["components"])
	var rows []row
	_ = json.Unmarshal(text, &rows)
	if len(rows) == 0 {
		t.Fatalf("no components in %s", a.Raw)
	}
	last := rows[len(rows)-1].Components
	return last[len(last)-1].CustomID
}

func TestFormIsGoneOrSomebodyElses(t *testing.T) {
	form := sevenFields()
	s := newScene(t, func(e chat.Event) (chat.Turn, error) { return chat.Turn{Form: &form}, nil })
	if got := s.answers(s.pressOn(ownMessage(0), generalID, "~step:nobody:0"), 1)[0]; data(got)["content"] != saysFormGone {
		t.Errorf("got %s", got.Raw)
	}
	offered := s.offerForm(personAddress(bobID), form)
	if got := s.answers(s.pressOn(ownMessage(0), generalID, offered.Buttons[0].ID), 1)[0]; data(got)["content"] != saysNotYours {
		t.Errorf("got %s", got.Raw)
	}
}

func TestFieldThatMustBePicked(t *testing.T) {
	form := chat.Form{ID: "p", Title: "Pick", Submit: "Send", Fields: []chat.Field{{ID: "day", Label: "Which day", Kind: chat.Pick}}}
	for i := range 60 { // more than two lists hold
		form.Fields[0].Options = append(form.Fields[0].Options, chat.Choice{ID: fmt.Sprint("d", i), Label: fmt.Sprint("Day ", i)})
	}
	s := newScene(t, func(e chat.Event) (chat.Turn, error) {
		if e.Kind == chat.Submitted {
			return says("picked " + e.Values["day"]), nil
		}
		return chat.Turn{Form: &form}, nil
	})
	first := s.answers(s.ask("x"), 1)[0]
	if n := len(data(first)["components"].([]any)); n != 4 {
		t.Errorf("%d rows, want three lists and a button", n)
	}
	button := buttonIn(t, first)
	if got := s.answers(s.pressOn(ownMessage(64), generalID, button), 1)[0]; !strings.Contains(data(got)["content"].(string), "Which day") {
		t.Errorf("got %s", got.Raw)
	}
	list := strings.Replace(strings.TrimSuffix(button, ":1"), stepID, fieldID, 1) + ":0:2"
	s.answers(s.pressOn(ownMessage(64), generalID, list, "d55"), 1)
	if got := s.answers(s.pressOn(ownMessage(64), generalID, button), 1)[0]; data(got)["content"] != "picked d55" {
		t.Errorf("got %s", got.Raw)
	}
}

// After words alone no window can open: the person gets a button, in direct messages.
func TestFormAfterWords(t *testing.T) {
	form := sevenFields()
	s := newScene(t, func(e chat.Event) (chat.Turn, error) { return chat.Turn{Form: &form}, nil })
	s.world.say(generalID, "<@"+botID+"> me", nil)
	s.world.eventually("a button", func() bool { return len(s.world.in("77"+aliceID)) == 1 })
	if n := len(s.world.in(generalID)); n != 1 { // what Alice said
		t.Errorf("%d messages in public", n)
	}
}

func TestHTTPInteractions(t *testing.T) {
	public, secret, _ := ed25519.GenerateKey(nil)
	now := time.Now()
	s := newScene(t, func(e chat.Event) (chat.Turn, error) { return says("by HTTP"), nil }, func(c *Config) {
		c.PublicKey, c.Now = hex.EncodeToString(public), func() time.Time { return now }
	})
	command, _ := json.Marshal(interactionOf("880000000000000600", dg.InteractionApplicationCommand, generalID, "", commandData("ask", "question", "x")))
	tests := []struct {
		name   string
		body   string
		at     time.Time
		tamper func(*http.Request)
		want   int
	}{
		{"ping", `{"type":1}`, now, nil, 200},
		{"command", string(command), now, nil, 202},
		{"no signature", string(command), now, func(r *http.Request) { r.Header.Del("X-Signature-Ed25519") }, 401},
		{"another's signature", string(command), now, func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", strings.Repeat("ab", 64)) }, 401},
		{"short signature", string(command), now, func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", "ab") }, 401},
		{"other time", string(command), now, func(r *http.Request) {
			r.Header.Set("X-Signature-Timestamp", strconv.FormatInt(now.Add(time.Second).Unix(), 10))
		}, 401},
		{"old", string(command), now.Add(-6 * time.Minute), nil, 401},
		{"from the future", string(command), now.Add(6 * time.Minute), nil, 401},
		{"other body", string(command), now, func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(`{"type":2}`)) }, 401},
		{"too long", strings.Repeat(" ", mostBody+1), now, nil, 400},
		{"nonsense", "x", now, nil, 400},
		{"GET", "", now, func(r *http.Request) { r.Method = "GET" }, 405},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			at := strconv.FormatInt(test.at.Unix(), 10)
			r := httptest.NewRequest("POST", "/", bytes.NewReader([]byte(test.body)))
			r.Header.Set("X-Signature-Timestamp", at)
			r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(secret, []byte(at+test.body))))
			if test.tamper != nil {
				test.tamper(r)
			}
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			if w.Code != test.want || test.name == "ping" && w.Body.String() != `{"type":1}` {
				t.Errorf("got %d %s, want %d", w.Code, w.Body, test.want)
			}
		})
	}
	if first := s.answers("880000000000000600", 1)[0]; data(first)["content"] != "by HTTP" {
		t.Errorf("got %s", first.Raw)
	}
	if n := len(s.answers("880000000000000600", 1)); n != 1 {
		t.Errorf("answered %d times", n)
	}
}

func TestNoKeyNoHTTP(t *testing.T) {
	s := newScene(t, quietly)
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest("POST", "/", strings.NewReader(`{"type":1}`)))
	if w.Code != http.StatusUnauthorized {
		t.Errorf("got %d", w.Code)
	}
}

// Thousands of interactions leave nothing behind (SIGNPOST_INTERACTIONS=100000 for the long run; discordgo keeps 450 bytes
// of each).
func TestInteractionsLeaveNothing(t *testing.T) {
	n := 6000
	if more, err := strconv.Atoi(os.Getenv("SIGNPOST_INTERACTIONS")); err == nil {
		n = more
	}
	var answered atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		answered.Add(1)
		w.WriteHeader(204)
	}))
	defer server.Close()
	d, err := New(Config{Token: "t", API: server.URL, Menu: testMenu()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.finish()
	d.self.Store(&self{application: appID, user: botID})
	handle := chat.Handler(func(_ context.Context, e chat.Event) (chat.Turn, error) { return says("answer"), nil })
	d.handle.Store(&handle)
	send := func(from, to int) {
		for i := from; i < to; i++ {
			body, _ := json.Marshal(interactionOf(strconv.Itoa(880000000000000000+i), dg.InteractionApplicationCommand, generalID, "", commandData("ask", "question", "x")))
			d.takeInteraction(body)
			for int64(i)-answered.Load() > 100 {
				time.Sleep(time.Millisecond)
			}
		}
		for answered.Load() < int64(to) {
			time.Sleep(time.Millisecond)
		}
	}
	send(0, n/6)
	early, threads := heap(), runtime.NumGoroutine()
	send(n/6, n)
	if grown := int64(heap()) - int64(early); grown > 50*int64(n-n/6) && grown > 300_000 {
		t.Errorf("%d interactions left %d bytes each", n-n/6, grown/int64(n-n/6))
	} else {
		t.Logf("%d interactions: heap %+d bytes", n-n/6, grown)
	}
	if !until(func() bool { return runtime.NumGoroutine() <= threads+20 }) {
		t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), threads)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
