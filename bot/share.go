package bot

import (
	"signpost/bot/chat"
	"signpost/bot/words"
)

// shareable adds a way to show an answer to everybody, where it was asked for in a room that others read and shown to
// the person alone. A stop is never shown to others.
func (m *meeting) shareable(message chat.Message, slug string) chat.Message {
	if m.event.Alone && m.event.Public && !m.stops {
		message.Buttons = append(message.Buttons, button("share "+slug, "share"))
	}
	return message
}

// share posts an answer in the room: the answer, not the question, and not who asked.
func (m *meeting) share(slug string) chat.Turn {
	e, ok := m.base.Entry(slug, m.person.Home)
	if !ok {
		return m.browse("gone", "")
	}
	message := chat.Message{Text: words.Say("share.head").Add(m.answerText(e, ""))}
	turn := reply(chat.Message{Text: words.Say("share.done")})
	turn.Messages = []chat.Post{{Key: "share " + m.event.Key, To: m.event.Where, Message: message, Else: m.event.Person}}
	return turn
}
