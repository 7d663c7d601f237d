package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"signpost/adapters/adaptertest"
	"signpost/bot/chat"
)

var stormEvents = flag.Int("storm", 2000, "how many events the storm has; 10000 is the long run")

// TestStorm delivers every event four times, in any order, over three connections: each has exactly one effect. The long
// run is
//
//	go test ./cmd/signpost -run Storm -storm 10000
func TestStorm(t *testing.T) {
	n := adaptertest.NewNetwork("test", adaptertest.Seed(t), adaptertest.Weather{Copies: 4, Shuffle: true, Again: time.Minute})
	s := serve(t, smallFile(t), asNetwork("test", n))
	var keys []string
	for i := range *stormEvents {
		p := n.Person(fmt.Sprint("person", i%500))
		where := chat.Address(fmt.Sprintf("%s/%d", p.Address, i/500)) // a conversation of its own, so that none leans on another
		keys = append(keys, p.Do(chat.Event{Kind: chat.Said, Text: "my smartcard is locked", Where: where, Message: chat.Ref(fmt.Sprint(where, "/said"))}))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	if err := n.Acknowledged(ctx, ""); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"inbox": "inbox", "questions": "question", "messages": "outbox"} {
		var got int
		if err := s.db.Read().QueryRowContext(ctx, `SELECT COUNT(*) FROM `+want).Scan(&got); err != nil || got != *stormEvents {
			t.Errorf("%d %s of %d events, %v", got, name, *stormEvents, err)
		}
	}
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end) && len(n.Arrived("")) < *stormEvents; {
		time.Sleep(50 * time.Millisecond)
	}
	if lost, twice := n.Lost(replies(keys)), n.Twice(); len(lost)+len(twice) > 0 {
		t.Errorf("%d lost, %d twice: %s", len(lost), len(twice), strings.Join(append(lost, twice...), ", "))
	}
}
