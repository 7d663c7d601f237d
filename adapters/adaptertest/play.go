package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"signpost/bot/chat"
)

// A play is one ability being tried. Behind the adapter it does what the bot's desk does, as plainly as possible: an
// event seen before gets its Reply again, and what does not go in an acknowledgement is sent.
type play struct {
	Stage
	rig   Rig
	ctx   context.Context
	mark  string // stands in every text of this play, for servers that keep those of other plays
	posts chan chat.Post
	sent  sync.WaitGroup
	under atomic.Int64  // posts that are not sent yet
	ready chan struct{} // closed once Stage is set

	mu       sync.Mutex
	events   []chat.Event
	turns    map[string]chat.Turn // by event key, as given back
	answer   func(chat.Event) (chat.Turn, error)
	problems []error
}

var plays atomic.Int64

func start(t *testing.T, rig Rig) *play {
	p := &play{
		rig: rig, ctx: t.Context(), posts: make(chan chat.Post, 1000), ready: make(chan struct{}), turns: map[string]chat.Turn{},
		mark: "mark" + strconv.FormatInt(time.Now().UnixMilli(), 36) + strconv.FormatInt(plays.Add(1), 36) + "x",
	}
	p.sent.Go(p.courier)
	p.Stage = rig.Start(t, p.handle)
	close(p.ready)
	return p
}

// stop ends the adapter, then the sending, and returns the first thing that went wrong on the way. A person may read a
// message before the adapter has heard that it arrived; the server is not taken away before it has.
func (p *play) stop() error {
	for until := time.Now().Add(p.patience()); p.under.Load() > 0 && time.Now().Before(until); {
		time.Sleep(time.Millisecond)
	}
	err := p.Stop()
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	close(p.posts)
	p.sent.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return errors.Join(append(p.problems, err)...)
}

func (p *play) courier() {
	<-p.ready
	for post := range p.posts {
		if _, err := p.Adapter.Send(p.ctx, post); err != nil {
			p.mu.Lock()
			p.problems = append(p.problems, fmt.Errorf("send %q to %s: %w", post.Key, post.To, err))
			p.mu.Unlock()
		}
		p.under.Add(-1)
	}
}

// handle is the Handler that the adapter is given.
func (p *play) handle(_ context.Context, event chat.Event) (chat.Turn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, event)
	if turn, ok := p.turns[event.Key]; ok {
		return turn, nil
	}
	turn, err := p.decide(event)
	if err != nil {
		return chat.Turn{}, err
	}
	turn = p.send(event, turn)
	if event.Kind != chat.TypedAhead && event.Kind != chat.Opened {
		p.turns[event.Key] = chat.Turn{Reply: turn.Reply}
	}
	return turn, nil
}

func (p *play) decide(event chat.Event) (chat.Turn, error) {
	if event.Kind == chat.Opened {
		return p.opened(), nil
	}
	if p.answer == nil {
		return chat.Turn{}, nil
	}
	return p.answer(event)
}

// send takes out of a turn what goes by itself, and sends it: messages, and where the network shows no Reply in its
// acknowledgement all of the turn, what is private of it to the person alone.
func (p *play) send(event chat.Event, turn chat.Turn) chat.Turn {
	var posts []chat.Post
	if turn.Reply != nil && !event.TakesReply {
		post := chat.Post{Key: "reply " + event.Key, To: event.Where, Message: *turn.Reply, Else: event.Person}
		if turn.Reply.Private && event.Public {
			post.To, post.Else = event.Person, ""
		}
		posts = append(posts, post)
		turn.Reply = nil
	}
	if !event.TakesReply {
		for i, message := range turn.Private {
			posts = append(posts, chat.Post{Key: fmt.Sprintf("private %d %s", i, event.Key), To: event.Person, Message: message})
		}
		turn.Private = nil
	}
	for _, post := range append(posts, turn.Messages...) {
		p.under.Add(1)
		p.posts <- post
	}
	turn.Messages = nil
	return turn
}

// answers sets what is done about the events that follow.
func (p *play) answers(answer func(chat.Event) (chat.Turn, error)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

// replies answers every event of a kind with a message.
func (p *play) replies(kind chat.EventKind, message chat.Message) {
	p.answers(func(event chat.Event) (chat.Turn, error) {
		if event.Kind != kind {
			return chat.Turn{}, nil
		}
		return chat.Turn{Reply: &message}, nil
	})
}

// got are the events so far that fit, each once however often it was delivered.
func (p *play) got(fits func(chat.Event) bool) []chat.Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []chat.Event
	for _, event := range p.events {
		if fits(event) && !slices.ContainsFunc(out, func(e chat.Event) bool { return e.Key == event.Key }) {
			out = append(out, event)
		}
	}
	return out
}

func (p *play) gotKind(kind chat.EventKind) []chat.Event {
	return p.got(func(e chat.Event) bool { return e.Kind == kind })
}

func (p *play) gotText(text string) []chat.Event {
	return p.got(func(e chat.Event) bool { return e.Kind == chat.Said && strings.Contains(e.Text, text) })
}

// word is a text of this play and of no other.
func (p *play) word(what string) string { return p.mark + " " + what }

// said is a message of one plain paragraph.
func said(text string) chat.Message {
	return chat.Message{Text: chat.Text{{Kind: chat.Plain, Text: text}}}
}

func (p *play) patience() time.Duration {
	if p.rig.Patience == 0 {
		return time.Minute // a machine may be busy with other things
	}
	return p.rig.Patience
}

// wait waits until something holds.
func (p *play) wait(what string, holds func() bool) error {
	patience := p.patience()
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		if holds() {
			return nil
		}
	}
	return fmt.Errorf("waited %v in vain: %s\ndirect: %q\npublic: %q\nevents: %s", patience, what, p.ours(p.Direct), p.ours(p.Public), p.heard())
}

// reads waits until the person reads a text in a place.
func (p *play) reads(place chat.Address, text string) error {
	return p.wait(fmt.Sprintf("%q read in %s", text, place), func() bool { return len(p.seen(place, text)) > 0 })
}

// readsAnywhere waits until the person reads a text in their own place or the public one.
func (p *play) readsAnywhere(text string) error {
	return p.wait(fmt.Sprintf("%q read anywhere", text), func() bool {
		return len(p.seen(p.Direct, text))+len(p.seen(p.Public, text)) > 0
	})
}

// seen are the messages in a place with a text, leaving out what the person said.
func (p *play) seen(place chat.Address, text string) []Seen {
	if place == "" || p.Sees == nil {
		return nil
	}
	return slices.DeleteFunc(p.Sees(place), func(s Seen) bool { return !strings.Contains(squash(s.Text), squash(text)) })
}

// ours are the texts in a place that belong to this play.
func (p *play) ours(place chat.Address) []string {
	var out []string
	for _, s := range p.seen(place, p.mark) {
		out = append(out, s.Text)
	}
	return out
}

func (p *play) heard() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, e := range p.events {
		out = append(out, fmt.Sprintf("%s %q %s%s", e.Kind, e.Key, e.Text, e.Button))
	}
	return strings.Join(out, "; ")
}

// squash is text without what cannot be seen, which networks may add and take away: every run of white space is one
// space, and control and format characters are gone.
func squash(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.In(r, unicode.C) {
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// lacks says which func a rig left out without a reason.
func (p *play) lacks(ability Ability) error {
	has := map[Ability]bool{
		Press: p.Press != nil, Form: p.Press != nil && p.Submit != nil, TypeAhead: p.Press != nil && p.Type != nil,
		Command: p.Command != nil, Shortcut: p.Shortcut != nil, Page: p.Open != nil, Private: p.Public != "",
		Thread: p.Public != "" || p.Direct != "", Change: p.Change != nil && p.Delete != nil, FileIn: p.SendFile != nil,
		Redeliver: p.Again != nil, Reconnect: p.Cut != nil && p.Mend != nil, Unsendable: p.Nowhere != "",
	}
	if ok, needed := has[ability]; needed && !ok {
		return fmt.Errorf("the rig %s says neither how to try %q nor, in Cannot, why not", p.rig.Server, ability)
	}
	return nil
}
