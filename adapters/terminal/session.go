package terminal

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"signpost/bot/chat"
)

// A Session is one person's side of a conversation, without any terminal: lines in, plain unwrapped text out. It knows
// what the numbers on the screen stand for and which form is being filled in. It is safe for concurrent use; lines are
// taken one at a time, and Show does not wait for a handler. Make one with NewSession.
type Session struct {
	person, where chat.Address
	now           func() time.Time
	began         string
	print         func(sheet) error // where sheets go as they are made; nil in scripts
	folder        *string           // where files go that the bot gives; nil in scripts, which touch no files

	taking sync.Mutex // held for the whole of a line

	mu     sync.Mutex // guards what follows; never held while a handler runs
	count  int
	offers []offer // of the newest message that had any
	newest chat.Ref
	form   *filling // being filled in, or nil
	sent   *filling // filled in last
	shown  map[chat.Ref]chat.Message
	keys   map[string]chat.Ref
}

// sessions counts the sessions of this process, so that two of one person begun at the same moment share no keys.
var sessions atomic.Int64

// NewSession begins a conversation of person in where; an empty where means the person's own address. A nil now is
// time.Now.
func NewSession(person, where chat.Address, now func() time.Time) *Session {
	if now == nil {
		now = time.Now
	}
	if where == "" {
		where = person
	}
	began := fmt.Sprintf("%d.%d", now().UnixNano(), sessions.Add(1))
	return &Session{person: person, where: where, now: now, began: began,
		shown: map[chat.Ref]chat.Message{}, keys: map[string]chat.Ref{}}
}

// Open tells the handler that the person opened the page "start", so that the bot can greet, and returns what the person
// would read. With an error from the handler, out is a kind sentence.
func (s *Session) Open(ctx context.Context, handle chat.Handler) (out string, err error) {
	text, err := s.open(ctx, handle)
	return text.plain(), err
}

// Line takes one line without its line break, as the person typed it, and returns what the person would read; "" is
// nothing. An empty line outside a form does nothing. With an error from the handler, out is a kind sentence and the
// conversation goes on; where ctx has ended, out is empty.
func (s *Session) Line(ctx context.Context, handle chat.Handler, line string) (out string, err error) {
	text, err := s.take(ctx, handle, line)
	return text.plain(), err
}

// Show returns what the person would read of a message that reached them by itself. If it has buttons or choices, the
// numbers typed from now on are its own. While a form is being filled in, its question follows again.
func (s *Session) Show(message chat.Message) string {
	_, text, _ := s.post(chat.Post{To: s.person, Message: message})
	return text.plain()
}

func (s *Session) open(ctx context.Context, handle chat.Handler) (sheet, error) {
	s.taking.Lock()
	defer s.taking.Unlock()
	s.mu.Lock()
	event := s.event(chat.Opened)
	s.mu.Unlock()
	event.Page = "start"
	return s.ask(ctx, handle, event)
}

func (s *Session) take(ctx context.Context, handle chat.Handler, line string) (sheet, error) {
	s.taking.Lock()
	defer s.taking.Unlock()
	event, text := s.understand(validUTF8(line))
	if event == nil {
		return text, nil
	}
	return s.ask(ctx, handle, event)
}

// understand turns a line into an event for the handler, or, where it is none, into what the person reads at once.
func (s *Session) understand(line string) (*chat.Event, sheet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.form != nil {
		return s.fill(line)
	}
	typed := strings.TrimSpace(line)
	if typed == "" {
		return nil, nil
	}
	picked, found, number := choose(typed, s.offers)
	switch {
	case found:
		event := s.event(chat.Pressed)
		event.Button, event.Message = picked.id, s.newest
		return event, nil
	case number && len(s.offers) > 0 && !mayBeRung(typed):
		text, _ := s.put(sheet{para(noSuchNumber)})
		return nil, text
	}
	if event, text, ok := s.sendFile(typed); ok {
		return event, text
	}
	event := s.event(chat.Said)
	event.Text = typed
	return event, nil
}

func (s *Session) ask(ctx context.Context, handle chat.Handler, event *chat.Event) (sheet, error) {
	turn, err := handle(ctx, *event)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		err = fmt.Errorf("handle %s: %w", event.Kind, err)
		if ctx.Err() != nil {
			return nil, err
		}
		text, _ := s.put(s.closing(sheet{para(sorry)}, false))
		return text, err
	}
	text, _ := s.put(s.answer(event.Kind, turn))
	return text, nil
}

// answer lays out a turn. s.mu is held.
func (s *Session) answer(to chat.EventKind, turn chat.Turn) sheet {
	switch to {
	case chat.TypedAhead:
		return s.form.suggest(turn.Suggestions)
	case chat.Submitted:
		s.sent, s.form = s.form, nil
	}
	text, offered := s.messages(turn)
	if turn.Form != nil {
		s.form = newFilling(*turn.Form, s.sent)
		text = append(text, s.form.opening()...)
		return append(text, s.form.question()...)
	}
	return s.closing(text, offered)
}

// closing ends a sheet with what can be typed next. s.mu is held.
func (s *Session) closing(text sheet, offered bool) sheet {
	switch {
	case len(text) == 0:
	case s.form != nil:
		text = append(text, para(formStill+oneLine(s.form.form.Title)))
		text = append(text, s.form.question()...)
	case offered:
		text = append(text, para(typeNumber))
	}
	return text
}

// put hands a sheet to the terminal, if there is one. s.mu is held, so that what is on the screen and what the numbers
// stand for never differ.
func (s *Session) put(text sheet) (sheet, error) {
	if s.print == nil || len(text) == 0 {
		return text, nil
	}
	return text, s.print(text)
}

// nobodyInParticular is who talks where nobody said who they are. It is no name to tell others.
const nobodyInParticular = "you"

// event is a new event of this person, with a key of its own. s.mu is held.
func (s *Session) event(kind chat.EventKind) *chat.Event {
	_, name, _ := strings.Cut(string(s.person), ":")
	if name == nobodyInParticular {
		name = ""
	}
	return &chat.Event{Key: s.name(), Kind: kind, At: s.now(), Person: s.person, Name: name, Where: s.where, Greeted: true, TakesReply: true}
}

// name is a new name for an event or a message. s.mu is held.
func (s *Session) name() string {
	s.count++
	return fmt.Sprintf("%s/%d.%s", s.person, s.count, s.began)
}
