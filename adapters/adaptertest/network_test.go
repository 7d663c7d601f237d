package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	"signpost/bot/chat"
)

func post(key string) chat.Post {
	return chat.Post{Key: key, To: "test:sam", Message: said(key)}
}

// TestFates tries each fate in memory and through a served network: the caller must learn the same.
func TestFates(t *testing.T) {
	for _, c := range []struct {
		fate     Fate
		arrives  bool
		certain  bool // the caller gets a SendError
		refused  bool
		wait     time.Duration
		network  bool
		noErrors bool
	}{
		{fate: Arrives, arrives: true, noErrors: true},
		{fate: Late, arrives: true, noErrors: true},
		{fate: FailsAfter, arrives: true},
		{fate: Dropped},
		{fate: Passing, certain: true},
		{fate: Limited, certain: true, wait: time.Minute},
		{fate: LimitedAll, certain: true, wait: time.Minute, network: true},
		{fate: Refused, certain: true, refused: true},
	} {
		for _, remote := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, remote %v", c.fate, remote), func(t *testing.T) {
				n := NewNetwork("test", 1, Weather{Wait: time.Minute, Delay: time.Millisecond})
				var adapter chat.Adapter = n
				if remote {
					r := served(t, t.Context(), n)
					defer r.http.CloseIdleConnections()
					adapter = r
				}
				n.Script("test:sam", c.fate)
				ref, err := adapter.Send(t.Context(), post("k"))
				var certain *chat.SendError
				switch {
				case c.noErrors != (err == nil) || c.noErrors != (ref != ""):
					t.Fatalf("ref %q, %v", ref, err)
				case c.certain != errors.As(err, &certain):
					t.Fatalf("got %v", err)
				case c.certain && (certain.Refused != c.refused || certain.Wait != c.wait || certain.Network != c.network):
					t.Errorf("got %+v", certain)
				}
				found, ok, err := adapter.Find(t.Context(), "test:sam", "k")
				if ok != c.arrives || err != nil || ok != (len(n.Lost([]string{"k"})) == 0) || c.noErrors && found != ref {
					t.Errorf("found %q %v %v", found, ok, err)
				}
				if err := adapter.Edit(t.Context(), "test:sam/99", said("x")); !errors.As(err, &certain) || !certain.Gone {
					t.Errorf("edit of nothing: %v", err)
				}
				n.Blind("test:sam")
				if _, _, err := adapter.Find(t.Context(), "test:sam", "k"); err != chat.ErrCannotFind {
					t.Errorf("blind: %v", err)
				}
			})
		}
	}
}

func TestLateArrivesThoughTheCallerLeft(t *testing.T) {
	n := NewNetwork("test", 1, Weather{Delay: 50 * time.Millisecond})
	n.Script("test:sam", Late)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := n.Send(ctx, post("k")); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for len(n.Arrived("test:sam")) == 0 {
		time.Sleep(time.Millisecond)
	}
}

func TestNothingListens(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	_, err = Dial("http://"+listener.Addr().String()).Send(t.Context(), post("k"))
	if certain := (*chat.SendError)(nil); !errors.As(err, &certain) || certain.Refused {
		t.Errorf("got %v, want a SendError that is no refusal", err)
	}
}

// TestSameSeedSameWeather sends the same posts in two orders; each has the same fates, and another seed has others.
func TestSameSeedSameWeather(t *testing.T) {
	weather := Weather{Drop: 100, FailAfter: 100, Late: 100, Passing: 100, Limit: 100, LimitAll: 100, Refuse: 100, Delay: time.Microsecond}
	play := func(seed uint64, step int) string {
		n := NewNetwork("test", seed, weather)
		errs := map[string]string{}
		for i := range 200 {
			key := fmt.Sprint(i * step % 200)
			for range 3 {
				_, err := n.Send(t.Context(), post(key))
				errs[key] += fmt.Sprintf("%T ", err)
			}
		}
		if calls := n.Calls(); len(calls) != 8 {
			t.Errorf("fates %v", calls)
		}
		return fmt.Sprint(errs)
	}
	first := play(7, 1)
	if play(7, 3) != first {
		t.Error("the same seed gave other weather")
	}
	if play(8, 1) == first {
		t.Error("another seed gave the same weather")
	}
}

func TestLostAndTwice(t *testing.T) {
	n := NewNetwork("test", 1, Weather{})
	n.Script("test:sam", Arrives, Dropped, FailsAfter, Arrives)
	for _, key := range []string{"a", "b", "c", "c"} {
		n.Send(t.Context(), post(key))
	}
	if got := n.Lost([]string{"a", "b", "c"}); !slices.Equal(got, []string{"b"}) {
		t.Errorf("lost %q", got)
	}
	if got := n.Twice(); !slices.Equal(got, []string{"c"}) {
		t.Errorf("twice %q", got)
	}
	refs := n.Arrived("test:sam")
	if err := n.Edit(t.Context(), refs[0].Ref, said("more")); err != nil {
		t.Fatal(err)
	}
	if got := n.Arrived("test:sam")[0].States; !slices.Equal(got, []string{"a", "more"}) {
		t.Errorf("states %q", got)
	}
}

func TestPace(t *testing.T) {
	n := NewNetwork("test", 1, Weather{Pace: time.Hour})
	if _, err := n.Send(t.Context(), post("a")); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Send(t.Context(), post("b")); err == nil {
		t.Error("two messages in an hour")
	}
	if _, err := n.Send(t.Context(), chat.Post{Key: "c", To: "test:kim"}); err != nil {
		t.Errorf("another place has its own pace: %v", err)
	}
}

// TestEveryCopyIsDelivered: each event four times, in any order and over three connections, some of them failing first.
func TestEveryCopyIsDelivered(t *testing.T) {
	n := NewNetwork("test", Seed(t), Weather{Copies: 4, Shuffle: true})
	keys := make([]string, 250)
	for i := range keys {
		keys[i] = n.Person("sam").Say(fmt.Sprint("event ", i))
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	failed := make(chan struct{}, 20)
	go func() {
		ended <- n.Run(ctx, func(_ context.Context, e chat.Event) (chat.Turn, error) {
			select {
			case failed <- struct{}{}:
				return chat.Turn{}, errOnPurpose
			default:
			}
			message := said("answer to " + e.Text)
			return chat.Turn{Reply: &message}, nil
		})
	}()
	if err := n.Acknowledged(ctx, ""); err != nil {
		t.Fatal(err)
	}
	cancel()
	<-ended
	for i, key := range keys {
		answers := n.Answers(key)
		if len(answers) != 4 || answers[3].Turn.Reply.String() != fmt.Sprint("answer to event ", i) {
			t.Fatalf("%s has %d answers", key, len(answers))
		}
	}
}

// TestUnacknowledgedComesAgain: a bot that is killed while it handles an event gets it once more.
func TestUnacknowledgedComesAgain(t *testing.T) {
	n := NewNetwork("test", 1, Weather{Again: 5 * time.Millisecond})
	key := n.Person("sam").Ask("are you there?")
	dead, _, err := n.mail.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id, event, err := n.mail.take(t.Context())
	if err != nil || event.Key != key || id == dead {
		t.Fatalf("%d %+v %v", id, event, err)
	}
	n.mail.ack(id, chat.Turn{})
	if err := n.Acknowledged(t.Context(), key); err != nil || len(n.Answers(key)) != 1 {
		t.Errorf("%d answers, %v", len(n.Answers(key)), err)
	}
}
