package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"signpost/knowledge"
	"signpost/knowledge/check"
)

func (a *app) checkCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "check", Short: "Find what to mend", Args: noArgs,
		Example: "  signpost check content",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.checkContentCommand())
	return c
}

func (a *app) checkContentCommand() *cobra.Command {
	var asJSON bool
	var org string
	c := &cobra.Command{
		Use: "content", Short: "Read every live entry and list what to mend; nothing is changed",
		Long: "Read every live entry and list what to mend: words, links, names, and ways of asking that find another entry. Each way of\n" +
			"asking is also held out in turn, to see whether the others find the entry without it. Exits 1 when there is something to mend.",
		Example: "  signpost check content\n  signpost check content --org 'Royal Example' --json",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error { return a.checkContent(c.Context(), o, org, asJSON) })
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object; shares are 0 to 1")
	a.modelFlags(c)
	c.Flags().StringVar(&org, "org", "", "check the entries that people at this `PLACE` see; the nation's if left out")
	return c
}

// errFindings makes the program exit 1 without a word: the findings are printed.
var errFindings = errors.New("there is something to mend")

// checked is the shape of check content --json.
type checked struct {
	Entries     int               `json:"entries"`
	Phrasings   int               `json:"phrasings"`
	NotChecked  int               `json:"not_checked"` // live entries of other places
	Findings    []check.Finding   `json:"findings"`
	Grade       checkedGrade      `json:"grade"`
	LeaveOneOut check.LeaveOneOut `json:"leave_one_out"`
}

type checkedGrade struct {
	Median  float64 `json:"median"`
	Highest float64 `json:"highest"`
}

func (a *app) checkContent(ctx context.Context, o opened, org string, asJSON bool) error {
	base := o.base.Snapshot()
	home, err := homeOf(base, org)
	if err != nil {
		return err
	}
	reading := a.progressOf()
	vector, err := o.base.Vectors(ctx, reading)
	reading("", 0, 0)
	if err != nil {
		return err
	}
	entries := base.Entries(home)
	progress := newProgress(a.err, "ways of asking tried", countPhrasings(entries))
	r := check.Content(check.Base{Entries: entries, Strands: base.Strands, LocalKeys: base.LocalKeys, Terms: base.Terms, Vector: vector}, progress.step)
	progress.done()
	if r.Findings == nil {
		r.Findings = []check.Finding{} // a list in JSON even when empty
	}
	result := checked{r.Entries, r.Phrasings, countElsewhere(base, entries), r.Findings, checkedGrade{r.MedianGrade, r.HighestGrade}, r.LeaveOneOut}
	if asJSON {
		err = printJSON(a.out, result)
	} else {
		err = result.print(a.out)
	}
	if err != nil {
		return err
	}
	return result.verdict()
}

func (c checked) verdict() error {
	if len(c.Findings) > 0 {
		return errFindings
	}
	return nil
}

func countPhrasings(entries []*knowledge.Entry) int {
	n := 0
	for _, e := range entries {
		n += len(e.Phrasings)
	}
	return n
}

// countElsewhere counts the live entries of the file that are not among those checked.
func countElsewhere(base *knowledge.Snapshot, checked []*knowledge.Entry) int {
	n := -len(checked)
	for _, e := range base.All() {
		if e.State == knowledge.Live {
			n++
		}
	}
	return n
}

func (c checked) print(w io.Writer) error {
	before := "-"
	for _, f := range c.Findings {
		if f.Slug != before {
			fmt.Fprintln(w, headingOf(f))
			before = f.Slug
		}
		fmt.Fprintf(w, "  %s\n", f.Says)
		if f.Where != "" {
			fmt.Fprintf(w, "      %s\n", strings.ReplaceAll(f.Where, "\n", " "))
		}
	}
	if len(c.Findings) > 0 {
		fmt.Fprintln(w)
	}
	if err := c.LeaveOneOut.Print(w); err != nil {
		return err
	}
	if c.NotChecked > 0 {
		fmt.Fprintf(w, "\nNot looked at: %d of other places, see --org.\n", c.NotChecked)
	}
	_, err := fmt.Fprintf(w, "\n%d entries, %d findings, reading grade %.1f in the middle and %.1f at most, %.1f %% of %d ways of asking found when held out\n",
		c.Entries, len(c.Findings), c.Grade.Median, c.Grade.Highest, 100*c.LeaveOneOut.Barred.Top3(), c.LeaveOneOut.Barred.N)
	return err
}

func headingOf(f check.Finding) string {
	if f.Slug == "" {
		return "The base as a whole"
	}
	return f.Title + " (" + f.Slug + ")"
}
