package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

func (a *app) localCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "local", Short: "Local details: what only an organisation knows", Args: noArgs,
		Example: "  signpost local set --org 'Royal Example' roster-team 'ext 4521, Monday to Friday 9 to 5'\n  signpost local list --org 'Royal Example'",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.localSetCommand(), a.localListCommand())
	return c
}

func (a *app) localSetCommand() *cobra.Command {
	var org string
	c := &cobra.Command{
		Use: "set --org ORG KEY VALUE", Short: "Fill in one local detail; an empty value takes it out",
		Example: "  signpost local set --org 'Royal Example' roster-team 'ext 4521'",
		Args:    cobra.MinimumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				base := o.base.Snapshot()
				at, err := findPlace(base, "org", org)
				if err != nil {
					return err
				}
				key, ok := base.LocalKey(args[0])
				if !ok {
					return usagef("no local detail is called %q; signpost local list --org %s shows them all", args[0], at.ID)
				}
				value := strings.Join(args[1:], " ")
				if err := setDetail(c, o, at.ID, key.Key, value); err != nil {
					return err
				}
				now := strconv.Quote(value)
				if strings.TrimSpace(value) == "" {
					now = "empty"
				}
				fmt.Fprintf(a.out, "%s: %s is now %s.\n", at.Name, key.Name, now)
				return nil
			})
		},
	}
	c.Flags().StringVar(&org, "org", "", "the `PLACE` that fills it in")
	c.MarkFlagRequired("org")
	return c
}

func setDetail(c *cobra.Command, o opened, at, key, value string) error {
	err := o.db.Write(c.Context(), func(tx *sqldb.Tx) error {
		before, err := place.SetDetail(c.Context(), tx, at, key, value)
		if err != nil {
			return err
		}
		if _, err := tx.Raise(c.Context()); err != nil {
			return err
		}
		return tx.Record(c.Context(), operator(), "local detail "+key+"@"+at, before, value)
	})
	if errors.Is(err, place.ErrDetail) {
		return usageError{err}
	}
	return err
}

// localDetail is the shape of local list --json.
type localDetail struct {
	Key   string `json:"key"`
	Name  string `json:"name"`
	Ask   string `json:"ask"`
	Value string `json:"value"`
	From  string `json:"from"` // the place that filled it in, or ""
}

func (a *app) localListCommand() *cobra.Command {
	var org string
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List local details and what an organisation has filled in", Args: noArgs,
		Example: "  signpost local list --org 'Royal Example'",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				base := o.base.Snapshot()
				at, _ := base.Places.Nation()
				if org != "" {
					var err error
					if at, err = findPlace(base, "org", org); err != nil {
						return err
					}
				}
				var list []localDetail
				for _, k := range base.LocalKeys {
					value, from, _ := base.Places.Detail(at.ID, k.Key)
					list = append(list, localDetail{k.Key, k.Name, k.Ask, value, from.ID})
				}
				return a.printDetails(list, at.Name, asJSON)
			})
		},
	}
	c.Flags().StringVar(&org, "org", "", "the `PLACE` to look at")
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}

func (a *app) printDetails(list []localDetail, at string, asJSON bool) error {
	if asJSON {
		return printJSON(a.out, list)
	}
	filled := 0
	for _, d := range list {
		if d.Value == "" {
			fmt.Fprintf(a.out, "%-18s not filled in   (%s: %s)\n", d.Key, d.Name, d.Ask)
			continue
		}
		filled++
		fmt.Fprintf(a.out, "%-18s %s\n", d.Key, d.Value)
	}
	fmt.Fprintf(a.out, "%s: %d of %d filled in.\n", at, filled, len(list))
	return nil
}
