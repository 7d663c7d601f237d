package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"signpost/knowledge"
)

func (a *app) gapsCommand() *cobra.Command {
	var asJSON bool
	var most int
	c := &cobra.Command{
		Use: "gaps", Short: "List questions nobody could be helped with, those asked most first", Example: "  signpost gaps", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				gaps, err := o.base.Gaps(c.Context(), most)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.out, append([]knowledge.Gap{}, gaps...))
				}
				for _, g := range gaps {
					fmt.Fprintf(a.out, "%4d  %s  %s\n", g.Count, g.Last.Format("2006-01-02"), g.Text)
				}
				if len(gaps) == 0 {
					fmt.Fprintln(a.out, "Nobody has asked anything that could not be helped with.")
				} else {
					fmt.Fprintln(a.out, "To help next time: signpost entry edit SLUG for another way of asking, signpost entry edit --new SLUG for a new entry.")
				}
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	c.Flags().IntVar(&most, "most", 50, "at most this `NUMBER`")
	return c
}

func (a *app) reportsCommand() *cobra.Command {
	var asJSON bool
	var org string
	var most int
	c := &cobra.Command{
		Use: "reports", Short: "List what people said is wrong with an answer, newest first", Example: "  signpost reports", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				home, err := homeOf(o.base.Snapshot(), org)
				if err != nil {
					return err
				}
				reports, err := o.base.Reports(c.Context(), home, most)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.out, append([]knowledge.Report{}, reports...))
				}
				if len(reports) == 0 {
					fmt.Fprintln(a.out, "Nobody has said that anything is wrong.")
				}
				for _, r := range reports {
					fmt.Fprintf(a.out, "%s  %-5s  %s  %s\n", r.At.Format("2006-01-02"), r.What, r.Slug, r.More)
				}
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	c.Flags().StringVar(&org, "org", "", "only from people at this `PLACE`")
	c.Flags().IntVar(&most, "most", 50, "at most this `NUMBER`")
	return c
}
