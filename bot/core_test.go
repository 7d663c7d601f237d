package bot_test

import (
	"slices"
	"testing"

	"signpost/bot"
	"signpost/bot/words"
	"signpost/knowledge/starter"
)

// What the bot says about itself is no entry, which an organisation could change or retire, but a fixed reply.
func TestWhatTheBotSaysOfItselfIsAnAside(t *testing.T) {
	asides, err := bot.Asides()
	if err != nil {
		t.Fatal(err)
	}
	pack, err := starter.Pack()
	if err != nil {
		t.Fatal(err)
	}
	var slugs []string
	for _, e := range pack.Entries {
		slugs = append(slugs, e.Slug)
	}
	for _, core := range []string{"about-bot", "champion-find", "no-pii-in-chat", "service-feedback", "talk-to-human"} {
		if slices.Contains(slugs, core) {
			t.Errorf("%s is an entry", core)
		}
		found := false
		for _, a := range asides {
			found = found || a.Reason == core && len(a.Phrasings) > 0
		}
		if !found {
			t.Errorf("%s is no aside with phrasings", core)
		}
		if !slices.Contains(words.Keys(), "aside."+core) {
			t.Errorf("nothing is said about %s", core)
		}
	}
	for _, a := range asides {
		if slices.Contains(slugs, a.Reason) {
			t.Errorf("%s is an aside and an entry", a.Reason)
		}
	}
}
