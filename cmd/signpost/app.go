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
	file  string
	now   func() time.Time
	newID func() string
}

// opened is a file opened for work.
type opened struct {
	db   *sqldb.DB
	base *knowledge.Base
	bot  *bot.Bot
}

// with opens the file, puts the starter base in if it is new, runs do, and closes the file.
func (a *app) with(ctx context.Context, do func(o opened) error) (err error) {
	log := slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	db, err := sqldb.Open(ctx, a.file, a.now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	asides, err := bot.Asides()
	if err != nil {
		return err
	}
	base, err := knowledge.Open(ctx, db, asides)
	if err != nil {
		return err
	}
	if err := install(ctx, base); err != nil {
		return err
	}
	return do(opened{db, base, bot.New(bot.Config{DB: db, Base: base, Log: log, NewID: a.newID})})
}

// install brings the starter base up to date with the program.
func install(ctx context.Context, base *knowledge.Base) error {
	id, version, err := starter.Version()
	if err != nil {
		return err
	}
	if done, err := base.Installed(ctx, id, version); err != nil || done {
		return err
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
