package slack

import (
	"context"
	"encoding/json"
	"fmt"

	"signpost/bot/chat"
)

// interactionTasks reads presses, forms, shortcuts and what is typed into a field that looks things up.
func (s *Slack) interactionTasks(d *delivery) ([]*task, error) {
	var in interaction
	if err := json.Unmarshal(d.payload, &in); err != nil {
		return nil, fmt.Errorf("read an interaction: %w", err)
	}
	t, err := d.teamNamed(in.Team.ID)
	if err != nil {
		t, err = d.teamNamed(in.User.TeamID)
	}
	if err != nil {
		return nil, err
	}
	if !isID(in.User.ID) {
		return nil, fmt.Errorf("%w: an interaction of nobody", errIgnored)
	}
	var one *task
	switch in.Type {
	case "block_actions":
		one, err = s.pressTask(t, in)
	case "message_action":
		one, err = s.shortcutTask(t, in)
	case "view_submission":
		one, err = s.formTask(t, in)
	case "block_suggestion":
		one, err = s.typedTask(t, in)
	default:
		err = fmt.Errorf("%w: %q", errIgnored, in.Type)
	}
	if err != nil {
		return nil, err
	}
	one.delivery, one.team, one.trigger = d, t, in.TriggerID
	key := in.TriggerID
	if key == "" {
		key = keyOf(d.payload)
	}
	name := in.User.Username
	if name == "" {
		name = in.User.Name
	}
	one.event.Key = scheme + t.teamID() + "/" + in.Type + "/" + key
	one.event.At, one.event.Home, one.event.Name = s.config.Now(), t.Home, t.named(in.User.ID, name)
	one.event.Person = place{team: t.teamID(), channel: in.User.ID}.address()
	if one.from == (origin{}) {
		one.from = originOf(one.event, false)
	}
	one.lane = string(one.event.Where + "/" + one.event.Person)
	return []*task{one}, nil
}

// pressTask is a button pressed or a choice picked, in a message or on the home page. In a message that others see, the
// Reply is the desk's to send; where only the person sees it, it is answered there.
func (s *Slack) pressTask(t *team, in interaction) (*task, error) {
	if len(in.Actions) == 0 || in.Actions[0].id() == "" {
		return nil, fmt.Errorf("%w: nothing was pressed", errIgnored)
	}
	event := chat.Event{Kind: chat.Pressed, Button: in.Actions[0].id()}
	if in.View != nil || in.Container.Type == "view" {
		if in.View == nil || in.View.Type != "home" {
			return nil, fmt.Errorf("%w: a press within a form", errIgnored)
		}
		event.Where, event.Alone, event.TakesReply = t.whereDirect(in.User.ID), true, true
		return &task{event: event, once: true, from: originOf(event, true), answer: s.answerHome, failed: s.failHome}, nil
	}
	where, ok := placePressed(t.teamID(), in)
	if !ok {
		return nil, fmt.Errorf("%w: a press in no message", errIgnored)
	}
	where.fill(&event)
	event.Follow = in.ResponseURL
	event.TakesReply = event.Alone
	return &task{event: event, once: true, answer: s.answerPress, failed: s.failPress}, nil
}

// placePressed is the message, and its conversation, that something was pressed in.
func placePressed(team string, in interaction) (origin, bool) {
	channel, ts, thread := in.Channel.ID, in.Container.MessageTS, in.Container.ThreadTS
	if channel == "" {
		channel = in.Container.ChannelID
	}
	if m := in.Message; m != nil {
		if ts == "" {
			ts = m.TS
		}
		if thread == "" {
			thread = m.ThreadTS
		}
	}
	if ts == "" {
		ts = in.MessageTS
	}
	if !isID(channel) || !isID(ts) {
		return origin{}, false
	}
	if !isID(thread) && !isDirect(channel) && !in.Container.IsEphemeral {
		thread = ts // an answer to a card in a channel goes below it
	}
	if !isID(thread) {
		thread = ""
	}
	o := origin{Where: place{team, channel, thread}.address(), Message: refOf(team, channel, ts), Public: !isDirect(channel), Alone: in.Container.IsEphemeral}
	if thread != "" {
		o.Room = place{team: team, channel: channel}.address()
	}
	return o, true
}

// shortcutTask is something done with a message that anybody wrote. Its answer is seen by the person alone.
func (s *Slack) shortcutTask(t *team, in interaction) (*task, error) {
	where, ok := placePressed(t.teamID(), in)
	if !ok || in.CallbackID == "" || in.Message == nil {
		return nil, fmt.Errorf("%w: a shortcut on no message", errIgnored)
	}
	event := chat.Event{Kind: chat.Pressed, Button: in.CallbackID, Text: plain(in.Message.Text, t.botUser())}
	where.fill(&event)
	event.Follow, event.Alone, event.TakesReply = in.ResponseURL, true, true
	return &task{event: event, once: true, answer: s.answerPress, failed: s.failPress}, nil
}

// whereDirect is a person's direct message, or the person where it is not known yet: both reach them.
func (t *team) whereDirect(person string) chat.Address {
	t.mu.Lock()
	defer t.mu.Unlock()
	if channel := t.directs[person]; channel != "" {
		return place{team: t.id, channel: channel}.address()
	}
	return place{team: t.id, channel: person}.address()
}

func (s *Slack) answerPress(ctx context.Context, t *task, turn chat.Turn) {
	t.done(nil)
	s.openForm(ctx, t, turn.Form)
	if t.event.TakesReply && turn.Reply != nil {
		s.tellAlone(ctx, t, render(*turn.Reply, ""))
		s.replyFile(ctx, t, turn.Reply)
	}
	s.follow(ctx, t, turn)
}

func (s *Slack) failPress(ctx context.Context, t *task) {
	t.done(nil)
	s.tellAlone(ctx, t, []rendered{{Text: sorry}})
}
