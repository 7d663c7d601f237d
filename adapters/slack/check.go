package slack

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"signpost/bot/chat"
)

// Check looks at the settings and asks Slack about each token, and says in sentences what is right and what is not. It
// changes nothing and posts nothing.
func Check(ctx context.Context, config Config) []chat.Finding {
	config = withDefaults(config)
	if len(config.Workspaces) == 0 {
		return []chat.Finding{{Name: "slack", Says: "No Slack workspace is set up.", Do: "Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN; docs/slack.md shows where they are."}}
	}
	var findings []chat.Finding
	for i, w := range config.Workspaces {
		findings = append(findings, checkWorkspace(ctx, config, w, cmp.Or(w.Name, fmt.Sprintf("workspace %d", i+1)))...)
	}
	return findings
}

func checkWorkspace(ctx context.Context, config Config, w Workspace, name string) []chat.Finding {
	t, scopes := newTeam(w, config), &heldScopes{}
	defer t.client.CloseIdleConnections()
	slackgo.OptionOnResponseHeaders(scopes.take)(t.api)
	bot := checkBotToken(ctx, t, name)
	findings := []chat.Finding{bot}
	if bot.OK {
		findings = append(findings, scopes.check(config, name))
		for _, channel := range w.Channels {
			findings = append(findings, checkChannel(ctx, t, name, channel))
		}
	}
	if config.overHTTP() {
		return append(findings, checkSecret(w, name))
	}
	return append(findings, checkAppToken(ctx, t, name))
}

func checkBotToken(ctx context.Context, t *team, name string) chat.Finding {
	f := chat.Finding{Name: "slack bot token"}
	switch {
	case t.BotToken == "":
		f.Says, f.Do = "The bot token of "+name+" is missing.", "Copy it from OAuth & Permissions in the app's settings (it begins with xoxb-) into SLACK_BOT_TOKEN."
		return f
	case strings.HasPrefix(t.BotToken, "xapp-"):
		f.Says, f.Do = "The bot token of "+name+" is an app token.", "Swap the two: SLACK_BOT_TOKEN begins with xoxb-, SLACK_APP_TOKEN with xapp-."
		return f
	case !strings.HasPrefix(t.BotToken, "xoxb-") && !strings.HasPrefix(t.BotToken, "xoxe.xoxb-"):
		f.Says, f.Do = "The bot token of "+name+" does not look like one.", "Copy the Bot User OAuth Token, which begins with xoxb-, from OAuth & Permissions."
		return f
	}
	who, err := t.api.AuthTestContext(ctx)
	if err != nil {
		f.Says, f.Do = explain("the bot token of "+name, err)
		return f
	}
	f.OK, f.Says = true, fmt.Sprintf("The bot token of %s works: %s in %s.", name, oneLine(who.User), oneLine(who.Team))
	return f
}

func checkAppToken(ctx context.Context, t *team, name string) chat.Finding {
	f := chat.Finding{Name: "slack app token"}
	switch {
	case t.AppToken == "":
		f.Says, f.Do = "The app token of "+name+" is missing, and without it no message arrives.", "Make one under Basic Information, App-Level Tokens, with the scope connections:write, and put it into SLACK_APP_TOKEN."
		return f
	case !strings.HasPrefix(t.AppToken, "xapp-"):
		f.Says, f.Do = "The app token of "+name+" does not look like one.", "Copy the token that begins with xapp- from Basic Information, App-Level Tokens."
		return f
	}
	_, _, err := t.api.StartSocketModeContext(ctx)
	if err != nil {
		f.Says, f.Do = explain("the app token of "+name, err)
		return f
	}
	f.OK, f.Says = true, "The app token of "+name+" works: Slack opens sockets."
	return f
}

func checkSecret(w Workspace, name string) chat.Finding {
	f := chat.Finding{Name: "slack signing secret"}
	if len(w.SigningSecret) < 16 {
		f.Says, f.Do = "The signing secret of "+name+" is missing or too short.", "Copy it from Basic Information, App Credentials, into SLACK_SIGNING_SECRET."
		return f
	}
	f.OK, f.Says = true, "The signing secret of "+name+" is set. Only a request from Slack can show that it is the right one."
	return f
}

func checkChannel(ctx context.Context, t *team, name, channel string) chat.Finding {
	f := chat.Finding{Name: "slack channel"}
	about, err := t.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: channel})
	switch {
	case err != nil:
		f.Says, f.Do = explain("the channel "+channel+" of "+name, err)
	case !about.IsMember:
		f.Says, f.Do = fmt.Sprintf("The app is not in #%s of %s.", oneLine(about.Name), name), "In that channel, type /invite and the app's name."
	case about.IsArchived:
		f.Says, f.Do = fmt.Sprintf("The channel #%s of %s is archived.", oneLine(about.Name), name), "Name another channel in the settings."
	default:
		f.OK, f.Says = true, fmt.Sprintf("The app is in #%s of %s.", oneLine(about.Name), name)
	}
	return f
}

// heldScopes keeps the scopes that Slack names in the header of an answer.
type heldScopes struct {
	mu   sync.Mutex
	held []string
}

func (h *heldScopes) take(path string, header http.Header) {
	scopes := header.Get("X-OAuth-Scopes")
	if !strings.Contains(path, "auth.test") || scopes == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.held = strings.FieldsFunc(scopes, func(r rune) bool { return r == ',' || r == ' ' })
}

func (h *heldScopes) check(config Config, name string) chat.Finding {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := chat.Finding{Name: "slack scopes", OK: true, Says: "The app in " + name + " has the permissions it needs."}
	if h.held == nil {
		f.Says = "Slack does not say which permissions the app in " + name + " has."
		return f
	}
	var missing []string
	for _, scope := range scopesFor(config.Listening, config.Files) {
		if !slices.Contains(h.held, scope) {
			missing = append(missing, scope)
		}
	}
	if len(missing) > 0 {
		f.OK, f.Says = false, fmt.Sprintf("The app in %s lacks permissions: %s.", name, strings.Join(missing, ", "))
		f.Do = "Add them under OAuth & Permissions, Bot Token Scopes (or paste the manifest again), then install the app again."
	}
	return f
}

// explain says what an error of Slack's means for the person who sets it up.
func explain(what string, err error) (says, do string) {
	code := codeOf(err)
	what = strings.ToUpper(what[:1]) + what[1:]
	switch {
	case code == "account_inactive" || code == "token_revoked" || code == "app_uninstalled":
		return what + " was withdrawn.", "Install the app in the workspace again, and copy the new token."
	case badTokens[code]:
		return what + " is not accepted by Slack.", "Copy the token again, whole, and mind that it is of the right app."
	case code == "missing_scope":
		return what + " lacks a permission for this.", "Paste the manifest again, then install the app again."
	case code == "channel_not_found":
		return what + " is not known, or is private and the app is not in it.", "Copy the id, which begins with C, from the foot of the channel's details, and invite the app."
	case code != "":
		return fmt.Sprintf("%s: Slack says %q.", what, code), "Look this word up in Slack's reference of the Web API."
	}
	if wait, ok := patience(err); ok {
		return what + " could not be checked: Slack asks for patience.", fmt.Sprintf("Try again in %s.", wait.Round(time.Second))
	}
	return what + " could not be checked: Slack cannot be reached (" + oneLine(err.Error()) + ").", "Check that this machine may reach slack.com by https, and the proxy settings."
}
