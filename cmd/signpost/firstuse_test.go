package main

import (
	"path/filepath"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// TestFirstUseOfTwoAtOnce: a process that opened a new file, and found that another had put the starter base in meanwhile,
// answers from that.
func TestFirstUseOfTwoAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "base.db")
	db, err := sqldb.Open(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	base, err := knowledge.Open(t.Context(), db, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s := signpost(t, file, "place", "list"); s.code != 0 { // the other process
		t.Fatal(s.err)
	}
	if err := install(t.Context(), base); err != nil {
		t.Fatal(err)
	}
	if n := len(base.Snapshot().Entries("")); n < 100 {
		t.Errorf("it knows %d entries", n)
	}
}
