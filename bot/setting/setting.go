// Package setting keeps what an admin may change while Signpost runs: few things, each a row with a default, for a place
// and everything below it.
//
// Start from [Load] and [Settings.Of]; [All] lists what there is. What opens the doors (the file, tokens, ports) is no
// setting: it stands in the operator's own configuration.
package setting

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// A Key names a setting.
type Key string

// The settings.
const (
	// Pause stops answering for a place, with a kind message. Emergencies are answered all the same.
	Pause Key = "pause"
	// PauseNote is said while paused, beside the fixed sentence.
	PauseNote Key = "pause-note"
	// Offer says whom a question for a human is offered to: one person after another, or a channel.
	Offer Key = "offer"
	// OfferChannel is that channel's address.
	OfferChannel Key = "offer-channel"
	// OfferMinutes is how many working minutes a question waits for somebody to take it, before the next is asked.
	OfferMinutes Key = "offer-minutes"
	// AnswerHours is how many working hours somebody who took a question may be silent.
	AnswerHours Key = "answer-hours"
	// Fallback is the address, a person's or a channel's, that gets what nobody took.
	Fallback Key = "fallback"
	// Wider says that questions from here may go to people of other organisations who agreed to the same.
	Wider Key = "wider"
	// Approve says that an entry goes live only when somebody else than its author approves it.
	Approve Key = "approve"
)

// A Setting describes one.
type Setting struct {
	Key     Key
	Default string
	// Choices are the values there are; empty where any text will do. "number" means a whole number above 0.
	Choices []string
	About   string // one sentence for an admin
}

var onOff = []string{"on", "off"}

// All lists the settings.
var All = []Setting{
	{Pause, "off", onOff, "Stop answering here, with a kind message. Emergencies are still answered."},
	{PauseNote, "", nil, "What people read while answers are paused, such as when they will be back."},
	{Offer, "one", []string{"one", "channel"}, "Offer a question to one champion after another, or to a channel."},
	{OfferChannel, "", nil, "The channel's address, such as slack:T1/C3."},
	{OfferMinutes, "60", []string{"number"}, "Working minutes a question waits before the next champion is asked."},
	{AnswerHours, "8", []string{"number"}, "Working hours a champion may be silent before a question goes back."},
	{Fallback, "", nil, "Who gets what nobody took: the address of a person or a channel."},
	{Wider, "off", onOff, "Questions from here may go to champions of other organisations that have this on too."},
	{Approve, "on", onOff, "A new or changed entry needs the approval of somebody who did not write it."},
}

// Errors that callers tell people about.
var (
	ErrUnknown = errors.New("setting: there is no such setting")
	ErrValue   = errors.New("setting: it cannot be that")
)

// Settings are all that were changed. The zero value has every default.
type Settings struct{ changed map[string]map[Key]string }

// Load reads them.
func Load(ctx context.Context, db *sql.DB) (Settings, error) {
	rows, err := db.QueryContext(ctx, `SELECT place, key, value FROM setting`)
	if err != nil {
		return Settings{}, fmt.Errorf("read settings: %w", err)
	}
	defer rows.Close()
	s := Settings{map[string]map[Key]string{}}
	for rows.Next() {
		var at, value string
		var key Key
		if err := rows.Scan(&at, &key, &value); err != nil {
			return Settings{}, fmt.Errorf("read settings: %w", err)
		}
		if s.changed[at] == nil {
			s.changed[at] = map[Key]string{}
		}
		s.changed[at][key] = value
	}
	return s, rows.Err()
}

// Of gives a setting for a place: its own, or that of the nearest place above it, or the default. from is the place that
// set it, "" for the default.
func (s Settings) Of(places *place.Tree, at string, key Key) (value, from string) {
	for _, id := range places.Chain(at) {
		if value, ok := s.changed[id][key]; ok {
			return value, id
		}
	}
	d, _ := find(key)
	return d.Default, ""
}

// On reports whether a switch is on for a place.
func (s Settings) On(places *place.Tree, at string, key Key) bool {
	value, _ := s.Of(places, at, key)
	return value == "on"
}

// Number gives a setting that is a number.
func (s Settings) Number(places *place.Tree, at string, key Key) int {
	value, _ := s.Of(places, at, key)
	n, _ := strconv.Atoi(value)
	return n
}

// Set changes a setting for a place; an empty value goes back to what is above. by is who did it.
func Set(ctx context.Context, tx *sqldb.Tx, at string, key Key, value, by string) error {
	d, ok := find(key)
	if !ok {
		return fmt.Errorf("%q: %w", key, ErrUnknown)
	}
	value = strings.TrimSpace(value)
	if err := d.valid(value); err != nil {
		return err
	}
	var before string
	row := tx.QueryRowContext(ctx, `SELECT value FROM setting WHERE place = $1 AND key = $2`, at, key)
	if err := row.Scan(&before); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("set %s: %w", key, err)
	}
	query, args := `DELETE FROM setting WHERE place = $1 AND key = $2`, []any{at, key}
	if value != "" {
		query = `INSERT INTO setting (place, key, value) VALUES ($1, $2, $3) ON CONFLICT (place, key) DO UPDATE SET value = excluded.value`
		args = append(args, value)
	}
	if _, err := tx.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("set %s: %w", key, err)
	}
	return tx.Record(ctx, by, "setting "+string(key)+"@"+at, before, value)
}

func (s Setting) valid(value string) error {
	switch {
	case value == "" || len(s.Choices) == 0:
		return nil
	case s.Choices[0] == "number":
		if n, err := strconv.Atoi(value); err != nil || n < 1 || n > 10_000 {
			return fmt.Errorf("%s %q: %w; give a whole number from 1 to 10000", s.Key, value, ErrValue)
		}
	case !slices.Contains(s.Choices, value):
		return fmt.Errorf("%s %q: %w; give one of %s", s.Key, value, ErrValue, strings.Join(s.Choices, ", "))
	}
	return nil
}

func find(key Key) (Setting, bool) {
	i := slices.IndexFunc(All, func(s Setting) bool { return s.Key == key })
	if i < 0 {
		return Setting{}, false
	}
	return All[i], true
}
