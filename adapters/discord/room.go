package discord

import (
	"context"
	"fmt"
	"slices"

	dg "github.com/bwmarrin/discordgo"

	"signpost/bot/chat"
)

// A room is what a channel is: direct messages, a channel, or a thread of a channel.
type room struct {
	id     string
	parent string // of a thread
	direct bool
}

func (c channel) room() room {
	r := room{id: c.ID, direct: c.Type == dg.ChannelTypeDM || c.Type == dg.ChannelTypeGroupDM}
	if isThread(c.Type) {
		r.parent = c.ParentID
	}
	return r
}

func isThread(t dg.ChannelType) bool {
	return t == dg.ChannelTypeGuildPublicThread || t == dg.ChannelTypeGuildPrivateThread || t == dg.ChannelTypeGuildNewsThread
}

// roomOf finds out what a channel is: from what came with the event, from what is remembered, or by asking. Where nobody
// says, it is taken for a plain channel.
func (d *Discord) roomOf(ctx context.Context, id, guild string, hint *channel) room {
	if guild == "" {
		return room{id: id, direct: true}
	}
	if known, ok := d.rooms.get(id); ok {
		return known
	}
	r := room{id: id}
	switch {
	case hint != nil && (!isThread(hint.Type) || hint.ParentID != ""):
		hint.ID = id
		r = hint.room()
	default:
		found, err := d.channel(ctx, id)
		if err != nil {
			d.log.Warn("discord: what a channel is, nobody says", "error", err)
			return r
		}
		r = found.room()
	}
	d.rooms.put(id, r)
	return r
}

func (d *Discord) channel(ctx context.Context, id string) (channel, error) {
	var found channel
	err := d.rest.do(ctx, request{method: "GET", route: "/channels/{}", ids: []string{id}, about: id}, &found)
	if err != nil {
		return found, fmt.Errorf("ask for a channel: %w", err)
	}
	found.ID = id
	return found, nil
}

// where is the address of a room, for a person who is in it, and the channel it is a thread of.
func (r room) where(person string) (where, parent chat.Address) {
	switch {
	case r.direct:
		return personAddress(person), ""
	case r.parent != "":
		return threadAddress(r.parent, r.id), channelAddress(r.parent)
	}
	return channelAddress(r.id), ""
}

// welcome says whether the bot answers here, and if not why, in a sentence for the person.
func (d *Discord) welcome(guild string, r room) (says string, ok bool) {
	if r.direct || guild == "" || len(d.config.Guilds) == 0 {
		return "", true
	}
	known, ok := d.config.Guilds[guild]
	if !ok {
		return saysNotHere, false
	}
	channel := r.id
	if r.parent != "" {
		channel = r.parent
	}
	if len(known.Channels) == 0 || slices.Contains(known.Channels, channel) {
		return "", true
	}
	return saysNotThis, false
}

// belongs is what an operator tied to a person's guild and to the roles they have there. Roles are gone through by id, so
// that the same roles always say the same.
func (d *Discord) belongs(guild string, m *member) (home, role string) {
	known := d.config.Guilds[guild]
	if m != nil {
		for _, id := range slices.Sorted(slices.Values(m.Roles)) {
			says := known.Roles[id]
			if home == "" {
				home = says.Home
			}
			if role == "" {
				role = says.Role
			}
		}
	}
	if home == "" {
		home = known.Home
	}
	return home, role
}

// name is what the guild, or else Discord, calls a person.
func name(u *user, m *member) string {
	switch {
	case m != nil && m.Nick != "":
		return oneLine(m.Nick)
	case u.GlobalName != "":
		return oneLine(u.GlobalName)
	}
	return oneLine(u.Username)
}
