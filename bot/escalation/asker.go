package escalation

import (
	"slices"
	"strings"
	"time"

	"signpost/bot/chat"
)

// reopenWithin is how long after closing an asker may open a case again.
const reopenWithin = 14 * 24 * time.Hour

// askerSays keeps the asker's words and brings them to whoever has the case, within their hours.
func (w *work) askerSays() error {
	if err := w.say(AskerSide); err != nil {
		return err
	}
	if w.Holder == "" {
		w.reply("escalation.noted", nil, w.askerCan()...)
		w.refreshCards()
		return nil
	}
	w.relayToHolder()
	if w.Ball != ChampionSide || w.State == Answered {
		w.State, w.Snoozed = Claimed, false
		w.ballTo(ChampionSide)
	}
	open := w.openFor(w.Holder)
	if open.After(w.now) {
		w.reply("escalation.sent-later", map[string]string{"when": stamp(open)}, w.askerCan()...)
	} else {
		w.reply("escalation.sent", nil, w.askerCan()...)
	}
	return nil
}

// say adds a line.
func (w *work) say(from Side) error {
	if strings.TrimSpace(w.act.Text) == "" {
		return ErrEmpty
	}
	w.Lines = append(w.Lines, Line{At: w.now, From: from, By: w.act.By, Text: w.act.Text, Ref: w.act.Ref})
	return nil
}

func (w *work) lastLine() *Line { return &w.Lines[len(w.Lines)-1] }

func (w *work) relayToHolder() {
	what, values := w.card("escalation.reply")
	key := w.tellHolder(what, with(nil, "text", w.act.Text, "role", values["role"], "place", values["place"], "asker", values["asker"]), holderCan...)
	l := w.lastLine()
	l.Sent = append(l.Sent, Sent{w.part(w.Holder), w.Holder, key, what})
}

// cancel: the asker no longer wants an answer. Where others asked the same, the case goes on for them.
func (w *work) cancel() error {
	w.reply("escalation.cancelled", nil)
	w.leave("escalation.asker-cancelled")
	return nil
}

// sorted: the asker has what they need. Whoever answered is thanked for it.
func (w *work) sorted() error {
	w.reply("escalation.sorted", nil, Reopen)
	if w.State == Answered {
		w.Helped = "yes"
		w.done("escalation.asker-sorted")
		return nil
	}
	w.leave("escalation.asker-sorted")
	return nil
}

func (w *work) helped() error {
	w.Helped = "yes"
	w.reply("escalation.glad", nil, Reopen)
	if w.State == Answered {
		w.done("escalation.asker-helped")
	}
	return nil
}

// notHelped goes back to the one who answered; a closed case must be opened again for that.
func (w *work) notHelped() error {
	w.Helped = "no"
	if w.State == Closed {
		w.reply("escalation.not-helped-closed", nil, Reopen)
		return nil
	}
	w.reply("escalation.not-helped", nil, w.askerCan()...)
	w.tellHolder("escalation.asker-not-helped", nil, holderCan...)
	w.State = Claimed
	w.ballTo(ChampionSide)
	return nil
}

// reopen looks for somebody again, first of all for who had it before.
func (w *work) reopen() error {
	if w.now.Sub(w.Closed) > reopenWithin {
		return ErrTooLate
	}
	if w.Question == "" { // they deleted it
		return ErrNotNow
	}
	w.dropHeld(w.Wish)
	w.Step, w.Singles, w.Passed, w.Offered, w.Told = StepOne, 0, nil, nil, nil
	w.Declined = slices.DeleteFunc(w.Declined, func(a chat.Address) bool { return a == w.Wish && !w.leftTeam(a) })
	w.Helped, w.Closed = "", time.Time{}
	w.Reopened++
	w.offer()
	w.tellAsker("escalation.reopened", map[string]string{"when": stamp(w.promised())}, w.askerCan()...)
	return nil
}

func (w *work) leftTeam(who chat.Address) bool {
	_, ok := w.act.Team.champion(who)
	return !ok
}

// reveal lets champions see the asker's name from now on.
func (w *work) reveal() error {
	if w.act.Name != "" {
		w.Name = w.act.Name
	}
	w.Anonymous = false
	w.reply("escalation.revealed", nil, w.askerCan()...)
	if w.Holder != "" && w.Name != "" {
		w.tellHolder("escalation.asker-revealed", map[string]string{"asker": w.Name})
	}
	w.refreshCards()
	return nil
}

// follow adds somebody with the same question: they are told the answer when the first is.
func (w *work) follow() error {
	f := w.act.As
	f.Thread = w.post(Tell{Who: ToFollower, To: f.Address, What: "escalation.following", Values: map[string]string{"question": w.Question},
		Can: []Kind{Unfollow}}, w.now)
	w.Followers = append(w.Followers, f)
	w.refreshCards()
	return nil
}

func (w *work) unfollow() error {
	w.Followers = slices.Delete(w.Followers, w.follower(w.act.By), w.follower(w.act.By)+1)
	w.reply("escalation.cancelled", nil)
	w.refreshCards()
	return nil
}

// leave takes the asker out. The first of those who asked the same takes their place; of what was said before they get
// nothing, for it was not said to them. With nobody left, the case closes.
func (w *work) leave(what string) {
	w.Held = slices.DeleteFunc(w.Held, func(h Held) bool { return h.Tell.To == w.Asker })
	if len(w.Followers) == 0 {
		w.shut(what)
		return
	}
	next := w.Followers[0]
	w.Followers = w.Followers[1:]
	w.Asker, w.Name, w.Anonymous, w.Agreed, w.Role = next.Address, next.Name, next.Anonymous, next.Agreed, next.Role
	w.Where, w.InThread, w.Thread = next.Where, next.InThread, next.Thread
	w.Ref, w.Told = "", nil
	for i := range w.Lines {
		w.Lines[i].Sent = nil
	}
	if w.Holder != "" {
		w.dropHeld(w.Holder)
		w.tellHolder("escalation.asker-changed", nil, holderCan...)
		if w.Ball == AskerSide { // what was asked back was asked of somebody else
			w.State = Claimed
			w.ballTo(ChampionSide)
		}
	}
	w.refreshCards()
}

// done closes an answered case and puts it into the champion's own record, once.
func (w *work) done(what string) {
	if w.Holder != "" && !w.Practice && !slices.Contains(w.Credit, w.Holder) {
		w.Credit = append(w.Credit, w.Holder)
		w.effects = append(w.effects, Credit{w.Holder, w.Topic})
	}
	w.shut(what)
}

// shut closes the case. Whoever had it is told why, and thanked if they answered.
func (w *work) shut(what string) {
	holder, answered := w.Holder, w.answeredBy(w.Holder)
	w.dropProgress()
	w.dropCards("escalation.card-closed", holder)
	if holder != "" {
		w.dropHeld(holder)
		if w.act.By != holder {
			w.tellHolder(what, nil)
		}
		if answered && !w.Practice {
			w.tellHolder("escalation.thanks", map[string]string{"question": w.Question}, SaveEntry)
		}
		w.dropCard(holder, "escalation.card-closed")
		w.Wish = holder
	}
	w.State, w.Holder, w.Offered, w.Ball, w.Nudged, w.Snoozed = Closed, "", nil, "", false, false
	w.Closed, w.StepAt = w.now, time.Time{}
}

func (c Case) answeredBy(who chat.Address) bool {
	return who != "" && slices.ContainsFunc(c.Lines, func(l Line) bool { return l.From == ChampionSide && l.By == who })
}
