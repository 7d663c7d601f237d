package chat_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"signpost/bot/chat"
)

func plain(text string) chat.Part { return chat.Part{Kind: chat.Plain, Text: text} }

func list(kind chat.PartKind, items ...string) chat.Part {
	part := chat.Part{Kind: kind}
	for _, item := range items {
		part.Items = append(part.Items, chat.Item{Text: item})
	}
	return part
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, written string
		want          chat.Text
	}{
		{"nothing", "", nil},
		{"blank lines", "\n \n\t\n", nil},
		{"a paragraph", "One line.", chat.Text{plain("One line.")}},
		{"lines that go on", "One line\nand its end.", chat.Text{plain("One line and its end.")}},
		{"paragraphs", "One.\n\n\nTwo.", chat.Text{plain("One."), plain("Two.")}},
		{"a heading", "# Head\nText.", chat.Text{{Kind: chat.Heading, Text: "Head"}, plain("Text.")}},
		{"steps", "1. One.\n2. Two.", chat.Text{list(chat.Steps, "One.", "Two.")}},
		{"steps with room between", "1. One.\n\n2. Two.", chat.Text{list(chat.Steps, "One.", "Two.")}},
		{"points", "- One.\n- Two.", chat.Text{list(chat.Points, "One.", "Two.")}},
		{"points, then steps", "- One.\n1. Two.", chat.Text{list(chat.Points, "One."), list(chat.Steps, "Two.")}},
		{"a step that goes on", "1. One\n   goes on.\n2. Two.", chat.Text{list(chat.Steps, "One goes on.", "Two.")}},
		{"a paragraph after points", "- One.\n\nText.", chat.Text{list(chat.Points, "One."), plain("Text.")}},
		{"a note", "> Mind this\nand that.\n\nText.", chat.Text{{Kind: chat.Note, Text: "Mind this and that."}, plain("Text.")}},
		{"two notes", "> One.\n> Two.", chat.Text{{Kind: chat.Note, Text: "One."}, {Kind: chat.Note, Text: "Two."}}},
		{"Windows lines", "# Head\r\n- One.\r\n", chat.Text{{Kind: chat.Heading, Text: "Head"}, list(chat.Points, "One.")}},
		{"what only looks like a mark", "#no\n\n-no\n\n1.no\n\nv2. no\n\n>no", chat.Text{plain("#no"), plain("-no"), plain("1.no"), plain("v2. no"), plain(">no")}},
		{"marks alone", "#\n\n-\n\n1.\n\n>", chat.Text{plain("#"), plain("-"), plain("1."), plain(">")}},
		{"markup stays as typed", "*a* <b> @everyone [x](y)", chat.Text{plain("*a* <b> @everyone [x](y)")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := chat.Parse(test.written); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %#v\nwant %#v", got, test.want)
			}
		})
	}
}

func TestString(t *testing.T) {
	text := chat.Text{
		{Kind: chat.Heading, Text: "Head"}, plain("Text."), list(chat.Steps, "One.", "Two."),
		{Kind: chat.Points, Items: []chat.Item{{Text: "Words", URL: "https://example.org/", Detail: "free"}, {Text: "Only words"}, {Text: "Detail", Detail: "more"}}},
		{Kind: chat.Note, Text: "Mind."},
	}
	want := `Head

Text.

1. One.
2. Two.

- Words: https://example.org/ (free)
- Only words
- Detail (more)

Mind.`
	if got := text.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := (chat.Text)(nil).String(); got != "" {
		t.Errorf("no text says %q", got)
	}
}

func TestAddLeavesBothAlone(t *testing.T) {
	start := append(make(chat.Text, 0, 4), plain("One."))
	first, second := start.Add(chat.Text{plain("Two.")}), start.Add(chat.Text{plain("Three.")})
	if first.String() != "One.\n\nTwo." || second.String() != "One.\n\nThree." || len(start) != 1 {
		t.Errorf("got %q and %q", first, second)
	}
}

// marks are what Parse reads and does not keep as words: a sign, or a step's number, at the start of a line.
var marks = regexp.MustCompile(`(?m)^[\t\f\v\r \x{85}\p{Z}]*(#|-|>|[+-]?\d+\.) `)

// withoutMarks gives the words in order, without marks and the spaces between.
func withoutMarks(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		lines = append(lines, marks.ReplaceAllString(line, ""))
	}
	return strings.Join(strings.Fields(strings.Join(lines, "\n")), "")
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"# Head\n\n1. One\n2. Two\nmore\n\n> note", "- a\n\n- b\nc\n1. d", "1. 2. 3. x", "# # x", "-\n- \n", "\xff", "2026. A year", "> > x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, written string) {
		text := chat.Parse(written)
		if again := chat.Parse(written); !reflect.DeepEqual(text, again) {
			t.Fatalf("got %#v, then %#v", text, again)
		}
		var said strings.Builder
		for _, part := range text {
			said.WriteString(part.Text)
			for _, item := range part.Items {
				said.WriteString(item.Text)
			}
		}
		if got, want := strings.Join(strings.Fields(said.String()), ""), withoutMarks(written); got != want {
			t.Fatalf("the words of %q came out as %q, want %q", written, got, want)
		}
	})
}
