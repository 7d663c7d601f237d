package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"signpost/bot"
	"signpost/bot/people"
	"signpost/knowledge"
)

// askFlags say who asks and how to print the answer.
type askFlags struct {
	json, why       bool
	org, role, prev string
}

func (a *app) askCommand() *cobra.Command {
	var f askFlags
	c := &cobra.Command{
		Use:   "ask TEXT...",
		Short: "Ask one question and print the answer; nothing is kept",
		Example: "  signpost ask how do i see my shifts\n" +
			"  signpost ask --json --role nurse --org 'Royal Example' how do i request leave",
		Args: func(_ *cobra.Command, args []string) error {
			if strings.TrimSpace(strings.Join(args, "")) == "" {
				return usagef("ask what? Write the question after the command")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return a.with(c.Context(), func(o opened) error { return a.ask(o, f, strings.Join(args, " ")) })
		},
	}
	a.modelFlags(c)
	c.Flags().BoolVar(&f.json, "json", false, "print one JSON object")
	c.Flags().BoolVar(&f.why, "why", false, "say what carried each match and what would have tipped it")
	c.Flags().StringVar(&f.org, "org", "", "ask as somebody who works at this `PLACE`")
	c.Flags().StringVar(&f.role, "role", "", "ask as somebody with this `ROLE`, such as nurse")
	c.Flags().StringVar(&f.prev, "prev", "", "the question asked before (`TEXT`)")
	return c
}

// askedMatch and asked are the shape of ask --json.
type askedMatch struct {
	Entry       string  `json:"entry"`
	Title       string  `json:"title"`
	Probability float64 `json:"probability"`
	Why         string  `json:"why"`
	Tip         string  `json:"tip,omitempty"` // with --why: what would have tipped it
}

type asked struct {
	Verdict bot.Verdict  `json:"verdict"`
	Reason  string       `json:"reason"`
	Matches []askedMatch `json:"matches"`
	Text    string       `json:"text"`
	// AnswerFrom is the probability from which on an entry is answered; with --why.
	AnswerFrom *float64 `json:"answer_from,omitempty"`
}

func (a *app) ask(o opened, f askFlags, text string) error {
	q, err := question(o.base.Snapshot(), f, text)
	if err != nil {
		return err
	}
	d := o.bot.Consider(q)
	said := asked{Verdict: d.Verdict, Reason: d.Reason, Matches: []askedMatch{}, Text: o.bot.Text(q, d)}
	from := o.base.Snapshot().AnswerFrom(bot.ErrorBudget)
	for i, m := range d.Matches {
		match := askedMatch{Entry: m.Slug(), Title: m.Entry.Title, Probability: m.Probability, Why: m.Why()}
		if f.why {
			match.Tip = d.Tip(i, from)
		}
		said.Matches = append(said.Matches, match)
	}
	if f.why {
		said.AnswerFrom = &from
	}
	if f.json {
		return printJSON(a.out, said)
	}
	fmt.Fprintln(a.out, said.Text)
	if f.why {
		printWhy(a.out, d, from)
	}
	return nil
}

// question fills in who asks; the turn before is masked as it would have been when it was asked.
func question(base *knowledge.Snapshot, f askFlags, text string) (knowledge.Question, error) {
	q := knowledge.Question{Text: text, Before: bot.Masked(f.prev)}
	if f.org != "" {
		p, err := findPlace(base, "org", f.org)
		if err != nil {
			return q, err
		}
		q.Home = p.ID
	}
	if f.role != "" {
		role, ok := people.RoleCalled(f.role)
		if !ok {
			return q, usagef("--role %q: no such role; try nurse, carer, doctor, admin or manager", f.role)
		}
		q.Role = role.Role
	}
	return q, nil
}

// printJSON writes one value as indented JSON, without escaping what only HTML needs escaped.
func printJSON(w interface{ Write([]byte) (int, error) }, value any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(value)
}
