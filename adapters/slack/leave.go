package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"signpost/bot/chat"
)

// departed are codes that say that the person a message is for has no account any more: of conversations.open and
// chat.postMessage. account_inactive is none of them: there Slack speaks of the token.
var departed = setOf("user_disabled", "user_not_found", "users_not_found", "is_inactive")

// A membership is an event about who is in the workspace.
type membership struct {
	User struct {
		ID      string `json:"id"`
		Deleted bool   `json:"deleted"`
		Bot     bool   `json:"is_bot"`
	} `json:"user"`
	EventTS string `json:"event_ts"`
}

// memberTasks tells of a person whose account was made, closed or opened again. Slack sends user_change for any change of a
// profile: that somebody is there is then said once more, which changes nothing.
func (s *Slack) memberTasks(d *delivery, t *team, raw json.RawMessage) ([]*task, error) {
	var e membership
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, fmt.Errorf("read an event: %w", err)
	}
	if !isID(e.User.ID) || !isUser(e.User.ID) || e.User.Bot || e.User.ID == "USLACKBOT" || !isID(e.EventTS) {
		return nil, fmt.Errorf("%w: a change of nobody", errIgnored)
	}
	event := chat.Event{Kind: chat.Joined, Person: place{team: t.teamID(), channel: e.User.ID}.address(), At: timeOf(e.EventTS, s.config.Now())}
	if e.User.Deleted {
		event.Kind = chat.Left
	}
	event.Key = string(event.Kind) + " " + string(event.Person) + " " + e.EventTS
	one := s.eventTask(d, t, event, nil)
	one.lane = string(event.Person)
	return []*task{one}, nil
}

// noteLeft tells the bot of somebody who left, where Slack refused a message for that reason. It is said once a day at
// most: were the event of Slack's lost, the next refusal makes up for it.
func (s *Slack) noteLeft(ctx context.Context, to chat.Address, err error) {
	handle := s.handle.Load()
	if err == nil || !departed[codeOf(err)] || handle == nil {
		return
	}
	who, ok := s.personAt(to)
	if !ok {
		return
	}
	now := s.config.Now()
	event := chat.Event{Kind: chat.Left, Person: who, At: now, Key: strings.Join([]string{string(chat.Left), string(who), now.UTC().Format(time.DateOnly)}, " ")}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handleWithin)
	defer cancel()
	if _, err := (*handle)(ctx, event); err != nil {
		s.config.Log.Error("could not handle an event", "kind", event.Kind, "error", err)
	}
}

// personAt is the one person whom a message to an address reaches: themselves, or whose direct message it is.
func (s *Slack) personAt(to chat.Address) (chat.Address, bool) {
	at, err := placeOf(string(to))
	if err != nil {
		return "", false
	}
	if at.isPerson() {
		return to, true
	}
	for _, t := range s.teams {
		if person := t.partner(at.channel); t.teamID() == at.team && person != "" {
			return place{team: at.team, channel: person}.address(), true
		}
	}
	return "", false
}

// partner is whose direct message a channel is, or "".
func (t *team) partner(channel string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	for person, direct := range t.directs {
		if direct == channel {
			return person
		}
	}
	return ""
}
