package adaptertest

import (
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"signpost/bot/chat"
)

// A Fate is what becomes of one call of Send, Edit or Find.
type Fate string

// The fates. The zero Fate is Arrives.
const (
	Arrives    Fate = ""
	Dropped    Fate = "dropped"     // never arrives; the caller hears nothing until the network gives up
	FailsAfter Fate = "fails after" // arrives, and then the caller gets an error
	Late       Fate = "late"        // arrives after a while; a caller who gives up before does not stop it
	Passing    Fate = "passing"     // certainly did not arrive, may be tried again
	Limited    Fate = "limited"     // too many for this place: wait
	LimitedAll Fate = "limited all" // too many for the network: wait
	Refused    Fate = "refused"     // will never be taken
)

// Weather says how often each Fate happens, out of a thousand calls, and what else goes wrong. The zero Weather is fair.
// What happens to a call depends on the seed, the post's key and how often it was tried, and not on what goes on beside
// it: the same seed gives the same weather.
type Weather struct {
	Drop, FailAfter, Late, Passing, Limit, LimitAll, Refuse int

	Delay time.Duration // how long what is Late, or Dropped, takes at most; 0 is 20 ms
	Wait  time.Duration // what a limit asks for; 0 is 20 ms
	// Pace, if set, is the shortest time between two messages to one place; a message before its time is Limited.
	Pace time.Duration

	Connections int           // over how many events come at once; 0 is 3
	Copies      int           // how often each event is delivered, though it was acknowledged; 0 is once
	Shuffle     bool          // events come in any order
	Again       time.Duration // an event that was not acknowledged is delivered again after this time; 0 is a second
}

// defaults fills in what is zero.
func (w Weather) defaults() Weather {
	set := func(d *time.Duration, to time.Duration) {
		if *d == 0 {
			*d = to
		}
	}
	set(&w.Delay, 20*time.Millisecond)
	set(&w.Wait, 20*time.Millisecond)
	set(&w.Again, time.Second)
	w.Copies = max(w.Copies, 1)
	if w.Connections == 0 {
		w.Connections = connections
	}
	return w
}

// fate draws what becomes of a call.
func (w Weather) fate(draw *rand.Rand) Fate {
	n := draw.IntN(1000)
	for _, c := range []struct {
		often int
		fate  Fate
	}{{w.Drop, Dropped}, {w.FailAfter, FailsAfter}, {w.Late, Late}, {w.Passing, Passing}, {w.Limit, Limited}, {w.LimitAll, LimitedAll}, {w.Refuse, Refused}} {
		if n < c.often {
			return c.fate
		}
		n -= c.often
	}
	return Arrives
}

// drawFor is the randomness of one attempt of one call.
func drawFor(seed uint64, call string, attempt int) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(call))
	return rand.New(rand.NewPCG(seed, h.Sum64()+uint64(attempt)))
}

var errUnknown = errors.New("adaptertest: the connection broke, nobody can tell what became of it")

// failure is the error of a fate in which nothing arrived.
func (w Weather) failure(fate Fate) error {
	switch fate {
	case Refused:
		return &chat.SendError{Refused: true, Err: errors.New("adaptertest: refused")}
	case Limited, LimitedAll:
		return &chat.SendError{Wait: w.Wait, Network: fate == LimitedAll, Err: errors.New("adaptertest: too many messages")}
	case Passing:
		return &chat.SendError{Err: errors.New("adaptertest: not now")}
	}
	return errUnknown
}

// Seed is a new seed, or the one in SIGNPOST_SEED, and is printed so that a failure can be played again.
func Seed(t testing.TB) uint64 {
	t.Helper()
	seed, err := strconv.ParseUint(os.Getenv("SIGNPOST_SEED"), 10, 64)
	if err != nil {
		seed = rand.Uint64()
	}
	t.Logf("to play this again: SIGNPOST_SEED=%d", seed)
	return seed
}
