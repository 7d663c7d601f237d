package slack

import (
	"context"
	"fmt"
	"slices"

	slackgo "github.com/slack-go/slack"
)

// With Listening, what is said in a thread that the app has posted in counts without a mention. Which threads those are
// is remembered while the program runs, and else asked of Slack, once for each thread.

// mostThreads is how many answers are remembered.
const mostThreads = 20_000

func (t *team) joined(channel, root string) { t.noteThread(channel, root, true) }

func (t *team) noteThread(channel, root string, ours bool) {
	if root == "" || isDirect(channel) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.threads) >= mostThreads {
		clear(t.threads) // Slack is asked again about those that go on
	}
	t.threads[channel+"/"+root] = ours
}

// onlyOurThreads lets only messages in the app's own threads pass.
func (s *Slack) onlyOurThreads(e happening) func(context.Context, *team) bool {
	return func(ctx context.Context, t *team) bool {
		t.mu.Lock()
		ours, known := t.threads[e.Channel+"/"+e.ThreadTS]
		t.mu.Unlock()
		if known {
			return ours
		}
		if e.ParentUserID != "" && e.ParentUserID == t.botUser() {
			t.joined(e.Channel, e.ThreadTS)
			return true
		}
		ours, err := t.postedIn(ctx, e.Channel, e.ThreadTS)
		if err != nil {
			s.config.Log.Debug("cannot tell whose thread this is", "workspace", t.called(), "error", err)
			return false
		}
		t.noteThread(e.Channel, e.ThreadTS, ours)
		return ours
	}
}

// postedIn asks Slack whether the app has posted in a thread.
func (t *team) postedIn(ctx context.Context, channel, root string) (bool, error) {
	messages, _, _, err := t.api.GetConversationRepliesContext(ctx, &slackgo.GetConversationRepliesParameters{ChannelID: channel, Timestamp: root, Limit: 200})
	if err != nil {
		return false, fmt.Errorf("read a thread: %w", err)
	}
	return slices.ContainsFunc(messages, func(m slackgo.Message) bool { return t.own(m.User, m.BotID) }), nil
}
