package bot

import (
	"context"
	"time"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// A meeting is one event in hand: who it is, what was said before, the base as it stands, and the writes that the
// answer asks for. It lives for one Handle.
type meeting struct {
	bot    *Bot
	event  chat.Event
	base   *knowledge.Snapshot
	person people.Person
	before conversation
	now    time.Time
	writes []write
}

// A write is one change an answer makes; all of a meeting's writes are committed together or not at all.
type write func(ctx context.Context, tx *sqldb.Tx) error

// meet reads what is known of the event's person and conversation.
func (b *Bot) meet(ctx context.Context, event chat.Event) (*meeting, error) {
	m := &meeting{bot: b, event: event, base: b.Base.Snapshot(), now: b.DB.Now()}
	var err error
	if m.person, err = people.Get(ctx, b.DB.Read(), event.Person); err != nil {
		return nil, err
	}
	if m.before, err = loadConversation(ctx, b.DB.Read(), event, m.now); err != nil {
		return nil, err
	}
	return m, nil
}

// write asks for a change at the commit.
func (m *meeting) write(w write) { m.writes = append(m.writes, w) }

// commit makes the changes, and deletes what is no longer to be kept. An event that only reads, such as type-ahead, opens no transaction.
func (m *meeting) commit(ctx context.Context) error {
	if len(m.writes) == 0 {
		return nil
	}
	return m.bot.DB.Write(ctx, func(tx *sqldb.Tx) error {
		for _, w := range m.writes {
			if err := w(ctx, tx); err != nil {
				return err
			}
		}
		return deleteOld(ctx, tx)
	})
}

// home is the name of the place where the person works; ok is false if they have not said, or it is gone.
func (m *meeting) home() (name string, ok bool) {
	p, ok := m.base.Places.Get(m.person.Home)
	return p.Name, ok
}

func reply(message chat.Message) chat.Turn { return chat.Turn{Reply: &message} }
