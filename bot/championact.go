package bot

import (
	"cmp"
	"context"
	"time"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/words"
)

// casePressed handles a button on a question: some do it at once, others ask for words first.
func (m *meeting) casePressed(ctx context.Context, id string, kind escalation.Kind) (chat.Turn, error) {
	switch kind {
	case lookKind:
		return m.look(ctx, id)
	case escalation.SaveEntry:
		return m.entryForm(ctx, id)
	}
	if form, ok := caseForms[kind]; ok {
		return m.caseForm(ctx, id, kind, form)
	}
	turn, err := m.acts(ctx, id, escalation.Act{Kind: kind})
	if err == nil && turn.Reply == nil {
		key := "champion.done"
		if kind == escalation.Claim {
			key = "champion.claimed"
		}
		turn.Reply = &chat.Message{Text: words.Say(key), Private: true}
	}
	return turn, err
}

// acts does one thing to a case, as whoever is here.
func (m *meeting) acts(ctx context.Context, id string, act escalation.Act) (chat.Turn, error) {
	act.By, act.Where = m.event.Person, cmp.Or(m.event.Room, m.event.Where)
	if act.Kind == escalation.Reveal {
		act.Name = m.event.Name
	}
	return m.outcome(m.book().Act(ctx, id, act))
}

// caseSubmitted does what a form was for. What was typed is masked, and the sender is shown what was; of what must be
// stopped nothing is passed on.
func (m *meeting) caseSubmitted(ctx context.Context, id string, kind escalation.Kind) (chat.Turn, error) {
	if kind == escalation.SaveEntry {
		return m.saveEntry(ctx, id)
	}
	of, ok := caseForms[kind]
	if !ok {
		return m.browse("gone", ""), nil
	}
	d := m.filledIn("text")
	if d.Verdict == Stop {
		return m.stoppedRelay(d), nil
	}
	act := escalation.Act{Kind: kind, Text: kept(d), Until: m.snoozeUntil(m.event.Values["until"])}
	var problem string
	switch kind {
	case escalation.Link:
		if act.Entry = m.entryMeant(m.event.Values["entry"]); act.Entry == "" {
			problem = "champion.link-unknown"
		}
	case escalation.Pass:
		act.To = passedTo(m.event.Values["to"])
	case escalation.Snooze:
		if act.Until.IsZero() {
			problem = "champion.pick"
		}
	default:
		if act.Text == "" {
			problem = "champion.form-empty"
		}
	}
	if problem == "" {
		return m.relays(ctx, id, act, d)
	}
	turn, err := m.caseForm(ctx, id, kind, of)
	if turn.Form != nil {
		turn.Form.Fields[0].Problem = words.Line(problem)
	}
	return turn, err
}

// kept is what of a text is worth passing on: nothing, where nothing but what was masked is left.
func kept(d Decision) string {
	if withoutBrackets(d.Text) == "" {
		return ""
	}
	return d.Text
}

// relays passes words on, and shows the sender what was masked on the way.
func (m *meeting) relays(ctx context.Context, id string, act escalation.Act, d Decision) (chat.Turn, error) {
	before := len(m.writes)
	turn, err := m.acts(ctx, id, act)
	if err != nil || turn.Reply == nil {
		return turn, err
	}
	if len(d.Masked) > 0 && len(m.writes) > before { // else nothing was passed on
		turn.Reply.Text = inParagraphs(words.Say("champion.masked", "what", identifiers(d.Masked), "text", act.Text)).Add(turn.Reply.Text)
	}
	if d.Cut {
		turn.Reply.Text = words.Say("champion.cut").Add(turn.Reply.Text)
	}
	return turn, nil
}

// stoppedRelay answers what must be stopped as everywhere, and says that it went nowhere.
func (m *meeting) stoppedRelay(d Decision) chat.Turn {
	m.countStop(d.Reason)
	message := m.stopped(d)
	message.Text = message.Text.Add(words.Say("champion.not-passed-on"))
	return reply(message)
}

// snoozeUntil is zero for what was never offered.
func (m *meeting) snoozeUntil(picked string) time.Time {
	at := m.now.In(escalation.London)
	switch picked {
	case "hour":
		return m.now.Add(time.Hour)
	case "hours":
		return m.now.Add(3 * time.Hour)
	case "day":
		return time.Date(at.Year(), at.Month(), at.Day()+1, 9, 0, 0, 0, escalation.London)
	case "week": // the next Monday
		days := (8 - int(at.Weekday())) % 7
		if days == 0 {
			days = 7
		}
		return time.Date(at.Year(), at.Month(), at.Day()+days, 9, 0, 0, 0, escalation.London)
	}
	return time.Time{}
}

func passedTo(picked string) chat.Address {
	if picked == anybody {
		return ""
	}
	return chat.Address(picked)
}

// entryMeant is the slug of an entry that was picked, or whose title was typed.
func (m *meeting) entryMeant(said string) string {
	if e, ok := m.base.Entry(said, m.person.Home); ok {
		return e.Slug
	}
	if found := m.base.FindTitle(said, m.person.Home, 1); said != "" && len(found) > 0 {
		return found[0].Slug
	}
	return ""
}
