package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"signpost/knowledge"
	"signpost/knowledge/table"
)

func (a *app) entryCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "entry", Short: "Entries: what Signpost knows", Args: noArgs,
		Example: "  signpost entry list\n  signpost entry show roster-view-shifts\n  signpost entry find ros\n  signpost entry edit roster-view-shifts",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.entryFindCommand(), a.entryListCommand(), a.entryShowCommand(), a.entryAddCommand(), a.entryEditCommand(),
		a.entryHistoryCommand(), a.entryDiffCommand(), a.entryRestoreCommand(), a.entryRetireCommand(), a.entryHideCommand(),
		a.entryUndoCommand(), a.entryDraftsCommand(), a.entrySubmitCommand(), a.entryApproveCommand(), a.entryRejectCommand(),
		a.entryDropCommand())
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
	var own, asJSON bool
	c := &cobra.Command{
		Use: "show SLUG", Short: "Print an entry as the file a curator edits",
		Long: "Print an entry as the file a curator edits. With --org it is what people there read; an organisation's own version says so in a\n" +
			"comment at its head. With --own only what that organisation changed is printed: the rest follows the entry above.",
		Example: "  signpost entry show roster-view-shifts\n  signpost entry show --org 'Royal Example' --own roster-view-shifts", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				home, err := homeOf(o.base.Snapshot(), org)
				if err != nil {
					return err
				}
				e, ok := shown(o.base.Snapshot(), args[0], home, own)
				if !ok {
					return fmt.Errorf("entry %q: %w; signpost entry find looks by title", args[0], knowledge.ErrNotFound)
				}
				if asJSON {
					return printJSON(a.out, shownEntry{e, e.Place, e.Version, e.State})
				}
				return a.showEntry(o.base.Snapshot(), e)
			})
		},
	}
	c.Flags().StringVar(&org, "org", "", "as people at this `PLACE` see it")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().BoolVar(&own, "own", false, "only what the place itself has written, in whatever state")
	return c
}

// shownEntry is the shape of entry show --json.
type shownEntry struct {
	knowledge.Entry
	Place   string          `json:"place"`
	Version int             `json:"version"`
	State   knowledge.State `json:"state"`
}

// shown finds the entry to print: as people at home read it, or as stored at home.
func shown(base *knowledge.Snapshot, slug, home string, own bool) (knowledge.Entry, bool) {
	if own {
		return base.Own(slug, placeOr(base, home))
	}
	e, ok := base.Entry(slug, home)
	if !ok {
		return knowledge.Entry{}, false
	}
	return *e, true
}

// placeOr gives the nation for "".
func placeOr(base *knowledge.Snapshot, home string) string {
	if nation, ok := base.Places.Nation(); ok && home == "" {
		return nation.ID
	}
	return home
}

// showEntry prints the file, with a comment at its head where it is an organisation's own version.
func (a *app) showEntry(base *knowledge.Snapshot, e knowledge.Entry) error {
	file, err := table.FormatMarkdown(e)
	if err != nil {
		return err
	}
	text := string(file)
	if at, ok := base.Places.Get(e.Place); ok && e.Follows {
		label := fmt.Sprintf("---\n# %s's own version: what it does not change follows the entry above, see --own\n", at.Name)
		text = label + strings.TrimPrefix(text, "---\n")
	}
	_, err = fmt.Fprint(a.out, text)
	return err
}
