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
	"signpost/knowledge"
)

func (a *app) evalCommand() *cobra.Command {
	var asJSON, safety bool
	c := &cobra.Command{
		Use: "eval QUESTIONS.jsonl", Short: "Measure how well questions find their entries",
		Long: "Ask every question of a file and compare with the right entry. Rows are {\"text\", \"slug\" or null, \"prev\"?, \"also\"?, \"kind\"?};\n" +
			"with --safety they are {\"text\", \"expect\"} and the stops are measured.",
		Example: "  signpost eval questions.jsonl\n  signpost eval --safety safety.jsonl --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			started := time.Now()
			return a.with(c.Context(), func(o opened) error {
				build := time.Since(started)
				if safety {
					return a.evalSafety(o, args[0], asJSON)
				}
				rows, err := readRows[evalRow](args[0])
				if err != nil {
					return err
				}
				result := evaluate(o.bot, o.base.Snapshot(), rows, newProgress(a.err, "asked", len(rows)))
				result.BuildMS = build.Milliseconds()
				if asJSON {
					return printJSON(a.out, result)
				}
				return result.print(a.out)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object; shares are 0 to 1")
	c.Flags().BoolVar(&safety, "safety", false, "measure the stops")
	return c
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
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("%s line %d: %w", name, n, err)
		}
		rows = append(rows, row)
	}
	return rows, lines.Err()
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
	P50        int64   `json:"p50_us"`
	P99        int64   `json:"p99_us"`
	BuildMS    int64   `json:"build_ms"`
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

// evaluate asks every row. Rows whose entry the base lacks are skipped.
func evaluate(b *bot.Bot, base *knowledge.Snapshot, rows []evalRow, p *progress) evalResult {
	t := newTally(base)
	for _, row := range rows {
		p.step()
		if row.Slug != nil && !t.has(*row.Slug) {
			t.Skipped++
			continue
		}
		started := time.Now()
		d := b.Consider(knowledge.Question{Text: row.Text, Before: bot.Masked(row.Prev)})
		t.took = append(t.took, time.Since(started))
		if row.Slug == nil {
			t.outOfScope(row.Kind, d.Verdict)
		} else {
			t.inScope(row, d)
		}
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
		{"unknown", r.Unknown}, {"aside", r.Aside}, {"stop", r.Stop}} {
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
	return t.Flush()
}

func (v verdicts) print(w io.Writer, name string) {
	fmt.Fprintf(w, "%s\t%d\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\n", name, v.N, 100*v.Known, 100*v.Unsure, 100*v.Unknown, 100*v.Aside, 100*v.Stop)
}
