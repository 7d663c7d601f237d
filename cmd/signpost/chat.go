package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"signpost/adapters/terminal"
	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

func (a *app) chatCommand() *cobra.Command {
	var as string
	c := &cobra.Command{
		Use:   "chat",
		Short: "Talk to Signpost in the terminal",
		Long: "Talk to Signpost in the terminal. Several people can do so on one file, each --as somebody else; what is meant for\n" +
			"one who is not there waits until they are.\n\n" +
			"Type a number for a button, \"send\" and a path to send a file, and \"quit\" to leave. A file that you are given is\n" +
			"saved in the working folder, never over another.",
		Example: "  signpost chat\n  signpost chat --as sam\n  echo how do i see my shifts | signpost chat",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				defer a.learnBeside(c.Context(), o.base)()
				me := chat.Address("terminal:" + as)
				settle := func(ctx context.Context) { awaitMail(ctx, o.db, me) }
				t := terminal.New(terminal.Config{In: a.in, Out: a.out, Person: me, Log: a.log(), Now: o.db.Now, Settle: settle})
				courier := &desk.Courier{DB: o.db, Adapters: map[string]chat.Adapter{me.Network(): t}, Mine: func(to chat.Address) bool { return to == me }, Log: a.log()}
				o.bot.Wake = courier.Wake
				clock := &desk.Clock{DB: o.db, Handle: o.bot.Handle, Log: a.log()}
				return chatBeside(c.Context(), t, o.bot.Handle, courier.Run, clock.Run)
			})
		},
	}
	a.modelFlags(c)
	c.Flags().StringVar(&as, "as", "you", "talk as this person (`NAME`); each has their own home, role and conversation")
	return c
}

// mailWithin is how long a chat waits for messages that are on their way; what takes longer comes when it comes.
const mailWithin = 2 * time.Second

// awaitMail waits until no message to this person is on its way, so that a script reads what it caused.
func awaitMail(ctx context.Context, db *sqldb.DB, me chat.Address) {
	ctx, cancel := context.WithTimeout(ctx, mailWithin)
	defer cancel()
	for {
		if n, err := desk.Coming(ctx, db, me); err != nil || n == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// chatBeside talks with the person while others do their work beside it, from after the greeting until the person leaves:
// they bring what others send, and let come due what does.
func chatBeside(ctx context.Context, t *terminal.Terminal, handle chat.Handler, others ...func(context.Context) error) error {
	beside, end := context.WithCancel(ctx)
	var working sync.WaitGroup
	greeted := sync.OnceFunc(func() {
		for _, other := range others {
			working.Go(func() { other(beside) })
		}
	})
	err := t.Run(ctx, func(ctx context.Context, event chat.Event) (chat.Turn, error) {
		defer greeted()
		return handle(ctx, event)
	})
	end()
	working.Wait()
	return err // what was under way is looked at when the next one starts
}

// learnBeside starts learning from the base while the conversation goes on with what was learnt before. The function it
// returns ends that and waits for it; what was encoded by then is kept, and the next conversation carries on from there.
func (a *app) learnBeside(ctx context.Context, base *knowledge.Base) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := base.Learn(ctx, nil); err != nil && !errors.Is(err, context.Canceled) {
			a.log().Warn("could not learn from the base; answering with what was learnt before", "error", err)
		}
	}()
	return func() {
		cancel()
		<-done
	}
}
