package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"signpost/knowledge"
	"signpost/knowledge/table"
)

func (a *app) exportCommand() *cobra.Command {
	var format, place string
	c := &cobra.Command{
		Use: "export FILE", Short: "Write entries to a file: a spreadsheet, a zip of readable files, or JSON",
		Long: "Write entries to a file, in every state. The name says the format (.xlsx, .csv, .json, .zip of Markdown files), or --format does.\n" +
			"Putting the same file in again with signpost import changes nothing.",
		Example: "  signpost export entries.xlsx\n  signpost export --place 'Royal Example' royal.csv\n  signpost export --format md entries.zip",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f, ok := table.FormatOf(args[0])
			if format != "" {
				f, ok = table.FormatOf("x." + format)
			}
			if !ok {
				return usagef("in which format? Say --format csv, xlsx, md or json, or end the name so")
			}
			return a.with(c.Context(), func(o opened) error { return a.export(o.base.Snapshot(), args[0], f, place) })
		},
	}
	c.Flags().StringVar(&format, "format", "", "the `FORMAT`: csv, xlsx, md or json")
	c.Flags().StringVar(&place, "place", "", "only the entries that this `PLACE` itself has")
	return c
}

func (a *app) export(base *knowledge.Snapshot, name string, format table.Format, place string) error {
	home := ""
	if place != "" {
		at, err := findPlace(base, "place", place)
		if err != nil {
			return err
		}
		home = at.ID
	}
	var entries []knowledge.Entry
	for _, e := range base.All() {
		if home == "" || e.Place == home {
			entries = append(entries, e)
		}
	}
	var file bytes.Buffer
	if err := table.Write(&file, format, entries); err != nil {
		return err
	}
	if err := writeWhole(name, file.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s in %s.\n", counted(len(entries), "entry", "entries"), name)
	return nil
}

// writeWhole writes a file, or leaves the one that is there as it is.
func writeWhole(name string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer os.Remove(f.Name()) // gone already when all went well
	_, err = f.Write(content)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
