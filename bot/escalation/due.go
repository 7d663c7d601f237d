package escalation

import (
	"slices"

	"signpost/bot/chat"
)

// cameDue delivers what waited and takes the step whose time has come. After an outage it comes once, however late, and
// outside hours it waits for them again.
func (w *work) cameDue() error {
	news := w.deliver()
	if w.State == Closed || w.StepAt.IsZero() || w.StepAt.After(w.now) {
		return nil
	}
	if news { // whoever has only now read something is not silent yet
		w.StepAt = sure(w.act.Team.hoursOf(w.Holder).After(w.now, w.act.Team.Settings.Claim), w.now)
		return nil
	}
	switch w.State {
	case Open:
		w.search("")
	case Offered:
		w.further()
	case Claimed, Answered:
		w.silence()
	}
	return nil
}

// deliver sends messages whose people are at work now, and reports whether the holder got one.
func (w *work) deliver() (news bool) {
	var still []Held
	for _, h := range w.Held {
		if h.At.After(w.now) {
			still = append(still, h)
			continue
		}
		open := w.act.Team.Settings.Hours.NextOpen(w.now)
		if h.Tell.Who != ToAsker {
			open = w.openFor(h.Tell.To)
		}
		if open.After(w.now) {
			still = append(still, Held{open, h.Tell})
		} else {
			w.effects = append(w.effects, h.Tell)
			news = news || w.Holder != "" && h.Tell.To == w.Holder
		}
	}
	w.Held = still
	return news
}

// silence looks at a case whose next speaker has not spoken.
func (w *work) silence() {
	switch {
	case w.Practice:
		w.shut("escalation.closing")
	case w.Ball == ChampionSide:
		w.championSilent()
	default:
		w.askerSilent()
	}
}

// championSilent: one nudge, then back to the pool. Somebody who is away for long is not waited for.
func (w *work) championSilent() {
	team := w.act.Team
	open := team.hoursOf(w.Holder).NextOpen(w.now)
	if limit := team.Settings.Hours.After(w.now, workingDay); open.IsZero() || !limit.IsZero() && open.After(limit) {
		w.requeue()
		return
	}
	switch {
	case open.After(w.now):
		w.StepAt = open
	case w.Snoozed:
		w.Snoozed = false
		w.ballTo(ChampionSide)
		w.tellHolder("escalation.snooze-over", map[string]string{"question": w.Question}, holderCan...)
	case !w.Nudged:
		w.Nudged = true
		w.StepAt = sure(team.hoursOf(w.Holder).After(w.now, team.Settings.Return), w.now)
		w.tellHolder("escalation.nudge", map[string]string{"question": w.Question, "when": stamp(w.StepAt)}, holderCan...)
	default:
		w.requeue()
	}
}

// requeue puts a case back into the pool and tells both.
func (w *work) requeue() {
	who := w.Holder
	w.handBack("escalation.card-returned")
	w.tellChampion(who, "escalation.gone-back", map[string]string{"question": w.Question})
	w.search("escalation.returned")
}

// askerSilent: after a question back, one reminder, then the case closes; after an answer it closes. The asker may open
// it again.
func (w *work) askerSilent() {
	s := w.act.Team.Settings
	if open := s.Hours.NextOpen(w.now); open.After(w.now) {
		w.StepAt = open
		return
	}
	if w.State == Claimed && !w.Nudged {
		w.Nudged = true
		w.StepAt = sure(s.Hours.After(w.now, s.Patience), w.now)
		w.tellAsker("escalation.ask-back-again", map[string]string{"name": w.holderName()}, w.askerCan()...)
		return
	}
	w.tellAskers("escalation.closed-quiet", "escalation.closed-follower", Helped, NotHelped, Reopen)
	if w.State == Answered {
		w.done("escalation.closed-quiet-champion")
		return
	}
	w.shut("escalation.closed-quiet-champion")
}

// gone takes somebody who left out of the case. Nothing is sent to them any more.
func (w *work) gone() error {
	who := w.act.By
	w.Held = slices.DeleteFunc(w.Held, func(h Held) bool { return h.Tell.To == who })
	delete(w.Cards, who)
	w.Declined = append(w.Declined, who)
	if i := w.follower(who); i >= 0 {
		w.Followers = slices.Delete(w.Followers, i, i+1)
	}
	switch {
	case who == w.Asker:
		return w.askerGone()
	case w.State == Closed:
	case who == w.Holder:
		w.back(who)
		w.search("escalation.returned")
	case slices.Contains(w.Offered, who):
		w.Offered = slices.DeleteFunc(w.Offered, func(a chat.Address) bool { return a == who })
		if len(w.Offered) == 0 {
			w.further()
		}
	case who == w.Wish && w.State == Open:
		w.Wish = ""
		w.search("")
	}
	return nil
}

func (w *work) askerGone() error {
	if w.State == Closed {
		w.Asker, w.Name, w.Where = "", "", ""
		return nil
	}
	alone := len(w.Followers) == 0
	w.leave("escalation.asker-gone")
	if alone {
		w.Asker, w.Name, w.Where = "", "", ""
	}
	return nil
}
