package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"signpost/adapters/adaptertest"
	"signpost/bot/chat"
)

// injections are more than 300 strings that look like mentions, lie, hide or are too long: every nasty one, plain, in
// other texts and in capitals, and some of Slack's own.
func injections() []string {
	own := []string{"<!channel>", "<!here>", "<!everyone>", "<!subteam^S1|@team>", "<@U1>", "<@U1|sam>", "<#C1|general>", "<!date^1|x>", "<https://a|b>",
		"<http://nhs.uk|http://evil.example>", "<mailto:x@y|z>", "&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;", "<\u202e!channel>", "<!chan\u200bnel>", "\u202eelur",
		strings.Repeat("x", 40_000), strings.Repeat("<!channel>", 4000), strings.Repeat("&", 5000), strings.Repeat("👩🏽‍⚕️", 3000), strings.Repeat("a ", 20_000), strings.Repeat("\n", 5000),
		"\x00\x01U1\x01", "\x01U1\x01", "\x1fpart-0/1", "", " ", "\n", "\xff\xfe", "`<!here>`", "```\n<!here>\n```", ">>> <!here>", "https://user@evil.example/", "javascript:alert(1)"}
	var all []string
	for _, s := range append(adaptertest.Nasty(), own...) {
		if all = append(all, s); len(s) > 1000 {
			continue
		}
		all = append(all, "before "+s+" after", strings.ToUpper(s), s+s, "<"+s+">")
	}
	return all
}

func TestInjectionsThroughRendering(t *testing.T) {
	all := injections()
	if len(all) < 300 {
		t.Fatalf("%d strings, want 300", len(all))
	}
	for _, s := range all {
		for _, r := range render(nasty(s), "") {
			checkRendered(t, s, r, nil)
		}
		for _, r := range render(nasty(s), "U1") {
			checkRendered(t, s, r, func(token string) bool { return token == "<@U1>" })
		}
		checkRendered(t, s, onePage(nasty(s), ""), nil)
		view, err := json.Marshal(modalOf(nastyForm(s), origin{Where: "slack:T1/C1", Follow: s}))
		if err != nil {
			t.Fatal(err)
		}
		home, err := json.Marshal(map[string]any{"type": "home", "blocks": pageBlocks(*nasty(s).Page)})
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range append(viewProblems(view), viewProblems(home)...) {
			t.Errorf("%.60q: %s", s, problem)
		}
	}
}

// TestInjectionsThroughTheServer sends each through the whole adapter: said by a person and said back, and sent by Send.
func TestInjectionsThroughTheServer(t *testing.T) {
	n := &notebook{answer: func(e chat.Event) (chat.Turn, error) {
		answer := nasty(e.Text)
		if len(e.Text) > 1000 {
			answer = words(e.Text)
		}
		return chat.Turn{Reply: &answer}, nil
	}}
	h, s := begin(t, n.handle, nil)
	for i, text := range injections() {
		if !h.command(reader, public, text) {
			t.Errorf("no answer to %.60q", text)
		}
		if i%5 == 0 {
			if _, err := s.Send(t.Context(), chat.Post{Key: text, To: "slack:T1/C1", Message: words(text)}); err != nil {
				t.Errorf("%.60q: %v", text, err)
			}
		}
	}
}

func checkRendered(t testing.TB, of string, r rendered, allowed func(string) bool) {
	t.Helper()
	if allowed == nil {
		allowed = func(string) bool { return false }
	}
	blocks, err := json.Marshal(r.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	if r.Blocks == nil {
		blocks = nil
	}
	for _, problem := range problemsOf(r.Text, blocks, maxBlocks, allowed) {
		t.Errorf("%.60q: %s", of, problem)
	}
}

// nasty has a text in every place that a message has.
func nasty(s string) chat.Message {
	buttons := []chat.Button{{ID: s, Label: s}, {ID: "x", Label: s}}
	choices := []chat.Choice{{ID: "c", Label: s, Detail: s}, {ID: s, Label: s}}
	text := chat.Text{{Kind: chat.Heading, Text: s}, {Kind: chat.Plain, Text: s}, {Kind: chat.Note, Text: s},
		{Kind: chat.Points, Items: []chat.Item{{Text: s, URL: s, Detail: s}, {Text: s, URL: "https://example.org/?" + s}, {Text: s, URL: "https://example.org/", Detail: s}}},
		{Kind: chat.Steps, Items: []chat.Item{{Text: s}}}}
	return chat.Message{Text: text, Buttons: buttons, Choices: choices, Page: &chat.Page{ID: s, Title: s, Text: text, Buttons: buttons, Choices: append(choices, choices...)}}
}

func nastyForm(s string) chat.Form {
	options := []chat.Choice{{ID: "a", Label: s, Detail: s}, {ID: s, Label: s}}
	return chat.Form{ID: s, Title: s, Intro: nasty(s).Text, Submit: s, Fields: []chat.Field{
		{ID: "line", Label: s, Hint: s, Kind: chat.Line, Value: s, Longest: 100}, {ID: "para", Label: s, Kind: chat.Paragraph, Value: s, Problem: s},
		{ID: "pick", Label: s, Kind: chat.Pick, Options: options, Value: s}, {ID: "type", Label: s, Kind: chat.TypeAhead, Options: options, Value: s}}}
}

// TestTooManyBlocks: what is too long for one message makes several, within every limit, and nothing is lost.
func TestTooManyBlocks(t *testing.T) {
	var many, steps, links chat.Text
	for i := range 120 {
		many = append(many, chat.Part{Kind: chat.Heading, Text: fmt.Sprintf("Head %d.", i)})
	}
	list := chat.Part{Kind: chat.Steps}
	for i := range 300 {
		list.Items = append(list.Items, chat.Item{Text: fmt.Sprintf("Do this, step %d.", i+1)})
	}
	steps = chat.Text{list}
	linked := chat.Part{Kind: chat.Points}
	for i := range 100 {
		linked.Items = append(linked.Items, chat.Item{Text: "See", URL: fmt.Sprintf("https://example.org/%d/%s", i, strings.Repeat("x", 200))})
	}
	links = chat.Text{linked}
	var choices []chat.Choice
	for i := range 150 {
		choices = append(choices, chat.Choice{ID: fmt.Sprint(i), Label: strings.Repeat("y", 70) + fmt.Sprint(i)})
	}
	for name, m := range map[string]chat.Message{"120 headings": {Text: many}, "300 steps": {Text: steps}, "100 long links": {Text: links},
		"150 choices": {Text: many[:1], Choices: choices}, "one paragraph of 40,000": words(strings.Repeat("word ", 8000)), "one word of 40,000": words(strings.Repeat("x", 40_000))} {
		t.Run(name, func(t *testing.T) {
			pages := render(m, "")
			read := ""
			for _, r := range pages {
				checkRendered(t, name, r, nil)
				read += unescape(r.Text) + "\n"
			}
			want, got := strings.Join(strings.Fields(m.String()), ""), strings.Join(strings.Fields(read), "")
			if got != want {
				t.Errorf("%d characters in, %d out", len(want), len(got))
			}
		})
	}
}

// TestRenderReadsWell shows one message whole.
func TestRenderReadsWell(t *testing.T) {
	m := chat.Message{Text: chat.Text{{Kind: chat.Heading, Text: "Reset *it*"}, {Kind: chat.Plain, Text: "Do this & that:"},
		{Kind: chat.Steps, Items: []chat.Item{{Text: "Open", URL: "https://example.org/a?b=1&c=2", Detail: "free"}, {Text: "Press <Reset>"}}}, {Kind: chat.Note, Text: "Checked in May."}},
		Buttons: []chat.Button{{ID: "helped 1", Label: "This helped"}}}
	pages := render(m, "")
	if len(pages) != 1 {
		t.Fatalf("%d messages", len(pages))
	}
	wantText := "Reset *it*\n\nDo this &amp; that:\n\n1. Open: https://example.org/a?b=1&amp;c=2 (free)\n2. Press &lt;Reset&gt;\n\nChecked in May."
	if pages[0].Text != wantText {
		t.Errorf("got  %q\nwant %q", pages[0].Text, wantText)
	}
	blocks, err := json.Marshal(pages[0].Blocks)
	if err != nil {
		t.Fatal(err)
	}
	text, labels, _ := readsAs(blocks)
	if want := "Reset *it*\n\nDo this & that:\n\nOpen: https://example.org/a?b=1&c=2 (free)\nPress <Reset>\n\nChecked in May."; strings.Join(strings.Fields(text), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("the blocks read %q", text)
	}
	if len(labels) != 1 || labels[0] != "This helped" || !strings.Contains(string(blocks), `"type":"link"`) {
		t.Errorf("the blocks are %s", blocks)
	}
}

func TestMentionOnlyOfThisWorkspace(t *testing.T) {
	_, s := begin(t, (&notebook{}).handle, nil)
	for person, want := range map[chat.Address]string{"slack:T1/U2": "U2", "slack:T2/U2": "", "discord:U2": "", "slack:T1/C1": "", "slack:T1/U2/1.1": "",
		"slack:T1/U2> <!channel": "", "": "", "slack:T1/W2": "W2"} {
		if got := s.mention(s.teams[0], person); got != want {
			t.Errorf("%q calls %q", person, got)
		}
	}
}

func TestPlain(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"hello", "hello"}, {"a &amp; b &lt; c", "a & b < c"}, {"&amp;lt;b&amp;gt;", "&lt;b&gt;"}, {"<@UBOT> where?", "where?"}, {"<@UBOT|bot> where?", "where?"},
		{"ask <@U2>", "ask @someone"}, {"ask <@U2|sam>", "ask @sam"}, {"in <#C1|general>", "in #general"}, {"in <#C1>", "in #a channel"}, {"<!here> now", "@here now"},
		{"<!subteam^S1|@nurses> now", "@nurses now"}, {"<!subteam^S1>", "@a group"}, {"<https://a.example/x>", "https://a.example/x"}, {"<https://a.example|a site>", "a site (https://a.example)"},
		{"<http://nhs.uk|nhs.uk>", "http://nhs.uk"}, {"<mailto:a@b.example|a@b.example>", "a@b.example"}, {"<!date^1^{date}|May>", "May"}, {"a < b", "a < b"}, {"<", "<"},
		{"<<@U2>", "<@someone"}, {"", ""}, {"  x  ", "x"}, {"a\r\nb\u202e", "a\nb"},
	} {
		if got := plain(c.in, "UBOT"); got != c.want {
			t.Errorf("%q reads %q, want %q", c.in, got, c.want)
		}
	}
}

func TestLinks(t *testing.T) {
	for address, want := range map[string]bool{"https://nhs.uk": true, "http://nhs.uk/a?b#c": true, "ftp://nhs.uk": false, "javascript:alert(1)": false, "https://": false,
		"https://nhs.uk@evil.example/": false, "https://a b": false, "https://a|b": false, "https://a>b": false, "nhs.uk": false, "": false, "https://a\u202eb": false,
		"https://nhs.uk/" + strings.Repeat("x", 3000): false} {
		if got := isLink(address); got != want {
			t.Errorf("%.60q: %v", address, got)
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, s := range []string{"<!channel>", "a & b", "# x\n\n1. a\n2. b", strings.Repeat("<", 4000), "\x01U1\x01", "https://x|y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, m := range []chat.Message{nasty(s), {Text: chat.Parse(s)}, words(s)} {
			for _, r := range render(m, "") {
				checkRendered(t, s, r, nil)
			}
		}
		if pieces := split(clean(s), 100); strings.Join(strings.Fields(strings.Join(pieces, "")), "") != strings.Join(strings.Fields(clean(s)), "") {
			t.Errorf("split loses something of %q", s)
		}
		if !utf8.ValidString(plain(s, "U1")) {
			t.Errorf("plain words of %q are no text", s)
		}
	})
}

func FuzzUnderstand(f *testing.F) {
	for _, s := range []string{`{}`, `{"type":"event_callback","team_id":"T1","event":{"type":"message","channel":"D1","user":"U1","text":"<@U0BOT> x","ts":"1.1"}}`,
		`{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},"container":{"message_ts":"1.1"},"actions":[{"value":"x"}]}`,
		`{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"view":{"callback_id":"f","private_metadata":"{\"w\":\"slack:T1/C1\"}","state":{"values":{"a":{"b":{"value":"c"}}}}}}`,
		`{"team_id":"T1","user_id":"U1","channel_id":"C1","text":"topics"}`, `{"type":"event_callback","event":{"type":"message","subtype":"message_changed","message":null}}`,
		`{"type":"view_submission","user":{"id":"U1"},"view":{"callback_id":"f","private_metadata":"{\"w\":\"0\"}"}}`} {
		f.Add(s)
	}
	s, err := New(Config{Workspaces: []Workspace{{BotToken: "xoxb", AppToken: "xapp"}}, Listening: true})
	if err != nil {
		f.Fatal(err)
	}
	s.teams[0].id, s.teams[0].bot = "T1", "U0BOT"
	f.Fuzz(func(t *testing.T, payload string) {
		for _, kind := range []string{ofEvents, ofCommands, ofInteraction} {
			d := &delivery{kind: kind, payload: []byte(payload), teams: s.teams, ack: func(any) error { return nil }, refuse: func() {}}
			for _, one := range s.understand(d) {
				if one.event.Key == "" || one.event.Person.Network() != "slack" || one.event.Where.Network() != "slack" || one.lane == "" {
					t.Errorf("%s of %q gives %+v", kind, payload, one.event)
				}
				if _, err := placeOf(string(one.event.Person)); err != nil {
					t.Errorf("%s of %q: %v", kind, payload, err)
				}
			}
		}
	})
}
