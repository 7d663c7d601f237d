package knowledge_test

import (
	"slices"
	"strings"
	"testing"

	"signpost/knowledge"
)

func slugsOf(entries []*knowledge.Entry) string {
	var slugs []string
	for _, e := range entries {
		slugs = append(slugs, e.Slug)
	}
	return strings.Join(slugs, " ")
}

func TestEntriesAreListedByTopicAndTitle(t *testing.T) {
	h := newHouse(t)
	if got, want := slugsOf(h.base.Snapshot().Entries("royal")), "reset-password see-shifts swap-shift"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAllListsEveryPlace(t *testing.T) {
	h := newHouse(t)
	h.save(knowledge.Entry{Slug: "see-shifts", Place: "royal", Answer: "1. Royal's."},
		knowledge.Entry{Slug: "draft", Title: "Draft", Answer: "1. Later.", State: knowledge.Draft})
	var got []string
	for _, e := range h.base.Snapshot().All() {
		got = append(got, e.Slug+"@"+e.Place)
	}
	want := []string{"draft@england", "reset-password@england", "see-shifts@england", "see-shifts@royal", "swap-shift@england"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTopicAndLocalKey(t *testing.T) {
	s := newHouse(t).base.Snapshot()
	if topic, strand, ok := s.Topic("logins"); !ok || topic.Name != "Logins" || strand.ID != "skills" {
		t.Errorf("got %v, %v, %v", topic, strand, ok)
	}
	if _, _, ok := s.Topic("nothing"); ok {
		t.Error("an unknown topic was found")
	}
	if k, ok := s.LocalKey("it-desk"); !ok || k.Name != "your IT desk" {
		t.Errorf("got %v, %v", k, ok)
	}
	if _, ok := s.LocalKey("nothing"); ok {
		t.Error("an unknown key was found")
	}
}

func TestShared(t *testing.T) {
	tests := []struct {
		asked string
		want  bool
	}{
		{"portal", true},
		{"The Portal?", true},
		{"how do i use my portal", true},
		{"what is the portal", true},
		{"web portal", true},
		{"gateway", true},
		{"portle", true},
		{"portal password", false},
		{"rota", false},
		{"how do i", false},
		{"", false},
	}
	s := newHouse(t).base.Snapshot()
	for _, test := range tests {
		got := s.Shared(test.asked)
		if test.want != slices.Equal(got, []string{"see-shifts", "reset-password"}) || !test.want && got != nil {
			t.Errorf("Shared(%q) is %v", test.asked, got)
		}
	}
}

func TestForRole(t *testing.T) {
	h := newHouse(t)
	entry := func(slug string, level knowledge.Level, audience ...knowledge.Role) knowledge.Entry {
		return knowledge.Entry{Slug: slug, Title: slug, Answer: "1.", Level: level, Audience: audience}
	}
	h.save(
		entry("b-nurses-confident", knowledge.Confident, "nurses"),
		entry("c-nurses-start", knowledge.Start, "nurses"),
		entry("a-nurses-and-doctors", knowledge.Start, "doctors", "nurses"),
		entry("d-everyone", knowledge.Start, knowledge.AllStaff),
		entry("e-doctors", knowledge.Start, "doctors"),
	)
	s := h.base.Snapshot()
	if got, want := slugsOf(s.ForRole("nurses", "")), "c-nurses-start b-nurses-confident a-nurses-and-doctors"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := slugsOf(s.ForRole("porters", "")); got != "" {
		t.Errorf("got %s for a role nothing is written for", got)
	}
}

func TestEntryFor(t *testing.T) {
	tests := []struct {
		audience []knowledge.Role
		role     knowledge.Role
		want     bool
	}{
		{nil, "nurses", true},
		{[]knowledge.Role{knowledge.AllStaff}, "nurses", true},
		{[]knowledge.Role{"doctors", "nurses"}, "nurses", true},
		{[]knowledge.Role{"doctors"}, "nurses", false},
		{[]knowledge.Role{"doctors"}, "", true},
	}
	for _, test := range tests {
		e := knowledge.Entry{Audience: test.audience}
		if got := e.For(test.role); got != test.want {
			t.Errorf("an entry for %v is for %q: %v", test.audience, test.role, got)
		}
	}
}

func TestRoleIsPreferred(t *testing.T) {
	h := newHouse(t)
	for _, role := range []knowledge.Role{"nurses", "doctors"} {
		h.save(knowledge.Entry{Slug: "record-for-" + string(role), Title: "Open the record", Answer: "1. Open it.", Audience: []knowledge.Role{role}})
	}
	for _, role := range []knowledge.Role{"nurses", "doctors"} {
		got := h.base.Snapshot().Match(knowledge.Question{Text: "open the record", Role: role}, 1)
		if len(got) != 1 || got[0].Slug() != "record-for-"+string(role) {
			t.Errorf("%s find %v", role, got)
		}
	}
}

func TestSolved(t *testing.T) {
	h := newHouse(t)
	for _, s := range []struct{ slug, title string }{
		{"a-wards", "Bedside tablets on wards"}, {"b-letters", "Letters without paper"}, {"c-scribe", "A scribe in clinics"}} {
		h.save(knowledge.Entry{Slug: s.slug, Title: s.title, Kind: knowledge.SolvedHere, Answer: "1. Ask them.",
			Solved: &knowledge.Solved{Organisation: "Somewhere", Did: s.title}})
	}
	s := h.base.Snapshot()
	if got, want := slugsOf(s.Solved("", "")), "c-scribe a-wards b-letters"; got != want {
		t.Errorf("without a question: got %s, want %s", got, want)
	}
	if got := slugsOf(s.Solved("who has got rid of paper letters", "")); !strings.HasPrefix(got, "b-letters ") || len(strings.Fields(got)) != 3 {
		t.Errorf("nearest first: got %s", got)
	}
	if got, want := slugsOf(s.Solved("zorbly", "")), "c-scribe a-wards b-letters"; got != want {
		t.Errorf("with a question nothing fits: got %s, want %s", got, want)
	}
}

func TestFindTitle(t *testing.T) {
	tests := []struct {
		typed string
		n     int
		want  string
	}{
		{"reset", 5, "reset-password"},
		{"rstpw", 5, "reset-password"},
		{"shift", 1, "swap-shift"},
		{"zzz", 5, ""},
		{"", 5, ""},
		{"shift", 0, ""},
	}
	s := newHouse(t).base.Snapshot()
	for _, test := range tests {
		if got := slugsOf(s.FindTitle(test.typed, "", test.n)); got != test.want {
			t.Errorf("FindTitle(%q, %d) is %q, want %q", test.typed, test.n, got, test.want)
		}
	}
}

func TestLocalKeysOfAnEntry(t *testing.T) {
	e := knowledge.Entry{Local: []string{"it-desk"}, Answer: "Ask {roster-team} or {it-desk}. {", Fallback: "Ask {library}. Not } {open"}
	if got, want := e.LocalKeys(), []string{"it-desk", "roster-team", "library"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if len(e.Local) != 1 {
		t.Error("the entry itself was changed")
	}
}

func TestTitleStems(t *testing.T) {
	e := knowledge.Entry{Title: "How do I request annual leave"}
	got := e.TitleStems()
	if !got["request"] || !got["annual"] || !got["leav"] || got["how"] || got["i"] {
		t.Errorf("got %v", got)
	}
}
