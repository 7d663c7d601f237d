package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"signpost/bot/chat"
)

// take hands one event of the gateway on and returns at once: the link goes on beating whatever a handler does. What
// belongs to one channel stays in order.
func (d *Discord) take(kind string, data json.RawMessage) {
	if kind == "INTERACTION_CREATE" {
		d.takeInteraction(data)
		return
	}
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		d.log.Error("discord: an event that cannot be read", "kind", kind, "error", err)
		return
	}
	var task func(context.Context, message)
	switch {
	case kind == "MESSAGE_DELETE":
		task = d.deleted
	case !d.fromPerson(m):
		return
	case kind == "MESSAGE_UPDATE":
		task = d.edited
	default:
		task = d.said
	}
	if err := d.lanes.add(m.ChannelID, func() { d.guard(kind, func() { task(d.work, m) }) }); err != nil {
		d.log.Error("discord: an event is lost", "kind", kind, "error", err)
	}
}

func (d *Discord) takeInteraction(data json.RawMessage) {
	var in interaction
	if err := json.Unmarshal(data, &in); err != nil || !isID(in.ID) || in.Token == "" || in.person() == nil {
		d.log.Error("discord: an interaction that cannot be read", "error", err)
		return
	}
	a := d.newAnswer(&in)
	if err := d.lanes.add(a.lane(), func() { d.guard("interaction", func() { d.interact(d.work, a) }) }); err != nil {
		d.log.Error("discord: an interaction is not handled", "error", err)
		a.drop()
	}
}

// guard keeps a panic from ending more than its own event.
func (d *Discord) guard(kind string, task func()) {
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("discord: panic", "in", kind, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	task()
}

// ask hands an event to the bot. A panic there is an error like any other.
func (d *Discord) ask(ctx context.Context, event chat.Event) (turn chat.Turn, err error) {
	ctx, cancel := context.WithTimeout(ctx, d.times.handleFor)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("discord: panic in the handler", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = errors.New("discord: the handler panicked")
		}
	}()
	handle := d.handle.Load()
	if handle == nil {
		return turn, errors.New("discord: nothing is running")
	}
	return (*handle)(ctx, event)
}
