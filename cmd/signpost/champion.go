package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"signpost/bot"
	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/bot/escalation"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

func (a *app) championCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "champion", Short: "Champions: colleagues who are happy to help", Args: noArgs,
		Example: "  signpost champion list\n  signpost champion approve slack:T1/U2",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.championListCommand(), a.championApproveCommand())
	return c
}

// A shownChampion says what an organisation must know of a champion, and not how many they helped: that is theirs.
type shownChampion struct {
	Address chat.Address `json:"address"`
	Name    string       `json:"name"`
	Place   string       `json:"place"`
	State   string       `json:"state"`
	Topics  []string     `json:"topics"`
	Has     int          `json:"has"` // questions just now
}

func (a *app) championListCommand() *cobra.Command {
	var org string
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List champions, and those who wait to be approved", Args: noArgs,
		Example: "  signpost champion list --org 'Royal Example' --json",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				var at place.Place
				if org != "" {
					var err error
					if at, err = findPlace(o.base.Snapshot(), "org", org); err != nil {
						return err
					}
				}
				champions, err := escalation.Champions(c.Context(), o.db.Read(), at.ID, "")
				if err != nil {
					return err
				}
				return a.printChampions(champions, asJSON)
			})
		},
	}
	c.Flags().StringVar(&org, "org", "", "only those of one `PLACE`")
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}

func (a *app) printChampions(champions []escalation.Champion, asJSON bool) error {
	list := []shownChampion{}
	for _, c := range champions {
		list = append(list, shownChampion{c.Address, c.Name, c.Place, string(c.State), c.Topics, c.Load})
	}
	if asJSON {
		return printJSON(a.out, list)
	}
	for _, c := range list {
		fmt.Fprintf(a.out, "%s  %s at %s, %s, topics: %s\n", c.Address, c.Name, c.Place, c.State, cmp.Or(strings.Join(c.Topics, ", "), "all"))
	}
	if len(list) == 0 {
		fmt.Fprintln(a.out, "There are none yet. People join by typing champion join in the chat.")
	}
	return nil
}

func (a *app) championApproveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "approve ADDRESS", Short: "Make somebody who asked a champion of their organisation", Args: cobra.ExactArgs(1),
		Example: "  signpost champion approve slack:T1/U2",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				who, err := readAddress(args[0])
				if err != nil {
					return err
				}
				err = o.db.Write(c.Context(), func(tx *sqldb.Tx) error {
					if err := escalation.Approve(c.Context(), tx, who, operator()); err != nil {
						return err
					}
					return desk.Schedule(c.Context(), tx, bot.ApprovedDue(who, o.db.Now()))
				})
				if errors.Is(err, escalation.ErrNotFound) {
					return usagef("%s has not asked to be a champion; signpost champion list shows who has", who)
				}
				if err != nil {
					return err
				}
				fmt.Fprintf(a.out, "%s is a champion now.\n", who)
				return nil
			})
		},
	}
}
