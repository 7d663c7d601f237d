package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strings"

	dg "github.com/bwmarrin/discordgo"

	"signpost/bot/chat"
)

// commands are what Discord lists of the bot: one slash command with sub-words, and what can be done with a message.

// A listed is a command as Discord keeps it, as far as this package sets it; what it leaves out Discord fills in by itself.
type listed struct {
	Name         string                    `json:"name"`
	Type         dg.ApplicationCommandType `json:"type"`
	Description  string                    `json:"description"`
	Contexts     []int                     `json:"contexts"`
	Integrations []int                     `json:"integration_types"`
	Options      []option                  `json:"options,omitempty"`
}

type option struct {
	Type         dg.ApplicationCommandOptionType `json:"type"`
	Name         string                          `json:"name"`
	Description  string                          `json:"description"`
	Required     bool                            `json:"required,omitempty"`
	Autocomplete bool                            `json:"autocomplete,omitempty"`
	MaxLength    int                             `json:"max_length,omitempty"`
	Options      []option                        `json:"options,omitempty"`
}

// Discord's names of commands, in the letters we use (interactions/application-commands: naming).
var commandName = regexp.MustCompile(`^[-_a-z0-9]{1,32}$`)

const (
	longestDescription = 100
	longestShortcut    = 32
	mostShortcuts      = 15
)

// checkMenu says what Discord would refuse.
func checkMenu(command string, menu chat.Menu) error {
	if !commandName.MatchString(command) {
		return fmt.Errorf("a slash command cannot be called %q", command)
	}
	if len(menu.Commands) > mostSubcommands || len(menu.Shortcuts) > mostShortcuts {
		return fmt.Errorf("at most %d sub-words and %d shortcuts can be listed", mostSubcommands, mostShortcuts)
	}
	seen := map[string]bool{}
	for _, c := range menu.Commands {
		if !commandName.MatchString(c.Name) || seen[c.Name] {
			return fmt.Errorf("a sub-word cannot be called %q, or is there twice", c.Name)
		}
		seen[c.Name] = true
	}
	for _, s := range menu.Shortcuts {
		if s.ID == "" || strings.TrimSpace(s.Label) == "" || length(s.Label) > longestShortcut || seen["/"+s.Label] {
			return fmt.Errorf("a shortcut cannot be called %q, or is there twice", s.Label)
		}
		seen["/"+s.Label] = true
	}
	return nil
}

// menuOf is what should be listed.
func menuOf(command string, menu chat.Menu) []listed {
	list := []listed{}
	anywhere := []int{int(dg.InteractionContextGuild), int(dg.InteractionContextBotDM)}
	inGuilds := []int{int(dg.ApplicationIntegrationGuildInstall)}
	if len(menu.Commands) > 0 {
		slash := listed{Name: command, Type: dg.ChatApplicationCommand, Description: summaryOfCommand, Contexts: anywhere, Integrations: inGuilds}
		for _, c := range menu.Commands {
			slash.Options = append(slash.Options, subcommandOf(c))
		}
		list = append(list, slash)
	}
	for _, s := range menu.Shortcuts {
		list = append(list, listed{Name: s.Label, Type: dg.MessageApplicationCommand, Contexts: anywhere, Integrations: inGuilds})
	}
	return list
}

func subcommandOf(c chat.Command) option {
	sub := option{Type: dg.ApplicationCommandOptionSubCommand, Name: c.Name, Description: label(c.Summary, longestDescription)}
	if f := c.Field; f != nil {
		about := f.Label
		if f.Hint != "" {
			about += ": " + f.Hint
		}
		sub.Options = []option{{Type: dg.ApplicationCommandOptionString, Name: optionName(f.ID), Description: label(about, longestDescription),
			Required: !f.Optional, Autocomplete: f.Kind == chat.TypeAhead, MaxLength: min(max(f.Longest, 0), 6000)}}
	}
	return sub
}

var notInNames = regexp.MustCompile(`[^-_a-z0-9]+`)

func optionName(id string) string {
	name := notInNames.ReplaceAllString(strings.ToLower(id), "-")
	if name = name[:min(len(name), 32)]; strings.Trim(name, "-") == "" {
		return "text"
	}
	return name
}

// register makes Discord list what should be listed, and asks it nothing where it does already: it takes 200 new commands
// a day (interactions/application-commands: registering).
func (d *Discord) register(ctx context.Context) error {
	want := menuOf(d.config.Command, d.config.Menu)
	have, err := d.rest.listed(ctx, d.self.Load().application)
	if err != nil {
		return err
	}
	if have != nil && sameMenu(want, have) || have == nil && len(want) == 0 {
		return nil
	}
	err = d.rest.do(ctx, request{method: "PUT", route: "/applications/{}/commands", ids: []string{d.self.Load().application}, body: want}, nil)
	if err != nil {
		return fmt.Errorf("list the commands: %w", err)
	}
	return nil
}

// listed is what Discord lists now; nil where the server cannot say.
func (r *rest) listed(ctx context.Context, application string) ([]listed, error) {
	have := []listed{}
	err := r.do(ctx, request{method: "GET", route: "/applications/{}/commands", ids: []string{application}}, &have)
	var api *apiError
	if errors.As(err, &api) && api.Status == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ask which commands are listed: %w", err)
	}
	return have, nil
}

// sameMenu compares without regard to order.
func sameMenu(want, have []listed) bool {
	if len(want) != len(have) {
		return false
	}
	for _, w := range want {
		found := false
		for _, h := range have {
			found = found || reflect.DeepEqual(w, h)
		}
		if !found {
			return false
		}
	}
	return true
}
