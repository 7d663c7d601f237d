package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/people"
)

var errNotForgotten = errors.New("nothing was erased: the address was not typed again")

func (a *app) personForgetCommand() *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use: "forget ADDRESS", Short: "Erase all that is kept of a person; it cannot be undone", Args: cobra.ExactArgs(1),
		Long: "Erase all that is kept of a person: what they said of themselves, their questions and conversations, their rights, what is on\n" +
			"its way to them. Questions of theirs that are with a champion are taken back; those that they have as a champion go to\n" +
			"others, told by serve. The audit trail keeps that somebody was forgotten, not who. Backups of the file are yours to see to.",
		Example: "  signpost person forget slack:T1/U2\n  signpost person forget discord:U2 --yes",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				who, err := readAddress(args[0])
				if err == nil {
					err = a.forgetSure(c.Context(), o, who, yes)
				}
				if err == nil {
					err = o.bot.Forget(c.Context(), who, operator())
				}
				if err == nil {
					fmt.Fprintf(a.out, "Nothing is kept of %s any more.\n", who)
				}
				return err
			})
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "do not ask whether you are sure")
	return c
}

// forgetSure says what the person loses, and asks for the address once more unless yes.
func (a *app) forgetSure(ctx context.Context, o opened, who chat.Address, yes bool) error {
	rights, err := people.RightsOf(ctx, o.db.Read(), who)
	if err != nil {
		return err
	}
	for _, g := range rights {
		p, _ := o.base.Snapshot().Places.Get(g.Place)
		fmt.Fprintf(a.out, "%s is %s at %s. That ends.\n", who, withArticle(g.Right), p.Name)
	}
	switch _, err := escalation.GetChampion(ctx, o.db.Read(), who); {
	case err == nil:
		fmt.Fprintln(a.out, "What they have as a champion goes to others, and their record is erased.")
	case !errors.Is(err, escalation.ErrNotFound):
		return err
	}
	if yes {
		return nil
	}
	fmt.Fprintf(a.out, "All that is kept of %s will be erased. This cannot be undone.\nType the address again to go on: ", who)
	lines := bufio.NewScanner(a.in)
	if !lines.Scan() || strings.TrimSpace(lines.Text()) != string(who) {
		fmt.Fprintln(a.out)
		return errNotForgotten
	}
	return nil
}
