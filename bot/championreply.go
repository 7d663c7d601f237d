package bot

import (
	"context"
	"errors"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/words"
	"signpost/knowledge/sqldb"
)

// relay handles a plain message that answers one of ours about a question: it is for the other side, whatever it says,
// and no question to the base. ok is false for any other message.
func (m *meeting) relay(ctx context.Context) (turn chat.Turn, ok bool, err error) {
	c, ok, err := m.answersCase(ctx)
	if err != nil || !ok {
		return chat.Turn{}, false, err
	}
	kind, party := c.SaysAs(m.event.Person)
	if !party {
		return reply(m.refusal(escalation.Change{Before: c}, escalation.ErrNotYours, escalation.ErrorWords[escalation.ErrNotYours])), true, nil
	}
	d := screened(m.base, m.event.Text)
	if d.Verdict == Stop {
		return m.stoppedRelay(d), true, nil
	}
	turn, err = m.relays(ctx, c.ID, escalation.Act{Kind: kind, Text: kept(d), Ref: m.event.Message}, d)
	return turn, true, err
}

// answersCase finds the question that a message is about: it answers a message of ours, or it stands in the thread in which
// the question was asked and something was asked back.
func (m *meeting) answersCase(ctx context.Context) (c escalation.Case, ok bool, err error) {
	if m.event.ReplyTo == "" {
		return c, false, nil
	}
	key, sent, err := m.repliedTo(ctx)
	if err != nil {
		return c, false, err
	}
	if !sent {
		return m.askedBackHere(ctx)
	}
	id, ours := escalation.CaseOf(key)
	if !ours {
		return c, false, nil
	}
	c, err = escalation.Get(ctx, m.bot.DB.Read(), id)
	if errors.Is(err, escalation.ErrNotFound) {
		return c, false, nil
	}
	return c, err == nil, err
}

// askedBackHere finds a question of the person's own in whose thread a champion waits for their reply.
func (m *meeting) askedBackHere(ctx context.Context) (c escalation.Case, ok bool, err error) {
	cases, err := escalation.OfAsker(ctx, m.bot.DB.Read(), m.event.Person, m.now)
	for _, c := range cases {
		here := c.InThread && c.Where == m.event.Where || c.Ref == m.event.ReplyTo
		if here && c.State == escalation.Claimed && c.Ball == escalation.AskerSide {
			return c, true, nil
		}
	}
	return c, false, err
}

// editedCase has an edit of something that was relayed follow it; what must be stopped now is taken back.
func (m *meeting) editedCase(ctx context.Context, d Decision) (chat.Turn, error) {
	act := escalation.Act{Kind: escalation.Edit, Text: kept(d)}
	if d.Verdict == Stop || act.Text == "" {
		act = escalation.Act{Kind: escalation.Delete}
	}
	turn, err := m.changesMessage(ctx, act)
	if err == nil && len(turn.Messages) > 0 && act.Kind == escalation.Edit && len(d.Masked) > 0 {
		text := words.Say("champion.masked", "what", identifiers(d.Masked), "text", act.Text)
		turn.Reply = &chat.Message{Text: inParagraphs(text), Private: true}
	}
	return turn, err
}

// changesMessage follows what became of a message that was relayed, or that a question was asked with.
func (m *meeting) changesMessage(ctx context.Context, act escalation.Act) (chat.Turn, error) {
	id, err := escalation.OfMessage(ctx, m.bot.DB.Read(), m.event.Person, m.event.Message)
	if errors.Is(err, escalation.ErrNotFound) {
		return chat.Turn{}, nil
	} else if err != nil {
		return chat.Turn{}, err
	}
	act.By, act.Ref = m.event.Person, m.event.Message
	ch, err := m.book().Act(ctx, id, act)
	for sentinel := range escalation.ErrorWords { // nobody asked for anything: there is nothing to say
		if errors.Is(err, sentinel) {
			return chat.Turn{}, nil
		}
	}
	if err != nil {
		return chat.Turn{}, err
	}
	turn := m.follows(ch)
	if ch.Before.Live() && (ch.After.Asker != m.event.Person || !ch.After.Live()) && act.Kind == escalation.Delete {
		message := m.message(ch.After, escalation.Tell{What: "escalation.cancelled"})
		message.Private = true
		turn.Reply = &message
	}
	return turn, nil
}

// left takes somebody who left their network out of every question, and tells those who wait for them. What was on its way
// to them is given up.
func (m *meeting) left() chat.Turn {
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		effects, err := m.book().Gone(ctx, tx, m.event.Person)
		if err != nil {
			return err
		}
		if err := m.carryOut(ctx, tx, effects); err != nil {
			return err
		}
		return dropUnsent(ctx, tx, m.event.Person)
	})
	return chat.Turn{}
}

// joined says that somebody is there, again or for the first time.
func (m *meeting) joined(ctx context.Context) (chat.Turn, error) { return chat.Turn{}, m.back(ctx) }

// backIfHeard says that somebody who was taken to have left is there after all: whoever does something is.
func (m *meeting) backIfHeard(ctx context.Context) error {
	switch m.event.Kind {
	case chat.Said, chat.Pressed, chat.Submitted, chat.SentFile:
		return m.back(ctx)
	}
	return nil
}

// back writes only where they had left: networks tell of everybody who changes anything about themselves.
func (m *meeting) back(ctx context.Context) error {
	left, err := escalation.HasDeparted(ctx, m.bot.DB.Read(), m.event.Person)
	if err == nil && left {
		m.write(func(ctx context.Context, tx *sqldb.Tx) error { return escalation.Back(ctx, tx, m.event.Person) })
	}
	return err
}
