package main

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/bot/escalation"
	"signpost/knowledge"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

func (a *app) escalationsCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "escalations", Short: "Questions on their way to, or with, a champion", Args: noArgs,
		Example: "  signpost escalations list --org 'Royal Example'\n  signpost escalations reassign VSFF4QUA4WGNGOS5TRDWXHAOZ3 --to slack:T1/U2",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.escalationsListCommand(), a.escalationsShowCommand(), a.escalationsReassignCommand(), a.escalationsExportCommand())
	return c
}

// A shownCase is a case as a coordinator sees it: never an asker's address, and a name only where they gave it.
type shownCase struct {
	ID       string       `json:"id"`
	State    string       `json:"state"`
	Asker    string       `json:"asker"`
	Role     string       `json:"role"`
	Place    string       `json:"place"`
	Topic    string       `json:"topic"`
	Question string       `json:"question"`
	Waiting  int          `json:"waiting"` // people
	Holder   chat.Address `json:"holder"`
	Made     string       `json:"made"`
	Closed   string       `json:"closed"`
	Due      string       `json:"due"`
	Reopened int          `json:"reopened"`
	Helped   string       `json:"helped"`
}

func showCase(c escalation.Case) shownCase {
	asker := c.Name
	if c.Anonymous || asker == "" {
		asker = "no name"
	}
	return shownCase{ID: c.ID, State: string(c.State), Asker: asker, Role: string(c.Role), Place: c.Home, Topic: c.Topic, Question: c.Question,
		Waiting: 1 + len(c.Followers), Holder: c.Holder, Made: clock(c.Made), Closed: clock(c.Closed), Due: clock(c.Next()), Reopened: c.Reopened, Helped: c.Helped}
}

// clock shows a time by the clock in London.
func clock(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(escalation.London).Format("2006-01-02 15:04")
}

func (a *app) escalationsListCommand() *cobra.Command {
	var org, state string
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List those that are not closed, oldest first", Args: noArgs,
		Example: "  signpost escalations list\n  signpost escalations list --org 'Royal Example' --state claimed --json",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				var at place.Place
				if org != "" {
					var err error
					if at, err = findPlace(o.base.Snapshot(), "org", org); err != nil {
						return err
					}
				}
				cases, err := escalation.List(c.Context(), o.db.Read(), at.ID, escalation.State(state))
				if err != nil {
					return err
				}
				return printCases(a.out, cases, asJSON)
			})
		},
	}
	c.Flags().StringVar(&org, "org", "", "only those of one `PLACE`")
	c.Flags().StringVar(&state, "state", "", "only those of one `STATE`: open, offered, claimed, answered or closed")
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON list")
	return c
}

func printCases(w io.Writer, cases []escalation.Case, asJSON bool) error {
	list := []shownCase{}
	for _, c := range cases {
		list = append(list, showCase(c))
	}
	if asJSON {
		return printJSON(w, list)
	}
	for _, c := range list {
		fmt.Fprintf(w, "%s  %s since %s, with %s, next step %s\n    %s\n", c.ID, c.State, c.Made, cmp.Or(string(c.Holder), "nobody yet"), cmp.Or(c.Due, "none"), c.Question)
	}
	if len(list) == 0 {
		fmt.Fprintln(w, "There are none.")
	}
	return nil
}

func (a *app) escalationsShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show one, with what was said", Args: cobra.ExactArgs(1),
		Example: "  signpost escalations show VSFF4QUA4WGNGOS5TRDWXHAOZ3",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				one, err := escalation.Get(c.Context(), o.db.Read(), args[0])
				if err != nil {
					return noSuchCase(args[0], err)
				}
				s := showCase(one)
				fmt.Fprintf(a.out, "%s  %s\nQuestion: %s\nFrom: %s (%s, %s), %d waiting\nWith: %s\nAsked: %s, next step: %s\n", s.ID, s.State, s.Question,
					s.Asker, cmp.Or(s.Role, "job not known"), cmp.Or(s.Place, "place not known"), s.Waiting, cmp.Or(string(s.Holder), "nobody yet"), s.Made, cmp.Or(s.Due, "none"))
				for _, l := range one.Lines {
					fmt.Fprintf(a.out, "%s  %s: %s\n", clock(l.At), l.From, cmp.Or(l.Text, "(deleted)"))
				}
				return nil
			})
		},
	}
}

func noSuchCase(id string, err error) error {
	if errors.Is(err, escalation.ErrNotFound) {
		return usagef("there is no escalation %q; signpost escalations list shows them", id)
	}
	return err
}

func (a *app) escalationsReassignCommand() *cobra.Command {
	var to string
	c := &cobra.Command{
		Use: "reassign ID --to ADDRESS", Short: "Give one to a champion, as soon as they are at work", Args: cobra.ExactArgs(1),
		Example: "  signpost escalations reassign VSFF4QUA4WGNGOS5TRDWXHAOZ3 --to slack:T1/U2",
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error {
				address, err := readAddress(to)
				if err != nil {
					return err
				}
				if err := a.reassign(c, o, args[0], address); err != nil {
					return err
				}
				fmt.Fprintf(a.out, "%s goes to %s, as soon as serve is running and they are at work.\n", args[0], address)
				return nil
			})
		},
	}
	c.Flags().StringVar(&to, "to", "", "the champion's `ADDRESS`")
	c.MarkFlagRequired("to")
	return c
}

// reassign looks whether it can be done, and leaves it to serve, which alone posts messages.
func (a *app) reassign(c *cobra.Command, o opened, id string, to chat.Address) error {
	book := &escalation.Book{DB: o.db, Tree: func() *place.Tree { return o.base.Snapshot().Places }}
	_, err := book.Act(c.Context(), id, escalation.Act{Kind: escalation.Reassign, To: to})
	switch {
	case errors.Is(err, escalation.ErrAway):
		return usagef("%s is no champion who could have it: they must be approved, of the same organisation, and not have asked it", to)
	case errors.Is(err, escalation.ErrOver):
		return usagef("%s is closed", id)
	case err != nil:
		return noSuchCase(id, err)
	}
	return o.db.Write(c.Context(), func(tx *sqldb.Tx) error {
		if err := desk.Schedule(c.Context(), tx, escalation.ReassignDue(id, to, o.db.Now())); err != nil {
			return err
		}
		return tx.Record(c.Context(), operator(), "escalation "+id+" reassign", "", string(to))
	})
}

func (a *app) escalationsExportCommand() *cobra.Command {
	return &cobra.Command{
		Use: "export", Short: "Print all that are kept as CSV, without addresses of askers", Args: noArgs,
		Example: "  signpost escalations export",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				cases, err := escalation.Everything(c.Context(), o.db.Read())
				if err != nil {
					return err
				}
				return exportCases(a.out, o.base.Snapshot(), cases)
			})
		},
	}
}

func exportCases(w io.Writer, base *knowledge.Snapshot, cases []escalation.Case) error {
	out := csv.NewWriter(w)
	out.Write([]string{"id", "state", "asker", "role", "place", "topic", "question", "waiting", "holder", "asked", "closed", "next step", "reopened", "helped", "lines"})
	for _, one := range cases {
		c := showCase(one)
		where, _ := base.Places.Get(c.Place)
		row := []string{c.ID, c.State, c.Asker, c.Role, cmp.Or(where.Name, c.Place), c.Topic, c.Question, strconv.Itoa(c.Waiting), string(c.Holder), c.Made, c.Closed,
			c.Due, strconv.Itoa(c.Reopened), c.Helped, strconv.Itoa(len(one.Lines))}
		for i := range row {
			row[i] = unformula(row[i])
		}
		out.Write(row)
	}
	out.Flush()
	return out.Error()
}

// unformula keeps a spreadsheet from taking what somebody typed for a formula.
func unformula(cell string) string {
	if cell != "" && (cell[0] == '=' || cell[0] == '+' || cell[0] == '-' || cell[0] == '@' || cell[0] == '\t') {
		return "'" + cell
	}
	return cell
}
