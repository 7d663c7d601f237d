package adaptertest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"signpost/bot/chat"
)

// A Network is a chat network in memory on which everything can go wrong. It is its own chat.Adapter, and remembers what
// reached each place. People on it are played with [Network.Person]. It is safe for concurrent use. Unlike the networks
// in the world it never holds a message back because its key came before: what is sent twice is there twice.
type Network struct {
	name    string // the scheme of its addresses
	seed    uint64
	weather Weather
	mail    *mail

	mu       sync.Mutex // guards what follows
	fates    map[chat.Address][]Fate
	blind    map[chat.Address]bool
	gone     map[chat.Address]bool
	attempts map[string]int
	arrived  []*Arrival
	byRef    map[chat.Ref]*Arrival
	last     map[chat.Address]time.Time // when a place took its newest message
	calls    map[Fate]int
}

var _ chat.Adapter = (*Network)(nil)

// An Arrival is a message that reached its place.
type Arrival struct {
	Key    string
	To     chat.Address
	Ref    chat.Ref
	Thread chat.Ref
	At     time.Time
	// States are what it said, first to last; Message is the last of them.
	States  []string
	Message chat.Message
}

// NewNetwork makes a network whose addresses begin with name, such as "test" for "test:sam".
func NewNetwork(name string, seed uint64, weather Weather) *Network {
	weather = weather.defaults()
	return &Network{name: name, seed: seed, weather: weather, mail: newMail(seed, weather),
		fates: map[chat.Address][]Fate{}, blind: map[chat.Address]bool{}, gone: map[chat.Address]bool{}, attempts: map[string]int{},
		byRef: map[chat.Ref]*Arrival{}, last: map[chat.Address]time.Time{}, calls: map[Fate]int{}}
}

// Script sets what becomes of the next calls of Send and Edit to a place, in order, before the weather has its say again.
func (n *Network) Script(to chat.Address, fates ...Fate) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.fates[to] = append(n.fates[to], fates...)
}

// Blind makes Find say of a place that it cannot look there.
func (n *Network) Blind(place chat.Address) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.blind[place] = true
}

// Remove takes a place away: what is sent there is refused.
func (n *Network) Remove(place chat.Address) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.gone[place] = true
}

// Send is chat.Adapter's.
func (n *Network) Send(ctx context.Context, post chat.Post) (chat.Ref, error) {
	if post.To.Network() != n.name {
		return "", &chat.SendError{Refused: true, Err: fmt.Errorf("adaptertest: %s is not on %s", post.To, n.name)}
	}
	fate, delay := n.fate("send "+post.Key, post.To)
	var ref chat.Ref
	err := n.suffer(ctx, fate, delay, func() { ref = n.arrive(post) })
	if err != nil {
		return "", err
	}
	return ref, nil
}

// Edit is chat.Adapter's.
func (n *Network) Edit(ctx context.Context, ref chat.Ref, message chat.Message) error {
	n.mu.Lock()
	arrival := n.byRef[ref]
	n.mu.Unlock()
	if arrival == nil {
		return &chat.SendError{Refused: true, Gone: true, Err: fmt.Errorf("adaptertest: no message is %q", ref)}
	}
	fate, delay := n.fate("edit "+string(ref), arrival.To)
	return n.suffer(ctx, fate, delay, func() { n.change(arrival, message) })
}

// Find is chat.Adapter's. In bad weather it fails as often as what is sent.
func (n *Network) Find(ctx context.Context, to chat.Address, key string) (chat.Ref, bool, error) {
	fate, _ := n.fate("find "+key, "")
	if fate != Arrives && fate != Late {
		return "", false, errUnknown
	}
	if err := ctx.Err(); err != nil {
		return "", false, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.blind[to] {
		return "", false, chat.ErrCannotFind
	}
	for _, a := range n.arrived {
		if a.To == to && a.Key == key {
			return a.Ref, true, nil
		}
	}
	return "", false, nil
}

// fate is what becomes of the next attempt of a call, and how long it takes. A place of "" has no script.
func (n *Network) fate(call string, to chat.Address) (Fate, time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.attempts[call]++
	draw := drawFor(n.seed, call, n.attempts[call])
	fate := n.weather.fate(draw)
	if script := n.fates[to]; len(script) > 0 {
		fate, n.fates[to] = script[0], script[1:]
	}
	switch {
	case n.gone[to]:
		fate = Refused
	case fate == Arrives && to != "" && time.Since(n.last[to]) < n.weather.Pace:
		fate = Limited
	}
	if fate == Arrives || fate == FailsAfter || fate == Late {
		n.last[to] = time.Now()
	}
	n.calls[fate]++
	return fate, time.Duration(draw.Int64N(int64(n.weather.Delay)))
}

// suffer does what is to be done, or not, and gives the caller its error.
func (n *Network) suffer(ctx context.Context, fate Fate, delay time.Duration, do func()) error {
	switch fate {
	case Arrives, FailsAfter:
		do()
		if fate == FailsAfter {
			return errUnknown
		}
		return ctx.Err()
	case Late, Dropped:
		done := make(chan struct{})
		time.AfterFunc(delay, func() {
			defer close(done)
			if fate == Late {
				do()
			}
		})
		select {
		case <-done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if fate == Late {
			return nil
		}
	}
	return n.weather.failure(fate)
}

func (n *Network) arrive(post chat.Post) chat.Ref {
	n.mu.Lock()
	defer n.mu.Unlock()
	ref := chat.Ref(fmt.Sprintf("%s/%d", post.To, len(n.arrived)+1))
	a := &Arrival{Key: post.Key, To: post.To, Ref: ref, Thread: post.Thread, At: time.Now(), States: []string{post.Message.String()}, Message: post.Message}
	n.arrived = append(n.arrived, a)
	n.byRef[ref] = a
	return ref
}

func (n *Network) change(a *Arrival, message chat.Message) {
	n.mu.Lock()
	defer n.mu.Unlock()
	a.Message = message
	a.States = append(a.States, message.String())
}

// Arrived are the messages that reached a place, in order; with no place, those of all places.
func (n *Network) Arrived(place chat.Address) []Arrival {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []Arrival
	for _, a := range n.arrived {
		if place == "" || a.To == place {
			copied := *a
			copied.States = slices.Clone(a.States)
			out = append(out, copied)
		}
	}
	return out
}

// Lost are those of the keys that arrived nowhere.
func (n *Network) Lost(keys []string) []string {
	arrived := map[string]bool{}
	for _, a := range n.Arrived("") {
		arrived[a.Key] = true
	}
	return slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return arrived[key] })
}

// Twice are the keys that arrived more than once.
func (n *Network) Twice() []string {
	times := map[string]int{}
	var out []string
	for _, a := range n.Arrived("") {
		if times[a.Key]++; times[a.Key] == 2 {
			out = append(out, a.Key)
		}
	}
	return out
}

// Calls is how often each Fate befell a call.
func (n *Network) Calls() map[Fate]int {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := map[Fate]int{}
	for fate, times := range n.calls {
		out[fate] = times
	}
	return out
}
