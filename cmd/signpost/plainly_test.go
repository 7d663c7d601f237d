package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

func TestPlainly(t *testing.T) {
	var row struct {
		Inner struct {
			Text string `json:"text"`
		} `json:"inner"`
	}
	wrong := json.Unmarshal([]byte(`{"inner": {"text": 5}}`), &row)
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New(`required flag(s) "place" not set`), "it needs --place as well"},
		{errors.New(`required flag(s) "in", "kind" not set`), "it needs --in and --kind as well"},
		{errors.New("requires at least 1 arg(s), only received 0"), "something is missing after the command"},
		{errors.New("accepts 1 arg(s), received 0"), "something is missing after the command"},
		{errors.New("accepts between 1 and 2 arg(s), received 3"), "that is too much, or too little, after the command; words that belong together go in quotation marks"},
		{errors.New("unknown shorthand flag: '5' in -5"), "there is no flag -5; a value that begins with - goes after --"},
		{errors.New("flag needs an argument: --db"), "--db needs a value after it"},
		{errors.New(`invalid argument "x" for "--most" flag: strconv.ParseInt: parsing "x": invalid syntax`), `--most does not take "x"`},
		{errors.New("entry \"nope\": knowledge: not found; signpost entry find looks by title"), "entry \"nope\": not found; signpost entry find looks by title"},
		{errors.New("knowledge: place: not found"), "not found"},
		{errors.New("a place: not ours"), "a place: not ours"},
		{errors.New("slack: the workspace has no bot token"), "slack: the workspace has no bot token"},
		{fmt.Errorf("import: Row 3105: %w", context.Canceled), "import: Row 3105: stopped before it was done"},
		{fmt.Errorf("line 1: %w", json.Unmarshal([]byte(`5`), new(string))), "line 1: a number cannot stand there"},
		{fmt.Errorf("x.jsonl line 1: %w", wrong), `x.jsonl line 1: "text" cannot be a number`},
	} {
		if got := plainly(c.err); got != c.want {
			t.Errorf("%v\ngot  %s\nwant %s", c.err, got, c.want)
		}
	}
}

// TestFilesThatCannotBeOpened: people read what to do.
func TestFilesThatCannotBeOpened(t *testing.T) {
	for file, says := range map[string]string{
		t.TempDir():                                   "name a file in it with --db",
		filepath.Join(t.TempDir(), "no", "x.db"):      "make its folder first",
		write(t, "x.db", "this is no file of ours\n"): "put a backup in its place",
	} {
		for _, args := range [][]string{{"ask", "hello", "--words"}, {"desk", "parked"}} {
			if s := signpost(t, file, args...); s.code != exitFailure || !strings.Contains(s.err, says) {
				t.Errorf("%s: exit %d: %s", file, s.code, s.err)
			}
		}
	}
}

func TestDiscordInviteByToken(t *testing.T) {
	t.Setenv(discordToken, "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz012345")
	if s := signpost(t, "", "discord", "invite"); s.code != 0 || !strings.Contains(s.out, "client_id=123456789012345678&") {
		t.Errorf("exit %d: %s%s", s.code, s.out, s.err)
	}
	t.Setenv(discordToken, "not a token")
	if s := signpost(t, "", "discord", "invite"); s.code != exitUsage {
		t.Errorf("exit %d: %s", s.code, s.out)
	}
}
