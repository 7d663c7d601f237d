package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"signpost/bot/chat"
)

var errIgnored = errors.New("slack: an event of no interest")

// eventTasks reads the Events API: messages, mentions, the opened home, who left or joined, tokens withdrawn.
func (s *Slack) eventTasks(d *delivery) ([]*task, error) {
	var outer callback
	if err := json.Unmarshal(d.payload, &outer); err != nil {
		return nil, fmt.Errorf("read an event: %w", err)
	}
	if outer.Type != "event_callback" {
		return nil, fmt.Errorf("%w: %q", errIgnored, outer.Type)
	}
	t, err := d.teamNamed(outer.team())
	if err != nil {
		return nil, err
	}
	var e happening
	if kind := kindOf(outer.Event); kind == "user_change" || kind == "team_join" { // there "user" is no id
		return s.memberTasks(d, t, outer.Event)
	}
	if err := json.Unmarshal(outer.Event, &e); err != nil {
		return nil, fmt.Errorf("read an event: %w", err)
	}
	switch e.Type {
	case "message", "app_mention":
		return s.messageTasks(d, t, e)
	case "app_home_opened":
		return s.openedTasks(d, t, outer, e)
	case "tokens_revoked", "app_uninstalled":
		s.config.Log.Error("the workspace has withdrawn the app", "workspace", t.called(), "event", e.Type)
		s.health.refused(t, fmt.Errorf("slack: %s", e.Type))
	}
	return nil, fmt.Errorf("%w: %q", errIgnored, e.Type)
}

// kindOf is what an event of the Events API is called, or "".
func kindOf(raw json.RawMessage) string {
	var e struct {
		Type string `json:"type"`
	}
	json.Unmarshal(raw, &e) // what it is no event of is refused when it is read as one
	return e.Type
}

// messageTasks makes events of a message. The same message may come as a mention and as a message of its channel, and
// from the history too: its key is made of its channel and time, so that it is handled once.
func (s *Slack) messageTasks(d *delivery, t *team, e happening) ([]*task, error) {
	switch e.SubType {
	case "message_changed":
		return s.changedTasks(d, t, e)
	case "message_deleted":
		return s.deletedTasks(d, t, e)
	case "", "file_share", "thread_broadcast", "me_message":
	default:
		return nil, fmt.Errorf("%w: a message of kind %q", errIgnored, e.SubType)
	}
	if !s.spokenBySomeone(t, e.message) || !isID(e.Channel) || !isID(e.TS) {
		return nil, fmt.Errorf("%w: a message that nobody wrote", errIgnored)
	}
	direct, mention := isDirect(e.Channel), mentions(e.Text, t.botUser()) || e.Type == "app_mention"
	if direct || s.listensIn(t, e.Channel) {
		t.heard(e.Channel, e.TS)
	}
	event := s.eventAt(t, e.Channel, e.message, chat.Said)
	switch {
	case direct:
		t.knowDirect(e.User, e.Channel)
		if len(e.Files) > 0 {
			return s.fileTasks(d, t, event, e.message), nil
		}
	case mention:
		t.joined(e.Channel, root(e.message))
	case s.listensIn(t, e.Channel) && e.ThreadTS != "":
		return []*task{s.eventTask(d, t, event, s.onlyOurThreads(e))}, nil
	default:
		return nil, fmt.Errorf("%w: a message to others", errIgnored)
	}
	return []*task{s.eventTask(d, t, event, nil)}, nil
}

// spokenBySomeone says whether a person wrote a message: neither the app itself nor another bot. Without this two bots
// may talk for ever.
func (s *Slack) spokenBySomeone(t *team, m message) bool {
	return isID(m.User) && isUser(m.User) && m.BotID == "" && !t.own(m.User, m.BotID) && m.User != "USLACKBOT"
}

func (s *Slack) listensIn(t *team, channel string) bool {
	if !s.config.Listening || isDirect(channel) {
		return false
	}
	for _, c := range t.Channels {
		if c == channel {
			return true
		}
	}
	return len(t.Channels) == 0
}

// root is the first message of the thread that an answer to m belongs to.
func root(m message) string {
	if m.ThreadTS != "" {
		return m.ThreadTS
	}
	return m.TS
}

// eventAt fills in what every event about a message has. In a direct message the conversation is the thread where there
// is one, as in the agent view, and the direct message otherwise; in a channel it is always the thread.
func (s *Slack) eventAt(t *team, channel string, m message, kind chat.EventKind) chat.Event {
	team, thread := t.teamID(), m.ThreadTS
	if !isDirect(channel) {
		thread = root(m)
	}
	if !isID(thread) {
		thread = ""
	}
	event := chat.Event{Kind: kind, Key: keyAt(team, channel, m.TS), At: timeOf(m.TS, s.config.Now()), Home: t.Home,
		Person: place{team: team, channel: m.User}.address(), Name: t.named(m.User, m.name()),
		Where: place{team, channel, thread}.address(), Public: !isDirect(channel),
		Text: plain(m.Text, t.botUser()), Message: refOf(team, channel, m.TS)}
	if thread != "" {
		event.Room = place{team: team, channel: channel}.address()
	}
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		event.ReplyTo = refOf(team, channel, m.ThreadTS)
	}
	if thread != "" {
		t.active.keep(channel+"/"+thread, true)
	}
	return event
}

func keyAt(team, channel, ts string) string { return scheme + team + "/" + channel + "/" + ts }

// eventTask is a task of the Events API: acknowledged once it is handled, and left for Slack to deliver again if not.
// Its Reply, if any, is the desk's to send. wanted, if set, is asked first, and may ask Slack.
func (s *Slack) eventTask(d *delivery, t *team, event chat.Event, wanted func(context.Context, *team) bool) *task {
	return &task{delivery: d, team: t, event: event, lane: string(event.Where), once: true, wanted: wanted,
		answer: func(ctx context.Context, t *task, turn chat.Turn) {
			t.done(nil)
			s.offerForm(ctx, t, turn.Form)
			s.follow(ctx, t, turn)
		},
		failed: func(_ context.Context, t *task) { t.refuse() }}
}

// fileTasks makes an event of each file; the words that came with them go with the first.
func (s *Slack) fileTasks(d *delivery, t *team, event chat.Event, m message) []*task {
	var tasks []*task
	for i, f := range m.Files {
		one := event
		one.Kind = chat.SentFile
		one.File = &chat.File{Ref: chat.Ref(f.ID), Name: short(f.Name, maxID), Size: f.Size}
		if i > 0 {
			one.Key, one.Text = fmt.Sprintf("%s/file-%d", event.Key, i), ""
		}
		task := s.eventTask(d, t, one, nil)
		task.file = &f
		tasks = append(tasks, task)
	}
	return tasks
}

// changedTasks tells of an edit by the author. Slack also sends one when it has looked up a link; then the words are the
// same.
func (s *Slack) changedTasks(d *delivery, t *team, e happening) ([]*task, error) {
	now, before := e.Message, e.Previous
	if now == nil || !s.editsCount(t, e.Channel) || !s.spokenBySomeone(t, *now) || !isID(e.Channel) || !isID(now.TS) {
		return nil, fmt.Errorf("%w: an edit", errIgnored)
	}
	if before != nil && before.Text == now.Text || now.Edited == nil && before == nil {
		return nil, fmt.Errorf("%w: an edit that changes no words", errIgnored)
	}
	event := s.eventAt(t, e.Channel, *now, chat.Edited)
	edited := e.EventTS
	if now.Edited != nil {
		edited = now.Edited.TS
	}
	event.Key += "/edited-" + edited
	event.At = timeOf(edited, s.config.Now())
	return []*task{s.eventTask(d, t, event, nil)}, nil
}

func (s *Slack) deletedTasks(d *delivery, t *team, e happening) ([]*task, error) {
	was := e.Previous
	if was == nil || !s.editsCount(t, e.Channel) || !s.spokenBySomeone(t, *was) || !isID(e.Channel) {
		return nil, fmt.Errorf("%w: a deletion", errIgnored)
	}
	m := *was
	if m.TS == "" {
		m.TS = e.DeletedTS
	}
	if !isID(m.TS) {
		return nil, fmt.Errorf("%w: a deletion", errIgnored)
	}
	event := s.eventAt(t, e.Channel, m, chat.Deleted)
	event.Key += "/deleted"
	event.Text = ""
	event.At = timeOf(e.EventTS, s.config.Now())
	return []*task{s.eventTask(d, t, event, nil)}, nil
}

// editsCount says where edits and deletions are told of: in direct messages always, in channels where the app listens.
func (s *Slack) editsCount(t *team, channel string) bool {
	return isDirect(channel) || s.listensIn(t, channel)
}
