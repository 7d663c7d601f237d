package slack

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"signpost/bot/chat"
)

// ManifestOptions say what the app is to be able to do. The zero value is the least: mentions, direct messages, the
// command, shortcuts, buttons, forms and the home page, over Socket Mode.
type ManifestOptions struct {
	Threads bool // listens in threads it has posted in, and to edits and deletions in channels
	Files   bool // takes and sends files
	// HTTP is the address at which Slack reaches the program, such as "https://help.example.nhs.uk"; empty is Socket Mode.
	HTTP    string
	Command string // empty is "/signpost"
	Name    string // empty is "Signpost"
	Menu    chat.Menu
}

// Limits of a manifest, https://docs.slack.dev/reference/app-manifest.
const (
	maxCommand     = 32
	maxDescription = 140
	maxUsage       = 1000
	maxName        = 35
)

const (
	aboutApp     = "Finds how-to guides and the right person for digital questions at work."
	aboutCommand = "Ask how to do something digital"
	usageCommand = "your question, or help"
)

// The scopes of the app, each for one thing; https://docs.slack.dev/reference/scopes.
var (
	leastScopes = []string{
		"app_mentions:read", // being called
		"assistant:write",   // suggested prompts
		"chat:write",        // answering
		"commands",          // the command and the shortcuts
		"im:history",        // being asked in a direct message, and catching up there
		"im:read",           // which direct messages there are to catch up with
		"im:write",          // writing to a person first
		"users:read",        // who left: user_change and team_join need it
	}
	threadScopes = []string{"channels:history", "channels:read", "groups:history", "groups:read"}
	fileScopes   = []string{"files:read", "files:write"}
)

// Scopes are what the app must be allowed, for these settings.
func scopesFor(threads, files bool) []string {
	list := append([]string(nil), leastScopes...)
	if threads {
		list = append(list, threadScopes...)
	}
	if files {
		list = append(list, fileScopes...)
	}
	return list
}

func eventsFor(threads bool) []string {
	list := []string{"app_home_opened", "app_mention", "app_uninstalled", "message.im", "team_join", "tokens_revoked", "user_change"}
	if threads {
		list = append(list, "message.channels", "message.groups")
	}
	return list
}

var commandForm = regexp.MustCompile(`^/[\p{Ll}\p{Nd}_-]+$`)

// Manifest is what an administrator pastes into Slack to make the app, as JSON. It is written by hand: the library's own
// type knows no agent_view and would drop it.
func Manifest(options ManifestOptions) ([]byte, error) {
	command := "/" + strings.TrimPrefix(cmp.Or(options.Command, "/signpost"), "/")
	if !commandForm.MatchString(command) || len(command) > maxCommand {
		return nil, fmt.Errorf("slack: a command is a slash and lower-case letters, at most %d in all, not %q", maxCommand, command)
	}
	base := strings.TrimSuffix(options.HTTP, "/")
	if u, err := url.Parse(base); base != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return nil, fmt.Errorf("slack: Slack reaches programs at addresses that begin with https://, not %q", options.HTTP)
	}
	name := short(cmp.Or(options.Name, "Signpost"), maxName)
	manifest := map[string]any{
		"display_information": map[string]any{"name": name, "description": aboutApp, "background_color": "#005eb8"},
		"features":            features(options, name, command, base),
		"oauth_config":        map[string]any{"scopes": map[string]any{"bot": scopesFor(options.Threads, options.Files)}},
		"settings":            settings(options, base),
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(manifest); err != nil {
		return nil, fmt.Errorf("slack: write the manifest: %w", err)
	}
	return out.Bytes(), nil
}

func features(options ManifestOptions, name, command, base string) map[string]any {
	slash := map[string]any{"command": command, "description": aboutCommand, "usage_hint": usage(options.Menu), "should_escape": true}
	if base != "" {
		slash["url"] = base + "/slack/commands"
	}
	agent := map[string]any{"agent_description": aboutApp}
	if prompts := promptsOf(options.Menu); len(prompts) > 0 {
		agent["suggested_prompts"] = prompts
	}
	all := map[string]any{
		"app_home":       map[string]any{"home_tab_enabled": true, "messages_tab_enabled": true, "messages_tab_read_only_enabled": false},
		"bot_user":       map[string]any{"display_name": name, "always_online": true},
		"agent_view":     agent,
		"slash_commands": []any{slash},
	}
	if shortcuts := shortcutsOf(options.Menu); len(shortcuts) > 0 {
		all["shortcuts"] = shortcuts
	}
	return all
}

func usage(menu chat.Menu) string {
	words := []string{usageCommand}
	for _, c := range menu.Commands {
		words = append(words, c.Name)
	}
	return short(strings.Join(words, ", "), maxUsage)
}

func promptsOf(menu chat.Menu) []any {
	var list []any
	for _, p := range menu.Prompts {
		if label := short(p.Label, maxButton); label != "" && len(list) < maxPrompts {
			list = append(list, map[string]any{"title": label, "message": label})
		}
	}
	return list
}

func shortcutsOf(menu chat.Menu) []any {
	var list []any
	for _, s := range menu.Shortcuts {
		list = append(list, map[string]any{"name": short(s.Label, maxTitle), "type": "message",
			"callback_id": cutBytes(s.ID, maxID), "description": short(s.Label, maxDescription)})
	}
	return list
}

func settings(options ManifestOptions, base string) map[string]any {
	events := map[string]any{"bot_events": eventsFor(options.Threads)}
	interactivity := map[string]any{"is_enabled": true}
	if base != "" {
		events["request_url"] = base + "/slack/events"
		interactivity["request_url"] = base + "/slack/interactions"
		interactivity["message_menu_options_url"] = base + "/slack/interactions"
	}
	return map[string]any{"event_subscriptions": events, "interactivity": interactivity, "org_deploy_enabled": false,
		"socket_mode_enabled": base == "", "token_rotation_enabled": false}
}
