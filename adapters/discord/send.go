package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	dg "github.com/bwmarrin/discordgo"

	"signpost/bot/chat"
)

// Send posts a message, as several where it is too long for one; the reference is the last one's. It uses the post's key
// as Discord's nonce: a repeat within a few minutes gives back the first message, so a post whose fate nobody knows is
// tried once more here before the caller is told. A message for one person alone is not sent to a place that others read.
// Where the person is not there any more, the bot is told that they left.
func (d *Discord) Send(ctx context.Context, post chat.Post) (chat.Ref, error) {
	ref, err := d.send(ctx, post)
	d.noteLeft(ctx, post.To, err)
	return ref, err
}

func (d *Discord) send(ctx context.Context, post chat.Post) (chat.Ref, error) {
	if err := notReached(ctx); err != nil {
		return "", err
	}
	to, err := parseAddress(post.To)
	if err != nil {
		return "", refusal("send: %w", err)
	}
	if post.Message.Private && to.person == "" {
		return "", refusal("%q is read by others, and the message is for one person alone", post.To)
	}
	place, err := d.place(ctx, to, post.Thread)
	if err != nil {
		return "", sendError("find the place to send to", err)
	}
	parts := render(post.Message, markLength)
	for i, part := range parts {
		out := outgoingOf(post.Message, part, post.Key)
		if i == 0 {
			out.Reference = place.answers
		}
		if err := d.postPart(ctx, &place, post.Key, out); err != nil {
			return "", partly(i, sendError("post a message", err))
		}
	}
	sent, _ := d.posted.get(post.Key)
	last := sent[len(parts)-1]
	if len(parts) > 1 {
		d.parts.put(last, sent[:len(parts)-1])
	}
	return messageRef(place.channel, last), nil
}

// partly takes back the promise that nothing arrived, once the first of several messages did: the caller then asks Find,
// which knows how far it came.
func partly(i int, err error) error {
	var said *chat.SendError
	if i > 0 && errors.As(err, &said) && !said.Refused {
		return fmt.Errorf("discord: part %d of a post: %v", i+1, err)
	}
	return err
}

// postPart posts one message of a post, unless it is there already. What is remembered by key is each message's id.
func (d *Discord) postPart(ctx context.Context, to *place, key string, out outgoing) error {
	sent, _ := d.posted.get(key)
	if out.part < len(sent) && sent[out.part] != "" {
		return nil
	}
	id, err := d.create(ctx, to, out)
	if ambiguous(err) && sleep(ctx, d.times.waitFrom/2) == nil {
		id, err = d.create(ctx, to, out)
	}
	if err != nil {
		return err
	}
	sent = append(slices.Clone(sent), make([]string, max(0, out.part+1-len(sent)))...)
	sent[out.part] = id
	d.posted.put(key, sent)
	return nil
}

// create posts a message and gives its id. A thread that is not there yet is made first; where that is not allowed, or the message to answer
// is gone, it is said in the channel.
func (d *Discord) create(ctx context.Context, to *place, out outgoing) (id string, err error) {
	id, err = d.rest.post(ctx, to.channel, out)
	if hasCode(err, unknownChannel) && to.starts != "" {
		if err = d.startThread(ctx, to); err != nil {
			return "", err
		}
		if to.answers != nil {
			out.Reference = to.answers
		}
		id, err = d.rest.post(ctx, to.channel, out)
	}
	if out.Reference != nil && hasCode(err, noReplyHere) {
		out.Reference = nil
		id, err = d.rest.post(ctx, to.channel, out)
	}
	return id, err
}

func (r *rest) post(ctx context.Context, channel string, out outgoing) (id string, err error) {
	var created struct {
		ID string `json:"id"`
	}
	ask := request{method: "POST", route: "/channels/{}/messages", ids: []string{channel}, about: channel, body: out, file: out.file}
	if err := r.do(ctx, ask, &created); err != nil {
		return "", err
	}
	if !isID(created.ID) {
		return "", errors.New("the answer names no message")
	}
	return created.ID, nil
}

// outgoingOf is a part as Discord takes it. A post's messages carry its key twice: as the nonce, and as a mark for Find.
// What has no key goes out without either.
func outgoingOf(m chat.Message, p part, key string) outgoing {
	out := outgoing{Content: p.content, Components: p.components, AllowedMentions: mayMention(m), Flags: dg.MessageFlagsSuppressEmbeds,
		part: p.i, file: p.file}
	if out.Components == nil {
		out.Components = []dg.MessageComponent{}
	}
	if p.file != nil {
		out.Attachments = []attached{{Filename: fileName(p.file.Name)}}
	}
	if out.Content == "" && p.file == nil {
		out.Content = "\u200b" // Discord refuses a message of nothing
	}
	if key != "" {
		out.Nonce, out.EnforceNonce = nonce(key, p.i), true
		out.Content = cmp.Or(out.Content, "\u200b") + mark(key, p.i, p.last)
	}
	return out
}

// Edit replaces a message, and the earlier ones of the same post where it was long. A text that now needs more messages
// than there are is cut, and says so: a message cannot be put between others.
func (d *Discord) Edit(ctx context.Context, ref chat.Ref, m chat.Message) error {
	if err := notReached(ctx); err != nil {
		return err
	}
	channel, last, err := parseRef(ref)
	if err != nil {
		return refusal("edit: %w", err)
	}
	ids := append(d.earlier(ctx, channel, last, m), last)
	for {
		gone, err := d.editAll(ctx, channel, ids, m)
		if gone == "" || gone == last {
			return sendError("edit a message", err)
		}
		ids = slices.DeleteFunc(ids, func(id string) bool { return id == gone }) // by an earlier edit, or by somebody
	}
}

// editAll puts a message into the messages with these ids; those that it no longer needs are deleted. It stops at one that
// is gone, and names it.
func (d *Discord) editAll(ctx context.Context, channel string, ids []string, m chat.Message) (gone string, err error) {
	parts := fit(render(m, 0), len(ids))
	spare := len(ids) - len(parts) // the last messages are kept: they have the buttons
	for i, id := range ids {
		if i < spare {
			err = d.rest.do(ctx, one("DELETE", channel, id, nil), nil)
		} else {
			err = d.rest.do(ctx, one("PATCH", channel, id, outgoingOf(m, parts[i-spare], "")), nil)
		}
		switch {
		case hasCode(err, unknownMessage):
			return id, err
		case err != nil:
			return "", err
		}
	}
	d.parts.put(ids[len(ids)-1], ids[spare:len(ids)-1])
	return "", nil
}

// one is a request about one message.
func one(method, channel, id string, body any) request {
	ask := request{method: method, route: "/channels/{}/messages/{}", ids: []string{channel, id}, about: channel, body: body}
	if out, ok := body.(outgoing); ok {
		ask.file = out.file
	}
	return ask
}

// fit puts what is said into at most n messages, cutting the text where it does not fit. The last part stays the last.
func fit(parts []part, n int) []part {
	if len(parts) <= n {
		return parts
	}
	last := parts[len(parts)-1]
	last.i, last.content = n-1, parts[n-1].content+"\n\n"+saysCut
	return append(slices.Clone(parts[:n-1]), last)
}

// earlier are the messages of the same post before its last one: remembered, or where the new text is long read from the
// marks in the channel.
func (d *Discord) earlier(ctx context.Context, channel, last string, m chat.Message) []string {
	if ids, ok := d.parts.get(last); ok {
		return slices.Clone(ids)
	}
	if len(render(m, 0)) == 1 {
		return nil
	}
	found, err := d.history(ctx, channel, url.Values{"around": {last}, "limit": {"11"}})
	if err != nil {
		return nil
	}
	var ids []string
	for _, group := range groups(found, d.user()) {
		if group.last == last {
			ids = slices.DeleteFunc(group.before, func(id string) bool { return id == "" })
		}
	}
	return ids
}

// Find reads the newest hundred messages of the place and looks for the post's mark in those that are the bot's. Where
// only the first of a long post's messages are there, the post is not: sending it again then goes on where it ended.
func (d *Discord) Find(ctx context.Context, address chat.Address, key string) (chat.Ref, bool, error) {
	to, err := parseAddress(address)
	if err != nil {
		return "", false, err
	}
	place, err := d.place(ctx, to, "")
	if err != nil {
		return "", false, cannotFind(err)
	}
	found, err := d.history(ctx, place.channel, url.Values{"limit": {strconv.Itoa(mostHistory)}})
	if hasCode(err, unknownChannel) && place.starts != "" {
		return "", false, nil // nobody has made the thread yet
	}
	if err != nil {
		return "", false, cannotFind(err)
	}
	group, ok := groups(found, d.user())[whose(key)]
	if !ok || group.last == "" {
		d.posted.put(key, group.before)
		return "", false, nil
	}
	return messageRef(place.channel, group.last), true, nil
}

// cannotFind says whether looking is not allowed, or only failed.
func cannotFind(err error) error {
	if hasCode(err, missingAccess, missingPermissions, unknownChannel, cannotWriteTo) {
		return fmt.Errorf("discord: %w: %v", chat.ErrCannotFind, err)
	}
	return fmt.Errorf("discord: look for a message: %w", err)
}

func (d *Discord) history(ctx context.Context, channel string, query url.Values) ([]message, error) {
	var found []message
	err := d.rest.do(ctx, request{method: "GET", route: "/channels/{}/messages", ids: []string{channel}, about: channel, query: query}, &found)
	if err != nil {
		return nil, fmt.Errorf("read a channel's messages: %w", err)
	}
	return found, nil
}

// A group is what is there of one post.
type group struct {
	before []string // by place in the post; "" where one is missing
	last   string
}

func groups(found []message, self string) map[string]group {
	all := map[string]group{}
	for _, m := range found {
		if m.Author == nil || m.Author.ID != self || m.Content == nil {
			continue
		}
		_, who, i, last := splitMark(*m.Content)
		if who == "" {
			continue
		}
		g := all[who]
		if last {
			g.last = m.ID
		} else if i < mostHistory {
			g.before = append(g.before, make([]string, max(0, i+1-len(g.before)))...)
			g.before[i] = m.ID
		}
		all[who] = g
	}
	return all
}
