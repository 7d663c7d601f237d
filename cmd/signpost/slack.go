package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"signpost/adapters/slack"
	"signpost/bot"
	"signpost/bot/desk"
)

// The variables that Slack's secrets are usually in.
const (
	slackBotToken      = "SLACK_BOT_TOKEN"
	slackAppToken      = "SLACK_APP_TOKEN"
	slackSigningSecret = "SLACK_SIGNING_SECRET"
	slackAPI           = "SLACK_API_URL"
	slackListen        = "SLACK_LISTEN"
)

// slackConfig is the table [slack] of the configuration. It speaks of one app, in one workspace or in several.
type slackConfig struct {
	API        string           `toml:"api"`
	Listen     string           `toml:"listen"` // "" is Socket Mode
	Sockets    int              `toml:"sockets"`
	Command    string           `toml:"command"`
	Threads    bool             `toml:"threads"`
	Files      bool             `toml:"files"`
	Workspaces []slackWorkspace `toml:"workspace"`
	slackSecrets
}

// slackSecrets may stand in [slack], for all workspaces, or in one of them.
type slackSecrets struct {
	BotTokenFile      string `toml:"bot_token_file"`
	BotTokenEnv       string `toml:"bot_token_env"`
	AppTokenFile      string `toml:"app_token_file"`
	AppTokenEnv       string `toml:"app_token_env"`
	SigningSecretFile string `toml:"signing_secret_file"`
	SigningSecretEnv  string `toml:"signing_secret_env"`
}

// slackWorkspace is one [[slack.workspace]].
type slackWorkspace struct {
	Name     string   `toml:"name"`
	Home     string   `toml:"home"`
	Channels []string `toml:"channels"`
	slackSecrets
}

// adapter reads the secrets and gives the adapter's own configuration.
func (c *slackConfig) adapter(log *slog.Logger, now func() time.Time) (slack.Config, error) {
	config := slack.Config{
		API: cmp.Or(c.API, os.Getenv(slackAPI)), Listen: cmp.Or(c.Listen, os.Getenv(slackListen)), Sockets: c.Sockets, Command: c.Command,
		Listening: c.Threads, Files: c.Files, Menu: bot.Menu(), Log: log, Now: now,
	}
	workspaces := c.Workspaces
	if len(workspaces) == 0 {
		workspaces = []slackWorkspace{{}}
	}
	for _, w := range workspaces {
		workspace, err := w.adapter(c.slackSecrets)
		if err != nil {
			return config, fmt.Errorf("slack %s: %w", w.Name, err)
		}
		config.Workspaces = append(config.Workspaces, workspace)
	}
	return config, nil
}

func (w slackWorkspace) adapter(shared slackSecrets) (slack.Workspace, error) {
	workspace := slack.Workspace{Name: w.Name, Home: w.Home, Channels: w.Channels}
	var err error
	for into, s := range map[*string]secret{
		&workspace.BotToken:      w.or(shared, "bot_token", slackBotToken),
		&workspace.AppToken:      w.or(shared, "app_token", slackAppToken),
		&workspace.SigningSecret: w.or(shared, "signing_secret", slackSigningSecret),
	} {
		if *into, err = s.read(); err != nil {
			return workspace, err
		}
	}
	return workspace, nil
}

// or is the workspace's own secret of this name, or the one that all share.
func (s slackSecrets) or(shared slackSecrets, name, usual string) secret {
	for _, from := range []slackSecrets{s, shared} {
		if found := from.named(name, usual); found.file != "" || found.env != "" {
			return found
		}
	}
	return secret{name: name, usual: usual}
}

func (s slackSecrets) named(name, usual string) secret {
	switch name {
	case "bot_token":
		return secret{name, s.BotTokenFile, s.BotTokenEnv, usual}
	case "app_token":
		return secret{name, s.AppTokenFile, s.AppTokenEnv, usual}
	}
	return secret{name, s.SigningSecretFile, s.SigningSecretEnv, usual}
}

// What Slack takes, with a short burst in one place (see slack.PlacePace): an answer is often two messages.
func (c *slackConfig) network(log *slog.Logger, now func() time.Time) (*network, error) {
	config, err := c.adapter(log, now)
	if err != nil {
		return nil, err
	}
	s, err := slack.New(config)
	if err != nil {
		return nil, err
	}
	place, whole := s.Pace()
	pace := desk.Pace{Place: desk.Rate{Every: perSecond(place), Burst: 3}, Network: desk.Rate{Every: perSecond(whole), Burst: 8}}
	never := func(error) bool { return false } // a wrong token does not end its Run
	return &network{name: "slack", adapter: s, healthy: s.Healthy, pace: pace, hopeless: never}, nil
}

func (a *app) slackCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "slack", Short: "Slack: what its administrator needs", Args: noArgs,
		Example: "  signpost slack manifest > manifest.json",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.slackManifestCommand())
	return c
}

func (a *app) slackManifestCommand() *cobra.Command {
	options := slack.ManifestOptions{Menu: bot.Menu()}
	c := &cobra.Command{
		Use: "manifest", Short: "Print the manifest that makes the Slack app, to paste at api.slack.com/apps", Args: noArgs,
		Example: "  signpost slack manifest\n  signpost slack manifest --threads --http https://signpost.example.org",
		RunE: func(*cobra.Command, []string) error {
			manifest, err := slack.Manifest(options)
			if err != nil {
				return usageError{err}
			}
			_, err = fmt.Fprintf(a.out, "%s\n", manifest)
			return err
		},
	}
	c.Flags().BoolVar(&options.Threads, "threads", false, "let the app read threads that it posted in, without a mention")
	c.Flags().BoolVar(&options.Files, "files", false, "let the app send and read files")
	c.Flags().StringVar(&options.HTTP, "http", "", "the `URL` at which Slack reaches Signpost; without it the app uses Socket Mode")
	c.Flags().StringVar(&options.Command, "command", "/signpost", "the slash `COMMAND`")
	return c
}
