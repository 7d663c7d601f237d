package discord

import (
	"context"
	"net/url"
	"slices"
	"strconv"
)

// A lively is a channel in which people wrote to the bot, and the last message known there. After a resume the gateway
// sends what was missed; after a new session it does not, and then these channels are read.
type lively struct{ guild, last string }

// noteLast keeps up with a channel. Ids of messages only rise.
func (d *Discord) noteLast(m message, begin bool) {
	known, ok := d.lively.get(m.ChannelID)
	if (ok || begin) && newer(m.ID, known.last) {
		d.lively.put(m.ChannelID, lively{guild: m.GuildID, last: m.ID})
	}
}

func newer(id, than string) bool { return len(id) > len(than) || len(id) == len(than) && id > than }

// catchUp reads what was said while there was no session. Handled beside what comes in now, but in the order of its
// channel; what came by both ways is taken once.
func (d *Discord) catchUp(ctx context.Context) {
	for _, id := range d.lively.keys() {
		known, _ := d.lively.get(id)
		found, err := d.history(ctx, id, url.Values{"after": {known.last}, "limit": {strconv.Itoa(mostHistory)}})
		if err != nil {
			d.log.Warn("discord: what was said meanwhile cannot be read", "error", err)
			continue
		}
		slices.SortFunc(found, func(a, b message) int {
			if newer(b.ID, a.ID) {
				return -1
			}
			return 1
		})
		for _, m := range found {
			m.GuildID, m.ChannelID = known.guild, id
			d.takeMissed(m)
		}
	}
}

func (d *Discord) takeMissed(m message) {
	if !d.fromPerson(m) {
		return
	}
	task := func() {
		if known, _ := d.lively.get(m.ChannelID); newer(m.ID, known.last) {
			d.said(d.work, m)
		}
	}
	if err := d.lanes.add(m.ChannelID, func() { d.guard("catch up", task) }); err != nil {
		d.log.Error("discord: a message is lost", "error", err)
	}
}
