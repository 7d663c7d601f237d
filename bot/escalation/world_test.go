package escalation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/words"
)

// A world holds cases, people and a clock, applies acts as the bot does, and holds every promise about them against each
// step. It needs no file: the state machine is pure.
type world struct {
	fail     func(format string, args ...any)
	now      time.Time
	cases    map[string]escalation.Case
	ids      []string
	due      map[string]time.Time // what a desk would hold
	team     []escalation.Champion
	settings escalation.Settings
	departed map[chat.Address]bool
	keys     map[string]bool         // of posts sent, and of those that wait
	spoke    map[string]chat.Address // who said a text
	texts    int
	sent     int
	// each, if set, sees everything that is sent.
	each func(c escalation.Case, act escalation.Act, t escalation.Tell)
}

const (
	minutes = time.Minute
	royal   = "royal"
	mary    = "mary"
)

func newWorld(fail func(string, ...any), now time.Time) *world {
	return &world{fail: fail, now: now, cases: map[string]escalation.Case{}, due: map[string]time.Time{}, departed: map[chat.Address]bool{},
		keys: map[string]bool{}, spoke: map[string]chat.Address{}, team: champions(),
		settings: escalation.Settings{Place: royal, Hours: escalation.Office, Tries: 2, Last: "test:last", Sharing: true, Claim: 60 * minutes,
			Silent: 240 * minutes, Return: 240 * minutes, Promise: 480 * minutes, Patience: 1440 * minutes}}
}

// champions work at different hours, at two places.
func champions() []escalation.Champion {
	evening := escalation.Hours{}
	for day := range evening.Week {
		evening.Week[day] = escalation.Shift{From: 16 * 60, To: 21 * 60}
	}
	nights := night(time.Tuesday, time.Saturday)
	var list []escalation.Champion
	for i, hours := range []escalation.Hours{escalation.Office, escalation.Office, evening, nights, escalation.Office} {
		list = append(list, escalation.Champion{Address: chat.Address(fmt.Sprintf("test:c%d", i)), Name: fmt.Sprintf("Champ %d", i), Place: royal, Shares: true,
			Hours: hours, Most: 2, State: escalation.Approved})
	}
	list[1].Topics = []string{"email"}
	list[3].Topics = []string{"rosters"}
	for i := range 2 {
		list = append(list, escalation.Champion{Address: chat.Address(fmt.Sprintf("test:w%d", i)), Name: fmt.Sprintf("Wide %d", i), Place: mary, Shares: i == 0,
			Hours: escalation.Office, State: escalation.Approved})
	}
	return list
}

// teamNow is the team as a Book would read it: loads counted, those who left left out.
func (w *world) teamNow() escalation.Team {
	t := escalation.Team{Settings: w.settings}
	if w.departed[t.Settings.Last] {
		t.Settings.Last = ""
	}
	for _, c := range w.team {
		if c.State != escalation.Approved && c.State != escalation.Paused {
			continue
		}
		for _, of := range w.cases {
			if of.State == escalation.Claimed && of.Holder == c.Address || of.State == escalation.Offered && slices.Equal(of.Offered, []chat.Address{c.Address}) {
				c.Load++
			}
		}
		t.Champions = append(t.Champions, c)
	}
	return t
}

// do applies one act to one case and checks every promise. A refused act changes nothing.
func (w *world) do(id string, act escalation.Act) error {
	before := w.cases[id]
	frozen := asJSON(before)
	act.Team = w.teamNow()
	after, effects, err := before.Do(act, w.now)
	if asJSON(before) != frozen {
		w.fail("%s changed the case it was given", act.Kind)
	}
	if err != nil {
		if len(effects) > 0 || asJSON(after) != frozen {
			w.fail("%s was refused (%v), yet something changed", act.Kind, err)
		}
		return err
	}
	w.cases[id] = after
	w.checkState(before, after, act)
	for _, e := range effects {
		switch e := e.(type) {
		case escalation.Due:
			w.setDue(e)
		case escalation.Tell:
			w.checkTell(before, after, act, e)
		}
	}
	if due, next := w.due[id], after.Next(); !due.Equal(next) {
		w.fail("after %s of %s the desk comes back at %v, want %v", act.Kind, id, due, next)
	}
	return nil
}

func (w *world) setDue(e escalation.Due) {
	id := e.Data
	if e.At.IsZero() {
		delete(w.due, id)
	} else {
		w.due[id] = e.At
	}
}

func (w *world) checkState(before, after escalation.Case, act escalation.Act) {
	if broken := after.Broken(); broken != "" {
		w.fail("after %s the case is %s with %s", act.Kind, after.State, broken)
	}
	if after.Holder != before.Holder && after.Holder != "" {
		if act.Kind != escalation.Claim || before.Holder != "" || after.Holder != act.By {
			w.fail("%s by %s gave a case of %q to %q", act.Kind, act.By, before.Holder, after.Holder)
		}
	}
	if after.Holder != "" && (after.Holder == after.Asker || slices.ContainsFunc(after.Followers, func(f escalation.Asker) bool { return f.Address == after.Holder })) {
		w.fail("%s answers their own question", after.Holder)
	}
}

func (w *world) checkTell(before, after escalation.Case, act escalation.Act, t escalation.Tell) {
	if w.each != nil {
		w.each(after, act, t)
	}
	w.checkWords(act, t)
	if t.Who == escalation.ToActor {
		if t.To != act.By {
			w.fail("%s: the reply to %s goes to %s", act.Kind, act.By, t.To)
		}
		return
	}
	w.sent++
	if w.keys[t.Key] || t.Key == "" {
		w.fail("%s: %q is sent twice", act.Kind, t.Key)
	}
	w.keys[t.Key] = true
	if w.departed[t.To] {
		w.fail("%s: %s goes to %s, who left", act.Kind, t.What, t.To)
	}
	w.checkWho(before, after, act, t)
	w.checkText(before, after, act, t)
}

var named = regexp.MustCompile(`\{([a-z]+)\}`)

// checkWords: there is a sentence, and what it names is given; a place, a role and a person may be unknown.
func (w *world) checkWords(act escalation.Act, t escalation.Tell) {
	raw := words.Raw(t.What)
	if raw == t.What {
		w.fail("%s: there are no words under %q", act.Kind, t.What)
	}
	for _, name := range named.FindAllStringSubmatch(raw, -1) {
		switch name[1] {
		case "when", "question", "n", "entry":
			if t.Values[name[1]] == "" {
				w.fail("%s: %s says no %s: %v", act.Kind, t.What, name[1], t.Values)
			}
		case "text":
			if t.Values["text"] == "" && t.What != "escalation.answer-entry" {
				w.fail("%s: %s says no text", act.Kind, t.What)
			}
		}
	}
}

// checkWho: askers' news to the asker, and champions' to those who have or had a card.
func (w *world) checkWho(before, after escalation.Case, act escalation.Act, t escalation.Tell) {
	switch t.Who {
	case escalation.ToAsker:
		if t.To != before.Asker && t.To != after.Asker {
			w.fail("%s: %s for the asker goes to %s", act.Kind, t.What, t.To)
		}
	case escalation.ToFollower:
		follows := func(c escalation.Case) bool {
			return slices.ContainsFunc(c.Followers, func(f escalation.Asker) bool { return f.Address == t.To })
		}
		if !follows(before) && !follows(after) {
			w.fail("%s: %s goes to %s, who asked nothing", act.Kind, t.What, t.To)
		}
	default:
		if before.Cards[t.To] == "" && after.Cards[t.To] == "" && t.To != before.Holder && t.To != after.Holder && act.Kind != escalation.CameDue {
			w.fail("%s: %s goes to %s, who has nothing to do with it", act.Kind, t.What, t.To)
		}
		for _, c := range w.team {
			if c.Address == t.To && c.State == escalation.HasLeft {
				w.fail("%s: %s goes to %s, who is no champion any more", act.Kind, t.What, t.To)
			}
		}
		w.checkNameless(after, act, t)
	}
}

// checkText: what an asker said goes to the holder alone, what a champion said to the askers alone.
func (w *world) checkText(before, after escalation.Case, act escalation.Act, t escalation.Tell) {
	by, known := w.spoke[t.Values["text"]]
	if !known {
		return
	}
	if t.To == by {
		w.fail("%s: what %s said comes back to them", act.Kind, by)
	}
	if toAsker := t.Who == escalation.ToAsker || t.Who == escalation.ToFollower; toAsker != isChampionSide(by) {
		w.fail("%s: what %s said goes to %s as %s", act.Kind, by, t.To, t.Who)
	}
	if t.Who == escalation.ToChampion && t.To != after.Holder {
		w.fail("%s: what the asker said goes to %s, but %q has it", act.Kind, t.To, after.Holder)
	}
}

// checkNameless: of somebody without a name nothing on the champions' side holds id or name.
func (w *world) checkNameless(c escalation.Case, act escalation.Act, t escalation.Tell) {
	body := asJSON(t)
	for _, secret := range []string{string(c.Asker), nameOf(c.Asker)} {
		if c.Asker != "" && (c.Anonymous || secret == string(c.Asker)) && strings.Contains(body, secret) {
			w.fail("%s: %s tells %s who asks: %s", act.Kind, t.What, t.To, body)
		}
	}
}

func nameOf(who chat.Address) string { return "Name-of-" + strings.TrimPrefix(string(who), "test:") }

// isChampionSide tells sides apart by address: champions begin with c or w; a champion who asks does so by another account.
func isChampionSide(who chat.Address) bool { return !strings.HasPrefix(string(who), "test:asker") }

// said makes a text that nobody said before.
func (w *world) said(by chat.Address) string {
	w.texts++
	text := fmt.Sprintf("text-%d", w.texts)
	w.spoke[text] = by
	return text
}

// pass lets time go by and brings what comes due, each at its time; late brings all at the end, as after an outage.
func (w *world) pass(d time.Duration, late bool) {
	end := w.now.Add(d)
	for {
		id, at := w.soonest()
		if id == "" || at.After(end) {
			break
		}
		if late {
			w.now = end
		} else if at.After(w.now) {
			w.now = at
		}
		w.came(id)
	}
	w.now = end
}

func (w *world) soonest() (id string, at time.Time) {
	for _, of := range w.ids {
		if due, ok := w.due[of]; ok && (id == "" || due.Before(at)) {
			id, at = of, due
		}
	}
	return id, at
}

// came brings one due row back, which is gone from the desk then.
func (w *world) came(id string) {
	delete(w.due, id)
	if err := w.do(id, escalation.Act{Kind: escalation.CameDue}); err != nil {
		w.fail("what came due was refused: %v", err)
	}
	if due, ok := w.due[id]; ok && !due.After(w.now) {
		w.fail("case %s comes back at %v, which is not after %v", id, due, w.now)
	}
}

// gone takes somebody out of everything, as a Book does; from the network, or only from the champions.
func (w *world) gone(who chat.Address, network bool) {
	if network {
		w.departed[who] = true
	}
	for i := range w.team {
		if w.team[i].Address == who {
			w.team[i].State = escalation.HasLeft
		}
	}
	for _, id := range w.ids {
		if err := w.do(id, escalation.Act{Kind: escalation.Gone, By: who}); err != nil {
			w.fail("%s could not leave: %v", who, err)
		}
	}
}

func asJSON(v any) string {
	body, err := json.Marshal(v)
	if c, ok := v.(escalation.Case); ok {
		body = fmt.Appendf(body, "%v %v %v %v %v %v", c.State, c.Asker, c.Holder, c.Lines, c.Closed, c.Made)
	}
	if err != nil {
		panic(errors.Join(errors.New("a case is no JSON"), err))
	}
	return string(body)
}
