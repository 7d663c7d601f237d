package adaptertest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"signpost/bot/chat"
)

// longText is about 30,000 characters in paragraphs that tell themselves apart.
func (p *play) longText() chat.Text {
	text := chat.Text{{Kind: chat.Plain, Text: p.word("it begins here.")}}
	for i := range 75 {
		paragraph := fmt.Sprintf("Part %d: ", i)
		for utf8.RuneCountInString(paragraph) < 390 {
			paragraph += fmt.Sprintf("word%d.%d café ", i, len(paragraph))
		}
		text = append(text, chat.Part{Kind: chat.Plain, Text: strings.TrimSpace(paragraph)})
	}
	return append(text, chat.Part{Kind: chat.Plain, Text: p.word("it ends here.")})
}

func tryLongText(p *play) error {
	text := p.longText()
	p.replies(chat.Said, chat.Message{Text: text})
	p.Say(p.Direct, p.word("tell me all"))
	if err := p.reads(p.Direct, p.word("it ends here.")); err != nil {
		return err
	}
	seen := p.Sees(p.Direct)
	first := slices.IndexFunc(seen, func(s Seen) bool { return strings.Contains(squash(s.Text), p.word("it begins here.")) })
	if first < 0 {
		return errors.New("it has no beginning")
	}
	var all strings.Builder
	for _, s := range seen[first:] {
		if n := utf8.RuneCountInString(s.Text); p.rig.Longest > 0 && n > p.rig.Longest {
			return fmt.Errorf("a message has %d characters, at most %d are taken", n, p.rig.Longest)
		}
		all.WriteString(s.Text + "\n")
	}
	rest := squash(all.String())
	for _, part := range text {
		_, after, ok := strings.Cut(rest, squash(part.Text))
		if !ok {
			return fmt.Errorf("missing or out of order: %q", part.Text)
		}
		rest = after
	}
	return nil
}

// Nasty are texts that look like mentions, markup or commands of some network, or that hide what they say. None has a
// line break. Adapters show them as typed, but for characters that cannot be seen.
func Nasty() []string {
	return []string{
		"@everyone", "@here", "@channel", "<!channel>", "<!here|here>", "<!everyone>", "<!subteam^S012AB3CD>", "<!date^1392734382^{date}|x>",
		"<@U01ALICE>", "<@U01ALICE|alice>", "<@123456789012345678>", "<@!123456789012345678>", "<@&123456789012345678>", "<#C01GENERAL>",
		"<#123456789012345678>", "</look:123456789012345678>", "<id:customize>", "<:smile:123456789012345678>", "<t:1618953630:R>",
		"&lt;!channel&gt;", "&amp;lt;!here&amp;gt;", "&lt;@U01ALICE&gt;", "<<!channel>>", "<!channel", "<<@U01ALICE>>",
		"<https://example.org|https://nhs.example>", "[nhs.example](https://example.org)", "[a](<https://example.org>)", "<mailto:a@example.org|b>",
		"*bold*", "**bold**", "_slanted_", "__under__", "~struck~", "~~struck~~", "||hidden||", "`code`", "```code```", "`<!channel>`",
		"> quoted", ">>> quoted", "# heading", "-# small", "- point", "1. step", "\\@everyone", "\\<!channel>", "*<!here>*", "`@everyone`",
		"@\u200beveryone", "@\u2060here", "\u202e<!channel>\u202c", "\u2066@everyone\u2069", "<\u200b!channel>", "\u200b", "＠everyone", "@everyοne",
		":smile:", "/look now", "{{value}}", "%s %d %!v(MISSING)", "${HOME}", "<b>bold</b>", "<script>alert(1)</script>", "'; DROP TABLE person; --",
		"a & b < c > d", "\"quoted\" 'too'", "\\u0000", "ﷺ", "👩🏽\u200d⚕️", "e\u0301", "=1+1", "@someone everyone @here",
	}
}

func tryAsTyped(p *play) error {
	nasty := Nasty()
	for i := 0; i < len(nasty); i += 8 {
		some := nasty[i:min(i+8, len(nasty))]
		post := chat.Post{Key: p.word(fmt.Sprint("nasty ", i)), To: p.anywhere(), Message: p.nastyMessage(i, some)}
		if _, err := p.Adapter.Send(p.ctx, post); err != nil {
			return fmt.Errorf("send %q: %w", some, err)
		}
		if err := p.checkNasty(i, some); err != nil {
			return err
		}
	}
	return p.checkEcho(nasty)
}

// nastyMessage has each text as a paragraph, as a point, and as a label.
func (p *play) nastyMessage(i int, some []string) chat.Message {
	message := said(p.word(fmt.Sprintf("lot %d.", i)))
	points := chat.Part{Kind: chat.Points}
	for j, text := range some {
		message.Text = append(message.Text, chat.Part{Kind: chat.Plain, Text: "from " + text + " to"})
		points.Items = append(points.Items, chat.Item{Text: "item " + text + " end"})
		message.Choices = append(message.Choices, chat.Choice{ID: fmt.Sprint("choice ", i, j), Label: "pick " + text})
	}
	message.Text = append(message.Text, points, chat.Part{Kind: chat.Heading, Text: "head " + some[0]}, chat.Part{Kind: chat.Note, Text: "note " + some[0]})
	message.Buttons = []chat.Button{{ID: fmt.Sprint("button ", i), Label: "press " + some[0]}}
	return message
}

func (p *play) checkNasty(i int, some []string) error {
	lot := p.word(fmt.Sprintf("lot %d.", i))
	if err := p.reads(p.anywhere(), lot); err != nil {
		return err
	}
	seen := p.Sees(p.anywhere())
	first := slices.IndexFunc(seen, func(s Seen) bool { return strings.Contains(squash(s.Text), lot) })
	var all strings.Builder
	for _, s := range seen[first:] {
		if len(s.Mentions) > 0 {
			return fmt.Errorf("%q calls %q", s.Text, s.Mentions)
		}
		all.WriteString(s.Text + "\n")
	}
	shown := squash(all.String())
	for _, text := range some {
		for _, want := range []string{"from " + text + " to", "item " + text + " end"} {
			if !strings.Contains(shown, squash(want)) {
				return fmt.Errorf("%q is not shown as typed, but in\n%s", want, shown)
			}
		}
	}
	return nil
}

// checkEcho has the person say each text and the bot say it back. What a network makes of it on the way in is its own
// affair; on the way out it must call nobody.
func (p *play) checkEcho(nasty []string) error {
	before := len(p.Sees(p.Direct))
	p.answers(func(e chat.Event) (chat.Turn, error) {
		if e.Kind != chat.Said {
			return chat.Turn{}, nil
		}
		message := said("You said " + e.Text)
		return chat.Turn{Reply: &message}, nil
	})
	for i, text := range nasty {
		mine := fmt.Sprintf("%s %d. %s", p.mark, i, text)
		p.Say(p.Direct, mine)
		if err := p.reads(p.Direct, fmt.Sprintf("You said %s %d.", p.mark, i)); err != nil {
			return fmt.Errorf("saying %q: %w", text, err)
		}
	}
	for i, s := range p.Sees(p.Direct) {
		if i >= before && strings.Contains(squash(s.Text), "You said") && len(s.Mentions) > 0 {
			return fmt.Errorf("%q calls %q", s.Text, s.Mentions)
		}
	}
	return nil
}
