package adaptertest

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"signpost/bot/chat"
)

// mail are events on their way to the bot. Each is delivered until it is acknowledged, and as often as the weather says.
type mail struct {
	weather Weather

	mu      sync.Mutex // guards what follows
	draw    *rand.Rand
	wake    chan struct{} // closed, and made anew, when there may be something to take
	cut     bool
	waiting []chat.Event
	out     map[int64]*letter // taken, not acknowledged
	count   int64
	left    map[string]int // by event key: deliveries still to be acknowledged
	answers map[string][]Answer
}

type letter struct {
	event chat.Event
	until time.Time // then it is delivered again
}

// An Answer is what came back with one acknowledgement.
type Answer struct {
	Turn chat.Turn
	At   time.Time
}

func newMail(seed uint64, weather Weather) *mail {
	return &mail{weather: weather, draw: drawFor(seed, "mail", 0), wake: make(chan struct{}), out: map[int64]*letter{},
		left: map[string]int{}, answers: map[string][]Answer{}}
}

func (m *mail) put(event chat.Event, copies int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for range copies {
		m.waiting = append(m.waiting, event)
	}
	m.left[event.Key] += copies
	m.stir()
}

// stir wakes those who wait. m.mu is held.
func (m *mail) stir() {
	close(m.wake)
	m.wake = make(chan struct{})
}

func (m *mail) setCut(cut bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cut = cut
	m.stir()
}

// take waits for the next delivery.
func (m *mail) take(ctx context.Context) (id int64, event chat.Event, err error) {
	for {
		id, event, ok, wake, again := m.next()
		if ok {
			return id, event, nil
		}
		timer := time.NewTimer(again)
		select {
		case <-wake:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return 0, chat.Event{}, ctx.Err()
		}
		timer.Stop()
	}
}

// next takes a delivery, if there is one, or says what to wait for.
func (m *mail) next() (id int64, event chat.Event, ok bool, wake chan struct{}, again time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	again = m.overdue()
	if m.cut || len(m.waiting) == 0 {
		return 0, chat.Event{}, false, m.wake, again
	}
	i := 0
	if m.weather.Shuffle {
		i = m.draw.IntN(len(m.waiting))
	}
	event = m.waiting[i]
	if i == 0 {
		m.waiting = m.waiting[1:]
	} else {
		last := len(m.waiting) - 1
		m.waiting[i], m.waiting = m.waiting[last], m.waiting[:last]
	}
	m.count++
	m.out[m.count] = &letter{event, time.Now().Add(m.weather.Again)}
	return m.count, event, true, nil, 0
}

// overdue puts back what was not acknowledged in time and says when to look again. m.mu is held.
func (m *mail) overdue() time.Duration {
	next := m.weather.Again
	for id, l := range m.out {
		left := time.Until(l.until)
		if left <= 0 {
			delete(m.out, id)
			m.waiting = append(m.waiting, l.event)
		} else {
			next = min(next, left)
		}
	}
	return next
}

// ack says that a delivery was handled, and with what.
func (m *mail) ack(id int64, turn chat.Turn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.out[id]
	if l == nil {
		return // too late: it is being delivered again
	}
	delete(m.out, id)
	m.left[l.event.Key]--
	m.answers[l.event.Key] = append(m.answers[l.event.Key], Answer{turn, time.Now()})
	m.stir()
}

// nack says that a delivery was not handled; it comes again at once.
func (m *mail) nack(id int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l := m.out[id]; l != nil {
		delete(m.out, id)
		m.waiting = append(m.waiting, l.event)
		m.stir()
	}
}

// cleared waits until every delivery of an event, or with no key of all events, was acknowledged.
func (m *mail) cleared(ctx context.Context, key string) error {
	for {
		m.mu.Lock()
		wake, left := m.wake, len(m.waiting)+len(m.out)
		if key != "" {
			left = m.left[key]
		}
		m.mu.Unlock()
		if left == 0 {
			return nil
		}
		select {
		case <-wake:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (m *mail) answersTo(key string) []Answer {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Answer(nil), m.answers[key]...)
}
