package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"signpost/knowledge"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/table"
)

func (a *app) entryCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "entry", Short: "Entries: what Signpost knows", Args: noArgs,
		Example: "  signpost entry list\n  signpost entry show roster-view-shifts\n  signpost entry find ros",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.entryFindCommand(), a.entryListCommand(), a.entryShowCommand(), a.entryAddCommand())
	return c
}

// listedEntry is the shape of entry list --json and entry find --json.
type listedEntry struct {
	Slug   string          `json:"slug"`
	Title  string          `json:"title"`
	Kind   knowledge.Kind  `json:"kind"`
	Strand string          `json:"strand"`
	Topic  string          `json:"topic"`
	State  knowledge.State `json:"state"`
	Place  string          `json:"place"`
}

func listed(e *knowledge.Entry) listedEntry {
	return listedEntry{e.Slug, e.Title, e.Kind, e.Strand, e.Topic, e.State, e.Place}
}

func (a *app) printEntries(list []listedEntry, asJSON bool) error {
	if asJSON {
		return printJSON(a.out, list)
	}
	for _, e := range list {
		fmt.Fprintf(a.out, "%-34s %s\n", e.Slug, e.Title)
	}
	return nil
}

func (a *app) entryFindCommand() *cobra.Command {
	var asJSON bool
	var org string
	c := &cobra.Command{
		Use: "find TEXT", Short: "Find entries by a piece of their title, as while typing",
		Example: "  signpost entry find ros", Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				home, err := homeOf(o.base.Snapshot(), org)
				if err != nil {
					return err
				}
				list := []listedEntry{}
				for _, e := range o.base.Snapshot().FindTitle(strings.Join(args, " "), home, 10) {
					list = append(list, listed(e))
				}
				return a.printEntries(list, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	c.Flags().StringVar(&org, "org", "", "as people at this `PLACE` see them")
	return c
}

// homeOf gives the id of the place that --org names, or "".
func homeOf(base *knowledge.Snapshot, org string) (string, error) {
	if org == "" {
		return "", nil
	}
	p, err := findPlace(base, "org", org)
	return p.ID, err
}

func (a *app) entryListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List every entry of every place", Example: "  signpost entry list --json", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				list := []listedEntry{}
				for _, e := range o.base.Snapshot().All() {
					list = append(list, listed(&e))
				}
				return a.printEntries(list, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}

func (a *app) entryShowCommand() *cobra.Command {
	var org string
	c := &cobra.Command{
		Use: "show SLUG", Short: "Print an entry as the file a curator edits",
		Example: "  signpost entry show roster-view-shifts", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				home, err := homeOf(o.base.Snapshot(), org)
				if err != nil {
					return err
				}
				e, ok := o.base.Snapshot().Entry(args[0], home)
				if !ok {
					return fmt.Errorf("entry %q: %w; signpost entry find looks by title", args[0], knowledge.ErrNotFound)
				}
				file, err := table.FormatMarkdown(*e)
				if err != nil {
					return err
				}
				_, err = a.out.Write(file)
				return err
			})
		},
	}
	c.Flags().StringVar(&org, "org", "", "as people at this `PLACE` see it")
	return c
}

func (a *app) entryAddCommand() *cobra.Command {
	var org string
	c := &cobra.Command{
		Use: "add FILE...", Short: "Add or replace entries from files; they are live at once",
		Long: "Add or replace entries from files, as entry show prints them; they are live at once. With --org an entry belongs to that\n" +
			"organisation. If the nation has the same slug, the organisation's version may hold only what differs. All or nothing.",
		Example: "  signpost entry show roster-view-shifts > shifts.md\n  signpost entry add --org 'Royal Example' shifts.md",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error { return a.addEntries(c, o, org, args) })
		},
	}
	c.Flags().StringVar(&org, "org", "", "the `PLACE` that the entries belong to; the nation if left out")
	return c
}

func (a *app) addEntries(c *cobra.Command, o opened, org string, files []string) error {
	base := o.base.Snapshot()
	at, _ := base.Places.Nation()
	if org != "" {
		var err error
		if at, err = findPlace(base, "org", org); err != nil {
			return err
		}
	}
	entries, err := readEntries(files)
	if err != nil {
		return err
	}
	var changes []knowledge.Change
	err = o.db.Write(c.Context(), func(tx *sqldb.Tx) error {
		for _, e := range entries {
			e.Place, e.State = at.ID, knowledge.Live
			change, err := o.base.Save(c.Context(), tx, e, "command")
			if err != nil {
				return err
			}
			changes = append(changes, change)
		}
		return nil
	})
	if err != nil {
		return err
	}
	o.base.Apply(changes...)
	fmt.Fprintf(a.out, "%d live at %s.\n", len(entries), at.Name)
	return nil
}

func readEntries(files []string) ([]knowledge.Entry, error) {
	var entries []knowledge.Entry
	for _, name := range files {
		file, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		e, err := table.ParseMarkdown(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}
