package adaptertest

import (
	"cmp"
	"context"
	"flag"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"signpost/bot/chat"
)

var _ = flag.Bool("update", false, "write testdata/parity.json")

// TestNetwork holds the scripted network to the suite, and so the suite to something that can do everything.
func TestNetwork(t *testing.T) {
	Run(t, networkRig(Weather{}, nil))
}

// TestRemote holds a network that is dialled to the same.
func TestRemote(t *testing.T) {
	rig := networkRig(Weather{}, &fault{remote: true})
	for _, trial := range trials() {
		t.Run(string(trial.ability), func(t *testing.T) {
			if err := runTrial(t, rig, trial); err != nil {
				t.Error(err)
			}
		})
	}
}

// served is the adapter of a network that is served until ctx ends.
func served(t testing.TB, ctx context.Context, n *Network) *Remote {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		if err := Serve(ctx, listener, n); err != nil {
			t.Error(err)
		}
	}()
	return Dial("http://" + listener.Addr().String())
}

// TestNetworkInBadWeather: what is said four times, out of order and over three connections, is still answered once.
func TestNetworkInBadWeather(t *testing.T) {
	rig := networkRig(Weather{Copies: 4, Shuffle: true}, nil)
	for _, trial := range trials() {
		t.Run(string(trial.ability), func(t *testing.T) {
			if err := runTrial(t, rig, trial); err != nil {
				t.Error(err)
			}
		})
	}
}

// a hall is a stage on a Network, with what its person sees beside what arrives: what was shown in acknowledgements.
type hall struct {
	*Network
	me       Person
	public   chat.Address
	spoilt   *fault
	patience time.Duration

	mu    sync.Mutex
	shown map[chat.Address][]timed
	last  chat.Event
	lastM chat.Ref
	page  chat.Message
	more  []chat.Choice
	form  *chat.Form
	asked int
}

type timed struct {
	at time.Time
	Seen
}

// a fault spoils a hall, to see whether the suite notices.
type fault struct {
	adapter func(chat.Adapter) chat.Adapter
	stage   func(*Stage)
	event   func(*chat.Event)
	turn    func(*chat.Turn)
	leak    bool
	remote  bool // no fault: the network is served and dialled
	deaf    bool // an error of the bot is taken for an answer
}

func networkRig(weather Weather, spoilt *fault) Rig {
	rig := Rig{Network: "Scripted", Server: "in memory", Patience: time.Minute}
	if spoilt != nil && !spoilt.remote {
		rig.Patience = 150 * time.Millisecond
	}
	if spoilt == nil {
		spoilt = &fault{}
	}
	rig.Start = func(t *testing.T, handle chat.Handler) Stage {
		n := NewNetwork("test", Seed(t), weather)
		h := &hall{Network: n, me: n.Person("sam"), public: "test:room", shown: map[chat.Address][]timed{}, spoilt: spoilt, patience: rig.Patience}
		n.Remove("test:nowhere")
		ctx, cancel := context.WithCancel(t.Context())
		var adapter chat.Adapter = n
		if spoilt.remote {
			adapter = served(t, ctx, n)
		}
		ended := make(chan error, 1)
		go func() { ended <- adapter.Run(ctx, h.around(handle)) }()
		if spoilt.leak {
			go func() { <-t.Context().Done() }()
		}
		stage := h.stage()
		stage.Adapter = adapter
		stage.Stop = func() error { cancel(); return <-ended }
		if spoilt.adapter != nil {
			stage.Adapter = spoilt.adapter(stage.Adapter)
		}
		if spoilt.stage != nil {
			spoilt.stage(&stage)
		}
		return stage
	}
	return rig
}

// around shows the turn of an event to the person.
func (h *hall) around(handle chat.Handler) chat.Handler {
	return func(ctx context.Context, event chat.Event) (chat.Turn, error) {
		if h.spoilt.event != nil {
			h.spoilt.event(&event)
		}
		turn, err := handle(ctx, event)
		if h.spoilt.turn != nil {
			h.spoilt.turn(&turn)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		if turn.Reply != nil && turn.Reply.Page != nil {
			h.page = *turn.Reply
		} else if turn.Reply != nil {
			h.show(event, *turn.Reply)
		}
		if event.Kind == chat.TypedAhead {
			h.more = turn.Suggestions
		}
		if turn.Form != nil {
			h.form = turn.Form
		}
		if event.Kind == chat.Submitted {
			h.asked++
		}
		if h.spoilt.deaf {
			err = nil
		}
		return turn, err
	}
}

// show puts a Reply on the screen, once for each event.
func (h *hall) show(event chat.Event, m chat.Message) {
	s := seenAs(m)
	s.Private = event.Alone
	shown := h.shown[event.Where]
	if n := len(shown); n == 0 || shown[n-1].Text != s.Text {
		h.shown[event.Where] = append(shown, timed{time.Now(), s})
	}
}

func seenAs(m chat.Message) Seen {
	s := Seen{Text: m.String()}
	for _, b := range m.Buttons {
		s.Buttons = append(s.Buttons, b.Label)
	}
	for _, c := range m.Choices {
		s.Buttons = append(s.Buttons, c.Label)
	}
	if m.Page != nil {
		for _, b := range m.Page.Buttons {
			s.Buttons = append(s.Buttons, b.Label)
		}
	}
	if m.Mention != "" {
		s.Mentions = []string{string(m.Mention)}
	}
	if m.File != nil {
		s.File, s.Body = m.File.Name, string(m.File.Body)
	}
	return s
}

func (h *hall) sees(place chat.Address) []Seen {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := slices.Clone(h.shown[place])
	if place == "test:page" {
		all = append(all, timed{Seen: seenAs(h.page)})
	}
	for _, a := range h.Arrived(place) {
		s := seenAs(a.Message)
		s.Threaded = a.Thread != ""
		all = append(all, timed{a.At, s})
	}
	slices.SortStableFunc(all, func(a, b timed) int { return a.at.Compare(b.at) })
	var out []Seen
	for _, s := range all {
		out = append(out, s.Seen)
	}
	return out
}

// do remembers the event, so that it can be delivered again.
func (h *hall) do(event chat.Event) string {
	event.Key = h.me.Do(event)
	event.Person = h.me.Address
	if event.Where == "" {
		event.Where = h.me.Address
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if event.At.IsZero() {
		event.At = time.Now()
	}
	h.last = event
	if event.Kind == chat.Said {
		h.lastM = event.Message
	}
	return event.Key
}

func (h *hall) stage() Stage {
	return Stage{
		Adapter: h.Network, Person: h.me.Address, Direct: h.me.Address, Public: h.public, Nowhere: "test:nowhere", Page: "test:page",
		Say: func(place chat.Address, text string) {
			h.do(chat.Event{Kind: chat.Said, Text: text, Where: place, Public: place == h.public, Message: newRef(place)})
		},
		Press:  h.press,
		Submit: h.submit,
		Type: func(form chat.Form, field, text string) []string {
			h.do(chat.Event{Kind: chat.TypedAhead, Form: form.ID, Field: field, Text: text})
			var labels []string
			h.until(func() bool {
				labels = nil
				for _, c := range h.more {
					labels = append(labels, c.Label)
				}
				return len(labels) > 0
			})
			return labels
		},
		Sees: h.sees,
		Command: func(name, value string) {
			i := slices.IndexFunc(Menu().Commands, func(c chat.Command) bool { return c.Name == name })
			h.do(chat.Event{Kind: chat.Said, Text: Menu().Commands[i].Said(value), TakesReply: true, Alone: true, Where: h.public, Public: true})
		},
		Shortcut: func(label, text string) {
			h.do(chat.Event{Kind: chat.Pressed, Button: Menu().Shortcuts[0].ID, Text: text, Message: newRef(h.public), TakesReply: true, Alone: true})
		},
		Open:     func() { h.do(chat.Event{Kind: chat.Opened, Page: "home", TakesReply: true}) },
		SendFile: h.sendFile,
		Change:   func(text string) { h.do(chat.Event{Kind: chat.Edited, Text: text, Message: h.lastM}) },
		Delete:   func() { h.do(chat.Event{Kind: chat.Deleted, Message: h.lastM}) },
		Again:    func() { h.mail.put(h.last, 1) },
		Cut:      h.Cut,
		Mend:     h.Mend,
	}
}

func (h *hall) sendFile(name, body string) {
	h.do(chat.Event{Kind: chat.SentFile, File: &chat.File{Name: name, Size: int64(len(body)), Body: []byte(body)}})
}

// press finds the label in the page and in what arrived; the adapter itself knows no labels.
func (h *hall) press(label string) {
	messages := []chat.Message{h.page}
	if h.page.Page != nil {
		messages[0].Buttons = h.page.Page.Buttons
	}
	arrived := h.Arrived("")
	for _, a := range arrived {
		messages = append(messages, a.Message)
	}
	for _, m := range slices.Backward(messages) {
		for _, b := range m.Buttons {
			if b.Label == label {
				h.do(chat.Event{Kind: chat.Pressed, Button: b.ID, Message: newRef(h.me.Address), TakesReply: true})
				return
			}
		}
		for _, c := range m.Choices {
			if c.Label == label {
				h.do(chat.Event{Kind: chat.Pressed, Button: c.ID, Message: newRef(h.me.Address), TakesReply: true})
				return
			}
		}
	}
}

func (h *hall) submit(form chat.Form, values map[string]string) string {
	h.mu.Lock()
	before := h.asked
	h.form = nil
	h.mu.Unlock()
	given := map[string]string{}
	for id, value := range values {
		given[id] = value
	}
	h.do(chat.Event{Kind: chat.Submitted, Form: form.ID, Values: given, TakesReply: true})
	h.until(func() bool { return h.asked > before })
	h.mu.Lock()
	defer h.mu.Unlock()
	told := ""
	if h.form != nil {
		for _, f := range h.form.Fields {
			told = cmp.Or(told, f.Problem)
		}
	}
	return told
}

// until waits, with the lock held while it looks. In a hall that is spoilt it may wait in vain.
func (h *hall) until(holds func() bool) {
	for end := time.Now().Add(h.patience); time.Now().Before(end); {
		h.mu.Lock()
		ok := holds()
		h.mu.Unlock()
		if ok {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
