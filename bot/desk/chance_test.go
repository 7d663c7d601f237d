package desk_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"signpost/bot/chat"
)

// An act is one thing that may happen; all of a script are drawn before it is played, so that a failing one is made
// smaller by itself.
type act struct {
	What  string // post, edit, wait, crash, set the clock, weather
	Place int
	Long  time.Duration
	Fault int
}

// Whatever happens, in whatever order, in the end each message is there once, in order, and each card shows its last
// state.
func TestWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		script := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) act {
			return act{
				What:  rapid.SampledFrom([]string{"post", "post", "post", "edit", "edit", "wait", "crash", "clock", "weather", "weather"}).Draw(rt, "what"),
				Place: rapid.IntRange(0, 2).Draw(rt, "place"),
				Long:  rapid.SampledFrom([]time.Duration{0, time.Millisecond, 30 * time.Millisecond, time.Second, 13 * time.Second, 6 * time.Minute}).Draw(rt, "long"),
				Fault: rapid.IntRange(0, 6).Draw(rt, "fault"),
			}
		}), 1, 40).Draw(rt, "script")
		var wrong string
		synctest.Test(t, func(t *testing.T) { wrong = play(t, script) })
		if wrong != "" {
			rt.Fatal(wrong)
		}
	})
}

// faults are what may befall the next request.
var faults = []fault{
	{}, {takes: 5 * time.Second}, {err: errLine}, {err: errLine, done: true}, {hangs: true}, {hangs: true, done: true}, passing(20*time.Second, false),
}

func play(t *testing.T, script []act) (wrong string) {
	r := &road{t: t, file: filepath.Join(t.TempDir(), "base.db"), net: &network{}}
	fresh(t, r.file)
	r.open()
	r.start()
	var next []fault
	r.net.weather = func(call) (f fault) {
		if len(next) > 0 {
			f, next = next[0], next[1:]
		}
		return f
	}
	want := map[chat.Address][]string{}
	cards := map[chat.Address]string{}
	for i, a := range script {
		place, key := chat.Address(fmt.Sprint("net:", a.Place)), fmt.Sprint("m", i)
		switch a.What {
		case "post":
			r.post(to(place, key))
			cards[place], want[place] = key, append(want[place], key)
		case "edit":
			if card := cards[place]; card != "" {
				post := to(place, card+" edited "+key)
				post.Replaces = card
				r.post(post)
				want[place][len(want[place])-1] = post.Key
			}
		case "wait":
			r.after(a.Long)
		case "crash":
			r.stop()
			r.db.Close()
			r.open()
			r.start()
		case "clock":
			r.late.Add(int64(6*time.Hour - time.Duration(a.Fault)*2*time.Hour))
		case "weather":
			r.net.mu.Lock()
			next = append(next, faults[a.Fault])
			r.net.mu.Unlock()
		}
	}
	for range 120 {
		if r.after(time.Minute); !unfinished(t, r.db) {
			break
		}
	}
	for place, texts := range want {
		if got := r.net.said(place); got != strings.Join(texts, " ") {
			wrong += fmt.Sprintf("in %s: got %q, want %q\n%s\n", place, got, strings.Join(texts, " "), rowsOf(t, r.db))
		}
	}
	r.stop()
	r.db.Close()
	return wrong
}
