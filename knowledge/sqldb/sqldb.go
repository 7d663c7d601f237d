// Package sqldb opens the one file that Signpost keeps everything in, and is the only package that knows its dialect.
//
// Start from [Open]; write through [DB.Write], which hands out a [Tx]; read through [DB.Read]. The file is SQLite with a
// single writer connection, so writes never fight over a lock, and a pool of read-only connections beside it. Several
// processes may have the file open at once.
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"time"

	"github.com/mattn/go-sqlite3" // the driver; cgo, but no build tags
)

// A DB is an open file. It is safe for concurrent use.
type DB struct {
	writer *sql.DB
	reader *sql.DB
	now    func() time.Time
	line   line   // of writes; who has the turn owns open
	open   *batch // begun and not yet committed
}

// Pragmas stand in the address of the file so that every connection of a pool has them; set by a statement they would
// hold for one connection only. FULL makes a commit survive a power cut.
const (
	writerPragmas = "_journal_mode=WAL&_synchronous=FULL&_busy_timeout=200&_txlock=immediate&_foreign_keys=1&_secure_delete=on"
	readerPragmas = "mode=ro&_query_only=1&_busy_timeout=5000&_txlock=deferred"
)

// Open opens the file, makes it if it is not there, and brings its tables up to date. now is the clock that rows are
// stamped with; nil means time.Now.
func Open(ctx context.Context, file string, now func() time.Time) (*DB, error) {
	return OpenDriver(ctx, "sqlite3", file, now)
}

// OpenDriver is Open through another driver of database/sql than SQLite's own: one around it that fails on purpose, to
// test what becomes of a write that does.
func OpenDriver(ctx context.Context, driver, file string, now func() time.Time) (*DB, error) {
	if now == nil {
		now = time.Now
	}
	db := &DB{now: now}
	var err error
	if db.writer, err = sql.Open(driver, address(file, writerPragmas)); err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	db.writer.SetMaxOpenConns(1)
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", file, err), db.writer.Close())
	}
	if db.reader, err = sql.Open(driver, address(file, readerPragmas)); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", file, err), db.writer.Close())
	}
	db.reader.SetMaxOpenConns(max(4, runtime.NumCPU()))
	return db, nil
}

func address(file, pragmas string) string {
	return (&url.URL{Scheme: "file", Opaque: url.PathEscape(file), RawQuery: pragmas}).String()
}

// Close waits for running statements and closes the file.
func (db *DB) Close() error { return errors.Join(db.reader.Close(), db.writer.Close()) }

// Now is the time by the DB's clock.
func (db *DB) Now() time.Time { return db.now() }

// Read gives the pool for reading. What it reads may be a moment old while a write commits, never half a write.
func (db *DB) Read() *sql.DB { return db.reader }

// Now is the time the transaction began; it stands still within it.
func (tx *Tx) Now() time.Time { return tx.now }

// Record writes one line of the audit trail: who did what, and what it was before and after. Neither side may hold the
// text of a question.
func (tx *Tx) Record(ctx context.Context, who, what, before, after string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO audit (at, who, what, before, after) VALUES ($1, $2, $3, $4, $5)`,
		tx.now.UnixMilli(), who, what, before, after)
	if err != nil {
		return fmt.Errorf("record %s: %w", what, err)
	}
	return nil
}

// Raise marks that entries, or what belongs to them, changed; every process then reloads what it must. It returns the
// new revision.
func (tx *Tx) Raise(ctx context.Context) (revision int64, err error) {
	row := tx.QueryRowContext(ctx, `UPDATE revision SET number = number + 1 RETURNING number`)
	if err := row.Scan(&revision); err != nil {
		return 0, fmt.Errorf("raise the revision: %w", err)
	}
	return revision, nil
}

// Revision is the number last raised.
func (db *DB) Revision(ctx context.Context) (revision int64, err error) {
	if err := db.reader.QueryRowContext(ctx, `SELECT number FROM revision`).Scan(&revision); err != nil {
		return 0, fmt.Errorf("read the revision: %w", err)
	}
	return revision, nil
}

// IsTaken reports whether err says that a row with the same key is there already.
func IsTaken(err error) bool {
	var failed sqlite3.Error
	return errors.As(err, &failed) && failed.Code == sqlite3.ErrConstraint &&
		(failed.ExtendedCode == sqlite3.ErrConstraintPrimaryKey || failed.ExtendedCode == sqlite3.ErrConstraintUnique)
}
