package terminal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/bot/chat"
)

// a buffer can be read while it is written.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func echo(_ context.Context, e chat.Event) (chat.Turn, error) {
	switch {
	case e.Kind == chat.Opened:
		return chat.Turn{Reply: &chat.Message{Text: chat.Parse("# Hello\n\nHow can I help?")}}, nil
	case e.Kind == chat.Pressed:
		return chat.Turn{Reply: &chat.Message{Text: chat.Parse("Pressed " + e.Button)}}, nil
	case e.Text == "offer":
		return chat.Turn{Reply: &offering}, nil
	case e.Text == "fail":
		return chat.Turn{}, errors.New("disk full")
	case e.Text == "panic":
		panic("on purpose")
	}
	return chat.Turn{Reply: &chat.Message{Text: chat.Text{{Kind: chat.Plain, Text: "You said " + e.Text}}}}, nil
}

func run(t *testing.T, in io.Reader) (out, log string) {
	t.Helper()
	var said, logged buffer
	term := New(Config{In: in, Out: &said, Person: "terminal:sam", Now: clock, Log: slog.New(slog.NewTextHandler(&logged, nil))})
	if err := term.Run(t.Context(), echo); err != nil {
		t.Fatal(err)
	}
	return said.String(), logged.String()
}

func TestPipe(t *testing.T) {
	out, log := run(t, strings.NewReader("one\r\n\nfail\ntwo"))
	want := "Hello\n\nHow can I help?\n\nYou said one\n\n" + sorry + "\n\nYou said two\n\n"
	if out != want {
		t.Errorf("got %q, want %q", out, want)
	}
	if !strings.Contains(log, "disk full") || strings.Contains(log, "fail ") || strings.Contains(log, "one") {
		t.Errorf("log %q", log)
	}
}

func TestPipeQuit(t *testing.T) {
	for _, word := range []string{"quit", " Exit "} {
		out, _ := run(t, strings.NewReader(word+"\nnever read\n"))
		if !strings.HasSuffix(out, goodbye+"\n\n") || strings.Contains(out, "never") {
			t.Errorf("got %q", out)
		}
	}
}

func TestPipeIsNotWrapped(t *testing.T) {
	long := strings.Repeat("word ", 100) + "end"
	if out, _ := run(t, strings.NewReader(long)); !strings.Contains(out, long+"\n") {
		t.Errorf("got %q", out)
	}
}

func TestLongLines(t *testing.T) {
	for _, size := range []int{1 << 20, 3 << 20} {
		out, _ := run(t, strings.NewReader(strings.Repeat("x", size)+"\nafter\n"))
		if strings.Count(out, "x") != longestLine || !strings.HasSuffix(out, "You said after\n\n") {
			t.Errorf("%d bytes: %d came through", size, strings.Count(out, "x"))
		}
	}
}

func TestSendEditFind(t *testing.T) {
	var out buffer
	ctx := t.Context()
	term := New(Config{In: strings.NewReader(""), Out: &out, Person: "terminal:sam", Where: "terminal:room", Now: clock})
	post := chat.Post{Key: "k", To: "terminal:sam", Message: chat.Message{Text: chat.Parse("Can you help somebody with their rota this week?")}}
	ref, err := term.Send(ctx, post)
	if err != nil || ref == "" {
		t.Fatal(ref, err)
	}
	if again, err := term.Send(ctx, post); again != ref || err != nil || strings.Count(out.String(), "rota") != 1 {
		t.Errorf("sent twice: %q %v %q", again, err, out.String())
	}
	if found, ok, err := term.Find(ctx, "terminal:sam", "k"); found != ref || !ok || err != nil {
		t.Errorf("find: %q %v %v", found, ok, err)
	}
	if _, ok, err := term.Find(ctx, "terminal:sam", "other"); ok || err != chat.ErrCannotFind {
		t.Errorf("a key that this process never printed: %v %v", ok, err)
	}
	var told *chat.SendError
	if _, err := term.Send(ctx, chat.Post{Key: "z", To: "terminal:kim"}); !errors.As(err, &told) || !told.Refused {
		t.Errorf("sent to somebody who is not here: %v", err)
	}
	if err := term.Edit(ctx, ref, post.Message); err != nil || strings.Contains(out.String(), "changed") {
		t.Errorf("editing to the same: %v %q", err, out.String())
	}
	if err := term.Edit(ctx, ref, chat.Message{Text: chat.Parse("Done, thank you.")}); err != nil {
		t.Error(err)
	}
	if want := changedOne + "“Can you help somebody with their rota this …”\n\nDone, thank you.\n\n"; !strings.HasSuffix(out.String(), want) {
		t.Errorf("got %q", out.String())
	}
	if err := term.Edit(ctx, "terminal:sam/99.0", post.Message); err != nil || !strings.Contains(out.String(), changedAny) {
		t.Errorf("editing an older one: %v %q", err, out.String())
	}
	if err := term.Edit(ctx, "terminal:kim/1", post.Message); !errors.As(err, &told) || !told.Refused || !told.Gone {
		t.Errorf("edited a message of somebody else: %v", err)
	}
}

// TestWhoeverLeftGetsNothing: what comes after Run, or after the end of ctx, can be sent again later.
func TestWhoeverLeftGetsNothing(t *testing.T) {
	var out buffer
	term := New(Config{In: strings.NewReader("quit\n"), Out: &out, Person: "terminal:sam"})
	post := chat.Post{Key: "k", To: "terminal:sam", Message: offering}
	ended, end := context.WithCancel(t.Context())
	end()
	var told *chat.SendError
	if _, err := term.Send(ended, post); !errors.As(err, &told) || told.Refused {
		t.Errorf("after the end of ctx: %v", err)
	}
	if err := term.Run(t.Context(), echo); err != nil {
		t.Fatal(err)
	}
	if _, err := term.Send(t.Context(), post); !errors.As(err, &told) || told.Refused {
		t.Errorf("after Run: %v", err)
	}
	if err := term.Edit(t.Context(), "terminal:sam/1", offering); !errors.As(err, &told) || told.Refused {
		t.Errorf("edit after Run: %v", err)
	}
	if strings.Contains(out.String(), "Reset your password") {
		t.Errorf("printed %q", out.String())
	}
}

func TestReplacesIsAnEdit(t *testing.T) {
	var out buffer
	term := New(Config{In: strings.NewReader(""), Out: &out, Person: "terminal:sam"})
	first, _ := term.Send(t.Context(), chat.Post{Key: "a", To: "terminal:sam", Message: offering})
	second, err := term.Send(t.Context(), chat.Post{Key: "b", To: "terminal:sam", Replaces: "a", Message: chat.Message{Text: chat.Parse("Taken.")}})
	if err != nil || first != second || !strings.Contains(out.String(), changedOne) {
		t.Errorf("%q %q %v %q", first, second, err, out.String())
	}
}

func TestBrokenOutputEndsRun(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	term := New(Config{In: strings.NewReader("hi\n"), Out: w, Person: "terminal:sam"})
	if err := term.Run(t.Context(), echo); err == nil {
		t.Error("no error")
	}
	if _, err := New(term.config).Send(t.Context(), chat.Post{Key: "k", To: "terminal:sam", Message: offering}); err == nil {
		t.Error("sent into nothing")
	}
	if _, ok, _ := term.Find(t.Context(), "terminal:sam", "k"); ok {
		t.Error("found what never arrived")
	}
}

func TestRunEndsWithContext(t *testing.T) {
	pipeIn, pipeOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipeIn.Close()
	defer pipeOut.Close()
	memoryIn, memoryOut := io.Pipe()
	defer memoryOut.Close()
	for name, in := range map[string]io.Reader{"pipe": pipeIn, "reader": memoryIn} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			var out buffer
			ended := make(chan error, 1)
			go func() { ended <- New(Config{In: in, Out: &out, Person: "terminal:sam"}).Run(ctx, echo) }()
			select {
			case err := <-ended:
				if err != nil || strings.Contains(out.String(), sorry) {
					t.Errorf("%v %q", err, out.String())
				}
			case <-time.After(time.Minute):
				t.Fatal("still running")
			}
		})
	}
}

func TestSendWhileRunning(t *testing.T) {
	in, typing := io.Pipe()
	var out buffer
	term := New(Config{In: in, Out: &out, Person: "terminal:sam"})
	var all sync.WaitGroup
	all.Go(func() { term.Run(t.Context(), echo) })
	for range 3 {
		all.Go(func() { term.Send(t.Context(), chat.Post{To: "terminal:sam", Message: offering}) })
		io.WriteString(typing, "1\nhello\n")
	}
	typing.Close()
	all.Wait()
	if strings.Count(out.String(), "You said hello") != 3 {
		t.Errorf("got %q", out.String())
	}
}
