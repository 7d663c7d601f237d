package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// noTokens takes whatever tokens the environment has out of it for a test.
func noTokens(t *testing.T) {
	t.Helper()
	for _, name := range []string{slackBotToken, slackAppToken, slackSigningSecret, slackAPI, slackListen, discordToken, discordAPI, discordGateway} {
		t.Setenv(name, "")
	}
}

func TestConfigRefuses(t *testing.T) {
	noTokens(t)
	empty := write(t, "empty", " \n")
	for name, c := range map[string]struct{ text, says string }{
		"an unknown key":            {"listen = \"\"\n\n[slack]\ncolour = 1\n", "line 4: there is no setting slack.colour"},
		"an unknown table":          {"[teams]\nx = 1\n", "line 1: there is no setting teams"},
		"an unknown key in a list":  {"[slack]\n[[slack.workspace]]\nname = \"A\"\nhome_page = \"x\"\n", "line 4: there is no setting slack.workspace.home_page"},
		"a key of a server":         {"[discord]\n[discord.server.\"123\"]\nhomme = \"x\"\n", "line 3: there is no setting discord.server.123.homme"},
		"a secret":                  {"[discord]\ntoken = \"abc\"\n", "line 2: a secret does not belong in this file"},
		"a secret of a workspace":   {"[slack]\n[[slack.workspace]]\nbot_token = \"xoxb-1\"\n", "line 3: a secret does not belong in this file"},
		"what is no TOML":           {"[slack\n", "to end table name"},
		"a wrong type":              {"[slack]\nsockets = \"two\"\n", "line 2: slack.sockets must be a whole number"},
		"a number for text":         {"listen = 5\n", "line 1: listen must be text in quotation marks"},
		"a value for a table":       {"discord = 3\n", "line 1: discord must be a table of its own"},
		"nothing to serve":          {"listen = \"\"\n", "no chat network is set up"},
		"a file that is not there":  {"[discord]\ntoken_file = \"/no/such/file\"\n", "which is not there"},
		"a file that is empty":      {"[discord]\ntoken_file = \"" + filepath.ToSlash(empty) + "\"\n", "which is empty"},
		"a variable that is not":    {"[discord]\ntoken_env = \"NO_SUCH_VARIABLE\"\n", "not in the environment"},
		"two places for one secret": {"[discord]\ntoken_env = \"A\"\ntoken_file = \"b\"\n", "both set"},
		"no token at all":           {"[discord]\n", "no token"},
		"no app token":              {"[slack]\nbot_token_env = \"HOME\"\n", "no app token"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tryConfig(write(t, "signpost.toml", c.text))
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "xoxb-1") {
				t.Errorf("got %v, want it to say %q", err, c.says)
			}
			s := signpost(t, smallFile(t), "serve", "--config", write(t, "signpost.toml", c.text))
			if s.code != exitUsage {
				t.Errorf("exit %d: %s", s.code, s.err)
			}
		})
	}
}

func tryConfig(file string) ([]*network, error) {
	c, err := readConfig(file)
	if err != nil {
		return nil, err
	}
	return c.networks(serveLog(io.Discard), time.Now)
}

func TestConfigOfTheExample(t *testing.T) {
	noTokens(t)
	text, err := os.ReadFile(filepath.Join(root, "docs", "signpost.example.toml"))
	if err != nil {
		t.Fatal(err)
	}
	secrets := write(t, "secret", "xoxb-not-a-token\n")
	networks, err := tryConfig(write(t, "signpost.toml", strings.ReplaceAll(string(text), "/etc/signpost/", filepath.ToSlash(filepath.Dir(secrets))+"/")))
	if err != nil && !strings.Contains(err.Error(), "which is not there") {
		t.Errorf("the example is refused: %v, %d networks", err, len(networks))
	}
	if err == nil {
		t.Error("the example names no file with a secret")
	}
}

func TestConfigFromTheEnvironment(t *testing.T) {
	noTokens(t)
	if _, err := tryConfig(""); err == nil {
		t.Error("with no token anywhere there is nothing to serve")
	}
	t.Setenv(slackBotToken, "xoxb-not-a-token")
	if _, err := tryConfig(""); err == nil || !strings.Contains(err.Error(), "app token") {
		t.Errorf("half of Slack's tokens: %v", err)
	}
	t.Setenv(slackAppToken, "xapp-not-a-token")
	t.Setenv(discordToken, "not-a-token")
	networks, err := tryConfig("")
	if err != nil || len(networks) != 2 || networks[0].name != "slack" || networks[1].name != "discord" {
		t.Errorf("got %v, %v", networks, err)
	}
}

func TestConfigReadsSecretsFromFiles(t *testing.T) {
	noTokens(t)
	file := write(t, "token", "  the-token\n")
	for name, s := range map[string]secret{
		"a file": {name: "token", file: file}, "the usual variable": {name: "token", usual: "SIGNPOST_TEST_TOKEN"}, "a variable": {name: "token", env: "SIGNPOST_TEST_TOKEN", usual: "OTHER"},
	} {
		t.Setenv("SIGNPOST_TEST_TOKEN", "the-token")
		if got, err := s.read(); got != "the-token" || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestStatusAddress(t *testing.T) {
	noTokens(t)
	for text, want := range map[string]string{"": statusAt, "listen = \"\"\n": "", "listen = \":9000\"\n": ":9000"} {
		c, err := parseConfig(write(t, "signpost.toml", text))
		if got := c.status(); got != want || err != nil {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func TestLogHoldsNoToken(t *testing.T) {
	var log strings.Builder
	l := serveLog(&log)
	l.Error("xoxb is fine", "error", usagef("it refuses xoxb-1234567890-abcdef"), "other", "xapp-1-A2-3-abcdef0123", "third", "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz012345")
	for _, secret := range []string{"abcdef", "MTIz"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has %q: %s", secret, &log)
		}
	}
	if !strings.Contains(log.String(), "xoxb is fine") {
		t.Error(log.String())
	}
}
