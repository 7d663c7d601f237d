package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/bot/people"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

func (a *app) personCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "person", Short: "People: what they may do beside asking", Args: noArgs,
		Example: "  signpost person grant admin slack:T1/U2\n  signpost person list",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.personGrantCommand(), a.personRevokeCommand(), a.personListCommand(), a.personShowCommand(), a.personForgetCommand())
	return c
}

func rightNames() string {
	names := make([]string, len(people.AllRights))
	for i, right := range people.AllRights {
		names[i] = string(right)
	}
	return strings.Join(names, ", ")
}

// readGrant reads RIGHT ADDRESS and --at. The place is the nation where none is named: everywhere.
func readGrant(base *knowledge.Snapshot, args []string, at string) (g people.Grant, name string, err error) {
	g = people.Grant{Right: people.Right(strings.ToLower(args[0])), By: operator()}
	if !slices.Contains(people.AllRights, g.Right) {
		return g, "", usagef("there is no right %q; the rights are %s", args[0], rightNames())
	}
	if g.Person, err = readAddress(args[1]); err != nil {
		return g, "", err
	}
	p, ok := base.Places.Nation()
	if at != "" {
		if p, err = findPlace(base, "at", at); err != nil {
			return g, "", err
		}
	} else if !ok {
		return g, "", errors.New("there is no place in the file yet")
	}
	g.Place = p.ID
	return g, p.Name, nil
}

func (a *app) personGrantCommand() *cobra.Command {
	var at string
	c := &cobra.Command{
		Use: "grant RIGHT ADDRESS", Short: "Give a person a right: " + rightNames(),
		Example: "  signpost person grant admin slack:T1/U2\n  signpost person grant curator discord:U2 --at 'Royal Example'",
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				g, name, err := readGrant(o.base.Snapshot(), args, at)
				if err != nil {
					return err
				}
				if err := o.db.Write(c.Context(), func(tx *sqldb.Tx) error { return people.Give(c.Context(), tx, g) }); err != nil {
					return err
				}
				fmt.Fprintf(a.out, "%s is %s at %s.\n", g.Person, withArticle(g.Right), name)
				return nil
			})
		},
	}
	c.Flags().StringVar(&at, "at", "", "the `PLACE` where it holds, and everywhere below; everywhere if left out")
	return c
}

func withArticle(right people.Right) string {
	if strings.ContainsAny(string(right[:1]), "aeiou") {
		return "an " + string(right)
	}
	return "a " + string(right)
}

func (a *app) personRevokeCommand() *cobra.Command {
	var at string
	c := &cobra.Command{
		Use: "revoke RIGHT ADDRESS", Short: "Take a right away from a person, from their next click on",
		Example: "  signpost person revoke admin slack:T1/U2\n  signpost person revoke curator discord:U2 --at 'Royal Example'",
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				g, name, err := readGrant(o.base.Snapshot(), args, at)
				if err != nil {
					return err
				}
				had := false
				err = o.db.Write(c.Context(), func(tx *sqldb.Tx) (err error) { had, err = people.Take(c.Context(), tx, g); return err })
				switch {
				case err != nil:
					return err
				case !had:
					return fmt.Errorf("%s was not %s at %s; signpost person show %s lists their rights", g.Person, withArticle(g.Right), name, g.Person)
				}
				fmt.Fprintf(a.out, "%s is no longer %s at %s.\n", g.Person, withArticle(g.Right), name)
				return nil
			})
		},
	}
	c.Flags().StringVar(&at, "at", "", "the `PLACE` where it was given")
	return c
}

func (a *app) personListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List everybody who has a right", Args: noArgs, Example: "  signpost person list --json",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				list, err := people.Grants(c.Context(), o.db.Read())
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.out, append([]people.Grant{}, list...))
				}
				a.printGrants(o.base.Snapshot(), list)
				if !slices.ContainsFunc(list, func(g people.Grant) bool { return g.Right == people.Admin }) {
					fmt.Fprintln(a.out, "Nobody is an admin yet: signpost person grant admin ADDRESS")
				}
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}

func (a *app) printGrants(base *knowledge.Snapshot, list []people.Grant) {
	for _, g := range list {
		p, _ := base.Places.Get(g.Place)
		fmt.Fprintf(a.out, "%-24s %-9s at %s, given by %s on %s\n", g.Person, g.Right, p.Name, g.By, time.UnixMilli(g.At).UTC().Format(time.DateOnly))
	}
}

// shownPerson is the shape of person show --json. What somebody asked is no operator's business, and is not in it.
type shownPerson struct {
	Address string         `json:"address"`
	Home    string         `json:"home"`
	Role    string         `json:"role"`
	Rights  []people.Grant `json:"rights"`
}

func (a *app) personShowCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "show ADDRESS", Short: "Show what a person said of themselves, and may do", Args: cobra.ExactArgs(1),
		Example: "  signpost person show slack:T1/U2",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				address, err := readAddress(args[0])
				if err != nil {
					return err
				}
				p, err := people.Get(c.Context(), o.db.Read(), address)
				if err != nil {
					return err
				}
				rights, err := people.RightsOf(c.Context(), o.db.Read(), address)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.out, shownPerson{string(address), p.Home, string(p.Role), append([]people.Grant{}, rights...)})
				}
				home, _ := o.base.Snapshot().Places.Get(p.Home)
				fmt.Fprintf(a.out, "%s\nworks at: %s\nworks as: %s\n", address, orUnsaid(home.Name), orUnsaid(string(p.Role)))
				a.printGrants(o.base.Snapshot(), rights)
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func orUnsaid(what string) string {
	if what == "" {
		return "has not said"
	}
	return what
}
