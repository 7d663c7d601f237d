package bot

import (
	"context"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/words"
)

// hinted helps somebody who typed an answer, or a reply, where the network cannot tell that it was one: below what the base
// says to it they find a way to send it to the other side. Nothing goes there by itself: it may have been a question.
func (m *meeting) hinted(ctx context.Context, turn chat.Turn, err error) (chat.Turn, error) {
	if err != nil || turn.Reply == nil || m.stops || m.kept == "" || m.event.Public {
		return turn, err
	}
	c, kind, err := m.awaited(ctx)
	if err != nil || kind == "" {
		return turn, nil // a hint too few is better than no answer
	}
	key := "champion.hint-answer"
	if kind == escalation.Reply {
		key = "champion.hint-reply"
	}
	message := *turn.Reply
	message.Text = message.Text.Add(words.Say(key, "question", label(c.Question)))
	message.Buttons = append(message.Buttons[:len(message.Buttons):len(message.Buttons)], button("said "+c.ID+" "+m.kept, "said"))
	turn.Reply = &message
	return turn, nil
}

// awaited finds the oldest question in which the other side waits for this person; kind is "" where there is none.
func (m *meeting) awaited(ctx context.Context) (c escalation.Case, kind escalation.Kind, err error) {
	cases, err := escalation.Awaiting(ctx, m.bot.DB.Read(), m.event.Person)
	if err != nil || len(cases) == 0 {
		return c, "", err
	}
	kind, _ = cases[0].SaysAs(m.event.Person)
	return cases[0], kind, nil
}

// sendSaid opens the form of an answer or a reply with what was typed before.
func (m *meeting) sendSaid(ctx context.Context, id, question string) (chat.Turn, error) {
	c, err := escalation.Get(ctx, m.bot.DB.Read(), id)
	if err != nil {
		return m.outcome(escalation.Change{}, err)
	}
	kind, ok := c.SaysAs(m.event.Person)
	if !ok {
		return m.outcome(escalation.Change{Before: c}, escalation.ErrNotYours)
	}
	turn, err := m.caseForm(ctx, id, kind, caseForms[kind])
	if err != nil || turn.Form == nil {
		return turn, err
	}
	q, _, err := m.askedBefore(ctx, question)
	turn.Form.Fields[0].Value = q.text
	return turn, err
}
