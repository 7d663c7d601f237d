package slack

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	slackgo "github.com/slack-go/slack"

	"signpost/bot/chat"
)

// mostThreadsSearched bounds how many threads Find reads when a post is not in the channel itself.
const mostThreadsSearched = 20

// Find looks for a post by its key among the newest 200 messages of a place: a thread, or a channel and then the threads
// below the app's own messages there. A post that was split is found when its last part is there.
func (s *Slack) Find(ctx context.Context, to chat.Address, key string) (chat.Ref, bool, error) {
	at, err := placeOf(string(to))
	if err != nil {
		return "", false, fmt.Errorf("find a post: %w", err)
	}
	t, err := s.teamOf(ctx, at.team)
	if err != nil {
		return "", false, fmt.Errorf("find a post: %w", err)
	}
	if at.isPerson() {
		if at.channel, err = t.direct(ctx, at.channel); err != nil {
			return "", false, lookError(err)
		}
	}
	messages, err := t.whereToLook(ctx, at, key)
	if err != nil {
		return "", false, lookError(err)
	}
	ts, ok := found(messages, key)
	if !ok && at.ts == "" {
		if ts, ok, err = t.findBelow(ctx, at, messages, key); err != nil {
			return "", false, lookError(err)
		}
	}
	return refOf(t.teamID(), at.channel, ts), ok, nil
}

func lookError(err error) error {
	if cannotLook(err) {
		return fmt.Errorf("find a post: %w: %w", chat.ErrCannotFind, err)
	}
	return fmt.Errorf("find a post: %w", err)
}

// whereToLook reads the thread that the post is known to be in, or the place itself.
func (t *team) whereToLook(ctx context.Context, at place, key string) ([]slackgo.Message, error) {
	thread := at.ts
	if hint, ok := t.posts.get(key); ok && thread == "" {
		thread = hint
	}
	if thread != "" {
		return t.thread(ctx, at.channel, thread, "")
	}
	history, err := t.api.GetConversationHistoryContext(ctx, &slackgo.GetConversationHistoryParameters{ChannelID: at.channel, Limit: 200, IncludeAllMetadata: true})
	if err != nil {
		return nil, fmt.Errorf("read a conversation: %w", err)
	}
	return history.Messages, nil
}

// thread reads a whole thread, which Slack gives oldest first, a page at a time.
func (t *team) thread(ctx context.Context, channel, root, oldest string) ([]slackgo.Message, error) {
	params := slackgo.GetConversationRepliesParameters{ChannelID: channel, Timestamp: root, Oldest: oldest, Limit: 200, IncludeAllMetadata: true}
	var all []slackgo.Message
	for range 10 { // 2,000 messages
		messages, more, cursor, err := t.api.GetConversationRepliesContext(ctx, &params)
		if err != nil {
			return nil, fmt.Errorf("read a thread: %w", err)
		}
		all = append(all, messages...)
		if !more || cursor == "" {
			break
		}
		params.Cursor = cursor
	}
	return all, nil
}

// findBelow looks in the threads below the app's own messages.
func (t *team) findBelow(ctx context.Context, at place, messages []slackgo.Message, key string) (string, bool, error) {
	searched := 0
	for _, m := range messages {
		if m.ReplyCount == 0 || !t.own(m.User, m.BotID) || searched == mostThreadsSearched {
			continue
		}
		searched++
		replies, err := t.thread(ctx, at.channel, m.Timestamp, "")
		if err != nil {
			return "", false, err
		}
		if ts, ok := found(replies, key); ok {
			return ts, true, nil
		}
	}
	return "", false, nil
}

// found is the first part of a post, if its last part is among messages.
func found(messages []slackgo.Message, key string) (string, bool) {
	first, last := "", false
	for _, m := range messages {
		name, i, n := keyPart(m)
		if name != key {
			continue
		}
		if i == 0 {
			first = m.Timestamp
		}
		last = last || i == n-1
	}
	return first, first != "" && last
}

// partKey names a part of a post. A post of one part has its own key.
func partKey(key string, i, n int) string {
	if n == 1 || key == "" {
		return key
	}
	return key + partMark + strconv.Itoa(i) + "/" + strconv.Itoa(n)
}

const partMark = "\x1fpart-"

// keyPart is the key that a message was posted with, and which part of how many it is.
func keyPart(m slackgo.Message) (key string, i, n int) {
	if m.Metadata.EventType != metadataType {
		return "", 0, 1
	}
	name, _ := m.Metadata.EventPayload["key"].(string)
	key, part, split := strings.Cut(name, partMark)
	if !split {
		return name, 0, 1
	}
	a, b, _ := strings.Cut(part, "/")
	i, err1 := strconv.Atoi(a)
	n, err2 := strconv.Atoi(b)
	if err1 != nil || err2 != nil {
		return name, 0, 1
	}
	return key, i, n
}

// sentParts are the parts of a split post that are there already from an attempt that broke off. A post of one part is
// the caller's to find.
func (s *Slack) sentParts(ctx context.Context, t *team, to place, key string) map[int]string {
	at := map[int]string{}
	messages, err := t.whereToLook(ctx, to, key)
	if err != nil {
		s.config.Log.Debug("cannot look for the parts of a message", "workspace", t.called(), "error", err)
		return at
	}
	for _, m := range messages {
		if name, i, of := keyPart(m); name == key && of > 1 {
			at[i] = m.Timestamp
		}
	}
	return at
}
