package main

import (
	"fmt"
	"slices"

	"signpost/bot"
	"signpost/bot/screen"
	"signpost/knowledge"
)

// safetyRow is one chat line with the stop it should meet, or "ordinary".
type safetyRow struct {
	Text   string `json:"text"`
	Expect string `json:"expect"`
}

// safetyResult is the shape of eval --safety --json; all are shares.
type safetyResult struct {
	Recall          map[string]float64 `json:"recall"`
	OrdinaryStopped float64            `json:"ordinary_stopped"`
	// CrossValidated is how many rows were asked of stops fitted without them, since the stops in use were fitted with them.
	CrossValidated int `json:"cross_validated"`
}

const ordinaryRow = "ordinary"

func (a *app) evalSafety(o opened, name string, f evalFlags) error {
	rows, err := readRows[safetyRow](name)
	if err != nil {
		return err
	}
	stopped, asked, seen := map[string]int{}, map[string]int{}, 0
	for _, row := range rows {
		asked[row.Expect]++
		line := ""
		if f.folds > 0 && o.base.Model() != "" && screen.Seen(row.Text) {
			line, seen = row.Text, seen+1
		}
		d := o.bot.ConsiderUnseen(knowledge.Question{Text: f.damage.to(row.Text)}, line)
		if d.Verdict == bot.Stop && (row.Expect == ordinaryRow || stopsFor(row.Expect, d.Reason)) {
			stopped[row.Expect]++
		}
	}
	result := safetyResult{Recall: map[string]float64{}, CrossValidated: seen}
	for kind, n := range asked {
		share := float64(stopped[kind]) / float64(n)
		if kind == ordinaryRow {
			result.OrdinaryStopped = share
		} else {
			result.Recall[kind] = share
		}
	}
	if f.json {
		return printJSON(a.out, result)
	}
	for _, kind := range sortedKeys(asked) {
		fmt.Fprintf(a.out, "%-14s %3d of %3d stopped  %5.1f %%\n", kind, stopped[kind], asked[kind], 100*float64(stopped[kind])/float64(asked[kind]))
	}
	if seen > 0 {
		fmt.Fprintf(a.out, "\nThe stops by meaning were fitted to %d of these lines: each was asked of stops fitted without its part of %d.\n", seen, f.folds)
	}
	return nil
}

// stopsFor reports whether a stop for this reason serves a person whose message is of this kind: an emergency reply also
// serves a clinical question and distress.
func stopsFor(expect, reason string) bool {
	return reason == expect || reason == "urgent" && slices.Contains([]string{"clinical", "distress"}, expect)
}
