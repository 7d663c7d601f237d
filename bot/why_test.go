package bot_test

import (
	"strings"
	"testing"

	"signpost/bot"
	"signpost/knowledge"
)

func TestTip(t *testing.T) {
	e := knowledge.Entry{Slug: "smartcard-unlock", Title: "Unlock a smartcard", Phrasings: []knowledge.Phrasing{{Kind: knowledge.Goal, Text: "my smartcard is locked"}}}
	match := func(p float64) knowledge.Match {
		return knowledge.Match{Entry: &e, Probability: p, Why: func() string { return `"smrtcard" read as "smartcard"` }}
	}
	decision := func(verdict bot.Verdict, text string, ps ...float64) bot.Decision {
		d := bot.Decision{Verdict: verdict, Text: text}
		for _, p := range ps {
			d.Matches = append(d.Matches, match(p))
		}
		return d
	}
	for _, c := range []struct {
		name string
		d    bot.Decision
		at   int
		want string
	}{
		{"answered", decision(bot.Known, "locked", 0.9, 0.1), 0, "Answered: it has 90 %."},
		{"behind the answer", decision(bot.Known, "locked", 0.9, 0.1), 1, "It would have to come before the first, which has 90 %."},
		{"not sure enough", decision(bot.Unsure, "my smrtcard has a red light", 0.61), 0,
			`It would be answered from 74 %; this one has 61 %. If it is the right one, a phrasing that says "red light" would help.`},
		{"all words are there", decision(bot.Unsure, "a locked smartcard", 0.61), 0, "phrasing put like this question would help"},
		{"second", decision(bot.Unsure, "red", 0.61, 0.3), 1, `It would be answered if it came first with 74 %; this one has 30 %. If it is the right one, a phrasing that says "red" would help.`},
		{"few words of many", decision(bot.Unknown, "one two three four five six seven eight nine", 0.1), 0, `that says "two three four five six seven" would`},
		{"one word that several share", bot.Decision{Verdict: bot.Unsure, Between: true, Matches: []knowledge.Match{match(0.5)}}, 0, ""},
	} {
		if got := c.d.Tip(c.at, 0.74); !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
