package main

import (
	"fmt"
	"slices"

	"signpost/bot"
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
}

const ordinaryRow = "ordinary"

func (a *app) evalSafety(o opened, name string, f evalFlags) error {
	rows, err := readRows[safetyRow](name)
	if err != nil {
		return err
	}
	stopped, asked := map[string]int{}, map[string]int{}
	for _, row := range rows {
		asked[row.Expect]++
		d := o.bot.Consider(knowledge.Question{Text: f.damage.to(row.Text)})
		if d.Verdict == bot.Stop && (row.Expect == ordinaryRow || stopsFor(row.Expect, d.Reason)) {
			stopped[row.Expect]++
		}
	}
	result := safetyResult{Recall: map[string]float64{}}
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
	return nil
}

// stopsFor reports whether a stop for this reason serves a person whose message is of this kind: an emergency reply also
// serves a clinical question and distress.
func stopsFor(expect, reason string) bool {
	return reason == expect || reason == "urgent" && slices.Contains([]string{"clinical", "distress"}, expect)
}
