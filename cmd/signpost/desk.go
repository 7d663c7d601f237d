package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"signpost/bot/desk"
	"signpost/knowledge/sqldb"
)

func (a *app) deskCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "desk", Short: "Messages that could not be sent", Args: noArgs,
		Example: "  signpost desk parked\n  signpost desk retry 17",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.deskParkedCommand(),
		a.deskUnparkCommand("retry", "Send a parked message again, though it may have arrived before", "goes out again", desk.Retry),
		a.deskUnparkCommand("drop", "Give a parked message up", "is dropped", desk.Drop))
	return c
}

func (a *app) deskParkedCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "parked", Short: "List messages that wait for somebody to decide", Args: noArgs,
		Long:    "List messages that their network refused, or of which nobody can tell whether they arrived. What they say is not shown.",
		Example: "  signpost desk parked\n  signpost desk parked --json",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withFile(c.Context(), func(db *sqldb.DB) error {
				list, err := desk.ListParked(c.Context(), db.Read())
				if err != nil {
					return err
				}
				return a.printParked(list, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}

func (a *app) printParked(list []desk.Parked, asJSON bool) error {
	if asJSON {
		return printJSON(a.out, append([]desk.Parked{}, list...))
	}
	for _, p := range list {
		fmt.Fprintf(a.out, "%d  to %s, asked for %s, tried %d times\n    %s\n", p.ID, p.To, p.At.Format(time.DateTime), p.Attempts, p.Problem)
	}
	fmt.Fprintf(a.out, "%s parked.\n", count(len(list), "message"))
	if len(list) > 0 {
		fmt.Fprintf(a.out, "signpost desk retry %d sends the first again; signpost desk drop %d gives it up.\n", list[0].ID, list[0].ID)
	}
	return nil
}

// count is a number with its noun: "1 message", "2 messages".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// A deskAct decides about one parked message; who is the person who did.
type deskAct func(ctx context.Context, tx *sqldb.Tx, id int64, who string) error

// deskUnparkCommand is retry or drop.
func (a *app) deskUnparkCommand(name, short, becomes string, do deskAct) *cobra.Command {
	return &cobra.Command{
		Use: name + " ID...", Short: short,
		Example: "  signpost desk " + name + " 17",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withFile(c.Context(), func(db *sqldb.DB) error {
				for _, arg := range args {
					id, err := strconv.ParseInt(arg, 10, 64)
					if err != nil {
						return usagef("%q is no number of a message; signpost desk parked shows them", arg)
					}
					err = db.Write(c.Context(), func(tx *sqldb.Tx) error { return do(c.Context(), tx, id, operator()) })
					if errors.Is(err, desk.ErrNotParked) {
						return fmt.Errorf("no parked message has the number %d; signpost desk parked shows them", id)
					} else if err != nil {
						return err
					}
					fmt.Fprintf(a.out, "Message %d %s.\n", id, becomes)
				}
				return nil
			})
		},
	}
}
