package escalation

import (
	"slices"

	"signpost/bot/chat"
)

// Allows says whether somebody may do something as things stand, before they are asked to fill in what goes with it. It
// knows no team, so it is not for Claim.
func (c Case) Allows(act Act) error {
	w := &work{Case: c, act: act}
	return w.allowed(rules[act.Kind])
}

// Look is the case as somebody who has to do with it may see it now; ok is false for everybody else.
func (c Case) Look(who chat.Address) (t Tell, ok bool) {
	w := &work{Case: c.clone()}
	t = Tell{Who: ToActor, To: who}
	switch {
	case who == "":
		return t, false
	case who == c.Holder:
		t.What, t.Values = w.card("escalation.yours")
		t.Can, t.Past = holderCan, w.past()
	case c.asks(who):
		t.What, t.Can, t.Past = w.own(who), w.ownCan(who), w.ownPast(who)
		t.Values = map[string]string{"question": c.Question}
	case c.Cards[who] != "":
		t.What, t.Values = w.card("escalation.card")
		t.Can, t.Past = []Kind{Claim, Decline}, w.past()
	default:
		return t, false
	}
	return t, true
}

// own tells somebody who asked how far their question has come.
func (w *work) own(who chat.Address) string {
	switch {
	case w.State == Closed:
		return "escalation.mine-closed"
	case w.State == Answered:
		return "escalation.mine-answered"
	case w.State == Claimed && w.Ball == AskerSide && who == w.Asker:
		return "escalation.mine-asked-back"
	case w.State == Claimed:
		return "escalation.mine-claimed"
	}
	return "escalation.mine-looking"
}

func (w *work) ownCan(who chat.Address) []Kind {
	switch {
	case who != w.Asker && w.State == Closed:
		return nil
	case who != w.Asker:
		return []Kind{Unfollow}
	case w.State == Closed:
		return []Kind{Reopen}
	case w.State == Answered:
		return []Kind{Helped, NotHelped, Reply}
	}
	return w.askerCan()
}

// ownPast is what one who asked has said or read themselves: neither the champions' notes, nor what was between others.
func (w *work) ownPast(who chat.Address) (said []Said) {
	for _, l := range w.Lines {
		read := slices.ContainsFunc(l.Sent, func(s Sent) bool { return s.To == who })
		if l.Text != "" && (read || l.From == AskerSide && l.By == who) {
			said = append(said, Said{l.From, l.Text})
		}
	}
	return said
}

// Helper reports whether somebody gave the answer, so that it is theirs to save.
func (c Case) Helper(who chat.Address) bool { return c.answeredBy(who) }
