package adaptertest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"go.uber.org/goleak"

	"signpost/bot/chat"
)

// networkURL, where it is set, makes the test program a small bot on that network instead.
const networkURL = "SIGNPOST_TEST_NETWORK"

func TestMain(m *testing.M) {
	if url := os.Getenv(networkURL); url != "" {
		smallBot(url)
	}
	goleak.VerifyTestMain(m)
}

// smallBot answers everything at once and keeps nothing, until it is killed.
func smallBot(url string) {
	network := Dial(url)
	network.Run(context.Background(), func(ctx context.Context, e chat.Event) (chat.Turn, error) {
		_, err := network.Send(ctx, chat.Post{Key: "reply " + e.Key, To: e.Where, Message: said("answer to " + e.Text)})
		return chat.Turn{}, err
	})
}

// TestKilledBot kills a bot again and again while it works. It remembers nothing, so that it must send some answers twice;
// but the network delivers until it gets an acknowledgement, so that none is lost.
func TestKilledBot(t *testing.T) {
	n := NewNetwork("test", Seed(t), Weather{Late: 300, Delay: 10 * time.Millisecond, Again: 50 * time.Millisecond})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, listener, n) }()
	var keys []string
	for i := range 300 {
		keys = append(keys, "reply "+n.Person(fmt.Sprint("p", i%7)).Say(fmt.Sprint("question ", i)))
	}
	for range 5 {
		killAfter(t, listener.Addr().String(), func() { n.arrives(30) })
	}
	killAfter(t, listener.Addr().String(), func() {
		if err := n.Acknowledged(ctx, ""); err != nil {
			t.Error(err)
		}
	})
	if lost := n.Lost(keys); len(lost) > 0 {
		t.Errorf("lost %q", lost)
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// arrives waits until so many messages more have arrived.
func (n *Network) arrives(more int) {
	for before := len(n.Arrived("")); len(n.Arrived("")) < before+more; time.Sleep(time.Millisecond) {
	}
}

func killAfter(t *testing.T, address string, something func()) {
	t.Helper()
	bot := exec.CommandContext(t.Context(), os.Args[0])
	bot.Env = append(os.Environ(), networkURL+"=http://"+address)
	bot.Stderr = t.Output()
	if err := bot.Start(); err != nil {
		t.Fatal(err)
	}
	something()
	bot.Process.Kill()
	bot.Wait()
}
