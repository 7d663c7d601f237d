// Package terminal is the adapter for one person at a terminal: for trying Signpost and for those who look after what it
// knows. In a pipe it takes plain lines and gives plain lines, so that it can be scripted.
//
// Start from [New] and its Run. Tests of whole conversations need no terminal: they use a [Session]. The package renders
// any Button, Form and Page and knows no feature by name.
//
// A file that the bot gives is saved in the working folder, never over another, and its path is printed. A person sends
// one by typing "send" and its path; where no file is there, the line is said like any other.
package terminal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"signpost/bot/chat"
)

// A Config says who sits at the terminal and where it is. Its zero value is "terminal:me" at the standard input and
// output of the process.
type Config struct {
	In     io.Reader
	Out    io.Writer
	Person chat.Address     // such as "terminal:sam"
	Where  chat.Address     // the conversation's place; empty is the person's own address
	Now    func() time.Time // nil is time.Now
	Log    *slog.Logger     // gets errors, never what was typed; nil keeps none
	Folder string           // where files go that the bot gives; "" is the working folder
	// Settle, if set, waits until what is on its way to the person has come, but not for long. It is called when they leave,
	// and in a pipe before each line: there nobody looks at what came before they type on.
	Settle func(context.Context)
	Width  int // columns, 100 at most are used; 0 asks the terminal, and then a pipe is not wrapped
}

// A Terminal is one person at a terminal. It is safe for concurrent use, except that only one Run may go on at a time.
// Where both ends are a real terminal there is line editing, with a history that is kept in memory only.
type Terminal struct {
	config  Config
	session *Session
	fd      int // of the terminal's input and
	outFd   int // of its output, where real
	real    bool
	bold    bool

	mu     sync.Mutex     // guards what follows
	editor *term.Terminal // while Run has the terminal, what is printed goes through it
	broken error          // why the last thing printed did not arrive
	left   bool           // Run has ended: nobody is here to read
}

var _ chat.Adapter = (*Terminal)(nil)

// New makes a Terminal and touches nothing yet.
func New(config Config) *Terminal {
	if config.In == nil {
		config.In = os.Stdin
	}
	if config.Out == nil {
		config.Out = os.Stdout
	}
	config.Person = cmp.Or(config.Person, "terminal:me")
	config.Where = cmp.Or(config.Where, config.Person)
	config.Log = cmp.Or(config.Log, slog.New(slog.DiscardHandler))
	t := &Terminal{config: config, session: NewSession(config.Person, config.Where, config.Now)}
	in, inReal := realTerminal(config.In)
	out, outReal := realTerminal(config.Out)
	t.fd, t.outFd = in, out
	t.real = inReal && outReal && os.Getenv("TERM") != "dumb"
	t.bold = t.real && os.Getenv("NO_COLOR") == ""
	t.session.print, t.session.folder = t.print, &t.config.Folder
	return t
}

// Run greets the person and talks with them until they leave ("quit", "exit", Ctrl-D, Ctrl-C), the input ends or ctx
// does; each returns nil. On a real terminal SIGINT, SIGTERM and SIGHUP end it too, and the terminal is always left as
// it was found, even by a panic. One goroutine may outlive Run: where ctx ends while a read of In is under way that has
// no deadline and cannot be opened anew (on Linux, terminals and pipes can), it ends with that read.
func (t *Terminal) Run(ctx context.Context, handle chat.Handler) error {
	t.leave(false)
	polite, err := t.talk(ctx, handle)
	t.leave(true)
	if polite && err == nil {
		err = t.print(sheet{para(goodbye)})
	}
	return err
}

// Send prints a post to this person or this place, and refuses any other address. A post whose key was printed before is
// not printed again. After Run it takes nothing: the message can wait until the person is back. The returned reference is
// good for Edit.
func (t *Terminal) Send(ctx context.Context, post chat.Post) (chat.Ref, error) {
	if !t.here(post.To) {
		return "", &chat.SendError{Refused: true, Err: fmt.Errorf("terminal: nobody here is %q", post.To)}
	}
	if err := t.away(ctx); err != nil {
		return "", err
	}
	ref, _, err := t.session.post(post)
	if err != nil {
		return "", &chat.SendError{Err: fmt.Errorf("terminal: print post %q: %w", post.Key, err)}
	}
	return ref, nil
}

// Edit prints what an earlier message has become, saying which one it was; what is on the screen cannot be changed. The
// same content again prints nothing. A message from before this process is printed without its earlier beginning.
func (t *Terminal) Edit(ctx context.Context, ref chat.Ref, message chat.Message) error {
	if !strings.HasPrefix(string(ref), string(t.config.Person)+"/") {
		return &chat.SendError{Refused: true, Gone: true, Err: fmt.Errorf("terminal: no message here is %q", ref)}
	}
	if err := t.away(ctx); err != nil {
		return err
	}
	if err := t.session.edit(ref, message); err != nil {
		return &chat.SendError{Err: fmt.Errorf("terminal: print edit of %q: %w", ref, err)}
	}
	return nil
}

// Find knows the keys printed by this process. Of any other it says chat.ErrCannotFind: an earlier process may have
// printed it, and no screen can be asked what it showed. Only a process that died while it printed leaves such a key, so
// that it is better looked at by somebody than shown twice.
func (t *Terminal) Find(_ context.Context, _ chat.Address, key string) (chat.Ref, bool, error) {
	ref, ok := t.session.find(key)
	if !ok {
		return "", false, chat.ErrCannotFind
	}
	return ref, true, nil
}

func (t *Terminal) here(to chat.Address) bool { return to == t.config.Person || to == t.config.Where }

var errLeft = errors.New("terminal: the person has left")

// away is why nothing can be shown now; nothing of it arrived.
func (t *Terminal) away(ctx context.Context) error {
	err := ctx.Err()
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil && t.left {
		err = errLeft
	}
	if err == nil {
		return nil
	}
	return &chat.SendError{Err: err}
}

func (t *Terminal) leave(left bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left = left
}
