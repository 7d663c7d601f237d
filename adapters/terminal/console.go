package terminal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"golang.org/x/term"

	"signpost/bot/chat"
)

// talk goes line by line. polite says that the person left, rather than that a pipe or ctx came to its end.
func (t *Terminal) talk(ctx context.Context, handle chat.Handler) (polite bool, err error) {
	if t.real {
		var stop context.CancelFunc
		ctx, stop = signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
	}
	readLine, done, err := t.listen(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	_, err = t.session.open(ctx, handle)
	for t.note(ctx, err); ; t.note(ctx, err) {
		if broken := t.brokenPrint(); broken != nil {
			return false, fmt.Errorf("terminal: print: %w", broken)
		}
		t.settle(ctx, !t.real)
		line, end := readLine()
		switch {
		case ctx.Err() != nil:
			return false, nil
		case leaves(line):
			t.settle(ctx, t.real)
			return true, nil
		case end == io.EOF && line == "":
			t.settle(ctx, t.real)
			return t.real, nil
		case end != nil && end != io.EOF:
			return false, fmt.Errorf("terminal: read: %w", end)
		}
		_, err = t.session.take(ctx, handle, line)
	}
}

// settle lets what is on its way to the person come, where that is wanted.
func (t *Terminal) settle(ctx context.Context, wanted bool) {
	if wanted && t.config.Settle != nil {
		t.config.Settle(ctx)
	}
}

func leaves(line string) bool {
	word := strings.TrimSpace(line)
	return strings.EqualFold(word, "quit") || strings.EqualFold(word, "exit")
}

// note logs the error of a handler, which holds nothing the person typed unless the handler put it there.
func (t *Terminal) note(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		t.config.Log.ErrorContext(ctx, "terminal: an event failed", "err", err)
	}
}

// listen gets ready to read lines; done leaves the terminal as it was.
func (t *Terminal) listen(ctx context.Context) (readLine func() (string, error), done func(), err error) {
	if !t.real {
		in, stop := stoppable(ctx, t.config.In)
		lines := bufio.NewReader(in)
		return func() (string, error) { return pipedLine(lines) }, stop, nil
	}
	before, err := term.MakeRaw(t.fd)
	if err != nil {
		return nil, nil, fmt.Errorf("terminal: take the terminal: %w", err)
	}
	in, stop := stoppable(ctx, t.config.In)
	editor := term.NewTerminal(ends{in, t.config.Out}, prompt)
	t.edit(editor)
	done = func() {
		term.Restore(t.fd, before)
		t.edit(nil)
		stop()
		fmt.Fprintln(t.config.Out) // away from the prompt
	}
	return func() (string, error) { t.fit(); return editor.ReadLine() }, done, nil
}

// ends are both ends of a terminal.
type ends struct {
	io.Reader
	io.Writer
}

// Read fails where the line editor has no room left for a key: it would ask again for ever.
func (e ends) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, io.ErrShortBuffer
	}
	return e.Reader.Read(b)
}

// longestLine is how much of a line is read; the rest of it is dropped. The bot cuts far earlier.
const longestLine = 1 << 20

// pipedLine reads one line of any bytes, without its end. The last line may come with io.EOF.
func pipedLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		piece, err := in.ReadSlice('\n')
		line = append(line, piece[:min(len(piece), longestLine-len(line))]...)
		if err != bufio.ErrBufferFull {
			return strings.TrimRight(string(line), "\r\n"), err
		}
	}
}
