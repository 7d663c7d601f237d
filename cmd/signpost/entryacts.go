package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// actOn is an act on one entry as it stands.
type actOn func(o opened, tx *sqldb.Tx, c *cobra.Command, at knowledge.Ref, act knowledge.Act) (knowledge.Change, error)

// entryAct makes the command of an act that needs nothing but the entry. done is what is said after it.
func (a *app) entryAct(use, short, done string, do actOn) *cobra.Command {
	var who curator
	var at target
	c := &cobra.Command{
		Use: use + " SLUG", Short: short, Example: "  signpost entry " + use + " roster-view-shifts", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				e, err := at.find(o.base.Snapshot(), args[0])
				if err != nil {
					return err
				}
				changed, err := change(c, o, func(tx *sqldb.Tx) (knowledge.Change, error) { return do(o, tx, c, e.Ref(), who.act(e.Version)) })
				if err != nil {
					return a.explain(err, nil)
				}
				return a.sayDone(e, changed, done)
			})
		},
	}
	who.flags(c)
	at.flags(c)
	return c
}

// sayDone says what an act came to.
func (a *app) sayDone(before knowledge.Entry, changed knowledge.Change, done string) error {
	now := changed.Entry()
	if now.Slug == "" {
		fmt.Fprintf(a.out, "%s at %s was so already.\n", before.Slug, before.Place)
		return nil
	}
	fmt.Fprintf(a.out, "%s at %s %s: version %d, %s.\n", now.Slug, now.Place, done, now.Version, now.State)
	return nil
}

func (a *app) entryRetireCommand() *cobra.Command {
	return a.entryAct("retire", "Take an entry out; all its versions are kept", "is retired",
		func(o opened, tx *sqldb.Tx, c *cobra.Command, at knowledge.Ref, act knowledge.Act) (knowledge.Change, error) {
			return o.base.Retire(c.Context(), tx, at, act)
		})
}

func (a *app) entryHideCommand() *cobra.Command {
	return a.entryAct("hide", "Take an entry away now, until it is mended", "is hidden",
		func(o opened, tx *sqldb.Tx, c *cobra.Command, at knowledge.Ref, act knowledge.Act) (knowledge.Change, error) {
			return o.base.Hide(c.Context(), tx, at, act)
		})
}

func (a *app) entryUndoCommand() *cobra.Command {
	return a.entryAct("undo", "Take back the last change of an entry; again does it again", "is as it was before",
		func(o opened, tx *sqldb.Tx, c *cobra.Command, at knowledge.Ref, act knowledge.Act) (knowledge.Change, error) {
			return o.base.Undo(c.Context(), tx, at, act)
		})
}

func (a *app) entryRestoreCommand() *cobra.Command {
	var who curator
	var at target
	c := &cobra.Command{
		Use: "restore SLUG VERSION", Short: "Make an earlier version of an entry live again, as it was",
		Example: "  signpost entry restore roster-view-shifts 3", Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			version, err := strconv.Atoi(args[1])
			if err != nil || version < 1 {
				return usagef("%q is no version; signpost entry history %s lists them", args[1], args[0])
			}
			return a.with(c.Context(), func(o opened) error {
				e, err := at.find(o.base.Snapshot(), args[0])
				if err != nil {
					return err
				}
				changed, err := change(c, o, func(tx *sqldb.Tx) (knowledge.Change, error) {
					return o.base.Restore(c.Context(), tx, e.Ref(), version, who.act(e.Version))
				})
				if err != nil {
					return a.explain(err, nil)
				}
				return a.sayDone(e, changed, fmt.Sprintf("is as in version %d", version))
			})
		},
	}
	who.flags(c)
	at.flags(c)
	return c
}

// versionLine is the shape of entry history --json.
type versionLine struct {
	Version int             `json:"version"`
	At      string          `json:"at"`
	By      string          `json:"by"`
	Act     string          `json:"act"`
	State   knowledge.State `json:"state"`
	Because string          `json:"because"`
	Import  int64           `json:"import,omitempty"`
}

func (a *app) entryHistoryCommand() *cobra.Command {
	var at target
	var asJSON bool
	c := &cobra.Command{
		Use: "history SLUG", Short: "List every version of an entry: who, when and why", Example: "  signpost entry history roster-view-shifts",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				e, err := at.find(o.base.Snapshot(), args[0])
				if err != nil {
					return err
				}
				versions, err := o.base.History(c.Context(), e.Ref())
				if err != nil {
					return err
				}
				return a.printHistory(versions, asJSON)
			})
		},
	}
	at.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}

func (a *app) printHistory(versions []knowledge.Version, asJSON bool) error {
	list := []versionLine{}
	for _, v := range versions {
		act := v.Act
		if act == "" {
			act = "save"
		}
		list = append(list, versionLine{v.Number, v.At.Format(time.RFC3339), v.By, act, v.State, v.Because, v.Batch})
	}
	if asJSON {
		return printJSON(a.out, list)
	}
	for i, v := range list {
		fmt.Fprintf(a.out, "%3d  %s  %-8s %-8s %s\n", v.Version, versions[i].At.Format("2006-01-02 15:04"), v.State, v.Act, v.By)
		if v.Because != "" {
			fmt.Fprintf(a.out, "     because: %s\n", v.Because)
		}
	}
	return nil
}

func (a *app) entryDiffCommand() *cobra.Command {
	var at target
	var asJSON bool
	c := &cobra.Command{
		Use: "diff SLUG [FROM [TO]]", Short: "Show what changed between two versions of an entry",
		Long:    "Show what changed between two versions of an entry, line by line. Without numbers: by the last change; with one: since then.",
		Example: "  signpost entry diff roster-view-shifts\n  signpost entry diff roster-view-shifts 2 5", Args: cobra.RangeArgs(1, 3),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				e, err := at.find(o.base.Snapshot(), args[0])
				if err != nil {
					return err
				}
				versions, err := o.base.History(c.Context(), e.Ref())
				if err != nil {
					return err
				}
				from, to, err := between(versions, args[1:])
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.out, append([]knowledge.FieldChange{}, knowledge.Diff(from.Entry, to.Entry)...))
				}
				fmt.Fprintf(a.out, "Version %d against version %d:\n", to.Number, from.Number)
				printDiff(a.out, from.Entry, to.Entry)
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list of the fields that differ")
	at.flags(c)
	return c
}

// between gives the versions to compare; versions are all there are, newest first.
func between(versions []knowledge.Version, numbers []string) (from, to knowledge.Version, err error) {
	to = versions[0]
	from = versions[min(1, len(versions)-1)]
	for i, said := range numbers {
		n, err := strconv.Atoi(said)
		if err != nil || n < 1 || n > len(versions) {
			return from, to, usagef("%q is no version: there are 1 to %d", said, len(versions))
		}
		if i == 0 {
			from = versions[len(versions)-n]
		} else {
			to = versions[len(versions)-n]
		}
	}
	return from, to, nil
}
