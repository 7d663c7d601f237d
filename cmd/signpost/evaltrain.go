package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"signpost/bot"
	"signpost/knowledge/match"
)

// labelRow is a question of a public set; its label is the entry that answers it.
type labelRow struct {
	Text  string `json:"text"`
	Label string `json:"label"`
}

func (r labelRow) check() error {
	if strings.TrimSpace(r.Text) == "" || r.Label == "" {
		return errors.New(`a row needs a "text" and a "label"`)
	}
	return nil
}

// trainResult is the shape of eval --train --json. Shares are of N, but OOSNotAnswered of the rows of --oos; what --oos
// measures is null without it.
type trainResult struct {
	N              int      `json:"n"`
	Top1           float64  `json:"top1"`
	Top3           float64  `json:"top3"`
	MRR            float64  `json:"mrr"`
	AUROC          *float64 `json:"auroc"`
	CovP95         *float64 `json:"cov_p95"`
	KnownRight     float64  `json:"known_right"`
	KnownWrong     float64  `json:"known_wrong"`
	OOSNotAnswered *float64 `json:"oos_not_answered"`
	P50            int64    `json:"p50_us"`
	P99            int64    `json:"p99_us"`
	FitMS          int64    `json:"fit_ms"`

	outside, unknown int     // rows of --oos; rows whose label no training row has
	answerFrom       float64 // the matcher's own
	model            string
}

// evalTrain makes a throw-away base whose entries are the labels of the training rows and asks it the test rows: the
// matcher alone.
func (a *app) evalTrain(ctx context.Context, f evalFlags, test string) error {
	train, err := readChecked(f.train, labelRow.check)
	if err != nil {
		return err
	}
	rows, err := readChecked(test, labelRow.check)
	if err != nil {
		return err
	}
	var outside []labelRow
	if f.oos != "" {
		if outside, err = readRows[labelRow](f.oos); err != nil {
			return err
		}
	}
	started := time.Now()
	m := &labelMatcher{model: a.loadModel(a.log())}
	if err := m.fit(ctx, train, a.progressOf()); err != nil {
		return err
	}
	fitted := time.Since(started)
	result, err := m.measure(ctx, rows, outside, f.damage, newProgress(a.err, "asked", len(rows)+len(outside)))
	if err != nil {
		return err
	}
	result.FitMS = fitted.Milliseconds()
	if f.json {
		return printJSON(a.out, result)
	}
	return result.print(a.out)
}

// measure asks all rows, one after the other, so that the time each takes means something.
func (m *labelMatcher) measure(ctx context.Context, rows, outside []labelRow, d damage, p *progress) (trainResult, error) {
	r := trainResult{N: len(rows), outside: len(outside), answerFrom: m.index.AnswerFrom(bot.ErrorBudget)}
	if m.model != nil {
		r.model = m.model.ID()
	}
	var all []graded
	var took []time.Duration
	for i, row := range append(slices.Clone(rows), outside...) {
		if ctx.Err() != nil {
			return r, ctx.Err()
		}
		started := time.Now()
		hits := m.ask(d.to(row.Text))
		took = append(took, time.Since(started))
		g := graded{inScope: i < len(rows), found: len(hits) > 0}
		if g.found {
			g.probability = hits[0].Probability
		}
		if g.inScope {
			g.right = r.rank(1 + slices.IndexFunc(hits, func(h match.Hit) bool { return h.ID == row.Label }))
			if !m.known[row.Label] {
				r.unknown++
			}
		}
		all = append(all, g)
		p.step()
	}
	p.done()
	slices.Sort(took)
	r.P50, r.P99 = percentile(took, 50), percentile(took, 99)
	r.toShares(all)
	return r, nil
}

// rank counts where the right label stands, from 1; 0 if it was not found.
func (r *trainResult) rank(at int) (first bool) {
	if at > 0 {
		r.MRR += 1 / float64(at)
	}
	if at > 0 && at <= 3 {
		r.Top3++
	}
	if at == 1 {
		r.Top1++
	}
	return at == 1
}

// toShares adds the verdicts and turns counts into shares.
func (r *trainResult) toShares(all []graded) {
	notAnswered := 0.0
	for _, g := range all {
		answered := g.found && g.probability >= r.answerFrom
		switch {
		case answered && g.right:
			r.KnownRight++
		case answered && g.inScope:
			r.KnownWrong++
		case !answered && !g.inScope:
			notAnswered++
		}
	}
	for _, count := range []*float64{&r.Top1, &r.Top3, &r.MRR, &r.KnownRight, &r.KnownWrong} {
		*count /= float64(max(r.N, 1))
	}
	if r.outside > 0 {
		area, coverage := auroc(all), coverageAt(0.95, all)
		notAnswered /= float64(r.outside)
		r.AUROC, r.CovP95, r.OOSNotAnswered = &area, &coverage, &notAnswered
	}
}

func (r trainResult) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "matched by\t%s\n", matchedBy(r.model))
	fmt.Fprintf(t, "asked\t%d\tout of scope\t%d\n", r.N, r.outside)
	for _, line := range []struct {
		name  string
		share float64
	}{{"top 1", r.Top1}, {"top 3", r.Top3}} {
		low, high := wilson(int(line.share*float64(r.N)+0.5), r.N)
		fmt.Fprintf(t, "%s\t%5.1f %%\t%.1f to %.1f (95 %%)\n", line.name, 100*line.share, 100*low, 100*high)
	}
	fmt.Fprintf(t, "mean reciprocal rank\t%5.1f %%\n", 100*r.MRR)
	fmt.Fprintf(t, "answered from %.0f %%\n  right\t%5.1f %%\n  wrong\t%5.1f %%\n", 100*r.answerFrom, 100*r.KnownRight, 100*r.KnownWrong)
	if r.outside > 0 {
		fmt.Fprintf(t, "  out of scope not answered\t%5.1f %%\n", 100**r.OOSNotAnswered)
		fmt.Fprintf(t, "AUROC, in scope or not\t%5.3f\nanswered with 95 %% right\t%5.1f %%\n", *r.AUROC, 100**r.CovP95)
	}
	if r.unknown > 0 {
		fmt.Fprintf(t, "no training row has the label of\t%d\n", r.unknown)
	}
	fmt.Fprintf(t, "a question\t%d us (p50)\t%d us (p99)\nlearning\t%d ms\n", r.P50, r.P99, r.FitMS)
	return t.Flush()
}

func matchedBy(model string) string {
	if model == "" {
		return "words alone"
	}
	return "words and meaning (model " + model + ")"
}
