package discord

import (
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"signpost/bot/chat"
)

// direct is a direct message of Alice's as the gateway brings it.
func direct(id, text string) map[string]any {
	return map[string]any{"id": id, "channel_id": aliceDM, "content": text, "type": 0, "author": map[string]any{"id": aliceID, "username": "alice"}}
}

func TestCloses(t *testing.T) {
	tests := []struct {
		name  string
		end   func(*peer)
		after string // resume, anew or stop
	}{
		{"no close frame (1006)", func(p *peer) { p.conn.Close() }, "resume"},
		{"1000", func(p *peer) { p.close(1000) }, "resume"},
		{"1001", func(p *peer) { p.close(1001) }, "resume"},
		{"4000", func(p *peer) { p.close(4000) }, "resume"},
		{"4008 too fast", func(p *peer) { p.close(4008) }, "resume"},
		{"4007 wrong number", func(p *peer) { p.close(4007) }, "anew"},
		{"4009 timed out", func(p *peer) { p.close(4009) }, "anew"},
		{"4004 token", func(p *peer) { p.close(4004) }, "stop"},
		{"4010 shard", func(p *peer) { p.close(4010) }, "stop"},
		{"4011 sharding", func(p *peer) { p.close(4011) }, "stop"},
		{"4012 version", func(p *peer) { p.close(4012) }, "stop"},
		{"4013 intents", func(p *peer) { p.close(4013) }, "stop"},
		{"4014 intents", func(p *peer) { p.close(4014) }, "stop"},
		{"op 7", func(p *peer) { p.send(opReconnect, nil) }, "resume"},
		{"op 9 true", func(p *peer) { p.send(opInvalidSession, true) }, "resume"},
		{"op 9 false", func(p *peer) { p.send(opInvalidSession, false) }, "anew"},
		{"nonsense", func(p *peer) { p.write("nonsense") }, "resume"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFake(t)
			r := start(t, f.config(), quietly)
			test.end(f.link(0))
			if test.after == "stop" {
				checkStopped(t, f, r)
				return
			}
			checkComesBack(t, f, test.after)
		})
	}
}

func checkStopped(t *testing.T, f *fake, r *running) {
	t.Helper()
	err := <-r.done
	close(r.done)
	if err == nil || r.Healthy() == nil {
		t.Errorf("Run gave %v, Healthy %v: want both to say why", err, r.Healthy())
	}
	if !strings.Contains(r.log.text(), "stopped for good") {
		t.Error("nobody is told")
	}
	time.Sleep(20 * time.Millisecond)
	if n := f.connections(); n != 1 {
		t.Errorf("%d connections, want no second", n)
	}
}

func checkComesBack(t *testing.T, f *fake, how string) {
	t.Helper()
	p := f.link(1)
	f.mu.Lock()
	defer f.mu.Unlock()
	if how == "anew" {
		if p.resumed != nil || !p.identified || p.path != "/gateway" {
			t.Errorf("resumed %v at %s, want a new session", p.resumed, p.path)
		}
		return
	}
	if p.identified || p.path != "/gateway/resume" || p.resumed["session_id"] != "session-0" || p.resumed["seq"] != 1.0 || p.resumed["token"] != "test-bot-token" {
		t.Errorf("identified %v, resumed %v at %s: want session-0 after 1 at its own address", p.identified, p.resumed, p.path)
	}
}

// Both of these lock discordgo for ever.
func TestOpsAsFirstAnswerToResume(t *testing.T) {
	for name, op := range map[string]int{"op 7": opReconnect, "op 9": opInvalidSession} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.onLink = func(p *peer) {
				if p.n == 1 {
					p.onBegin = func(bool) { p.send(op, false) }
				}
				p.behave()
			}
			r := start(t, f.config(), quietly)
			f.link(0).close(4000)
			if p := f.link(2); op == opReconnect && p.resumed == nil || op == opInvalidSession && !p.identified {
				t.Errorf("identified %v, resumed %v", p.identified, p.resumed)
			}
			f.emit("MESSAGE_CREATE", direct("880000000000000900", "still there?"))
			if e := r.event(0); e.Text != "still there?" {
				t.Errorf("got %+v", e)
			}
		})
	}
}

// At Discord's interval a dead link must be found within 65 s.
func TestDeadAfter(t *testing.T) {
	const interval = 41250 * time.Millisecond
	if found := time.Duration(deadAfter * float64(interval)); found > 65*time.Second {
		t.Errorf("a dead link is found after %v", found)
	}
}

func TestDeadLink(t *testing.T) {
	f := newFake(t)
	f.interval = 200 * time.Millisecond
	f.onLink = func(p *peer) {
		p.noAcks = p.n == 0
		p.behave()
	}
	start(t, f.config(), quietly)
	f.link(0)
	p := f.link(1)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.links[0].closed != resumable {
		t.Errorf("closed with %d, want a code that keeps the session", f.links[0].closed)
	}
	if f.links[0].beats > 2 {
		t.Errorf("%d heartbeats went unanswered", f.links[0].beats)
	}
	if p.resumed["session_id"] != "session-0" {
		t.Errorf("resumed %v", p.resumed)
	}
}

func TestBeatsWhatEverAHandlerDoes(t *testing.T) {
	f := newFake(t)
	f.interval = 50 * time.Millisecond
	release, wait := gate(t)
	r := start(t, f.config(), func(chat.Event) (chat.Turn, error) {
		wait()
		return chat.Turn{}, nil
	})
	f.link(0)
	f.emit("MESSAGE_CREATE", direct("880000000000000900", "slow"))
	r.event(0)
	before := f.beats()
	f.eventually("more heartbeats", func() bool { return f.beats() > before+5 })
	release()
}

// beats are those of all connections.
func (f *fake) beats() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, p := range f.links {
		n += p.beats
	}
	return n
}

func TestBeatsWhenAsked(t *testing.T) {
	f := newFake(t) // an interval of a minute: no beat by itself
	f.interval = time.Hour
	start(t, f.config(), quietly)
	p := f.link(0)
	p.send(opHeartbeat, nil)
	f.eventually("a heartbeat", func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return p.beats == 1
	})
}

func TestIdentifiesAnHour(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	s := newStarts(1, func() time.Time { return now })
	var began []time.Time
	for range 500 { // as often as it may
		if wait := s.reserve(5 * time.Second); wait > 0 {
			now = now.Add(wait)
			continue
		}
		began = append(began, now)
	}
	for i, at := range began {
		if i >= 20 && at.Sub(began[i-20]) < time.Hour {
			t.Fatalf("start %d came %v after the twentieth before it", i, at.Sub(began[i-20]))
		}
		if i > 0 && at.Sub(began[i-1]) < 5*time.Second {
			t.Fatalf("start %d came %v after the one before", i, at.Sub(began[i-1]))
		}
	}
	if len(began) < 100 {
		t.Errorf("%d starts only", len(began))
	}
}

// A server that never lets a session live gets twenty IDENTIFYs, then none.
func TestNoMoreThanTwentyIdentifies(t *testing.T) {
	f := newFake(t)
	f.onLink = func(p *peer) {
		p.onBegin = func(bool) { p.send(opInvalidSession, false) }
		p.behave()
	}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	config := f.config()
	config.Now = func() time.Time { return now }
	r := prepare(t, config, quietly)
	r.rest.pace = newPace(time.Now)
	r.run()
	f.link(mostIdentifies - 1)
	f.eventually("a word about it", func() bool { return strings.Contains(r.log.text(), "too many sessions") })
	if n := f.connections(); n != mostIdentifies {
		t.Errorf("%d connections", n)
	}
}

func TestWaitsWhereNoStartsAreLeft(t *testing.T) {
	f := newFake(t)
	f.limit["remaining"], f.limit["reset_after"] = 3, 3600000
	r := start(t, f.config(), quietly)
	f.eventually("a word about it", func() bool { return strings.Contains(r.log.text(), "hardly any session starts") })
	if n := f.connections(); n != 0 {
		t.Errorf("%d connections", n)
	}
}

// Everything that a gateway does on bad days, in random order, 1,000 times (SIGNPOST_ROUNDS: another number): it never
// hangs, leaves no goroutine behind, begins no more sessions in an hour than it should, and takes events afterwards.
func TestBadDays(t *testing.T) {
	rounds := 1000
	if n, err := strconv.Atoi(os.Getenv("SIGNPOST_ROUNDS")); err == nil {
		rounds = n
	}
	f := newFake(t)
	f.interval = 40 * time.Millisecond
	clock := &fakeClock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	var began []time.Time
	f.onLink = func(p *peer) {
		clock.add(4 * time.Minute)
		p.onBegin = func(resumed bool) {
			if !resumed {
				f.mu.Lock()
				began = append(began, clock.read())
				f.mu.Unlock()
			}
			badDay(p, resumed, p.n < rounds)
		}
		p.behave()
	}
	config := f.config()
	config.Now = clock.read
	r := prepare(t, config, quietly)
	r.rest.pace = newPace(time.Now)
	r.run()
	f.link(rounds / 10)
	early := runtime.NumGoroutine()
	f.longer(rounds)
	f.link(rounds)
	f.emit("MESSAGE_CREATE", direct("880000000000000900", "all well"))
	if e := r.event(0); e.Text != "all well" {
		t.Errorf("got %+v", e)
	}
	if !until(func() bool { return runtime.NumGoroutine() <= early+10 }) { // those of the last links may be ending still
		t.Errorf("%d goroutines after %d rounds, %d after a tenth of them", runtime.NumGoroutine(), rounds, early)
	}
	r.end() // began changes no more
	checkStarts(t, began)
}

func (f *fake) longer(rounds int) {
	for end := time.Now().Add(10 * time.Minute); time.Now().Before(end) && f.connections() <= rounds; {
		time.Sleep(time.Second / 10)
	}
}

func checkStarts(t *testing.T, began []time.Time) {
	t.Helper()
	for i := mostIdentifies; i < len(began); i++ {
		if began[i].Sub(began[i-mostIdentifies]) < time.Hour {
			t.Fatalf("more than %d IDENTIFYs in an hour", mostIdentifies)
		}
	}
	t.Logf("%d IDENTIFYs", len(began))
}

// badDay answers the beginning of a session in one of the ways that happen, or as it should be.
func badDay(p *peer, resumed, bad bool) {
	well := func() {
		if resumed {
			p.catchUp()
		} else {
			p.ready()
		}
	}
	if !bad {
		well()
		return
	}
	days := []func(){
		func() { well(); p.send(opReconnect, nil) },
		func() { p.send(opReconnect, nil) },
		func() { well(); p.send(opInvalidSession, true) },
		func() { well(); p.send(opInvalidSession, false) },
		func() { p.send(opInvalidSession, resumed) },
		func() { well(); p.close(4000) },
		func() { p.close(4009) },
		func() { p.conn.Close() },
		func() { well(); p.conn.Close() },
		func() { well(); p.write("nonsense") },
		func() { well(); p.f.mu.Lock(); p.noAcks = true; p.f.mu.Unlock() },
		func() { well(); p.send(opHeartbeat, nil); p.send(99, "unknown"); p.close(1001) },
		func() {
			well()
			p.dispatch("MESSAGE_CREATE", map[string]any{"id": "1", "author": nil}, 2)
			p.close(4001)
		},
		func() { well(); p.dispatch("INTERACTION_CREATE", "not an interaction", 3); p.close(4002) },
	}
	days[rand.IntN(len(days))]()
}

type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *fakeClock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestEventsThatAreNobodys(t *testing.T) {
	f := newFake(t)
	r := start(t, f.config(), quietly)
	f.link(0)
	bot := direct("880000000000000001", "from a bot")
	bot["author"] = map[string]any{"id": bobID, "bot": true}
	self := direct("880000000000000002", "from itself")
	self["author"] = map[string]any{"id": botID}
	hook := direct("880000000000000003", "from a webhook")
	hook["webhook_id"] = "1"
	joined := direct("880000000000000004", "joined")
	joined["type"] = 7
	for _, m := range []any{map[string]any{}, nil, "x", map[string]any{"id": "5", "channel_id": "6", "author": nil}, bot, self, hook, joined,
		map[string]any{"id": "x/../y", "channel_id": "6", "author": map[string]any{"id": aliceID}}} {
		for _, kind := range []string{"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "INTERACTION_CREATE", "GUILD_CREATE"} {
			f.emit(kind, m)
		}
	}
	f.emit("MESSAGE_CREATE", direct("880000000000000900", "somebody's"))
	if e := r.event(0); e.Text != "somebody's" {
		t.Errorf("got %+v", e)
	}
}

func TestPanicEndsOnlyItsEvent(t *testing.T) {
	f := newFake(t)
	var n atomic.Int64
	r := start(t, f.config(), func(e chat.Event) (chat.Turn, error) {
		if n.Add(1) <= 2 { // a message is tried twice
			panic("on purpose")
		}
		return says("well"), nil
	})
	f.link(0)
	f.emit("MESSAGE_CREATE", direct("880000000000000001", "one"))
	f.emit("MESSAGE_CREATE", direct("880000000000000002", "two"))
	if e := r.event(2); e.Text != "two" {
		t.Errorf("got %+v", e)
	}
	f.eventually("both answers", func() bool { return len(f.in(aliceDM)) == 2 })
	first := f.in(aliceDM)[0]["content"].(string)
	if !strings.Contains(first, "did not work") {
		t.Errorf("the person is told %q", first)
	}
}
