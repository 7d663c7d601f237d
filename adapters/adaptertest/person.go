package adaptertest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"signpost/bot/chat"
)

// A Person is somebody on a Network.
type Person struct {
	Address chat.Address
	network *Network
}

// Person is the person with this name; the same name is the same person.
func (n *Network) Person(name string) Person {
	return Person{chat.Address(n.name + ":" + name), n}
}

// Say says something in a direct message and returns the event's key. A Reply to it comes as a message.
func (p Person) Say(text string) string {
	return p.Do(chat.Event{Kind: chat.Said, Text: text, Message: newRef(p.Address)})
}

// Ask says something in a way that takes the Reply in its acknowledgement, as a slash command does.
func (p Person) Ask(text string) string {
	return p.Do(chat.Event{Kind: chat.Said, Text: text, Alone: true, TakesReply: true})
}

// Press presses a button of a message and takes the Reply in the acknowledgement.
func (p Person) Press(message chat.Ref, button string) string {
	return p.Do(chat.Event{Kind: chat.Pressed, Message: message, Button: button, TakesReply: true})
}

// Do is any event of this person. What is left empty of its Key, At, Person and Where is filled in.
func (p Person) Do(event chat.Event) string {
	if event.Key == "" {
		event.Key = fmt.Sprintf("%s event %d", p.Address, numbers.Add(1))
	}
	if event.At.IsZero() {
		event.At = time.Now()
	}
	if event.Where == "" {
		event.Where = p.Address
	}
	event.Person = p.Address
	p.network.mail.put(event, p.network.weather.Copies)
	return event.Key
}

// numbers count what needs a name of its own.
var numbers atomic.Int64

func newRef(place chat.Address) chat.Ref {
	return chat.Ref(fmt.Sprintf("%s/said%d", place, numbers.Add(1)))
}

// Answers are what came back with each acknowledgement of an event: one for each delivery that was handled.
func (n *Network) Answers(key string) []Answer { return n.mail.answersTo(key) }

// Acknowledged waits until all deliveries of an event were acknowledged; with no key, of all events.
func (n *Network) Acknowledged(ctx context.Context, key string) error {
	return n.mail.cleared(ctx, key)
}

// Cut breaks all connections until Mend; what people do meanwhile is delivered after it.
func (n *Network) Cut() { n.mail.setCut(true) }

// Mend lets events through again.
func (n *Network) Mend() { n.mail.setCut(false) }

// connections are how many there are unless somebody says otherwise.
const connections = 3

// Run is chat.Adapter's. Events come over several connections at once; one whose Handle fails comes again. What was taken
// when ctx ends is still handled.
func (n *Network) Run(ctx context.Context, handle chat.Handler) error {
	listen(ctx, n.weather.Connections, n.mail.take, func(id int64, event chat.Event) {
		turn, err := handle(context.WithoutCancel(ctx), event)
		if err != nil {
			n.mail.nack(id)
			pause(ctx)
			return
		}
		n.mail.ack(id, turn)
	})
	return ctx.Err()
}

// listen takes deliveries over several connections until ctx ends.
func listen(ctx context.Context, connections int, take func(context.Context) (int64, chat.Event, error), do func(int64, chat.Event)) {
	var all sync.WaitGroup
	defer all.Wait()
	for range connections {
		all.Go(func() {
			for ctx.Err() == nil {
				id, event, err := take(ctx)
				if err != nil {
					pause(ctx)
					continue
				}
				do(id, event)
			}
		})
	}
}

// pause keeps what fails at once from spinning.
func pause(ctx context.Context) {
	select {
	case <-time.After(10 * time.Millisecond):
	case <-ctx.Done():
	}
}
