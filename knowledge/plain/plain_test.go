package plain

import (
	"slices"
	"strings"
	"testing"
)

// checker knows two systems and three acronyms.
func checker() *Checker {
	return New(Rules{
		Names: []string{"Employee Online", "EASY", "HealthRoster", "NHS.net Connect", "RiO", "EMIS", "my:bank", "staff record", "Teams"},
		Known: func(a string) bool { return a == "NHS" || a == "GP" || a == "COVID-19" },
	})
}

// found writes findings as "rule: where", one to a line.
func found(list []Finding) string {
	var lines []string
	for _, f := range list {
		lines = append(lines, f.Rule+": "+f.Where)
	}
	return strings.Join(lines, "\n")
}

func TestWhatFindingsSay(t *testing.T) {
	tests := []struct{ text, want string }{
		{twenty + " ten.", "This sentence has 21 words. Split it, so that each part has 20 or fewer."},
		{"Get an MFA code.", `People may not know "MFA". Say in full what it stands for, with (MFA) behind it, or add it to the glossary.`},
		{"Utilised.", `For "Utilised", try "use".`},
		{"Get additional help.", `For "additional", try "more" or "extra".`},
		{"It is important to note that it is on.", `Leave out "It is important to note that".`},
		{"It is easy.", `Leave out "easy". A person who is stuck may feel foolish.`},
		{"Click here.", `"Click here" does not say where the link goes. Use the name of the page.`},
		{"See nhs.uk for it.", `Write the name of the page, not its address "nhs.uk".`},
		{"Thank you!", `An exclamation mark can sound like shouting. Use a full stop in place of "!".`},
		{"Do it 🎉.", "Take out 🎉. An emoji is hard to follow for people who have the text read aloud."},
		{"The organisation of the pharmacy is a responsibility.", `"responsibility" is a long word. Is there a shorter one?`},
	}
	c := checker()
	for _, test := range tests {
		list := c.Check(test.text)
		if len(list) == 0 || list[0].Says != test.want {
			t.Errorf("%q: got %v, want %q", test.text, list, test.want)
		}
	}
	want := `The text reads at age 21 (grade 15.6). Aim for age 14 or less. Look for shorter words than "responsibility", "organisation" and "pharmacy".`
	list := c.Check("The organisation of the pharmacy is a responsibility.")
	if got := list[len(list)-1].Says; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestRulesOfOnesOwn(t *testing.T) {
	c := New(Rules{LongestSentence: 4, HighestGrade: 2})
	if got, want := found(c.Check("We go to the shop.")), "sentence-length: We go to the shop."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := found(c.Check("Open another paper.")), "reading-age: Open another paper."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := found(New(Rules{}).Check("The NHS.")), "acronym: The NHS."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSentences(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"", nil},
		{"# A heading\n\n...\n", nil},
		{"1. Open it. Then wait.\n- Ask {it-desk}\r\n2) Go", []string{"Open it.", "Then wait.", "Ask {it-desk}", "Go"}},
		{`Is it "digital"? Ask "who?". Then go.`, []string{`Is it "digital"?`, `Ask "who?".`, "Then go."}},
		{`They ask "why?" a lot.`, []string{`They ask "why?" a lot.`}},
		{"Use a code, e.g. 12. See Dr. Shah at 9 a.m. on Monday.", []string{"Use a code, e.g. 12.", "See Dr. Shah at 9 a.m. on Monday."}},
		{"Take 3.5 ml from NHS.net now... or later", []string{"Take 3.5 ml from NHS.net now... or later"}},
		{"open it. then wait. #3 is next", []string{"open it.", "then wait.", "#3 is next"}},
		{"#hashtag stays", []string{"#hashtag stays"}},
		{"Say: go", []string{"Say: go"}},
	}
	for _, test := range tests {
		if got := Sentences(test.text); !slices.Equal(got, test.want) {
			t.Errorf("Sentences(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestGrade(t *testing.T) {
	tests := []struct {
		text string
		want float64
	}{
		{"", 0},
		{"# Only a heading", 0},
		{"The cat sat on the mat.", 0.39*6 + 11.8 - 15.59},
		{"- The cat sat\n- on the mat", 0.39*3 + 11.8 - 15.59},
		{"Ask {it-desk}.", 0.39*3 + 11.8*3/3 - 15.59},
		{"Employee Online is down.", 0.39*3 + 11.8 - 15.59},
		{"Better paper.", 0.39*2 + 11.8*2 - 15.59},
	}
	c := checker()
	for _, test := range tests {
		if got := c.Grade(test.text); got < test.want-1e-9 || got > test.want+1e-9 {
			t.Errorf("Grade(%q) = %v, want %v", test.text, got, test.want)
		}
	}
}
