package bot_test

import (
	"testing"

	"signpost/bot/people"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/starter"
)

// TestAFormSentBackUntouchedChangesNothing opens the form of every entry of the starter base and sends it as it is, and the
// second form of each: what stands in a form is what was meant, and what does not fit is refused and not cut.
func TestAFormSentBackUntouchedChangesNothing(t *testing.T) {
	h := curators(t)
	h.noApproval()
	h.grant(cara, people.Curator, "england")
	h.grant(cara, people.Curator, "royal")
	pack, err := starter.Pack()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.base.Install(t.Context(), pack); err != nil {
		t.Fatal(err)
	}
	tooLong := 0
	for _, e := range pack.Entries {
		form := h.types(cara, "edit "+e.Slug)
		if form.Form == nil {
			h.reads(form, "is too long to change in a form")
			tooLong++
			continue
		}
		h.reads(h.fills(cara, form), "Nothing was changed.")
	}
	if most := len(pack.Entries) / 20; tooLong > most {
		t.Errorf("%d entries of %d do not fit into the form", tooLong, len(pack.Entries))
	}
	if n := h.count(`SELECT COUNT(*) FROM draft`); n != 0 {
		t.Errorf("%d drafts were made of nothing", n)
	}
}

// TestTheSecondFormKeepsTheRest saves the second form of a draft untouched: the entry is the one of the draft.
func TestTheSecondFormKeepsTheRest(t *testing.T) {
	h := curators(t)
	h.grant(cara, people.Curator, "england")
	full := knowledge.Entry{Slug: "full", Place: "england", Title: "All of it", Answer: "1. A.", Fallback: "- B.", Kind: knowledge.HowTo, Topic: "everyday", Strand: "skills", Domain: "TLS",
		Level: knowledge.Confident, Audience: []knowledge.Role{"nurses", "care-workers"}, Systems: []string{"e-RS", "CareFlow"}, Owner: "Us", Review: "2027-05-31", Next: "printer", Local: []string{"roster-team"},
		Phrasings: []knowledge.Phrasing{{Kind: knowledge.Goal, Text: "do all of it: now"}, {Kind: knowledge.Symptom, Text: "it is not all"}},
		Resources: []knowledge.Resource{{Name: "A | B", URL: "https://a.example.org/?a=1|2", Owner: "A", Cost: "free", Access: "open web", Seen: knowledge.SeenPage, Landing: true}, {Name: "A leaflet", Kind: "document"}}}
	h.writes(func(tx *sqldb.Tx) error {
		_, err := h.base.Edit(t.Context(), tx, full, knowledge.Act{By: "test"})
		return err
	})
	h.reads(h.fills(cara, h.types(cara, "edit full")), "Nothing was changed.")
	saved := h.fills(cara, h.types(cara, "edit full"), "answer", "1. Another.")
	h.fills(cara, h.picks(cara, saved, "More about it"))
	p, err := h.base.Draft(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	full.Answer, full.State, p.Entry.State = "1. Another.", "", ""
	if !knowledge.Alike(p.Entry, full) {
		t.Errorf("the draft is %+v", p.Entry)
	}
}
