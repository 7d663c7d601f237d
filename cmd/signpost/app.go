package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"signpost/bot"
	"signpost/knowledge"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/starter"
)

// app is what every command shares: its streams and the file it works on. now and newID are nil but in tests.
type app struct {
	streams
	file string
	// modelAt and words say whether, and with which weights, to match by meaning.
	modelAt string
	words   bool
	now     func() time.Time
	newID   func() string
}

// opened is a file opened for work.
type opened struct {
	db   *sqldb.DB
	base *knowledge.Base
	bot  *bot.Bot
}

// with opens the file, runs do, and closes the file.
func (a *app) with(ctx context.Context, do func(o opened) error) (err error) {
	o, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.db.Close()) }()
	return do(o)
}

// withFile is with for what needs the file alone, without the base in it.
func (a *app) withFile(ctx context.Context, do func(db *sqldb.DB) error) (err error) {
	db, err := a.openFile(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return do(db)
}

// openFile opens the file, or says what to do where that fails.
func (a *app) openFile(ctx context.Context) (*sqldb.DB, error) {
	db, err := sqldb.Open(ctx, a.file, a.now)
	if err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("%w; %s", err, openAdvice(a.file, err))
	}
	return db, err
}

// open opens the file and puts the starter base in if it is new. The caller closes its db.
func (a *app) open(ctx context.Context) (o opened, err error) {
	asides, err := bot.Asides()
	if err != nil {
		return o, err
	}
	if o.db, err = a.openFile(ctx); err != nil {
		return o, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, o.db.Close())
		}
	}()
	log := a.log()
	if o.base, err = knowledge.OpenWith(ctx, o.db, asides, a.loadModel(log)); err != nil {
		return o, err
	}
	if o.bot, err = bot.Open(ctx, bot.Config{DB: o.db, Base: o.base, Log: log, NewID: a.newID}); err != nil {
		return o, err
	}
	return o, install(ctx, o.base)
}

// log writes warnings to the error output.
func (a *app) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// install brings the starter base up to date with the program.
func install(ctx context.Context, base *knowledge.Base) error {
	id, version, err := starter.Version()
	if err != nil {
		return err
	}
	if done, err := base.Installed(ctx, id, version); err != nil {
		return err
	} else if done {
		return base.Refresh(ctx) // another process may have put it in since the base was read
	}
	pack, err := starter.Pack()
	if err != nil {
		return err
	}
	return base.Install(ctx, pack)
}

// findPlace gives the place that a flag names by its id, code or name.
func findPlace(base *knowledge.Snapshot, flag, said string) (place.Place, error) {
	p, err := base.Places.Find(said)
	if err == nil {
		return p, nil
	}
	hint := "; see signpost place list"
	for i, near := range base.Places.Near(said, 3) {
		if i == 0 {
			hint = "; did you mean "
		} else {
			hint += ", "
		}
		hint += near.ID
	}
	return place.Place{}, usageError{fmt.Errorf("--%s %q: %w%s", flag, said, err, hint)}
}
