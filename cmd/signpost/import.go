package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"signpost/knowledge"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/table"
)

// importFlags say how to put a file in.
type importFlags struct {
	curator
	place       string
	apply, json bool
}

func (a *app) importCommand() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use: "import FILE", Short: "Put entries in from a spreadsheet, a zip or folder of readable files, or JSON",
		Long: "Read entries from a file (CSV, XLSX, JSON, a Markdown file, a zip or a folder of them) and show what putting them in would do. With\n" +
			"--apply it is done: all of it or, with anything to mend, nothing. signpost import undo takes it back. Exits 1 when there is\n" +
			"something to mend.",
		Example: "  signpost import entries.xlsx\n  signpost import --apply --place 'Royal Example' royal.csv",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error { return a.importFile(c.Context(), o, args[0], f) })
		},
	}
	f.flags(c)
	c.Flags().StringVar(&f.place, "place", "", "the `PLACE` that all rows belong to; else each says its own, and the nation is meant where it says none")
	c.Flags().BoolVar(&f.apply, "apply", false, "put it in, not only show what it would do")
	c.Flags().BoolVar(&f.json, "json", false, "print one JSON object")
	c.AddCommand(a.importUndoCommand(), a.importListCommand())
	return c
}

// imported is the shape of import --json.
type imported struct {
	Added     int               `json:"added"`
	Changed   int               `json:"changed"`
	Unchanged int               `json:"unchanged"`
	Applied   bool              `json:"applied"`
	Import    int64             `json:"import,omitempty"`
	Places    []string          `json:"places"`
	Faults    []knowledge.Fault `json:"faults"`
	Rows      []importedRow     `json:"rows"` // without those that change nothing
}

type importedRow struct {
	Where   string           `json:"where"`
	Effort  knowledge.Effort `json:"does"`
	Entry   string           `json:"entry"`
	Place   string           `json:"place"`
	Warning string           `json:"warning,omitempty"`
	Changes []string         `json:"changes,omitempty"`
}

func (a *app) importFile(ctx context.Context, o opened, name string, f importFlags) error {
	base := o.base.Snapshot()
	place, err := a.importPlace(base, f.place)
	if err != nil {
		return err
	}
	bar := newProgress(a.err, "rows", 0)
	rows, faults, err := readImport(name, bar.at)
	bar.done()
	if err != nil {
		return err
	}
	preview := base.Preview(rows, place)
	preview.Faults = append(faults, preview.Faults...)
	result := summary(preview)
	if f.apply && len(preview.Faults) == 0 {
		if result.Import, err = a.applyImport(ctx, o, preview, f.curator); err != nil {
			return err
		}
		result.Applied = true
	}
	if f.json {
		err = printJSON(a.out, result)
	} else {
		a.printImport(result, f.apply)
	}
	if err == nil && len(result.Faults) > 0 {
		err = errFindings
	}
	return err
}

func (a *app) importPlace(base *knowledge.Snapshot, said string) (string, error) {
	if said == "" {
		return "", nil
	}
	at, err := findPlace(base, "place", said)
	return at.ID, err
}

// readImport reads a file or a folder.
func readImport(name string, progress func(done int)) ([]knowledge.Row, []knowledge.Fault, error) {
	about, err := os.Stat(name)
	if err != nil {
		return nil, nil, err
	}
	if about.IsDir() {
		return table.ReadFolder(os.DirFS(name), progress)
	}
	file, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, err
	}
	rows, faults := table.Read(filepath.Base(name), file, progress)
	return rows, faults, nil
}

func (a *app) applyImport(ctx context.Context, o opened, preview *knowledge.Preview, who curator) (int64, error) {
	var batch knowledge.Batch
	var changes []knowledge.Change
	bar := newProgress(a.err, "rows put in", len(preview.Rows))
	preview.Progress = func(done, _ int) { bar.at(done) }
	err := o.db.Write(ctx, func(tx *sqldb.Tx) (err error) {
		batch, changes, err = o.base.Import(ctx, tx, preview, who.act(knowledge.AnyVersion))
		return err
	})
	bar.done()
	if err == nil {
		o.base.Apply(changes...)
	}
	return batch.ID, err
}

// summary is what a preview comes to.
func summary(p *knowledge.Preview) imported {
	r := imported{Added: p.Count(knowledge.Adds), Changed: p.Count(knowledge.Changes), Unchanged: p.Count(knowledge.Keeps),
		Places: p.Places(), Faults: p.Faults, Rows: []importedRow{}}
	if r.Faults == nil {
		r.Faults = []knowledge.Fault{} // a list in JSON even when empty
	}
	if r.Places == nil {
		r.Places = []string{}
	}
	for _, row := range p.Rows {
		if row.Effort == knowledge.Keeps {
			continue
		}
		line := importedRow{Where: row.Where, Effort: row.Effort, Entry: row.Entry.Slug, Place: row.Entry.Place, Warning: row.Warning}
		if row.Effort == knowledge.Changes {
			for _, field := range knowledge.Diff(row.Before, row.Entry) {
				line.Changes = append(line.Changes, field.String())
			}
		}
		r.Rows = append(r.Rows, line)
	}
	return r
}

// mostShown is how many rows and faults are printed; --json has them all.
const mostShown = 50

func (a *app) printImport(r imported, apply bool) {
	for _, row := range r.Rows[:min(mostShown, len(r.Rows))] {
		fmt.Fprintf(a.out, "%s: %s %s at %s\n", row.Where, row.Effort, row.Entry, row.Place)
		for _, change := range row.Changes {
			fmt.Fprintln(a.out, "    "+change)
		}
		if row.Warning != "" {
			fmt.Fprintln(a.out, "    Warning: "+row.Warning)
		}
	}
	a.printMore(len(r.Rows), "rows")
	for _, fault := range r.Faults[:min(mostShown, len(r.Faults))] {
		fmt.Fprintln(a.out, fault)
	}
	a.printMore(len(r.Faults), "things to mend")
	fmt.Fprintf(a.out, "%d added, %d changed, %d unchanged, %d to mend.\n", r.Added, r.Changed, r.Unchanged, len(r.Faults))
	switch {
	case len(r.Faults) > 0:
		fmt.Fprintln(a.out, "Nothing was put in. Mend the file, and try again.")
	case r.Applied && r.Import != 0:
		fmt.Fprintf(a.out, "Put in as import %d. To take it back: signpost import undo %d\n", r.Import, r.Import)
	case !apply && r.Added+r.Changed > 0:
		fmt.Fprintln(a.out, "Nothing was put in yet. If this is right, add --apply.")
	}
}

func (a *app) printMore(n int, what string) {
	if n > mostShown {
		fmt.Fprintf(a.out, "... and %d more %s, see --json.\n", n-mostShown, what)
	}
}

func (a *app) importUndoCommand() *cobra.Command {
	var who curator
	c := &cobra.Command{
		Use: "undo NUMBER", Short: "Take a whole import back: every entry is as it was before", Example: "  signpost import undo 3", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return usagef("%q is no import; signpost import list shows them", args[0])
			}
			return a.with(c.Context(), func(o opened) error {
				var undoing knowledge.Undoing
				err := o.db.Write(c.Context(), func(tx *sqldb.Tx) (err error) {
					undoing, err = o.base.UndoImport(c.Context(), tx, id, who.act(knowledge.AnyVersion))
					return err
				})
				if err != nil {
					return err
				}
				o.base.Apply(undoing.Changes...)
				fmt.Fprintf(a.out, "Import %d is undone: %s as before.\n", id, counted(len(undoing.Changes), "entry is", "entries are"))
				for _, at := range undoing.Kept {
					fmt.Fprintf(a.out, "Left as it is, for it was changed since: %s\n", at)
				}
				return nil
			})
		},
	}
	who.flags(c)
	return c
}

func (a *app) importListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List the latest imports", Example: "  signpost import list", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				batches, err := o.base.Imports(c.Context(), 50)
				switch {
				case err != nil:
					return err
				case asJSON:
					return printJSON(a.out, append([]knowledge.Batch{}, batches...))
				case len(batches) == 0:
					fmt.Fprintln(a.out, "Nothing was put in by file yet.")
				}
				for _, b := range batches {
					undone := ""
					if b.Undone {
						undone = ", undone"
					}
					fmt.Fprintf(a.out, "%3d  %s  %s by %s%s\n", b.ID, b.At.Format("2006-01-02 15:04"), counted(b.Rows, "entry", "entries"), b.By, undone)
				}
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}
