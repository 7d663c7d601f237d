package desk_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/knowledge/sqldb"
)

// Every event four times, out of order, over three connections: as many effects as events. Each effect is counted where
// people see it.
func TestStorm(t *testing.T) {
	events := 10_000
	if testing.Short() {
		events = 500
	}
	db, err := sqldb.Open(t.Context(), filepath.Join(t.TempDir(), "base.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	net := &sink{}
	courier := &desk.Courier{DB: db, Adapters: map[string]chat.Adapter{"net": net}}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- courier.Run(ctx) }()

	storm(t, courier, shuffled(events))
	for net.n.Load() < int64(events) && !t.Failed() {
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if n := net.n.Load(); n != int64(events) {
		t.Errorf("%d messages arrived, want %d", n, events)
	}
	if n := count(t, db, `SELECT COUNT(*) FROM outbox WHERE state = 'sent'`); n != events {
		t.Errorf("%d rows are sent, want %d", n, events)
	}
	if n := count(t, db, `SELECT COUNT(DISTINCT key) FROM inbox`); n != events {
		t.Errorf("%d events were taken, want %d", n, events)
	}
}

// shuffled names each event four times.
func shuffled(events int) []int {
	var all []int
	for i := range 4 * events {
		all = append(all, i%events)
	}
	chance := rand.New(rand.NewPCG(1, 2))
	chance.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// storm delivers events over three connections, each of which has several under way.
func storm(t *testing.T, courier *desk.Courier, events []int) {
	queue := make(chan int)
	var all sync.WaitGroup
	for range 3 * 16 {
		all.Go(func() {
			for i := range queue {
				key := fmt.Sprint("event ", i)
				if err := deliver(courier.DB, key, to(chat.Address(fmt.Sprint("net:", i%300)), key)); err != nil {
					t.Error(err)
				}
				courier.Wake()
			}
		})
	}
	for _, i := range events {
		queue <- i
	}
	close(queue)
	all.Wait()
}

// A sink is a network that only counts.
type sink struct {
	takes time.Duration
	n     atomic.Int64
}

func (s *sink) Run(ctx context.Context, _ chat.Handler) error { <-ctx.Done(); return nil }

func (s *sink) Send(context.Context, chat.Post) (chat.Ref, error) {
	time.Sleep(s.takes)
	return chat.Ref(fmt.Sprint(s.n.Add(1))), nil
}

func (s *sink) Edit(context.Context, chat.Ref, chat.Message) error { return nil }

func (s *sink) Find(context.Context, chat.Address, string) (chat.Ref, bool, error) {
	return "", false, chat.ErrCannotFind
}

// BenchmarkCourier is one message on its way through the file to a network that takes a millisecond; many wait.
func BenchmarkCourier(b *testing.B) {
	db, err := sqldb.Open(b.Context(), filepath.Join(b.TempDir(), "base.db"), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var posts []chat.Post
	for i := range b.N {
		posts = append(posts, to(chat.Address(fmt.Sprint("net:", i%1000)), fmt.Sprint(i)))
	}
	if err := db.Write(b.Context(), func(tx *sqldb.Tx) error { return desk.Post(b.Context(), tx, posts...) }); err != nil {
		b.Fatal(err)
	}
	net := &sink{takes: time.Millisecond}
	courier := &desk.Courier{DB: db, Adapters: map[string]chat.Adapter{"net": net}}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	b.ResetTimer()
	go func() { ended <- courier.Run(ctx) }()
	for net.n.Load() < int64(b.N) {
		time.Sleep(time.Millisecond)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
	cancel()
	if err := <-ended; err != nil {
		b.Error(err)
	}
}

// BenchmarkTake is one event taken with one message posted: alone, and with others at the same time.
func BenchmarkTake(b *testing.B) {
	for _, together := range []int{1, 32} {
		b.Run(fmt.Sprint(together), func(b *testing.B) {
			db, err := sqldb.Open(b.Context(), filepath.Join(b.TempDir(), "base.db"), nil)
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			var n atomic.Int64
			var all sync.WaitGroup
			for range together {
				all.Go(func() {
					for i := n.Add(1); i <= int64(b.N); i = n.Add(1) {
						key := fmt.Sprint(i)
						if err := deliver(db, key, to("net:a", key)); err != nil {
							b.Error(err)
						}
					}
				})
			}
			all.Wait()
		})
	}
}
