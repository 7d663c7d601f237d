package escalation_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"signpost/bot/chat"
	"signpost/bot/escalation"
)

// A simulation is a world over which a season passes: people ask at all hours, champions are on leave or silent, and the
// program is away for three days. It holds what world holds, and beside it the hours.
type simulation struct {
	*world
	t      *testing.T
	random *rand.Rand
}

// seasonsVariable, if set, is how many seasons of each kind to run instead of one.
const seasonsVariable = "SIGNPOST_SEASONS"

func seeds(t *testing.T) uint64 {
	n, err := strconv.ParseUint(cmp.Or(os.Getenv(seasonsVariable), "1"), 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestNinetyDays runs over each clock change, with the bank holidays of spring and of Christmas.
func TestNinetyDays(t *testing.T) {
	for _, start := range []string{"2026-03-01 00:00", "2026-10-10 00:00"} {
		for seed := range seeds(t) {
			t.Run(fmt.Sprintf("%s seed %d", start[:7], seed), func(t *testing.T) {
				s := &simulation{world: newWorld(t.Fatalf, london(t, start)), t: t, random: rand.New(rand.NewPCG(seed, 8))}
				s.each = s.keepsHours
				s.run(90)
			})
		}
	}
}

func (s *simulation) run(days int) {
	s.team[0].Hours.Leave = []escalation.Days{{First: s.now.AddDate(0, 0, 20).Format(time.DateOnly), Last: s.now.AddDate(0, 0, 34).Format(time.DateOnly)}}
	s.team[4].Hours.Leave = []escalation.Days{{First: s.now.AddDate(0, 0, 30).Format(time.DateOnly), Last: s.now.AddDate(0, 0, 80).Format(time.DateOnly)}}
	for hour := range days * 24 {
		if hour == 40*24+11 { // on a working day, with cases in every state
			s.pass(72*time.Hour, true)
		}
		s.people()
		s.pass(time.Hour, false)
		s.checkPace()
	}
	s.settle()
}

// people do what they do in an hour. Champions act within and outside their hours, as they like.
func (s *simulation) people() {
	if s.random.IntN(4) == 0 {
		id := fmt.Sprintf("e%d", len(s.ids))
		s.ids = append(s.ids, id)
		asker := chat.Address("test:asker" + id)
		s.cases[id] = escalation.Case{ID: id, Asker: asker, Name: nameOf(asker), Anonymous: s.random.IntN(2) == 0, Agreed: s.random.IntN(2) == 0,
			Home: royal, Role: "nurses", Question: "how do i " + id, Topic: []string{"", "email", "rosters"}[s.random.IntN(3)]}
		s.must(id, escalation.Act{Kind: escalation.Ask, By: asker})
	}
	for _, id := range s.ids {
		s.person(id)
	}
}

func (s *simulation) must(id string, act escalation.Act) {
	s.t.Helper()
	if err := s.do(id, act); err != nil {
		s.t.Fatalf("%s of %s: %v", act.Kind, id, err)
	}
}

func (s *simulation) person(id string) {
	c, chance := s.cases[id], s.random.IntN(100)
	say := func(kind escalation.Kind, by chat.Address) {
		s.must(id, escalation.Act{Kind: kind, By: by, Text: s.said(by), Ref: chat.Ref(fmt.Sprint("m", s.texts))})
	}
	switch {
	case c.State == escalation.Offered && chance < 15:
		s.must(id, escalation.Act{Kind: escalation.Claim, By: c.Offered[s.random.IntN(len(c.Offered))]})
	case c.State == escalation.Offered && chance < 20 && c.Offered[0] != s.settings.Last:
		s.must(id, escalation.Act{Kind: escalation.Decline, By: c.Offered[0]})
	case c.State == escalation.Claimed && chance < 8:
		say(escalation.Answer, c.Holder)
	case c.State == escalation.Claimed && chance < 10:
		say(escalation.AskBack, c.Holder)
	case c.State == escalation.Claimed && chance == 10:
		s.must(id, escalation.Act{Kind: escalation.Pass, By: c.Holder})
	case c.State == escalation.Claimed && chance == 11:
		s.must(id, escalation.Act{Kind: escalation.Snooze, By: c.Holder, Until: s.now.Add(30 * time.Hour)})
	case c.Live() && chance == 12:
		say(escalation.Reply, c.Asker)
	case c.State == escalation.Answered && chance < 20:
		s.must(id, escalation.Act{Kind: escalation.Helped, By: c.Asker})
	}
}

// keepsHours: nobody hears anything outside hours, but the asker what somebody did or what they did themselves, and
// whoever did something the reply to it. An edit of a card is no message.
func (s *simulation) keepsHours(_ escalation.Case, act escalation.Act, t escalation.Tell) {
	if t.Who == escalation.ToActor || t.Replaces != "" || t.To == act.By {
		return
	}
	hours := s.settings.Hours
	switch t.Who {
	case escalation.ToAsker, escalation.ToFollower:
		if act.Kind != escalation.CameDue {
			return
		}
	case escalation.ToChampion:
		for _, c := range s.team {
			if c.Address == t.To {
				hours = c.Hours
			}
		}
	}
	if !hours.Open(s.now) {
		s.t.Fatalf("%s tells %s %s at %v, outside hours", act.Kind, t.To, t.What, s.now.In(escalation.London))
	}
}

// checkPace: a case that nobody has moves on within the time that an offer stands, and a working day for those asked
// last; one that somebody has, within the time of a nudge and of silence.
func (s *simulation) checkPace() {
	for _, id := range s.ids {
		c := s.cases[id]
		if !c.Live() {
			continue
		}
		due := c.Next()
		if !due.After(s.now) {
			s.t.Fatalf("%s was due at %v and nothing happened until %v", id, due, s.now)
		}
		limit := s.settings.Hours.After(s.now, 480*time.Minute)
		if latest := s.settings.Hours.NextOpen(limit.Add(24 * time.Hour)); (c.State == escalation.Open || c.State == escalation.Offered) && c.StepAt.After(latest) {
			s.t.Fatalf("%s is %s and waits until %v", id, c.State, c.StepAt)
		}
	}
}

// settle lets three weeks go by in which somebody claims and answers everything: nothing is left over.
func (s *simulation) settle() {
	for range 21 * 24 {
		s.pass(time.Hour, false)
		for _, id := range s.ids {
			switch c := s.cases[id]; {
			case c.State == escalation.Offered && s.settings.Hours.Open(s.now):
				s.must(id, escalation.Act{Kind: escalation.Claim, By: c.Offered[0]})
			case c.State == escalation.Claimed && s.settings.Hours.Open(s.now):
				s.must(id, escalation.Act{Kind: escalation.Answer, By: c.Holder, Text: s.said(c.Holder), Ref: chat.Ref(fmt.Sprint("m", s.texts))})
			}
		}
	}
	for _, id := range s.ids {
		if c := s.cases[id]; c.Live() || len(c.Held) > 0 {
			s.t.Errorf("%s is %s at the end, with %d messages waiting", id, c.State, len(c.Held))
		}
	}
	s.t.Logf("%d cases, %d messages", len(s.ids), s.sent)
}
