package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

func (a *app) placeCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "place", Short: "Organisations: where people work", Args: noArgs,
		Example: "  signpost place add 'Royal Example' --kind trust --in London\n  signpost place list",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.placeAddCommand(), a.placeListCommand())
	return c
}

func (a *app) placeAddCommand() *cobra.Command {
	var kind, in, ods string
	c := &cobra.Command{
		Use: "add NAME", Short: "Add an organisation",
		Example: "  signpost place add 'Royal Example' --kind trust --in London --ods RX9",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				parent, err := findPlace(o.base.Snapshot(), "in", in)
				if err != nil {
					return err
				}
				p := place.Place{Name: strings.Join(args, " "), Kind: place.Kind(kind), Parent: parent.ID, ODS: ods}
				return a.addPlace(c, o, p)
			})
		},
	}
	c.Flags().StringVar(&kind, "kind", "", "the `KIND` of organisation: "+kinds())
	c.Flags().StringVar(&in, "in", "", "the `REGION`, or place, that it belongs to")
	c.Flags().StringVar(&ods, "ods", "", "its ODS `CODE`, if it has one")
	c.MarkFlagRequired("kind")
	c.MarkFlagRequired("in")
	return c
}

func kinds() string {
	names := make([]string, len(place.Organisations))
	for i, kind := range place.Organisations {
		names[i] = string(kind)
	}
	return strings.Join(names, ", ")
}

func (a *app) addPlace(c *cobra.Command, o opened, p place.Place) error {
	p, err := addPlace(c.Context(), o, p)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "Added %s as %s.\n", p.Name, p.ID)
	return nil
}

// addPlace writes a new place and returns it with its id.
func addPlace(ctx context.Context, o opened, p place.Place) (place.Place, error) {
	added := p
	err := o.db.Write(ctx, func(tx *sqldb.Tx) (err error) {
		if added, err = place.Add(ctx, tx, p); err != nil {
			return err
		}
		if _, err := tx.Raise(ctx); err != nil {
			return err
		}
		return tx.Record(ctx, operator(), "place "+added.ID, "", added.Name)
	})
	switch {
	case errors.Is(err, place.ErrKind):
		return p, usagef("--kind %q: it must be one of %s", p.Kind, kinds())
	case errors.Is(err, place.ErrName):
		return p, usageError{err}
	}
	return added, err
}

func (a *app) placeListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List all places", Args: noArgs, Example: "  signpost place list --json",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				tree := o.base.Snapshot().Places
				if asJSON {
					return printJSON(a.out, tree.All())
				}
				for _, p := range tree.All() {
					indent := strings.Repeat("  ", len(tree.Chain(p.ID))-1)
					fmt.Fprintf(a.out, "%s%s  (%s, %s) %s\n", indent, p.Name, p.ID, p.Kind, p.ODS)
				}
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}
