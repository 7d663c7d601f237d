package escalation

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"signpost/bot/chat"
)

// An Act is one thing done to a case. Fields that do not belong to its Kind are empty.
type Act struct {
	Kind Kind
	By   chat.Address // who; empty for CameDue. Never from anything a person typed
	Name string       // what others may call them
	// Where is the place a button was pressed in: whoever presses in a channel that has a card may claim it.
	Where chat.Address
	Text  string       // masked
	Ref   chat.Ref     // the network's reference of the message: one with the same is the same message
	To    chat.Address // Pass (may be empty), Reassign
	Until time.Time    // Snooze
	Entry string       // Link: a slug
	As    Asker        // Follow: who else asks
	Team  Team         // who could help; [Book] fills it in
}

// Kind says what is done.
type Kind string

// The kinds of Act, by who does them.
const (
	// The asker.
	Ask       Kind = "ask"
	Reply     Kind = "reply"
	Cancel    Kind = "cancel"
	Sorted    Kind = "sorted"
	Helped    Kind = "helped"
	NotHelped Kind = "not-helped"
	Reopen    Kind = "reopen"
	Reveal    Kind = "reveal"
	// Somebody else with the same question.
	Follow   Kind = "follow"
	Unfollow Kind = "unfollow"
	// Whoever has a card, or has the case.
	Claim   Kind = "claim"
	Decline Kind = "decline"
	Pass    Kind = "pass"
	AskBack Kind = "ask-back"
	Answer  Kind = "answer"
	Note    Kind = "note"
	Link    Kind = "link"
	Snooze  Kind = "snooze"
	Close   Kind = "close"
	// Either side, on a message of their own: Ref is that message.
	Edit   Kind = "edit"
	Delete Kind = "delete"
	// A coordinator, the network, the clock.
	Reassign Kind = "reassign"
	Gone     Kind = "gone"
	CameDue  Kind = "due"
	// SaveEntry is a button only: the case's [Case.Draft] goes to a curator.
	SaveEntry Kind = "save-entry"
)

// Errors that people are told about, each in a kind sentence of its own. None says who has a case.
var (
	ErrTaken    = errors.New("escalation: somebody else has it")
	ErrNotYours = errors.New("escalation: not for this person to do")
	ErrOwn      = errors.New("escalation: their own question")
	ErrOver     = errors.New("escalation: closed")
	ErrTooLate  = errors.New("escalation: closed too long ago")
	ErrNotNow   = errors.New("escalation: makes no sense as it stands")
	ErrEmpty    = errors.New("escalation: nothing was said")
	ErrAway     = errors.New("escalation: that champion cannot take it")
)

// ErrorWords are the keys of what a person is told after an error.
var ErrorWords = map[error]string{
	ErrTaken: "escalation.error-taken", ErrNotYours: "escalation.error-not-yours", ErrOwn: "escalation.error-own",
	ErrOver: "escalation.error-over", ErrTooLate: "escalation.error-too-late", ErrNotNow: "escalation.error-not-now",
	ErrEmpty: "escalation.error-empty", ErrAway: "escalation.error-away", ErrNotFound: "escalation.error-gone",
	ErrAlready: "escalation.error-already", ErrHours: "escalation.error-hours",
}

// A rule says who may do a kind of act, in which states, and what it does.
type rule struct {
	who    func(w *work) bool
	states []State
	do     func(w *work) error
}

var (
	looking = []State{Open, Offered}
	held    = []State{Claimed, Answered}
	live    = []State{Open, Offered, Claimed, Answered}
)

// rules are the whole state machine, but for what each act does.
var rules map[Kind]rule

func init() { // rules refer to functions that look at rules
	rules = map[Kind]rule{
		Ask:       {isAsker, []State{""}, (*work).ask},
		Reply:     {isAsker, live, (*work).askerSays},
		Cancel:    {isAsker, live, (*work).cancel},
		Sorted:    {isAsker, live, (*work).sorted},
		Helped:    {isAsker, []State{Answered, Closed}, (*work).helped},
		NotHelped: {isAsker, []State{Answered, Closed}, (*work).notHelped},
		Reopen:    {isAsker, []State{Closed}, (*work).reopen},
		Reveal:    {isAsker, live, (*work).reveal},
		Follow:    {anybody, []State{Open, Offered, Claimed}, (*work).follow},
		Unfollow:  {isFollower, live, (*work).unfollow},
		Claim:     {mayClaim, looking, (*work).claim},
		Decline:   {hasCard, looking, (*work).decline},
		Pass:      {isHolder, held, (*work).pass},
		AskBack:   {isHolder, held, (*work).askBack},
		Answer:    {isHolder, held, (*work).answer},
		Note:      {isHolder, held, (*work).note},
		Link:      {isHolder, held, (*work).link},
		Snooze:    {isHolder, []State{Claimed}, (*work).snooze},
		Close:     {isHolder, held, (*work).closeByHolder},
		Edit:      {anybody, []State{Open, Offered, Claimed, Answered, Closed}, (*work).edit},
		Delete:    {anybody, []State{Open, Offered, Claimed, Answered, Closed}, (*work).delete},
		Reassign:  {anybody, live, (*work).reassign}, // the command asks who may
		Gone:      {anybody, []State{Open, Offered, Claimed, Answered, Closed}, (*work).gone},
		CameDue:   {anybody, []State{Open, Offered, Claimed, Answered, Closed}, (*work).cameDue},
	}
}

func anybody(*work) bool      { return true }
func isAsker(w *work) bool    { return w.act.By == w.Asker && (w.Asker != "" || w.Practice) }
func isHolder(w *work) bool   { return w.act.By != "" && w.act.By == w.Holder }
func hasCard(w *work) bool    { return w.Cards[w.act.By] != "" || w.Cards[w.act.Where] != "" }
func isFollower(w *work) bool { return w.follower(w.act.By) >= 0 }

// mayClaim: whoever has a card, or presses in a channel that has one, and those who are asked last.
func mayClaim(w *work) bool {
	return w.act.By != "" && (hasCard(w) && w.act.Team.knows(w.act.By, w.act.Where) || w.act.Team.isLast(w.act.By))
}

// Do says what an act makes of the case, and what follows. It reads and writes nothing; c stays as it is. Doing again
// what is done already changes nothing and is no error.
func (c Case) Do(act Act, now time.Time) (Case, []Effect, error) {
	now = now.UTC().Truncate(time.Millisecond) // as rows keep it
	w := &work{Case: c.clone(), act: act, now: now}
	r, ok := rules[act.Kind]
	if !ok {
		return c, nil, fmt.Errorf("escalation: no such act: %q", act.Kind)
	}
	if w.again() {
		return c, nil, nil
	}
	if err := w.allowed(r); err != nil {
		return c, nil, err
	}
	if err := r.do(w); err != nil {
		return c, nil, err
	}
	return w.finish(c)
}

// again reports whether the act was done before: networks and people do things twice.
func (w *work) again() bool {
	switch w.act.Kind {
	case Claim:
		return isHolder(w)
	case Reply, Answer, AskBack, Note, Link:
		return w.act.Ref != "" && slices.ContainsFunc(w.Lines, func(l Line) bool { return l.Ref == w.act.Ref && l.By == w.act.By })
	case Follow:
		return w.follower(w.act.As.Address) >= 0 || w.act.As.Address == w.Asker
	case Reveal:
		return isAsker(w) && !w.Anonymous
	}
	return false
}

func (w *work) allowed(r rule) error {
	if w.act.Kind == Claim {
		if err := w.claimable(); err != nil {
			return err
		}
	}
	switch {
	case !r.who(w):
		return ErrNotYours
	case slices.Contains(r.states, w.State):
		return nil
	case w.State == Closed:
		return ErrOver
	case w.act.Kind == Decline:
		return ErrTaken
	}
	return ErrNotNow
}

// claimable says why a case cannot be claimed by anybody at all, or not by this person.
func (w *work) claimable() error {
	switch {
	case w.State == Closed:
		return ErrOver
	case w.act.By == w.Asker && w.Asker != "" || isFollower(w):
		return ErrOwn
	case w.Holder != "":
		return ErrTaken
	}
	return nil
}
