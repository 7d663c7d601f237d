package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"
)

// fillFile makes a file with many people and past questions. It goes past sqldb's one careful writer: nothing is lost if
// this one breaks.
func (a *app) fillFile(ctx context.Context, f benchFlags) error {
	if err := a.with(ctx, func(opened) error { return nil }); err != nil { // tables and the starter base
		return err
	}
	address := url.URL{Scheme: "file", Opaque: url.PathEscape(a.file), RawQuery: "_journal_mode=OFF&_synchronous=OFF&_cache_size=-65536"}
	db, err := sql.Open("sqlite3", address.String())
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	if err := errors.Join(fill(ctx, db, f), db.Close(), flushFile(a.file)); err != nil {
		return fmt.Errorf("fill the file: %w", err)
	}
	return nil
}

// flushFile waits until all of a file is on the disk, so that the system is not still at it while something is measured.
func flushFile(name string) error {
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// fill writes the rows with the indexes left out, and makes these after it, which is much faster. Questions are of the
// last 80 days, so that none is old enough to be deleted.
func fill(ctx context.Context, db *sql.DB, f benchFlags) error {
	indexes, err := indexesOf(ctx, db, "question", "person")
	if err != nil {
		return err
	}
	for name := range indexes {
		if _, err := db.ExecContext(ctx, `DROP INDEX `+name); err != nil {
			return err
		}
	}
	const numbers = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1) `
	now := time.Now().UnixMilli()
	span := (80 * 24 * time.Hour).Milliseconds()
	_, err = db.ExecContext(ctx, numbers+`INSERT INTO person (address, role, met) SELECT 'bench:' || i, 'nurses', $2 FROM n`, f.people, now)
	if err != nil || f.questions == 0 {
		return err
	}
	_, err = db.ExecContext(ctx, numbers+`INSERT INTO question (id, at, person, home, text, verdict, reason, entries, message)
		SELECT printf('FILLED%020d', i), $2 - $3 + $3 * i / $1, 'bench:' || (i * 7919 % $4), '', 'how do i see my shifts on the roster, again ' || i,
			'known', '', '["roster-view-shifts"]', 'bench:' || i || '/1' FROM n`, f.questions, now, span, f.people)
	if err != nil {
		return err
	}
	for _, statement := range indexes {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	_, err = db.ExecContext(ctx, `ANALYZE`)
	return err
}

// indexesOf gives the statements that made the indexes of these tables, by name.
func indexesOf(ctx context.Context, db *sql.DB, tables ...string) (map[string]string, error) {
	made := map[string]string{}
	for _, table := range tables {
		rows, err := db.QueryContext(ctx, `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL`, table)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var name, statement string
			if err := rows.Scan(&name, &statement); err != nil {
				return nil, err
			}
			made[name] = statement
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return made, nil
}
