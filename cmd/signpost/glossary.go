package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

func (a *app) glossaryCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "glossary", Short: "The glossary: systems, acronyms and other words", Args: noArgs,
		Example: "  signpost glossary list\n  signpost glossary set OT --kind acronym --full 'occupational therapist' --means 'helps people do things'",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.glossaryListCommand(), a.glossarySetCommand(), a.glossaryRemoveCommand())
	return c
}

func (a *app) glossaryListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List every word and what it means", Example: "  signpost glossary list", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				terms := o.base.Snapshot().Terms
				if asJSON {
					return printJSON(a.out, terms)
				}
				for _, t := range terms {
					fmt.Fprintf(a.out, "%-20s %-8s %s\n", t.Name, t.Kind, t.Means)
					if others := slices.Concat(t.Also, t.Was, t.Typed); len(others) > 0 {
						fmt.Fprintf(a.out, "%-29s %s\n", "", strings.Join(others, ", "))
					}
				}
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}

func (a *app) glossarySetCommand() *cobra.Command {
	var who curator
	var t knowledge.Term
	var kind string
	c := &cobra.Command{
		Use: "set WORD", Short: "Add a word, or change what is said of it; what no flag names stays",
		Example: "  signpost glossary set ESR --kind system --means 'the staff record' --also 'my esr,electronic staff record'",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				t.Name, t.Kind = strings.Join(args, " "), knowledge.TermKind(kind)
				word := overTerm(c, o.base.Snapshot(), t)
				return a.changeWord(c, o, word.Name+" is in the glossary.", func(tx *sqldb.Tx) error {
					return o.base.SaveTerm(c.Context(), tx, word, who.act(knowledge.AnyVersion))
				})
			})
		},
	}
	who.flags(c)
	c.Flags().StringVar(&kind, "kind", "", "the `KIND`: system, acronym or word")
	c.Flags().StringVar(&t.Full, "full", "", "its `NAME` in full")
	c.Flags().StringVar(&t.Means, "means", "", "what it `MEANS`")
	c.Flags().StringSliceVar(&t.Also, "also", nil, "other `NAMES`, separated by commas")
	c.Flags().StringSliceVar(&t.Was, "was", nil, "`NAMES` that are no longer right")
	c.Flags().StringSliceVar(&t.Typed, "typed", nil, "how people misspell it (`WORDS`)")
	return c
}

// overTerm puts what the flags say over the word as it is.
func overTerm(c *cobra.Command, base *knowledge.Snapshot, said knowledge.Term) knowledge.Term {
	i := slices.IndexFunc(base.Terms, func(t knowledge.Term) bool { return strings.EqualFold(t.Name, said.Name) })
	if i < 0 {
		return said
	}
	t := base.Terms[i]
	for flag, put := range map[string]func(){
		"kind": func() { t.Kind = said.Kind }, "full": func() { t.Full = said.Full }, "means": func() { t.Means = said.Means },
		"also": func() { t.Also = said.Also }, "was": func() { t.Was = said.Was }, "typed": func() { t.Typed = said.Typed },
	} {
		if c.Flags().Changed(flag) {
			put()
		}
	}
	return t
}

func (a *app) glossaryRemoveCommand() *cobra.Command {
	var who curator
	c := &cobra.Command{
		Use: "remove WORD", Short: "Take a word out of the glossary", Example: "  signpost glossary remove ESR", Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name := strings.Join(args, " ")
			return a.with(c.Context(), func(o opened) error {
				return a.changeWord(c, o, name+" is taken out.", func(tx *sqldb.Tx) error {
					return o.base.RemoveTerm(c.Context(), tx, name, who.act(knowledge.AnyVersion))
				})
			})
		},
	}
	who.flags(c)
	return c
}

func (a *app) changeWord(c *cobra.Command, o opened, done string, do func(tx *sqldb.Tx) error) error {
	if err := o.db.Write(c.Context(), do); err != nil {
		return err
	}
	fmt.Fprintln(a.out, done)
	return o.base.Refresh(c.Context())
}
