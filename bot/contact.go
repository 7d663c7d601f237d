package bot

import (
	"context"
	"fmt"

	"signpost/bot/chat"
	"signpost/bot/setting"
	"signpost/bot/words"
	"signpost/knowledge/sqldb"
)

// introduces adds, where a person writes in a room for the first time, one line on who can see it and what is kept. A
// stop is left alone: nobody reads two notes on the way to help.
func (m *meeting) introduces(turn chat.Turn) chat.Turn {
	room := m.event.Room
	if room == "" {
		room = m.event.Where
	}
	if turn.Reply == nil || m.stops || m.forgets || m.event.Kind == chat.Opened || m.event.Greeted || room == "" {
		return turn
	}
	told, err := m.told(room)
	if err != nil || told {
		return turn // to be told once too rarely is better than no answer
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO told (person, room) VALUES ($1, $2) ON CONFLICT (person, room) DO NOTHING`, m.event.Person, room)
		if err != nil {
			return fmt.Errorf("keep who was told: %w", err)
		}
		return nil
	})
	key := "contact.alone"
	switch {
	case m.event.Public && m.event.Alone:
		key = "contact.aside"
	case m.event.Public:
		key = "contact.public"
	}
	message := *turn.Reply
	message.Text = message.Text.Add(words.Say(key))
	turn.Reply = &message
	return turn
}

func (m *meeting) told(room chat.Address) (told bool, err error) {
	row := m.bot.DB.Read().QueryRowContext(context.Background(), `SELECT EXISTS (SELECT 1 FROM told WHERE person = $1 AND room = $2)`, m.event.Person, room)
	return told, row.Scan(&told)
}

// paused gives what people read where answers are paused; ok is false where they are not.
func (m *meeting) paused() (message chat.Message, ok bool) {
	if !m.settings.On(m.base.Places, m.person.Home, setting.Pause) {
		return message, false
	}
	message.Text = words.Say("pause")
	if note, _ := m.settings.Of(m.base.Places, m.person.Home, setting.PauseNote); note != "" {
		message.Text = message.Text.Add(chat.Text{{Kind: chat.Plain, Text: note}})
	}
	return message, true
}
