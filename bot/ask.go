package bot

import (
	"context"

	"signpost/bot/chat"
	"signpost/bot/screen"
	"signpost/bot/words"
	"signpost/knowledge"
)

// said handles what a person typed: a command, who they are, or else a question. But for a command, which is known by
// every word of it, nothing is done with a text before it is screened: "i am a nurse in crisis" is a cry for help.
func (m *meeting) said(ctx context.Context) (chat.Turn, error) {
	if turn, ok, err := m.relay(ctx); ok || err != nil {
		return turn, err
	}
	if turn, ok, err := m.command(ctx, m.event.Text); ok || err != nil {
		return turn, err
	}
	d := screened(m.base, m.event.Text)
	if d.Verdict == Stop && m.knownExactly(m.event.Text) {
		d = Decision{Text: m.event.Text}
	}
	if d.Verdict != Stop {
		if message, ok := m.paused(); ok {
			return reply(message), nil
		}
		if turn, ok := m.iAm(d.Text); ok {
			return withNotices(turn, d), nil
		}
		d = d.consider(m.base, knowledge.Question{Before: m.before.Asked, Home: m.person.Home, Role: m.person.Role})
	}
	return m.hinted(ctx, withNotices(reply(m.decided(d)), d), nil)
}

// decided puts a decision into words and asks for what is to be kept of it.
func (m *meeting) decided(d Decision) chat.Message {
	switch d.Verdict {
	case Stop:
		m.countStop(d.Reason)
		return m.stopped(d)
	case Aside:
		m.keepQuestion(d, []string{d.Reason})
		return m.sayAside(d)
	}
	shown := slugs(d.Shown)
	id := m.keepQuestion(d, shown)
	now := conversation{Asked: m.carriedOn(d), Question: id, Shown: shown}
	switch d.Verdict {
	case Known:
		now.Read = shown
	case Unsure:
		now.Offered = shown
	}
	m.remember(now)
	switch d.Verdict {
	case Known:
		return m.answered(d, id)
	case Unsure:
		return m.unsure(d, id)
	}
	m.keepGap(d.Text)
	return chat.Message{Text: words.Say("unknown"), Buttons: []chat.Button{button("champion "+id, "champion"), button("wait "+id, "wait"), button("topics", "topics")}}
}

// carriedOn is what the next message may lean on: this question, and the one that it leant on itself.
func (m *meeting) carriedOn(d Decision) string {
	if !d.Followed {
		return d.Text
	}
	both, _ := shorten(d.Text + " " + m.before.Asked)
	return both
}

func slugs(matches []knowledge.Match) []string {
	out := make([]string, len(matches))
	for i, match := range matches {
		out[i] = match.Slug()
	}
	return out
}

// answered is the answer to a question. Where it is the one just read, which a follow-up can lead back to, it says so
// first.
func (m *meeting) answered(d Decision, question string) chat.Message {
	e := d.Shown[0].Entry
	message := m.known(e, question, d.Text)
	if d.Followed && m.before.justRead(e.Slug) {
		message.Text = words.Say("answer.again").Add(message.Text)
	}
	return message
}

// known is an answer with the four ways to say how it went, and the next step if there is one.
// asked is what the person asked in their own words, or "".
func (m *meeting) known(e *knowledge.Entry, question, asked string) chat.Message {
	about := question + " " + e.Slug
	message := chat.Message{Text: m.answerText(e, asked), Buttons: []chat.Button{
		button("helped "+about, "helped"), button("notquite "+about, "notquite"),
		button("champion "+question, "champion"), button("wrong "+about, "wrong"),
	}}
	if next, ok := m.base.Entry(e.Next, m.person.Home); ok {
		message.Buttons = append(message.Buttons, chat.Button{ID: "show " + next.Slug, Label: label(words.Line("answer.next", "title", next.Title))})
	}
	message.Buttons = append(message.Buttons, m.curatorButton(e)...)
	return m.shareable(message, e.Slug)
}

// unsure offers entries to pick from. Where they are the same task in different systems, it asks for the system.
func (m *meeting) unsure(d Decision, question string) chat.Message {
	message := chat.Message{Text: words.Say("unsure.offer"), Buttons: []chat.Button{button("none "+question, "none"), button("champion "+question, "champion")}}
	bySystem := systemDecides(d)
	switch {
	case bySystem:
		message.Text = words.Say("unsure.system")
	case d.Between:
		message.Text = words.Say("unsure.shared")
	}
	for _, match := range d.Shown {
		choice := chat.Choice{ID: "pick " + question + " " + match.Entry.Slug, Label: label(match.Entry.Title)}
		if bySystem {
			choice.Label, choice.Detail = label(listed(match.Entry.Systems)), match.Entry.Title
		}
		message.Choices = append(message.Choices, choice)
	}
	return message
}

// systemDecides reports whether the entries offered are about the same thing in different systems: each names systems,
// no system twice, and they are nearly as probable as each other.
func systemDecides(d Decision) bool {
	seen := map[string]bool{}
	for _, match := range d.Shown {
		if len(match.Entry.Systems) == 0 || match.Probability < d.Shown[0].Probability/2 {
			return false
		}
		for _, system := range match.Entry.Systems {
			if seen[system] {
				return false
			}
			seen[system] = true
		}
	}
	return len(d.Shown) > 1 && sameTask(d.Shown)
}

// sameTask reports whether two titles share a word that is not the name of a system, such as "leave".
func sameTask(shown []knowledge.Match) bool {
	words := map[string]int{}
	for _, match := range shown {
		for word := range match.Entry.TitleStems() {
			words[word]++
		}
	}
	for _, n := range words {
		if n == len(shown) {
			return true
		}
	}
	return false
}

// stopped is the fixed reply of a stop. It goes to the person alone, but for an emergency: that is answered where it was
// asked, at once.
func (m *meeting) stopped(d Decision) chat.Message {
	m.stops = true
	if d.Reason == string(screen.EmptyAfterMasking) {
		return chat.Message{Text: words.Say("masked.empty", "what", identifiers(d.Masked)), Private: true}
	}
	return chat.Message{Text: m.stopText(d.Reason), Private: d.Reason != string(screen.Urgent)}
}

// withNotices puts the notices before what is said.
func withNotices(turn chat.Turn, d Decision) chat.Turn {
	if turn.Reply != nil {
		turn.Reply.Text = notices(d).Add(turn.Reply.Text)
	}
	return turn
}

// notices are what must be said before the answer: what was masked, and that a message was cut. Beside a stop nothing is
// said: nobody reads two notes on the way to an emergency number.
func notices(d Decision) chat.Text {
	var text chat.Text
	if d.Verdict == Stop {
		return nil
	}
	if len(d.Masked) > 0 {
		text = words.Say("masked", "what", identifiers(d.Masked))
	}
	if d.Cut {
		text = text.Add(words.Say("cut"))
	}
	return text
}

func identifiers(found []screen.Identifier) string {
	names := make([]string, len(found))
	for i, f := range found {
		names[i] = string(f)
	}
	return listed(names)
}

// Text is what a person without home or role would read, for scripts.
func (b *Bot) Text(q knowledge.Question, d Decision) string {
	m := &meeting{bot: b, base: b.Base.Snapshot(), now: b.DB.Now()}
	m.person.Home, m.person.Role, m.event.Text = q.Home, q.Role, q.Text
	message := m.decided(d) // its writes are dropped
	message.Text = notices(d).Add(message.Text)
	return message.String()
}
