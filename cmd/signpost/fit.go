package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"signpost/bot"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

func (a *app) fitCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "fit [QUESTIONS.jsonl]", Short: "Learn from the entries and the saved questions, and say what changed",
		Long: "Learn now what chat otherwise learns in the background: which signs of a right answer to trust, and how sure to be before\n" +
			"answering. With a file its questions are saved first, masked, as questions whose right answer is known: rows are\n" +
			"{\"text\", \"slug\" or null, \"prev\"?, \"also\"?, \"kind\"?}, such as answers that helped and links from champions. All rows are\n" +
			"saved, or none.",
		Example: "  signpost fit\n  signpost fit live-questions.jsonl",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error { return a.fit(c.Context(), o, args, asJSON) })
		},
	}
	a.modelFlags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object; shares are 0 to 1")
	return c
}

// fitted is the shape of fit --json.
type fitted struct {
	Entries int       `json:"entries"`
	Golden  int       `json:"golden"`
	Added   int       `json:"added"`
	Budget  int       `json:"budget"`
	Before  fitFigure `json:"before"`
	After   fitFigure `json:"after"`
}

// fitFigure is how the base answers the saved questions, those just added too.
type fitFigure struct {
	Learnt     knowledge.Learnt `json:"learnt"`
	AnswerFrom float64          `json:"answer_from"`
	Answered   float64          `json:"answered"` // share of those that have a right answer
	Wrong      float64          `json:"wrong"`    // share of the answers given
}

func (a *app) fit(ctx context.Context, o opened, args []string, asJSON bool) error {
	before := len(o.base.Snapshot().Golden)
	learnt, err := o.base.Learnt(ctx)
	if err != nil {
		return err
	}
	for _, file := range args {
		if err := addGolden(ctx, o, file); err != nil {
			return err
		}
	}
	golden := len(o.base.Snapshot().Golden)
	result := fitted{Golden: golden, Added: golden - before, Budget: bot.ErrorBudget, Entries: len(o.base.Snapshot().Entries(""))}
	result.Before = a.fitFigure(o, learnt)
	if err := a.learn(ctx, o.base); err != nil {
		return err
	}
	result.After = a.fitFigure(o, knowledge.LearntThis)
	if asJSON {
		return printJSON(a.out, result)
	}
	return result.print(a.out)
}

func (a *app) fitFigure(o opened, learnt knowledge.Learnt) fitFigure {
	r := a.askSaved(o)
	return fitFigure{
		Learnt: learnt, AnswerFrom: o.base.Snapshot().AnswerFrom(bot.ErrorBudget),
		Answered: r.KnownRight + r.KnownWrong, Wrong: float64(r.wrong) / float64(max(r.given, 1)),
	}
}

// askSaved is evaluate for the saved questions, several at once: here no question is timed.
func (a *app) askSaved(o opened) evalResult {
	rows, t := goldenRows(o.base.Snapshot()), newTally([]opened{o})
	p := newProgress(a.err, "asked", len(rows))
	var wait sync.WaitGroup
	var lock sync.Mutex
	cores := runtime.GOMAXPROCS(0)
	for first := range cores {
		wait.Go(func() {
			for i := first; i < len(rows); i += cores {
				row := rows[i]
				d := o.bot.Consider(knowledge.Question{Text: row.Text, Before: bot.Masked(row.Prev)})
				lock.Lock()
				p.step()
				if row.Slug == nil || t.has(*row.Slug) {
					t.add(row, d)
				}
				lock.Unlock()
			}
		})
	}
	wait.Wait()
	p.done()
	return t.result()
}

func (f fitted) print(w io.Writer) error {
	fmt.Fprintf(w, "Learnt from %d entries and %d saved questions, %d of them new.\n\n", f.Entries, f.Golden, f.Added)
	if f.Before.Learnt == knowledge.LearntThis {
		fmt.Fprint(w, "It had learnt from them before, so nothing changed.\n\n")
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "\tbefore\tafter\n")
	for _, line := range []struct {
		name          string
		before, after float64
	}{
		{fmt.Sprintf("answered from, for at most %d wrong in 100", f.Budget), f.Before.AnswerFrom, f.After.AnswerFrom},
		{"saved questions answered", f.Before.Answered, f.After.Answered},
		{"wrong of these answers", f.Before.Wrong, f.After.Wrong},
	} {
		fmt.Fprintf(t, "%s\t%5.1f %%\t%5.1f %%\n", line.name, 100*line.before, 100*line.after)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, "\nThese questions were learnt from, so others will do a little worse; signpost eval FILE asks others.")
	return err
}

// liveRow is one labelled question. The key slug must be there: left out by mistake it would say that nothing answers.
type liveRow struct {
	evalRow
	Slug json.RawMessage `json:"slug"`
}

// addGolden saves the questions of a file.
func addGolden(ctx context.Context, o opened, file string) error {
	seen := map[[2]string]bool{}
	var golden []knowledge.Golden
	_, err := readChecked(file, func(row liveRow) error {
		g, err := row.golden(o)
		if err != nil {
			return err
		}
		if question := [2]string{g.Prev, g.Text}; seen[question] {
			return errors.New("this question stands in the file already; keep one of the two")
		} else {
			seen[question] = true
		}
		golden = append(golden, g)
		return nil
	})
	if err != nil {
		return err
	}
	err = o.db.Write(ctx, func(tx *sqldb.Tx) error { return o.base.AddGolden(ctx, tx, golden, "command") })
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return o.base.Refresh(ctx)
}

// golden is the row as it would be saved, masked. Messages that are stopped are never kept, not even here.
func (row liveRow) golden(o opened) (g knowledge.Golden, err error) {
	if row.Slug == nil {
		return g, errors.New(`a row needs a "slug": the right entry's, or null if nothing answers the question`)
	}
	g = knowledge.Golden{Also: row.Also, Prev: bot.Masked(row.Prev), Kind: row.Kind}
	if err := json.Unmarshal(row.Slug, &g.Slug); err != nil {
		return g, err
	}
	for _, text := range []string{row.Text, row.Prev} {
		if d := o.bot.Consider(knowledge.Question{Text: text}); text != "" && d.Verdict == bot.Stop {
			return g, fmt.Errorf("a message that is stopped (%s) is never kept; take the line out", d.Reason)
		}
	}
	g.Text = bot.Masked(row.Text)
	return g, o.base.Snapshot().ValidGolden(g)
}
