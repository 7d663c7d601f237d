package discord

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"signpost/bot/chat"
)

const alice = chat.Address("discord:U" + aliceID)

func general() chat.Address { return channelAddress(generalID) }

// sender is an adapter that sends and takes no events.
func sender(t *testing.T, f *fake) *running {
	t.Helper()
	r := prepare(t, f.config(), quietly)
	r.self.Store(&self{application: appID, user: botID})
	r.rest.refused.Store(false)
	t.Cleanup(r.rest.client.CloseIdleConnections)
	return r
}

func post(key string, to chat.Address, text string) chat.Post {
	return chat.Post{Key: key, To: to, Message: plain(text)}
}

// Each thing that Discord may answer to a message, and what the desk is told.
func TestSendFaults(t *testing.T) {
	type want struct {
		refused, network, plain bool
		wait                    time.Duration
	}
	tests := []struct {
		name   string
		status int
		header map[string]string
		body   string
		want   want
	}{
		{"429 of the bucket", 429, map[string]string{"X-RateLimit-Scope": "user", "Retry-After": "4"}, `{"retry_after":3.5,"global":false}`, want{wait: 3500 * time.Millisecond}},
		{"429 for all", 429, map[string]string{"X-RateLimit-Global": "true"}, `{"retry_after":7,"global":true}`, want{wait: 7 * time.Second, network: true}},
		{"429 shared", 429, map[string]string{"X-RateLimit-Scope": "shared"}, `{"retry_after":9}`, want{wait: 9 * time.Second}},
		{"429 without a body", 429, map[string]string{"Retry-After": "5"}, ``, want{wait: 5 * time.Second}},
		{"50007 closed to messages", 403, nil, `{"code":50007,"message":"Cannot send messages to this user"}`, want{refused: true}},
		{"50013 no permission", 403, nil, `{"code":50013}`, want{refused: true}},
		{"50001 no access", 403, nil, `{"code":50001}`, want{refused: true}},
		{"10003 no channel", 404, nil, `{"code":10003}`, want{refused: true}},
		{"50035 not a form it takes", 400, nil, `{"code":50035}`, want{refused: true}},
		{"401", 401, nil, `{"code":0,"message":"401: Unauthorized"}`, want{network: true, wait: time.Minute}},
		{"40003 too many at once", 403, nil, `{"code":40003}`, want{wait: 10 * time.Minute}},
		{"500", 500, nil, `oh`, want{plain: true}},
		{"502 from a proxy", 502, nil, `<html>`, want{plain: true}},
		{"no sense", 200, nil, `<html>`, want{plain: true}},
		{"no id", 200, nil, `{}`, want{plain: true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFake(t)
			r := sender(t, f)
			f.answerWith("POST", "/messages", -1, test.status, test.header, test.body)
			ref, err := r.Send(t.Context(), post("k", general(), "hello"))
			var said *chat.SendError
			if isSend := errors.As(err, &said); isSend == test.want.plain || ref != "" {
				t.Fatalf("got %q, %v", ref, err)
			}
			if said != nil && (said.Refused != test.want.refused || said.Network != test.want.network || said.Wait.Round(100*time.Millisecond) != test.want.wait) {
				t.Errorf("got %+v", said)
			}
		})
	}
}

func TestNobodyReached(t *testing.T) {
	f := newFake(t)
	r := sender(t, f)
	f.server.Close()
	_, err := r.Send(t.Context(), post("k", general(), "hello"))
	var said *chat.SendError
	if !errors.As(err, &said) || said.Refused {
		t.Errorf("got %v, want a SendError that is no refusal: nothing arrived", err)
	}
}

func TestWhatIsNoAddress(t *testing.T) {
	r := sender(t, newFake(t))
	for _, to := range []chat.Address{"", "discord:", "slack:T1/U2", "discord:X1", "discord:U", "discord:C1/T", "discord:C../x", "discord:C1?x=1", "discord:U1/../2"} {
		_, err := r.Send(t.Context(), post("k", to, "hello"))
		var said *chat.SendError
		if !errors.As(err, &said) || !said.Refused {
			t.Errorf("%q: got %v, want a refusal", to, err)
		}
	}
}

func TestPrivateGoesNowhereOthersRead(t *testing.T) {
	f := newFake(t)
	r := sender(t, f)
	p := post("k", general(), "secret")
	p.Message.Private = true
	_, err := r.Send(t.Context(), p)
	var said *chat.SendError
	if !errors.As(err, &said) || !said.Refused || len(f.in(generalID)) != 0 {
		t.Errorf("got %v", err)
	}
}

// Discord took the message and then failed: it is there once.
func TestFaultAfterTheDeed(t *testing.T) {
	for name, status := range map[string]int{"500": 500, "502": 502, "504": 504, "an answer without sense": 200} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			r := sender(t, f)
			f.rule(rule{method: "POST", path: "/messages", times: 1, done: true, answer: func(w http.ResponseWriter) {
				w.WriteHeader(status)
				io.WriteString(w, "<html>")
			}})
			ref, err := r.Send(t.Context(), post("k", general(), "hello"))
			if err != nil {
				t.Fatal(err)
			}
			if n := len(f.in(generalID)); n != 1 {
				t.Errorf("it is there %d times", n)
			}
			found, ok, err := r.Find(t.Context(), general(), "k")
			if err != nil || !ok || found != ref {
				t.Errorf("found %q %v %v, want %q", found, ok, err, ref)
			}
		})
	}
}

// The connection breaks after Discord took the message, both times: nobody can tell, until somebody looks.
func TestConnectionBreaksAfterTheDeed(t *testing.T) {
	f := newFake(t)
	r := sender(t, f)
	f.rule(rule{method: "POST", path: "/messages", times: 2, done: true, answer: func(w http.ResponseWriter) { panic(http.ErrAbortHandler) }})
	_, err := r.Send(t.Context(), post("k", general(), "hello"))
	var said *chat.SendError
	if err == nil || errors.As(err, &said) {
		t.Fatalf("got %v, want an error that says nobody can tell", err)
	}
	another := sender(t, f) // as after a restart
	if _, ok, err := another.Find(t.Context(), general(), "k"); !ok || err != nil {
		t.Errorf("found %v %v", ok, err)
	}
	if _, err := another.Send(t.Context(), post("k", general(), "hello")); err != nil {
		t.Error(err)
	}
	if n := len(f.in(generalID)); n != 1 {
		t.Errorf("it is there %d times", n)
	}
}

// A long post of which only the first messages arrived before a restart is gone on with, even after Discord has forgotten
// the nonce.
func TestLongPostGoesOn(t *testing.T) {
	f := newFake(t)
	first := sender(t, f)
	long := post("k", general(), strings.Repeat("word and more words here. ", 300))
	n := 0
	f.rule(rule{method: "POST", path: "/messages", times: 2, done: true, answer: func(w http.ResponseWriter) {
		n++
		if n == 1 {
			fmt.Fprint(w, `{"id":"880000000000000001"}`)
			return
		}
		panic(http.ErrAbortHandler)
	}})
	f.answerWith("POST", "/messages", 1, 500, nil, "")
	if _, err := first.Send(t.Context(), long); err == nil {
		t.Fatal("it went through")
	}
	f.mu.Lock()
	for _, m := range f.messages[generalID] {
		m.Nonce = "forgotten"
	}
	f.mu.Unlock()
	second := sender(t, f)
	if _, ok, err := second.Find(t.Context(), general(), "k"); ok || err != nil {
		t.Fatalf("found %v %v before it is whole", ok, err)
	}
	if _, err := second.Send(t.Context(), long); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, m := range f.in(generalID) {
		text, _, _, _ := splitMark(m["content"].(string))
		all.WriteString(text + " ")
	}
	if got := strings.Fields(all.String()); len(got) != 300*5 {
		t.Errorf("%d words, want %d, each once", len(got), 300*5)
	}
	if _, ok, err := second.Find(t.Context(), general(), "k"); !ok || err != nil {
		t.Errorf("found %v %v", ok, err)
	}
}

func TestNoRequestsWhileHeld(t *testing.T) {
	f := newFake(t)
	r := sender(t, f)
	f.answerWith("POST", "/messages", 1, 429, nil, `{"retry_after":30}`)
	for i := range 5 {
		_, err := r.Send(t.Context(), post(fmt.Sprint(i), general(), "hello"))
		var said *chat.SendError
		if !errors.As(err, &said) || said.Wait < 20*time.Second || said.Network {
			t.Fatalf("got %v", err)
		}
	}
	if n := len(f.requests("POST", "/messages")); n != 1 {
		t.Errorf("%d requests while Discord asked for none", n)
	}
	if _, err := r.Send(t.Context(), post("other", channelAddress("900000000000000011"), "hello")); err != nil {
		t.Errorf("another channel: %v", err)
	}
}

func TestHeldForAll(t *testing.T) {
	f := newFake(t)
	r := sender(t, f)
	f.answerWith("POST", "/messages", 1, 429, map[string]string{"X-RateLimit-Scope": "global"}, `{"retry_after":30}`)
	for _, to := range []chat.Address{general(), channelAddress("900000000000000011"), alice} {
		_, err := r.Send(t.Context(), post(string(to), to, "hello"))
		var said *chat.SendError
		if !errors.As(err, &said) || !said.Network {
			t.Errorf("%s: got %v", to, err)
		}
	}
	if n := len(f.requests("POST", "/")); n != 1 {
		t.Errorf("%d requests while Discord asked for none", n)
	}
}

func TestRefusedTokenIsNotTriedAgain(t *testing.T) {
	f := newFake(t)
	r := sender(t, f)
	f.answerWith("POST", "/messages", -1, 401, nil, `{}`)
	for range 5 {
		if _, err := r.Send(t.Context(), post("k", general(), "hello")); err == nil {
			t.Fatal("it went through")
		}
	}
	if n := len(f.requests("POST", "/messages")); n != 1 {
		t.Errorf("%d requests with a refused token", n)
	}
}

func TestRunEndsWithARefusedToken(t *testing.T) {
	f := newFake(t)
	f.answerWith("GET", "/users/@me", -1, 401, nil, `{}`)
	r := start(t, f.config(), quietly)
	err := <-r.done
	close(r.done)
	if err == nil || !strings.Contains(err.Error(), "developer portal") || r.Healthy() == nil {
		t.Errorf("got %v, healthy %v", err, r.Healthy())
	}
}

// However many ask, no second has more than 45 requests in it.
func TestPace(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	p := newPace(func() time.Time { return now })
	var sent []time.Time
	for i := range 5000 {
		_, wait, _ := p.reserve(request{method: "POST", route: "/channels/{}/messages", about: fmt.Sprint(i)})
		if wait > 0 {
			now = now.Add(wait)
			continue
		}
		sent = append(sent, now)
	}
	for i := 45; i < len(sent); i++ {
		if sent[i].Sub(sent[i-45]) < time.Second {
			t.Fatalf("46 requests within %v", sent[i].Sub(sent[i-45]))
		}
	}
	if len(sent) < 4000 {
		t.Errorf("%d sent only", len(sent))
	}
	if len(p.buckets)+len(p.names) > mostBuckets+10 {
		t.Errorf("%d buckets are kept", len(p.buckets))
	}
}

func TestBucketIsKeptTo(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	p := newPace(func() time.Time { return now })
	ask := request{method: "POST", route: "/channels/{}/messages", about: "1"}
	says := func(left string) http.Header {
		h := http.Header{}
		h.Set("X-RateLimit-Bucket", "b")
		h.Set("X-RateLimit-Remaining", left)
		h.Set("X-RateLimit-Reset-After", "5")
		return h
	}
	p.learn(ask, says("2"))
	for i, want := range []bool{true, true, false} {
		if _, wait, _ := p.reserve(ask); wait <= 0 != want {
			t.Errorf("request %d: wait %v", i, wait)
		}
	}
	if _, wait, _ := p.reserve(request{method: "POST", route: "/channels/{}/messages", about: "2"}); wait > 0 {
		t.Errorf("another channel waits %v", wait)
	}
	now = now.Add(5 * time.Second)
	if _, wait, _ := p.reserve(ask); wait > 0 {
		t.Errorf("after the reset it waits %v", wait)
	}
	p.hold(ask, 10*time.Second, false)
	p.learn(ask, says("9")) // an answer that crossed with the 429
	if _, wait, _ := p.reserve(ask); wait != 10*time.Second {
		t.Errorf("held, it waits %v", wait)
	}
}

func TestEdits(t *testing.T) {
	f := newFake(t)
	r := sender(t, f)
	ref, err := r.Send(t.Context(), post("k", general(), strings.Repeat("word and more words here. ", 200)))
	if err != nil || len(f.in(generalID)) != 3 {
		t.Fatalf("%d messages, %v", len(f.in(generalID)), err)
	}
	short := plain("short now")
	short.Buttons = []chat.Button{{ID: "b", Label: "B"}}
	for range 2 { // twice the same changes nothing
		if err := r.Edit(t.Context(), ref, short); err != nil {
			t.Fatal(err)
		}
	}
	if in := f.in(generalID); len(in) != 1 || in[0]["content"] != "short now" {
		t.Errorf("got %v", in)
	}
	if err := r.Edit(t.Context(), ref, plain(strings.Repeat("too long. ", 500))); err != nil {
		t.Fatal(err)
	}
	if in := f.in(generalID); len(in) != 1 || !strings.HasSuffix(in[0]["content"].(string), saysCut) {
		t.Errorf("got %v", in)
	}
	err = r.Edit(t.Context(), messageRef(generalID, "880000000000000999"), short)
	var said *chat.SendError
	if !errors.As(err, &said) || !said.Refused || !said.Gone {
		t.Errorf("a message that is gone: %v", err)
	}
	if err := r.Edit(t.Context(), "slack:x", short); !errors.As(err, &said) || !said.Refused {
		t.Errorf("no message of ours: %v", err)
	}
}

// After a restart the earlier messages of a long post are found by their marks.
func TestLongEditAfterARestart(t *testing.T) {
	f := newFake(t)
	ref, err := sender(t, f).Send(t.Context(), post("k", general(), strings.Repeat("one and two words. ", 200)))
	if err != nil {
		t.Fatal(err)
	}
	if err := sender(t, f).Edit(t.Context(), ref, plain(strings.Repeat("new text, as long. ", 150))); err != nil {
		t.Fatal(err)
	}
	for _, m := range f.in(generalID) {
		if strings.Contains(m["content"].(string), "one and two") {
			t.Errorf("an old part stays: %.60q", m["content"])
		}
	}
}

func TestFindWhereItMayNot(t *testing.T) {
	for _, code := range []int{missingAccess, missingPermissions} {
		f := newFake(t)
		r := sender(t, f)
		f.answerWith("GET", "/messages", -1, 403, nil, fmt.Sprintf(`{"code":%d}`, code))
		if _, ok, err := r.Find(t.Context(), general(), "k"); ok || !errors.Is(err, chat.ErrCannotFind) {
			t.Errorf("%d: got %v %v", code, ok, err)
		}
	}
	f := newFake(t)
	r := sender(t, f)
	f.answerWith("GET", "/messages", -1, 500, nil, "")
	if _, ok, err := r.Find(t.Context(), general(), "k"); ok || err == nil || errors.Is(err, chat.ErrCannotFind) {
		t.Errorf("a passing fault: got %v %v", ok, err)
	}
}

func TestThreads(t *testing.T) {
	f := newFake(t)
	r := sender(t, f)
	root, err := r.Send(t.Context(), post("root", general(), "the root"))
	if err != nil {
		t.Fatal(err)
	}
	_, id, _ := parseRef(root)
	for i := range 2 {
		if _, err := r.Send(t.Context(), post(fmt.Sprint(i), threadAddress(generalID, id), "in the thread")); err != nil {
			t.Fatal(err)
		}
	}
	under := post("under", general(), "under it")
	under.Thread = root
	if _, err := sender(t, f).Send(t.Context(), under); err != nil { // one that does not remember the thread
		t.Fatal(err)
	}
	if n, made := len(f.in(id)), len(f.requests("POST", "/threads")); n != 3 || made != 1 {
		t.Errorf("%d messages in the thread, %d threads made", n, made)
	}
	if body := f.requests("POST", "/threads")[0].Body; body["name"] != threadName {
		t.Errorf("the thread is called %q: what was asked must not be in it", body["name"])
	}
}

// Where no thread may be made, the answer is a reply in the channel.
func TestNoThreadAllowed(t *testing.T) {
	f := newFake(t)
	r := sender(t, f)
	f.answerWith("POST", "/threads", -1, 403, nil, `{"code":50013}`)
	if _, err := r.Send(t.Context(), post("k", threadAddress(generalID, "880000000000000500"), "an answer")); err != nil {
		t.Fatal(err)
	}
	in := f.in(generalID)
	if len(in) != 1 || in[0]["message_reference"].(map[string]any)["message_id"] != "880000000000000500" {
		t.Errorf("got %v", in)
	}
}

func TestFiles(t *testing.T) {
	f := newFake(t)
	r := sender(t, f)
	p := post("k", general(), "a file")
	p.Message.File = &chat.File{Name: "../a/b\"c.csv", Body: []byte("x,y\n")}
	if _, err := r.Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if got := f.requests("POST", "/messages")[0].File; got != "-a-b-c.csv=x,y\n" {
		t.Errorf("got %q", got)
	}
}
