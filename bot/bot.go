// Package bot decides what to say.
//
// Start from [Open] and [Bot.Handle], which turns one event into one turn: the story of everything Signpost does is read
// from there. [Bot.Consider] is the same thinking without the conversation and without any trace, for scripts.
package bot

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"

	"signpost/bot/chat"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// Config is what a Bot cannot live without. Log and NewID may be left out.
type Config struct {
	DB   *sqldb.DB
	Base *knowledge.Base
	Log  *slog.Logger
	// NewID names a question for good; the default is 128 random bits.
	NewID func() string
}

// A Bot answers events. It is safe for concurrent use and holds no state of its own: all of it is in the file.
type Bot struct {
	Config
}

// New makes a Bot. It touches nothing.
func New(config Config) *Bot {
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.NewID == nil {
		config.NewID = rand.Text
	}
	return &Bot{config}
}

// Open makes a Bot and deletes what is no longer to be kept, in case nobody asks for a long time. It writes only where
// there is such a thing.
func Open(ctx context.Context, config Config) (*Bot, error) {
	b := New(config)
	old, err := anyOld(ctx, b.DB.Read(), b.DB.Now())
	if err == nil && old {
		err = b.DB.Write(ctx, func(tx *sqldb.Tx) error { return deleteOld(ctx, tx) })
	}
	if err != nil {
		return nil, fmt.Errorf("open the bot: %w", err)
	}
	return b, nil
}

// Handle decides what to do about one event. Reading and thinking come first, with no transaction open; then everything
// the event changes is written in one short transaction. After an error nothing has changed and the event may be sent
// again.
func (b *Bot) Handle(ctx context.Context, event chat.Event) (chat.Turn, error) {
	if err := b.Base.Refresh(ctx); err != nil {
		return chat.Turn{}, fmt.Errorf("handle %s: %w", event.Kind, err)
	}
	m, err := b.meet(ctx, event)
	if err != nil {
		return chat.Turn{}, fmt.Errorf("handle %s: %w", event.Kind, err)
	}
	turn, err := m.answer(ctx)
	if err != nil {
		return chat.Turn{}, fmt.Errorf("handle %s: %w", event.Kind, err)
	}
	if err := m.commit(ctx); err != nil {
		return chat.Turn{}, fmt.Errorf("handle %s: %w", event.Kind, err)
	}
	return turn, nil
}

// answer goes by what the person did.
func (m *meeting) answer(ctx context.Context) (chat.Turn, error) {
	switch m.event.Kind {
	case chat.Said:
		return m.said(), nil
	case chat.Pressed:
		return m.pressed(ctx)
	case chat.Submitted:
		return m.submitted(), nil
	case chat.TypedAhead:
		return m.suggest(), nil
	case chat.Opened:
		return m.opened(), nil
	}
	return chat.Turn{}, nil
}
