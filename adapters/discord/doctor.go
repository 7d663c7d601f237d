package discord

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"

	dg "github.com/bwmarrin/discordgo"

	"signpost/bot/chat"
)

// permissions are the least the bot needs: to see channels, write in them and in threads, make a thread for its answer,
// read back whether a message arrived, and give files.
const permissions = dg.PermissionViewChannel | dg.PermissionSendMessages | dg.PermissionSendMessagesInThreads |
	dg.PermissionCreatePublicThreads | dg.PermissionReadMessageHistory | dg.PermissionAttachFiles

// Invite is the link by which somebody who manages a guild lets the bot in.
func Invite(applicationID string) string {
	query := url.Values{"client_id": {applicationID}, "scope": {"bot applications.commands"}, "permissions": {strconv.FormatInt(permissions, 10)}}
	return "https://discord.com/oauth2/authorize?" + query.Encode()
}

// Check looks at everything that has to be right before people can be answered, changing nothing.
func Check(ctx context.Context, config Config) []chat.Finding {
	d, err := New(config)
	if err != nil {
		return []chat.Finding{{Name: "settings", Says: err.Error() + ".", Do: "Put the settings right."}}
	}
	defer d.rest.client.CloseIdleConnections()
	who, err := d.rest.whoAmI(ctx)
	if err != nil {
		do := "See whether this machine reaches discord.com."
		if refusedToken(err) {
			do = "Copy the bot's token from the developer portal into DISCORD_TOKEN."
		}
		return []chat.Finding{{Name: "token", Says: "Discord does not say who the bot is: " + err.Error() + ".", Do: do}}
	}
	d.self.Store(who)
	findings := []chat.Finding{{Name: "token", OK: true, Says: "Discord knows the bot as application " + who.application + "."}}
	findings = append(findings, d.checkGateway(ctx), d.checkCommands(ctx))
	for _, id := range slices.Sorted(maps.Keys(config.Guilds)) {
		findings = append(findings, d.checkGuild(ctx, id, config.Guilds[id])...)
	}
	return findings
}

func (d *Discord) checkGateway(ctx context.Context) chat.Finding {
	f := chat.Finding{Name: "gateway"}
	info, err := d.rest.gateway(ctx)
	switch {
	case err != nil:
		f.Says, f.Do = "Discord does not say where its gateway is: "+err.Error()+".", "Try again in a minute."
	case info.Shards > d.config.Shards:
		f.Says = fmt.Sprintf("Discord advises %d shards, and %d is set.", info.Shards, d.config.Shards)
		f.Do = "Set the number of shards to that."
	case info.Limit != nil && info.Limit.Remaining <= keptIdentifies:
		f.Says = fmt.Sprintf("Only %d session starts are left today.", info.Limit.Remaining)
		f.Do = "Find out why the bot starts so often, and wait."
	default:
		f.OK, f.Says = true, "Discord's gateway can be reached."
	}
	return f
}

func (d *Discord) checkCommands(ctx context.Context) chat.Finding {
	f := chat.Finding{Name: "commands"}
	have, err := d.rest.listed(ctx, d.self.Load().application)
	switch {
	case err != nil:
		f.Says, f.Do = "Discord does not say which commands it lists: "+err.Error()+".", "Try again in a minute."
	case have == nil || !sameMenu(menuOf(d.config.Command, d.config.Menu), have):
		f.OK, f.Says = true, "Discord does not list the newest commands; the bot will see to that when it starts."
	default:
		f.OK, f.Says = true, "Discord lists /"+d.config.Command+" as it should."
	}
	return f
}

func (d *Discord) checkGuild(ctx context.Context, id string, want Guild) []chat.Finding {
	var guild struct {
		Name  string `json:"name"`
		Roles []struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"roles"`
	}
	f := chat.Finding{Name: "guild " + id}
	err := d.rest.do(ctx, request{method: "GET", route: "/guilds/{}", ids: []string{id}, about: id}, &guild)
	if err != nil {
		f.Says = "The bot is not in this guild, or Discord does not say: " + err.Error() + "."
		f.Do = "Let somebody who manages the guild open " + Invite(d.self.Load().application)
		return []chat.Finding{f}
	}
	f.OK, f.Says = true, "The bot is in "+oneLine(guild.Name)+"."
	findings := []chat.Finding{f}
	known := map[string]bool{}
	for _, r := range guild.Roles {
		known[r.ID] = true
	}
	for _, role := range slices.Sorted(maps.Keys(want.Roles)) {
		if !known[role] {
			findings = append(findings, chat.Finding{Name: "role " + role, Says: "There is no such role in " + oneLine(guild.Name) + ".",
				Do: "Copy the role's id from the server settings, or take it out."})
		}
	}
	for _, id := range want.Channels {
		findings = append(findings, d.checkChannel(ctx, id))
	}
	return findings
}

func (d *Discord) checkChannel(ctx context.Context, id string) chat.Finding {
	f := chat.Finding{Name: "channel " + id, OK: true, Says: "The bot sees the channel."}
	if _, err := d.history(ctx, id, url.Values{"limit": {"1"}}); err != nil {
		f.OK, f.Says = false, "The bot cannot read the channel: "+err.Error()+"."
		f.Do = "Give the bot's role View Channel, Send Messages, Create Public Threads and Read Message History there."
	}
	return f
}
