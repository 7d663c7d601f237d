package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// statusAt is where /healthz, /readyz and /metrics are served unless the configuration says otherwise: on this machine
// only, on a port that no other exporter of Prometheus has claimed.
const statusAt = "127.0.0.1:9464"

// A config is what opens the doors: networks, tokens, ports. What an admin may change while Signpost runs is no part of
// it, but a setting in the file. docs/signpost.example.toml is the whole of it, explained.
type config struct {
	// Listen is where the status pages are; "" turns them off, and nil is statusAt.
	Listen  *string        `toml:"listen"`
	Slack   *slackConfig   `toml:"slack"`
	Discord *discordConfig `toml:"discord"`
}

// status is the address of the status pages, "" for none.
func (c config) status() string {
	if c.Listen == nil {
		return statusAt
	}
	return *c.Listen
}

// errNoNetwork says that there is nothing to serve.
var errNoNetwork = errors.New("no chat network is set up. Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or DISCORD_TOKEN, " +
	"or name a file with --config; signpost chat needs none of them")

// readConfig reads the file with this name; with no name, each network whose token is in the environment is on.
func readConfig(file string) (c config, err error) {
	if file != "" {
		c, err = parseConfig(file)
	} else {
		c = configFromEnvironment()
	}
	if err == nil && c.Slack == nil && c.Discord == nil {
		err = usageError{errNoNetwork}
	}
	return c, err
}

func configFromEnvironment() (c config) {
	if os.Getenv(slackBotToken) != "" {
		c.Slack = &slackConfig{}
	}
	if os.Getenv(discordToken) != "" {
		c.Discord = &discordConfig{}
	}
	return c
}

func parseConfig(file string) (c config, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return c, usageError{fmt.Errorf("read the configuration: %w", err)}
	}
	meta, err := toml.NewDecoder(bytes.NewReader(text)).Decode(&c)
	var broken toml.ParseError
	switch {
	case errors.As(err, &broken):
		return c, usagef("%s, line %d: %s", file, broken.Position.Line, broken.Message)
	case err != nil:
		return c, usagef("%s, %s", file, wrongKind(err))
	}
	for _, key := range meta.Undecoded() {
		return c, usagef("%s, line %d: %s", file, lineOf(string(text), key), unknownKey(key))
	}
	return c, nil
}

var wrongType = regexp.MustCompile(`^toml: (line \d+) \(last key "(.+)"\): (?:incompatible types: TOML value has type \S+; destination has type|type mismatch for \S+: expected) (\w+)`)

// wrongKind says of a value of the wrong kind what it should be, for the library does so in words of programmers.
func wrongKind(err error) string {
	m := wrongType.FindStringSubmatch(err.Error())
	if m == nil {
		return err.Error()
	}
	kind := map[string]string{"string": "text in quotation marks", "integer": "a whole number", "boolean": "true or false", "slice": "a list in square brackets",
		"table": "a table of its own"}[m[3]]
	return fmt.Sprintf("%s: %s must be %s", m[1], m[2], cmp.Or(kind, "of another kind; docs/signpost.example.toml shows it"))
}

// secretNames are the keys whose values come from elsewhere; the key itself with the secret in it is refused, for the
// file is copied, shown and backed up.
var secretNames = []string{"token", "bot_token", "app_token", "signing_secret"}

func unknownKey(key toml.Key) string {
	if last := key[len(key)-1]; slices.Contains(secretNames, last) {
		return fmt.Sprintf("a secret does not belong in this file. Put it in a file that only Signpost can read and write "+
			"%s_file = \"/that/file\", or set an environment variable and write %s_env = \"ITS_NAME\"", last, last)
	}
	return fmt.Sprintf("there is no setting %s; docs/signpost.example.toml shows all there are", key)
}

var (
	tableLine = regexp.MustCompile(`^\s*\[\[?\s*([^\]]+?)\s*\]`)
	keyLine   = regexp.MustCompile(`^\s*([^=#\[]+?)\s*=`)
)

// lineOf finds where a key stands, which the library does not tell of keys that it does not know; 0 where it stands in a
// way this does not read.
func lineOf(text string, key toml.Key) int {
	want, table := plainKey(key.String()), ""
	for i, line := range strings.Split(text, "\n") {
		if m := tableLine.FindStringSubmatch(line); m != nil {
			if table = plainKey(m[1]); table == want {
				return i + 1
			}
		} else if m := keyLine.FindStringSubmatch(line); m != nil {
			if strings.TrimPrefix(table+"."+plainKey(m[1]), ".") == want {
				return i + 1
			}
		}
	}
	return 0
}

// plainKey is a dotted key without its quotes.
func plainKey(key string) string { return strings.NewReplacer(`"`, "", `'`, "", " ", "").Replace(key) }

// A secret says where a secret is kept: in a file, in an environment variable, or, where neither is named, in the
// variable that is usual for it.
type secret struct{ name, file, env, usual string }

// read gives the secret, "" where there is none.
func (s secret) read() (string, error) {
	switch {
	case s.file != "" && s.env != "":
		return "", usagef("%s_file and %s_env are both set; leave one out", s.name, s.name)
	case s.file != "":
		return s.readFile()
	case s.env != "" && os.Getenv(s.env) == "":
		return "", usagef("%s_env names %s, which is not in the environment, or is empty", s.name, s.env)
	case s.env != "":
		return strings.TrimSpace(os.Getenv(s.env)), nil
	}
	return strings.TrimSpace(os.Getenv(s.usual)), nil
}

func (s secret) readFile() (string, error) {
	text, err := os.ReadFile(s.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", usagef("%s_file names %s, which is not there", s.name, s.file)
	case err != nil:
		return "", usageError{fmt.Errorf("%s_file: %w", s.name, err)}
	case len(bytes.TrimSpace(text)) == 0:
		return "", usagef("%s_file names %s, which is empty", s.name, s.file)
	}
	return string(bytes.TrimSpace(text)), nil
}
