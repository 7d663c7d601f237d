package slack

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
)

// Catching up: after a time without any socket, what people wrote meanwhile is read from the history of the direct
// messages and of the channels listened to, and handled like events. What came as an event too is handled once, since
// both make the same key. Presses, commands, and edits made meanwhile cannot be read back.

// catchTries is how often a message that could not be handled is tried again.
const catchTries = 3

func (g *group) catchUp(ctx context.Context, since time.Time) {
	for _, t := range g.teams {
		if t.teamID() == "" {
			continue
		}
		threads := t.active.keys()
		for _, channel := range t.places() {
			if !isDirect(channel) && !g.listensIn(t, channel) {
				continue
			}
			if err := g.catchUpWith(ctx, gap{t, channel, stampOf(since)}, threads); err != nil && !ended(ctx, err) {
				g.config.Log.Debug("cannot catch up with a conversation", "workspace", t.called(), "error", err)
			}
		}
	}
}

// A gap is a conversation of which the messages after a time may have been missed.
type gap struct {
	team            *team
	channel, oldest string
}

// catchUpWith reads one conversation, and those of its threads that are new or were active lately.
func (g *group) catchUpWith(ctx context.Context, in gap, threads []string) error {
	t, channel, oldest := in.team, in.channel, in.oldest
	messages, err := g.newSince(ctx, in)
	if err != nil {
		return err
	}
	for _, m := range messages {
		if m.ReplyCount > 0 {
			threads = append(threads[:len(threads):len(threads)], channel+"/"+m.Timestamp)
		}
	}
	read := map[string]bool{}
	for _, thread := range threads {
		place, root, _ := strings.Cut(thread, "/")
		if place != channel || read[root] {
			continue
		}
		read[root] = true
		var replies []slackgo.Message
		err := g.patiently(ctx, func() (err error) {
			replies, err = t.thread(ctx, channel, root, oldest)
			return err
		})
		if err != nil {
			return err
		}
		messages = append(messages, replies...)
	}
	slices.SortFunc(messages, func(a, b slackgo.Message) int { return strings.Compare(a.Timestamp, b.Timestamp) })
	for _, m := range messages {
		if m.Timestamp > oldest {
			g.catch(ctx, in, m, 1)
		}
	}
	return nil
}

func (g *group) newSince(ctx context.Context, in gap) ([]slackgo.Message, error) {
	var all []slackgo.Message
	params := slackgo.GetConversationHistoryParameters{ChannelID: in.channel, Oldest: in.oldest, Limit: 200}
	for range 10 { // 2,000 messages
		var page *slackgo.GetConversationHistoryResponse
		err := g.patiently(ctx, func() (err error) {
			page, err = in.team.api.GetConversationHistoryContext(ctx, &params)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read a conversation: %w", err)
		}
		all = append(all, page.Messages...)
		if params.Cursor = page.ResponseMetaData.NextCursor; !page.HasMore || params.Cursor == "" {
			break
		}
	}
	return all, nil
}

// patiently makes a call again after Slack has asked to wait.
func (g *group) patiently(ctx context.Context, call func() error) error {
	for {
		err := call()
		wait, ok := patience(err)
		if !ok || !sleep(ctx, wait) {
			return err
		}
	}
}

// catch handles one message from the history as if it had come as an event.
func (g *group) catch(ctx context.Context, in gap, m slackgo.Message, try int) {
	e := happening{message: fromHistory(m), Channel: in.channel}
	e.Type = "message"
	again := func() {
		if try < catchTries && sleep(ctx, time.Duration(try)*g.times.firstRetry) {
			g.catch(ctx, in, m, try+1)
		}
	}
	d := &delivery{kind: ofEvents, teams: []*team{in.team}, ack: func(any) error { return nil }, refuse: func() { g.work.Go(again) }}
	tasks, err := g.messageTasks(d, in.team, e)
	if err != nil {
		return
	}
	for _, one := range tasks {
		g.start(ctx, one)
	}
}

// fromHistory is a message as an event would have it.
func fromHistory(m slackgo.Message) message {
	out := message{Type: m.Type, SubType: m.SubType, User: m.User, BotID: m.BotID, Text: m.Text, TS: m.Timestamp,
		ThreadTS: m.ThreadTimestamp, ParentUserID: m.ParentUserId}
	if m.ReplyCount > 0 && m.ThreadTimestamp == m.Timestamp {
		out.ThreadTS = "" // it has become a root since; as an event it was a plain message
	}
	for _, f := range m.Files {
		out.Files = append(out.Files, file{f.ID, f.Name, int64(f.Size), f.URLPrivateDownload, f.URLPrivate})
	}
	return out
}

// stampOf is a time as Slack writes it.
func stampOf(at time.Time) string {
	return strconv.FormatInt(at.Unix(), 10) + ".000000"
}
