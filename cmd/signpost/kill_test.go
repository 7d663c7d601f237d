package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"signpost/adapters/adaptertest"
	"signpost/knowledge/sqldb"
)

var (
	kills         = flag.Int("kills", 12, "how often the kill test kills the process that serves; 500 is the long run")
	conversations = flag.Int("conversations", 60, "how many conversations go on during the kill test; 1000 is the long run")
)

// The process to be killed is this test program again, told by these variables what to serve.
const (
	killedFile    = "SIGNPOST_TEST_SERVE_FILE"
	killedNetwork = "SIGNPOST_TEST_SERVE_NETWORK"
	commandLine   = "SIGNPOST_TEST_COMMAND" // or it is the program itself, with this command line
)

func TestMain(m *testing.M) {
	if file := os.Getenv(killedFile); file != "" {
		os.Exit(serveToBeKilled(file, os.Getenv(killedNetwork)))
	}
	if line := os.Getenv(commandLine); line != "" {
		os.Args = append(os.Args[:1], strings.Fields(line)...)
		main()
	}
	os.Exit(m.Run())
}

// serveToBeKilled serves a file on a network of another process and says so on its output.
func serveToBeKilled(file, url string) int {
	a := &app{streams: streams{err: os.Stderr}, file: file, words: true}
	err := a.with(context.Background(), func(o opened) error {
		s := newServer(a, o, a.log(), []*network{asNetwork("test", adaptertest.Dial(url))})
		s.courier.Timeout, s.courier.Grace = time.Second, 200*time.Millisecond // what is in doubt is looked for sooner
		s.listen, s.learns = "", false
		s.started = func() { fmt.Println("serving") }
		return s.run(context.Background())
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return 1
}

// TestKill kills the process that serves at random moments while people talk, and the network delivers again what was not
// acknowledged. In the end every event has had its one effect: no message is lost, none came twice, a reply is the same at
// each delivery, and the file is whole. The long run is
//
//	go test ./cmd/signpost -run Kill -kills 500 -conversations 1000 -timeout 2h
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts processes and kills them")
	}
	seed := adaptertest.Seed(t)
	draw := rand.New(rand.NewPCG(seed, 1))
	k := newKilling(t, seed)
	talk := make(chan []spokenEvent, 1)
	go func() { talk <- k.talk(rand.New(rand.NewPCG(seed, 2))) }()
	for range *kills {
		k.start()
		time.Sleep(time.Duration(20+draw.IntN(280)) * time.Millisecond)
		k.kill()
	}
	k.start()
	events := <-talk
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := k.network.Acknowledged(ctx, ""); err != nil {
		t.Fatalf("not every event was acknowledged: %v", err)
	}
	k.check(events)
}

// A killing is one run of the kill test.
type killing struct {
	t       *testing.T
	file    string
	url     string
	network *adaptertest.Network
	child   *exec.Cmd
}

func newKilling(t *testing.T, seed uint64) *killing {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	weather := adaptertest.Weather{FailAfter: 10, Late: 50, Drop: 5, Passing: 10, Again: 300 * time.Millisecond, Copies: 2, Shuffle: true}
	k := &killing{t: t, file: smallFile(t), url: "http://" + listener.Addr().String(), network: adaptertest.NewNetwork("test", seed, weather)}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- adaptertest.Serve(ctx, listener, k.network) }()
	t.Cleanup(func() {
		k.kill()
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	return k
}

// start starts the process and returns once it serves.
func (k *killing) start() {
	k.t.Helper()
	k.child = exec.Command(os.Args[0], "-test.run=^$")
	k.child.Env = append(os.Environ(), killedFile+"="+k.file, killedNetwork+"="+k.url)
	k.child.Stderr = k.t.Output()
	out, err := k.child.StdoutPipe()
	if err == nil {
		err = k.child.Start()
	}
	if err != nil {
		k.t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		k.t.Fatalf("the process does not serve: %q, %v", line, err)
	}
}

// kill kills the process, as a cut of power to it alone would.
func (k *killing) kill() {
	if k.child == nil {
		return
	}
	k.child.Process.Kill()
	k.child.Wait()
	k.child = nil
}

// A spokenEvent is one event and whether its reply was taken in the acknowledgement.
type spokenEvent struct {
	key   string
	reply bool
}

// talk has people ask, and asks on in the same conversation, some in a way that takes the reply at once.
func (k *killing) talk(draw *rand.Rand) []spokenEvent {
	lines := []string{"my smartcard is locked", "where is my payslip", "join a meeting by link", "it still says locked", "topics", "he is not breathing"}
	var events []spokenEvent
	for i := range *conversations {
		p := k.network.Person(fmt.Sprint("person", i))
		for range 1 + draw.IntN(3) {
			text := lines[draw.IntN(len(lines))]
			if draw.IntN(3) == 0 {
				events = append(events, spokenEvent{p.Ask(text), true})
			} else {
				events = append(events, spokenEvent{p.Say(text), false})
			}
		}
		time.Sleep(time.Duration(*kills) * 300 * time.Millisecond / time.Duration(*conversations)) // so that they go on while it is killed
	}
	return events
}

// check looks at what each event came to.
func (k *killing) check(events []spokenEvent) {
	t := k.t
	var posted []string
	for _, e := range events {
		if !e.reply {
			posted = append(posted, "reply "+e.key)
			continue
		}
		different := map[string]bool{}
		for _, a := range k.network.Answers(e.key) {
			if a.Turn.Reply == nil {
				t.Errorf("%s was acknowledged without its reply", e.key)
				continue
			}
			different[a.Turn.Reply.String()] = true
		}
		if len(different) != 1 {
			t.Errorf("%s got %d different replies", e.key, len(different))
		}
	}
	until(t, "messages are on their way still", func() bool { return len(k.network.Lost(posted)) == 0 })
	if twice := k.network.Twice(); len(twice) > 0 {
		t.Errorf("%d messages came twice: %q", len(twice), twice)
	}
	k.kill()
	db, err := sqldb.Open(t.Context(), k.file, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var whole string
	if err := db.Read().QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&whole); err != nil || whole != "ok" {
		t.Errorf("the file is not whole: %s, %v", whole, err)
	}
	t.Logf("%d events, %d kills, %d messages; what befell what was sent: %v", len(events), *kills, len(posted), k.network.Calls())
}
