package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"signpost/adapters/adaptertest"
	"signpost/bot/chat"
	"signpost/knowledge/sqldb"
)

// A serving is a server that runs in this process, on one or more networks in memory.
type serving struct {
	*server
	t    *testing.T
	stop func() error // ends it and gives what it ended with; it may be called again
}

// asNetwork is a network of tests as serve takes it.
func asNetwork(name string, adapter chat.Adapter) *network {
	return &network{name: name, adapter: adapter, healthy: func() error { return nil }, hopeless: func(error) bool { return false }}
}

// serve starts serving a file and returns once it does; the test's end stops it.
func serve(t *testing.T, file string, networks ...*network) *serving {
	t.Helper()
	s, err := tryServe(t, file, networks...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func tryServe(t *testing.T, file string, networks ...*network) (*serving, error) {
	t.Helper()
	return tryServeTo(t, t.Output(), serveLog(t.Output()), file, networks...)
}

// tryServeTo writes what the parts log to one place, and what serve logs to another.
func tryServeTo(t *testing.T, to io.Writer, log *slog.Logger, file string, networks ...*network) (*serving, error) {
	t.Helper()
	a := &app{streams: streams{err: to}, file: file, words: true}
	o, err := a.open(t.Context())
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &serving{server: newServer(a, o, log, networks), t: t}
	s.listen, s.learns = "", false
	ended := make(chan error, 1)
	started := make(chan struct{})
	s.started = func() { close(started) }
	go func() { ended <- s.run(ctx) }()
	var result error
	var over atomic.Bool
	s.stop = func() error {
		cancel()
		if !over.Swap(true) {
			result = errors.Join(<-ended, o.db.Close())
		}
		return result
	}
	select {
	case <-started:
		t.Cleanup(func() {
			if err := s.stop(); err != nil {
				t.Errorf("serve ended with %v", err)
			}
		})
		return s, nil
	case err := <-ended:
		cancel()
		return nil, errors.Join(err, o.db.Close())
	}
}

// page reads one of the status pages.
func (s *serving) page(path string) (code int, body string) {
	s.t.Helper()
	w := newRecorder()
	request, err := http.NewRequestWithContext(s.t.Context(), "GET", path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.statusPages().ServeHTTP(w, request)
	return w.code, w.body.String()
}

// recorder is a http.ResponseWriter that keeps what is written.
type recorder struct {
	header http.Header
	code   int
	body   strings.Builder
}

func newRecorder() *recorder                           { return &recorder{header: http.Header{}, code: 200} }
func (r *recorder) Header() http.Header                { return r.header }
func (r *recorder) WriteHeader(code int)               { r.code = code }
func (r *recorder) Write(body []byte) (n int, _ error) { return r.body.Write(body) }

// patience is how long a test waits for what must happen. It is long, since the machine may be busy with other things.
const patience = time.Minute

// until waits for something to hold.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("in %v: %s", patience, what)
}

// reads waits until a person reads a message with these words.
func reads(t *testing.T, n *adaptertest.Network, who adaptertest.Person, words string) {
	t.Helper()
	until(t, fmt.Sprintf("%s does not read %q", who.Address, words), func() bool {
		for _, a := range n.Arrived(who.Address) {
			if strings.Contains(a.Message.String(), words) {
				return true
			}
		}
		return false
	})
}

func fairNetwork(t *testing.T) *adaptertest.Network {
	return adaptertest.NewNetwork("test", adaptertest.Seed(t), adaptertest.Weather{})
}

func TestServeAnswers(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	n := fairNetwork(t)
	s := serve(t, smallFile(t), asNetwork("test", n))
	sam := n.Person("sam")
	sam.Say("my smartcard is locked")
	reads(t, n, sam, "Unlock a smartcard")
	for _, path := range []string{"/healthz", "/readyz"} {
		code, body := s.page(path)
		var w wellness
		if err := json.Unmarshal([]byte(body), &w); err != nil || code != 200 || !w.OK {
			t.Errorf("%s: %d, %v, %s", path, code, err, body)
		}
	}
	_, body := s.page("/metrics")
	for _, line := range []string{`signpost_events_total{network="test",kind="said",result="ok"} 1`, `signpost_network_up{network="test"} 1`,
		`signpost_messages_sent_total{network="test"} `, "signpost_entries 3", "process_resident_memory_bytes"} {
		if !strings.Contains(body, line) {
			t.Errorf("no %s in\n%s", line, body)
		}
	}
	if strings.Contains(body, "smartcard") || strings.Contains(body, "sam") {
		t.Error("the metrics hold a person, or their words")
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
}

func TestSecondServeIsRefused(t *testing.T) {
	file := smallFile(t)
	first := serve(t, file, asNetwork("test", fairNetwork(t)))
	_, err := tryServe(t, file, asNetwork("test", fairNetwork(t)))
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("is served already, by process %d", os.Getpid())) {
		t.Errorf("a second one got %v", err)
	}
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	serve(t, file, asNetwork("test", fairNetwork(t))) // once the first has ended
}

// TestCommandsBesideServe changes things by command while people are answered; each is seen at the next question.
func TestCommandsBesideServe(t *testing.T) {
	file := smallFile(t)
	n := fairNetwork(t)
	serve(t, file, asNetwork("test", n))
	sam := n.Person("sam")
	sam.Say("my smartcard is locked")
	reads(t, n, sam, "Unlock a smartcard")
	shown := signpost(t, file, "entry", "show", "see-payslip").out
	changed := signpost(t, file, "entry", "add", write(t, "new.md", strings.Replace(shown, "See my payslip", "See my wage slip", 1)))
	if changed.code != 0 {
		t.Fatal(changed.err)
	}
	sam.Say("where is my payslip")
	reads(t, n, sam, "See my wage slip")
}

// A moody adapter breaks as it is told.
type moody struct {
	chat.Adapter
	runs atomic.Int64
	run  func(ctx context.Context, times int64) error
}

func (m *moody) Run(ctx context.Context, handle chat.Handler) error {
	if err := m.run(ctx, m.runs.Add(1)); err != nil {
		return err
	}
	return m.Adapter.Run(ctx, handle)
}

func TestBrokenNetworkLeavesOthersAlone(t *testing.T) {
	good, bad := fairNetwork(t), adaptertest.NewNetwork("bad", 1, adaptertest.Weather{})
	broken := &moody{Adapter: bad, run: func(_ context.Context, times int64) error {
		switch times {
		case 1:
			return errors.New("the door is shut")
		case 2:
			panic("and the window")
		}
		return nil
	}}
	s := serve(t, smallFile(t), asNetwork("test", good), asNetwork("bad", broken))
	until(t, "the broken network does not show", func() bool {
		code, body := s.page("/readyz")
		return code == 503 && strings.Contains(body, "the door is shut")
	})
	if code, body := s.page("/healthz"); code != 200 {
		t.Errorf("one broken network makes the process ill: %s", body)
	}
	sam := good.Person("sam")
	sam.Say("my smartcard is locked")
	reads(t, good, sam, "Unlock a smartcard")
	kim := bad.Person("kim")
	kim.Say("my smartcard is locked")
	reads(t, bad, kim, "Unlock a smartcard") // it was started again, twice
	if _, body := s.page("/metrics"); !strings.Contains(body, `signpost_network_restarts_total{network="bad"} 2`) {
		t.Error("the restarts are not counted")
	}
}

func TestGuard(t *testing.T) {
	var log strings.Builder
	for name, c := range map[string]struct {
		handle chat.Handler
		err    string
	}{
		"a panic": {func(context.Context, chat.Event) (chat.Turn, error) { panic("secret words") }, "a panic with string"},
		"an index": {func(context.Context, chat.Event) (chat.Turn, error) {
			var none []int
			return chat.Turn{}, fmt.Errorf("%d", none[3])
		}, "index out of range"},
		"an error": {func(context.Context, chat.Event) (chat.Turn, error) { return chat.Turn{}, io.ErrUnexpectedEOF }, "unexpected EOF"},
		"taking forever": {func(ctx context.Context, _ chat.Event) (chat.Turn, error) {
			<-ctx.Done()
			return chat.Turn{}, ctx.Err()
		}, "deadline exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			told := 0
			g := newGuard(c.handle, serveLog(&log), newFigures(), func(error) { told++ })
			_, err := g.take(t.Context(), chat.Event{Kind: chat.Said, Person: "test:sam", Text: "secret words"})
			if err == nil || !strings.Contains(err.Error(), c.err) || told != 1 {
				t.Errorf("got %v, told %d times", err, told)
			}
		})
	}
	if strings.Contains(log.String(), "secret words") || strings.Contains(log.String(), "sam") {
		t.Errorf("the log holds what was said, or by whom:\n%s", log.String())
	}
}

// TestGuardFinishesWhatItBegan stops the adapter while an event is handled.
func TestGuardFinishesWhatItBegan(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	g := newGuard(func(ctx context.Context, _ chat.Event) (chat.Turn, error) {
		cancel()
		return chat.Turn{}, ctx.Err()
	}, serveLog(io.Discard), newFigures(), nil)
	if _, err := g.take(ctx, chat.Event{Kind: chat.Said}); err != nil {
		t.Error(err)
	}
}

// TestFileThatCannotBeWritten takes the room from a file while it is served, or lets another process keep it to itself:
// nothing is acknowledged, the health says so, and all of it mends by itself.
func TestFileThatCannotBeWritten(t *testing.T) {
	for name, c := range map[string]struct {
		breaks func(s *serving) (mend func())
		says   string
	}{
		"full":   {full, "full"},
		"locked": {locked, `"name":"file","ok":false`},
	} {
		t.Run(name, func(t *testing.T) {
			n := adaptertest.NewNetwork("test", adaptertest.Seed(t), adaptertest.Weather{Again: 50 * time.Millisecond})
			s := serve(t, smallFile(t), asNetwork("test", n))
			mend := c.breaks(s)
			sam := n.Person("sam")
			var keys []string
			until(t, "the health stays green", func() bool {
				keys = append(keys, sam.Say("my smartcard is locked "+strings.Repeat("and again ", 300)))
				code, body := s.page("/healthz")
				return code == 503 && strings.Contains(body, c.says)
			})
			if code, _ := s.page("/readyz"); code != 200 {
				t.Errorf("the networks are well, and ready says %d", code)
			}
			mend()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			if err := n.Acknowledged(ctx, ""); err != nil {
				t.Fatal(err)
			}
			until(t, "the health stays red", func() bool { code, _ := s.page("/healthz"); return code == 200 })
			until(t, "not everything arrived", func() bool { return len(n.Lost(replies(keys))) == 0 })
			if twice := n.Twice(); len(twice) > 0 {
				t.Errorf("%d arrived twice", len(twice))
			}
		})
	}
}

// full lets the file not grow.
func full(s *serving) (mend func()) {
	limit := func(pages int) {
		err := s.db.Write(s.t.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.ExecContext(s.t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages))
			return err
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
	limit(1) // SQLite takes it as: no page more than there are
	return func() { limit(1 << 30) }
}

// locked lets another process's write take forever.
func locked(s *serving) (mend func()) {
	beside, err := sqldb.Open(s.t.Context(), s.app.file, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	begun, enough, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		ended <- beside.Write(s.t.Context(), func(*sqldb.Tx) error { close(begun); <-enough; return nil })
	}()
	<-begun
	return func() {
		close(enough)
		if err := errors.Join(<-ended, beside.Close()); err != nil {
			s.t.Error(err)
		}
	}
}

// replies are the keys of the messages that answer these events.
func replies(events []string) []string {
	var keys []string
	for _, key := range events {
		keys = append(keys, "reply "+key)
	}
	return keys
}

// TestStopWhileBusy stops it with events and messages on their way, and starts it again: nothing is lost or comes twice.
func TestStopWhileBusy(t *testing.T) {
	file := smallFile(t)
	n := adaptertest.NewNetwork("test", adaptertest.Seed(t), adaptertest.Weather{Late: 500, Delay: 100 * time.Millisecond, Again: 100 * time.Millisecond})
	s := serve(t, file, asNetwork("test", n))
	var keys []string
	for i := range 60 {
		keys = append(keys, n.Person(fmt.Sprint("person", i%7)).Say("my smartcard is locked"))
	}
	until(t, "nobody was answered", func() bool { return len(n.Arrived("")) > 3 })
	start := time.Now()
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("stopping took %v", took)
	}
	serve(t, file, asNetwork("test", n))
	until(t, "not everything arrived", func() bool { return len(n.Lost(replies(keys))) == 0 })
	if twice := n.Twice(); len(twice) > 0 {
		t.Errorf("arrived twice: %q", twice)
	}
}

func TestStatusPagesOnAPort(t *testing.T) {
	a := &app{streams: streams{err: t.Output()}, file: smallFile(t), words: true}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := a.with(ctx, func(o opened) error {
		s := newServer(a, o, serveLog(t.Output()), nil)
		s.listen, s.learns = "127.0.0.1:0", false
		s.started = cancel
		return s.run(ctx)
	})
	if err != nil {
		t.Error(err)
	}
	taken := newServer(a, opened{}, serveLog(io.Discard), nil)
	taken.listen = filepath.Join("no", "port")
	if _, err := taken.openStatus(t.Context()); err == nil || !strings.Contains(err.Error(), "status pages") {
		t.Errorf("got %v", err)
	}
}

// TestServeAsAProcess starts the program itself, on a network that cannot be reached, and ends it as an operator does.
func TestServeAsAProcess(t *testing.T) {
	noTokens(t)
	file := smallFile(t)
	config := write(t, "signpost.toml", "listen = \"127.0.0.1:0\"\n[discord]\ntoken_env = \"SECRET\"\napi = \"http://127.0.0.1:1\"\ngateway = \"ws://127.0.0.1:1\"\n")
	child := exec.Command(os.Args[0], "-test.run=^$")
	child.Env = append(os.Environ(), "SECRET=MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz012345", commandLine+"=serve --words --db "+file+" --config "+config)
	var log lockedBuffer
	child.Stderr = &log
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	t.Cleanup(func() { child.Process.Kill() })
	until(t, "it does not serve", func() bool {
		return strings.Contains(log.String(), "Signpost serves") && strings.Contains(log.String(), "not reached yet")
	})
	if s := signpost(t, file, "serve", "--config", config); s.code != exitUsage { // SECRET is not in our own environment
		t.Errorf("exit %d: %s", s.code, s.err)
	}
	if err := child.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it did not end within ten seconds")
	}
	if strings.Contains(log.String(), "GabcdE") || !strings.Contains(log.String(), "Signpost has stopped") {
		t.Errorf("the log is\n%s", log.String())
	}
}

// lockedBuffer is written by one goroutine and read by another.
type lockedBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
