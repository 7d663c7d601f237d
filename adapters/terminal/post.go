package terminal

import (
	"reflect"
	"strings"

	"signpost/bot/chat"
)

// messages lays out what a turn says at once: its reply and the private follow-ups. Its posts come by Send. s.mu is held.
func (s *Session) messages(turn chat.Turn) (text sheet, offered bool) {
	if turn.Reply != nil {
		text, offered = s.message(chat.Ref(s.name()), *turn.Reply)
	}
	for _, message := range turn.Private {
		more, some := s.message(chat.Ref(s.name()), message)
		text, offered = append(text, more...), offered || some
	}
	return text, offered
}

// post shows a message that reached the person by itself. The key of a post is remembered once it is on the screen.
func (s *Session) post(post chat.Post) (chat.Ref, sheet, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ref, text, offered := s.arrive(post)
	text, err := s.put(s.closing(text, offered))
	if err != nil && len(text) > 0 {
		delete(s.keys, post.Key)
	}
	return ref, text, err
}

// arrive lays out a post and remembers its key; one that is here already is not shown again. s.mu is held.
func (s *Session) arrive(post chat.Post) (ref chat.Ref, text sheet, offered bool) {
	if ref, ok := s.keys[post.Key]; ok {
		return ref, nil, false
	}
	ref, replaces := s.keys[post.Replaces]
	if replaces {
		text, offered = s.change(ref, post.Message)
	} else {
		ref = chat.Ref(s.name())
		text, offered = s.message(ref, post.Message)
	}
	if post.Key != "" {
		s.keys[post.Key] = ref
	}
	return ref, text, offered
}

// edit shows what an earlier message has become.
func (s *Session) edit(ref chat.Ref, message chat.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, offered := s.change(ref, message)
	_, err := s.put(s.closing(text, offered))
	return err
}

// change lays out a message that takes the place of an earlier one, saying which. The same content again is nothing.
// s.mu is held.
func (s *Session) change(ref chat.Ref, message chat.Message) (text sheet, offered bool) {
	before, known := s.shown[ref]
	if known && reflect.DeepEqual(before, message) {
		return nil, false
	}
	says := changedAny
	if first := beginning(before); first != "" {
		says = changedOne + "\u201c" + first + "\u201d"
	}
	if s.newest == ref {
		s.offers = nil
	}
	text, offered = s.message(ref, message)
	return append(sheet{para(says)}, text...), offered
}

// message lays out one message and makes the numbers its own, if it has any. s.mu is held.
func (s *Session) message(ref chat.Ref, message chat.Message) (text sheet, offered bool) {
	text, offers := shownAs(message)
	text = append(text, s.file(s.shown[ref].File, message.File)...)
	text = append(calling(message.Mention, s.person), text...)
	s.shown[ref] = message
	if len(offers) == 0 {
		return text, false
	}
	s.offers, s.newest = offers, ref
	return text, true
}

// calling is the line that calls the person by name, where the message is for them by name.
func calling(mention, person chat.Address) sheet {
	if mention != person {
		return nil
	}
	_, name, _ := strings.Cut(string(person), ":")
	return sheet{para("@" + oneLine(name))}
}

func (s *Session) find(key string) (chat.Ref, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ref, ok := s.keys[key]
	return ref, ok
}

// beginning is the first few words of a message, for telling it from others.
func beginning(m chat.Message) string {
	first := oneLine(m.Text.String())
	if first == "" && m.Page != nil {
		first = oneLine(m.Page.Title)
	}
	const most = 8
	words := strings.Fields(first)
	if len(words) <= most {
		return first
	}
	return strings.Join(words[:most], " ") + " \u2026"
}
