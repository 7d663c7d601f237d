package discord

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"signpost/adapters/adaptertest"
	"signpost/bot/chat"
)

// hostile are more than 300 texts that try to mention, to format, to hide or to be too long: those of all adapters, and
// what is Discord's own, alone and in each other's company.
func hostile() []string {
	all := adaptertest.Nasty()
	for _, token := range []string{"@everyone", "@here", "@EVERYONE", "<@" + aliceID + ">", "<@!" + aliceID + ">", "<@&5001>", "<#42>", "</ask:42>", "<t:1:R>",
		"<a:x:42>", "<id:browse>", "<sound:1:2>", "<mailto:a@b.c>", "<tel:+44123>", "[a](https://b.c)", "[@everyone](https://b.c)", "discord.gg/abc"} {
		for _, around := range []string{"%s", "\\%s", "\\\\%s", "\\\\\\%s", "*%s*", "**%s**", "`%s`", "``` %s ```", "```\n%s\n```", "||%s||", "> %s", "# %s", "- %s", "\n%s\n",
			"https://a.b/%s", "https://a.b/`%s`", "https://a.b/|%s|", "x%sx", "%[1]s%[1]s", "\u200b%s", "\u202e%s", "(%s)", "<%s>", "_%s_"} {
			all = append(all, fmt.Sprintf(around, token))
		}
	}
	for _, long := range []string{"a", "\\", "*", "_", "@everyone ", "<@1>", "\n", "\n\n", "a b ", "👩🏽‍⚕️", "\u0000", "\xff", "https://a.b/c ", "|", "`", "- x\n", "é", "\u200b"} {
		all = append(all, strings.Repeat(long, 40000/len(long)))
	}
	return all
}

func TestHostileTexts(t *testing.T) {
	texts := hostile()
	if len(texts) < 300 {
		t.Fatalf("%d texts", len(texts))
	}
	for _, text := range texts {
		checkMessage(t, hostileMessage(text), text)
		checkWindow(t, window("id", text, []chat.Field{{ID: "f", Label: text, Hint: text, Value: text, Longest: 50}, {ID: "g", Label: text, Kind: chat.Paragraph, Value: text}}, nil), text)
		if cut := cut(oneLine(text), longestSuggestion); length(cut) > longestSuggestion {
			t.Errorf("%.60q: a suggestion of %d", text, length(cut))
		}
		if name := fileName(text); name == "" || strings.ContainsAny(name, "/\\\"\r\n") || name == ".." {
			t.Errorf("%.60q: a file called %q", text, name)
		}
	}
}

func hostileMessage(text string) chat.Message {
	all := chat.Text{{Kind: chat.Heading, Text: text}, {Kind: chat.Plain, Text: text}, {Kind: chat.Note, Text: text},
		{Kind: chat.Steps, Items: []chat.Item{{Text: text, URL: "https://example.org", Detail: text}}}, {Kind: chat.Points, Items: []chat.Item{{Text: text}, {Text: text}}}}
	m := chat.Message{Text: all, Page: &chat.Page{Title: text, Text: all, Buttons: []chat.Button{{ID: text, Label: text}}, Choices: []chat.Choice{{ID: "p", Label: text}}}}
	for i := range 30 {
		m.Buttons = append(m.Buttons, chat.Button{ID: fmt.Sprint("b", i%20), Label: text})
		m.Choices = append(m.Choices, chat.Choice{ID: fmt.Sprint("c", i), Label: text, Detail: text})
	}
	return m
}

// checkMessage says where Discord would refuse a message, or call somebody.
func checkMessage(t *testing.T, m chat.Message, text string) {
	t.Helper()
	parts := render(m, markLength)
	for i, p := range parts {
		out := outgoingOf(m, p, "key")
		if n := length(out.Content); n > longestContent || n == 0 || !utf8.ValidString(out.Content) {
			t.Errorf("%.60q: a content of %d", text, n)
		}
		if live := called(out.Content); len(live) > 0 && !slices.Equal(live, []string{string(m.Mention)}) {
			t.Errorf("%.60q calls %q", text, live)
		}
		if a := out.AllowedMentions; len(a.Parse)+len(a.Roles) > 0 || len(a.Users) > 0 && m.Mention == "" || a.RepliedUser {
			t.Errorf("%.60q may mention %+v", text, a)
		}
		if i < len(parts)-1 && len(p.components) > 0 {
			t.Errorf("%.60q: components before the last message", text)
		}
		checkComponents(t, out, text)
	}
}

func checkComponents(t *testing.T, out outgoing, text string) {
	t.Helper()
	body, err := json.Marshal(out)
	if err != nil {
		t.Fatalf("%.60q: %v", text, err)
	}
	var shown shown
	if err := json.Unmarshal(body, &shown); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	if len(shown.Components) > mostRows {
		t.Errorf("%.60q: %d rows", text, len(shown.Components))
	}
	for _, row := range shown.Components {
		if len(row.Components) == 0 || len(row.Components) > mostInRow {
			t.Errorf("%.60q: %d in a row", text, len(row.Components))
		}
		for _, c := range row.Components {
			if ids[c.CustomID] || c.CustomID == "" || length(c.CustomID) > longestID || len(c.Options) > mostOptions ||
				c.Type == 2 && (strings.TrimSpace(c.Label) == "" || length(c.Label) > longestButton) {
				t.Errorf("%.60q: component %+v", text, c)
			}
			ids[c.CustomID] = true
			for _, o := range c.Options {
				if strings.TrimSpace(o.Label) == "" || length(o.Label) > longestOption || o.Value == "" || length(o.Value) > longestID {
					t.Errorf("%.60q: option %+v", text, o)
				}
			}
		}
	}
}

func checkWindow(t *testing.T, m modal, text string) {
	t.Helper()
	body, err := json.Marshal(m)
	if err != nil {
		t.Fatalf("%.60q: %v", text, err)
	}
	var shown struct {
		Title      string
		Components []struct {
			Components []struct {
				Label, Placeholder, Value string
				Max                       int `json:"max_length"`
			}
		}
	}
	_ = json.Unmarshal(body, &shown)
	if n := length(shown.Title); n == 0 || n > longestTitle || len(shown.Components) > mostFields {
		t.Errorf("%.60q: title of %d", text, n)
	}
	for _, row := range shown.Components {
		in := row.Components[0]
		if length(in.Label) > longestLabel || strings.TrimSpace(in.Label) == "" || length(in.Placeholder) > longestPlaceholder || length(in.Value) > in.Max || in.Max > longestInput {
			t.Errorf("%.60q: input %+.200v", text, in)
		}
	}
}

// Every text through a whole adapter: said, typed ahead, used as a command, sent in a form and given back each time.
func TestHostileTextsThroughEveryPath(t *testing.T) {
	s := newScene(t, func(e chat.Event) (chat.Turn, error) {
		text := e.Text + e.Values["name"] + e.Name
		reply := hostileMessage(text)
		return chat.Turn{Reply: &reply, Suggestions: []chat.Choice{{ID: "x", Label: text}}}, nil
	})
	texts := hostile()
	rand.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	for _, text := range texts[:40] {
		text = prefix(strings.ToValidUTF8(text, "?"), 4000)
		ids := []string{s.ask(text), s.world.interact(4, generalID, "", commandData("ask", "question", text)),
			s.world.interact(5, generalID, "", fillIn(map[string]any{"custom_id": "~form:f", "components": []any{map[string]any{"type": 1,
				"components": []any{map[string]any{"type": 4, "custom_id": "name"}}}}}, map[string]string{"name": text}))}
		for _, id := range ids {
			for _, a := range s.answers(id, 1) {
				content, _ := data(a)["content"].(string)
				if live := called(content); len(live) > 0 || length(content) > longestContent {
					t.Errorf("%.60q calls %q", text, live)
				}
			}
		}
	}
}

// What is shown is what was typed: undoing Discord's escapes gives it back.
func FuzzAsTyped(f *testing.F) {
	for _, text := range adaptertest.Nasty() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shown := asTyped(text)
		if live := called(shown); len(live) > 0 {
			t.Fatalf("%q calls %q in %q", text, live, shown)
		}
		want := clean(text) // which may bring together what stood apart
		if lower := strings.ToLower(want); strings.Contains(lower, "http") || strings.Contains(lower, "@everyone") || strings.Contains(lower, "@here") {
			return // links are left alone, and crowds are taken apart
		}
		if got := escaped.ReplaceAllString(shown, "$1"); got != want {
			t.Fatalf("%q is shown as %q", text, got)
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add("one two\n\nthree \\* four", 10)
	f.Fuzz(func(t *testing.T, text string, most int) {
		if most < 4 || most > 3000 {
			return
		}
		pieces := split(asTyped(text), most)
		if len(pieces) == 0 {
			t.Fatal("no piece")
		}
		for _, p := range pieces {
			if length(p) > most {
				t.Fatalf("a piece of %d, at most %d", length(p), most)
			}
		}
		if got, want := strings.Join(strings.Fields(strings.Join(pieces, "")), ""), strings.Join(strings.Fields(asTyped(text)), ""); got != want {
			t.Fatalf("%q became %q", want, got)
		}
	})
}

func FuzzMark(f *testing.F) {
	f.Add("text", "key", 3, true)
	f.Fuzz(func(t *testing.T, text, key string, i int, last bool) {
		i = max(0, min(i, 127))
		if !utf8.ValidString(text) {
			return
		}
		got, who, at, end := splitMark(text + mark(key, i, last))
		if got != text || who != whose(key) || at != i || end != last || length(mark(key, i, last)) != markLength || len(nonce(key, i)) > longestNonce {
			t.Fatalf("got %q %q %d %v", got, who, at, end)
		}
		splitMark(text)
	})
}

func FuzzAddress(f *testing.F) {
	for _, a := range []string{"discord:U1", "discord:C1", "discord:C1/T2", "discord:C1/M2", "slack:T1", "discord:C1/T2/../x"} {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, text string) {
		to, err := parseAddress(chat.Address(text))
		if err != nil {
			return
		}
		again := personAddress(to.person)
		switch {
		case to.thread != "":
			again = threadAddress(to.channel, to.thread)
		case to.channel != "":
			again = channelAddress(to.channel)
		}
		if again != chat.Address(text) {
			t.Fatalf("%q is %+v, which is %q", text, to, again)
		}
	})
}

// What the gateway and HTTP bring may be anything.
func FuzzTake(f *testing.F) {
	f.Add("MESSAGE_CREATE", `{"id":"1","channel_id":"2","author":{"id":"3"},"content":"<@9>","mentions":[null]}`)
	f.Add("INTERACTION_CREATE", `{"id":"1","token":"t","type":5,"user":{"id":"3"},"data":{"custom_id":"~form:x","components":[{"type":18,"component":{"custom_id":"a","value":"b"}}]}}`)
	f.Fuzz(func(t *testing.T, kind, body string) {
		var m message
		if json.Unmarshal([]byte(body), &m) == nil {
			d := &Discord{}
			if d.fromPerson(m) && d.meant(m) {
				d.eventOf(m, room{id: m.ChannelID})
			}
		}
		var in interaction
		if json.Unmarshal([]byte(body), &in) == nil && in.person() != nil {
			d := &Discord{}
			d.interactionEvent(&in, room{id: in.ChannelID})
		}
	})
}
