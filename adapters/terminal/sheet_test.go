package terminal

import (
	"strings"
	"testing"

	"signpost/bot/chat"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain é 漢 👩‍⚕️":                     "plain é 漢 👩‍⚕️",
		"red \x1b[31;1mtitle\x1b[0m":         "red title",
		"up\x1b[5A\x1b[2Jthere":              "upthere",
		"\x1b]0;window\x07title":             "title",
		"\x1b]8;;http://x\x1b\\link\x1b]8;;": "link8;;",
		"never ends \x1b]52;c;AAAA\nkept":    "never ends 52;c;AAAA\nkept",
		"\u009b31mC1\u009dzero\u009c":        "C1",
		"a\x1b\x1b[31mb\x1bcd":               "abd",
		"bell\a back\b\b null\x00 del\x7f":   "bell back null del",
		"one\r\ntwo\rthree\u2028four":        "one\ntwo\nthree\nfour",
		"bidi \u202egnp.exe\u202c\u2066x":    "bidi gnp.exex",
		"tab\there":                          "tab here",
		"bad \xff\x9b byte":                  "bad \uFFFD byte",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

const hostile = "x\x1b[2J\x1b]0;t\x07\r\n\u202e\u009b1A\x00[9] y\xff"

func TestNothingHostileIsShown(t *testing.T) {
	choice := []chat.Choice{{ID: hostile, Label: hostile, Detail: hostile}}
	button := []chat.Button{{ID: hostile, Label: hostile}}
	text := chat.Text{{Kind: chat.Heading, Text: hostile}, {Kind: chat.Points, Items: []chat.Item{{Text: hostile, URL: hostile, Detail: hostile}}}}
	message := chat.Message{Text: text, Choices: choice, Buttons: button,
		Page: &chat.Page{Title: hostile, Text: text, Choices: choice, Buttons: button}}
	form := chat.Form{ID: hostile, Title: hostile, Intro: text, Submit: hostile}
	for _, kind := range []chat.FieldKind{chat.Line, chat.Pick, chat.TypeAhead, chat.Paragraph} {
		form.Fields = append(form.Fields, chat.Field{ID: string(kind), Label: hostile, Hint: hostile, Kind: kind, Value: hostile,
			Options: choice, Optional: true})
	}
	b := &script{answer: func(e chat.Event) (chat.Turn, error) {
		return chat.Turn{Reply: &message, Form: &form, Suggestions: choice}, nil
	}}
	s := NewSession("terminal:sam", "", clock)
	out := say(t, s, b, "hi")
	for _, line := range []string{"", "", hostile, "", "", ""} {
		out += say(t, s, b, line)
	}
	out += s.Show(message)
	if bad := strings.IndexFunc(out, func(r rune) bool { return r != '\n' && visible(r) != r }); bad >= 0 {
		t.Errorf("hostile at %d: %q", bad, out)
	}
	if strings.Contains(out, "\n[9] y\uFFFD   ") {
		t.Errorf("a label broke its line: %q", out)
	}
}

func TestWrap(t *testing.T) {
	address := "https://www.example.org/a/very/long/path/that/goes/on"
	for in, want := range map[string][]string{
		"short":                          {"short"},
		"":                               {""},
		"one two three four five six se": {"one two three four", "five six se"},
		"1. one two three four five six": {"1. one two three", "   four five six"},
		"- see: " + address + " (free)":  {"- see:", "  " + address, "  (free)"},
		"漢字漢字漢 字漢字漢字 漢字":                 {"漢字漢字漢", "字漢字漢字 漢字"},
	} {
		width := 18
		if got := wrap(in, width); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("wrap(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestButtonsOnePerLineWhereTheyDoNotFit(t *testing.T) {
	s, _ := shownAs(chat.Message{Buttons: []chat.Button{{ID: "a", Label: "This helped"}, {ID: "b", Label: "Not quite"}}})
	if got := s.render(31, false); got != "[1] This helped   [2] Not quite" {
		t.Errorf("got %q", got)
	}
	if got := s.render(30, false); got != "[1] This helped\n[2] Not quite" {
		t.Errorf("got %q", got)
	}
}

func TestBoldHeadingsOnly(t *testing.T) {
	s := written(chat.Parse("# Title\n\nWords"))
	if got := s.render(80, true); got != "\x1b[1mTitle\x1b[0m\n\nWords" {
		t.Errorf("got %q", got)
	}
}

func FuzzLine(f *testing.F) {
	for _, seed := range []string{"1", "[2]", "back", "cancel", "", "-", hostile, "form\nSam\nwhy\n\n2\nward\n1", "\xff\xfe", "99999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, lines string) {
		b, s := withForm(leave()), NewSession("terminal:sam", "", clock)
		plain := b.answer
		b.answer = func(e chat.Event) (chat.Turn, error) {
			turn, err := plain(e)
			if strings.HasPrefix(e.Text, "m") {
				turn = chat.Turn{Reply: &chat.Message{Text: chat.Parse(e.Text), Choices: offering.Choices, Buttons: offering.Buttons}}
			}
			return turn, err
		}
		for line := range strings.SplitSeq(lines, "\n") {
			out := say(t, s, b, line)
			if strings.ContainsFunc(out, func(r rune) bool { return visible(r) < 0 }) {
				t.Fatalf("%q shows %q", line, out)
			}
			newSheet := sheet{para(out)}
			newSheet.render(20, true)
		}
	})
}
