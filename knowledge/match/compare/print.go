package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

func printTable(out io.Writer, results []result) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "set\tsystem\ttop-1\t95 %\ttop-3\tAUROC\tcov@P95\tµs/question\tbuild ms")
	for _, r := range results {
		fmt.Fprintf(w, "%s\t%s\t%.1f\t%.1f-%.1f\t%.1f\t%s\t%s\t%.0f\t%.1f\n", r.Set, r.System, 100*r.Top1, 100*r.Top1Low,
			100*r.Top1High, 100*r.Top3, orDash("%.3f", r.AUROC, 1), orDash("%.1f", r.CovP95, 100), r.Micros, r.BuildMS)
	}
	return w.Flush()
}

func orDash(format string, value *float64, times float64) string {
	if value == nil {
		return "-"
	}
	return fmt.Sprintf(format, *value*times)
}

func printJSON(out io.Writer, results []result) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(results)
}
