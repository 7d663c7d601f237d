package main

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/knowledge/sqldb"
)

// a chatter is somebody in a chat of their own, on a file shared with others.
type chatter struct {
	t      *testing.T
	typing *io.PipeWriter
	ended  chan int

	mu  sync.Mutex
	out strings.Builder
}

func (c *chatter) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.Write(p)
}

func (c *chatter) read() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.String()
}

func startChat(t *testing.T, file, name string) *chatter {
	t.Helper()
	in, typing := io.Pipe()
	c := &chatter{t: t, typing: typing, ended: make(chan int, 1)}
	a := &app{streams: streams{in: in, out: c, err: t.Output()}}
	go func() {
		c.ended <- run(context.WithoutCancel(t.Context()), []string{"--db", file, "chat", "--words", "--as", name}, a)
	}()
	return c
}

// reads waits until the person reads something.
func (c *chatter) reads(text string) {
	c.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if strings.Contains(c.read(), text) {
			return
		}
	}
	c.t.Fatalf("waited in vain for %q in\n%s", text, c.read())
}

func (c *chatter) quits() {
	c.t.Helper()
	io.WriteString(c.typing, "quit\n")
	if code := <-c.ended; code != 0 {
		c.t.Errorf("exit %d", code)
	}
}

// sends puts a message into the outbox, as a turn of somebody else's conversation does.
func sends(t *testing.T, file, key string, to chat.Address, text string) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	post := chat.Post{Key: key, To: to, Message: chat.Message{Text: chat.Parse(text)}}
	if err := db.Write(t.Context(), func(tx *sqldb.Tx) error { return desk.Post(t.Context(), tx, post) }); err != nil {
		t.Fatal(err)
	}
}

// TestTwoChatsOnOneFile: a message reaches the chat of the person it is for, and no other; where there is none it waits.
func TestTwoChatsOnOneFile(t *testing.T) {
	file := freshFile(t)
	sam, kim := startChat(t, file, "sam"), startChat(t, file, "kim")
	for _, c := range []*chatter{sam, kim} {
		io.WriteString(c.typing, "how do i see my shifts\n")
		c.reads("See my shifts")
	}
	sends(t, file, "1", "terminal:kim", "Sam asks about rotas.")
	kim.reads("Sam asks about rotas.")
	sends(t, file, "2", "terminal:sam", "Kim can help.")
	sam.reads("Kim can help.")
	kim.quits()
	sends(t, file, "3", "terminal:kim", "Are you still there?")
	sends(t, file, "4", "terminal:sam", "Kim has left.")
	sam.reads("Kim has left.")
	sam.quits()
	again := startChat(t, file, "kim")
	again.reads("Are you still there?")
	again.quits()
	for _, c := range []struct {
		name, read, not string
	}{
		{"sam", sam.read(), "rotas."}, {"sam", sam.read(), "still there"}, {"kim", kim.read(), "can help"}, {"kim", kim.read(), "still there"},
		{"kim, back,", again.read(), "rotas."},
	} {
		if strings.Contains(c.read, c.not) {
			t.Errorf("%s read %q:\n%s", c.name, c.not, c.read)
		}
	}
	for _, c := range []*chatter{sam, kim, again} {
		c.typing.Close()
	}
}

// TestChatInAPipe: what somebody asks for in their last words still reaches them, though it comes by itself.
func TestChatInAPipe(t *testing.T) {
	file := smallFile(t)
	if s := signpost(t, file, "person", "grant", "curator", "terminal:kim", "--at", "England"); s.code != 0 {
		t.Fatal(s.err)
	}
	t.Chdir(t.TempDir())
	for _, typed := range []string{"export\nquit\n", "export\n"} {
		var out strings.Builder
		a := &app{streams: streams{in: strings.NewReader(typed), out: &out, err: t.Output()}}
		code := run(t.Context(), []string{"--db", file, "chat", "--words", "--as", "kim"}, a)
		if code != 0 || !strings.Contains(out.String(), "The file is saved as") {
			t.Errorf("%q: exit %d\n%s", typed, code, out.String())
		}
	}
}
