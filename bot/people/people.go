// Package people keeps who a person says they are: where they work and what they do.
//
// Start from [Get] and [Save]. A person is one account on one network; accounts are never linked.
package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"signpost/bot/chat"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// A Person is an account. The zero Home and Role mean that they have not said.
type Person struct {
	Address chat.Address
	Home    string // id of a place
	Role    knowledge.Role
}

// Get reads a person. Somebody never met before has neither home nor role.
func Get(ctx context.Context, db *sql.DB, address chat.Address) (Person, error) {
	p := Person{Address: address}
	row := db.QueryRowContext(ctx, `SELECT COALESCE(home, ''), role FROM person WHERE address = $1`, address)
	if err := row.Scan(&p.Home, &p.Role); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Person{}, fmt.Errorf("read person: %w", err)
	}
	return p, nil
}

// Save writes a person's home and role.
func Save(ctx context.Context, tx *sqldb.Tx, p Person) error {
	home := sql.NullString{String: p.Home, Valid: p.Home != ""}
	_, err := tx.ExecContext(ctx, `INSERT INTO person (address, home, role, met) VALUES ($1, $2, $3, $4)
		ON CONFLICT (address) DO UPDATE SET home = excluded.home, role = excluded.role`,
		p.Address, home, p.Role, tx.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("save person: %w", err)
	}
	return nil
}
