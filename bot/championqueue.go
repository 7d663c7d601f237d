package bot

import (
	"context"
	"fmt"
	"time"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/people"
	"signpost/bot/words"
)

// lookKind is a button that shows a question as it stands.
const lookKind escalation.Kind = "look"

// queue lists what a champion has and is offered, by age.
func (m *meeting) queue(ctx context.Context) (chat.Turn, error) {
	cases, err := escalation.Queue(ctx, m.bot.DB.Read(), m.event.Person)
	if err != nil {
		return chat.Turn{}, err
	}
	message := chat.Message{Text: words.Say("champion.queue-none"), Private: true}
	if len(cases) > 0 {
		message.Text = words.Say("champion.queue")
	}
	for _, c := range cases[:min(len(cases), onePage)] {
		message.Choices = append(message.Choices, chat.Choice{ID: "case " + c.ID + " " + string(lookKind), Label: label(c.Question), Detail: label(m.queueLine(c))})
	}
	message.Buttons = m.championButtons()
	return reply(message), nil
}

// championButtons are what a champion may do besides; somebody who is none may become one.
func (m *meeting) championButtons() []chat.Button {
	if !m.rights.Anywhere(people.Champion) {
		return []chat.Button{button("join join", "join")}
	}
	return []chat.Button{button("join ward", "ward"), button("join details", "details"), button("record", "record"), button("join practise", "practise")}
}

// queueLine says where a question stands, and for how long it has waited.
func (m *meeting) queueLine(c escalation.Case) string {
	key := "champion.queue-offered"
	switch {
	case c.Holder != m.event.Person:
	case c.State == escalation.Answered:
		key = "champion.queue-answered"
	case c.Ball == escalation.AskerSide:
		key = "champion.queue-asked"
	case c.Snoozed:
		key = "champion.queue-snoozed"
	default:
		key = "champion.queue-yours"
	}
	return words.Line(key, "age", age(m.now.Sub(c.Made)))
}

// age puts a stretch of time into the largest unit that fits.
func age(d time.Duration) string {
	for _, unit := range []struct {
		of        time.Duration
		one, many string
	}{{24 * time.Hour, "champion.day", "champion.days"}, {time.Hour, "champion.hour", "champion.hours"}} {
		switch n := int(d / unit.of); {
		case n == 1:
			return words.Line(unit.one)
		case n > 1:
			return words.Line(unit.many, "n", fmt.Sprint(n))
		}
	}
	return words.Line("champion.minutes")
}

// look shows a question as it stands to somebody who has to do with it.
func (m *meeting) look(ctx context.Context, id string) (chat.Turn, error) {
	c, err := escalation.Get(ctx, m.bot.DB.Read(), id)
	if err != nil {
		return m.outcome(escalation.Change{}, err)
	}
	tell, ok := c.Look(m.event.Person)
	if !ok {
		return m.outcome(escalation.Change{Before: c}, escalation.ErrNotYours)
	}
	message := m.message(c, tell)
	message.Private = true
	return reply(message), nil
}

// myCases are a person's own questions that champions have, as choices.
func (m *meeting) myCases(ctx context.Context) ([]chat.Choice, error) {
	cases, err := escalation.OfAsker(ctx, m.bot.DB.Read(), m.event.Person, m.now)
	if err != nil {
		return nil, err
	}
	var choices []chat.Choice
	for _, c := range cases {
		if len(choices) < onePage/2 && c.Question != "" {
			key := "champion.mine-open"
			if !c.Live() {
				key = "champion.mine-closed"
			}
			choices = append(choices, chat.Choice{ID: "case " + c.ID + " " + string(lookKind), Label: label(c.Question), Detail: words.Line(key)})
		}
	}
	return choices, nil
}
