package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/mattn/go-sqlite3"
)

// A Tx is one write transaction. Packages that store things take it, so that their changes stand or fall together. Its
// statements are not cut short when their context ends: SQLite would roll back writes of others that share the commit.
type Tx struct {
	conn *sql.Conn
	now  time.Time
}

// ExecContext runs a statement.
func (tx *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return tx.conn.ExecContext(context.WithoutCancel(ctx), query, args...)
}

// QueryContext runs a query. The caller closes the rows before the next statement.
func (tx *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return tx.conn.QueryContext(context.WithoutCancel(ctx), query, args...)
}

// QueryRowContext runs a query for one row.
func (tx *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return tx.conn.QueryRowContext(context.WithoutCancel(ctx), query, args...)
}

// mostTogether is how many writes share one commit at most, so that none waits long for the others.
const mostTogether = 64

// Write runs do in one transaction: committed when Write returns nil, else nothing has happened. Writes run one after
// the other, each on its caller's goroutine. Those that wait for their turn meanwhile share one commit, for a commit
// costs a flush to disk and a write next to nothing; each still stands or falls by itself (a savepoint). do must be
// short, and must not call Write.
func (db *DB) Write(ctx context.Context, do func(tx *Tx) error) error {
	if err := db.line.wait(ctx); err != nil {
		return fmt.Errorf("wait to write: %w", err)
	}
	if db.open == nil {
		b, err := db.begin(ctx)
		if err != nil {
			db.line.pass()
			return fmt.Errorf("begin: %w", err)
		}
		db.open = b
	}
	b := db.open
	panicked, failed := b.run(ctx, &Tx{conn: b.conn, now: db.now()}, do)
	if b.broken == nil && b.size < mostTogether && db.line.passIfWaited() {
		<-b.done // though it failed: that may be because of what others of the batch wrote, which is not committed yet
	} else {
		db.open = nil
		b.commit()
		db.line.pass()
	}
	switch {
	case panicked != nil:
		panic(panicked)
	case failed != nil:
		return failed
	}
	return b.broken
}

// A batch is one transaction of the file, shared by the writes that came together.
type batch struct {
	conn   *sql.Conn
	size   int
	broken error         // why nothing of it was committed; settled before done is closed
	done   chan struct{} // closed after the commit
}

func (db *DB) begin(ctx context.Context) (*batch, error) {
	conn, err := db.writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	until := time.Now().Add(patience)
	for {
		_, err := conn.ExecContext(ctx, `BEGIN IMMEDIATE`)
		switch {
		case err == nil:
			return &batch{conn: conn, done: make(chan struct{})}, nil
		case !isBusy(err) || ctx.Err() != nil || time.Now().After(until):
			giveBack(conn)
			return nil, err
		}
	}
}

// patience is how long a write waits for another process to finish its own. SQLite waits for a fraction of it at a time
// (see writerPragmas), since while it waits it takes no notice of a context that ends.
const patience = 5 * time.Second

func isBusy(err error) bool {
	var failed sqlite3.Error
	return errors.As(err, &failed) && failed.Code == sqlite3.ErrBusy
}

// run does one write. failed says why it alone was taken back; panicked is what do panicked with.
func (b *batch) run(ctx context.Context, tx *Tx, do func(tx *Tx) error) (panicked any, failed error) {
	b.size++
	if failed = ctx.Err(); failed != nil {
		return nil, failed
	}
	if b.exec(`SAVEPOINT one`); b.broken != nil {
		return nil, b.broken
	}
	defer func() {
		if panicked = recover(); panicked != nil || failed != nil {
			b.exec(`ROLLBACK TO one`)
		}
		b.exec(`RELEASE one`)
	}()
	if failed = do(tx); failed == nil {
		failed = ctx.Err()
	}
	return nil, failed
}

// exec runs a statement that holds the batch together; where it fails, as after a full disk, the whole batch is lost.
func (b *batch) exec(statement string) {
	if b.broken != nil {
		return
	}
	if _, err := b.conn.ExecContext(context.Background(), statement); err != nil {
		b.broken = fmt.Errorf("write: %w", err)
	}
}

func (b *batch) commit() {
	if b.exec(`COMMIT`); b.broken != nil {
		b.conn.ExecContext(context.Background(), `ROLLBACK`) // fails where SQLite has rolled back by itself
	}
	giveBack(b.conn)
	close(b.done)
}

// giveBack returns a connection to the pool. One that is still within a transaction, for its end failed too, is thrown
// away: no write could begin on it again.
func giveBack(conn *sql.Conn) {
	conn.Raw(func(inner any) error {
		if c, ok := inner.(interface{ AutoCommit() bool }); ok && !c.AutoCommit() {
			return driver.ErrBadConn
		}
		return nil
	})
	conn.Close()
}

// A line lets one caller at a time have the turn, in the order they came.
type line struct {
	mu      sync.Mutex
	held    bool
	waiting []chan struct{}
}

// wait returns when the caller has the turn. With an error the caller does not have it.
func (l *line) wait(ctx context.Context) error {
	l.mu.Lock()
	if !l.held {
		l.held = true
		l.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	l.waiting = append(l.waiting, turn)
	l.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.waiting, turn)
	if i < 0 { // the turn came at the same moment, and somebody may count on what it ends with
		return nil
	}
	l.waiting = slices.Delete(l.waiting, i, i+1)
	return ctx.Err()
}

// pass gives the turn on.
func (l *line) pass() {
	if !l.passIfWaited() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.held = len(l.waiting) > 0; l.held {
			l.next()
		}
	}
}

// passIfWaited gives the turn to the first who waits for it, and keeps it where nobody does.
func (l *line) passIfWaited() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		return false
	}
	l.next()
	return true
}

func (l *line) next() {
	close(l.waiting[0])
	l.waiting = l.waiting[1:]
}
