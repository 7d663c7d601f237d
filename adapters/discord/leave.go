package discord

import (
	"context"
	"time"

	"signpost/bot/chat"
)

// Codes of direct messages to somebody who is not there any more: the account is gone, or there is no server in which both
// they and the bot are. cannotWriteTo (50007) is not among them: it is also said of those who closed their direct messages
// or blocked the bot, and who may well go on asking in a channel. Discord parted the two in 2026
// (discord-api-docs #8212 and #8244). Were it said of somebody who is there after all, the next thing they do puts it right.
const (
	unknownUser   = 10013
	noGuildShared = 50278
)

// noteLeft tells the bot of somebody who left, where Discord refused a direct message for that reason, once a day at most.
// It is the only way to know without the privileged intent for members; that they are back, they say themselves.
func (d *Discord) noteLeft(ctx context.Context, address chat.Address, err error) {
	if !hasCode(err, unknownUser, noGuildShared) || d.handle.Load() == nil {
		return
	}
	if to, err := parseAddress(address); err != nil || to.person == "" {
		return
	}
	now := d.config.Now().UTC()
	event := chat.Event{Kind: chat.Left, Person: address, At: now, Key: string(chat.Left) + " " + string(address) + " " + now.Format(time.DateOnly)}
	if _, err := d.ask(context.WithoutCancel(ctx), event); err != nil {
		d.log.Error("discord: handle", "kind", event.Kind, "error", err)
	}
}
