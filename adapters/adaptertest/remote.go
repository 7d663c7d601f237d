package adaptertest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"signpost/bot/chat"
)

// A call is what a Remote asks of its network.
type call struct {
	Post    chat.Post    `json:"post,omitzero"`
	Ref     chat.Ref     `json:"ref,omitempty"`
	Message chat.Message `json:"message,omitzero"`
	To      chat.Address `json:"to,omitempty"`
	Key     string       `json:"key,omitempty"`
	ID      int64        `json:"id,omitempty"`
	Turn    chat.Turn    `json:"turn,omitzero"`
}

// An outcome is what comes back.
type outcome struct {
	Ref   chat.Ref   `json:"ref,omitempty"`
	Found bool       `json:"found,omitempty"`
	ID    int64      `json:"id,omitempty"` // of a delivery; 0 is none for now
	Event chat.Event `json:"event,omitzero"`
	Error string     `json:"error,omitempty"`
	// Certain says that the error was a SendError with these fields; Blind that it was ErrCannotFind.
	Certain bool          `json:"certain,omitempty"`
	Blind   bool          `json:"blind,omitempty"`
	Refused bool          `json:"refused,omitempty"`
	Gone    bool          `json:"gone,omitempty"`
	Wait    time.Duration `json:"wait,omitempty"`
	Network bool          `json:"network,omitempty"`
}

// failed is the outcome of an error.
func failed(o outcome, err error) outcome {
	var certain *chat.SendError
	if errors.As(err, &certain) {
		o.Certain, o.Refused, o.Gone, o.Wait, o.Network = true, certain.Refused, certain.Gone, certain.Wait, certain.Network
	}
	if err != nil {
		o.Error, o.Blind = err.Error(), errors.Is(err, chat.ErrCannotFind)
	}
	return o
}

// err is the error of an outcome.
func (o outcome) err() error {
	switch {
	case o.Error == "":
		return nil
	case o.Blind:
		return chat.ErrCannotFind
	case o.Certain:
		return &chat.SendError{Refused: o.Refused, Gone: o.Gone, Wait: o.Wait, Network: o.Network, Err: errors.New(o.Error)}
	}
	return errors.New(o.Error)
}

// A Remote is the chat.Adapter of a Network that is served by another process.
type Remote struct {
	Connections int // over how many events come at once; Dial makes it 3
	url         string
	http        *http.Client
}

var _ chat.Adapter = (*Remote)(nil)

// Dial gives the adapter of the network served at a URL such as "http://127.0.0.1:4000". It connects when it is used.
func Dial(url string) *Remote {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 100
	return &Remote{Connections: connections, url: url, http: &http.Client{Transport: transport}}
}

// Send is chat.Adapter's.
func (r *Remote) Send(ctx context.Context, post chat.Post) (chat.Ref, error) {
	o, err := r.call(ctx, "send", call{Post: post})
	return o.Ref, err
}

// Edit is chat.Adapter's.
func (r *Remote) Edit(ctx context.Context, ref chat.Ref, message chat.Message) error {
	_, err := r.call(ctx, "edit", call{Ref: ref, Message: message})
	return err
}

// Find is chat.Adapter's.
func (r *Remote) Find(ctx context.Context, to chat.Address, key string) (chat.Ref, bool, error) {
	o, err := r.call(ctx, "find", call{To: to, Key: key})
	return o.Ref, o.Found, err
}

// answerTime is how long handling and acknowledging may take together.
const answerTime = 5 * time.Second

// Run is chat.Adapter's. A delivery is acknowledged after it was handled; one that this process does not live to
// acknowledge is delivered again.
func (r *Remote) Run(ctx context.Context, handle chat.Handler) error {
	defer r.http.CloseIdleConnections()
	listen(ctx, r.Connections, r.take, func(id int64, event chat.Event) {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
		defer cancel()
		turn, err := handle(late, event)
		if err != nil {
			r.call(late, "nack", call{ID: id}) // or else it comes again in a while
			pause(ctx)
			return
		}
		r.call(late, "ack", call{ID: id, Turn: turn})
	})
	return ctx.Err()
}

var errNothing = errors.New("adaptertest: nothing to deliver for now")

func (r *Remote) take(ctx context.Context) (int64, chat.Event, error) {
	o, err := r.call(ctx, "take", call{})
	if err == nil && o.ID == 0 {
		err = errNothing
	}
	return o.ID, o.Event, err
}

// call asks the network. Where nothing listens, nothing arrived; after any other failure nobody can tell.
func (r *Remote) call(ctx context.Context, what string, c call) (o outcome, err error) {
	body, err := json.Marshal(c)
	if err != nil {
		return o, fmt.Errorf("adaptertest: %s: %w", what, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+"/"+what, bytes.NewReader(body))
	if err != nil {
		return o, fmt.Errorf("adaptertest: %s: %w", what, err)
	}
	response, err := r.http.Do(request)
	if dial := (*net.OpError)(nil); errors.As(err, &dial) && dial.Op == "dial" {
		return o, &chat.SendError{Err: err}
	}
	if err != nil {
		return o, fmt.Errorf("adaptertest: %s: %w", what, err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&o); err != nil {
		return o, fmt.Errorf("adaptertest: %s: %w", what, err)
	}
	return o, o.err()
}
