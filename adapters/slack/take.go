package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"signpost/bot/chat"
)

// The kinds of delivery, as Socket Mode names them.
const (
	ofEvents      = "events_api"
	ofCommands    = "slash_commands"
	ofInteraction = "interactive"
)

// A delivery is what Slack sent, over a socket or over HTTP. One of ack and refuse is called, once.
type delivery struct {
	kind    string
	payload json.RawMessage
	teams   []*team // those it can be about: of the socket's app token, or of the signature's secret
	retry   int     // how often it was tried before; only for the log
	// ack tells Slack that it was taken, with an answer or nil.
	ack func(answer any) error
	// refuse leaves it for Slack to deliver again.
	refuse func()
}

// A task is a delivery understood: the event, and how it is answered.
type task struct {
	*delivery
	team  *team
	event chat.Event
	lane  string
	once  bool  // the event is handled once however often and in however many shapes it comes
	file  *file // to be fetched first
	from  origin
	// wanted, if set, is asked first; what it does not want is acknowledged and forgotten.
	wanted func(context.Context, *team) bool
	// answer does what the turn says, and acknowledges; failed tells the person, or refuses.
	answer func(ctx context.Context, t *task, turn chat.Turn)
	failed func(ctx context.Context, t *task)

	trigger string // opens a form
	view    *view  // that was sent in
	acked   sync.Once
	// until, if set, is when the person is told that it was not done; handling must have ended by then, or never begin.
	until time.Time
}

// done acknowledges, unless that was done before, and says whether Slack has the answer.
func (t *task) done(answer any) (sent bool) {
	t.acked.Do(func() { sent = t.ack(answer) == nil })
	return sent
}

// take does what is to be done about a delivery. It returns when the delivery has its turn in its lane and never waits
// for Slack, so that whoever reads a socket may call it.
func (s *Slack) take(ctx context.Context, d *delivery) {
	tasks := s.understand(d)
	if len(tasks) == 0 {
		s.drop(d)
		return
	}
	left := len(tasks)
	var mu sync.Mutex
	whole := *d
	d.ack = func(answer any) error { // several events of one delivery are acknowledged after the last
		mu.Lock()
		left--
		last := left == 0
		mu.Unlock()
		if last {
			return whole.ack(answer)
		}
		return nil
	}
	d.refuse = sync.OnceFunc(whole.refuse)
	for _, t := range tasks {
		s.start(ctx, t)
	}
}

// drop acknowledges what the adapter does nothing about.
func (s *Slack) drop(d *delivery) {
	if err := d.ack(nil); err != nil {
		s.config.Log.Debug("an acknowledgement was lost", "kind", d.kind, "error", err)
	}
}

// understand makes tasks of a delivery: none where there is nothing to do. It never panics, whatever was sent.
func (s *Slack) understand(d *delivery) (tasks []*task) {
	defer func() {
		if r := recover(); r != nil {
			s.config.Log.Error("could not read what Slack sent", "kind", d.kind, "panic", r, "stack", string(debug.Stack()))
			tasks = nil
		}
	}()
	if d.retry > 0 {
		s.config.Log.Debug("delivered again", "kind", d.kind, "attempt", d.retry)
	}
	var err error
	switch d.kind {
	case ofEvents:
		tasks, err = s.eventTasks(d)
	case ofCommands:
		tasks, err = s.commandTasks(d)
	case ofInteraction:
		tasks, err = s.interactionTasks(d)
	default:
		err = fmt.Errorf("no kind of delivery that is known")
	}
	if err != nil {
		s.config.Log.Debug("nothing is done about this", "kind", d.kind, "error", err)
		return nil
	}
	return tasks
}

// start puts a task in its lane and goes on.
func (s *Slack) start(ctx context.Context, t *task) {
	enter, leave, ok := s.lanes.join(t.lane)
	if !ok {
		s.config.Log.Error("too many events wait", "kind", t.event.Kind)
		s.work.Go(func() { t.failed(ctx, t) })
		return
	}
	s.work.Go(func() {
		late := s.answerLate(ctx, t)
		defer late()
		enter()
		defer leave()
		s.do(ctx, t)
	})
}

// do handles one task. A task that was done before is only acknowledged.
func (s *Slack) do(ctx context.Context, t *task) {
	defer func() {
		if r := recover(); r != nil {
			s.config.Log.Error("handling an event panicked", "kind", t.event.Kind, "panic", r, "stack", string(debug.Stack()))
			t.failed(ctx, t)
		}
	}()
	if t.once && s.seen.has(t.event.Key) {
		answer, _ := s.formed.get(t.event.Key) // nil for all but forms
		t.done(answer)
		return
	}
	if t.wanted != nil && !t.wanted(ctx, t.team) {
		t.done(nil)
		return
	}
	if t.file != nil {
		t.event.File.Body = s.fetch(ctx, t.team, *t.file)
	}
	turn, err := s.handled(ctx, t)
	if err != nil {
		s.config.Log.Error("could not handle an event", "kind", t.event.Kind, "key", t.event.Key, "error", err)
		t.failed(ctx, t)
		return
	}
	if t.once {
		s.seen.add(t.event.Key)
	}
	t.answer(ctx, t, turn)
}

func (s *Slack) handled(ctx context.Context, t *task) (chat.Turn, error) {
	if turn, ok := s.offered(t.event); ok {
		return turn, nil
	}
	ctx, cancel := context.WithTimeout(ctx, handleWithin)
	defer cancel()
	if !t.until.IsZero() {
		var early context.CancelFunc
		ctx, early = context.WithDeadline(ctx, t.until)
		defer early()
	}
	if err := ctx.Err(); err != nil {
		return chat.Turn{}, fmt.Errorf("slack: too late: %w", err)
	}
	handle := s.handle.Load()
	if handle == nil {
		return chat.Turn{}, errNotRunning
	}
	return (*handle)(ctx, t.event)
}

// teamNamed finds the workspace of a delivery without asking Slack. An app in one workspace gets deliveries from people
// of others too, in shared channels; they belong to that one.
func (d *delivery) teamNamed(id string) (*team, error) {
	for _, t := range d.teams {
		if known := t.teamID(); known != "" && known == id {
			return t, nil
		}
	}
	if len(d.teams) == 1 && d.teams[0].teamID() != "" {
		return d.teams[0], nil
	}
	return nil, errNoTeam
}

// keyOf names a payload by its content, for those that Slack gives no name.
func keyOf(payload []byte) string {
	sum := sha256.Sum256(payload)
	return hex.EncodeToString(sum[:16])
}
