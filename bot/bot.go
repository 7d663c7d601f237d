// Package bot decides what to say.
//
// Start from [Open] and [Bot.Handle], which turns one event into one turn: the story of everything Signpost does is read
// from there. [Bot.Consider] is the same thinking without the conversation and without any trace, for scripts.
package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/bot/screen"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// Config is what a Bot cannot live without. Log, NewID and Wake may be left out.
type Config struct {
	DB   *sqldb.DB
	Base *knowledge.Base
	Log  *slog.Logger
	// NewID names a question for good; the default is 128 random bits.
	NewID func() string
	// Wake tells the courier that there are messages to carry; it must not block. A courier finds them by itself a moment
	// later.
	Wake func()
}

// A Bot answers events. It is safe for concurrent use and holds no state of its own but what it can work out again: all of
// it is in the file.
type Bot struct {
	Config
	tidied      atomic.Int64 // when old rows were last deleted, ms UTC
	leftToWrite time.Duration
	effects     effects
}

// New makes a Bot. It touches nothing.
func New(config Config) *Bot {
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.NewID == nil {
		config.NewID = rand.Text
	}
	if config.Wake == nil {
		config.Wake = func() {}
	}
	if model := config.Base.Model(); model != "" && !screen.Fits(model) {
		config.Log.Info("messages are stopped by words alone: the stops by meaning are for other weights of the encoder", "model", model)
	}
	return &Bot{Config: config, leftToWrite: leftToWrite}
}

// Open makes a Bot and deletes what is no longer to be kept, in case nobody asks for a long time. It writes only where
// there is such a thing.
func Open(ctx context.Context, config Config) (*Bot, error) {
	b := New(config)
	for {
		old, err := anyOld(ctx, b.DB.Read(), b.DB.Now())
		if err == nil && old {
			err = b.DB.Write(ctx, func(tx *sqldb.Tx) error { return deleteOld(ctx, tx) })
		}
		if err != nil {
			return nil, fmt.Errorf("open the bot: %w", err)
		}
		if !old {
			return b, nil
		}
	}
}

// mostOvertaken is how often an event is thought of again because somebody else was quicker.
const mostOvertaken = 20

// Handle decides what to do about one event. It looks whether the event was handled before; thinks, with no transaction
// open; then writes everything the event changes in one short transaction, the event itself first of all. After an error
// nothing has changed and the event may be delivered again. Where somebody else changed the same thing between the thinking
// and the writing, it thinks again, over what stands now. The Turn holds what the adapter is to show at once: messages
// and what comes due are in the desk's hands by then.
func (b *Bot) Handle(ctx context.Context, event chat.Event) (chat.Turn, error) {
	turn, err := b.handle(ctx, event)
	for range mostOvertaken {
		if !overtaken(err) || ctx.Err() != nil {
			break
		}
		turn, err = b.handle(ctx, event)
	}
	if err != nil {
		return chat.Turn{}, fmt.Errorf("handle %s: %w", event.Kind, err)
	}
	return turn, nil
}

func (b *Bot) handle(ctx context.Context, event chat.Event) (chat.Turn, error) {
	if again, ok, err := b.handled(ctx, event); ok || err != nil {
		return again, err
	}
	if err := b.Base.Refresh(ctx); err != nil {
		return chat.Turn{}, err
	}
	m, err := b.meet(ctx, event)
	if err != nil {
		return chat.Turn{}, err
	}
	turn, err := m.answer(ctx)
	if err != nil {
		return chat.Turn{}, err
	}
	turn = m.addressed(m.introduces(turn))
	if err := m.commit(ctx, turn); errors.Is(err, errHandled) {
		again, ok, err := b.handled(ctx, event)
		if err == nil && !ok && event.Due == nil { // the other delivery could not be committed: let it come again
			err = errHandled
		}
		return again, err
	} else if err != nil {
		return chat.Turn{}, err
	}
	if len(m.changes) > 0 {
		b.Base.Apply(m.changes...)
	}
	if len(turn.Messages) > 0 {
		b.Wake()
	}
	turn.Messages, turn.Due = nil, nil
	return turn, nil
}

// handled gives what was said to an event that was handled before. What only reads is not kept, and is thought of again.
func (b *Bot) handled(ctx context.Context, event chat.Event) (turn chat.Turn, ok bool, err error) {
	if onlyReads(event) {
		return chat.Turn{}, false, nil
	}
	turn.Reply, ok, err = desk.Seen(ctx, b.DB.Read(), event.Key)
	if !event.TakesReply {
		turn.Reply = nil // it is in the outbox, or sent
	}
	return turn, ok, err
}

// onlyReads reports whether nothing is ever written about an event.
func onlyReads(event chat.Event) bool {
	return event.Key == "" || event.Kind == chat.TypedAhead || event.Kind == chat.Opened
}

// answer goes by what the person did.
func (m *meeting) answer(ctx context.Context) (chat.Turn, error) {
	if turn, ok, err := m.curated(ctx); ok || err != nil {
		return turn, err
	}
	m.closeOffer()
	switch m.event.Kind {
	case chat.Said:
		return m.said(ctx)
	case chat.Pressed:
		return m.pressed(ctx)
	case chat.Submitted:
		return m.submitted(ctx)
	case chat.TypedAhead:
		return m.suggest(), nil
	case chat.Opened:
		return m.opened(ctx)
	case chat.SentFile:
		return m.sentFile(ctx)
	case chat.Edited:
		return m.edited(ctx)
	case chat.Deleted:
		return m.deleted(ctx)
	case chat.CameDue:
		return m.cameDue(ctx)
	case chat.Left:
		return m.left(), nil
	case chat.Joined:
		return m.joined(ctx)
	}
	return chat.Turn{}, nil
}
