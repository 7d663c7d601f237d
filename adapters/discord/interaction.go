package discord

import (
	"context"
	"fmt"
	"strings"

	dg "github.com/bwmarrin/discordgo"

	"signpost/bot/chat"
)

func (in *interaction) person() *user {
	u := in.User
	if in.Member != nil && in.Member.User != nil {
		u = in.Member.User
	}
	if u == nil || !isID(u.ID) {
		return nil
	}
	return u
}

// alone says whether nobody else sees what the person did and what is answered: in direct messages, after a command, in a
// window opened by one, and in an answer that was shown to them alone.
func (in *interaction) alone() bool {
	return in.GuildID == "" || in.Message == nil || in.Message.Flags&dg.MessageFlagsEphemeral != 0
}

// interact handles one interaction and answers it.
func (d *Discord) interact(ctx context.Context, a *answer) {
	defer a.finish(ctx)
	r := d.roomOf(ctx, a.in.ChannelID, a.in.GuildID, a.in.Channel)
	if r.direct && isID(a.in.ChannelID) {
		d.dms.put(a.in.person().ID, a.in.ChannelID)
		d.owners.put(a.in.ChannelID, a.in.person().ID)
	}
	if says, ok := d.welcome(a.in.GuildID, r); !ok {
		a.say(ctx, d.elsewhere(a.in.GuildID, says))
		return
	}
	if d.ours(ctx, a) {
		return
	}
	event, ok := d.interactionEvent(a.in, r)
	if !ok {
		d.log.Warn("discord: an interaction of a kind nobody knows", "type", a.in.Type)
		return
	}
	d.play(ctx, a, event)
}

// elsewhere names a channel of the guild where the bot does answer.
func (d *Discord) elsewhere(guild, says string) string {
	if !strings.Contains(says, "%s") {
		return says
	}
	if channels := d.config.Guilds[guild].Channels; len(channels) > 0 {
		return fmt.Sprintf(says, "<#"+channels[0]+">")
	}
	return fmt.Sprintf(says, saysAnother)
}

// play hands the event to the bot and shows what it makes of it.
func (d *Discord) play(ctx context.Context, a *answer, event chat.Event) {
	turn, err := d.ask(ctx, event)
	if err != nil {
		d.log.Error("discord: handle", "kind", event.Kind, "key", event.Key, "error", err)
		if event.Kind != chat.TypedAhead {
			a.say(ctx, saysTryAgain)
		}
		return
	}
	if event.Kind == chat.TypedAhead {
		a.suggest(ctx, d.suggestions(event, turn))
		return
	}
	if turn.Form != nil {
		d.openForm(ctx, a, event.Person, *turn.Form)
	}
	if turn.Reply != nil {
		a.reply(ctx, *turn.Reply)
	}
	for _, private := range turn.Private {
		private.Private = true
		a.reply(ctx, private)
	}
}

// interactionEvent is what a person did, in the words of the contract.
func (d *Discord) interactionEvent(in *interaction, r room) (chat.Event, bool) {
	event := d.baseEvent(in, r)
	switch data := in.Data; in.Type {
	case dg.InteractionApplicationCommand:
		if data.Kind == dg.MessageApplicationCommand {
			return d.shortcutUsed(event, data)
		}
		return d.commandUsed(event, data)
	case dg.InteractionApplicationCommandAutocomplete:
		return d.typedAhead(event, data)
	case dg.InteractionMessageComponent:
		event.Kind, event.Button = chat.Pressed, pressedID(data)
		return event, event.Button != ""
	case dg.InteractionModalSubmit:
		id, ours := cutID(formID, data.CustomID)
		event.Kind, event.Form, event.Values = chat.Submitted, id, map[string]string{}
		for _, c := range data.Components {
			c.values(event.Values)
		}
		return event, ours
	}
	return event, false
}

func (d *Discord) baseEvent(in *interaction, r room) chat.Event {
	who := in.person()
	where, parent := r.where(who.ID)
	event := chat.Event{
		Key: network + ":i" + in.ID, At: timeOf(in.ID), Person: personAddress(who.ID), Name: name(who, in.Member), Where: where, Room: parent,
		Public: !r.direct, Alone: in.alone(), TakesReply: true, Follow: in.Token,
	}
	event.Home, event.Role = d.belongs(in.GuildID, in.Member)
	if in.Message != nil && isID(in.Message.ID) {
		event.Message = messageRef(in.ChannelID, in.Message.ID)
	}
	return event
}

// pressedID is the button's id, or the choice that was picked from one of our lists.
func pressedID(data interactionData) string {
	if _, list := cutID(pickedID, data.CustomID); list {
		if len(data.Values) == 0 {
			return ""
		}
		return data.Values[0]
	}
	return data.CustomID
}

// commandUsed reads the slash command: its sub-word, and what was typed with it.
func (d *Discord) commandUsed(event chat.Event, data interactionData) (chat.Event, bool) {
	command, typed, ok := d.subcommand(data)
	event.Kind, event.Text = chat.Said, strings.TrimSpace(clean(command.Said(typed)))
	return event, ok
}

func (d *Discord) typedAhead(event chat.Event, data interactionData) (chat.Event, bool) {
	command, typed, ok := d.subcommand(data)
	if command.Field != nil {
		event.Field = command.Field.ID
	}
	event.Kind, event.Form, event.Text = chat.TypedAhead, command.Name, clean(typed)
	event.TakesReply, event.Follow = false, ""
	return event, ok && command.Field != nil
}

func (d *Discord) subcommand(data interactionData) (command chat.Command, typed string, ok bool) {
	if data.Name != d.config.Command || len(data.Options) == 0 {
		return command, "", false
	}
	used := data.Options[0]
	for _, c := range d.config.Menu.Commands {
		if c.Name != used.Name {
			continue
		}
		if len(used.Options) > 0 {
			typed, _ = used.Options[0].Value.(string)
		}
		return c, typed, true
	}
	return command, "", false
}

func (d *Discord) shortcutUsed(event chat.Event, data interactionData) (chat.Event, bool) {
	for _, s := range d.config.Menu.Shortcuts {
		if s.Label != data.Name {
			continue
		}
		event.Kind, event.Button = chat.Pressed, s.ID
		if m := data.Resolved.Messages[data.TargetID]; m != nil {
			event.Text = d.readable(*m)
			if isID(m.ID) && isID(m.ChannelID) {
				event.Message = messageRef(m.ChannelID, m.ID)
			}
		}
		return event, true
	}
	return event, false
}

// suggestions are shown while a person types; what they typed may always be sent as it is. Before they type, the menu's
// prompts are, where the command takes a question as it stands.
func (d *Discord) suggestions(event chat.Event, turn chat.Turn) []suggestion {
	choices := turn.Suggestions
	if len(choices) == 0 && strings.TrimSpace(event.Text) == "" && d.takesPrompts(event.Form) {
		choices = d.config.Menu.Prompts
	}
	out := []suggestion{}
	seen := map[string]bool{}
	for _, c := range choices {
		text := cut(oneLine(c.Label), longestSuggestion)
		if text == "" || seen[text] || len(out) == mostSuggestions {
			continue
		}
		seen[text] = true
		out = append(out, suggestion{Name: text, Value: text})
	}
	return out
}

func (d *Discord) takesPrompts(command string) bool {
	for _, c := range d.config.Menu.Commands {
		if c.Name == command {
			return c.Says == "{value}"
		}
	}
	return false
}
