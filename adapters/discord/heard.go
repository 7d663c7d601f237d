package discord

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	dg "github.com/bwmarrin/discordgo"

	"signpost/bot/chat"
)

// heard is a message that became an event, for when it is edited or deleted.
type heard struct{ person, where, room chat.Address }

// fromPerson leaves out bots, webhooks, the bot itself, and what Discord says by itself ("... joined"). Without an author
// nobody said anything.
func (d *Discord) fromPerson(m message) bool {
	return m.Author != nil && isID(m.Author.ID) && isID(m.ID) && isID(m.ChannelID) && !m.Author.Bot && m.WebhookID == "" &&
		m.Author.ID != d.user() && (m.Type == dg.MessageTypeDefault || m.Type == dg.MessageTypeReply)
}

func (d *Discord) user() string {
	if self := d.self.Load(); self != nil {
		return self.user
	}
	return ""
}

// said takes a message that is meant for the bot: a direct message, a mention, or a reply to one of the bot's.
func (d *Discord) said(ctx context.Context, m message) {
	d.noteLast(m, d.meant(m))
	if !d.meant(m) {
		return
	}
	hint := &channel{}
	if hint = nil; m.ChannelType != nil {
		hint = &channel{Type: *m.ChannelType}
	}
	r := d.roomOf(ctx, m.ChannelID, m.GuildID, hint)
	if _, ok := d.welcome(m.GuildID, r); !ok {
		return
	}
	event := d.eventOf(m, r)
	if r.direct {
		d.dms.put(m.Author.ID, m.ChannelID)
		d.owners.put(m.ChannelID, m.Author.ID)
	}
	d.heard.put(m.ID, heard{event.Person, event.Where, event.Room})
	for i := range m.Attachments {
		d.respond(ctx, d.sentFile(ctx, event, m.Attachments[i]))
	}
	if event.Text != "" || len(m.Attachments) == 0 {
		d.respond(ctx, event)
	}
}

// meant says whether a message is for the bot. Of others in guilds Discord does not show the content anyway.
func (d *Discord) meant(m message) bool {
	if m.GuildID == "" || slices.ContainsFunc(m.Mentions, func(u *user) bool { return u != nil && u.ID == d.user() }) {
		return true
	}
	toBot := m.Referenced != nil && m.Referenced.Author != nil && m.Referenced.Author.ID == d.user()
	return toBot && m.Content != nil && *m.Content != ""
}

// eventOf is the Said event of a message. What is asked in a channel is answered in a thread under it.
func (d *Discord) eventOf(m message, r room) chat.Event {
	where, parent := r.where(m.Author.ID)
	if !r.direct && r.parent == "" {
		where, parent = threadAddress(r.id, m.ID), channelAddress(r.id)
	}
	event := chat.Event{
		Key: network + ":m" + m.ID, Kind: chat.Said, At: timeOf(m.ID), Person: personAddress(m.Author.ID), Name: name(m.Author, m.Member),
		Where: where, Room: parent, Public: !r.direct, Message: messageRef(m.ChannelID, m.ID), ReplyTo: replyTo(m, r), Text: d.readable(m),
	}
	event.Home, event.Role = d.belongs(m.GuildID, m.Member)
	return event
}

// replyTo is the message that this one points at, else the one that its thread starts from: it has the thread's id.
func replyTo(m message, r room) chat.Ref {
	switch ref := m.Reference; {
	case ref != nil && ref.Type == 0 && isID(ref.MessageID):
		in := ref.ChannelID
		if !isID(in) {
			in = m.ChannelID
		}
		return messageRef(in, ref.MessageID)
	case r.parent != "":
		return messageRef(r.parent, r.id)
	}
	return ""
}

// respond handles an event that Discord has no acknowledgement for. Discord does not deliver it again either, so it is
// tried twice, and then the person is told.
func (d *Discord) respond(ctx context.Context, event chat.Event) {
	turn, err := d.ask(ctx, event)
	if err != nil {
		d.log.Error("discord: handle", "kind", event.Kind, "key", event.Key, "error", err)
		if sleep(ctx, d.times.retryAfter) != nil {
			return
		}
		turn, err = d.ask(ctx, event)
	}
	if err != nil {
		d.log.Error("discord: handle, again", "kind", event.Kind, "key", event.Key, "error", err)
		if event.Kind == chat.Said || event.Kind == chat.SentFile {
			d.tell(ctx, event.Where, event.Key+"/sorry", saysTryAgain)
		}
		return
	}
	if turn.Form != nil {
		turn.Private = append([]chat.Message{d.offerForm(event.Person, *turn.Form)}, turn.Private...)
	}
	for i, private := range turn.Private {
		d.direct(ctx, event.Person, event.Key+"/private/"+strconv.Itoa(i), private)
	}
}

// tell says one sentence of our own somewhere, at most once.
func (d *Discord) tell(ctx context.Context, to chat.Address, key, says string) {
	post := chat.Post{Key: key, To: to, Message: chat.Message{Text: chat.Text{{Kind: chat.Plain, Text: says}}}}
	if _, err := d.Send(ctx, post); err != nil {
		d.log.Error("discord: a sentence did not arrive", "error", err)
	}
}

// edited takes the change of a message that was an event, or of any in direct messages. What Discord itself changes, such
// as a preview, has no time of editing.
func (d *Discord) edited(ctx context.Context, m message) {
	if m.Content == nil || m.Edited == "" {
		return
	}
	known, ok := d.heard.get(m.ID)
	if m.GuildID != "" && !ok {
		return
	}
	event := d.eventOf(m, room{id: m.ChannelID, direct: m.GuildID == ""})
	if ok {
		event.Where, event.Room = known.where, known.room
	}
	event.Kind, event.Key, event.ReplyTo = chat.Edited, event.Key+"/edited/"+m.Edited, ""
	event.At = d.config.Now().UTC()
	d.respond(ctx, event)
}

// deleted takes the end of a message that was an event. Discord says neither who wrote it nor what was in it.
func (d *Discord) deleted(ctx context.Context, m message) {
	if !isID(m.ID) || !isID(m.ChannelID) {
		return
	}
	known, ok := d.heard.get(m.ID)
	if !ok {
		person, direct := d.owners.get(m.ChannelID)
		if m.GuildID != "" || !direct {
			return
		}
		known = heard{person: personAddress(person), where: personAddress(person)}
	}
	d.heard.drop(m.ID)
	d.respond(ctx, chat.Event{Key: network + ":m" + m.ID + "/deleted", Kind: chat.Deleted, At: d.config.Now().UTC(), Person: known.person,
		Where: known.where, Room: known.room, Public: known.where != known.person, Message: messageRef(m.ChannelID, m.ID)})
}

// tokens are what Discord writes for people, channels and emoji.
var tokens = regexp.MustCompile(`<(@!?|@&|#|a?:[A-Za-z0-9_]+:)(\d+)>`)

// readable is a message's text as a person reads it, without the bot's own name.
func (d *Discord) readable(m message) string {
	if m.Content == nil {
		return ""
	}
	text := tokens.ReplaceAllStringFunc(*m.Content, func(token string) string {
		found := tokens.FindStringSubmatch(token)
		switch kind, id := found[1], found[2]; {
		case kind == "#":
			return "#channel"
		case kind == "@&":
			return "@role"
		case kind[0] != '@':
			return strings.TrimPrefix(kind, "a")
		case id == d.user():
			return ""
		default:
			return "@" + mentionedAs(m.Mentions, id)
		}
	})
	return strings.TrimSpace(clean(text))
}

func mentionedAs(mentions []*user, id string) string {
	for _, u := range mentions {
		if u != nil && u.ID == id {
			return name(u, nil)
		}
	}
	return "somebody"
}
