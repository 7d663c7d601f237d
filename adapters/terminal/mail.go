package terminal

import "signpost/bot/chat"

// Receive is Show for a post, whose key is remembered: the same post again is nothing. The reference is good for Become.
func (s *Session) Receive(post chat.Post) (ref chat.Ref, out string) {
	ref, text, _ := s.post(post)
	return ref, text.plain()
}

// Become returns what the person would read of a message that has changed; "" where it has not.
func (s *Session) Become(ref chat.Ref, message chat.Message) (out string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, offered := s.change(ref, message)
	text, _ = s.put(s.closing(text, offered))
	return text.plain()
}
