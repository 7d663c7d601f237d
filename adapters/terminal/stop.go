package terminal

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/term"
)

// stoppable is in with reads that end when ctx does. done is called after the last read.
func stoppable(ctx context.Context, in io.Reader) (out io.Reader, done func()) {
	timed, ours := withDeadline(in)
	if timed == nil {
		return &patient{in: in, stop: ctx.Done(), got: make(chan piece, 1)}, func() {}
	}
	ended := make(chan struct{})
	keep := context.AfterFunc(ctx, func() {
		timed.SetReadDeadline(time.Unix(1, 0))
		close(ended)
	})
	return timed, func() {
		if !keep() {
			<-ended
		}
		if ours {
			timed.(io.Closer).Close()
		} else {
			timed.SetReadDeadline(time.Time{})
		}
	}
}

type timedReader interface {
	io.Reader
	SetReadDeadline(time.Time) error
}

// withDeadline is in, if a read of it can be given up; else, on Linux, the same terminal or pipe opened anew so that it
// can (the standard input itself is shared with other processes and must stay as it is); else nil. ours says that it was
// opened here.
func withDeadline(in io.Reader) (timed timedReader, ours bool) {
	if timed, ok := in.(timedReader); ok && timed.SetReadDeadline(time.Time{}) == nil {
		return timed, false
	}
	fd, ok := descriptor(in)
	if !ok || runtime.GOOS != "linux" || !canBlock(in.(*os.File)) {
		return nil, false
	}
	again, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", fd), os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, false
	}
	if again.SetReadDeadline(time.Time{}) != nil {
		again.Close()
		return nil, false
	}
	return again, true
}

// canBlock says whether a read may wait. A plain file never does, and opened anew it would begin again.
func canBlock(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&(os.ModeNamedPipe|os.ModeCharDevice) != 0
}

// realTerminal says whether end, an input or an output, is a terminal, and gives its descriptor.
func realTerminal(end any) (fd int, real bool) {
	fd, ok := descriptor(end)
	return fd, ok && term.IsTerminal(fd)
}

// descriptor is the file's own, left in the mode it is in (File.Fd would change it).
func descriptor(end any) (fd int, ok bool) {
	file, ok := end.(*os.File)
	if !ok {
		return -1, false
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return -1, false
	}
	err = raw.Control(func(f uintptr) { fd = int(f) })
	return fd, err == nil
}

// A patient reader reads ahead in a goroutine, one read at a time, and stops waiting for it when stop closes.
type patient struct {
	in      io.Reader
	stop    <-chan struct{}
	got     chan piece
	waiting bool
	rest    piece
}

type piece struct {
	bytes []byte
	err   error
}

// Read gives what was read; an error comes after the last bytes.
func (p *patient) Read(b []byte) (int, error) {
	if len(p.rest.bytes) == 0 && p.rest.err == nil {
		if !p.waiting {
			p.waiting = true
			go p.fetch()
		}
		select {
		case p.rest = <-p.got:
			p.waiting = false
		case <-p.stop:
			return 0, context.Canceled
		}
	}
	n := copy(b, p.rest.bytes)
	if p.rest.bytes = p.rest.bytes[n:]; len(p.rest.bytes) > 0 {
		return n, nil
	}
	return n, p.rest.err
}

func (p *patient) fetch() {
	buffer := make([]byte, 4096)
	n, err := p.in.Read(buffer)
	p.got <- piece{buffer[:n], err}
}
