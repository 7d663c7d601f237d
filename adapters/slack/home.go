package slack

import (
	"context"
	"fmt"

	slackgo "github.com/slack-go/slack"

	"signpost/bot/chat"
)

// openedTasks is the opening of the app's home, or of its direct message. Slack tells of it each time; the page is built
// anew.
func (s *Slack) openedTasks(d *delivery, t *team, outer callback, e happening) ([]*task, error) {
	if !isID(e.User) || e.Tab != "home" && e.Tab != "messages" {
		return nil, fmt.Errorf("%w: an opened %q", errIgnored, e.Tab)
	}
	team := t.teamID()
	if isID(e.Channel) && isDirect(e.Channel) {
		t.knowDirect(e.User, e.Channel)
	}
	key := outer.EventID
	if key == "" {
		key = keyOf(d.payload)
	}
	event := chat.Event{Kind: chat.Opened, Key: scheme + team + "/" + key, At: timeOf(e.EventTS, s.config.Now()), Home: t.Home,
		Person: place{team: team, channel: e.User}.address(), Where: t.whereDirect(e.User), Alone: true, TakesReply: true, Page: e.Tab}
	one := &task{delivery: d, team: t, event: event, lane: string(event.Where + "/" + event.Person), once: true,
		from: originOf(event, true), answer: s.answerOpened, failed: func(_ context.Context, t *task) { t.refuse() }}
	return []*task{one}, nil
}

// answerOpened shows the page in the home tab; in the messages tab it offers questions to start from and says nothing.
func (s *Slack) answerOpened(ctx context.Context, t *task, turn chat.Turn) {
	t.done(nil)
	if t.event.Page == "home" {
		s.publish(ctx, t, pageOf(turn.Reply))
	} else {
		s.prompt(ctx, t)
	}
	s.follow(ctx, t, turn)
}

// answerHome answers a press on the home page, or a form opened from it: with a page in its place, with anything else in
// the direct message.
func (s *Slack) answerHome(ctx context.Context, t *task, turn chat.Turn) {
	t.done(nil)
	s.openForm(ctx, t, turn.Form)
	s.replyHome(ctx, t, turn.Reply)
	s.follow(ctx, t, turn)
}

func (s *Slack) replyHome(ctx context.Context, t *task, reply *chat.Message) {
	if reply == nil {
		return
	}
	if page := pageOf(reply); reply.Page != nil {
		s.publish(ctx, t, page)
		return
	}
	s.tellDirect(ctx, t, render(*reply, ""))
	s.replyFile(ctx, t, reply)
}

func (s *Slack) failHome(ctx context.Context, t *task) {
	t.done(nil)
	s.tellDirect(ctx, t, []rendered{{Text: sorry}})
}

// pageOf is the page of a message; one without has its text, buttons and choices as a page.
func pageOf(m *chat.Message) *chat.Page {
	switch {
	case m == nil:
		return nil
	case m.Page == nil:
		return &chat.Page{Text: m.Text, Buttons: m.Buttons, Choices: m.Choices}
	}
	page := *m.Page
	page.Buttons = append(page.Buttons[:len(page.Buttons):len(page.Buttons)], m.Buttons...)
	page.Choices = append(page.Choices[:len(page.Choices):len(page.Choices)], m.Choices...)
	page.Text = m.Text.Add(page.Text)
	return &page
}

// publish shows a page in a person's home tab.
func (s *Slack) publish(ctx context.Context, t *task, page *chat.Page) {
	if page == nil {
		return
	}
	view := slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, CallbackID: cutBytes(page.ID, maxID), Blocks: slackgo.Blocks{BlockSet: pageBlocks(*page)}}
	person, err := placeOf(string(t.event.Person))
	if err == nil {
		_, err = t.team.api.PublishViewContext(ctx, slackgo.PublishViewContextRequest{UserID: person.channel, View: view})
	}
	s.noteError(t.team, "show a home page", err)
}

// pageBlocks keeps the title and the ways on, and as much of the text as fits.
func pageBlocks(page chat.Page) []slackgo.Block {
	var blocks []slackgo.Block
	for _, u := range append(headingUnits(page.Title), append(textUnits(page.Text), choiceUnits(page.Choices)...)...) {
		blocks = append(blocks, u.blocks...)
	}
	ways := actions(page.Buttons, page.Choices)
	if most := maxViewBlocks - len(ways); len(blocks) > most {
		blocks = append(blocks[:most-1], slackgo.NewContextBlock("", plainText(restBelow)))
	}
	if blocks = append(blocks, ways...); len(blocks) == 0 {
		blocks = []slackgo.Block{slackgo.NewContextBlock("", plainText(emptyMessage))}
	}
	return blocks
}

// prompt offers questions to start from, where the workspace has the agent view. Without a thread: Slack ignores the call
// in silence if one is named. Where the workspace has none it fails, and nothing is lost.
func (s *Slack) prompt(ctx context.Context, t *task) {
	var prompts []slackgo.AssistantThreadsPrompt
	for _, p := range s.config.Menu.Prompts {
		if label := short(p.Label, maxButton); label != "" && len(prompts) < maxPrompts {
			prompts = append(prompts, slackgo.AssistantThreadsPrompt{Title: label, Message: label})
		}
	}
	where, err := placeOf(string(t.event.Where))
	if len(prompts) == 0 || err != nil || !isDirect(where.channel) {
		return
	}
	err = t.team.api.SetAssistantThreadsSuggestedPromptsContext(ctx, slackgo.AssistantThreadsSetSuggestedPromptsParameters{ChannelID: where.channel, Prompts: prompts})
	if err != nil {
		s.config.Log.Debug("no suggested prompts here", "workspace", t.team.called(), "error", err)
	}
}
