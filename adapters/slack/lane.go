package slack

import "sync"

// mostAtOnce is how many events are handled at the same time, mostWaiting how many may wait: a burst of 5,000 in five
// seconds is taken, beyond that Slack is asked to deliver again.
const (
	mostAtOnce  = 32
	mostWaiting = 5000
)

// lanes keep the order of events within each conversation, and let conversations go on beside each other.
type lanes struct {
	mu      sync.Mutex
	tails   map[string]chan struct{} // lane -> closed when the last one that joined has left
	waiting int
	slots   chan struct{}
}

func newLanes() *lanes {
	return &lanes{tails: map[string]chan struct{}{}, slots: make(chan struct{}, mostAtOnce)}
}

// join takes the next turn of a lane at once. enter waits until it has come, and leave ends it. ok is false where too
// many wait already.
func (l *lanes) join(lane string) (enter, leave func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting >= mostWaiting {
		return nil, nil, false
	}
	l.waiting++
	before, mine := l.tails[lane], make(chan struct{})
	l.tails[lane] = mine
	enter = func() {
		if before != nil {
			<-before
		}
		l.slots <- struct{}{}
	}
	leave = func() {
		<-l.slots
		l.mu.Lock()
		defer l.mu.Unlock()
		l.waiting--
		if l.tails[lane] == mine {
			delete(l.tails, lane)
		}
		close(mine)
	}
	return enter, leave, true
}
