// Package chat holds the plain types that the bot and the chat networks agree on, and nothing else.
//
// A network's adapter turns what a person did into an [Event], hands it to a [Handler], and shows the [Turn] that comes
// back. Start from [Adapter] to write one. The package imports nothing of Signpost: an adapter needs only this.
package chat

import (
	"context"
	"strings"
	"time"
)

// A Handler decides what to do about one event. It is safe for concurrent use and answers within two seconds or returns
// an error; on an error nothing has been changed, and the adapter either leaves the event for the network to send again
// or asks the person to try again.
type Handler func(ctx context.Context, event Event) (Turn, error)

// An Adapter connects one chat network. It renders any Button, Form and Page and knows no feature by name. Its methods
// are safe for concurrent use. Text given to it is plain: the adapter escapes it so that nobody is ever pinged by what a
// person typed.
type Adapter interface {
	// Run takes events to handle until ctx ends, and returns only after every goroutine it started has ended.
	Run(ctx context.Context, handle Handler) error
	// Send posts a message and returns the network's reference to it. After a SendError nothing arrived; after any other
	// error nobody can tell, and the caller asks Find with the post's key before sending again.
	Send(ctx context.Context, post Post) (Ref, error)
	// Edit replaces an earlier message. Editing to the same content changes nothing, so that after any error but a
	// refusal it may be tried again.
	Edit(ctx context.Context, ref Ref, message Message) error
	// Find looks on the network for the post with this key. ok is false where there is none; ErrCannotFind where the
	// network or its permissions do not allow looking.
	Find(ctx context.Context, to Address, key string) (ref Ref, ok bool, err error)
}

// ErrCannotFind says that a network does not let the bot look for its own messages.
const ErrCannotFind = chatError("chat: cannot look for messages here")

// A SendError says that a message certainly did not arrive, and why. Its zero value is a passing fault: try again later.
type SendError struct {
	// Refused: it will never be taken here as it is.
	Refused bool
	// Gone, beside Refused, says that the message to be edited is no longer there.
	Gone bool
	// Wait is how long the network asked to be left alone; Network says that it asked so for all of its places, not for
	// this one.
	Wait    time.Duration
	Network bool
	Err     error
}

// Error is what the network said.
func (e *SendError) Error() string { return e.Err.Error() }

// Unwrap gives the network's own error.
func (e *SendError) Unwrap() error { return e.Err }

type chatError string

func (e chatError) Error() string { return string(e) }

// An Address names where a message goes, or a person, as one string with a scheme, such as "slack:T1/U2" for a person,
// "slack:T1/C3" for a channel, "terminal:sam" for a person at a terminal. Only the adapter reads past the scheme.
type Address string

// Network is the address's scheme, such as "slack".
func (a Address) Network() string {
	network, _, _ := strings.Cut(string(a), ":")
	return network
}

// A Ref names one message on its network; only the adapter reads it.
type Ref string
