package bot_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/bot"
	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/setting"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

const claimants = 64

// A room is a channel with 64 champions, in which questions are offered.
type room struct {
	t   testing.TB
	db  *sqldb.DB
	bot *bot.Bot
}

const theRoom chat.Address = "test:room"

func newRoom(t testing.TB) *room {
	t.Helper()
	r := &room{t: t}
	var err error
	if r.db, err = sqldb.Open(context.Background(), filepath.Join(t.TempDir(), "base.db"), func() time.Time { return noon }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.db.Close() })
	base, err := knowledge.Open(context.Background(), r.db, nil)
	if err == nil {
		err = base.Install(context.Background(), smallPack())
	}
	if err == nil {
		err = r.db.Write(context.Background(), r.furnish)
	}
	if err == nil {
		r.bot, err = bot.Open(context.Background(), bot.Config{DB: r.db, Base: base})
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *room) furnish(tx *sqldb.Tx) error {
	ctx := context.Background()
	for key, value := range map[setting.Key]string{setting.Offer: "channel", setting.OfferChannel: string(theRoom)} {
		if err := setting.Set(ctx, tx, "royal", key, value, "test"); err != nil {
			return err
		}
	}
	for i := range claimants {
		c := escalation.Champion{Address: claimant(i), Name: "Champion", Place: "royal", Hours: escalation.Office, Most: 20}
		if err := escalation.Join(ctx, tx, c); err != nil {
			return err
		}
		if err := escalation.Approve(ctx, tx, c.Address, "test"); err != nil {
			return err
		}
	}
	return nil
}

func claimant(i int) chat.Address { return chat.Address(fmt.Sprint("test:champion", i)) }

// does hands an event of somebody at the place to the bot.
func (r *room) does(who, where chat.Address, event chat.Event) string {
	event.Person, event.Where, event.At, event.Home, event.Role = who, where, noon, "royal", "nurses"
	event.TakesReply, event.Greeted, event.Public = true, true, where == theRoom
	event.Key = fmt.Sprint(who, " ", event.Text, event.Button)
	turn, err := r.bot.Handle(context.Background(), event)
	switch {
	case err != nil:
		r.t.Errorf("%s %s: %v", who, event.Kind, err)
		return ""
	case turn.Reply == nil:
		r.t.Errorf("%s %s: no reply", who, event.Kind)
		return ""
	}
	var next string
	for _, b := range turn.Reply.Buttons {
		if strings.HasPrefix(b.ID, "champion ") || strings.HasPrefix(b.ID, "asks ") {
			next = b.ID
		}
	}
	if next != "" {
		return next
	}
	return turn.Reply.String()
}

// ask has somebody bring a question to the room and gives its case.
func (r *room) ask(n int) (id string) {
	r.t.Helper()
	who := chat.Address(fmt.Sprint("test:nurse", n))
	next := r.does(who, who, chat.Event{Kind: chat.Said, Text: fmt.Sprintf("how do i mend the hoverboard zq%dx", n)})
	next = r.does(who, who, chat.Event{Kind: chat.Pressed, Button: next})
	r.does(who, who, chat.Event{Kind: chat.Pressed, Button: next})
	row := r.db.Read().QueryRow(`SELECT id FROM escalation WHERE asker = $1 AND state = 'offered'`, who)
	if err := row.Scan(&id); err != nil {
		r.t.Fatalf("question %d is with no champion: %v", n, err)
	}
	return id
}

// claim has all press Claim at the same moment. It gives who was told that the question is theirs, and how long each of
// the others waited to be told that it is not.
func (r *room) claim(id string) (winners []chat.Address, lost []time.Duration) {
	won, taken := words.Say("champion.claimed").String(), words.Say("escalation.error-taken").String()
	var mu sync.Mutex
	var all sync.WaitGroup
	ready := make(chan struct{})
	for i := range claimants {
		all.Go(func() {
			<-ready
			begun := time.Now()
			said := r.does(claimant(i), theRoom, chat.Event{Kind: chat.Pressed, Button: "case " + id + " claim"})
			took := time.Since(begun)
			mu.Lock()
			defer mu.Unlock()
			switch said {
			case won:
				winners = append(winners, claimant(i))
			case taken:
				lost = append(lost, took)
			default:
				r.t.Errorf("%s is told %q", claimant(i), said)
			}
		})
	}
	close(ready)
	all.Wait()
	return winners, lost
}

// BenchmarkClaimAtOnce is 64 champions who press Claim at once: one has the question, the others are told that it is
// taken. slowest-ms is the longest that any of them waited for that; the bar is 1000. The long run is
//
//	go test ./bot -run none -bench ClaimAtOnce -benchtime 1000x
func BenchmarkClaimAtOnce(b *testing.B) {
	r := newRoom(b)
	var all []time.Duration
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		id := r.ask(n)
		b.StartTimer()
		winners, lost := r.claim(id)
		if len(winners) != 1 || len(lost) != claimants-1 {
			b.Fatalf("question %d was won by %q and lost by %d", n, winners, len(lost))
		}
		all = append(all, lost...)
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(all[len(all)-1].Microseconds())/1000, "slowest-ms")
}
