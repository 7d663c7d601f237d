// Package place keeps where people belong: the tree nation > region > organisation, and the local details that only an
// organisation knows.
//
// Start from [Load], which reads the whole [Tree]; it is small (a nation has some thousand organisations) and immutable.
// Changes are made in a transaction by [Add] and [SetDetail] and seen at the next Load.
package place

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"signpost/knowledge/sqldb"
)

// A Place is a node of the tree. An entry's scope and a person's home are places.
type Place struct {
	ID     string `yaml:"id" json:"id"`
	Parent string `yaml:"parent,omitempty" json:"parent,omitempty"` // empty for the nation only
	Kind   Kind   `yaml:"kind" json:"kind"`
	Name   string `yaml:"name" json:"name"`
	ODS    string `yaml:"ods,omitempty" json:"ods,omitempty"` // the code of the Organisation Data Service, if it has one
}

// Kind says what sort of place it is.
type Kind string

// The kinds of Place. Nation and Region are made by the starter base; the others are organisations.
const (
	Nation    Kind = "nation"
	Region    Kind = "region"
	System    Kind = "icb"
	Trust     Kind = "trust"
	Practice  Kind = "gp"
	Network   Kind = "pcn"
	Care      Kind = "care"
	Pharmacy  Kind = "pharmacy"
	Dental    Kind = "dental"
	Optometry Kind = "optometry"
	Ambulance Kind = "ambulance"
	Council   Kind = "council"
	Hospice   Kind = "hospice"
	Charity   Kind = "charity"
	National  Kind = "national-body"
	College   Kind = "university"
	Agency    Kind = "agency"
)

// Organisations are the kinds that a person can add, in the order they are offered.
var Organisations = []Kind{Trust, Practice, Care, Pharmacy, Network, Dental, Optometry, Ambulance, Council, Hospice,
	Charity, System, National, College, Agency}

// Errors that callers tell people about.
var (
	ErrNotFound  = errors.New("place: not found")
	ErrExists    = errors.New("place: there already")
	ErrKind      = errors.New("place: no such kind")
	ErrName      = errors.New("place: a name needs letters, and at most 120 characters")
	ErrParent    = errors.New("place: it needs a place above it")
	ErrAmbiguous = errors.New("place: more than one fits")
)

// A Tree holds every place and its local details. It is immutable and safe for concurrent use.
type Tree struct {
	places  map[string]Place
	details map[string]map[string]string
	order   []string // by name
}

// Load reads the tree from the file.
func Load(ctx context.Context, db *sql.DB) (*Tree, error) {
	t := &Tree{places: map[string]Place{}, details: map[string]map[string]string{}}
	rows, err := db.QueryContext(ctx, `SELECT id, COALESCE(parent, ''), kind, name, ods FROM place ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("read places: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p Place
		if err := rows.Scan(&p.ID, &p.Parent, &p.Kind, &p.Name, &p.ODS); err != nil {
			return nil, fmt.Errorf("read places: %w", err)
		}
		t.places[p.ID] = p
		t.order = append(t.order, p.ID)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read places: %w", err)
	}
	return t, t.loadDetails(ctx, db)
}

// Get gives the place with this id.
func (t *Tree) Get(id string) (Place, bool) {
	p, ok := t.places[id]
	return p, ok
}

// All lists the places, the nation first, then each region with its organisations by name.
func (t *Tree) All() []Place { return t.below("") }

func (t *Tree) below(parent string) []Place {
	var out []Place
	for _, id := range t.order {
		if p := t.places[id]; p.Parent == parent {
			out = append(append(out, p), t.below(p.ID)...)
		}
	}
	return out
}

// Chain lists id, its parent, and so on up to the nation. An unknown or empty id gives the nation alone.
func (t *Tree) Chain(id string) []string {
	var chain []string
	for p, ok := t.places[id]; ok && !slices.Contains(chain, p.ID); p, ok = t.places[p.Parent] {
		chain = append(chain, p.ID)
	}
	if len(chain) == 0 {
		if nation, ok := t.Nation(); ok {
			chain = append(chain, nation.ID)
		}
	}
	return chain
}

// Nation is the root of the tree; ok is false in an empty file.
func (t *Tree) Nation() (Place, bool) {
	for _, id := range t.order {
		if p := t.places[id]; p.Parent == "" {
			return p, true
		}
	}
	return Place{}, false
}

// Add writes a new place and returns it with its id, which is made from the name.
func Add(ctx context.Context, tx *sqldb.Tx, p Place) (Place, error) {
	p.Name, p.ODS = strings.Join(strings.Fields(strings.Map(printable, p.Name)), " "), strings.ToUpper(strings.TrimSpace(p.ODS))
	if p.ID == "" {
		p.ID = idFrom(p.Name)
	}
	if p.ID == "" || len([]rune(p.Name)) > 120 {
		return Place{}, ErrName
	}
	isNation := p.Kind == Nation && p.Parent == "" // and nothing else stands above all
	if !slices.Contains(Organisations, p.Kind) && p.Kind != Region && !isNation {
		return Place{}, fmt.Errorf("%w: %q", ErrKind, p.Kind)
	}
	if p.Parent == "" && !isNation {
		return Place{}, ErrParent
	}
	parent := sql.NullString{String: p.Parent, Valid: p.Parent != ""}
	_, err := tx.ExecContext(ctx, `INSERT INTO place (id, parent, kind, name, ods) VALUES ($1, $2, $3, $4, $5)`,
		p.ID, parent, p.Kind, p.Name, p.ODS)
	if sqldb.IsTaken(err) {
		return Place{}, fmt.Errorf("%w: %s", ErrExists, p.Name)
	}
	if err != nil {
		return Place{}, fmt.Errorf("add place %s: %w", p.ID, err)
	}
	return p, nil
}

// idFrom makes an id of the letters and digits of a name: "St Example's Care" is "st-examples-care".
func idFrom(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '\'' || r == '’':
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
