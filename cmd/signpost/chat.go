package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/spf13/cobra"

	"signpost/adapters/terminal"
	"signpost/bot/chat"
	"signpost/knowledge"
)

func (a *app) chatCommand() *cobra.Command {
	var as string
	c := &cobra.Command{
		Use:     "chat",
		Short:   "Talk to Signpost in the terminal",
		Example: "  signpost chat\n  signpost chat --as sam\n  echo how do i see my shifts | signpost chat",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				defer a.learnBeside(c.Context(), o.base)()
				t := terminal.New(terminal.Config{
					In: a.in, Out: a.out, Person: chat.Address("terminal:" + as), Where: chat.Address("terminal:" + as),
					Log: slog.New(slog.NewTextHandler(a.err, nil)), Now: o.db.Now,
				})
				return t.Run(c.Context(), o.bot.Handle)
			})
		},
	}
	a.modelFlags(c)
	c.Flags().StringVar(&as, "as", "you", "talk as this person (`NAME`); each has their own home, role and conversation")
	return c
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
