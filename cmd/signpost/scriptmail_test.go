package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"signpost/adapters/terminal"
	"signpost/bot/chat"
	"signpost/bot/desk"
)

func (p *player) session(actor string) *terminal.Session {
	if p.actors[actor] == nil {
		p.actors[actor] = terminal.NewSession(chat.Address("terminal:"+actor), "", p.app.now)
		p.actors[actor].Files(p.folder)
	}
	return p.actors[actor]
}

// sees gives what reached an actor by itself since she last looked.
func (p *player) sees(actor string) string {
	unread := p.mail[actor]
	delete(p.mail, actor)
	return strings.ReplaceAll(strings.Join(unread, "\n\n"), p.folder+string(filepath.Separator), "")
}

// moves moves the clock on, stopping at each thing that comes due on the way.
func (p *player) moves(by time.Duration) {
	p.t.Helper()
	end := p.clock.Add(by)
	clock := desk.Clock{DB: p.open.db, Handle: p.open.bot.Handle, Log: p.app.log()}
	for {
		var next *int64
		if err := p.open.db.Read().QueryRowContext(p.t.Context(), `SELECT MIN(at) FROM due`).Scan(&next); err != nil {
			p.t.Fatal(err)
		}
		if next == nil || time.UnixMilli(*next).After(end) {
			break
		}
		if at := time.UnixMilli(*next).UTC(); at.After(p.clock) {
			p.clock = at
		}
		if n, err := clock.Look(p.t.Context()); err != nil || n == 0 {
			p.t.Fatalf("what came due at %v was not handled: %v", p.clock, err)
		}
		p.carry()
	}
	p.clock = end
}

// carry has a courier bring what waits in the outbox to the actors.
func (p *player) carry() {
	p.t.Helper()
	if p.waiting() == 0 {
		return
	}
	ctx, cancel := context.WithCancel(p.t.Context())
	done := make(chan error, 1)
	courier := &desk.Courier{DB: p.open.db, Adapters: map[string]chat.Adapter{"terminal": post{p}}, Log: p.app.log()}
	go func() { done <- courier.Run(ctx) }()
	for end := time.Now().Add(patience); time.Now().Before(end) && p.waiting() > 0; {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; err != nil {
		p.t.Error(err)
	}
	if n := p.waiting(); n > 0 {
		p.t.Errorf("%d messages stay in the outbox", n)
	}
}

func (p *player) waiting() (n int) {
	p.t.Helper()
	row := p.open.db.Read().QueryRowContext(p.t.Context(), `SELECT COUNT(*) FROM outbox WHERE network = 'terminal' AND state IN ('new', 'sending')`)
	if err := row.Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// A post brings messages to the terminals of a script's actors. The courier calls it for one actor at a time only where
// she gets several; a script plays in one goroutine, which waits meanwhile.
type post struct{ p *player }

func (m post) Run(context.Context, chat.Handler) error { return nil }

func (m post) Send(_ context.Context, post chat.Post) (chat.Ref, error) {
	actor, ok := strings.CutPrefix(string(post.To), "terminal:")
	if !ok {
		return "", &chat.SendError{Refused: true, Err: fmt.Errorf("nobody is %s", post.To)}
	}
	m.p.posting.Lock()
	defer m.p.posting.Unlock()
	ref, out := m.p.session(actor).Receive(post)
	m.p.mail[actor] = append(m.p.mail[actor], out)
	return ref, nil
}

func (m post) Edit(_ context.Context, ref chat.Ref, message chat.Message) error {
	address, _, _ := strings.Cut(string(ref), "/")
	actor := strings.TrimPrefix(address, "terminal:")
	m.p.posting.Lock()
	defer m.p.posting.Unlock()
	if out := m.p.session(actor).Become(ref, message); out != "" {
		m.p.mail[actor] = append(m.p.mail[actor], out)
	}
	return nil
}

func (m post) Find(context.Context, chat.Address, string) (chat.Ref, bool, error) {
	return "", false, chat.ErrCannotFind
}
