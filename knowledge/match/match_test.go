package match_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"signpost/knowledge/match"
)

var smallGlossary = match.NewGlossary(map[string][]string{
	"roster": {"roster", "rota", "off duty"},
	"payday": {"payslip", "wage slip"},
})

func smallIndex() *match.Index {
	return index(smallGlossary,
		match.Doc{ID: "shifts", Title: "See my shifts", Phrasings: []string{"where is my roster", "when am i working"}, Answer: "Open the calendar."},
		match.Doc{ID: "password", Title: "Reset my password", Phrasings: []string{"locked out of windows", "forgot my password"}, Answer: "Ring the desk."},
		match.Doc{ID: "payslip", Title: "Find my payslip", Phrasings: []string{"where is my payslip", "how much was i paid"}, Answer: "Open the record."},
		match.Doc{ID: "smartcard", Title: "Unlock my smartcard", Phrasings: []string{"smartcard is blocked", "card reader light is red"}, Systems: []string{"CIS2"}},
		match.Doc{ID: "untitled", Phrasings: []string{"scan a paper letter"}},
	)
}

func index(g *match.Glossary, docs ...match.Doc) *match.Index {
	var analysed []*match.Document
	for _, doc := range docs {
		analysed = append(analysed, match.Analyse(doc, g))
	}
	return match.NewIndex(analysed, g)
}

func ids(hits []match.Hit) string {
	var ids []string
	for _, h := range hits {
		ids = append(ids, h.ID)
	}
	return strings.Join(ids, " ")
}

func TestMatchRanksTheRightOneFirst(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"its title", "Reset my password", "password"},
		{"its phrasing", "when am i working", "shifts"},
		{"other words of it", "i forgot the password for windows", "password"},
		{"a stem", "passwords", "password"},
		{"a glossary name", "rota", "shifts"},
		{"a glossary name of two words", "whats my off duty", "shifts"},
		{"a system", "cis2", "smartcard"},
		{"its answer alone", "calendar", "shifts"},
		{"no title", "scan letter", "untitled"},
		{"a letter missing", "pasword", "password"},
		{"a letter too many", "passwoord", "password"},
		{"a letter changed", "passwird", "password"},
		{"letters swapped", "passwrod", "password"},
		{"split in two", "pass word", "password"},
		{"run together", "resetpassword", "password"},
		{"accents", "pâsswörd", "password"},
	}
	x := smallIndex()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			hits := x.Match(match.Query{Text: test.text}, 3)
			if len(hits) == 0 || hits[0].ID != test.want {
				t.Errorf("%q finds %q, want %s first", test.text, ids(hits), test.want)
			}
		})
	}
}

func TestMatchFindsNothing(t *testing.T) {
	x := smallIndex()
	for _, text := range []string{"", "   ", "???", "🙂", "xyzzy", "病院", "\x00\xff", "crad"} {
		if hits := x.Match(match.Query{Text: text}, 3); len(hits) != 0 && text != "crad" {
			t.Errorf("%q finds %s", text, ids(hits))
		}
	}
	if hits := x.Match(match.Query{Text: "password"}, 0); len(hits) != 0 {
		t.Errorf("asked for none, got %s", ids(hits))
	}
	empty := match.NewIndex(nil, nil)
	if hits := empty.Match(match.Query{Text: "password", Before: "roster"}, 3); len(hits) != 0 || empty.Len() != 0 {
		t.Errorf("an empty index finds %s", ids(hits))
	}
	if hits := index(nil, match.Doc{ID: "blank"}).Match(match.Query{Text: "password"}, 3); len(hits) != 0 {
		t.Errorf("a document without words is found: %s", ids(hits))
	}
}

func TestSpellingLeavesAlone(t *testing.T) {
	x := index(nil,
		match.Doc{ID: "esr", Title: "esr"},
		match.Doc{ID: "m365", Title: "m365 licence"},
		match.Doc{ID: "hello", Title: "windows hello"},
		match.Doc{ID: "ward", Title: "ward"},
		match.Doc{ID: "words", Title: "word"},
		match.Doc{ID: "kanji", Title: "病院"},
	)
	tests := []struct{ name, text, want string }{
		{"a short word", "esx", ""},
		{"a short word in other letters", "病気", ""},
		{"a word with digits", "m356", ""},
		{"a word of the base that is near another", "ward", "ward"},
		{"two edits", "lisense", ""},
		{"one edit", "lisence", "m365"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := ids(x.Match(match.Query{Text: test.text}, 3)); got != test.want {
				t.Errorf("%q finds %q, want %q", test.text, got, test.want)
			}
		})
	}
}

func TestSpellingTakesTheMoreUsualWord(t *testing.T) {
	x := index(nil, match.Doc{ID: "a", Title: "rotas"}, match.Doc{ID: "b", Title: "rotab"}, match.Doc{ID: "c", Title: "rotas again"})
	if hits := x.Match(match.Query{Text: "rotax"}, 3); ids(hits) != "a c" {
		t.Errorf("got %s, want the documents with the word that more have", ids(hits))
	}
}

func TestRepair(t *testing.T) {
	tests := []struct{ text, want string }{
		{"I forgot my Pasword!", "I forgot my password!"},
		{"resetpassword, please", "reset password, please"},
		{"Where is my ROSTER?", "Where is my ROSTER?"},
		{"病気 🙂  two  spaces\n", "病気 🙂  two  spaces\n"},
		{"", ""},
	}
	x := smallIndex()
	for _, test := range tests {
		if got := x.Repair(test.text, nil); got != test.want {
			t.Errorf("Repair(%q) is %q, want %q", test.text, got, test.want)
		}
	}
	real := func(word string) bool { return word == "pasword" }
	if got := x.Repair("pasword", real); got != "pasword" {
		t.Errorf("a word that is real was mended to %q", got)
	}
}

func TestMatchIsAlwaysTheSame(t *testing.T) {
	// A name of 40 concepts, each of another weight: sums in another order would differ in the last bit.
	names := map[string][]string{}
	for i := range 40 {
		names[fmt.Sprint("concept", i)] = []string{"portal", fmt.Sprint("name", i)}
	}
	var docs []match.Doc
	for i := range 60 {
		docs = append(docs, match.Doc{ID: fmt.Sprintf("%02d", i), Title: fmt.Sprint("screen of ward ", i%7), Phrasings: []string{fmt.Sprint("name", i*i%37, " please"), fmt.Sprint("open name", i%11)}})
	}
	query := match.Query{Text: "open the portal for ward 3 name7 plaese", Before: "name3 and the portal"}
	show := func() string {
		g := match.NewGlossary(names)
		var all strings.Builder
		for _, h := range index(g, docs...).Match(query, 20) {
			fmt.Fprintln(&all, h.ID, math.Float64bits(h.Score), math.Float64bits(h.Probability), h.Why())
		}
		return all.String()
	}
	want := show()
	for range 10 {
		if got := show(); got != want {
			t.Fatalf("got\n%s\nbefore\n%s", got, want)
		}
	}
}

func TestMatchInManyGoroutines(t *testing.T) {
	x := smallIndex()
	want := fmt.Sprint(ids(x.Match(match.Query{Text: "forgot my roster password"}, 5)))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				if got := ids(x.Match(match.Query{Text: "forgot my roster password"}, 5)); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				x.Match(match.Query{Text: "scan a smartcard"}, 2)
			}
		})
	}
	group.Wait()
}

func TestHitsAreInOrder(t *testing.T) {
	hits := smallIndex().Match(match.Query{Text: "where is my password for windows on the card reader"}, 10)
	if len(hits) < 3 {
		t.Fatalf("got only %s", ids(hits))
	}
	for i, h := range hits {
		if h.Probability < 0 || h.Probability > 1 {
			t.Errorf("%s has the probability %v", h.ID, h.Probability)
		}
		for _, signal := range h.Signals {
			if signal < 0 || signal > 1.0001 { // a little over is rounding
				t.Errorf("%s has signals out of their range: %v", h.ID, h.Signals)
			}
		}
		if i > 0 && (h.Score > hits[i-1].Score || h.Probability > hits[i-1].Probability) {
			t.Errorf("%s stands after one that is worse", h.ID)
		}
	}
}

func TestAcceptLeavesOut(t *testing.T) {
	x := smallIndex()
	query := match.Query{Text: "where is my payslip", Accept: func(id string) bool { return id != "payslip" }}
	if hits := x.Match(query, 5); len(hits) == 0 || strings.Contains(ids(hits), "payslip") {
		t.Errorf("got %s", ids(hits))
	}
	query.Accept = func(string) bool { return false }
	if hits := x.Match(query, 5); len(hits) != 0 {
		t.Errorf("got %s where nothing is accepted", ids(hits))
	}
	if hits := x.Match(match.Query{Text: "where is my payslip"}, 1); ids(hits) != "payslip" {
		t.Errorf("what one query left out is missing in the next: %s", ids(hits))
	}
}

func TestPreferDecidesBetweenEquals(t *testing.T) {
	x := index(nil, match.Doc{ID: "a", Title: "open the record"}, match.Doc{ID: "b", Title: "open the record"}, match.Doc{ID: "c", Title: "close it"})
	for _, want := range []string{"a", "b"} {
		hits := x.Match(match.Query{Text: "open the record", Prefer: func(id string) bool { return id == want }}, 2)
		if hits[0].ID != want || !hits[0].Preferred || hits[1].Preferred {
			t.Errorf("preferring %s gives %s", want, ids(hits))
		}
	}
	hits := x.Match(match.Query{Text: "open the record", Prefer: func(id string) bool { return id == "c" }}, 2)
	if hits[0].ID == "c" {
		t.Error("preference alone put an entry first")
	}
}

func TestBeforeHelpsAQuestionThatSaysLittle(t *testing.T) {
	x := index(nil,
		match.Doc{ID: "loop-phone", Title: "Use Loop on my phone"},
		match.Doc{ID: "mail-phone", Title: "Use email on my phone"},
		match.Doc{ID: "loop-web", Title: "Use Loop in a browser"},
	)
	for before, want := range map[string]string{"how do i get loop": "loop-phone", "how do i get email": "mail-phone"} {
		if hits := x.Match(match.Query{Text: "and on my phone?", Before: before}, 1); ids(hits) != want {
			t.Errorf("after %q it finds %s, want %s", before, ids(hits), want)
		}
	}
	if hits := x.Match(match.Query{Text: "email", Before: "loop"}, 1); ids(hits) != "mail-phone" {
		t.Errorf("the turn before won over the question: %s", ids(hits))
	}
}

func TestWhy(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"i forgot my password", []string{"shares the words forgot, password", `nearest phrasing: "forgot my password"`}},
		{"reset my password", []string{`nearest phrasing: "Reset my password"`}},
		{"forgot pasword", []string{"shares the words forgot, password", `"pasword" read as "password"`}},
		{"forgot pass word", []string{`"pass word" read as "password"`}},
		{"resetpassword", []string{"shares the words reset, password", `"resetpassword" read as "reset password"`}},
		{"password password", []string{"shares the words password;"}},
		{"my rota", []string{`nearest phrasing: "where is my roster"`}},
		{"scan letter", []string{`nearest phrasing: "scan a paper letter"`}},
	}
	x := smallIndex()
	for _, test := range tests {
		hits := x.Match(match.Query{Text: test.text}, 1)
		if len(hits) == 0 {
			t.Errorf("%q finds nothing", test.text)
			continue
		}
		for _, want := range test.want {
			if got := hits[0].Why(); !strings.Contains(got, want) {
				t.Errorf("%q: why is %q, want it to say %s", test.text, got, want)
			}
		}
	}
	if got := (match.Hit{}).Why(); got != "" {
		t.Errorf("a hit of nothing says %q", got)
	}
}

func TestDocumentsAreKept(t *testing.T) {
	g := smallGlossary
	kept := match.Analyse(match.Doc{ID: "kept", Title: "See my shifts"}, g)
	first := match.NewIndex([]*match.Document{kept, match.Analyse(match.Doc{ID: "old", Title: "Print a poster"}, g)}, g)
	second := match.NewIndex([]*match.Document{kept, match.Analyse(match.Doc{ID: "new", Title: "Scan a letter"}, g)}, g)
	for text, want := range map[string][]string{"shifts": {"kept", "kept"}, "poster": {"old", ""}, "letter": {"", "new"}} {
		got := []string{ids(first.Match(match.Query{Text: text}, 1)), ids(second.Match(match.Query{Text: text}, 1))}
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	if kept.ID() != "kept" || first.Len() != 2 {
		t.Error("the documents changed")
	}
}

func FuzzMatch(f *testing.F) {
	for _, seed := range []string{"where is my rota", "", "pasword", "pass word", "e-", "-", "\xff\x00", "病院", "🙂", "مرحبا", "a\u0301", "ﷺ", "''''", "yyyy ying ies",
		strings.Repeat("a", 5000), strings.Repeat("skis ", 900), "\u00ad", "İstanbul ß"} {
		f.Add(seed, "")
		f.Add("password", seed)
	}
	x := smallIndex()
	f.Fuzz(func(t *testing.T, text, before string) {
		hits := x.Match(match.Query{Text: text, Before: before}, 3)
		again := x.Match(match.Query{Text: text, Before: before}, 3)
		if len(hits) != len(again) {
			t.Fatalf("got %s, then %s", ids(hits), ids(again))
		}
		for i, h := range hits {
			if h.ID != again[i].ID || h.Score != again[i].Score || h.Why() != again[i].Why() {
				t.Fatalf("got %s, then %s", ids(hits), ids(again))
			}
			if p := h.Probability; math.IsNaN(p) || p < 0 || p > 1 {
				t.Fatalf("%s has the probability %v", h.ID, p)
			}
		}
		x.Repair(text, nil)
		doc := match.Analyse(match.Doc{ID: "x", Title: text, Phrasings: []string{before}, Answer: text, Systems: []string{before}}, smallGlossary)
		match.NewIndex([]*match.Document{doc}, smallGlossary).Match(match.Query{Text: before}, 1)
	})
}
