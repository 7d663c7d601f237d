package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"signpost/bot/chat"
)

// commandTasks reads a slash command. Its answer is seen by the person alone, wherever it was typed.
func (s *Slack) commandTasks(d *delivery) ([]*task, error) {
	var c slash
	if err := json.Unmarshal(d.payload, &c); err != nil {
		return nil, fmt.Errorf("read a command: %w", err)
	}
	t, err := d.teamNamed(c.TeamID)
	if err != nil {
		return nil, err
	}
	if !isID(c.UserID) || !isID(c.ChannelID) {
		return nil, fmt.Errorf("%w: a command of nobody", errIgnored)
	}
	key := c.TriggerID
	if key == "" {
		key = keyOf(d.payload)
	}
	team := t.teamID()
	event := chat.Event{Kind: chat.Said, Key: scheme + team + "/command/" + key, At: s.config.Now(), Home: t.Home,
		Person: place{team: team, channel: c.UserID}.address(), Name: t.named(c.UserID, c.UserName),
		Where: place{team: team, channel: c.ChannelID}.address(), Public: !isDirect(c.ChannelID), Alone: true, TakesReply: true,
		Follow: c.ResponseURL, Text: s.said(plain(c.Text, t.botUser()))}
	return []*task{{delivery: d, team: t, event: event, lane: string(event.Where + "/" + event.Person), once: true, trigger: c.TriggerID,
		from: originOf(event, false), answer: s.answerCommand, failed: s.failCommand}}, nil
}

// said makes the words of the event of what was typed after the command: a command of the menu says its own words, and
// anything else is a question as it stands.
func (s *Slack) said(text string) string {
	if text == "" {
		return typeHelp
	}
	name, value, _ := strings.Cut(text, " ")
	for _, c := range s.config.Menu.Commands {
		if !strings.EqualFold(c.Name, name) {
			continue
		}
		if value = strings.TrimSpace(value); c.Field == nil && value != "" {
			return text // "topics I need to learn about" is a question, not the command
		}
		return strings.TrimSpace(c.Said(value))
	}
	return text
}

func (s *Slack) answerCommand(ctx context.Context, t *task, turn chat.Turn) {
	var pages []rendered
	if turn.Reply != nil {
		pages = render(*turn.Reply, "")
	}
	if len(pages) > 0 && t.done(aloneAnswer(pages[0])) {
		pages = pages[1:]
	}
	t.done(nil)
	s.openForm(ctx, t, turn.Form)
	s.tellAlone(ctx, t, pages)
	s.replyFile(ctx, t, turn.Reply)
	s.follow(ctx, t, turn)
}

func (s *Slack) failCommand(ctx context.Context, t *task) {
	page := rendered{Text: sorry}
	if !t.done(aloneAnswer(page)) {
		s.tellAlone(ctx, t, []rendered{page})
	}
}
