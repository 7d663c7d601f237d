package main

import (
	"log/slog"

	"github.com/spf13/cobra"

	"signpost/adapters/terminal"
	"signpost/bot/chat"
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
