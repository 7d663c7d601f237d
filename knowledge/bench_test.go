package knowledge_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// BenchmarkOpen opens a file with 20,000 made-up entries of 8 phrasings each: what a start costs.
func BenchmarkOpen(b *testing.B) {
	db, err := sqldb.Open(b.Context(), filepath.Join(b.TempDir(), "large.db"), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	base, err := knowledge.Open(b.Context(), db, nil)
	if err != nil {
		b.Fatal(err)
	}
	if err := base.Install(b.Context(), largePack(20000)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := knowledge.Open(b.Context(), db, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkApplyLarge saves one changed entry of 20,000 and answers from it.
func BenchmarkApplyLarge(b *testing.B) {
	db, err := sqldb.Open(b.Context(), filepath.Join(b.TempDir(), "large.db"), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	base, err := knowledge.Open(b.Context(), db, nil)
	if err != nil {
		b.Fatal(err)
	}
	pack := largePack(20000)
	if err := base.Install(b.Context(), pack); err != nil {
		b.Fatal(err)
	}
	e := pack.Entries[7]
	e.Place, e.State = "england", knowledge.Live
	for i := 0; b.Loop(); i++ {
		e.Title = fmt.Sprintf("%s %d", pack.Entries[7].Title, i)
		if err := knowledge.SaveOne(b.Context(), db, base, e); err != nil {
			b.Fatal(err)
		}
	}
}

func largePack(n int) knowledge.Pack { return knowledge.MadeUpPack(n) }
