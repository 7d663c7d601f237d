package knowledge_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/place"
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
		if err := saveOne(b.Context(), db, base, e); err != nil {
			b.Fatal(err)
		}
	}
}

func saveOne(ctx context.Context, db *sqldb.DB, base *knowledge.Base, e knowledge.Entry) error {
	var change knowledge.Change
	err := db.Write(ctx, func(tx *sqldb.Tx) (err error) {
		change, err = base.Save(ctx, tx, e, "bench")
		return err
	})
	if err == nil {
		base.Apply(change)
	}
	return err
}

// largePack makes up entries from a vocabulary in which, as in real ones, few words are frequent.
func largePack(n int) knowledge.Pack {
	zipf := rand.NewZipf(rand.New(rand.NewPCG(1, 1)), 1.1, 8, 5999)
	sentence := func(words int) string {
		said := make([]string, words)
		for i := range said {
			n := zipf.Uint64()
			said[i] = string([]byte{'a' + byte(n%26), 'e', 'a' + byte(n/26%26), 'o', 'a' + byte(n/676%26)}) + "ing"
		}
		return strings.Join(said, " ")
	}
	pack := knowledge.Pack{ID: "large", Version: "1", Places: []place.Place{{ID: "england", Kind: "nation", Name: "England"}}}
	for i := range n {
		e := knowledge.Entry{Slug: fmt.Sprintf("entry-%05d", i), Kind: knowledge.HowTo, Title: sentence(5), Answer: sentence(80)}
		for range 8 {
			e.Phrasings = append(e.Phrasings, knowledge.Phrasing{Text: sentence(8)})
		}
		pack.Entries = append(pack.Entries, e)
	}
	return pack
}
