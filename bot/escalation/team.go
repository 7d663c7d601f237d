package escalation

import (
	"slices"
	"time"

	"signpost/bot/chat"
	"signpost/knowledge"
)

// A Team is who could help with one case, as things stand: the champions of the asker's organisation and of those that
// share, and what the organisation set.
type Team struct {
	Settings  Settings
	Champions []Champion
}

// A Champion is a colleague who said they are happy to help.
type Champion struct {
	Address   chat.Address
	Name      string
	Place     string           // id: where they help
	Shares    bool             // their organisation takes part in helping across organisations
	Topics    []string         // empty: all
	Roles     []knowledge.Role // whom they help; empty: everybody
	Hours     Hours
	Most      int // questions at once; 0 means UsualMost
	State     Standing
	Listed    bool // agreed to be shown by "champions near me"
	Practised bool
	Last      time.Time // when something was last offered to them
	Load      int       // cases they have, or are being offered alone
}

// UsualMost is how many questions a champion has at once, if they did not say.
const UsualMost = 3

// Standing says whether somebody is a champion.
type Standing string

// The standings. Paused champions keep what they have and are offered nothing.
const (
	Wishing  Standing = "asked"
	Approved Standing = "approved"
	Paused   Standing = "paused"
	HasLeft  Standing = "left"
)

// Settings are what an organisation set, or a place above it; see settings.go for the defaults.
type Settings struct {
	Place    string       // where the asker works
	Hours    Hours        // the organisation's
	Channel  chat.Address // if set, cards go there instead of to one champion
	Tries    int          // champions asked one by one before the ring
	Last     chat.Address // the fallback: a person or a channel
	Admins   []chat.Address
	Sharing  bool          // takes part in helping across organisations
	Claim    time.Duration // working time until an offer moves on
	Silent   time.Duration // working time until a silent holder is nudged
	Return   time.Duration // and from then until the case goes back
	Promise  time.Duration // working time in which an asker may expect an answer
	Patience time.Duration // working time until an answered case closes, or a question back is repeated
}

// last are who is asked when nobody else was there: the fallback, else those who run it.
func (t Team) last() []chat.Address {
	if t.Settings.Last != "" {
		return []chat.Address{t.Settings.Last}
	}
	return t.Settings.Admins
}

func (t Team) isLast(who chat.Address) bool {
	return who != "" && (who == t.Settings.Last || slices.Contains(t.Settings.Admins, who))
}

func (t Team) champion(who chat.Address) (Champion, bool) {
	i := slices.IndexFunc(t.Champions, func(c Champion) bool { return c.Address == who })
	if i < 0 {
		return Champion{}, false
	}
	return t.Champions[i], true
}

// knows reports whether somebody is a champion still, or in the channel that the organisation set.
func (t Team) knows(who, where chat.Address) bool {
	_, ok := t.champion(who)
	return ok || t.isLast(who) || where != "" && (where == t.Settings.Last || where == t.Settings.Channel)
}

// hoursOf are a champion's hours; of a channel or somebody who is asked last, the organisation's.
func (t Team) hoursOf(who chat.Address) Hours {
	if c, ok := t.champion(who); ok {
		return c.Hours
	}
	return t.Settings.Hours
}

// nameOf is what the asker is told of a champion's name; "" where it is not known.
func (t Team) nameOf(who chat.Address) string {
	c, _ := t.champion(who)
	return c.Name
}
