package terminal

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/term"

	"signpost/bot/chat"
)

// openPTY gives both ends of a new pseudo terminal, 40 columns wide.
func openPTY(t *testing.T) (hand, screen *os.File) {
	t.Helper()
	hand, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo terminals here: ", err)
	}
	t.Cleanup(func() { hand.Close() })
	var unlock, number int32
	size := [4]uint16{24, 40}
	fd, _ := descriptor(hand)
	ioctl(t, fd, syscall.TIOCSPTLCK, unsafe.Pointer(&unlock))
	ioctl(t, fd, syscall.TIOCGPTN, unsafe.Pointer(&number))
	ioctl(t, fd, syscall.TIOCSWINSZ, unsafe.Pointer(&size))
	screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo terminals here: ", err)
	}
	t.Cleanup(func() { screen.Close() })
	return hand, screen
}

func ioctl(t *testing.T, fd int, request uintptr, at unsafe.Pointer) {
	t.Helper()
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), request, uintptr(at)); errno != 0 {
		t.Skip("no pseudo terminals here: ", errno)
	}
}

// a sitting is a Run on a pseudo terminal, with what it has shown so far.
type sitting struct {
	hand   *os.File
	shown  *buffer
	ended  chan any
	screen *os.File
	term   *Terminal
	before *term.State
}

func sit(t *testing.T, ctx context.Context, in func(*os.File) *os.File) *sitting {
	t.Helper()
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	hand, screen := openPTY(t)
	s := &sitting{hand: hand, screen: screen, shown: &buffer{}, ended: make(chan any, 1)}
	s.before = s.state(t)
	s.term = New(Config{In: in(screen), Out: screen, Person: "terminal:sam"})
	go io.Copy(s.shown, hand)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				s.ended <- p
			}
		}()
		s.ended <- s.term.Run(ctx, echo)
	}()
	s.wait(t, "How can I help?")
	return s
}

func (s *sitting) state(t *testing.T) *term.State {
	t.Helper()
	fd, _ := descriptor(s.screen)
	state, err := term.GetState(fd)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func (s *sitting) wait(t *testing.T, words string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if strings.Contains(s.shown.String(), words) {
			return
		}
	}
	t.Fatalf("%q never came: %q", words, s.shown.String())
}

func (s *sitting) end(t *testing.T) any {
	t.Helper()
	select {
	case got := <-s.ended:
		if after := s.state(t); *after != *s.before {
			t.Error("the terminal was not left as it was found")
		}
		return got
	case <-time.After(time.Minute):
		t.Fatalf("still running: %q", s.shown.String())
		return nil
	}
}

func same(f *os.File) *os.File { return f }

func TestRealTerminal(t *testing.T) {
	s := sit(t, t.Context(), same)
	s.wait(t, "\x1b[1mHello\x1b[0m\r\n\r\nHow can I help?\r\n\r\n"+prompt)
	if raw := s.state(t); *raw == *s.before {
		t.Error("no line editing")
	}
	io.WriteString(s.hand, "hallo\x1b[D\x1b[D\x1b[D\x7fe\r") // three to the left, take the a, type an e
	s.wait(t, "You said hello")
	io.WriteString(s.hand, "\x1b[A\r") // the line before
	s.wait(t, "You said hello\r\n\r\n"+prompt+"hello\r\nYou said hello")
	io.WriteString(s.hand, "these are more words than forty columns can hold\r")
	s.wait(t, "You said these are more words than forty\r\ncolumns can hold\r\n")
	io.WriteString(s.hand, "half a quest")
	s.wait(t, "half a quest")
	if _, err := s.term.Send(t.Context(), chat.Post{To: "terminal:sam", Message: offering}); err != nil {
		t.Fatal(err)
	}
	s.wait(t, "[4] Not quite\r\n\r\nType a number, or another question.\r\n\r\n"+prompt+"half a quest")
	io.WriteString(s.hand, "\x153\r") // clear the line, press
	s.wait(t, "Pressed b1")
	io.WriteString(s.hand, "\x04")
	s.wait(t, goodbye)
	if err := s.end(t); err != nil {
		t.Error(err)
	}
}

func TestRealTerminalQuit(t *testing.T) {
	s := sit(t, t.Context(), same)
	io.WriteString(s.hand, "quit\r")
	s.wait(t, goodbye)
	if err := s.end(t); err != nil {
		t.Error(err)
	}
}

// blocking is the same terminal as the standard input of a process usually is: a file that knows no deadlines.
func blocking(t *testing.T) func(*os.File) *os.File {
	return func(f *os.File) *os.File {
		fd, _ := descriptor(f)
		copied, err := syscall.Dup(fd)
		if err != nil {
			t.Fatal(err)
		}
		syscall.SetNonblock(copied, false)
		file := os.NewFile(uintptr(copied), "input")
		t.Cleanup(func() { file.Close() })
		return file
	}
}

func TestRealTerminalContextEnds(t *testing.T) {
	for name, in := range map[string]func(*os.File) *os.File{"deadlines": same, "blocking": blocking(t)} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			s := sit(t, ctx, in)
			io.WriteString(s.hand, "half")
			s.wait(t, prompt+"half")
			cancel()
			if err := s.end(t); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRealTerminalSignal(t *testing.T) {
	s := sit(t, t.Context(), same)
	syscall.Kill(os.Getpid(), syscall.SIGTERM)
	if err := s.end(t); err != nil {
		t.Error(err)
	}
}

func TestRealTerminalPanic(t *testing.T) {
	s := sit(t, t.Context(), same)
	io.WriteString(s.hand, "panic\r")
	if got := s.end(t); got != "on purpose" {
		t.Errorf("got %v", got)
	}
}
