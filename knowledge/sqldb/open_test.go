package sqldb_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"signpost/knowledge/sqldb"
)

// openVariable makes the test program open a file, tell how it went and end: the other process of the tests below.
const openVariable = "SIGNPOST_TEST_OPEN"

func TestMain(m *testing.M) {
	if file := os.Getenv(openVariable); file != "" {
		os.Exit(openOnly(file))
	}
	os.Exit(m.Run())
}

func openOnly(file string) int {
	db, err := sqldb.Open(context.Background(), file, nil)
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		os.Stdout.WriteString(err.Error())
		return 1
	}
	return 0
}

func TestOpenTakesAnyFileName(t *testing.T) {
	for _, name := range []string{"plain.db", "with space.db", "what?.db", "100%.db", "a%20b.db", "#1.db", "a&mode=ro.db",
		"x?mode=memory", "it's.db", "semi;colon.db", "naïve ward é.db", "+plus+.db"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, name)
			err := open(t, file).Write(t.Context(), func(tx *sqldb.Tx) error {
				return tx.Record(t.Context(), "tester", "kept", "", "")
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(file); err != nil {
				found, _ := os.ReadDir(dir)
				t.Errorf("the file is not where it was asked for: %v; the folder holds %v", err, found)
			}
			if got := count(t, open(t, file), `SELECT COUNT(*) FROM audit`); got != 1 {
				t.Errorf("got %d rows back, want 1", got)
			}
		})
	}
}

func TestOpenTakesARelativeName(t *testing.T) {
	t.Chdir(t.TempDir())
	open(t, "base.db")
	if _, err := os.Stat("base.db"); err != nil {
		t.Error(err)
	}
}

func TestOpenAgainKeepsEverything(t *testing.T) {
	file := filepath.Join(t.TempDir(), "base.db")
	first := open(t, file)
	var before string
	first.Read().QueryRowContext(t.Context(), `SELECT group_concat(sql) FROM sqlite_schema`).Scan(&before)
	first.Write(t.Context(), func(tx *sqldb.Tx) error { _, err := tx.Raise(t.Context()); return err })
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, file)
	var after string
	again.Read().QueryRowContext(t.Context(), `SELECT group_concat(sql) FROM sqlite_schema`).Scan(&after)
	if before == "" || before != after {
		t.Errorf("the tables changed from %q to %q", before, after)
	}
	if got, _ := again.Revision(t.Context()); got != 1 {
		t.Errorf("the revision is %d, want 1: the migrations ran twice", got)
	}
	if got, want := count(t, again, `PRAGMA user_version`), migrationCount(t); got != want {
		t.Errorf("user_version is %d, want %d", got, want)
	}
}

func migrationCount(t *testing.T) int {
	t.Helper()
	names, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	return len(names)
}

func TestMigrationsRunOnceFromManyHandles(t *testing.T) {
	for range 5 { // each time on a new file: the race is at its start
		file := filepath.Join(t.TempDir(), "base.db")
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				db, err := sqldb.Open(t.Context(), file, nil)
				if err != nil {
					t.Error(err)
					return
				}
				db.Close()
			})
		}
		group.Wait()
		checkMigratedOnce(t, file)
	}
}

func TestMigrationsRunOnceFromManyProcesses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "base.db")
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			other := exec.CommandContext(t.Context(), os.Args[0])
			other.Env = append(os.Environ(), openVariable+"="+file)
			if out, err := other.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	group.Wait()
	checkMigratedOnce(t, file)
}

func checkMigratedOnce(t *testing.T, file string) {
	t.Helper()
	db := open(t, file)
	if got := count(t, db, `SELECT COUNT(*) FROM revision`); got != 1 {
		t.Errorf("the table revision has %d rows, want 1", got)
	}
	if got, want := count(t, db, `PRAGMA user_version`), migrationCount(t); got != want {
		t.Errorf("user_version is %d, want %d", got, want)
	}
}

func TestOpenRefusesANewerFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "base.db")
	if err := open(t, file).Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite3", file)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec(`PRAGMA user_version = 1000`); err != nil {
		t.Fatal(err)
	}
	_, err = sqldb.Open(t.Context(), file, nil)
	if !errors.Is(err, sqldb.ErrNewer) {
		t.Errorf("got %v, want ErrNewer", err)
	}
	if err == nil || !strings.Contains(err.Error(), "upgrade") || !strings.Contains(err.Error(), file) {
		t.Errorf("%v names neither the file nor what to do", err)
	}
	var version int
	if raw.QueryRow(`PRAGMA user_version`).Scan(&version); version != 1000 {
		t.Errorf("the file was changed: user_version is %d", version)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	corrupt := filepath.Join(dir, "corrupt.db")
	notes := []byte(strings.Repeat("These are only notes, not a database. ", 100))
	if err := os.WriteFile(corrupt, notes, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.db"), 0o700); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, file, want string }{
		{"not a database", corrupt, "not a database"},
		{"a folder that does not exist", filepath.Join(dir, "nowhere", "base.db"), "unable to open database file"},
		{"a folder instead of a file", filepath.Join(dir, "folder.db"), "unable to open database file"},
		{"a file instead of a folder", filepath.Join(corrupt, "base.db"), "unable to open database file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := sqldb.Open(t.Context(), test.file, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "open "+test.file) {
				t.Errorf("got %v, want it to name the file and say %q", err, test.want)
			}
		})
	}
	if now, err := os.ReadFile(corrupt); err != nil || !bytes.Equal(now, notes) {
		t.Error("opening changed a file that is no database")
	}
}

func TestOpenInAReadOnlyFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write in a read-only folder")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "base.db")
	_, err := sqldb.Open(t.Context(), file, nil)
	if err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v, want an error that names the file", err)
	}
}
