package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"signpost/bot"
	"signpost/knowledge"
	"signpost/knowledge/check"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/table"
)

// curator says who acts by command, and why; both stand in the audit trail.
type curator struct{ as, because string }

func (w *curator) flags(c *cobra.Command) {
	c.Flags().StringVar(&w.as, "as", "", "act as this person (`NAME`); you, as the computer knows you, if left out")
	c.Flags().StringVar(&w.because, "because", "", "the `REASON`, kept with the change; it also passes over warnings")
}

// act is what the person does, to what they have seen.
func (w *curator) act(seen int) knowledge.Act {
	return knowledge.Act{By: w.by(), Because: w.because, Seen: seen}
}

// by is the person's address: of the terminal unless --as says another network.
func (w *curator) by() string {
	switch {
	case w.as == "":
		return operator()
	case strings.Contains(w.as, ":"):
		return w.as
	}
	return "terminal:" + w.as
}

// change runs an act in a transaction of its own and answers from it at once.
func change(c *cobra.Command, o opened, do func(tx *sqldb.Tx) (knowledge.Change, error)) (knowledge.Change, error) {
	var changed knowledge.Change
	err := o.db.Write(c.Context(), func(tx *sqldb.Tx) (err error) {
		changed, err = do(tx)
		return err
	})
	if err == nil {
		o.base.Apply(changed)
	}
	return changed, err
}

// printWarnings says what speaks against an edit, and reports whether anything does.
func (a *app) printWarnings(c *cobra.Command, o opened, e knowledge.Entry) (bool, error) {
	base := o.base.Snapshot()
	effect, err := o.base.Effect(c.Context(), e, base.AnswerFrom(bot.ErrorBudget))
	if err != nil {
		return false, err
	}
	findings := check.Edit(base, e)
	for _, asked := range effect.Answers {
		fmt.Fprintf(a.out, "It now answers: %s\n", asked.Text)
	}
	for _, line := range warnings(effect, findings) {
		fmt.Fprintln(a.out, "Warning: "+line)
	}
	return len(findings) > 0 || !effect.Clean(), nil
}

// warnings puts into words what an edit does that somebody may not want.
func warnings(effect knowledge.Effect, findings []check.Finding) []string {
	var said []string
	for slug, n := range effect.TakenFrom() {
		from := slug
		if slug == "" {
			from = "what no entry answers"
		}
		line := fmt.Sprintf("this would now take %s from %s:", counted(n, "question", "questions"), from)
		for _, asked := range effect.Takes {
			if asked.Of == slug {
				line += "\n    " + asked.Text
			}
		}
		said = append(said, line)
	}
	for _, asked := range effect.Loses {
		said = append(said, fmt.Sprintf("%s would now answer its question: %s", asked.After, asked.Text))
	}
	for _, asked := range effect.Misses {
		said = append(said, fmt.Sprintf("asked this way, %s comes first: %s", asked.After, asked.Text))
	}
	for _, near := range effect.Near {
		line := fmt.Sprintf("%s (%s) has nearly the same title", near.Title, near.Slug)
		if near.Same != "" {
			line = fmt.Sprintf("%s (%s) is asked for in the same way: %s", near.Title, near.Slug, near.Same)
		}
		said = append(said, line)
	}
	for _, f := range findings {
		line := f.Says
		if f.Where != "" {
			line += " (" + strings.ReplaceAll(f.Where, "\n", " ") + ")"
		}
		said = append(said, line)
	}
	return said
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}

// explain shows what somebody else did meanwhile beside what this person wrote, and passes the error on.
func (a *app) explain(err error, mine *knowledge.Entry) error {
	var conflict *knowledge.Conflict
	if !errors.As(err, &conflict) {
		return err
	}
	theirs := conflict.Theirs.Entry
	if conflict.Draft != nil {
		theirs = conflict.Draft.Entry
	}
	if theirs.Slug != "" && mine != nil {
		fmt.Fprintln(a.err, "What differs, theirs (-) against yours (+):")
		printDiff(a.err, theirs, *mine)
	}
	return err
}

func printDiff(w io.Writer, before, after knowledge.Entry) {
	for _, field := range knowledge.Diff(before, after) {
		fmt.Fprintln(w, field)
	}
}

// target is the entry that a command is about, and the place it stands at.
type target struct{ org string }

func (t *target) flags(c *cobra.Command) {
	c.Flags().StringVar(&t.org, "org", "", "the `PLACE` whose entry it is; the nation if left out")
}

// find gives the entry as stored.
func (t *target) find(base *knowledge.Snapshot, slug string) (knowledge.Entry, error) {
	home, err := homeOf(base, t.org)
	if err != nil {
		return knowledge.Entry{}, err
	}
	e, ok := base.Own(slug, placeOr(base, home))
	if !ok {
		return e, fmt.Errorf("entry %q at %s: %w; signpost entry find looks by title", slug, placeOr(base, home), knowledge.ErrNotFound)
	}
	return e, nil
}

func formatted(e knowledge.Entry) (string, error) {
	file, err := table.FormatMarkdown(e)
	return string(file), err
}
