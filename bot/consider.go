package bot

import (
	"strings"

	"signpost/bot/screen"
	"signpost/knowledge"
	"signpost/knowledge/match"
)

// longestMessage is how many characters of a message are read; the person is told when there were more.
const longestMessage = 4000

// A Decision is what the bot makes of a question, before it is put into words.
type Decision struct {
	Verdict Verdict
	Reason  string            // of an aside or a stop, else ""
	Matches []knowledge.Match // the best three entries; empty for an aside and a stop
	Shown   []knowledge.Match // of these, what the person is shown

	Text   string              // the question, masked and cut; empty for a stop
	Masked []screen.Identifier // what was masked
	Cut    bool                // the message was too long to be read whole
	// Followed says that the turn before was taken into account.
	Followed bool
	// Joke says that the small talk was a joke, or the wish for one.
	Joke bool
	// Between says that the question is one word that several entries share.
	Between bool

	meaning *knowledge.Meaning // of the text, if the screen asked for it; nil for a stop
}

// Consider decides about a question: masked first, then screened, then matched. It leaves no trace anywhere, and the same
// question to the same base gives the same decision. q.Text is as typed; q.Before is the turn before, masked already.
func (b *Bot) Consider(q knowledge.Question) Decision { return b.ConsiderUnseen(q, "") }

// ConsiderUnseen is Consider for a line that the stops may have been fitted to: with those that were fitted without it.
func (b *Bot) ConsiderUnseen(q knowledge.Question, line string) Decision {
	base := b.Base.Snapshot()
	d := screenedUnseen(base, q.Text, line)
	if d.Verdict == Stop {
		return d
	}
	return d.consider(base, q)
}

// consider is Consider for a base as it stood at a moment.
func consider(base *knowledge.Snapshot, q knowledge.Question) Decision {
	d := screened(base, q.Text)
	if d.Verdict == Stop {
		return d
	}
	return d.consider(base, q)
}

// screened masks a text and looks for a stop: what comes before anything else that is done with what a person typed. The
// Decision is a stop, or it has no verdict yet.
func screened(base *knowledge.Snapshot, typed string) Decision {
	return screenedUnseen(base, typed, "")
}

// screenedUnseen is screened as if the stops had never been fitted to a line, if that is not "". The lists come first: what
// they stop is stopped whatever the encoder does, and it is not asked.
func screenedUnseen(base *knowledge.Snapshot, typed, line string) Decision {
	text, cut := shorten(typed)
	masked := screen.Mask(text)
	d := Decision{Text: masked.Text, Masked: masked.Found, Cut: cut}
	if masked.Empty() {
		return d.stop(screen.EmptyAfterMasking)
	}
	means := func() screen.Meaning {
		if d.meaning = meaningOf(base, d.Text); d.meaning == nil {
			return screen.Meaning{}
		}
		return screen.Meaning{Model: d.meaning.Model, Vector: d.meaning.Vector(), HeldOut: line}
	}
	if reason, stopped := screen.StopWith(masked.Text, means); stopped {
		return d.stop(reason)
	}
	return d
}

// meaningOf asks what a masked text means, in the words that were typed. Another language means nothing to the encoder,
// and nor does what is only signs.
func meaningOf(base *knowledge.Snapshot, masked string) *knowledge.Meaning {
	text := withoutBrackets(masked)
	if _, aside := asideByForm(text); aside {
		return nil
	}
	return base.Meaning(text)
}

// filledIn is what was typed into a field of a form, screened. Nothing but identifiers is an empty field, not a stop.
func (m *meeting) filledIn(field string) Decision {
	d := screened(m.base, m.event.Values[field])
	if d.Reason == string(screen.EmptyAfterMasking) {
		d.Verdict, d.Reason = "", ""
	}
	return d
}

// consider decides about what was screened. Of q's text only what was kept of it counts, without the bracketed words.
func (d Decision) consider(base *knowledge.Snapshot, q knowledge.Question) Decision {
	q.Text, q.Before, q.Meaning = withoutBrackets(d.Text), withoutBrackets(q.Before), d.meaning
	if reason, ok := asideByForm(q.Text); ok {
		d.Verdict, d.Reason = Aside, reason
		return d
	}
	return d.match(base, q)
}

// match asks the base, with the turn before where the question leans on it, or where that makes the answer surer.
func (d Decision) match(base *knowledge.Snapshot, q knowledge.Question) Decision {
	alone, following := q, q
	alone.Before = ""
	matches := base.Match(following, considered)
	knownFrom := base.AnswerFrom(ErrorBudget)
	d.Followed = q.Before != ""
	if d.Followed && !leansOn(q.Text) {
		if own := base.Match(alone, considered); !surer(matches, own, knownFrom) {
			matches, d.Followed = own, false
		}
	}
	d.Verdict, d.Reason, d.Shown = decide(matches, knownFrom)
	if d.Verdict == Aside {
		d.Joke = d.Reason == joke
		if d.Joke {
			d.Reason = smallTalk
		}
		return d
	}
	d.Matches = withoutAsides(matches)
	d.Matches = d.Matches[:min(mostOffer, len(d.Matches))]
	if shared := base.Shared(q.Text); len(shared) > 0 && !d.Followed {
		d.offerShared(base, q, shared)
	}
	return d
}

// surer reports whether taking the turn before into account turned a question that had no sure answer into one that has.
func surer(following, alone []knowledge.Match, knownFrom float64) bool {
	if len(following) == 0 {
		return false
	}
	if len(alone) == 0 {
		return true
	}
	return alone[0].Probability < knownFrom && alone[0].Entry != nil && following[0].Probability > alone[0].Probability
}

// considered is how many matches are asked for: the best three entries remain when asides are left out.
const considered = 8

// offerShared offers the entries that share the one word asked.
func (d *Decision) offerShared(base *knowledge.Snapshot, q knowledge.Question, slugs []string) {
	var offer []knowledge.Match
	for _, slug := range slugs {
		if e, ok := base.Entry(slug, q.Home); ok {
			offer = append(offer, knowledge.Match{Entry: e, Probability: 1 / float64(len(slugs)), Why: sharedWord})
		}
	}
	if len(offer) > 1 {
		d.Verdict, d.Between, d.Matches, d.Shown = Unsure, true, offer, offer
	}
}

func (d Decision) stop(reason screen.Reason) Decision {
	d.Verdict, d.Reason, d.Text, d.meaning = Stop, string(reason), "", nil
	return d
}

// Masked is a text as it would be kept: cut, and without identifiers.
func Masked(text string) string {
	short, _ := shorten(text)
	return screen.Mask(short).Text
}

// shorten cuts a message to what is read of it.
func shorten(text string) (short string, cut bool) {
	n := 0
	for i := range text {
		if n++; n > longestMessage {
			return text[:i], true
		}
	}
	return text, false
}

// leaning are the words with which people carry on from what was said before.
var leaning = []string{"and ", "but ", "or ", "also ", "what about", "how about", "it ", "its ", "it's ", "still ", "that ", "thats ",
	"then ", "same ", "so ", "which ", "where is it", "ok but", "yes but", "no i mean", "i mean", "on my ", "for ", "with ", "i did ", "ive done", "tried "}

// leansOn reports whether a message is short and starts as if it went on from another.
func leansOn(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	if len(match.Words(text)) > 9 {
		return false
	}
	for _, start := range leaning {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	return false
}

func sharedWord() string { return "the glossary says that several entries share this word" }
