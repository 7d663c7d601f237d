package main

import (
	"errors"
	"path/filepath"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/starter"
)

// smallFile is a file with three entries in place of the starter base, and these saved questions: a base that is
// opened and learnt at once.
func smallFile(t *testing.T, golden ...knowledge.Golden) string {
	t.Helper()
	id, version, err := starter.Version()
	if err != nil {
		t.Fatal(err)
	}
	pack := knowledge.Pack{
		ID: id, Version: version, Golden: golden,
		Places: []place.Place{
			{ID: "england", Kind: place.Nation, Name: "England"},
			{ID: "london", Parent: "england", Kind: place.Region, Name: "London"},
		},
		Strands:   []knowledge.Strand{{ID: "skills", Name: "Skills", Topics: []knowledge.Topic{{ID: "daily", Name: "Every day"}}}},
		LocalKeys: []knowledge.LocalKey{{Key: "it-desk", Name: "your IT desk"}, {Key: "payroll", Name: "your payroll team"}},
		Entries: []knowledge.Entry{
			smallEntry("smartcard-unlock", "Unlock a smartcard", "my smartcard is locked", "smartcard blocked after three tries"),
			smallEntry("see-payslip", "See my payslip", "where is my payslip", "how much was i paid"),
			smallEntry("teams-join", "Join a video call", "the video call does not start", "join a meeting by link"),
		},
	}
	file := filepath.Join(t.TempDir(), "signpost.db")
	db, err := sqldb.Open(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	base, err := knowledge.Open(t.Context(), db, nil)
	if err == nil {
		err = base.Install(t.Context(), pack)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return file
}

func smallEntry(slug, title string, phrasings ...string) knowledge.Entry {
	e := knowledge.Entry{Slug: slug, Title: title, Kind: knowledge.HowTo, Topic: "daily", Strand: "skills", Answer: "1. Open it."}
	for _, p := range phrasings {
		e.Phrasings = append(e.Phrasings, knowledge.Phrasing{Kind: knowledge.Goal, Text: p})
	}
	return e
}

// golden is a saved question; slug "" means that no entry answers it.
func golden(text, slug string) knowledge.Golden {
	g := knowledge.Golden{Text: text}
	if slug != "" {
		g.Slug = &slug
	}
	return g
}
