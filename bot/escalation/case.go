package escalation

import (
	"maps"
	"slices"
	"time"

	"signpost/bot/chat"
	"signpost/knowledge"
)

// A Case is one question on its way to, or with, a champion. It is plain data; what happens to it is decided by [Case.Do].
type Case struct {
	ID       string `json:"-"` // random: it stands in buttons
	Version  int64  `json:"-"` // rises with every change; see [Change.Save]
	State    State  `json:"-"`
	Practice bool   `json:"practice,omitempty"` // a made-up question, with no asker

	// Asker is who is told things; empty where there is nobody (practice, a person who left). Name is shown to champions
	// unless Anonymous; Asker never is.
	Asker     chat.Address `json:"-"`
	Name      string       `json:"name,omitempty"`
	Anonymous bool         `json:"anonymous,omitempty"`
	Agreed    bool         `json:"agreed,omitempty"` // to be read in other organisations
	// Where is where they asked and are told things; "" means their own address. InThread says that it is a thread already,
	// in which nothing can hang under anything.
	Where    chat.Address   `json:"where,omitempty"`
	InThread bool           `json:"inThread,omitempty"`
	Home     string         `json:"-"` // id of a place, or ""
	Role     knowledge.Role `json:"role,omitempty"`

	Question   string   `json:"question"` // masked
	QuestionID string   `json:"questionID,omitempty"`
	Ref        chat.Ref `json:"ref,omitempty"` // of the message with the question, to follow its edits
	Words      string   `json:"-"`             // the question's words, by which the same question is known
	Topic      string   `json:"-"`             // id of a topic, or "" where nobody can tell
	Entries    []string `json:"entries,omitempty"`
	Tried      []string `json:"tried,omitempty"`  // slugs the asker says did not help
	Linked     string   `json:"linked,omitempty"` // slug of the entry given as the answer
	Followers  []Asker  `json:"followers,omitempty"`

	Holder   chat.Address            `json:"-"`
	Offered  []chat.Address          `json:"offered,omitempty"` // people or channels that may take it just now
	Step     Step                    `json:"step"`
	Round    int                     `json:"round,omitempty"`
	Singles  int                     `json:"singles,omitempty"`  // offers to one, in this round
	Passed   []chat.Address          `json:"passed,omitempty"`   // offered in this round
	Declined []chat.Address          `json:"declined,omitempty"` // said no, went silent or left: not offered again
	Wish     chat.Address            `json:"wish,omitempty"`     // who it is meant for, before all others
	Cards    map[chat.Address]string `json:"cards,omitempty"`    // key of the card that each still has

	Ball    Side           `json:"ball,omitempty"` // who is to speak next, while claimed
	Nudged  bool           `json:"nudged,omitempty"`
	Snoozed bool           `json:"snoozed,omitempty"`
	Lines   []Line         `json:"-"`
	Credit  []chat.Address `json:"credit,omitempty"` // whose record has it already
	Helped  string         `json:"helped,omitempty"` // yes, no or ""

	Thread string    `json:"thread,omitempty"` // key of the first post to the asker
	Told   []string  `json:"told,omitempty"`   // steps that the asker knows of
	Held   []Held    `json:"held,omitempty"`   // waiting for somebody's hours
	Posts  int       `json:"posts,omitempty"`  // number of the last post
	Made   time.Time `json:"-"`
	Closed time.Time `json:"-"` // when last
	StepAt time.Time `json:"stepAt,omitzero"`
	// Reopened counts how often; the lines of before are its history.
	Reopened int `json:"reopened,omitempty"`
}

// State says where a case stands.
type State string

// The states of a Case. A reopened one is open, offered or claimed again, with its history.
const (
	Open     State = "open"     // waiting for somebody's hours, with a due step
	Offered  State = "offered"  // people have a card and may claim it
	Claimed  State = "claimed"  // somebody has it
	Answered State = "answered" // and has answered; the asker may reply
	Closed   State = "closed"
)

// Step says how far the search for somebody has gone.
type Step string

// The steps, in order. After StepLast a new round begins.
const (
	StepOne   Step = "one" // or to the organisation's channel
	StepRing  Step = "ring"
	StepWider Step = "wider"
	StepLast  Step = "fallback"
)

var steps = []Step{StepOne, StepRing, StepWider, StepLast}

// Side says who speaks.
type Side string

// The sides of a case. A note is a champion's own, and is never relayed.
const (
	AskerSide    Side = "asker"
	ChampionSide Side = "champion"
	NoteSide     Side = "note"
)

// An Asker is one more person with the same question.
type Asker struct {
	Address   chat.Address   `json:"address"`
	Name      string         `json:"name,omitempty"`
	Anonymous bool           `json:"anonymous,omitempty"`
	Agreed    bool           `json:"agreed,omitempty"`
	Role      knowledge.Role `json:"role,omitempty"`
	Where     chat.Address   `json:"where,omitempty"`
	InThread  bool           `json:"inThread,omitempty"`
	Thread    string         `json:"thread,omitempty"`
}

// A Line is one thing said in a case.
type Line struct {
	At   time.Time
	From Side
	By   chat.Address // empty once the person was forgotten
	Text string       // masked; empty once deleted
	Ref  chat.Ref     // of the message said
	Sent []Sent       // where it was relayed to
}

// Sent is a relayed line, so that its edits and its deletion can follow it.
type Sent struct {
	Who  Who          `json:"who"`
	To   chat.Address `json:"to"`
	Key  string       `json:"key"`
	What string       `json:"what"`
}

// Held is a message that waits for hours.
type Held struct {
	At   time.Time `json:"at"`
	Tell Tell      `json:"tell"`
}

// Next is when the case must be looked at again: its step, or a message that waits. Zero only for a closed case.
func (c Case) Next() time.Time {
	next := c.StepAt
	for _, h := range c.Held {
		if next.IsZero() || h.At.Before(next) {
			next = h.At
		}
	}
	return next
}

// Live reports whether the case is not closed.
func (c Case) Live() bool { return c.State != "" && c.State != Closed }

// SaysAs tells what a plain message of a person means for the case: the asker's reply or the holder's answer.
func (c Case) SaysAs(by chat.Address) (Kind, bool) {
	switch {
	case by == "":
		return "", false
	case by == c.Asker:
		return Reply, true
	case by == c.Holder:
		return Answer, true
	}
	return "", false
}

// PlaceOf is where somebody who asked is told things: where they asked, else their own address. thread says that this is a
// thread.
func (c Case) PlaceOf(who chat.Address) (where chat.Address, thread bool) {
	switch i := c.follower(who); {
	case i >= 0:
		where, thread = c.Followers[i].Where, c.Followers[i].InThread
	case who == c.Asker:
		where, thread = c.Where, c.InThread
	}
	if where == "" {
		return who, false
	}
	return where, thread
}

// Draft gives what a new entry could start from: the question as a phrasing and the champion's own last answer.
func (c Case) Draft() (phrasing, answer string) {
	for _, l := range c.Lines {
		asked := len(l.Sent) > 0 && l.Sent[0].What == "escalation.ask-back"
		if l.From == ChampionSide && l.Text != "" && !asked {
			answer = l.Text
		}
	}
	return c.Question, answer
}

// Broken says which promise about a case does not hold, or "": none is without an owner or a due next step.
func (c Case) Broken() string {
	switch {
	case c.State == Closed && c.StepAt.IsZero():
		return ""
	case c.StepAt.IsZero():
		return "no due next step"
	case (c.State == Claimed || c.State == Answered) != (c.Holder != ""):
		return "a holder does not fit the state"
	case (c.State == Offered) != (len(c.Offered) > 0):
		return "offers do not fit the state"
	}
	return ""
}

// clone copies what Do changes in place.
func (c Case) clone() Case {
	c.Followers, c.Offered, c.Passed = slices.Clone(c.Followers), slices.Clone(c.Offered), slices.Clone(c.Passed)
	c.Declined, c.Told, c.Held = slices.Clone(c.Declined), slices.Clone(c.Told), slices.Clone(c.Held)
	c.Credit, c.Lines, c.Cards = slices.Clone(c.Credit), slices.Clone(c.Lines), maps.Clone(c.Cards)
	for i := range c.Lines {
		c.Lines[i].Sent = slices.Clone(c.Lines[i].Sent)
	}
	if c.Cards == nil {
		c.Cards = map[chat.Address]string{}
	}
	return c
}

func (c Case) follower(who chat.Address) int {
	return slices.IndexFunc(c.Followers, func(f Asker) bool { return f.Address == who })
}
