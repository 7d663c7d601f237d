package match_test

import (
	"slices"
	"strings"
	"testing"

	"signpost/knowledge/match"
)

func TestWords(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"only signs", "?! ... - '", ""},
		{"capitals and signs", "Where's MY rota?!", "wheres my rota"},
		{"apostrophes of all kinds", "can't can’t can‘t can`t", "cant cant cant cant"},
		{"accents", "naïve CAFÉ Zoë Łódź", "naive cafe zoe łodz"},
		{"a letter before a hyphen", "e-mail E‐roster x-ray", "email eroster xray"},
		{"other hyphens", "log-in follow-up 9-5", "log in follow up 95"},
		{"a letter alone", "a - b", "a b"},
		{"a hyphen at the end", "x- y", "x y"},
		{"numbers", "m365 2fa covid19", "m365 2fa covid19"},
		{"wide letters and ligatures", "ｆｕｌｌ ofﬁce", "full office"},
		{"CJK", "病院 パスワード", "病院 ハスワート"}, // voicing marks fold like accents
		{"emoji", "help 🙂🙂 me👩‍⚕️now", "help me now"},
		{"right to left", "مرحبا \u202eabc\u202c שלום", "مرحبا abc שלום"},
		{"control characters", "pass\x00word\x1b[31mred", "pass word 31mred"},
		{"soft hyphens and zero-width signs", "pass\u00adword rota\u200b s\ufeffhift", "password rota shift"},
		{"vowel signs", "हिन्दी", "हनद"},
		{"broken bytes", "ro\xffta \xc3(", "ro ta"},
		{"line breaks", "one\ntwo\r\nthree\tfour\u2028five", "one two three four five"},
		{"addresses", "https://nhs.net/mail?x=1", "https nhs net mail x 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Join(match.Words(test.text), " "); got != test.want {
				t.Errorf("Words(%q) is %q, want %q", test.text, got, test.want)
			}
		})
	}
}

func TestWordsReadsOnlyTheStartOfAText(t *testing.T) {
	long := strings.Repeat("rota ", 800) // 4,000 signs
	if got := match.Words(long + "shift"); len(got) != 800 || slices.Contains(got, "shift") {
		t.Errorf("got %d words, the last %q", len(got), got[len(got)-1])
	}
}

func TestContent(t *testing.T) {
	tests := []struct{ text, want string }{
		{"how do i use Loop", "loop"},
		{"i cant get into my e-mail please help", "email"},
		{"what is it", ""},
		{"", ""},
	}
	for _, test := range tests {
		if got := strings.Join(match.Content(match.Words(test.text)), " "); got != test.want {
			t.Errorf("the content of %q is %q, want %q", test.text, got, test.want)
		}
	}
}

func TestStem(t *testing.T) {
	same := [][]string{{"roster", "rosters", "rostered", "rostering"}, {"password", "passwords"}, {"book", "booking", "booked"}}
	for _, words := range same {
		for _, word := range words {
			if got, want := match.Stem(word), match.Stem(words[0]); got != want {
				t.Errorf("Stem(%q) is %q, that of %q is %q", word, got, words[0], want)
			}
		}
	}
	if match.Stem("as") != "as" || match.Stem("") != "" {
		t.Error("a short word was stemmed")
	}
}

func TestGlossary(t *testing.T) {
	g := match.NewGlossary(map[string][]string{
		"ESR":       {"esr", "electronic staff record", "e.s.r"},
		"record":    {"staff record", "record"},
		"e-RS":      {"ers", "e-rs"},
		"Teams":     {"teams", "microsoft teams"},
		"portal":    {"portal"},
		"gateway":   {"portal", "..."},
		"MFA setup": {"set up mfa"},
	})
	tests := []struct{ text, want string }{
		{"electronic staff record", "ESR"},
		{"my staff record", "record"},
		{"electronic record", "record"},
		{"electronic staff record record", "ESR record"},
		{"ESR and E.S.R.", "ESR ESR"},
		{"the e-rs", "e-RS"},
		{"in Microsoft Teams", "Teams"},
		{"portal", "gateway portal"}, // a name of two: both, always in the same order
		{"set up", ""},
		{"", ""},
	}
	for _, test := range tests {
		if got := strings.Join(g.Concepts(match.Words(test.text)), " "); got != test.want {
			t.Errorf("%q names %q, want %q", test.text, got, test.want)
		}
	}
	if !g.Knows("teams") || g.Knows("microsoft") || g.Knows("") {
		t.Error("Knows is wrong about a word")
	}
	var none *match.Glossary
	if none.Concepts([]string{"esr"}) != nil || none.Knows("esr") {
		t.Error("no glossary knows a word")
	}
}
