package escalation

import (
	"maps"
	"slices"
	"time"

	"signpost/bot/chat"
)

// An Effect is what follows from an act: a [Tell], a [Due] or a [Credit].
type Effect interface{ effect() }

// A Tell is something that somebody is to read. What is the key of a sentence in bot/words/escalation.txt; no words are
// made here. It becomes a chat.Post, but for ToActor, which is the reply to the act itself.
type Tell struct {
	Key  string       `json:"key,omitempty"` // the post's, never used twice
	Who  Who          `json:"who"`
	To   chat.Address `json:"to"`
	What string       `json:"what"`
	// Values fill in the sentence: place and role are ids, when is a time as RFC 3339, text and question are masked, entry
	// and entries are slugs; see [Given].
	Values map[string]string `json:"values,omitempty"`
	// Can are the acts to offer as buttons, in order; their labels stand in Labels.
	Can []Kind `json:"can,omitempty"`
	// Past is what was said before, for a card.
	Past []Said `json:"past,omitempty"`
	// Under is the key of the post in whose thread it goes; Replaces that of a post it edits, which disturbs nobody.
	Under    string `json:"under,omitempty"`
	Replaces string `json:"replaces,omitempty"`
}

// Who says in what part somebody is told.
type Who string

// The parts.
const (
	ToActor    Who = "actor" // whoever did it: the reply
	ToAsker    Who = "asker"
	ToFollower Who = "follower" // somebody with the same question
	ToChampion Who = "champion"
	ToChannel  Who = "channel"
	ToLast     Who = "fallback" // the person or channel that is asked last
)

// Said is a line as a champion may see it.
type Said struct {
	From Side   `json:"from"`
	Text string `json:"text"`
}

// A Due brings the case back: hand its Data to [Book.CameDue] then. A zero At withdraws it.
type Due struct{ chat.Due }

// Credit puts one answered question into a champion's private record.
type Credit struct {
	Champion chat.Address
	Topic    string
}

func (Tell) effect()   {}
func (Due) effect()    {}
func (Credit) effect() {}

// DueWhat is the What of every chat.Due of this package.
const DueWhat = "escalation"

func dueOf(id string, at time.Time) Due {
	return Due{chat.Due{Key: "escalation " + id, At: at, What: DueWhat, Data: id}}
}

// Labels are the keys of the words on the button of each act.
var Labels = map[Kind]string{
	Claim: "escalation.label-claim", Decline: "escalation.label-decline", Pass: "escalation.label-pass",
	AskBack: "escalation.label-ask-back", Answer: "escalation.label-answer", Note: "escalation.label-note",
	Link: "escalation.label-link", Snooze: "escalation.label-snooze", Close: "escalation.label-close",
	Reply: "escalation.label-reply", Cancel: "escalation.label-cancel", Sorted: "escalation.label-sorted",
	Helped: "escalation.label-helped", NotHelped: "escalation.label-not-helped", Reopen: "escalation.label-reopen",
	Reveal: "escalation.label-reveal", Unfollow: "escalation.label-unfollow", SaveEntry: "escalation.label-save-entry",
}

// A work is one act on a case in hand: the case as it becomes, and what follows.
type work struct {
	Case
	act     Act
	now     time.Time
	effects []Effect
}

// post sends a message, or keeps it until open.
func (w *work) post(t Tell, open time.Time) string {
	w.Posts++
	t.Key = postKey(w.ID, w.Posts)
	if open.After(w.now) {
		w.Held = append(w.Held, Held{open, t})
	} else {
		w.effects = append(w.effects, t)
	}
	return t.Key
}

// reply answers whoever did it.
func (w *work) reply(what string, values map[string]string, can ...Kind) {
	w.effects = append(w.effects, Tell{Who: ToActor, To: w.act.By, What: what, Values: values, Can: can})
}

// tellAsker tells the asker at once, in the thread of what they were told first. Who has left is told nothing.
func (w *work) tellAsker(what string, values map[string]string, can ...Kind) string {
	return w.tellAskerAt(w.now, what, values, can...)
}

func (w *work) tellAskerAt(at time.Time, what string, values map[string]string, can ...Kind) string {
	if w.Asker == "" {
		return ""
	}
	key := w.post(Tell{Who: ToAsker, To: w.Asker, What: what, Values: values, Can: can, Under: w.Thread}, at)
	if w.Thread == "" {
		w.Thread = key
	}
	return key
}

// progress tells the asker of a step in the search: each step once, only the latest of those that wait, and only within
// the organisation's hours unless the asker brought it about.
func (w *work) progress(what string, values map[string]string) {
	if slices.Contains(w.Told, what) {
		return
	}
	w.dropProgress()
	w.Told = append(w.Told, what)
	at := w.now
	if w.act.By != w.Asker {
		at = w.act.Team.Settings.Hours.NextOpen(w.now)
	}
	w.tellAskerAt(at, what, values, Reply, Sorted, Cancel)
}

// dropProgress takes back news of the search that nobody has seen yet.
func (w *work) dropProgress() {
	w.Held = slices.DeleteFunc(w.Held, func(h Held) bool { return h.Tell.Who == ToAsker && slices.Contains(w.Told, h.Tell.What) })
}

// tellHolder tells whoever has it, within their hours; at once if it answers what they did themselves.
func (w *work) tellHolder(what string, values map[string]string, can ...Kind) string {
	return w.tellChampion(w.Holder, what, values, can...)
}

func (w *work) tellChampion(to chat.Address, what string, values map[string]string, can ...Kind) string {
	if to == "" {
		return ""
	}
	t := Tell{Who: w.part(to), To: to, What: what, Values: values, Can: can, Under: w.Cards[to]}
	return w.post(t, w.openFor(to))
}

// openFor is when somebody on the champions' side may next be told something.
func (w *work) openFor(to chat.Address) time.Time {
	if to == w.act.By {
		return w.now
	}
	if open := w.act.Team.hoursOf(to).NextOpen(w.now); !open.IsZero() {
		return open
	}
	return sure(w.act.Team.Settings.Hours.NextOpen(w.now), w.now)
}

func (w *work) part(to chat.Address) Who {
	switch {
	case to == w.act.Team.Settings.Channel:
		return ToChannel
	case w.act.Team.isLast(to):
		return ToLast
	}
	return ToChampion
}

// dropHeld takes back messages to somebody who no longer has to do with the case.
func (w *work) dropHeld(to chat.Address) {
	w.Held = slices.DeleteFunc(w.Held, func(h Held) bool { return h.Tell.To == to && h.Tell.What != "escalation.thanks" })
}

// finish gives the case and what follows. The due row moves if its time did; one that came due is gone, and set anew.
func (w *work) finish(before Case) (Case, []Effect, error) {
	next := w.Next()
	if !next.Equal(before.Next()) || w.act.Kind == CameDue && !next.IsZero() {
		w.effects = append(w.effects, dueOf(w.ID, next))
	}
	return w.Case, w.effects, nil
}

// with adds to values.
func with(values map[string]string, more ...string) map[string]string {
	all := maps.Clone(values)
	if all == nil {
		all = map[string]string{}
	}
	for i := 0; i+1 < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}
