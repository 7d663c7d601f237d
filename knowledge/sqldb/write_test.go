package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"signpost/knowledge/sqldb"
)

// Writes that come together share a commit, and each still stands or falls by itself: every fifth here fails, panics or
// has no time left.
func TestWritesTogetherStandAlone(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "base.db"))
	refused := errors.New("refused")
	var done sync.WaitGroup
	var stood atomic.Int64
	for i := range 500 {
		done.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			defer func() {
				if p := recover(); p != nil && p != any(refused) {
					t.Errorf("write %d panicked with %v", i, p)
				}
			}()
			err := db.Write(ctx, func(tx *sqldb.Tx) error {
				if err := tx.Record(ctx, "tester", fmt.Sprint(i), "", ""); err != nil {
					return err
				}
				switch i % 15 {
				case 0:
					return refused
				case 5:
					panic(refused)
				case 10:
					cancel()
				}
				return nil
			})
			if want := i%5 != 0; (err == nil) != want {
				t.Errorf("write %d: %v", i, err)
			}
			if err == nil {
				stood.Add(1)
			}
		})
	}
	done.Wait()
	if got := count(t, db, `SELECT COUNT(*) FROM audit`); got != 400 || stood.Load() != 400 {
		t.Errorf("%d rows and %d writes stood, want 400", got, stood.Load())
	}
	if got := count(t, db, `SELECT COUNT(*) FROM audit WHERE CAST(what AS INTEGER) % 5 = 0`); got != 0 {
		t.Errorf("%d rows of failed writes stand", got)
	}
}

// Who waits for the turn and gives up neither writes nor keeps others from their commit.
func TestGivingUpTheWaitHoldsNobodyUp(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "base.db"))
	for round := range 100 {
		var done sync.WaitGroup
		for i := range 4 {
			done.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i*round)*time.Microsecond*10)
				defer cancel()
				db.Write(ctx, func(tx *sqldb.Tx) error { return tx.Record(t.Context(), "brief", "", "", "") })
			})
			done.Go(func() {
				if err := db.Write(t.Context(), func(tx *sqldb.Tx) error { return tx.Record(t.Context(), "patient", "", "", "") }); err != nil {
					t.Error(err)
				}
			})
		}
		done.Wait()
	}
	if got := count(t, db, `SELECT COUNT(*) FROM audit WHERE who = 'patient'`); got != 400 {
		t.Errorf("%d patient writes stand, want 400", got)
	}
}

// While another process writes, a write waits no longer than its context.
func TestBusyFileIsGivenUpInTime(t *testing.T) {
	file := filepath.Join(t.TempDir(), "base.db")
	here, there := open(t, file), open(t, file)
	err := here.Write(t.Context(), func(*sqldb.Tx) error {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		err := there.Write(ctx, func(*sqldb.Tx) error { return nil })
		if err == nil {
			t.Error("two processes wrote at once")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if err := there.Write(t.Context(), func(*sqldb.Tx) error { return nil }); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func BenchmarkWriteTogether(b *testing.B) {
	db, err := sqldb.Open(b.Context(), filepath.Join(b.TempDir(), "base.db"), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for _, writers := range []int{1, 32} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			b.SetParallelism(writers)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if err := db.Write(b.Context(), func(tx *sqldb.Tx) error { return tx.Record(b.Context(), "b", "", "", "") }); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
