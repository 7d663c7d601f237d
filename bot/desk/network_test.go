package desk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/knowledge/sqldb"
)

func TestMain(m *testing.M) {
	template() // outside of any bubble
	goleak.VerifyTestMain(m)
}

// A network is a chat network that does as it is told, and remembers what arrived.
type network struct {
	mu      sync.Mutex
	calls   []call
	posts   []arrival
	refs    map[string]chat.Ref // by key
	weather func(c call) fault  // nil: all is well
	refuse  map[chat.Address]bool
}

// A call is one request as it reached the network.
type call struct {
	what string // send, edit, find
	to   chat.Address
	key  string
	text string
	at   time.Time
	n    int // of its what, from 1
}

// An arrival is a message that people can see.
type arrival struct {
	key    string
	to     chat.Address
	text   string
	thread chat.Ref
	at     time.Time
}

// A fault is what goes wrong with a call: err is what the caller gets; it was done all the same if done says so.
type fault struct {
	err    error
	done   bool
	takes  time.Duration
	hangs  bool // until the caller gives up
	panics bool
}

var errLine = errors.New("the line went dead")

func (n *network) Run(ctx context.Context, _ chat.Handler) error { <-ctx.Done(); return nil }

func (n *network) call(ctx context.Context, c call) fault {
	n.mu.Lock()
	c.at, c.n = time.Now(), 1
	for _, before := range n.calls {
		if before.what == c.what {
			c.n++
		}
	}
	n.calls = append(n.calls, c)
	var f fault
	if n.weather != nil {
		f = n.weather(c)
	}
	n.mu.Unlock()
	if f.panics {
		panic("the adapter is broken")
	}
	if f.takes > 0 {
		time.Sleep(f.takes)
	}
	if f.hangs {
		<-ctx.Done()
		f.err = ctx.Err()
	}
	return f
}

func (n *network) Send(ctx context.Context, post chat.Post) (chat.Ref, error) {
	text := post.Message.Text.String()
	f := n.call(ctx, call{what: "send", to: post.To, key: post.Key, text: text})
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.refuse[post.To] {
		return "", &chat.SendError{Refused: true, Err: errors.New("no such place")}
	}
	if f.err != nil && !f.done {
		return "", f.err
	}
	n.posts = append(n.posts, arrival{post.Key, post.To, text, post.Thread, time.Now()})
	ref := chat.Ref(fmt.Sprint("ref ", len(n.posts)))
	if n.refs == nil {
		n.refs = map[string]chat.Ref{}
	}
	n.refs[post.Key] = ref
	return ref, f.err
}

func (n *network) Edit(ctx context.Context, ref chat.Ref, message chat.Message) error {
	f := n.call(ctx, call{what: "edit", key: string(ref), text: message.Text.String()})
	n.mu.Lock()
	defer n.mu.Unlock()
	if f.err != nil && !f.done {
		return f.err
	}
	var i int
	if _, err := fmt.Sscanf(string(ref), "ref %d", &i); err != nil || i > len(n.posts) {
		return &chat.SendError{Refused: true, Gone: true, Err: errors.New("no such message")}
	}
	n.posts[i-1].text = message.Text.String()
	return f.err
}

func (n *network) Find(ctx context.Context, to chat.Address, key string) (chat.Ref, bool, error) {
	f := n.call(ctx, call{what: "find", to: to, key: key})
	n.mu.Lock()
	defer n.mu.Unlock()
	if f.err != nil {
		return "", false, f.err
	}
	ref, ok := n.refs[key]
	return ref, ok, nil
}

// said lists what people see in a place, or with an empty place everywhere.
func (n *network) said(to chat.Address) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var texts []string
	for _, post := range n.posts {
		if to == "" || post.to == to {
			texts = append(texts, post.text)
		}
	}
	return strings.Join(texts, " ")
}

// asked lists the calls of one kind.
func (n *network) asked(what string) (calls []call) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.calls {
		if c.what == what {
			calls = append(calls, c)
		}
	}
	return calls
}

// A road is a file, a network and a courier between them.
type road struct {
	t    *testing.T
	file string
	db   *sqldb.DB
	net  *network
	pace desk.Pace
	mine func(chat.Address) bool
	late atomic.Int64 // by how much the wall clock was set back, in ns

	courier *desk.Courier
	cancel  context.CancelFunc
	ended   chan error
}

// onRoad runs a test in a bubble where time passes only when all wait for it: hours take no time, and none of it is
// chance.
func onRoad(t *testing.T, test func(r *road)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &road{t: t, file: filepath.Join(t.TempDir(), "base.db"), net: &network{refuse: map[chat.Address]bool{}}}
		fresh(t, r.file)
		r.open()
		defer func() {
			r.stop()
			r.db.Close()
		}()
		test(r)
	})
}

// fresh makes a file with all its tables, a copy of one that was made before: that is quicker.
func fresh(t *testing.T, file string) {
	t.Helper()
	if err := os.WriteFile(file, template(), 0o600); err != nil {
		t.Fatal(err)
	}
}

var template = sync.OnceValue(func() []byte {
	dir, err := os.MkdirTemp("", "desk")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "base.db")
	db, err := sqldb.Open(context.Background(), file, nil)
	if err != nil {
		panic(err)
	}
	if err := db.Close(); err != nil {
		panic(err)
	}
	body, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	return body
})

func (r *road) open() {
	r.t.Helper()
	var err error
	if r.db, err = sqldb.Open(r.t.Context(), r.file, func() time.Time { return time.Now().Add(-time.Duration(r.late.Load())) }); err != nil {
		r.t.Fatal(err)
	}
}

func (r *road) start() {
	r.courier = &desk.Courier{DB: r.db, Adapters: map[string]chat.Adapter{"net": r.net}, Pace: map[string]desk.Pace{"net": r.pace}, Mine: r.mine,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel, r.ended = cancel, make(chan error, 1)
	go func() { r.ended <- r.courier.Run(ctx) }()
}

func (r *road) stop() {
	r.t.Helper()
	if r.cancel == nil {
		return
	}
	r.cancel()
	if err := <-r.ended; err != nil {
		r.t.Errorf("Run: %v", err)
	}
	r.cancel = nil
}

// after lets time pass.
func (r *road) after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (r *road) post(posts ...chat.Post) {
	r.t.Helper()
	err := r.db.Write(r.t.Context(), func(tx *sqldb.Tx) error { return desk.Post(r.t.Context(), tx, posts...) })
	if err != nil {
		r.t.Fatal(err)
	}
	if r.courier != nil {
		r.courier.Wake()
	}
}

func say(text string) chat.Message {
	return chat.Message{Text: chat.Text{{Kind: chat.Plain, Text: text}}}
}

// to is a message whose key is what it says.
func to(place chat.Address, text string) chat.Post {
	return chat.Post{Key: text, To: place, Message: say(text)}
}

// rows gives a line for each row of the outbox: key, state and problem.
func (r *road) rows() string {
	r.t.Helper()
	return rowsOf(r.t, r.db)
}

func rowsOf(t *testing.T, db *sqldb.DB) string {
	t.Helper()
	rows, err := db.Read().QueryContext(context.Background(), `SELECT key, state, problem FROM outbox ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var key, state, problem string
		if err := rows.Scan(&key, &state, &problem); err != nil {
			t.Fatal(err)
		}
		if problem != "" {
			problem = ": " + problem
		}
		all = append(all, key+" is "+state+problem)
	}
	return strings.Join(all, "\n")
}

func (r *road) want(what, got, want string) {
	r.t.Helper()
	if got != want {
		r.t.Errorf("%s:\ngot\n%s\nwant\n%s", what, got, want)
	}
}
