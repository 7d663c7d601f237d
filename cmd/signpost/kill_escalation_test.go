package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"signpost/adapters/adaptertest"
	"signpost/bot/chat"
	"signpost/knowledge/sqldb"
)

var escalations = flag.Int("escalations", 40, "how many questions go to champions during the kill test; 1000 is the long run")

// manyChampions are enough for n questions at once, each with room for twenty.
func manyChampions(n int) []chat.Address {
	var list []chat.Address
	for i := range max(5, n/12) {
		list = append(list, chat.Address(fmt.Sprint("test:champion", i)))
	}
	return list
}

// TestKillEscalations kills the process that serves at random moments while questions go to champions and answers come
// back. In the end each question is closed, or has an owner or a due step; every text was passed on once, to whom it was
// for; nothing is lost, nothing came twice. The long run is
//
//	go test ./cmd/signpost -run KillEscalations -kills 500 -escalations 1000 -timeout 2h
func TestKillEscalations(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts processes and kills them")
	}
	seed := adaptertest.Seed(t)
	draw := rand.New(rand.NewPCG(seed, 1))
	k := newKilling(t, seed)
	k.file = championsFile(t, manyChampions(*escalations)...)
	p := newParley(t, k.network, seed, *escalations)
	p.file = k.file
	var killed atomic.Int64
	over := make(chan struct{})
	go func() {
		defer close(over)
		p.run(func() int { return 1 + 2*int(killed.Load())*len(p.askers)/(*kills) }) // all by half time, so that most end before it is over
	}()
	begun := time.Now()
	for range *kills {
		k.start()
		time.Sleep(time.Duration(20+draw.IntN(280)) * time.Millisecond)
		k.kill()
		killed.Add(1)
	}
	k.start()
	took := time.Since(begun)
	<-over
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := k.network.Acknowledged(ctx, ""); err != nil {
		t.Fatalf("not every event was acknowledged: %v", err)
	}
	sentAll(t, k.file)
	k.kill()
	t.Logf("%s; %d kills in %v, %v in all; what befell what was sent: %v", p.check(k.file), *kills, took.Round(time.Second),
		time.Since(begun).Round(time.Second), k.network.Calls())
}

// sentAll waits until nothing waits to be sent.
func sentAll(t *testing.T, file string) {
	t.Helper()
	until(t, "messages are on their way still", func() bool { return toSend(t, file) == 0 })
}

// toSend is how many messages wait to be sent.
func toSend(t *testing.T, file string) (n int) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), file, nil)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer db.Close()
	if err := db.Read().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM outbox WHERE state IN ('new', 'sending')`).Scan(&n); err != nil {
		t.Error(err)
	}
	return n
}
