package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/knowledge"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// setupFlags are what a run of setup was told beforehand; the rest it asks for.
type setupFlags struct {
	name, kind, in, ods, details, admin, template string
}

func (a *app) setupCommand() *cobra.Command {
	var f setupFlags
	c := &cobra.Command{
		Use: "setup", Short: "An organisation's first day: its place, its local details, its first admin", Args: noArgs,
		Long: "Set up one organisation. What the flags do not say is asked for, line by line; Enter skips a question.\n" +
			"It can be run again at any time: what is there already stays, and only what is missing is asked for.",
		Example: "  signpost setup\n" +
			"  signpost setup --name 'Royal Example' --kind trust --in London --details details.xlsx --admin slack:T1/U2\n" +
			"  signpost setup --name 'Royal Example' --template details.xlsx",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(o opened) error {
				s := &setup{app: a, opened: o, flags: f, lines: bufio.NewScanner(a.in)}
				return s.run(c.Context())
			})
		},
	}
	c.Flags().StringVar(&f.name, "name", "", "the organisation's `NAME`")
	c.Flags().StringVar(&f.kind, "kind", "", "the `KIND` of organisation: "+kinds())
	c.Flags().StringVar(&f.in, "in", "", "the `REGION`, or place, that it belongs to")
	c.Flags().StringVar(&f.ods, "ods", "", "its ODS `CODE`, if it has one")
	c.Flags().StringVar(&f.details, "details", "", "a spreadsheet with its local details (`FILE`, .csv or .xlsx)")
	c.Flags().StringVar(&f.admin, "admin", "", "the first admin's `ADDRESS`, such as slack:T1/U2")
	c.Flags().StringVar(&f.template, "template", "", "write the spreadsheet to fill in to this `FILE` (.csv or .xlsx), and end")
	return c
}

// A setup is one run of the command.
type setup struct {
	*app
	opened
	flags setupFlags
	lines *bufio.Scanner
	at    place.Place
}

func (s *setup) run(ctx context.Context) error {
	if s.flags.template != "" {
		return s.writeTemplate()
	}
	for _, step := range []func(context.Context) error{s.settlePlace, s.settleDetails, s.settleAdmin} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	s.sum()
	return nil
}

// ask prints a question and reads a line; ok is false where there is none.
func (s *setup) ask(question string) (line string, ok bool) {
	fmt.Fprint(s.out, question+" ")
	if !s.lines.Scan() {
		fmt.Fprintln(s.out)
		return "", false
	}
	return strings.TrimSpace(s.lines.Text()), true
}

// settlePlace finds the organisation, or adds it.
func (s *setup) settlePlace(ctx context.Context) error {
	name := s.flags.name
	if name == "" {
		name, _ = s.ask("What is your organisation called?")
	}
	if name == "" {
		return usagef("which organisation? Give its --name")
	}
	if p, err := s.base.Snapshot().Places.Find(name); err == nil {
		s.at = p
		fmt.Fprintf(s.out, "%s is here already, as %s.\n", p.Name, p.ID)
		return nil
	}
	p, err := s.newPlace(name)
	if err != nil {
		return err
	}
	if s.at, err = addPlace(ctx, s.opened, p); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Added %s as %s.\n", s.at.Name, s.at.ID)
	return s.base.Refresh(ctx)
}

func (s *setup) newPlace(name string) (place.Place, error) {
	if near := s.base.Snapshot().Places.Misspelt(name, 3); len(near) > 0 {
		fmt.Fprintf(s.out, "Not to be mixed up with %s, which is here already.\n", near[0].Name)
	}
	kind := s.flags.kind
	if kind == "" {
		kind, _ = s.ask("What kind of organisation is it? One of " + kinds() + ".")
	}
	if kind == "" {
		return place.Place{}, usagef("what kind of organisation is it? Give --kind, one of %s", kinds())
	}
	in := s.flags.in
	if in == "" {
		in, _ = s.ask("Which region is it in? One of " + strings.Join(s.regions(), ", ") + ".")
	}
	if in == "" {
		return place.Place{}, usagef("which region is it in? Give --in")
	}
	parent, err := findPlace(s.base.Snapshot(), "in", in)
	return place.Place{Name: name, Kind: place.Kind(strings.ToLower(kind)), Parent: parent.ID, ODS: s.flags.ods}, err
}

func (s *setup) regions() []string {
	var names []string
	for _, p := range s.base.Snapshot().Places.All() {
		if p.Kind == place.Region {
			names = append(names, p.Name)
		}
	}
	return names
}

// settleDetails fills in local details, from a spreadsheet or step by step. All of them are written together, so that a
// mistake in a row leaves everything as it was.
func (s *setup) settleDetails(ctx context.Context) error {
	values, err := s.readDetails()
	if err != nil || len(values) == 0 {
		return err
	}
	err = s.db.Write(ctx, func(tx *sqldb.Tx) error {
		for _, key := range s.base.Snapshot().LocalKeys {
			value, ok := values[key.Key]
			if !ok {
				continue
			}
			before, err := place.SetDetail(ctx, tx, s.at.ID, key.Key, value)
			if err != nil {
				return fmt.Errorf("%s: %w", key.Key, err)
			}
			if before == value {
				continue
			}
			if err := tx.Record(ctx, operator(), "local detail "+key.Key+"@"+s.at.ID, before, value); err != nil {
				return err
			}
		}
		_, err := tx.Raise(ctx)
		return err
	})
	if errors.Is(err, place.ErrDetail) {
		return usageError{err}
	} else if err != nil {
		return err
	}
	return s.base.Refresh(ctx)
}

func (s *setup) readDetails() (map[string]string, error) {
	if s.flags.details != "" {
		return s.readSheet(s.flags.details)
	}
	missing, _, _ := s.missing()
	if len(missing) == 0 {
		return nil, nil
	}
	fmt.Fprintf(s.out, "\nNow what only %s knows. Enter skips one, a dot ends; signpost setup --template FILE gives a spreadsheet instead.\n", s.at.Name)
	values := map[string]string{}
	for i, name := range missing {
		key, _ := s.base.Snapshot().LocalKey(name)
		line, ok := s.ask(fmt.Sprintf("%d of %d. %s (%s):", i+1, len(missing), key.Name, key.Ask))
		if !ok || line == "." {
			break
		}
		if line != "" {
			values[name] = line
		}
	}
	return values, nil
}

// settleAdmin names the first admin, unless the organisation has one.
func (s *setup) settleAdmin(ctx context.Context) error {
	grants, err := people.Grants(ctx, s.db.Read())
	if err != nil {
		return err
	}
	chain := s.base.Snapshot().Places.Chain(s.at.ID)
	if s.flags.admin == "" && slices.ContainsFunc(grants, func(g people.Grant) bool { return g.Right == people.Admin && slices.Contains(chain, g.Place) }) {
		return nil
	}
	typed := s.flags.admin
	if typed == "" {
		typed, _ = s.ask("\nWho is the first admin? Their address, such as slack:T1/U2 (they can type me to read it), or Enter for later:")
	}
	if typed == "" {
		fmt.Fprintf(s.out, "No admin yet. Later: signpost person grant admin ADDRESS --at %s\n", s.at.ID)
		return nil
	}
	address, err := readAddress(typed)
	if err != nil {
		return err
	}
	return s.giveAdmin(ctx, address)
}

func (s *setup) giveAdmin(ctx context.Context, address chat.Address) error {
	g := people.Grant{Person: address, Right: people.Admin, Place: s.at.ID, By: operator()}
	if err := s.db.Write(ctx, func(tx *sqldb.Tx) error { return people.Give(ctx, tx, g) }); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s is an admin at %s.\n", address, s.at.Name)
	return nil
}

// sum says how much is filled in, and what the rest would unlock, the most useful first.
func (s *setup) sum() {
	base := s.base.Snapshot()
	missing, each, together := s.missing()
	filled := len(base.LocalKeys) - len(missing)
	fmt.Fprintf(s.out, "\n%s: %d of %d local details filled in", s.at.Name, filled, len(base.LocalKeys))
	if len(missing) == 0 {
		fmt.Fprintln(s.out, ". That is all of them.")
		return
	}
	fmt.Fprintf(s.out, "; these %d unlock %s:\n", len(missing), count(together, "answer"))
	for _, name := range missing {
		key, _ := base.LocalKey(name)
		fmt.Fprintf(s.out, "  %-18s %3d  %s\n", name, each[name], key.Ask)
	}
	fmt.Fprintf(s.out, "signpost local set --org %s %s '...' fills one in; signpost setup does the rest.\n", s.at.ID, missing[0])
}

// missing lists the details that are not filled in, those that unlock the most answers first, with how many each unlocks,
// and all of them together.
func (s *setup) missing() (names []string, each map[string]int, together int) {
	base := s.base.Snapshot()
	names = missingDetails(base, s.at.ID)
	each, together = unlocks(base, s.at.ID, names)
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(each[b], each[a]) })
	return names, each, together
}

// unlocks counts the live entries of a place that wait for each missing detail, and for any of them.
func unlocks(base *knowledge.Snapshot, at string, missing []string) (each map[string]int, together int) {
	each = map[string]int{}
	for _, e := range base.Entries(at) {
		waits := false
		for _, key := range e.LocalKeys() {
			if slices.Contains(missing, key) {
				each[key]++
				waits = true
			}
		}
		if waits {
			together++
		}
	}
	return each, together
}
