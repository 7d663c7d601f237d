package main

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/adapters/discord"
	"signpost/bot"
	"signpost/bot/desk"
)

// The variables that Discord's secrets, and the addresses of test servers, are usually in.
const (
	discordToken   = "DISCORD_TOKEN"
	discordAPI     = "DISCORD_API_URL"
	discordGateway = "DISCORD_GATEWAY_URL"
)

// discordConfig is the table [discord] of the configuration.
type discordConfig struct {
	TokenFile string                   `toml:"token_file"`
	TokenEnv  string                   `toml:"token_env"`
	API       string                   `toml:"api"`
	Gateway   string                   `toml:"gateway"`
	Listen    string                   `toml:"listen"`
	PublicKey string                   `toml:"public_key"` // no secret: Discord shows it to everybody
	Shards    int                      `toml:"shards"`
	Command   string                   `toml:"command"`
	Servers   map[string]discordServer `toml:"server"`
}

// discordServer is one [discord.server.ID].
type discordServer struct {
	Home     string                 `toml:"home"`
	Channels []string               `toml:"channels"`
	Roles    map[string]discordRole `toml:"role"`
}

// discordRole is one [discord.server.ID.role.ID].
type discordRole struct {
	Home string `toml:"home"`
	Role string `toml:"role"`
}

// adapter reads the secret and gives the adapter's own configuration.
func (c *discordConfig) adapter(log *slog.Logger, now func() time.Time) (discord.Config, error) {
	token, err := secret{"token", c.TokenFile, c.TokenEnv, discordToken}.read()
	if err != nil {
		return discord.Config{}, fmt.Errorf("discord: %w", err)
	}
	config := discord.Config{
		Token: token, API: cmp.Or(c.API, os.Getenv(discordAPI)), Gateway: cmp.Or(c.Gateway, os.Getenv(discordGateway)),
		Listen: c.Listen, PublicKey: c.PublicKey, Shards: c.Shards, Command: c.Command, Menu: bot.Menu(), Log: log, Now: now,
		Guilds: map[string]discord.Guild{},
	}
	for id, server := range c.Servers {
		guild := discord.Guild{Home: server.Home, Channels: server.Channels, Roles: map[string]discord.Role{}}
		for role, says := range server.Roles {
			guild.Roles[role] = discord.Role(says)
		}
		config.Guilds[id] = guild
	}
	return config, nil
}

// What Discord takes: five messages in five seconds in one channel, as it tells in its headers; its adapter itself keeps
// to the limit of all calls together.
func (c *discordConfig) network(log *slog.Logger, now func() time.Time) (*network, error) {
	config, err := c.adapter(log, now)
	if err != nil {
		return nil, err
	}
	d, err := discord.New(config)
	if err != nil {
		return nil, err
	}
	pace := desk.Pace{Place: desk.Rate{Every: time.Second, Burst: 4}, Network: desk.Rate{Every: perSecond(40), Burst: 10}}
	always := func(error) bool { return true } // it tries again by itself wherever that can help
	return &network{name: "discord", adapter: d, healthy: d.Healthy, pace: pace, hopeless: always}, nil
}

func (a *app) discordCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "discord", Short: "Discord: what its administrator needs", Args: noArgs,
		Example: "  signpost discord invite 1234567890",
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.discordInviteCommand())
	return c
}

func (a *app) discordInviteCommand() *cobra.Command {
	return &cobra.Command{
		Use: "invite [APPLICATION-ID]", Short: "Print the link that adds the bot to a server, with the least permissions",
		Long:    "Print the link that adds the bot to a server, with the least permissions. Without an id it is the bot of " + discordToken + ".",
		Example: "  signpost discord invite 1234567890",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			id := botOf(os.Getenv(discordToken))
			if len(args) > 0 {
				id = args[0]
			}
			switch {
			case len(args) == 0 && id == "":
				return usagef("which bot? Give its application id, the number under General Information at discord.com/developers, or set %s", discordToken)
			case strings.Trim(id, "0123456789") != "" || id == "":
				return usagef("%q is no application id: it is the number under General Information at discord.com/developers", id)
			}
			_, err := fmt.Fprintln(a.out, discord.Invite(id))
			return err
		},
	}
}

// botOf is the id of the bot that a token belongs to, which its first part is; "" where it is no token. Of all but the oldest
// bots the application has the same id.
func botOf(token string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(token), ".")
	id, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(first, "="))
	if err != nil || strings.Trim(string(id), "0123456789") != "" {
		return ""
	}
	return string(id)
}
