package bot

import (
	"context"

	"signpost/bot/chat"
	"signpost/bot/words"
)

// sentFile says that files are not opened, and answers what was typed with it: a picture of a screen may show a patient.
func (m *meeting) sentFile(ctx context.Context) (chat.Turn, error) {
	if m.event.Text == "" {
		return reply(chat.Message{Text: words.Say("file.not-read"), Buttons: []chat.Button{button("topics", "topics")}}), nil
	}
	turn, err := m.said(ctx)
	if err == nil && turn.Reply != nil && !m.stops {
		turn.Reply.Text = words.Say("file.not-read-beside").Add(turn.Reply.Text)
	}
	return turn, err
}
