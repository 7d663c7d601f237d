package escalation_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/knowledge"
)

// TestRoute: who is offered a case. Each champion is good for it but for one thing.
func TestRoute(t *testing.T) {
	now := london(t, "2026-11-23 10:00")
	one := func(change func(c *escalation.Champion)) escalation.Champion {
		c := escalation.Champion{Address: "test:kim", Place: royal, Hours: escalation.Office, State: escalation.Approved}
		change(&c)
		return c
	}
	tests := []struct {
		name     string
		champion escalation.Champion
		change   func(c *escalation.Case)
		want     bool
	}{
		{"good", one(func(*escalation.Champion) {}), nil, true},
		{"their topic", one(func(c *escalation.Champion) { c.Topics = []string{"rosters"} }), nil, true},
		{"another topic", one(func(c *escalation.Champion) { c.Topics = []string{"email"} }), nil, false},
		{"no topic known", one(func(c *escalation.Champion) { c.Topics = []string{"email"} }), func(c *escalation.Case) { c.Topic = "" }, true},
		{"another role", one(func(c *escalation.Champion) { c.Roles = []knowledge.Role{"doctors"} }), nil, false},
		{"another place", one(func(c *escalation.Champion) { c.Place = mary }), nil, false},
		{"another place that shares, not agreed", one(func(c *escalation.Champion) { c.Place, c.Shares = mary, true }), nil, false},
		{"another place that shares, agreed", one(func(c *escalation.Champion) { c.Place, c.Shares = mary, true }), func(c *escalation.Case) { c.Agreed = true }, true},
		{"another place that does not share, agreed", one(func(c *escalation.Champion) { c.Place = mary }), func(c *escalation.Case) { c.Agreed = true }, false},
		{"not approved", one(func(c *escalation.Champion) { c.State = escalation.Wishing }), nil, false},
		{"paused", one(func(c *escalation.Champion) { c.State = escalation.Paused }), nil, false},
		{"on leave", one(func(c *escalation.Champion) {
			c.Hours.Leave = []escalation.Days{{First: "2026-11-20", Last: "2026-11-27"}}
		}), nil, false},
		{"on a ward", one(func(c *escalation.Champion) { c.Hours.Away = now.Add(2 * time.Hour) }), nil, false},
		{"has room", one(func(c *escalation.Champion) { c.Load, c.Most = 1, 2 }), nil, true},
		{"has no room", one(func(c *escalation.Champion) { c.Load, c.Most = 2, 2 }), nil, false},
		{"has as many as usual", one(func(c *escalation.Champion) { c.Load = escalation.UsualMost }), nil, false},
		{"asks it", one(func(*escalation.Champion) {}), func(c *escalation.Case) { c.Asker = "test:kim" }, false},
		{"asks the same", one(func(*escalation.Champion) {}), func(c *escalation.Case) { c.Followers = []escalation.Asker{{Address: "test:kim"}} }, false},
		{"had it already", one(func(*escalation.Champion) {}), func(c *escalation.Case) { c.Passed = []chat.Address{"test:kim"} }, false},
		{"said no", one(func(*escalation.Champion) {}), func(c *escalation.Case) { c.Declined = []chat.Address{"test:kim"} }, false},
		{"is wished for, with no room", one(func(c *escalation.Champion) { c.Load = 9 }), func(c *escalation.Case) { c.Wish = "test:kim" }, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := escalation.Case{ID: "e1", Asker: "test:sam", Home: royal, Role: "nurses", Topic: "rosters", Step: escalation.StepOne}
			if test.change != nil {
				test.change(&c)
			}
			team := escalation.Team{Settings: newWorld(t.Fatalf, now).settings, Champions: []escalation.Champion{test.champion}}
			if got := team.Route(c, now); slices.Contains(got.To, "test:kim") != test.want {
				t.Errorf("got %+v, want it offered to Kim: %v", got, test.want)
			}
		})
	}
}

// TestRouteIsFair: least to do, then asked longest ago, then by lot.
func TestRouteIsFair(t *testing.T) {
	now := london(t, "2026-11-23 10:00")
	team := escalation.Team{Settings: newWorld(t.Fatalf, now).settings}
	for i := range 4 {
		team.Champions = append(team.Champions, escalation.Champion{Address: chatAddress(fmt.Sprint("test:c", i)), Place: royal, Hours: escalation.Office, State: escalation.Approved, Most: 9})
	}
	to := func(id string) chat.Address {
		return team.Route(escalation.Case{ID: id, Asker: "test:sam", Step: escalation.StepOne}, now).To[0]
	}
	lots := map[chat.Address]int{}
	for i := range 400 {
		lots[to(fmt.Sprint("e", i))]++
	}
	for _, c := range team.Champions {
		if n := lots[c.Address]; n < 60 || n > 140 {
			t.Errorf("%s gets %d of 400 by lot", c.Address, n)
		}
	}
	for i := range team.Champions {
		team.Champions[i].Load, team.Champions[i].Last = 1, now.Add(-time.Duration(i)*time.Hour)
	}
	if got := to("e1"); got != "test:c3" {
		t.Errorf("of equals %s is asked, want who was asked longest ago", got)
	}
	team.Champions[1].Load = 0
	if got := to("e1"); got != "test:c1" {
		t.Errorf("%s is asked, want who has least to do", got)
	}
}

// TestFairOverAMonth: offers through the whole machine spread evenly.
func TestFairOverAMonth(t *testing.T) {
	w := newWorld(t.Fatalf, london(t, "2026-11-02 09:00"))
	w.team = nil
	for i := range 4 {
		w.team = append(w.team, escalation.Champion{Address: chatAddress(fmt.Sprint("test:c", i)), Place: royal, Hours: escalation.Office, State: escalation.Approved})
	}
	count := map[chat.Address]int{}
	for i := range 80 {
		id := fmt.Sprint("e", i)
		w.ids = append(w.ids, id)
		w.cases[id] = escalation.Case{ID: id, Asker: chatAddress(fmt.Sprint("test:asker", i)), Home: royal, Question: id}
		if err := w.do(id, escalation.Act{Kind: escalation.Ask, By: w.cases[id].Asker}); err != nil {
			t.Fatal(err)
		}
		who := w.cases[id].Offered[0]
		count[who]++
		for j := range w.team {
			if w.team[j].Address == who {
				w.team[j].Last = w.now
			}
		}
		w.do(id, escalation.Act{Kind: escalation.Claim, By: who})
		w.do(id, escalation.Act{Kind: escalation.Close, By: who})
		w.pass(5*time.Minute, false)
	}
	for _, c := range w.team {
		if count[c.Address] != 20 {
			t.Errorf("%s was asked %d times of 80, want 20", c.Address, count[c.Address])
		}
	}
}
