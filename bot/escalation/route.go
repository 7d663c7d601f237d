package escalation

import (
	"cmp"
	"hash/fnv"
	"slices"
	"time"

	"signpost/bot/chat"
)

// A Move is what to do with a case that nobody has: offer it to To until Until, or, where To is empty, look again at Until.
type Move struct {
	Step  Step
	To    []chat.Address
	Until time.Time
	// Wish says that it goes to whom it is meant for; Nobody that there is nobody at all, now or soon.
	Wish   bool
	Nobody bool
}

// ringSize is how many are asked at once, so that one question does not fill a region's screens.
const ringSize = 10

// workingDay is as long as an office day; it is how long the last ones asked have.
const workingDay = 8 * time.Hour

// Route says what to do next with a case, from the step it has come to. It is fair among equals, and depends on nothing
// but its arguments.
func (t Team) Route(c Case, now time.Time) Move {
	if m, ok := t.wished(c, now); ok {
		return m
	}
	for _, step := range steps[max(0, slices.Index(steps, c.Step)):] {
		if m, ok := t.try(step, c, now); ok {
			m.Step = step
			m.Until = sure(m.Until, now)
			return m
		}
	}
	return Move{Step: StepLast, Nobody: true, Until: sure(t.Settings.Hours.After(now, workingDay), now)}
}

// sure replaces the zero time of hours that never come by a day from now: no case is without a due step.
func sure(at, now time.Time) time.Time {
	if at.IsZero() {
		return now.Add(24 * time.Hour)
	}
	return at
}

func (t Team) try(step Step, c Case, now time.Time) (Move, bool) {
	switch step {
	case StepOne:
		if t.Settings.Channel != "" {
			return t.toPlace([]chat.Address{t.Settings.Channel}, t.Settings.Claim, c, now)
		}
		if c.Singles >= t.Settings.Tries {
			return Move{}, false
		}
		return t.toChampions(t.eligible(c, own), 1, c, now)
	case StepRing:
		return t.toChampions(t.eligible(c, own), ringSize, c, now)
	case StepWider:
		if !c.Agreed {
			return Move{}, false
		}
		return t.toChampions(t.eligible(c, wider), ringSize, c, now)
	}
	return t.toPlace(t.last(), workingDay, c, now)
}

// wished offers a case to whom it is meant for, if they can take it within a working day.
func (t Team) wished(c Case, now time.Time) (Move, bool) {
	who, ok := t.champion(c.Wish)
	if !ok || who.State != Approved || slices.Contains(c.Declined, c.Wish) || c.asks(c.Wish) {
		return Move{}, false
	}
	open := who.Hours.NextOpen(now)
	if limit := t.Settings.Hours.After(now, workingDay); open.IsZero() || open.After(limit) {
		return Move{}, false
	}
	if open.After(now) {
		return Move{Step: c.Step, Until: open, Wish: true}, true
	}
	until := sure(who.Hours.After(now, t.Settings.Claim), now)
	return Move{Step: c.Step, To: []chat.Address{c.Wish}, Until: until, Wish: true}, true
}

// toPlace offers a case to channels or people who keep the organisation's hours. Those asked last are asked again in every
// round, even if they had it and gave it back: after them there is nobody.
func (t Team) toPlace(who []chat.Address, wait time.Duration, c Case, now time.Time) (Move, bool) {
	who = slices.DeleteFunc(slices.Clone(who), func(a chat.Address) bool {
		return c.asks(a) || slices.Contains(c.Passed, a)
	})
	if len(who) == 0 {
		return Move{}, false
	}
	if open := t.Settings.Hours.NextOpen(now); open.After(now) {
		return Move{Until: open}, true
	}
	return Move{To: who, Until: t.Settings.Hours.After(now, wait)}, true
}

// toChampions offers a case to the first n who are there now. Where nobody is, it waits for the first to come, but no
// longer than an offer would stand.
func (t Team) toChampions(who []Champion, n int, c Case, now time.Time) (Move, bool) {
	var here []Champion
	var soonest time.Time
	for _, champion := range who {
		switch open := champion.Hours.NextOpen(now); {
		case open.IsZero():
		case !open.After(now):
			here = append(here, champion)
		case soonest.IsZero() || open.Before(soonest):
			soonest = open
		}
	}
	if len(here) == 0 {
		limit := t.Settings.Hours.After(now, t.Settings.Claim)
		return Move{Until: soonest}, !soonest.IsZero() && !soonest.After(limit)
	}
	fair(here, c.ID)
	here = here[:min(n, len(here))]
	hours := t.Settings.Hours
	if n == 1 {
		hours = here[0].Hours
	}
	m := Move{Until: hours.After(now, t.Settings.Claim)}
	for _, champion := range here {
		m.To = append(m.To, champion.Address)
	}
	return m, true
}

func own(t Team, c Champion) bool { return c.Place == t.Settings.Place }
func wider(t Team, c Champion) bool {
	return c.Place != t.Settings.Place && c.Shares && t.Settings.Sharing
}

// eligible lists who could take a case, whether they are at work or not.
func (t Team) eligible(c Case, where func(Team, Champion) bool) []Champion {
	var list []Champion
	for _, champion := range t.Champions {
		if where(t, champion) && champion.takes(c) && !slices.Contains(c.Passed, champion.Address) &&
			!slices.Contains(c.Declined, champion.Address) && !c.asks(champion.Address) {
			list = append(list, champion)
		}
	}
	return list
}

// takes reports whether a case is one of those a champion wants, and has room for.
func (c Champion) takes(of Case) bool {
	most := c.Most
	if most == 0 {
		most = UsualMost
	}
	return c.State == Approved && c.Load < most &&
		c.about(of.Topic) &&
		(of.Role == "" || len(c.Roles) == 0 || slices.Contains(c.Roles, of.Role))
}

// about reports whether a champion helps with a topic; with "" nobody can tell which it is.
func (c Champion) about(topic string) bool {
	return topic == "" || len(c.Topics) == 0 || slices.Contains(c.Topics, topic)
}

// asks reports whether somebody wants the case's answer, and so cannot give it.
func (c Case) asks(who chat.Address) bool { return who == c.Asker && who != "" || c.follower(who) >= 0 }

// fair puts those with least to do first, then those who were asked longest ago, then by lot: the same lot each time.
func fair(champions []Champion, id string) {
	slices.SortFunc(champions, func(a, b Champion) int {
		return cmp.Or(cmp.Compare(a.Load, b.Load), a.Last.Compare(b.Last), cmp.Compare(lot(id, a.Address), lot(id, b.Address)),
			cmp.Compare(a.Address, b.Address))
	})
}

func lot(id string, who chat.Address) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id + " " + string(who)))
	return h.Sum64()
}
