package desk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/knowledge/sqldb"
)

// An alarm is a file with rows that come due, a clock that the test moves, and a list of what came.
type alarm struct {
	t     *testing.T
	now   time.Time
	db    *sqldb.DB
	clock *desk.Clock
	came  map[string][]time.Time // by key
	then  func(tx *sqldb.Tx, due chat.Due) error
}

func newAlarm(t *testing.T, start time.Time) *alarm {
	t.Helper()
	a := &alarm{t: t, now: start, came: map[string][]time.Time{}, then: func(*sqldb.Tx, chat.Due) error { return nil }}
	var err error
	if a.db, err = sqldb.Open(t.Context(), filepath.Join(t.TempDir(), "base.db"), func() time.Time { return a.now }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.db.Close() })
	a.restart()
	return a
}

// restart forgets all that is not in the file.
func (a *alarm) restart() {
	a.clock = &desk.Clock{DB: a.db, Handle: a.handle, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

func (a *alarm) handle(ctx context.Context, event chat.Event) (chat.Turn, error) {
	return chat.Turn{}, a.db.Write(ctx, func(tx *sqldb.Tx) error {
		first, err := desk.Done(ctx, tx, *event.Due)
		if err != nil || !first {
			return err
		}
		if err := a.then(tx, *event.Due); err != nil {
			return err
		}
		a.came[event.Due.Key] = append(a.came[event.Due.Key], a.now)
		return nil
	})
}

func (a *alarm) schedule(dues ...chat.Due) {
	a.t.Helper()
	if err := a.db.Write(a.t.Context(), func(tx *sqldb.Tx) error { return desk.Schedule(a.t.Context(), tx, dues...) }); err != nil {
		a.t.Fatal(err)
	}
}

func (a *alarm) look() {
	a.t.Helper()
	if _, err := a.clock.Look(context.Background()); err != nil {
		a.t.Fatal(err)
	}
}

// Ninety days with both changes of the hour, a clock that jumps, restarts, and three days of nobody there: each row comes
// within a minute, or once after the outage, and none comes twice.
func TestNinetyDays(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Skip("no time zones on this machine")
	}
	tests := []struct {
		name  string
		start time.Time
	}{
		{"clocks go back", time.Date(2026, 9, 15, 0, 0, 0, 0, london)},
		{"clocks go forward", time.Date(2027, 2, 15, 0, 0, 0, 0, london)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { ninetyDays(t, test.start) })
	}
}

func ninetyDays(t *testing.T, start time.Time) {
	a := newAlarm(t, start)
	chance := rand.New(rand.NewPCG(uint64(start.Unix()), 1))
	due := map[string]time.Time{}
	var all []chat.Due
	for i := range 3000 {
		d := chat.Due{Key: fmt.Sprint(i), At: start.Add(time.Duration(chance.Int64N(int64(90 * 24 * time.Hour)))).Truncate(time.Millisecond), What: "nudge"}
		if i%2 == 0 { // at nine in the morning, by the clock on the wall
			y, m, day := start.AddDate(0, 0, i%90).Date()
			d.At = time.Date(y, m, day, 9, 0, 0, 0, start.Location())
		}
		due[d.Key], all = d.At, append(all, d)
	}
	a.schedule(all...)
	ahead := start // the furthest that the clock showed while somebody looked
	forgiven := map[string]bool{}
	for step := 0; ahead.Before(start.AddDate(0, 0, 91)); step++ {
		from := ahead
		switch {
		case step == 35000: // an outage
			a.now = a.now.Add(3 * 24 * time.Hour)
			a.restart()
		case step%20000 == 5000:
			a.now = a.now.Add(6 * time.Hour)
		case step%20000 == 15000:
			a.now = a.now.Add(-6 * time.Hour)
		default:
			a.now = a.now.Add(58 * time.Second)
		}
		if step%1000 == 999 {
			a.restart()
		}
		ahead = later(ahead, a.now)
		if ahead.Sub(from) > time.Minute { // what came due meanwhile is late through no fault of the clock
			for key, at := range due {
				if !at.Before(from.Add(-time.Minute)) && !at.After(ahead) {
					forgiven[key] = true
				}
			}
		}
		a.look()
	}
	for key, at := range due {
		switch came := a.came[key]; {
		case len(came) != 1:
			t.Errorf("%s came %d times", key, len(came))
		case came[0].Before(at):
			t.Errorf("%s came %v early", key, at.Sub(came[0]))
		case came[0].Sub(at) > time.Minute && !forgiven[key]:
			t.Errorf("%s came %v late", key, came[0].Sub(at))
		}
	}
	if len(forgiven) == len(due) {
		t.Error("nothing was measured")
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func TestScheduleMovesAndWithdraws(t *testing.T) {
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	a := newAlarm(t, start)
	a.schedule(chat.Due{Key: "moved", At: start.Add(time.Minute), What: "nudge"}, chat.Due{Key: "withdrawn", At: start.Add(time.Minute), What: "nudge"})
	a.schedule(chat.Due{Key: "moved", At: start.Add(time.Hour), What: "nudge"}, chat.Due{Key: "withdrawn"})
	a.now = start.Add(2 * time.Minute)
	a.look()
	if len(a.came) != 0 {
		t.Errorf("came early: %v", a.came)
	}
	a.now = start.Add(time.Hour)
	a.look()
	if len(a.came["moved"]) != 1 || len(a.came) != 1 {
		t.Errorf("came: %v", a.came)
	}
}

// A row whose handling fails comes again, ever more rarely, and holds up no other.
func TestDueThatFails(t *testing.T) {
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	a := newAlarm(t, start)
	tries, broken := 0, true
	a.then = func(_ *sqldb.Tx, due chat.Due) error {
		if due.Key == "bad" && broken {
			tries++
			return errors.New("not now")
		}
		return nil
	}
	a.schedule(chat.Due{Key: "bad", At: start, What: "nudge"}, chat.Due{Key: "good", At: start.Add(time.Second), What: "nudge"})
	for range 3600 {
		a.now = a.now.Add(time.Second)
		a.look()
	}
	if len(a.came["good"]) != 1 || tries < 10 || tries > 25 {
		t.Errorf("good came %d times; bad was tried %d times in an hour", len(a.came["good"]), tries)
	}
	a.now, broken = a.now.Add(-6*time.Hour), false // and somebody sets the clock back
	a.schedule(chat.Due{Key: "bad", At: a.now, What: "nudge"})
	a.look()
	if len(a.came["bad"]) != 1 {
		t.Error("bad did not come when it could be handled")
	}
}

// A row that its handler leaves where it is comes once at each look, and Look ends.
func TestDueThatNobodyTakes(t *testing.T) {
	a := newAlarm(t, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	times := 0
	a.clock.Handle = func(context.Context, chat.Event) (chat.Turn, error) {
		if times++; times > 1000 {
			t.Fatal("Look does not end")
		}
		return chat.Turn{}, nil
	}
	for i := range 150 {
		a.schedule(chat.Due{Key: fmt.Sprint(i), At: a.now, What: "forgotten"})
	}
	a.look()
}
