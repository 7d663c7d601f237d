package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/knowledge/sqldb"
)

// A spread is how long something took, in milliseconds.
type spread struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

func spreadOf(took []time.Duration) spread {
	if len(took) == 0 {
		return spread{}
	}
	slices.Sort(took)
	at := func(share float64) float64 { return inMS(took[int(share*float64(len(took)-1))]) }
	return spread{at(.5), at(.99), at(1)}
}

// A flusher measures how long a write of a page takes to reach the disk.
type flusher struct {
	file *os.File
	took []time.Duration
}

func newFlusher(dir string) (*flusher, error) {
	file, err := os.CreateTemp(dir, "flush-")
	if err != nil {
		return nil, fmt.Errorf("measure the disk: %w", err)
	}
	return &flusher{file: file}, nil
}

func (f *flusher) flush() error {
	const pages, size = 100, 4096
	start := time.Now()
	_, err := f.file.WriteAt(make([]byte, size), int64(len(f.took)%pages)*size)
	if err := errors.Join(err, f.file.Sync()); err != nil {
		return fmt.Errorf("measure the disk: %w", err)
	}
	f.took = append(f.took, time.Since(start))
	return nil
}

// measureFlush measures the disk while nothing else is asked of it here.
func measureFlush(dir string) (spread, error) {
	f, err := newFlusher(dir)
	if err != nil {
		return spread{}, err
	}
	defer f.file.Close()
	for range 500 {
		if err := f.flush(); err != nil {
			return spread{}, err
		}
	}
	return spreadOf(f.took), nil
}

// flushBeside measures it until ctx ends, some times a second, and then gives what it found.
func flushBeside(ctx context.Context, dir string) spread {
	f, err := newFlusher(dir)
	if err != nil {
		return spread{}
	}
	defer f.file.Close()
	for sleep(ctx, 25*time.Millisecond) && f.flush() == nil {
	}
	return spreadOf(f.took)
}

// A load is so many questions, evenly within a time.
type load struct {
	name  string
	count int
	in    time.Duration
}

// measured is what one load came to. Times are in milliseconds.
type measured struct {
	Name   string  `json:"name"`
	Asked  int     `json:"asked"`
	Failed int     `json:"failed"`
	Early  int     `json:"early"`  // acknowledged and not in the file
	Flush  spread  `json:"flush"`  // of 4 KB to the same disk, beside
	Answer spread  `json:"answer"` // from when a question was due to its acknowledgement
	Lag    spread  `json:"lag"`    // from then until the answer was carried
	Unsent int     `json:"unsent"` // answers not carried a minute later
	Memory float64 `json:"memory"` // the most, in MB

	took []time.Duration
}

// join adds what another round of the same load came to. Flushes and lags are the worse of the two.
func (m *measured) join(other *measured) *measured {
	if m == nil {
		return other
	}
	m.Asked, m.Failed, m.Early, m.Unsent = m.Asked+other.Asked, m.Failed+other.Failed, m.Early+other.Early, m.Unsent+other.Unsent
	m.Memory, m.Flush, m.Lag = max(m.Memory, other.Memory), m.Flush.worse(other.Flush), m.Lag.worse(other.Lag)
	m.took = append(m.took, other.took...)
	m.Answer = spreadOf(m.took)
	return m
}

func (s spread) worse(other spread) spread {
	return spread{max(s.P50, other.P50), max(s.P99, other.P99), max(s.Max, other.Max)}
}

func (m *measured) print(w io.Writer) {
	if m == nil {
		return
	}
	fmt.Fprintf(w, "%s: %d questions, %d failed\n", m.Name, m.Asked, m.Failed)
	fmt.Fprintf(w, "  a flush       p50 %.1f, p99 %.1f, slowest %.1f ms beside\n", m.Flush.P50, m.Flush.P99, m.Flush.Max)
	fmt.Fprintf(w, "  acknowledged  p50 %.1f, p99 %.1f, slowest %.1f ms\n", m.Answer.P50, m.Answer.P99, m.Answer.Max)
	fmt.Fprintf(w, "  carried       p50 %.1f, p99 %.1f, slowest %.1f ms later\n", m.Lag.P50, m.Lag.P99, m.Lag.Max)
	fmt.Fprintf(w, "  memory        %.0f MB\n\n", m.Memory)
}

// A benchFile is a file under measurement.
type benchFile struct {
	file      string
	flags     benchFlags
	questions []string
}

// An asker puts loads on a server of its own, which serves no network but a counting one.
type asker struct {
	benchFile
	*counting
	beside *sqldb.DB // another connection, as of another process
	asked  atomic.Int64
	close  func() error
}

// newAsker makes the file and starts serving it.
func (a *app) newAsker(ctx context.Context, f benchFile) (_ *asker, err error) {
	own := &app{streams: a.streams, file: f.file, words: true}
	o, err := own.open(ctx)
	if err != nil {
		return nil, err
	}
	beside, err := sqldb.Open(ctx, f.file, nil)
	if err != nil {
		return nil, errors.Join(err, o.db.Close())
	}
	d := &asker{benchFile: f, beside: beside, counting: newCounting()}
	s := newServer(own, o, a.log(), []*network{{name: "bench", adapter: d.counting, healthy: func() error { return nil }}})
	s.learns = false
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx) }()
	d.close = func() error {
		stop()
		return errors.Join(<-ended, beside.Close(), o.db.Close())
	}
	select {
	case <-d.running:
		return d, nil
	case err := <-ended:
		ended <- nil
		return nil, errors.Join(err, d.close())
	}
}

// put asks each question when it is due, whether those before it are answered or not, so that a pause shows in the times
// of all that came during it.
func (d *asker) put(ctx context.Context, l load) *measured {
	m := &measured{Name: l.name, Asked: l.count}
	d.begin()
	var mu sync.Mutex
	var all, besides sync.WaitGroup
	beside, enough := context.WithCancel(ctx)
	besides.Go(func() { m.Flush = flushBeside(beside, filepath.Dir(d.file)) })
	start := time.Now()
	for i := range l.count {
		due := start.Add(l.in * time.Duration(i) / time.Duration(l.count))
		if !sleep(ctx, time.Until(due)) {
			break
		}
		if i%50 == 0 {
			m.Memory = max(m.Memory, residentMB())
		}
		all.Go(func() {
			key := d.ask(ctx)
			answered := time.Since(due)
			there := key != "" && d.isThere(ctx, key)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case key == "":
				m.Failed++
			case !there:
				m.Early++
			}
			m.took = append(m.took, answered)
		})
	}
	all.Wait()
	enough()
	besides.Wait()
	m.Answer = spreadOf(m.took)
	m.Unsent, m.Lag = d.end(ctx, l.count-m.Failed)
	m.Memory = max(m.Memory, residentMB())
	return m
}

// ask puts one question to the bot and gives the event's key, "" where it failed.
func (d *asker) ask(ctx context.Context) string {
	n := d.asked.Add(1)
	person := chat.Address("bench:" + strconv.FormatInt(n*7919%int64(d.flags.people), 10)) // 7919 is prime: everybody's turn comes
	key := "bench " + strconv.FormatInt(n, 10)
	_, err := d.handle(ctx, chat.Event{Kind: chat.Said, Key: key, At: time.Now(), Person: person, Where: person,
		Message: chat.Ref(key), Text: d.questions[int(n)%len(d.questions)]})
	if err != nil {
		return ""
	}
	d.acknowledge(key)
	return key
}

func (d *asker) isThere(ctx context.Context, key string) bool {
	_, ok, err := desk.Seen(ctx, d.beside.Read(), key)
	return ok && err == nil
}

// counting is a network that takes everything at once and counts.
type counting struct {
	handle  chat.Handler  // set when
	running chan struct{} // is closed

	mu           sync.Mutex
	acknowledged map[string]time.Time // by key of the answer
	carried      map[string]time.Time
}

func newCounting() *counting {
	return &counting{running: make(chan struct{}), acknowledged: map[string]time.Time{}, carried: map[string]time.Time{}}
}

// Run is chat.Adapter's. It only keeps the handler: what is asked comes from the asker. It is called once.
func (c *counting) Run(ctx context.Context, handle chat.Handler) error {
	c.handle = handle
	close(c.running)
	<-ctx.Done()
	return nil
}

// Send is chat.Adapter's.
func (c *counting) Send(_ context.Context, post chat.Post) (chat.Ref, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, again := c.carried[post.Key]; !again {
		c.carried[post.Key] = time.Now()
	}
	return chat.Ref(post.Key), nil
}

// Edit is chat.Adapter's.
func (c *counting) Edit(context.Context, chat.Ref, chat.Message) error { return nil }

// Find is chat.Adapter's.
func (c *counting) Find(_ context.Context, _ chat.Address, key string) (chat.Ref, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.carried[key]
	return chat.Ref(key), ok, nil
}

func (c *counting) acknowledge(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.acknowledged["reply "+key] = time.Now()
}

func (c *counting) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.acknowledged, c.carried = map[string]time.Time{}, map[string]time.Time{}
}

// end waits until every answer was carried, a minute at most, and says how long that took after each acknowledgement.
func (c *counting) end(ctx context.Context, answers int) (unsent int, lag spread) {
	for until := time.Now().Add(time.Minute); time.Now().Before(until) && c.count() < answers; {
		if !sleep(ctx, 20*time.Millisecond) {
			break
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var took []time.Duration
	for key, at := range c.acknowledged {
		if carried, ok := c.carried[key]; ok {
			took = append(took, max(0, carried.Sub(at)))
		} else {
			unsent++
		}
	}
	return unsent, spreadOf(took)
}

func (c *counting) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.carried)
}

// residentMB is how much memory the process has, as Linux counts it; 0 elsewhere.
func residentMB() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmRSS:" {
			kb, _ := strconv.ParseFloat(fields[1], 64)
			return kb / 1000
		}
	}
	return 0
}
