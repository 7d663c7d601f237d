package discord

import (
	"errors"
	"sync"
)

// lanes run tasks: those of one lane in order, one after another, those of different lanes side by side, up to a limit.
// A lane is a goroutine while it has tasks and nothing at all when it has none.
type lanes struct {
	mu      sync.Mutex
	waiting map[string][]func() // by lane; a lane in the map is running
	count   int                 // of all that wait
	most    int
	slots   chan struct{}
	running sync.WaitGroup
}

var errBusy = errors.New("discord: too much at once")

func newLanes(atOnce, waiting int) *lanes {
	return &lanes{waiting: map[string][]func(){}, most: waiting, slots: make(chan struct{}, atOnce)}
}

// add puts a task at the end of its lane, without waiting. It refuses where too many wait already.
func (l *lanes) add(lane string, task func()) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count >= l.most {
		return errBusy
	}
	l.count++
	tasks, running := l.waiting[lane]
	l.waiting[lane] = append(tasks, task)
	if !running {
		l.running.Go(func() { l.run(lane) })
	}
	return nil
}

func (l *lanes) run(lane string) {
	for {
		l.mu.Lock()
		tasks := l.waiting[lane]
		if len(tasks) == 0 {
			delete(l.waiting, lane)
			l.mu.Unlock()
			return
		}
		l.waiting[lane] = tasks[1:]
		l.mu.Unlock()
		l.slots <- struct{}{}
		tasks[0]()
		<-l.slots
		l.mu.Lock()
		l.count--
		l.mu.Unlock()
	}
}

// wait returns when no task is left.
func (l *lanes) wait() { l.running.Wait() }
