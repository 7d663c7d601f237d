// Package faulty opens a file whose calls can go wrong on purpose, for tests of what must hold when a disk or a program
// fails at the worst moment. Nothing but tests uses it. Start from [Open].
package faulty

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"

	"signpost/knowledge/sqldb"
)

// ErrReadOnly is what SQLite says of a file that may not be written.
var ErrReadOnly error = sqlite3.Error{Code: sqlite3.ErrReadonly}

// A Hook is asked about each call to the file. An error is what the caller gets; done says that the call is made all the
// same, as where a power cut comes just after it. It is called from several goroutines at once.
type Hook func(query string) (err error, done bool)

var opened atomic.Int64

// Open is sqldb.Open with a hook on every call.
func Open(ctx context.Context, file string, now func() time.Time, hook Hook) (*sqldb.DB, error) {
	name := fmt.Sprint("faulty ", opened.Add(1))
	sql.Register(name, brokenDriver{hook})
	return sqldb.OpenDriver(ctx, name, file, now)
}

type brokenDriver struct{ hook Hook }

// Open opens one connection of a pool.
func (d brokenDriver) Open(name string) (driver.Conn, error) {
	opened, err := (&sqlite3.SQLiteDriver{}).Open(name)
	if err != nil {
		return nil, err
	}
	return conn{opened.(*sqlite3.SQLiteConn), d.hook}, nil
}

type conn struct {
	*sqlite3.SQLiteConn
	hook Hook
}

// ExecContext runs a statement, unless the hook forbids it.
func (c conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	fails, done := c.hook(query)
	if fails != nil && !done {
		return nil, fails
	}
	result, err := c.SQLiteConn.ExecContext(ctx, query, args)
	if err == nil && fails != nil {
		return nil, fails
	}
	return result, err
}

// QueryContext runs a query, unless the hook forbids it.
func (c conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if fails, _ := c.hook(query); fails != nil {
		return nil, fails
	}
	return c.SQLiteConn.QueryContext(ctx, query, args)
}
