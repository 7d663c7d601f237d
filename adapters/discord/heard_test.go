package discord

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"signpost/bot/chat"
)

// readDiscord is a bot that has said who it is.
func readDiscord() *Discord {
	d := &Discord{config: Config{Guilds: map[string]Guild{guildID: {Home: "royal", Roles: map[string]Role{
		"5001": {Role: "nurse"}, "5002": {Home: "st-elsewhere"}, "5003": {Role: "porter", Home: "third"}}}}}}
	d.self.Store(&self{application: appID, user: botID})
	return d
}

func messageFrom(t *testing.T, body string) message {
	t.Helper()
	var m message
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMessagesThatAreMeant(t *testing.T) {
	d := readDiscord()
	tests := []struct {
		name, body string
		meant      bool
	}{
		{"direct", `{"content":"hi"}`, true},
		{"direct without words", `{}`, true},
		{"a mention", `{"guild_id":"1","content":"<@` + botID + `> hi","mentions":[{"id":"` + botID + `"}]}`, true},
		{"a mention alone", `{"guild_id":"1","content":"<@` + botID + `>","mentions":[{"id":"` + botID + `"}]}`, true},
		{"a reply to the bot", `{"guild_id":"1","content":"hi","referenced_message":{"author":{"id":"` + botID + `"}}}`, true},
		{"a reply that Discord hides", `{"guild_id":"1","content":"","referenced_message":{"author":{"id":"` + botID + `"}}}`, false},
		{"a reply to somebody", `{"guild_id":"1","content":"hi","referenced_message":{"author":{"id":"5"}}}`, false},
		{"a mention of somebody", `{"guild_id":"1","content":"hi","mentions":[null,{"id":"5"}]}`, false},
		{"talk", `{"guild_id":"1","content":""}`, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := d.meant(messageFrom(t, test.body)); got != test.meant {
				t.Errorf("got %v, want %v", got, test.meant)
			}
		})
	}
}

func TestReadable(t *testing.T) {
	d := readDiscord()
	m := messageFrom(t, `{"mentions":[{"id":"5","username":"sam","global_name":"Sam S"}]}`)
	for typed, want := range map[string]string{
		"<@" + botID + "> how do I?":        "how do I?",
		"<@!" + botID + ">how do I?":        "how do I?",
		"ask <@5> or <@6> in <#7>":          "ask @Sam S or @somebody in #channel",
		"<@&8> <:smile:9> <a:wave:10>":      "@role :smile: :wave:",
		" plain **text**  ":                 "plain **text**",
		"a\u202eb\r\nc\u0000":               "ab\nc",
		"not a token: <@abc> <x> < @5 >":    "not a token: <@abc> <x> < @5 >",
		"<@" + botID + ">":                  "",
		"ends with <@" + botID + ">  ":      "ends with",
		"<@" + botID + "> <@" + botID + ">": "",
	} {
		m.Content = &typed
		if got := d.readable(m); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
}

func TestEventsOfMessages(t *testing.T) {
	d := readDiscord()
	at := time.Date(2022, 5, 5, 12, 0, 0, 0, time.UTC)
	const id = "971742834278400000"
	base := `{"id":"` + id + `","channel_id":"10","content":"hi","author":{"id":"5","username":"sam"}`
	said := chat.Event{Key: "discord:m" + id, Kind: chat.Said, At: timeOf(id), Person: "discord:U5", Name: "sam", Text: "hi", Message: "discord:C10/M" + id}
	tests := []struct {
		name, more string
		room       room
		want       func(*chat.Event)
	}{
		{"direct", `}`, room{id: "10", direct: true}, func(e *chat.Event) { e.Where = "discord:U5" }},
		{"in a channel", `,"guild_id":"` + guildID + `","member":{"nick":"Sam on 4","roles":["9","5001"]}}`, room{id: "10"}, func(e *chat.Event) {
			e.Where, e.Room, e.Public, e.Name, e.Home, e.Role = "discord:C10/T"+id, "discord:C10", true, "Sam on 4", "royal", "nurse"
		}},
		{"in a thread", `,"guild_id":"` + guildID + `","member":{"roles":["5003","5002"]}}`, room{id: "10", parent: "3"}, func(e *chat.Event) {
			e.Where, e.Room, e.Public, e.ReplyTo, e.Home, e.Role = "discord:C3/T10", "discord:C3", true, "discord:C3/M10", "st-elsewhere", "porter"
		}},
		{"a reply", `,"message_reference":{"message_id":"77","channel_id":"10"}}`, room{id: "10", direct: true}, func(e *chat.Event) {
			e.Where, e.ReplyTo = "discord:U5", "discord:C10/M77"
		}},
		{"a forward", `,"message_reference":{"type":1,"message_id":"77","channel_id":"11"}}`, room{id: "10", direct: true}, func(e *chat.Event) { e.Where = "discord:U5" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := said
			test.want(&want)
			if got := d.eventOf(messageFrom(t, base+test.more), test.room); !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
	if got := timeOf(id); got.Sub(at).Abs() > 24*time.Hour {
		t.Errorf("the id was made at %v", got)
	}
}

// What one person says in one place is handled in the order in which they said it, while others go on.
func TestOrderInAPlace(t *testing.T) {
	open, wait := gate(t)
	f := newFake(t)
	r := start(t, f.config(), func(e chat.Event) (chat.Turn, error) {
		if e.Text == "slow" {
			wait()
		}
		return chat.Turn{}, nil
	})
	f.link(0)
	f.emit("MESSAGE_CREATE", direct("880000000000000001", "slow"))
	f.emit("MESSAGE_CREATE", direct("880000000000000002", "second"))
	other := direct("880000000000000003", "elsewhere")
	other["channel_id"] = "900000000000000021"
	f.emit("MESSAGE_CREATE", other)
	if a, b := r.event(0).Text, r.event(1).Text; a == "second" || b == "second" {
		t.Errorf("got %q, then %q, while the first was under way", a, b)
	}
	open()
	if e := r.event(2); e.Text != "second" {
		t.Errorf("got %q", e.Text)
	}
}
