package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"signpost/bot"
	"signpost/bot/screen"
	"signpost/knowledge"
	"signpost/knowledge/check"
)

// evalFlags say what to measure and how to print it.
type evalFlags struct {
	json, safety bool
	train, oos   string
	folds        int
	damage       damage
}

func (a *app) evalCommand() *cobra.Command {
	var f evalFlags
	c := &cobra.Command{
		Use: "eval [QUESTIONS.jsonl]", Short: "Measure how well questions find their entries",
		Long: "Ask every question of a file and compare with the right entry. Rows are {\"text\", \"slug\" or null, \"prev\"?, \"also\"?, \"kind\"?};\n" +
			"with --safety they are {\"text\", \"expect\"} and the stops are measured. Without a file the saved questions are asked, each as if\n" +
			"nothing had been learnt from it, and the exit code is 1 when more of the answers are wrong than the error budget allows.\n\n" +
			"With --train the matcher is measured by itself: rows are {\"text\", \"label\"}, the labels of the training rows become the entries\n" +
			"of a throw-away base, and no question of --oos has an answer in it.",
		Example: "  signpost eval\n  signpost eval questions.jsonl\n  signpost eval --damage 0.3 questions.jsonl\n  signpost eval --safety safety.jsonl --json\n" +
			"  signpost eval --train train.jsonl test.jsonl --oos oos.jsonl",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.check(args); err != nil {
				return err
			}
			if f.train != "" {
				return a.evalTrain(c.Context(), f, args[0])
			}
			started := time.Now()
			return a.with(c.Context(), func(o opened) error {
				if err := a.learn(c.Context(), o.base); err != nil {
					return err
				}
				return a.eval(o, f, args, time.Since(started))
			})
		},
	}
	a.modelFlags(c)
	f.damage.flags(c)
	c.Flags().BoolVar(&f.json, "json", false, "print one JSON object; shares are 0 to 1")
	c.Flags().BoolVar(&f.safety, "safety", false, "measure the stops")
	c.Flags().IntVar(&f.folds, "folds", screen.Folds, "with --safety: cross-validate what the stops were fitted to in this `NUMBER` of parts; 0 asks the stops in use")
	c.Flags().StringVar(&f.train, "train", "", "measure the matcher alone, with the rows of this `FILE` as its entries")
	c.Flags().StringVar(&f.oos, "oos", "", "with --train: a `FILE` of questions that nothing answers")
	return c
}

// check refuses flags that do not go together.
func (f evalFlags) check(args []string) error {
	switch {
	case f.safety && f.train != "":
		return usagef("--safety and --train measure different things; ask for one")
	case f.oos != "" && f.train == "":
		return usagef("--oos goes with --train; in a file of questions those that nothing answers have \"slug\": null")
	case f.train != "" && len(args) == 0:
		return usagef("--train needs a file of questions to ask")
	case f.folds != 0 && f.folds != screen.Folds:
		return usagef("--folds is %d, or 0 for the stops in use: those that were fitted without a part of the lines are part of the program", screen.Folds)
	case f.safety && len(args) == 0:
		return usagef("--safety needs a file of messages")
	}
	return f.damage.check()
}

// eval asks a base that has learnt; build is how long it took to open it.
func (a *app) eval(o opened, f evalFlags, args []string, build time.Duration) error {
	switch {
	case f.safety:
		return a.evalSafety(o, args[0], f)
	case len(args) == 0:
		return a.evalGolden(o, f, build)
	}
	rows, err := readRows[evalRow](args[0])
	if err != nil {
		return err
	}
	result := evaluate([]opened{o}, rows, f.damage, newProgress(a.err, "asked", len(rows)))
	result.BuildMS = build.Milliseconds()
	return a.printEval(result, f.json)
}

// evalGolden asks the saved questions, each of a base that did not learn from it. Too many wrong answers are an error.
func (a *app) evalGolden(o opened, f evalFlags, build time.Duration) error {
	rows := goldenRows(o.base.Snapshot())
	result := evaluate(untaught(o), rows, f.damage, newProgress(a.err, "asked", len(rows)))
	result.BuildMS = build.Milliseconds()
	if err := a.printEval(result, f.json); err != nil {
		return err
	}
	if len(rows) == 0 && !f.json {
		fmt.Fprintln(a.out, "\nThere are no saved questions yet; signpost fit adds them.")
	}
	return result.overBudget(bot.ErrorBudget)
}

// untaught opens the base as it is without what it learnt from each part of the saved questions: see Base.Untaught.
func untaught(o opened) []opened {
	var parts []opened
	for _, base := range o.base.Untaught() {
		parts = append(parts, opened{db: o.db, base: base, bot: bot.New(bot.Config{DB: o.db, Base: base})})
	}
	return parts
}

func goldenRows(base *knowledge.Snapshot) []evalRow {
	rows := make([]evalRow, len(base.Golden))
	for i, g := range base.Golden {
		rows[i] = evalRow{Text: g.Text, Slug: g.Slug, Prev: g.Prev, Also: g.Also, Kind: g.Kind}
	}
	return rows
}

func (a *app) printEval(result evalResult, asJSON bool) error {
	if asJSON {
		return printJSON(a.out, result)
	}
	return result.print(a.out)
}

// evalRow is one question with its right answer; Slug is null for a question that no entry answers.
type evalRow struct {
	Text string   `json:"text"`
	Slug *string  `json:"slug"`
	Prev string   `json:"prev"`
	Also []string `json:"also"`
	Kind string   `json:"kind"`
}

// readRows reads a file of one JSON object a line.
func readRows[T any](name string) ([]T, error) {
	return readChecked(name, func(T) error { return nil })
}

// readChecked is readRows, and refuses a row that check refuses. An error names the line.
func readChecked[T any](name string, check func(T) error) ([]T, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var rows []T
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var row T
		err := json.Unmarshal(lines.Bytes(), &row)
		if err == nil {
			err = check(row)
		}
		if err != nil {
			return nil, fmt.Errorf("%s line %d: %w", name, n, err)
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return rows, nil
}

// evalResult is the shape of eval --json. Shares are of N.
type evalResult struct {
	N          int     `json:"n"`
	Skipped    int     `json:"skipped"`
	Top1       float64 `json:"top1"`
	Top3       float64 `json:"top3"`
	MRR        float64 `json:"mrr"`
	KnownRight float64 `json:"known_right"`
	KnownWrong float64 `json:"known_wrong"`
	Unsure     float64 `json:"unsure"`
	Unknown    float64 `json:"unknown"`
	Aside      float64 `json:"aside"`
	Stop       float64 `json:"stop"`
	UnsureHit  float64 `json:"unsure_hit"` // share of the unsure rows
	OutOfScope outside `json:"out_of_scope"`
	// ByStrand and ByAudience break the rows down by their right entry; rows about the bot itself are in neither.
	ByStrand   map[string]*check.Found `json:"by_strand"`
	ByAudience map[string]*check.Found `json:"by_audience"`
	P50        int64                   `json:"p50_us"`
	P99        int64                   `json:"p99_us"`
	BuildMS    int64                   `json:"build_ms"`
	// ECE is the expected calibration error of the first match over the rows that have a right answer and were matched.
	ECE     float64      `json:"ece"`
	Budgets []budgetCost `json:"budgets"`

	given, wrong int // answers, out of scope too
}

// overBudget is an error when more of the answers given were wrong than budget in 100.
func (r evalResult) overBudget(budget int) error {
	if 100*r.wrong <= budget*r.given {
		return nil
	}
	return fmt.Errorf("%d of %d answers to the saved questions are wrong, %.1f %%: the error budget allows %d in 100",
		r.wrong, r.given, 100*float64(r.wrong)/float64(r.given), budget)
}

// verdicts counts what was said to rows of one sort, then holds shares.
type verdicts struct {
	N       int     `json:"n"`
	Known   float64 `json:"known"`
	Unsure  float64 `json:"unsure"`
	Unknown float64 `json:"unknown"`
	Aside   float64 `json:"aside"`
	Stop    float64 `json:"stop"`
}

type outside struct {
	verdicts
	ByKind map[string]*verdicts `json:"by_kind"`
}

func (v *verdicts) add(verdict bot.Verdict) {
	v.N++
	switch verdict {
	case bot.Known:
		v.Known++
	case bot.Unsure:
		v.Unsure++
	case bot.Unknown:
		v.Unknown++
	case bot.Aside:
		v.Aside++
	case bot.Stop:
		v.Stop++
	}
}

func (v *verdicts) toShares() {
	n := float64(max(v.N, 1))
	for _, count := range []*float64{&v.Known, &v.Unsure, &v.Unknown, &v.Aside, &v.Stop} {
		*count /= n
	}
}

// evaluate asks every row, with typos: the i-th of the i % len-th of some bases that differ in what they learnt alone. Rows
// whose entry the base lacks are skipped.
func evaluate(bases []opened, rows []evalRow, typos damage, p *progress) evalResult {
	t := newTally(bases)
	for i, row := range rows {
		p.step()
		if row.Slug != nil && !t.has(*row.Slug) {
			t.Skipped++
			continue
		}
		t.part = i % len(bases)
		started := time.Now()
		d := bases[t.part].bot.Consider(knowledge.Question{Text: typos.to(row.Text), Before: bot.Masked(row.Prev)})
		t.took = append(t.took, time.Since(started))
		t.add(row, d)
	}
	p.done()
	return t.result()
}

func (r evalResult) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "asked\t%d\tskipped\t%d\n", r.N, r.Skipped)
	for _, line := range []struct {
		name  string
		share float64
	}{{"top 1", r.Top1}, {"top 3", r.Top3}, {"mean reciprocal rank", r.MRR}, {"known and right", r.KnownRight},
		{"known and wrong", r.KnownWrong}, {"unsure", r.Unsure}, {"  of these, right one offered", r.UnsureHit},
		{"unknown", r.Unknown}, {"aside", r.Aside}, {"stop", r.Stop}, {"expected calibration error", r.ECE}} {
		fmt.Fprintf(t, "%s\t%5.1f %%\n", line.name, 100*line.share)
	}
	fmt.Fprintf(t, "a question\t%d us (p50)\t%d us (p99)\nopening the base\t%d ms\n", r.P50, r.P99, r.BuildMS)
	if r.OutOfScope.N > 0 {
		fmt.Fprint(t, "\nno entry answers\tasked\tknown\tunsure\tunknown\taside\tstop\n")
		for _, kind := range sortedKeys(r.OutOfScope.ByKind) {
			r.OutOfScope.ByKind[kind].print(t, kind)
		}
		r.OutOfScope.verdicts.print(t, "all")
	}
	printFound(t, "strand", r.ByStrand)
	printFound(t, "audience", r.ByAudience)
	printBudgets(t, r.Budgets)
	return t.Flush()
}

func printFound(w io.Writer, heading string, shares map[string]*check.Found) {
	if len(shares) > 0 {
		fmt.Fprintf(w, "\n%s\tasked\ttop 1\ttop 3\n", heading)
	}
	for _, name := range sortedKeys(shares) {
		f := shares[name]
		fmt.Fprintf(w, "%s\t%d\t%.1f %%\t%.1f %%\n", name, f.N, 100*f.Top1(), 100*f.Top3())
	}
}

func (v verdicts) print(w io.Writer, name string) {
	fmt.Fprintf(w, "%s\t%d\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\n", name, v.N, 100*v.Known, 100*v.Unsure, 100*v.Unknown, 100*v.Aside, 100*v.Stop)
}
