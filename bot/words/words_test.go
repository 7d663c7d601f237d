package words_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"signpost/bot/chat"
	"signpost/bot/words"
	"signpost/knowledge/plain"
)

func TestSay(t *testing.T) {
	got := words.Say("me.saved", "role", "a nurse", "place", "St {role}'s\n# 1. Big")
	want := "Thank you. I have you as a nurse at St {role}'s\n# 1. Big."
	if len(got) != 1 || got[0].Kind != chat.Plain || got[0].Text != want {
		t.Errorf("got %#v; a value must stay within its sentence, whatever it holds", got)
	}
	if got := words.Say("stop.clinical"); len(got) < 3 || got[0].Kind != chat.Heading || got[1].Kind != chat.Points {
		t.Errorf("got %#v", got)
	}
	if got := words.Say("stop.urgent-local", "place", "Royal", "value", "2222").String(); got != "At Royal: 2222" {
		t.Errorf("got %q", got)
	}
	if got := words.Say("no.such-key").String(); got != "no.such-key" {
		t.Errorf("an unknown key gives %q", got)
	}
	words.Say("me.saved", "role", "x", "place", "y")
	if got := words.Raw("me.saved"); !strings.Contains(got, "{role}") {
		t.Errorf("saying something changed its words to %q", got)
	}
}

func TestLine(t *testing.T) {
	if got := words.Line("feedback.form-what", "title", "See my shifts"); got != `What is wrong with "See my shifts"?` {
		t.Errorf("got %q", got)
	}
	if got := words.Line("about-nothing"); got != "about-nothing" {
		t.Errorf("an unknown key gives %q", got)
	}
	if got := words.Line("button.topics", "odd"); got != "See all topics" {
		t.Errorf("a name without value gives %q", got)
	}
}

func TestLabelsFitTheirButtons(t *testing.T) {
	for _, key := range words.Keys() {
		line := words.Line(key)
		if strings.HasPrefix(key, "button.") && len([]rune(line)) > 75 {
			t.Errorf("%s is too long for a button: %q", key, line)
		}
		if (strings.HasSuffix(key, ".form") || strings.HasSuffix(key, ".form-send") || strings.HasSuffix(key, ".form-save")) && len([]rune(line)) > 24 {
			t.Errorf("%s is too long for a form's title or button: %q", key, line)
		}
	}
}

// Every text reads at an age of about 11, which is grade 6. A label of a word or two has no grade.
func TestWordsReadEasily(t *testing.T) {
	checker := plain.New(plain.Rules{HighestGrade: 6})
	for _, key := range words.Keys() {
		if text := words.Raw(key); len(strings.Fields(text)) > 3 && checker.Grade(text) > 6 {
			t.Errorf("%s reads at grade %.1f: %s", key, checker.Grade(text), text)
		}
	}
}

func TestCommentsAndKeysAreNotShown(t *testing.T) {
	for _, key := range words.Keys() {
		if text := words.Raw(key); text == "" || strings.Contains(text, "#:") || strings.Contains(text, "[") || strings.Contains(text, "eviewed by") {
			t.Errorf("%s says %q", key, text)
		}
	}
}

func TestWordsAreText(t *testing.T) {
	for _, key := range words.Keys() {
		for _, r := range words.Raw(key) {
			if unicode.In(r, unicode.So, unicode.Sk, unicode.Cs, unicode.Co) || r == '\ufe0f' || unicode.IsControl(r) && r != '\n' {
				t.Errorf("%s holds %q: nothing is carried by a picture", key, r)
			}
		}
	}
}

var sentenceEnd = regexp.MustCompile(`[.!?:]["')]*\s+`)

func TestSentencesAreShort(t *testing.T) {
	for _, key := range words.Keys() {
		for _, line := range strings.Split(words.Say(key).String(), "\n") {
			for _, sentence := range sentenceEnd.Split(line, -1) {
				if n := len(strings.Fields(strings.TrimPrefix(sentence, "- "))); n > 20 {
					t.Errorf("%s: %d words: %s", key, n, sentence)
				}
			}
		}
	}
}
