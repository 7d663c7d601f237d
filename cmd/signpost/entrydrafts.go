package main

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// draftLine is the shape of entry drafts --json.
type draftLine struct {
	ID     int64                   `json:"id"`
	Entry  string                  `json:"entry"`
	Place  string                  `json:"place"`
	State  knowledge.ProposalState `json:"state"`
	Author string                  `json:"author"`
	Stale  bool                    `json:"stale"`
	Note   string                  `json:"note"`
}

func (a *app) entryDraftsCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "drafts", Short: "List drafts, those waiting for approval first", Example: "  signpost entry drafts", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				drafts, err := o.base.Drafts(c.Context(), knowledge.Ref{})
				if err != nil {
					return err
				}
				return a.printDrafts(drafts, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}

func (a *app) printDrafts(drafts []knowledge.Proposal, asJSON bool) error {
	list := []draftLine{}
	for _, p := range drafts {
		list = append(list, draftLine{p.ID, p.Entry.Slug, p.Entry.Place, p.State, p.Author, p.Stale(), p.Note})
	}
	if asJSON {
		return printJSON(a.out, list)
	}
	if len(list) == 0 {
		fmt.Fprintln(a.out, "No drafts are waiting.")
	}
	for _, p := range list {
		fmt.Fprintf(a.out, "%3d  %-7s %s at %s, by %s\n", p.ID, p.State, p.Entry, p.Place, p.Author)
		if p.Stale {
			fmt.Fprintln(a.out, "     the entry was changed since it was begun")
		}
		if p.Note != "" {
			fmt.Fprintln(a.out, "     "+p.Note)
		}
	}
	return nil
}

// draftCommand makes the command of an act on a draft, which is named by its number or, where there is one only, by its
// slug.
func (a *app) draftCommand(use, short string, do func(c *cobra.Command, o opened, p knowledge.Proposal, who curator) error) *cobra.Command {
	var who curator
	var at target
	c := &cobra.Command{
		Use: use + " DRAFT", Short: short, Example: "  signpost entry " + use + " 12\n  signpost entry " + use + " roster-view-shifts", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				p, err := findDraft(c, o, at, args[0])
				if err != nil {
					return err
				}
				return a.explain(do(c, o, p, who), &p.Entry)
			})
		},
	}
	who.flags(c)
	at.flags(c)
	return c
}

func findDraft(c *cobra.Command, o opened, at target, said string) (knowledge.Proposal, error) {
	if id, err := strconv.ParseInt(said, 10, 64); err == nil {
		p, err := o.base.Draft(c.Context(), id)
		if errors.Is(err, knowledge.ErrNotFound) {
			err = fmt.Errorf("%w; signpost entry drafts lists them", err)
		}
		return p, err
	}
	home, err := homeOf(o.base.Snapshot(), at.org)
	if err != nil {
		return knowledge.Proposal{}, err
	}
	drafts, err := o.base.Drafts(c.Context(), knowledge.Ref{Slug: said, Place: home})
	switch {
	case err != nil:
		return knowledge.Proposal{}, err
	case len(drafts) == 0:
		return knowledge.Proposal{}, fmt.Errorf("draft of %q: %w; signpost entry drafts lists them", said, knowledge.ErrNotFound)
	case len(drafts) > 1:
		return knowledge.Proposal{}, usagef("there are %d drafts of %q; say which by its number, see signpost entry drafts", len(drafts), said)
	}
	return drafts[0], nil
}

func (a *app) entryApproveCommand() *cobra.Command {
	return a.draftCommand("approve", "Put a draft live", func(c *cobra.Command, o opened, p knowledge.Proposal, who curator) error {
		changed, err := change(c, o, func(tx *sqldb.Tx) (knowledge.Change, error) {
			return o.base.Approve(c.Context(), tx, p.ID, who.act(p.Saved))
		})
		if err != nil {
			return err
		}
		return a.sayDone(p.Entry, changed, "is approved")
	})
}

// moveDraft is Submit, Reject or Drop.
type moveDraft func(base *knowledge.Base, c *cobra.Command, tx *sqldb.Tx, id int64, act knowledge.Act) (knowledge.Proposal, error)

func (a *app) moveCommand(use, short, done string, do moveDraft) *cobra.Command {
	return a.draftCommand(use, short, func(c *cobra.Command, o opened, p knowledge.Proposal, who curator) error {
		err := o.db.Write(c.Context(), func(tx *sqldb.Tx) error {
			_, err := do(o.base, c, tx, p.ID, who.act(p.Saved))
			return err
		})
		if err == nil {
			fmt.Fprintf(a.out, "Draft %d of %s at %s %s.\n", p.ID, p.Entry.Slug, p.Entry.Place, done)
		}
		return err
	})
}

func (a *app) entrySubmitCommand() *cobra.Command {
	return a.moveCommand("submit", "Ask for a draft to be approved", "waits for approval",
		func(base *knowledge.Base, c *cobra.Command, tx *sqldb.Tx, id int64, act knowledge.Act) (knowledge.Proposal, error) {
			return base.Submit(c.Context(), tx, id, act)
		})
}

func (a *app) entryRejectCommand() *cobra.Command {
	return a.moveCommand("reject", "Send a draft back to its author; --because says why", "is sent back",
		func(base *knowledge.Base, c *cobra.Command, tx *sqldb.Tx, id int64, act knowledge.Act) (knowledge.Proposal, error) {
			return base.Reject(c.Context(), tx, id, act)
		})
}

func (a *app) entryDropCommand() *cobra.Command {
	return a.moveCommand("drop", "Close a draft without putting it live", "is closed",
		func(base *knowledge.Base, c *cobra.Command, tx *sqldb.Tx, id int64, act knowledge.Act) (knowledge.Proposal, error) {
			return base.Drop(c.Context(), tx, id, act)
		})
}
