package escalation

import (
	"slices"
	"strings"
	"time"

	"signpost/bot/chat"
)

// claim gives the case to the first who asks for it. The others see on their cards that it is taken, not by whom.
func (w *work) claim() error {
	w.Holder, w.State, w.Offered, w.Wish = w.act.By, Claimed, nil, ""
	w.dropProgress()
	w.dropCards("escalation.card-taken", w.Holder)
	w.mine()
	w.ballTo(ChampionSide)
	when := sure(w.act.Team.hoursOf(w.Holder).After(w.now, w.act.Team.Settings.Silent), w.now)
	w.tellAsker("escalation.claimed", map[string]string{"name": w.holderName(), "when": stamp(when)}, w.askerCan()...)
	return nil
}

// holderName is what the asker may call whoever has the case, or "" where nothing is known: see "escalation.a-champion".
func (w *work) holderName() string {
	if name := w.act.Team.nameOf(w.Holder); name != "" || w.act.By != w.Holder {
		return name
	}
	return w.act.Name
}

// ballTo says who is to speak next, and when to look whether they have.
func (w *work) ballTo(side Side) {
	w.Ball, w.Nudged = side, false
	s := w.act.Team.Settings
	switch {
	case w.Practice:
		w.StepAt = w.now.Add(7 * 24 * time.Hour)
	case side == ChampionSide:
		w.StepAt = sure(w.act.Team.hoursOf(w.Holder).After(w.now, s.Silent), w.now)
	default:
		w.StepAt = sure(s.Hours.After(w.now, s.Patience), w.now)
	}
}

// decline needs no reason. When the last of those asked has declined, the search goes on at once.
func (w *work) decline() error {
	who := w.act.By
	if w.act.Team.isLast(who) {
		return ErrNotNow // there is nobody after them
	}
	w.reply("escalation.declined", nil)
	w.dropCard(who, "escalation.card-declined")
	w.Declined = append(w.Declined, who)
	i := slices.Index(w.Offered, who)
	if i < 0 { // of an offer before, or out of a channel that others still see
		return nil
	}
	if w.Offered = slices.Delete(w.Offered, i, i+1); len(w.Offered) == 0 {
		w.further()
	}
	return nil
}

// pass gives the case on: to somebody by name, or to whoever is next.
func (w *work) pass() error {
	if who := w.Holder; w.act.To != "" {
		if !w.canHave(w.act.To) || w.act.To == who {
			return ErrAway
		}
	}
	w.reply("escalation.passed", nil)
	w.handBack("escalation.card-passed")
	w.Wish = w.act.To
	w.search("escalation.returned")
	return nil
}

// handBack takes the case from its holder.
func (w *work) handBack(card string) {
	who := w.Holder
	w.dropHeld(who)
	w.dropCard(who, card)
	w.back(who)
}

func (w *work) askBack() error {
	if err := w.say(ChampionSide); err != nil {
		return err
	}
	w.State, w.Snoozed = Claimed, false
	w.relayToAskers("escalation.ask-back", "", Reply, Sorted, Cancel)
	w.ballTo(AskerSide)
	w.reply("escalation.sent", nil)
	return nil
}

func (w *work) answer() error {
	if err := w.say(ChampionSide); err != nil {
		return err
	}
	w.answered("escalation.answer")
	return nil
}

// link gives an entry as the answer, with or without a word of the champion's own.
func (w *work) link() error {
	if w.act.Entry == "" {
		return ErrEmpty
	}
	if strings.TrimSpace(w.act.Text) == "" {
		w.Lines = append(w.Lines, Line{At: w.now, From: ChampionSide, By: w.act.By, Ref: w.act.Ref})
	} else if err := w.say(ChampionSide); err != nil {
		return err
	}
	w.Linked = w.act.Entry
	w.answered("escalation.answer-entry")
	return nil
}

// answered brings an answer to the asker, and to everybody who asked the same.
func (w *work) answered(what string) {
	w.State, w.Snoozed = Answered, false
	w.relayToAskers(what, what, Helped, NotHelped, Reply)
	w.ballTo(AskerSide)
	w.reply("escalation.sent", nil)
}

// relayToAskers brings the last line to the asker, and, if others is set, to those who asked the same.
func (w *work) relayToAskers(what, others string, can ...Kind) {
	l := w.lastLine()
	values := map[string]string{"name": w.holderName(), "text": l.Text}
	if w.act.Entry != "" {
		values["entry"] = w.act.Entry
	}
	if key := w.tellAsker(what, values, can...); key != "" {
		l.Sent = append(l.Sent, Sent{ToAsker, w.Asker, key, what})
	}
	if others == "" {
		return
	}
	for _, f := range w.Followers {
		key := w.post(Tell{Who: ToFollower, To: f.Address, What: others, Values: values, Under: f.Thread}, w.now)
		l.Sent = append(l.Sent, Sent{ToFollower, f.Address, key, others})
	}
}

// note is for champions alone: it stays with the case when it is passed on.
func (w *work) note() error {
	if err := w.say(NoteSide); err != nil {
		return err
	}
	w.reply("escalation.note-kept", nil)
	w.mine()
	return nil
}

// longestSnooze keeps a snooze from becoming a way to lose a case.
const longestSnooze = 7 * 24 * time.Hour

func (w *work) snooze() error {
	if !w.act.Until.After(w.now) || w.act.Until.Sub(w.now) > longestSnooze {
		return ErrNotNow
	}
	until := sure(w.act.Team.hoursOf(w.Holder).NextOpen(w.act.Until), w.act.Until)
	w.Ball, w.Snoozed, w.Nudged, w.StepAt = ChampionSide, true, false, until
	values := map[string]string{"when": stamp(until)}
	w.reply("escalation.snoozing", values)
	w.tellAsker("escalation.snoozed", with(values, "name", w.holderName()), w.askerCan()...)
	return nil
}

// closeByHolder ends the case. The asker may open it again for 14 days.
func (w *work) closeByHolder() error {
	w.tellAskers("escalation.closed", "escalation.closed-follower", Helped, NotHelped, Reopen)
	if w.answeredBy(w.Holder) {
		w.reply("escalation.closing", nil)
		w.done("escalation.closing")
		return nil
	}
	w.reply("escalation.closing", nil)
	w.shut("escalation.closing")
	return nil
}

// tellAskers tells the asker, and all who asked the same, that the case ends.
func (w *work) tellAskers(what, others string, can ...Kind) {
	w.tellAsker(what, nil, can...)
	for _, f := range w.Followers {
		w.post(Tell{Who: ToFollower, To: f.Address, What: others, Under: f.Thread}, w.now)
	}
}

// canHave reports whether the case may be given to somebody by name.
func (w *work) canHave(who chat.Address) bool {
	c, ok := w.act.Team.champion(who)
	return ok && c.State == Approved && !w.asks(who) && (own(w.act.Team, c) || w.Agreed && wider(w.act.Team, c))
}

// reassign is a coordinator's: the case goes to a champion, as soon as they are at work.
func (w *work) reassign() error {
	to := w.act.To
	if !w.canHave(to) {
		return ErrAway
	}
	if to == w.Holder {
		return nil
	}
	if w.Holder != "" {
		w.handBack("escalation.card-passed")
	} else {
		w.dropCards("escalation.card-moved", "")
		w.Step, w.Singles, w.Passed = StepOne, 0, nil
	}
	w.Declined = slices.DeleteFunc(w.Declined, func(a chat.Address) bool { return a == to })
	w.Wish = to
	w.search("")
	return nil
}
