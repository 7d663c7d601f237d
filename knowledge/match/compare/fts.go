package main

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"

	_ "github.com/mattn/go-sqlite3" // the driver; FTS5 needs its build tag sqlite_fts5
)

// ftsFinder is one FTS5 table whose rows carry a label: a whole entry each, or one phrasing each.
type ftsFinder struct {
	db   *sql.DB
	best *sql.Stmt
}

func buildFTSEntry(entries []entry, folder string) (finder, error) {
	var rows []row
	for _, e := range entries {
		rows = append(rows, row{Text: strings.Join(e.Phrasings, "\n"), Label: e.Label})
	}
	return buildFTS(rows, folder)
}

func buildFTSPhrasing(entries []entry, folder string) (finder, error) {
	var rows []row
	for _, e := range entries {
		for _, phrasing := range e.Phrasings {
			rows = append(rows, row{Text: phrasing, Label: e.Label})
		}
	}
	return buildFTS(rows, folder)
}

func buildFTS(rows []row, folder string) (finder, error) {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(folder, "fts.db"))
	if err != nil {
		return nil, fmt.Errorf("opening the FTS5 file: %w", err)
	}
	f := &ftsFinder{db: db}
	if err := f.fill(rows); err != nil {
		db.Close()
		return nil, fmt.Errorf("filling the FTS5 table (is it built with -tags sqlite_fts5?): %w", err)
	}
	return f, nil
}

func (f *ftsFinder) fill(rows []row) error {
	_, err := f.db.Exec(`CREATE VIRTUAL TABLE base USING fts5(label UNINDEXED, text, tokenize = 'porter unicode61')`)
	if err != nil {
		return err
	}
	tx, err := f.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	for _, r := range rows {
		if _, err := tx.Exec(`INSERT INTO base (label, text) VALUES ($1, $2)`, r.Label, r.Text); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	f.best, err = f.db.Prepare(`SELECT label, rank FROM base WHERE base MATCH $1 ORDER BY rank`)
	return err
}

// find reads rows, best first, until it has enough distinct entries. FTS5's rank is bm25 with the sign turned.
func (f *ftsFinder) find(question string) ([]found, error) {
	words := anyWord(question)
	if words == "" {
		return nil, nil
	}
	rows, err := f.best.Query(words)
	if err != nil {
		return nil, fmt.Errorf("searching FTS5 for %q: %w", question, err)
	}
	defer rows.Close()
	var list []found
	for len(list) < wanted && rows.Next() {
		var label string
		var rank float64
		if err := rows.Scan(&label, &rank); err != nil {
			return nil, fmt.Errorf("reading an FTS5 row: %w", err)
		}
		list = addDistinct(list, found{label, -rank})
	}
	return list, rows.Err()
}

func (f *ftsFinder) close() error { return errors.Join(f.best.Close(), f.db.Close()) }

// anyWord makes an FTS5 query that any word of the question fulfils. The words are quoted, so that "or" and "near" are
// words; they are split where FTS5's unicode61 splits, so that "can't" is not a phrase.
func anyWord(question string) string {
	words := strings.FieldsFunc(question, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	for i, word := range words {
		words[i] = `"` + word + `"`
	}
	return strings.Join(words, " OR ")
}
