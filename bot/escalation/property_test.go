package escalation_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"signpost/bot/chat"
	"signpost/bot/escalation"
)

// sequencesVariable, if set, is how many random sequences to run instead of 2,000; the bar is 100000.
const sequencesVariable = "SIGNPOST_SEQUENCES"

var everybody = []chat.Address{"test:asker0", "test:asker1", "test:asker2", "test:c0", "test:c1", "test:c2", "test:c3", "test:c4", "test:w0", "test:w1", "test:last"}

var askerKinds = []escalation.Kind{escalation.Reply, escalation.Cancel, escalation.Sorted, escalation.Helped, escalation.NotHelped, escalation.Reopen, escalation.Reveal, escalation.Unfollow}
var holderKinds = []escalation.Kind{escalation.Pass, escalation.AskBack, escalation.Answer, escalation.Note, escalation.Link, escalation.Snooze, escalation.Close}

// TestRandomSequences: whatever people do, in whatever order, every promise of world holds.
func TestRandomSequences(t *testing.T) {
	checks := os.Getenv(sequencesVariable)
	if checks == "" {
		checks = "2000"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		t.Fatal(err)
	}
	flag.Set("rapid.nofailfile", "true") // a random failure leaves no file in the house; its seed is printed
	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		r := &random{T: t, world: newWorld(t.Fatalf, time.Date(2026, 10, 21, 9, 0, 0, 0, time.UTC)), seen: seen}
		r.ask()
		for range rapid.IntRange(5, 40).Draw(t, "steps") {
			r.step()
		}
	})
	for _, kind := range slices.Concat(askerKinds, holderKinds, []escalation.Kind{escalation.Ask, escalation.Follow, escalation.Claim, escalation.Decline,
		escalation.Edit, escalation.Delete, escalation.Reassign, "outage", "crash", "gone"}) {
		if seen[string(kind)] == 0 {
			t.Errorf("%s never happened: the sequences do not try it", kind)
		}
	}
}

type random struct {
	*rapid.T
	*world
	seen map[string]int // what happened, over all sequences
}

func draw[V any](r *random, what string, from []V) V { return rapid.SampledFrom(from).Draw(r.T, what) }

func (r *random) step() {
	switch n := rapid.IntRange(0, 99).Draw(r.T, "step"); {
	case n < 8:
		r.ask()
	case n < 28:
		r.pass(time.Duration(rapid.IntRange(1, 600).Draw(r.T, "minutes"))*time.Minute, false)
	case n < 33:
		r.seen["outage"]++
		r.pass(72*time.Hour, true)
	case n < 36:
		r.leaves()
	case n < 40:
		r.changeHours()
	default:
		r.act()
	}
}

func (r *random) ask() {
	asker := draw(r, "asker", everybody[:3])
	if r.departed[asker] {
		return
	}
	for _, id := range r.ids { // the same question
		if c := r.cases[id]; c.Live() && c.State != escalation.Answered && rapid.IntRange(0, 3).Draw(r.T, "same") == 0 {
			as := escalation.Asker{Address: asker, Name: nameOf(asker), Anonymous: rapid.Bool().Draw(r.T, "anonymous")}
			r.try(id, escalation.Act{Kind: escalation.Follow, By: asker, As: as})
			return
		}
	}
	id := fmt.Sprintf("e%d", len(r.ids))
	r.ids = append(r.ids, id)
	r.cases[id] = escalation.Case{ID: id, Asker: asker, Name: nameOf(asker), Anonymous: rapid.Bool().Draw(r.T, "anonymous"), Agreed: rapid.Bool().Draw(r.T, "agreed"),
		Home: royal, Role: "nurses", Question: "how do i " + id, Ref: chat.Ref("q" + id), Topic: draw(r, "topic", []string{"", "email", "rosters", "phones"})}
	r.try(id, escalation.Act{Kind: escalation.Ask, By: asker})
}

// act lets somebody do something: most often one who may, sometimes anybody.
func (r *random) act() {
	id := draw(r, "case", r.ids)
	c := r.cases[id]
	act := escalation.Act{Kind: draw(r, "kind", slices.Concat(askerKinds, holderKinds, holderKinds,
		[]escalation.Kind{escalation.Claim, escalation.Claim, escalation.Claim, escalation.Claim, escalation.Decline, escalation.Edit, escalation.Delete, escalation.Reassign}))}
	act.By = r.actor(c, act.Kind)
	if act.By == "" || r.departed[act.By] {
		return
	}
	r.fill(c, &act)
	r.try(id, act)
}

func (r *random) actor(c escalation.Case, kind escalation.Kind) chat.Address {
	if rapid.IntRange(0, 9).Draw(r.T, "anybody") == 0 {
		return draw(r, "who", everybody)
	}
	switch {
	case kind == escalation.Unfollow && len(c.Followers) > 0:
		return c.Followers[0].Address
	case slices.Contains(askerKinds, kind):
		return c.Asker
	case slices.Contains(holderKinds, kind):
		return c.Holder
	case kind == escalation.Edit || kind == escalation.Delete:
		return draw(r, "side", []chat.Address{c.Asker, c.Holder})
	case len(c.Offered) > 0:
		return draw(r, "offered", c.Offered)
	}
	return draw(r, "who", everybody)
}

func (r *random) fill(c escalation.Case, act *escalation.Act) {
	act.Text, act.Name = r.said(act.By), nameOf(act.By)
	act.Ref = chat.Ref("m" + act.Text)
	switch act.Kind {
	case escalation.Edit, escalation.Delete:
		refs := []chat.Ref{c.Ref}
		for _, l := range c.Lines {
			refs = append(refs, l.Ref)
		}
		act.Ref = draw(r, "ref", refs)
	case escalation.Snooze:
		act.Until = r.now.Add(time.Duration(rapid.IntRange(1, 6*24).Draw(r.T, "hours")) * time.Hour)
	case escalation.Pass, escalation.Reassign:
		act.To = draw(r, "to", []chat.Address{"", "test:c0", "test:c1", "test:c4"})
	case escalation.Link:
		act.Entry = "see-shifts"
	}
}

// try does an act; the program may die before the commit, and the network may bring the act twice.
func (r *random) try(id string, act escalation.Act) {
	before := r.cases[id]
	if rapid.IntRange(0, 9).Draw(r.T, "crash") == 0 {
		r.seen["crash"]++
		before.Do(withTeam(act, r.teamNow()), r.now) // decided, not written
	}
	if err := r.do(id, act); err != nil {
		if before.State == "" {
			r.Fatalf("asking was refused: %v", err)
		}
		return
	}
	r.seen[string(act.Kind)]++
	r.checkAllowed(before, act)
	if once := act.Kind != escalation.Snooze; once && rapid.IntRange(0, 9).Draw(r.T, "again") == 0 {
		lines, sent := len(r.cases[id].Lines), r.sent
		if err := r.do(id, act); err == nil && len(r.cases[id].Lines) > lines && act.Ref != "" {
			r.Fatalf("%s twice is heard twice", act.Kind)
		} else if act.Kind == escalation.Claim && r.sent != sent {
			r.Fatalf("%s twice is told twice", act.Kind)
		}
	}
}

func withTeam(act escalation.Act, team escalation.Team) escalation.Act {
	act.Team = team
	return act
}

// checkAllowed: whatever succeeded was for this person to do.
func (r *random) checkAllowed(before escalation.Case, act escalation.Act) {
	follows := slices.ContainsFunc(before.Followers, func(f escalation.Asker) bool { return f.Address == act.By })
	switch {
	case act.Kind == escalation.Unfollow && !follows, slices.Contains(askerKinds[:7], act.Kind) && act.By != before.Asker:
		r.Fatalf("%s by %s, who did not ask", act.Kind, act.By)
	case slices.Contains(holderKinds, act.Kind) && act.By != before.Holder:
		r.Fatalf("%s by %s, who does not have it", act.Kind, act.By)
	case act.Kind == escalation.Claim && before.Cards[act.By] == "" && act.By != r.settings.Last && before.Holder != act.By:
		r.Fatalf("claimed by %s, who has no card", act.By)
	}
}

func (r *random) leaves() {
	r.seen["gone"]++
	who := draw(r, "leaver", everybody)
	if network := rapid.Bool().Draw(r.T, "network"); network || isChampionSide(who) && who != "test:last" {
		r.gone(who, network)
	}
}

func (r *random) changeHours() {
	i := rapid.IntRange(0, len(r.team)-1).Draw(r.T, "champion")
	switch rapid.IntRange(0, 2).Draw(r.T, "change") {
	case 0:
		r.team[i].Hours.Away = r.now.Add(2 * time.Hour)
	case 1:
		r.team[i].Hours.Leave = append(slices.Clone(r.team[i].Hours.Leave), escalation.Days{First: r.now.Format(time.DateOnly), Last: r.now.AddDate(0, 0, 10).Format(time.DateOnly)})
	case 2:
		if r.team[i].State == escalation.Approved {
			r.team[i].State = escalation.Paused
		}
	}
}
