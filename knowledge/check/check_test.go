package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/check"
)

// sound gives a base of one entry with nothing to mend.
func sound() check.Base {
	e := &knowledge.Entry{
		Slug: "see-shifts", Title: "See my shifts", Strand: "skills", Topic: "rostering", Level: knowledge.Start, Review: "2027-05-31",
		Answer: "1. Open Loop on your phone.\n2. Pick the week.", Fallback: "- Ask {roster-team}.", Local: []string{"roster-team"},
		Resources: []knowledge.Resource{{Name: "Loop help", URL: "https://help.example.org/loop", Seen: knowledge.SeenPage}},
	}
	for i := range 15 {
		e.Phrasings = append(e.Phrasings, knowledge.Phrasing{Kind: knowledge.PhrasingKinds[i%5], Text: fmt.Sprintf("view my shifts in week %d", i)})
	}
	return check.Base{
		Entries:   []*knowledge.Entry{e},
		Strands:   []knowledge.Strand{{ID: "skills", Topics: []knowledge.Topic{{ID: "rostering"}}}, {ID: "boards"}},
		LocalKeys: []knowledge.LocalKey{{Key: "roster-team", Name: "your roster team"}},
		Terms: []knowledge.Term{{Name: "Loop", Kind: knowledge.SystemTerm}, {Name: "MFA", Kind: knowledge.AcronymTerm, Full: "multi-factor authentication"},
			{Name: "finalise", Kind: knowledge.WordTerm, Also: []string{"finalised"}}},
	}
}

// also adds another entry that has the words of the first, and changes it.
func also(b *check.Base, change func(e *knowledge.Entry)) {
	other := *b.Entries[0]
	other.Slug, other.Title, other.Phrasings = "swap-shift", "Swap with a colleague", slices.Clone(other.Phrasings)
	for i := range other.Phrasings {
		other.Phrasings[i].Text = fmt.Sprintf("swap with a colleague on day %d", i)
	}
	change(&other)
	b.Entries = append(b.Entries, &other)
}

func TestContent(t *testing.T) {
	first := func(b *check.Base) *knowledge.Entry { return b.Entries[0] }
	for _, test := range []struct {
		name   string
		change func(b *check.Base)
		want   string // the rules that find something, in order
	}{
		{"sound", func(b *check.Base) {}, ""},
		{"nothing", func(b *check.Base) { b.Entries = nil }, ""},
		{"no title", func(b *check.Base) { first(b).Title = " " }, "title title"},
		{"long sentence", func(b *check.Base) { first(b).Answer += strings.Repeat(" go on", 11) }, "sentence-length"},
		{"hard words", func(b *check.Base) { first(b).Answer = "Organisational documentation necessitates authorisation." }, "long-word reading-age reading-age"},
		{"unknown acronym", func(b *check.Base) { first(b).Answer += " Use your RGT." }, "acronym"},
		{"acronym of the glossary", func(b *check.Base) { first(b).Answer += " Set up MFA." }, ""},
		{"acronym spelt out", func(b *check.Base) { first(b).Answer += " Use your red gate token (RGT)." }, ""},
		{"capitals that all know", func(b *check.Base) { first(b).Answer += " Ask NHS IT how to use SUM." }, ""},
		{"jargon", func(b *check.Base) { first(b).Answer += " Utilise it." }, "jargon"},
		{"jargon that the glossary explains", func(b *check.Base) { first(b).Answer += " It is finalised." }, ""},
		{"unknown topic", func(b *check.Base) { first(b).Topic = "cooking" }, "topic"},
		{"unknown strand", func(b *check.Base) { first(b).Strand = "cooking" }, "strand"},
		{"topic of another strand", func(b *check.Base) { first(b).Strand = "boards" }, "strand"},
		{"no level", func(b *check.Base) { first(b).Level = "" }, "level"},
		{"no day", func(b *check.Base) { first(b).Review = "next May" }, "review"},
		{"next is unknown", func(b *check.Base) { first(b).Next = "cooking" }, "next"},
		{"next is itself", func(b *check.Base) { first(b).Next = "see-shifts" }, "next"},
		{"next is known", func(b *check.Base) {
			also(b, func(*knowledge.Entry) {})
			first(b).Next = "swap-shift"
		}, ""},
		{"unknown local detail", func(b *check.Base) { first(b).Local = []string{"cooks"} }, "local"},
		{"unknown local detail in the text", func(b *check.Base) { first(b).Fallback = "- Ask {cooks}." }, "local"},
		{"too few phrasings", func(b *check.Base) { first(b).Phrasings = first(b).Phrasings[:11] }, "phrasings"},
		{"a kind is missing", func(b *check.Base) {
			for i := range first(b).Phrasings {
				if p := &first(b).Phrasings[i]; p.Kind == knowledge.Slang {
					p.Kind = knowledge.Goal
				}
			}
		}, "phrasings"},
		{"a phrasing twice in an entry", func(b *check.Base) {
			first(b).Phrasings[3].Text = "View my shifts, in week 2?"
		}, "same-phrasing"},
		{"a phrasing in two entries", func(b *check.Base) {
			also(b, func(e *knowledge.Entry) { e.Phrasings[3].Text = "View my shifts in week 2!" })
		}, "same-phrasing"},
		{"same title", func(b *check.Base) { also(b, func(e *knowledge.Entry) { e.Title = "see my shifts." }) }, "same-title title"},
		{"a title that finds another entry", func(b *check.Base) {
			also(b, func(e *knowledge.Entry) { e.Title = "View shifts in week 3" })
		}, "title"},
		{"nothing is found when held out", func(b *check.Base) {
			for i := range first(b).Phrasings {
				first(b).Phrasings[i].Text = fmt.Sprintf("unlike%d", i)
			}
		}, "leave-one-out"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := sound()
			test.change(&b)
			if got := rules(check.Content(b, nil)); got != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

func rules(r check.Report) string {
	var all []string
	for _, f := range r.Findings {
		all = append(all, f.Rule)
	}
	return strings.Join(all, " ")
}

func TestLinks(t *testing.T) {
	for _, test := range []struct{ address, want string }{
		{"", ""},
		{"https://www.england.nhs.uk/a/?b=c#d", ""},
		{"http://www.england.nhs.uk", "link"},
		{"www.england.nhs.uk", "link"},
		{"https://", "link"},
		{"https://intranet", "link"},
		{"https://nhs.uk./", "link"},
		{"https://www.england.nhs.uk/a b", "link"},
		{" https://www.england.nhs.uk", "link"},
		{"https://me:secret@www.england.nhs.uk", "link"},
		{"https://%zz", "link"},
		{"mailto:help@nhs.net", "link"},
	} {
		b := sound()
		b.Entries[0].Resources[0].URL = test.address
		if got := rules(check.Content(b, nil)); got != test.want {
			t.Errorf("%q: found %q, want %q", test.address, got, test.want)
		}
	}
}

func TestSeen(t *testing.T) {
	b := sound()
	b.Entries[0].Resources[0].Seen = "yesterday"
	if got := rules(check.Content(b, nil)); got != "seen" {
		t.Errorf("found %q, want seen", got)
	}
}

func TestLandingPage(t *testing.T) {
	for _, test := range []struct {
		says    string
		landing bool
		want    string
	}{
		{"- Loop help has the steps.", true, "landing"},
		{"- The steps are on this page.", true, "landing"},
		{"- Loop help is a starting page. Look for shifts there.", true, ""},
		{"- Follow these steps in order.", true, ""},
		{"- Loop help has the steps.", false, ""},
	} {
		b := sound()
		b.Entries[0].Fallback = test.says
		b.Entries[0].Resources[0].Landing = test.landing
		if got := rules(check.Content(b, nil)); got != test.want {
			t.Errorf("%q: found %q, want %q", test.says, got, test.want)
		}
	}
}

// TestOrder: findings stand together by entry, those about the base last.
func TestOrder(t *testing.T) {
	b := sound()
	also(&b, func(e *knowledge.Entry) {
		e.Slug, e.Level, e.Next = "a-first", "", "cooking"
		for i := range e.Phrasings {
			e.Phrasings[i].Text = fmt.Sprintf("unlike%d", i)
		}
	})
	b.Entries[0].Level = ""
	b.Entries[0].Phrasings = b.Entries[0].Phrasings[:12]
	r := check.Content(b, nil)
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Slug+":"+f.Rule)
	}
	want := []string{"a-first:level", "a-first:next", "see-shifts:level", ":leave-one-out"}
	if !slices.Equal(got, want) {
		t.Errorf("findings = %v, want %v", got, want)
	}
	if r.Entries != 2 || r.Phrasings != 27 {
		t.Errorf("%d entries, %d phrasings, want 2 and 27", r.Entries, r.Phrasings)
	}
}
