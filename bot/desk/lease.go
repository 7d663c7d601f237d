package desk

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"signpost/knowledge/sqldb"
)

// A LeaseError says that another process serves the file.
type LeaseError struct {
	Pid  int
	Host string
}

func (e *LeaseError) Error() string {
	return fmt.Sprintf("desk: the file is already served by process %d on %s", e.Pid, e.Host)
}

// ErrLeaseLost is why the context of a lease ended early: another process serves the file now, for this one was not heard
// of for too long.
var ErrLeaseLost = errors.New("desk: another process serves the file now")

// A process that serves says so every renewEvery; one that was not heard of for leaseLong is taken for dead.
const (
	renewEvery = 5 * time.Second
	leaseLong  = 15 * time.Second
)

// Lease makes this process the one that serves the file, or returns a *LeaseError. The context it returns ends with ctx,
// or when the lease is lost ([ErrLeaseLost] is then its cause). The caller calls release at the end, which waits until
// the lease is given back.
func Lease(ctx context.Context, db *sqldb.DB) (leased context.Context, release func(), err error) {
	l, err := newLease(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	leased, cancel := context.WithCancelCause(ctx)
	over := make(chan struct{})
	holders.Store(l.holder, true)
	go func() {
		defer close(over)
		defer holders.Delete(l.holder)
		if l.keep(leased) {
			l.giveBack(context.WithoutCancel(ctx))
		} else {
			cancel(ErrLeaseLost)
		}
	}()
	return leased, func() { cancel(nil); <-over }, nil
}

// holders are the leases of this very process.
var holders sync.Map

// A lease is this process's claim to the file.
type lease struct {
	db     *sqldb.DB
	holder string
	host   string
}

func newLease(ctx context.Context, db *sqldb.DB) (*lease, error) {
	host, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("take the lease: %w", err)
	}
	l := &lease{db: db, holder: rand.Text(), host: host}
	held, err := l.try(ctx, time.Time{})
	if err != nil || held == nil {
		return l, err
	}
	if held.until.Sub(db.Now()) <= leaseLong {
		return nil, &LeaseError{held.pid, held.host}
	}
	// The lease runs for longer than any: somebody set the clock back. A living holder will say so before long.
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(renewEvery + time.Second):
	}
	if held, err = l.try(ctx, held.until); err == nil && held != nil {
		err = &LeaseError{held.pid, held.host}
	}
	return l, err
}

// A holding is the lease as it stands in the file.
type holding struct {
	holder string
	pid    int
	host   string
	until  time.Time
}

// try takes the lease if nobody has it, its holder is dead, or its end has not moved from stale. Otherwise it returns who
// has it.
func (l *lease) try(ctx context.Context, stale time.Time) (held *holding, err error) {
	err = l.db.Write(ctx, func(tx *sqldb.Tx) error {
		var h holding
		var until int64
		err := tx.QueryRowContext(ctx, `SELECT holder, pid, host, until FROM lease`).Scan(&h.holder, &h.pid, &h.host, &until)
		h.until, held = time.UnixMilli(until), nil
		switch {
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return err
		case err == nil && tx.Now().Before(h.until) && !h.until.Equal(stale) && !l.dead(h):
			held = &h
			return nil
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO lease (one, holder, pid, host, until) VALUES (1, $1, $2, $3, $4)
			ON CONFLICT (one) DO UPDATE SET holder = excluded.holder, pid = excluded.pid, host = excluded.host, until = excluded.until`,
			l.holder, os.Getpid(), l.host, tx.Now().Add(leaseLong).UnixMilli())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take the lease: %w", err)
	}
	return held, nil
}

// dead reports whether a holder is known not to live: a process of this machine that is no more. One with this process's
// own number was its forerunner, as in a container that was started again.
func (l *lease) dead(h holding) bool {
	if h.host != l.host {
		return false
	}
	if h.pid == os.Getpid() {
		_, lives := holders.Load(h.holder)
		return !lives
	}
	process, err := os.FindProcess(h.pid)
	if err != nil {
		return true
	}
	defer process.Release()
	err = process.Signal(syscall.Signal(0))
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH)
}

// keep renews the lease until ctx ends; false means it was lost. A renewal that cannot be written loses nothing: nobody
// else can write the file then either.
func (l *lease) keep(ctx context.Context) bool {
	ticker := time.NewTicker(renewEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return true
		case <-ticker.C:
		}
		var renewed int64
		err := l.db.Write(ctx, func(tx *sqldb.Tx) error {
			result, err := tx.ExecContext(ctx, `UPDATE lease SET until = $1 WHERE holder = $2`, tx.Now().Add(leaseLong).UnixMilli(), l.holder)
			if err != nil {
				return err
			}
			renewed, err = result.RowsAffected()
			return err
		})
		if err == nil && renewed == 0 {
			return false
		}
	}
}

// giveBack frees the file for the next process; if that fails, the lease ends by itself.
func (l *lease) giveBack(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, renewEvery)
	defer cancel()
	l.db.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM lease WHERE holder = $1`, l.holder)
		return err
	})
}
