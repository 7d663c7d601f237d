package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"signpost/knowledge/sqldb"
)

var clock = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func open(t *testing.T, file string) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), file, func() time.Time { return clock })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func count(t *testing.T, db *sqldb.DB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := db.Read().QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// pragmasOf reads the pragmas of one connection.
func pragmasOf(t *testing.T, conn interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) []string {
	t.Helper()
	values := []string{}
	for _, name := range []string{"journal_mode", "synchronous", "busy_timeout", "foreign_keys", "secure_delete", "query_only"} {
		var value string
		if err := conn.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&value); err != nil {
			t.Fatal(err)
		}
		values = append(values, name+"="+value)
	}
	return values
}

func TestPragmasHoldOnEveryConnection(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "base.db"))
	t.Run("writer", func(t *testing.T) {
		want := []string{"journal_mode=wal", "synchronous=2", "busy_timeout=200", "foreign_keys=1", "secure_delete=1", "query_only=0"}
		for range 2 { // the one connection, and the same again
			err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
				if got := pragmasOf(t, tx); !slices.Equal(got, want) {
					t.Errorf("got %v, want %v", got, want)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("readers, all at once", func(t *testing.T) {
		var conns []*sql.Conn
		for range db.Read().Stats().MaxOpenConnections {
			conn, err := db.Read().Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			conns = append(conns, conn)
		}
		if len(conns) < 4 {
			t.Errorf("the pool has %d connections, want 4 at least", len(conns))
		}
		for i, conn := range conns {
			got := pragmasOf(t, conn)
			for _, want := range []string{"journal_mode=wal", "busy_timeout=5000", "query_only=1"} {
				if !slices.Contains(got, want) {
					t.Errorf("connection %d has %v, want %s", i, got, want)
				}
			}
			if _, err := conn.ExecContext(t.Context(), `UPDATE revision SET number = 99`); err == nil {
				t.Errorf("connection %d, meant for reading, could write", i)
			}
		}
	})
}

func TestWrite(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "base.db"))
	insert := func(tx *sqldb.Tx, what string) {
		if err := tx.Record(t.Context(), "tester", what, "", ""); err != nil {
			t.Fatal(err)
		}
	}
	refused := errors.New("refused")
	tests := []struct {
		name string
		end  func() error
		want int
	}{
		{"commits", func() error { return nil }, 1},
		{"rolls back on an error", func() error { return refused }, 0},
		{"rolls back on a panic", func() error { panic(refused) }, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			func() {
				defer func() { recover() }()
				err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
					insert(tx, test.name)
					return test.end()
				})
				if test.want == 0 && !errors.Is(err, refused) {
					t.Errorf("got the error %v, want %v", err, refused)
				}
			}()
			if got := count(t, db, `SELECT COUNT(*) FROM audit WHERE what = $1`, test.name); got != test.want {
				t.Errorf("got %d rows, want %d", got, test.want)
			}
		})
	}
	if err := db.Write(t.Context(), func(tx *sqldb.Tx) error { insert(tx, "after"); return nil }); err != nil {
		t.Errorf("the writer was not given back: %v", err)
	}
}

func TestWriteWithoutTimeLeftChangesNothing(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "base.db"))
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Write(ctx, func(tx *sqldb.Tx) error {
		if err := tx.Record(ctx, "tester", "late", "", ""); err != nil {
			return err
		}
		cancel()
		return nil
	})
	if err == nil {
		t.Error("a write whose context had ended was committed")
	}
	if got := count(t, db, `SELECT COUNT(*) FROM audit`); got != 0 {
		t.Errorf("got %d rows, want none", got)
	}
}

func TestRecord(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "base.db"))
	err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
		if !tx.Now().Equal(clock) {
			t.Errorf("the transaction's time is %v, want %v", tx.Now(), clock)
		}
		return tx.Record(t.Context(), "sam", "entry live x", "1", "2")
	})
	if err != nil {
		t.Fatal(err)
	}
	var at int64
	var who, what, before, after string
	row := db.Read().QueryRowContext(t.Context(), `SELECT at, who, what, before, after FROM audit`)
	if err := row.Scan(&at, &who, &what, &before, &after); err != nil {
		t.Fatal(err)
	}
	if at != clock.UnixMilli() || who != "sam" || what != "entry live x" || before != "1" || after != "2" {
		t.Errorf("got %d %q %q %q %q", at, who, what, before, after)
	}
}

func TestRevisionRisesForEverybody(t *testing.T) {
	file := filepath.Join(t.TempDir(), "base.db")
	here, there := open(t, file), open(t, file)
	for want := int64(1); want <= 3; want++ {
		err := here.Write(t.Context(), func(tx *sqldb.Tx) error {
			got, err := tx.Raise(t.Context())
			if got != want {
				t.Errorf("raised to %d, want %d", got, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := there.Revision(t.Context()); err != nil || got != want {
			t.Errorf("the other handle reads %d, %v, want %d", got, err, want)
		}
	}
	here.Write(t.Context(), func(tx *sqldb.Tx) error {
		tx.Raise(t.Context())
		return errors.New("refused")
	})
	if got, err := there.Revision(t.Context()); err != nil || got != 3 {
		t.Errorf("after a roll back the revision is %d, %v, want 3", got, err)
	}
}

func TestIsTaken(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "base.db"))
	const place = `INSERT INTO place (id, parent, kind, name, ods) VALUES ($1, $2, 'nation', 'name', $3)`
	tests := []struct {
		name  string
		query string
		args  []any
		want  bool
	}{
		{"a new row", place, []any{"first", nil, "A1"}, false},
		{"the same primary key", place, []any{"first", nil, ""}, true},
		{"the same unique key", place, []any{"second", nil, "A1"}, true},
		{"a missing parent", place, []any{"third", "nowhere", ""}, false},
		{"a missing value", place, []any{"fourth", nil, nil}, false},
		{"a failed check", `INSERT INTO entry VALUES ('slug', 'first', 1, 'lost', '', 1, '{}')`, nil, false},
		{"no such table", `INSERT INTO nothing VALUES (1)`, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
				_, err := tx.ExecContext(t.Context(), test.query, test.args...)
				return err
			})
			if got := sqldb.IsTaken(err); got != test.want {
				t.Errorf("IsTaken(%v) is %v, want %v", err, got, test.want)
			}
		})
	}
	if sqldb.IsTaken(nil) {
		t.Error("IsTaken(nil) is true")
	}
}
