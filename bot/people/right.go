package people

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"signpost/bot/chat"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// A Right is what a person may do beside asking, which everybody may.
type Right string

// The rights. An Admin of a place has all of them there; an Approver is a Curator as well.
const (
	Champion Right = "champion"
	Curator  Right = "curator"
	Approver Right = "approver"
	Admin    Right = "admin"
)

// AllRights lists the rights.
var AllRights = []Right{Champion, Curator, Approver, Admin}

// A Grant is a right of a person at a place and everywhere below it.
type Grant struct {
	Person chat.Address `json:"person"`
	Right  Right        `json:"right"`
	Place  string       `json:"place"` // its id
	By     string       `json:"by"`
	At     int64        `json:"at"` // ms UTC
}

// Rights are those of one person.
type Rights []Grant

// RightsOf reads a person's rights. They are read anew for each thing a person does: a button may be older than a right.
func RightsOf(ctx context.Context, db *sql.DB, person chat.Address) (Rights, error) {
	return grants(ctx, db, `WHERE person = $1`, person)
}

// Grants lists all rights of everybody, by person.
func Grants(ctx context.Context, db *sql.DB) ([]Grant, error) { return grants(ctx, db, ``) }

func grants(ctx context.Context, db *sql.DB, where string, args ...any) ([]Grant, error) {
	rows, err := db.QueryContext(ctx, `SELECT person, may, place, by, at FROM permission `+where+` ORDER BY person, may, place`, args...)
	if err != nil {
		return nil, fmt.Errorf("read rights: %w", err)
	}
	defer rows.Close()
	var list []Grant
	for rows.Next() {
		var g Grant
		if err := rows.Scan(&g.Person, &g.Right, &g.Place, &g.By, &g.At); err != nil {
			return nil, fmt.Errorf("read rights: %w", err)
		}
		list = append(list, g)
	}
	return list, rows.Err()
}

// May reports whether these rights hold at a place.
func (r Rights) May(right Right, places *place.Tree, at string) bool {
	chain := places.Chain(at)
	return slices.ContainsFunc(r, func(g Grant) bool { return g.covers(right) && slices.Contains(chain, g.Place) })
}

// Anywhere reports whether the person has the right at some place.
func (r Rights) Anywhere(right Right) bool {
	return slices.ContainsFunc(r, func(g Grant) bool { return g.covers(right) })
}

func (g Grant) covers(right Right) bool {
	return g.Right == right || g.Right == Admin && right != Champion || g.Right == Approver && right == Curator
}

// Give gives a person a right at a place; by is who did it. Giving it again changes nothing.
func Give(ctx context.Context, tx *sqldb.Tx, g Grant) error {
	result, err := tx.ExecContext(ctx, `INSERT INTO permission (person, may, place, by, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person, may, place) DO NOTHING`, g.Person, g.Right, g.Place, g.By, tx.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("give %s the right %s: %w", g.Person, g.Right, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return tx.Record(ctx, g.By, "right of "+string(g.Person), "", string(g.Right)+"@"+g.Place)
}

// Take takes a right away; had is false where the person did not have it.
func Take(ctx context.Context, tx *sqldb.Tx, g Grant) (had bool, err error) {
	result, err := tx.ExecContext(ctx, `DELETE FROM permission WHERE person = $1 AND may = $2 AND place = $3`, g.Person, g.Right, g.Place)
	if err != nil {
		return false, fmt.Errorf("take the right %s from %s: %w", g.Right, g.Person, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	return true, tx.Record(ctx, g.By, "right of "+string(g.Person), string(g.Right)+"@"+g.Place, "")
}
