package bot

import (
	"context"
	"errors"
	"slices"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/people"
	"signpost/bot/setting"
	"signpost/bot/words"
	"signpost/knowledge/sqldb"
)

// forgetCommands are what people type to have all of theirs erased, each by its whole text; see commands.
var forgetCommands = []string{"forget me", "forget about me", "forget everything about me", "delete my data", "delete everything about me", "erase my data"}

// Forget erases a person; by is who did it. What follows for others, such as a champion's questions that go to somebody
// else, is posted in the same transaction, for the courier of whichever process serves the file.
func (b *Bot) Forget(ctx context.Context, who chat.Address, by string) error {
	const often = 5
	err := escalation.ErrStale
	for range often { // as in handle: somebody may change a question meanwhile
		if err = b.forget(ctx, who, by); !errors.Is(err, escalation.ErrStale) {
			return err
		}
	}
	return err
}

func (b *Bot) forget(ctx context.Context, who chat.Address, by string) error {
	m := &meeting{bot: b, base: b.Base.Snapshot(), now: b.DB.Now()}
	var err error
	if m.settings, err = setting.Load(ctx, b.DB.Read()); err != nil {
		return err
	}
	return b.DB.Write(ctx, func(tx *sqldb.Tx) error { return m.erase(ctx, tx, who, by) })
}

// erase takes a person out of the file, within a transaction. The audit trail keeps that somebody was forgotten, not who.
func (m *meeting) erase(ctx context.Context, tx *sqldb.Tx, who chat.Address, by string) error {
	names, err := escalation.NamesOf(ctx, tx, who)
	if err != nil {
		return err
	}
	if m.event.Person == who {
		names = append(names, m.event.Name)
	}
	effects, err := m.book().Forget(ctx, tx, who)
	if err != nil {
		return err
	}
	if err := m.carryOut(ctx, tx, effects); err != nil {
		return err
	}
	e := newEraser(tx, who, m.bot.NewID())
	if err := errors.Join(e.deleteTheirs(ctx), e.deletePassing(ctx), e.replaceKept(ctx), e.unname(ctx, names)); err != nil {
		return err
	}
	return tx.Record(ctx, by, "person forgotten", "", "")
}

// forgetting asks whether the person is sure, and does it.
func (m *meeting) forgetting(ctx context.Context, answer string) (chat.Turn, error) {
	switch answer {
	case "yes":
	case "no":
		return reply(chat.Message{Text: words.Say("forget.not"), Buttons: []chat.Button{button("topics", "topics")}, Private: true}), nil
	default:
		return m.forgetSure(ctx)
	}
	m.forgets = true
	who := m.event.Person
	m.write(func(ctx context.Context, tx *sqldb.Tx) error { return m.erase(ctx, tx, who, "a person, of themselves") })
	return reply(chat.Message{Text: words.Say("forget.done"), Buttons: []chat.Button{button("topics", "topics")}, Private: true}), nil
}

// forgetSure says what goes, and what the person loses by it.
func (m *meeting) forgetSure(ctx context.Context) (chat.Turn, error) {
	text := words.Say("forget.sure")
	var rights []string
	for _, g := range m.rights {
		if name := article(string(g.Right)) + " at " + m.nameOf(g.Place); g.Right != people.Champion && !slices.Contains(rights, name) {
			rights = append(rights, name)
		}
	}
	if len(rights) > 0 {
		text = text.Add(words.Say("forget.rights", "rights", strings.Join(rights, ", ")))
	}
	if _, ok, err := m.self(ctx); err != nil {
		return chat.Turn{}, err
	} else if ok {
		text = text.Add(words.Say("forget.champion"))
	}
	return reply(chat.Message{Text: text.Add(words.Say("forget.last")), Private: true,
		Buttons: []chat.Button{button("forget yes", "forget-yes"), button("forget no", "forget-no")}}), nil
}
