package discord

import (
	"context"
	"fmt"

	dg "github.com/bwmarrin/discordgo"

	"signpost/bot/chat"
)

// A place is where a message is posted.
type place struct {
	channel string
	// starts is the message of the channel parent that a thread can be made under, if channel is not there yet.
	starts, parent string
	// answers makes the message a reply, where there is no thread for it.
	answers *dg.MessageReference
}

// place finds the channel of an address: a person's direct messages, a channel, a thread, or the thread under an earlier
// message of that channel.
func (d *Discord) place(ctx context.Context, to target, under chat.Ref) (place, error) {
	if to.person != "" {
		channel, err := d.directMessages(ctx, to.person)
		return answering(place{channel: channel}, under), err
	}
	if to.thread != "" {
		return answering(d.thread(to.channel, to.thread), under), nil
	}
	in, message, err := parseRef(under)
	if under == "" || err != nil || in != to.channel {
		return place{channel: to.channel}, nil
	}
	return d.thread(to.channel, message), nil
}

// thread is the thread under a message: it has the message's id, unless it is remembered otherwise.
func (d *Discord) thread(channel, message string) place {
	if known, ok := d.threads.get(message); ok {
		return place{channel: known}
	}
	return place{channel: message, starts: message, parent: channel}
}

// answering makes a post a reply to a message of the same place: there are no threads within threads or in direct
// messages. Should the message be gone, Discord takes the post as it is.
func answering(p place, under chat.Ref) place {
	in, message, err := parseRef(under)
	if under != "" && err == nil && in == p.channel {
		p.answers = replyingTo(in, message)
	}
	return p
}

func replyingTo(channel, message string) *dg.MessageReference {
	gone := false
	return &dg.MessageReference{MessageID: message, ChannelID: channel, FailIfNotExists: &gone}
}

// startThread makes the thread that a place stands for. Its name says nothing of what was asked: that is for the person to
// take back. Where there may be no thread, the place becomes the channel, as a reply.
func (d *Discord) startThread(ctx context.Context, to *place) error {
	var made channel
	body := map[string]any{"name": threadName, "auto_archive_duration": 1440}
	err := d.rest.do(ctx, request{method: "POST", route: "/channels/{}/messages/{}/threads", ids: []string{to.parent, to.starts}, about: to.parent,
		body: body}, &made)
	switch {
	case err == nil && isID(made.ID):
		d.threads.put(to.starts, made.ID)
		d.rooms.put(made.ID, room{id: made.ID, parent: to.parent})
		to.channel, to.starts = made.ID, ""
	case hasCode(err, threadExists):
		to.channel = d.threadOf(ctx, to.parent, to.starts)
		to.starts = ""
	case hasCode(err, missingPermissions, wrongChannelKind, unknownMessage) || ambiguousThread(err):
		to.channel, to.answers, to.starts = to.parent, replyingTo(to.parent, to.starts), ""
	default:
		return err
	}
	return nil
}

// ambiguousThread covers the other reasons for which a channel takes no more threads (160005 and up).
func ambiguousThread(err error) bool { return hasCode(err, 160006, 160007) }

// threadOf asks a message for its thread.
func (d *Discord) threadOf(ctx context.Context, channel, id string) string {
	var m message
	if err := d.rest.do(ctx, one("GET", channel, id, nil), &m); err == nil && m.Thread != nil && isID(m.Thread.ID) {
		d.threads.put(id, m.Thread.ID)
		return m.Thread.ID
	}
	return id
}

// directMessages is the channel of the direct messages with a person; asking for it makes it if there is none.
func (d *Discord) directMessages(ctx context.Context, person string) (string, error) {
	if known, ok := d.dms.get(person); ok {
		return known, nil
	}
	var made channel
	err := d.rest.do(ctx, request{method: "POST", route: "/users/@me/channels", body: map[string]string{"recipient_id": person}}, &made)
	if ambiguous(err) { // asking twice gives the same channel, and nobody has been told anything yet
		err = &unsentError{err}
	}
	if err != nil {
		return "", fmt.Errorf("open direct messages: %w", err)
	}
	if !isID(made.ID) {
		return "", &unsentError{fmt.Errorf("open direct messages: the answer names no channel")}
	}
	d.dms.put(person, made.ID)
	d.owners.put(made.ID, person)
	return made.ID, nil
}

// direct sends a private follow-up as a direct message, at most once.
func (d *Discord) direct(ctx context.Context, person chat.Address, key string, m chat.Message) {
	m.Mention = ""
	if _, err := d.Send(ctx, chat.Post{Key: key, To: person, Message: m}); err != nil {
		d.log.Error("discord: a private message did not arrive", "error", err)
	}
}
