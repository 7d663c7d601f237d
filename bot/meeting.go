package bot

import (
	"context"
	"errors"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/bot/escalation"
	"signpost/bot/people"
	"signpost/bot/setting"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// A meeting is one event in hand: who it is, what was said before, the base as it stands, and the writes that the
// answer asks for. It lives for one Handle.
type meeting struct {
	bot      *Bot
	event    chat.Event
	base     *knowledge.Snapshot
	person   people.Person
	rights   people.Rights
	settings setting.Settings
	before   conversation
	now      time.Time
	writes   []write
	changes  []knowledge.Change // to entries, made by the writes
	stops    bool               // the answer is the reply of a stop
	forgets  bool               // the person is forgotten by it, so that nothing is noted of them
	kept     string             // id of the question that the event asked, once it is to be kept
}

// A write is one change an answer makes; all of a meeting's writes are committed together or not at all.
type write func(ctx context.Context, tx *sqldb.Tx) error

// meet reads what is known of the event's person and conversation.
func (b *Bot) meet(ctx context.Context, event chat.Event) (*meeting, error) {
	m := &meeting{bot: b, event: event, base: b.Base.Snapshot(), now: b.DB.Now()}
	db := b.DB.Read()
	var err error
	if m.settings, err = setting.Load(ctx, db); err != nil || event.Person == "" {
		return m, err
	}
	if m.person, err = people.Get(ctx, db, event.Person); err != nil {
		return nil, err
	}
	m.person = m.supposed(m.person)
	if m.rights, err = people.RightsOf(ctx, db, event.Person); err != nil {
		return nil, err
	}
	if m.before, err = loadConversation(ctx, db, event, m.now); err != nil {
		return nil, err
	}
	return m, m.backIfHeard(ctx)
}

// supposed fills in what a person has not said from what an operator tied to their workspace.
func (m *meeting) supposed(p people.Person) people.Person {
	if _, ok := m.base.Places.Get(m.event.Home); ok && p.Home == "" {
		p.Home = m.event.Home
	}
	if p.Role == "" {
		p.Role = knowledge.Role(m.event.Role)
	}
	return p
}

// write asks for a change at the commit.
func (m *meeting) write(w write) { m.writes = append(m.writes, w) }

// errHandled says that another delivery of the same event was handled first.
var errHandled = errors.New("bot: the event was handled already")

// errOvertaken says that something which the answer names, such as the number of a draft, went to somebody else meanwhile.
var errOvertaken = errors.New("bot: somebody else was quicker")

// overtaken reports whether an event failed because of what somebody else wrote between the thinking and the writing.
func overtaken(err error) bool {
	return errors.Is(err, errOvertaken) || errors.Is(err, knowledge.ErrChanged) || errors.Is(err, escalation.ErrStale)
}

// commit marks the event as handled, makes the changes, puts messages into the outbox, and deletes what is no longer to
// be kept. An event that only reads, such as opening a form, opens no transaction.
func (m *meeting) commit(ctx context.Context, turn chat.Turn) error {
	silent := turn.Reply == nil && len(turn.Private)+len(turn.Messages)+len(turn.Due) == 0
	if len(m.writes) == 0 && m.event.Kind != chat.CameDue && (silent || onlyReads(m.event)) {
		return nil
	}
	return m.bot.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if first, err := m.takes(ctx, tx, turn.Reply); err != nil {
			return err
		} else if !first {
			return errHandled
		}
		for _, w := range m.writes {
			if err := w(ctx, tx); err != nil {
				return err
			}
		}
		if err := desk.Post(ctx, tx, turn.Messages...); err != nil {
			return err
		}
		if err := desk.Schedule(ctx, tx, turn.Due...); err != nil {
			return err
		}
		return m.bot.tidy(ctx, tx)
	})
}

// takes marks the event as handled; first is false if it was already.
func (m *meeting) takes(ctx context.Context, tx *sqldb.Tx, reply *chat.Message) (first bool, err error) {
	switch {
	case m.event.Due != nil:
		return desk.Done(ctx, tx, *m.event.Due)
	case onlyReads(m.event):
		return true, nil
	}
	return desk.Take(ctx, tx, m.event.Key, reply)
}

// addressed turns what the network cannot show in its acknowledgement of the event into messages. What is for this
// person alone goes to them directly; so does what their place refuses.
func (m *meeting) addressed(turn chat.Turn) chat.Turn {
	if m.event.TakesReply || m.event.Person == "" {
		return turn
	}
	var posts []chat.Post
	if turn.Reply != nil {
		post := chat.Post{Key: "reply " + m.event.Key, To: m.event.Where, Message: *turn.Reply, Else: m.event.Person}
		if turn.Reply.Private && m.event.Public {
			post.To, post.Else = m.event.Person, ""
		}
		posts = append(posts, post)
	}
	for i, message := range turn.Private {
		posts = append(posts, chat.Post{Key: "private " + string(rune('1'+i)) + " " + m.event.Key, To: m.event.Person, Message: message})
	}
	turn.Messages = append(posts, turn.Messages...)
	turn.Reply, turn.Private = nil, nil
	return turn
}

// home is the name of the place where the person works; ok is false if they have not said, or it is gone.
func (m *meeting) home() (name string, ok bool) {
	p, ok := m.base.Places.Get(m.person.Home)
	return p.Name, ok
}

func reply(message chat.Message) chat.Turn { return chat.Turn{Reply: &message} }
