package escalation

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/bot/chat"
)

// ask begins the search. The asker hears at once that it was received, who reads it, and when to expect an answer.
func (w *work) ask() error {
	if strings.TrimSpace(w.Question) == "" {
		return ErrEmpty
	}
	w.Made, w.Step = w.now, StepOne
	if w.Practice {
		return w.practise()
	}
	m := w.offer()
	what, when := "escalation.received", w.promised()
	switch {
	case m.Nobody:
		what, when = "escalation.received-nobody", m.Until
	case len(m.To) == 0:
		what = "escalation.received-later"
	}
	w.tellAsker(what, map[string]string{"place": w.Home, "when": stamp(when), "question": w.Question}, w.askerCan()...)
	return nil
}

// promised is when the asker may expect an answer, if nobody has the case yet.
func (w *work) promised() time.Time {
	return sure(w.act.Team.Settings.Hours.After(w.now, w.act.Team.Settings.Promise), w.now)
}

// practise hands a made-up question to the one who wants to try, whatever the hour.
func (w *work) practise() error {
	w.State, w.Offered, w.StepAt = Offered, []chat.Address{w.Wish}, w.now.Add(7*24*time.Hour)
	w.giveCard(w.Wish)
	return nil
}

func (w *work) askerCan() []Kind {
	if w.Anonymous {
		return []Kind{Reply, Sorted, Cancel, Reveal}
	}
	return []Kind{Reply, Sorted, Cancel}
}

// offer gives the case to whoever is next, or waits. The steps of the search are told by search.
func (w *work) offer() Move {
	m := w.act.Team.Route(w.Case, w.now)
	w.Step, w.StepAt, w.Offered = m.Step, m.Until, m.To
	w.State = Open
	if len(m.To) > 0 {
		w.State = Offered
		w.Passed = append(w.Passed, m.To...)
	}
	switch {
	case m.Nobody: // the next look begins at the start: somebody may have joined
		w.newRound()
	case len(m.To) > 0 && m.Step == StepOne:
		w.Singles++
	}
	for _, to := range m.To {
		w.giveCard(to)
	}
	return m
}

// search looks for the next who might help, and tells the asker how far it has come, or, if news is set, that instead.
func (w *work) search(news string) {
	if w.Practice {
		w.shut("escalation.card-closed")
		return
	}
	m := w.offer()
	values := map[string]string{"place": w.Home, "when": stamp(w.promised())}
	switch {
	case m.Nobody:
		values["when"] = stamp(m.Until)
		w.progress("escalation.nobody", values)
	case news != "":
		w.Told = slices.DeleteFunc(w.Told, func(told string) bool { return told == news }) // it is news each time
		w.progress(news, values)
	case len(m.To) == 0: // the asker was told when people are there
	case m.Step == StepOne && w.Singles < 2: // and that one is asked then
	default:
		w.progress(stepWords[m.Step], values)
	}
}

// further moves on after an offer that nobody took. After the last step a new round begins: those who said no, or went
// silent, are not asked again.
func (w *work) further() {
	w.Wish = ""
	switch i := slices.Index(steps, w.Step); {
	case w.Step == StepLast:
		w.newRound()
	case w.Step != StepOne: // of the first step there may be more than one offer
		w.Step = steps[i+1]
	}
	w.Offered = nil
	w.search("")
}

func (w *work) newRound() {
	w.Step, w.Singles, w.Passed = StepOne, 0, nil
	w.Round++
}

// back puts a case that somebody had back among those that nobody has. who is not offered it again.
func (w *work) back(who chat.Address) {
	w.Declined = append(w.Declined, who)
	w.Holder, w.Ball, w.Nudged, w.Snoozed = "", "", false, false
	w.Step, w.Singles, w.Passed, w.Offered = StepOne, 0, []chat.Address{who}, nil
	w.State = Open
}

// giveCard shows the case to somebody who may claim it.
func (w *work) giveCard(to chat.Address) {
	if old := w.Cards[to]; old != "" { // of the round before
		w.dropCard(to, "escalation.card-moved")
	}
	what, values := w.card("escalation.card")
	w.Cards[to] = w.post(Tell{Who: w.part(to), To: to, What: what, Values: values, Can: w.cardCan(to), Past: w.past()}, w.now) // Route offers it only to whom it finds at work
}

// cardCan: one person alone can decline; in a channel it would mean nothing.
func (w *work) cardCan(to chat.Address) []Kind {
	if _, ok := w.act.Team.champion(to); ok {
		return []Kind{Claim, Decline}
	}
	return []Kind{Claim}
}

// card gives the words of a card and what fills them in. Nothing of an anonymous asker but role and place goes in.
func (w *work) card(what string) (string, map[string]string) {
	values := map[string]string{"question": w.Question, "place": w.Home, "role": string(w.Role), "entries": strings.Join(w.Entries, ", "),
		"tried": strings.Join(w.Tried, ", "), "topic": w.Topic, "n": strconv.Itoa(1 + len(w.Followers))}
	switch {
	case w.Practice:
		what = variants[what].practice
	case w.Anonymous || w.Name == "":
		what = variants[what].nameless
	default:
		values["asker"] = w.Name
	}
	return what, values
}

// variants are the words of cards without a name, and of practice.
var variants = map[string]struct{ nameless, practice string }{
	"escalation.card":  {"escalation.card-anonymous", "escalation.card-practice"},
	"escalation.yours": {"escalation.yours-anonymous", "escalation.yours-practice"},
	"escalation.reply": {"escalation.reply-anonymous", "escalation.reply-practice"},
}

// stepWords tell the asker how far the search has come.
var stepWords = map[Step]string{
	StepOne: "escalation.step-one", StepRing: "escalation.step-ring", StepWider: "escalation.step-wider", StepLast: "escalation.step-last",
}

// past is what was said so far, without who said it.
func (w *work) past() []Said {
	var said []Said
	for _, l := range w.Lines {
		if l.Text != "" {
			said = append(said, Said{l.From, l.Text})
		}
	}
	return said
}

// holderCan are the buttons on the card of whoever has the case.
var holderCan = []Kind{Answer, AskBack, Link, Note, Snooze, Pass, Close}

// mine turns a champion's card into that of whoever has the case; where it hung in a channel, they get one of their own.
func (w *work) mine() {
	what, values := w.card("escalation.yours")
	t := Tell{Who: w.part(w.Holder), To: w.Holder, What: what, Values: values, Can: holderCan, Past: w.past(), Replaces: w.Cards[w.Holder]}
	key := w.post(t, w.now)
	if t.Replaces == "" {
		w.Cards[w.Holder] = key
	}
}

// refreshCards shows a change of the case on every card there is. An edit disturbs nobody, so it does not wait for hours.
func (w *work) refreshCards() {
	for _, to := range w.cardHolders() {
		if to == w.Holder {
			w.mine()
			continue
		}
		what, values := w.card("escalation.card")
		w.post(Tell{Who: w.part(to), To: to, What: what, Values: values, Can: w.cardCan(to), Past: w.past(), Replaces: w.Cards[to]}, w.now)
	}
}

// dropCard says on a card that there is no more to do with it.
func (w *work) dropCard(to chat.Address, what string) {
	if key := w.Cards[to]; key != "" {
		w.post(Tell{Who: w.part(to), To: to, What: what, Replaces: key}, w.now)
		delete(w.Cards, to)
	}
}

// dropCards does so on all cards but one.
func (w *work) dropCards(what string, but chat.Address) {
	for _, to := range w.cardHolders() {
		if to != but {
			w.dropCard(to, what)
		}
	}
}

// cardHolders are in order, so that the same act has the same effects.
func (w *work) cardHolders() []chat.Address {
	var list []chat.Address
	for to := range w.Cards {
		list = append(list, to)
	}
	slices.Sort(list)
	return list
}

func postKey(id string, n int) string { return "escalation " + id + " " + strconv.Itoa(n) }

// CaseOf gives the case that a post belongs to, by the post's key: for a reply under it.
func CaseOf(key string) (id string, ok bool) {
	rest, ok := strings.CutPrefix(key, "escalation ")
	if !ok {
		return "", false
	}
	id, _, ok = strings.Cut(rest, " ")
	return id, ok
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }
