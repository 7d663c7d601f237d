package discord

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"signpost/bot/chat"
)

// Commands are put once, and again only when they change.
func TestCommandsAreListedWhenTheyChange(t *testing.T) {
	f := newFake(t)
	config := f.config()
	for i, test := range []struct {
		menu chat.Menu
		puts int
	}{{chat.Menu{}, 0}, {testMenu(), 1}, {testMenu(), 1}, {chat.Menu{Commands: testMenu().Commands}, 2}, {chat.Menu{}, 3}} {
		config.Menu = test.menu
		r := start(t, config, quietly)
		f.eventually("the bot to connect", r.connected)
		r.end()
		if n := len(f.requests("PUT", "/commands")); n != test.puts {
			t.Errorf("start %d: %d PUTs, want %d", i, n, test.puts)
		}
	}
	var listed []listed
	_ = json.Unmarshal([]byte(f.requests("PUT", "/commands")[0].Raw), &listed)
	ask := listed[0].Options[0]
	if listed[0].Name != "signpost" || ask.Name != "ask" || ask.Options[0].Name != "question" || !ask.Options[0].Autocomplete || !ask.Options[0].Required {
		t.Errorf("got %+v", listed)
	}
	if s := listed[1]; s.Name != "Find help with this" || s.Type != 3 || s.Description != "" || fmt.Sprint(s.Contexts, s.Integrations) != "[0 1] [0]" {
		t.Errorf("got %+v", s)
	}
}

func TestMenusThatDiscordRefuses(t *testing.T) {
	long := strings.Repeat("x", 33)
	for _, menu := range []chat.Menu{
		{Commands: []chat.Command{{Name: "Ask"}}}, {Commands: []chat.Command{{Name: ""}}}, {Commands: []chat.Command{{Name: long}}},
		{Commands: []chat.Command{{Name: "a"}, {Name: "a"}}}, {Commands: make([]chat.Command, 26)},
		{Shortcuts: []chat.Shortcut{{ID: "a", Label: long}}}, {Shortcuts: []chat.Shortcut{{ID: "a"}}},
	} {
		if _, err := New(Config{Token: "t", Menu: menu}); err == nil {
			t.Errorf("%+v is taken", menu)
		}
	}
	for _, config := range []Config{{}, {Token: "Bot "}, {Token: "t", PublicKey: "abc"}, {Token: "t", Command: "Sign post"}} {
		if _, err := New(config); err == nil {
			t.Errorf("%+v is taken", config)
		}
	}
}

func TestInvite(t *testing.T) {
	const want = "https://discord.com/oauth2/authorize?client_id=42&permissions=309237746688&scope=bot+applications.commands"
	if got := Invite("42"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCheck(t *testing.T) {
	f := newFake(t)
	config := f.config()
	config.Menu = testMenu()
	config.Guilds = map[string]Guild{guildID: {Channels: []string{generalID, "900000000000009999"}, Roles: map[string]Role{"5001": {}, "6": {}}}}
	wrong := map[string]string{}
	for _, finding := range Check(t.Context(), config) {
		if !finding.OK {
			wrong[finding.Name] = finding.Do
		}
		if finding.Says == "" || !finding.OK && finding.Do == "" {
			t.Errorf("%+v says too little", finding)
		}
	}
	if len(wrong) != 2 || wrong["role 6"] == "" || wrong["channel 900000000000009999"] == "" {
		t.Errorf("got %v", wrong)
	}
	f.answerWith("GET", "/guilds", -1, 403, nil, `{"code":50001}`)
	f.mu.Lock()
	f.limit["remaining"] = 2
	f.mu.Unlock()
	for _, finding := range Check(t.Context(), config) {
		if name := finding.Name; finding.OK && (name == "gateway" || name == "guild "+guildID) {
			t.Errorf("%+v", finding)
		}
	}
	f.answerWith("GET", "/users/@me", -1, 401, nil, `{}`)
	if got := Check(t.Context(), config); len(got) != 1 || got[0].OK || !strings.Contains(got[0].Do, "DISCORD_TOKEN") {
		t.Errorf("got %+v", got)
	}
	if n := len(f.requests("PUT", "")) + len(f.requests("POST", "")); n != 0 {
		t.Errorf("looking changed something: %d requests", n)
	}
}

func TestHealthy(t *testing.T) {
	f := newFake(t)
	r := prepare(t, f.config(), quietly)
	if r.Healthy() == nil {
		t.Error("healthy before it runs")
	}
	r.state.set(0, false, r.config.Now(), errBusy)
	if r.Healthy() == nil {
		t.Error("healthy before Discord has said READY for the first time")
	}
	r.run()
	f.link(0)
	f.eventually("to be connected", func() bool { return r.Healthy() == nil && r.connected() })
	now := r.config.Now()
	r.state.set(0, false, now, errBusy)
	if err := r.state.healthy(now.Add(mostDown - 1)); err != nil {
		t.Errorf("a short break is a fault: %v", err)
	}
	if err := r.state.healthy(now.Add(mostDown + 1)); err == nil {
		t.Error("a long break is none")
	}
}
