package terminal

import (
	"maps"
	"strings"

	"signpost/bot/chat"
)

// fill takes one line while a form is open. s.mu is held.
func (s *Session) fill(line string) (*chat.Event, sheet) {
	if strings.EqualFold(strings.TrimSpace(line), wordCancel) {
		s.form = nil
		text, _ := s.put(sheet{para(formLeft)})
		return nil, text
	}
	next, note := s.form.answer(line)
	switch next {
	case asked:
		text, _ := s.put(append(sheet{para(note)}, s.form.question()...))
		return nil, text
	case look:
		event := s.formEvent(chat.TypedAhead)
		event.Field, event.Text = s.form.field().ID, strings.TrimSpace(line)
		return event, nil
	case ready:
		return s.formEvent(chat.Submitted), nil
	}
	return nil, nil
}

func (s *Session) formEvent(kind chat.EventKind) *chat.Event {
	event := s.event(kind)
	event.Form, event.Values = s.form.form.ID, maps.Clone(s.form.values)
	return event
}
