package desk_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/sqldb/faulty"
)

// Seams are all calls to the file and the network of one run, counted together. The at-th goes wrong: before it was
// done, or after. With crash nothing works from then on, until the program is started again.
type seams struct {
	mu    sync.Mutex
	n, at int
	after bool
	crash bool
	dead  bool

	readOnly bool
}

var errSeam = errors.New("this call goes wrong on purpose")

// hit counts a call and says what happens to it.
func (s *seams) hit() (fails, done bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead {
		return true, false
	}
	s.n++
	if s.n != s.at {
		return false, false
	}
	s.dead = s.crash
	return true, s.after
}

func (s *seams) isDead() bool        { s.mu.Lock(); defer s.mu.Unlock(); return s.dead }
func (s *seams) heal()               { s.mu.Lock(); defer s.mu.Unlock(); s.dead = false }
func (s *seams) setReadOnly(is bool) { s.mu.Lock(); defer s.mu.Unlock(); s.readOnly = is }
func (s *seams) isReadOnly() bool    { s.mu.Lock(); defer s.mu.Unlock(); return s.readOnly }
func (s *seams) end()                { s.mu.Lock(); defer s.mu.Unlock(); s.dead, s.at = false, 0 }

// open opens the file so that its calls are counted.
func (s *seams) open(t *testing.T, file string) *sqldb.DB {
	t.Helper()
	db, err := faulty.Open(context.Background(), file, nil, func(query string) (error, bool) {
		writes := !strings.HasPrefix(query, "SELECT")
		if writes && s.isReadOnly() && query != "ROLLBACK" {
			return faulty.ErrReadOnly, false
		}
		if fails, done := s.hit(); fails {
			return errSeam, done
		}
		return nil, false
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// deliver hands an event over again and again, as networks do, until it is acknowledged. What it stands for is posted in
// the transaction that takes it.
func deliver(db *sqldb.DB, key string, posts ...chat.Post) error {
	ctx := context.Background()
	if _, seen, err := desk.Seen(ctx, db.Read(), key); err != nil || seen {
		return err
	}
	return db.Write(ctx, func(tx *sqldb.Tx) error {
		first, err := desk.Take(ctx, tx, key, nil)
		if err != nil || !first {
			return err
		}
		return desk.Post(ctx, tx, posts...)
	})
}

// story is what happens in each run: events with what each of them posts.
func story() [][]chat.Post {
	moved := to("net:gone", "moved")
	moved.Else = "net:c"
	return [][]chat.Post{
		{to("net:a", "card"), to("net:b", "one")},
		{edit("net:a", "claimed"), moved, to("net:gone", "parked")},
		{to("net:b", "two"), edit("net:a", "answered")},
	}
}

// playWithFault lives through the story with one fault, and says how many calls were made and what is wrong in the end.
func playWithFault(t *testing.T, s *seams) (wrong string) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "base.db")
		at := s.at
		s.at = 0
		fresh(t, file)
		db := s.open(t, file)
		s.n, s.at = 0, at
		r := &road{t: t, db: db, net: &network{refuse: map[chat.Address]bool{"net:gone": true}}}
		r.net.weather = func(call) fault {
			if fails, done := s.hit(); fails {
				return fault{err: errSeam, done: done}
			}
			return fault{}
		}
		r.start()
		events := story()
		for try := 0; len(events) > 0 || try == 0 || unfinished(t, r.db); try++ {
			for len(events) > 0 && deliver(r.db, fmt.Sprint("event ", len(events)), events[0]...) == nil {
				events = events[1:]
				r.courier.Wake()
			}
			r.after(2 * time.Second)
			if s.isDead() {
				r.cancel()
				<-r.ended
				r.db.Close()
				s.heal()
				r.db = s.open(t, file)
				r.start()
			}
			if try > 150 {
				wrong = "it is stuck: "
				break
			}
		}
		s.end()
		got := fmt.Sprintf("a: %s; b: %s; c: %s\n%s", r.net.said("net:a"), r.net.said("net:b"), r.net.said("net:c"), states(t, r.db))
		const want = "a: answered; b: one two; c: moved\nparked parked; sent 5-6"
		if got != want && got != strings.Replace(want, "5-6", "5", 1) && got != strings.Replace(want, "5-6", "6", 1) {
			wrong += "got " + got
		}
		r.stop()
		r.db.Close()
	})
	return wrong
}

func unfinished(t *testing.T, db *sqldb.DB) bool {
	var n int
	err := db.Read().QueryRowContext(context.Background(), `SELECT COUNT(*) FROM outbox WHERE state IN ('new', 'sending')`).Scan(&n)
	return err != nil || n > 0
}

// states gives the keys that are parked, and how many rows were sent.
func states(t *testing.T, db *sqldb.DB) string {
	t.Helper()
	var parked string
	var sent int
	err := db.Read().QueryRowContext(context.Background(), `SELECT COALESCE((SELECT group_concat(key) FROM outbox WHERE state = 'parked'), ''),
		(SELECT COUNT(*) FROM outbox WHERE state = 'sent')`).Scan(&parked, &sent)
	if err != nil {
		t.Error(err)
	}
	return fmt.Sprintf("parked %s; sent %d", parked, sent)
}

// Whatever one call goes wrong, of the file or the network, before or after it was done, for once or with the whole
// program: no message is lost, none is there twice, and no row is stuck.
func TestOneCallGoesWrong(t *testing.T) {
	tests := []struct {
		name         string
		after, crash bool
	}{
		{"before it is done", false, false}, {"after it is done", true, false},
		{"and the program before it is done", false, true}, {"and the program after it is done", true, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			step := 1
			if testing.Short() {
				step = 7
			}
			runs := 0
			for n := 1; ; n += step {
				s := &seams{at: n, after: test.after, crash: test.crash}
				if wrong := playWithFault(t, s); wrong != "" {
					t.Errorf("call %d: %s", n, wrong)
				}
				runs++
				if s.n < n || t.Failed() && runs > 400 {
					break
				}
			}
			t.Logf("%d runs", runs)
		})
	}
}
