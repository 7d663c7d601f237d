package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"signpost/knowledge"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/table"
)

var errNoFile = errors.New("name a file; to write a new entry in your editor: signpost entry edit --new print-a-poster")

func someFile(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usageError{errNoFile}
	}
	return nil
}

func (a *app) entryAddCommand() *cobra.Command {
	var who curator
	var at target
	c := &cobra.Command{
		Use: "add FILE...", Short: "Add or replace entries from files; they are live at once",
		Long: "Add or replace entries from files, as entry show prints them; they are live at once. With --org an entry belongs to that\n" +
			"organisation. If the nation has the same slug, the organisation's version may hold only what differs. All or nothing.",
		Example: "  signpost entry show roster-view-shifts > shifts.md\n  signpost entry add --org 'Royal Example' shifts.md",
		Args:    someFile,
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error { return a.addEntries(c, o, at, who, args) })
		},
	}
	who.flags(c)
	at.flags(c)
	return c
}

func (a *app) addEntries(c *cobra.Command, o opened, at target, who curator, files []string) error {
	base := o.base.Snapshot()
	home, err := placeOf(base, at.org)
	if err != nil {
		return err
	}
	entries, err := readEntries(files)
	if err != nil {
		return err
	}
	var changes []knowledge.Change
	err = o.db.Write(c.Context(), func(tx *sqldb.Tx) error {
		for _, e := range entries {
			e.Place, e.State = home.ID, knowledge.Live
			change, err := o.base.Edit(c.Context(), tx, base.Trim(e), who.act(knowledge.AnyVersion))
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
	fmt.Fprintf(a.out, "%d live at %s.\n", len(entries), home.Name)
	return nil
}

// placeOf gives the place that --org names, or the nation.
func placeOf(base *knowledge.Snapshot, org string) (place.Place, error) {
	if org == "" {
		nation, _ := base.Places.Nation()
		return nation, nil
	}
	return findPlace(base, "org", org)
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

func (a *app) entryEditCommand() *cobra.Command {
	var who curator
	var at target
	var isNew, draft bool
	c := &cobra.Command{
		Use: "edit SLUG", Short: "Edit an entry in your editor",
		Long: "Edit an entry as a readable file in your editor ($VISUAL or $EDITOR). What the change does is shown first: with a warning it is kept\n" +
			"as a draft, unless --because gives the reason for passing it over. With --org it is that organisation's own version; write\n" +
			"only what differs, and the rest follows the entry above.",
		Example: "  signpost entry edit roster-view-shifts\n  signpost entry edit --new print-a-poster\n  signpost entry edit --draft roster-view-shifts",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				home, err := placeOf(o.base.Snapshot(), at.org)
				if err != nil {
					return err
				}
				e, err := startOf(o.base.Snapshot(), args[0], home.ID, isNew)
				if err != nil {
					return err
				}
				return a.editEntry(c, o, e, who, draft)
			})
		},
	}
	who.flags(c)
	at.flags(c)
	c.Flags().BoolVar(&isNew, "new", false, "write an entry that is not there yet")
	c.Flags().BoolVar(&draft, "draft", false, "keep it as a draft for somebody to approve")
	return c
}

// startOf gives the entry to be edited, or a new one.
func startOf(base *knowledge.Snapshot, slug, at string, isNew bool) (knowledge.Entry, error) {
	e, there := base.Own(slug, at)
	above, follows := base.Entry(slug, at)
	switch {
	case there:
		return e, nil
	case follows && above.Place != at:
		return knowledge.Entry{Slug: slug, Place: at}, nil
	case !isNew:
		return e, fmt.Errorf("entry %q at %s: %w; signpost entry find looks by title, and --new makes one", slug, at, knowledge.ErrNotFound)
	}
	return knowledge.Entry{Slug: slug, Place: at, Title: "What people can do with it", Kind: knowledge.HowTo, Level: knowledge.Start,
		Answer: "1. The first step.\n2. The second step.", Phrasings: []knowledge.Phrasing{{Kind: knowledge.Goal, Text: "how people ask for it"}}}, nil
}

func (a *app) editEntry(c *cobra.Command, o opened, e knowledge.Entry, who curator, asDraft bool) error {
	before, err := formatted(e)
	if err != nil {
		return err
	}
	file, err := a.edited(c, e.Slug, before)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if string(text) == before {
		fmt.Fprintln(a.out, "Nothing was changed.")
		return removeEdited(file)
	}
	after, err := table.ParseMarkdown(text)
	if err != nil {
		return fmt.Errorf("%w; what you wrote is in %s, and signpost entry add takes it when it is mended", err, file)
	}
	if after.Slug != e.Slug {
		return fmt.Errorf("the slug stays the same for good; what you wrote is in %s", file)
	}
	after.Place, after.State, after.Version = e.Place, knowledge.Live, e.Version
	if err := a.keepEdit(c, o, o.base.Snapshot().Trim(after), who, asDraft); err != nil {
		return fmt.Errorf("%w; what you wrote is in %s", a.explain(err, &after), file)
	}
	return removeEdited(file)
}

// keepEdit puts an edit live, or keeps it as a draft where that is asked for or something speaks against it.
func (a *app) keepEdit(c *cobra.Command, o opened, e knowledge.Entry, who curator, asDraft bool) error {
	warned, err := a.printWarnings(c, o, e)
	if err != nil {
		return err
	}
	if asDraft || warned && who.because == "" {
		return a.keepDraft(c, o, e, who, warned && !asDraft)
	}
	changed, err := change(c, o, func(tx *sqldb.Tx) (knowledge.Change, error) {
		return o.base.Edit(c.Context(), tx, e, who.act(e.Version))
	})
	if errors.Is(err, knowledge.ErrChanged) {
		return errors.Join(err, a.keepDraft(c, o, e, who, false))
	}
	if err != nil {
		return err
	}
	return a.sayDone(e, changed, "is saved")
}

func (a *app) keepDraft(c *cobra.Command, o opened, e knowledge.Entry, who curator, warned bool) error {
	p, err := ownDraft(c, o, e, who)
	if err != nil {
		return err
	}
	err = o.db.Write(c.Context(), func(tx *sqldb.Tx) (err error) {
		p, err = o.base.SaveDraft(c.Context(), tx, p, who.by())
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "Kept as draft %d of %s at %s.\n", p.ID, e.Slug, e.Place)
	if warned {
		fmt.Fprintf(a.out, "Nothing is live yet. If it is right as it is: signpost entry approve %d --because 'the reason'\n", p.ID)
	}
	if p.Stale() {
		fmt.Fprintln(a.out, "The entry was changed meanwhile: look at both with signpost entry diff before it is approved.")
	}
	for _, other := range p.Others {
		fmt.Fprintf(a.out, "%s has a draft of it too, see signpost entry drafts.\n", other)
	}
	return nil
}

// ownDraft is the open draft that the person has of an entry, with the new text, or a new draft.
func ownDraft(c *cobra.Command, o opened, e knowledge.Entry, who curator) (knowledge.Proposal, error) {
	drafts, err := o.base.Drafts(c.Context(), e.Ref())
	if err != nil {
		return knowledge.Proposal{}, err
	}
	p := knowledge.Proposal{}
	for _, d := range drafts {
		if d.Author == who.by() {
			p = d
		}
	}
	p.Entry, p.From, p.Note = e, e.Version, who.because
	return p, nil
}

// edited opens a text in the person's editor and gives the file that it is in afterwards.
func (a *app) edited(c *cobra.Command, slug, text string) (file string, err error) {
	folder, err := os.MkdirTemp("", "signpost-")
	if err != nil {
		return "", err
	}
	file = filepath.Join(folder, slug+".md")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return "", err
	}
	words := append(strings.Fields(editor()), file)
	run := exec.CommandContext(c.Context(), words[0], words[1:]...)
	run.Stdin, run.Stdout, run.Stderr = a.in, a.out, a.err
	if err := run.Run(); err != nil {
		return "", fmt.Errorf("the editor %s: %w; set EDITOR to the one you use", words[0], err)
	}
	return file, nil
}

// editor is the command of the person's editor.
func editor() string {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if command := strings.TrimSpace(os.Getenv(name)); command != "" {
			return command
		}
	}
	if runtime.GOOS == "windows" {
		return "notepad"
	}
	return "vi"
}

// removeEdited removes the file of an edit, and its folder, which nobody needs any more.
func removeEdited(file string) error { return os.RemoveAll(filepath.Dir(file)) }
