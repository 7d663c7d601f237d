package place_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

func openDB(t *testing.T) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), filepath.Join(t.TempDir(), "base.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func write(t *testing.T, db *sqldb.DB, do func(ctx context.Context, tx *sqldb.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), func(tx *sqldb.Tx) error { return do(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, db *sqldb.DB, places ...place.Place) {
	t.Helper()
	write(t, db, func(ctx context.Context, tx *sqldb.Tx) error {
		for _, p := range places {
			if _, err := place.Add(ctx, tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func load(t *testing.T, db *sqldb.DB) *place.Tree {
	t.Helper()
	tree, err := place.Load(t.Context(), db.Read())
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

var (
	england = place.Place{ID: "england", Kind: place.Nation, Name: "England"}
	london  = place.Place{ID: "london", Parent: "england", Kind: place.Region, Name: "London"}
	north   = place.Place{ID: "north", Parent: "england", Kind: place.Region, Name: "North"}
)

// town has a nation, two regions and the organisations that the tests look for.
func town(t *testing.T) *sqldb.DB {
	t.Helper()
	db := openDB(t)
	add(t, db, england, london, north,
		place.Place{Parent: "london", Kind: place.Trust, Name: "Royal Example NHS Foundation Trust", ODS: "rx1"},
		place.Place{Parent: "london", Kind: place.Trust, Name: "St. Mary's NHS Trust", ODS: "RX2"},
		place.Place{Parent: "north", Kind: place.Care, Name: "Meadow View"},
		place.Place{Parent: "north", Kind: place.Practice, Name: "Meadow Lane Surgery"},
		place.Place{Parent: "north", Kind: place.Trust, Name: "Twin Towns NHS Trust"},
		place.Place{Parent: "north", Kind: place.Trust, Name: "Twin Towns NHS Foundation Trust"},
		place.Place{Parent: "north", Kind: place.Charity, Name: "Care & Share Ltd"},
	)
	return db
}

func TestAddRefuses(t *testing.T) {
	tests := []struct {
		name string
		add  place.Place
		want error
	}{
		{"the same name", place.Place{Parent: "north", Kind: place.Care, Name: "Meadow View"}, place.ErrExists},
		{"the same name, written otherwise", place.Place{Parent: "london", Kind: place.Care, Name: " meadow   VIEW"}, place.ErrExists},
		{"the same ODS code", place.Place{Parent: "north", Kind: place.Trust, Name: "Another", ODS: " rx1 "}, place.ErrExists},
		{"no kind", place.Place{Parent: "north", Name: "Another"}, place.ErrKind},
		{"an unknown kind", place.Place{Parent: "north", Kind: "shop", Name: "Another"}, place.ErrKind},
		{"no name", place.Place{Parent: "north", Kind: place.Care}, place.ErrName},
		{"a name of signs", place.Place{Parent: "north", Kind: place.Care, Name: "!!! ???"}, place.ErrName},
		{"a name too long", place.Place{Parent: "north", Kind: place.Care, Name: strings.Repeat("a", 121)}, place.ErrName},
		{"a second nation by its place", place.Place{Kind: place.Trust, Name: "Aardvark Trust"}, place.ErrParent},
		{"a nation below another", place.Place{Parent: "england", Kind: place.Nation, Name: "Albion"}, place.ErrKind},
	}
	db := town(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
				_, err := place.Add(t.Context(), tx, test.add)
				return err
			})
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
	err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
		_, err := place.Add(t.Context(), tx, place.Place{Parent: "nowhere", Kind: place.Care, Name: "Another"})
		return err
	})
	if err == nil || errors.Is(err, place.ErrExists) {
		t.Errorf("below a place that is not there: got %v", err)
	}
	if got := len(load(t, db).All()); got != 10 {
		t.Errorf("there are %d places now, want the 10 from before", got)
	}
}

func TestAddGivesAnID(t *testing.T) {
	tests := []struct{ name, id, kept string }{
		{"St Example's Care", "st-examples-care", "St Example's Care"},
		{"  The   Oaks ", "the-oaks", "The Oaks"},
		{"A&E (North)", "a-e-north", "A&E (North)"},
		{"Ward 7", "ward-7", "Ward 7"},
		{"Hill\x1b[31m Top\x00", "hill-31m-top", "Hill[31m Top"},
		{"Right\u202e Left", "right-left", "Right Left"},
		{"Two\nLines", "two-lines", "Two Lines"},
		{strings.Repeat("é", 119) + "a", "a", strings.Repeat("é", 119) + "a"},
	}
	db := openDB(t)
	add(t, db, england)
	for _, test := range tests {
		write(t, db, func(ctx context.Context, tx *sqldb.Tx) error {
			p, err := place.Add(ctx, tx, place.Place{Parent: "england", Kind: place.Care, Name: test.name})
			if p.ID != test.id || p.Name != test.kept {
				t.Errorf("%q: got %q, %q, want %q, %q", test.name, p.ID, p.Name, test.id, test.kept)
			}
			return err
		})
	}
}

func TestEveryKindOfOrganisationCanBeAdded(t *testing.T) {
	db := openDB(t)
	add(t, db, england, london)
	for _, kind := range place.Organisations {
		add(t, db, place.Place{Parent: "london", Kind: kind, Name: "An " + string(kind)})
	}
	if got, want := len(load(t, db).All()), 2+len(place.Organisations); got != want {
		t.Errorf("got %d places, want %d", got, want)
	}
}

func TestTree(t *testing.T) {
	tree := load(t, town(t))
	var all []string
	for _, p := range tree.All() {
		all = append(all, p.ID)
	}
	want := []string{"england", "london", "royal-example-nhs-foundation-trust", "st-marys-nhs-trust", "north", "care-share-ltd",
		"meadow-lane-surgery", "meadow-view", "twin-towns-nhs-foundation-trust", "twin-towns-nhs-trust"}
	if !slices.Equal(all, want) {
		t.Errorf("All gives %v, want %v", all, want)
	}
	if p, ok := tree.Nation(); !ok || p != england {
		t.Errorf("the nation is %v, %v", p, ok)
	}
	if p, ok := tree.Get("meadow-view"); !ok || p.Name != "Meadow View" || p.Kind != place.Care || p.Parent != "north" {
		t.Errorf("Get gives %v, %v", p, ok)
	}
	if _, ok := tree.Get("nowhere"); ok {
		t.Error("Get found nowhere")
	}
	chains := map[string][]string{
		"meadow-view": {"meadow-view", "north", "england"},
		"north":       {"north", "england"},
		"england":     {"england"},
		"":            {"england"},
		"nowhere":     {"england"},
	}
	for id, want := range chains {
		if got := tree.Chain(id); !slices.Equal(got, want) {
			t.Errorf("the chain of %q is %v, want %v", id, got, want)
		}
	}
}

func TestEmptyTree(t *testing.T) {
	tree := load(t, openDB(t))
	if _, ok := tree.Nation(); ok || len(tree.All()) != 0 || len(tree.Chain("x")) != 0 || len(tree.Near("x", 3)) != 0 {
		t.Error("an empty file has places")
	}
	if _, err := tree.Find("x"); !errors.Is(err, place.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

func TestFind(t *testing.T) {
	const royal, mary = "royal-example-nhs-foundation-trust", "st-marys-nhs-trust"
	tests := []struct {
		said, want string
		err        error
	}{
		{"royal-example-nhs-foundation-trust", royal, nil},
		{"RX1", royal, nil},
		{"rx2", mary, nil},
		{"Royal Example NHS Foundation Trust", royal, nil},
		{"the royal example", royal, nil},
		{"The Royal Example NHS Trust", royal, nil},
		{"  ROYAL   EXAMPLE ft ", royal, nil},
		{"royal ex", royal, nil},
		{"St Marys", mary, nil},
		{"st. mary’s nhs trust", mary, nil},
		{"care and share", "care-share-ltd", nil},
		{"Care & Share Limited", "care-share-ltd", nil},
		{"london", "london", nil},
		{"meadow view", "meadow-view", nil},
		{"meadow", "", place.ErrAmbiguous},
		{"twin towns", "", place.ErrAmbiguous},
		{"twin towns nhs trust", "twin-towns-nhs-trust", nil}, // the whole name wins over names that are alike
		{"Twin Towns NHS Foundation Trust", "twin-towns-nhs-foundation-trust", nil},
		{"nowhere", "", place.ErrNotFound},
		{"", "", place.ErrNotFound},
		{"   ", "", place.ErrNotFound},
		{".", "", place.ErrNotFound}, // nothing is left of it, which is the start of every name
		{"example", "", place.ErrNotFound},
	}
	tree := load(t, town(t))
	for _, test := range tests {
		got, err := tree.Find(test.said)
		if got.ID != test.want || !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
			t.Errorf("Find(%q) is %q, %v; want %q, %v", test.said, got.ID, err, test.want, test.err)
		}
	}
}

func TestNear(t *testing.T) {
	tests := []struct {
		typed string
		n     int
		first string
		count int
	}{
		{"royal", 3, "Royal Example NHS Foundation Trust", 1},
		{"rylexmp", 3, "Royal Example NHS Foundation Trust", 1},
		{"  meadow ", 5, "Meadow View", 2},
		{"meadow", 1, "Meadow View", 1},
		{"meadow", 0, "", 0},
		{"zzzz", 3, "", 0},
		{"royal exmaple", 3, "Royal Example NHS Foundation Trust", 1},
		{"Royla Exampel NHS Trust", 3, "Royal Example NHS Foundation Trust", 1},
		{"medow veiw", 3, "Meadow View", 1},
		{"St Mrays", 3, "St. Mary's NHS Trust", 1},
		{"a nurse on nights", 3, "", 0},
		{"", 3, "", 0},
	}
	tree := load(t, town(t))
	for _, test := range tests {
		got := tree.Near(test.typed, test.n)
		if len(got) != test.count || len(got) > 0 && got[0].Name != test.first {
			t.Errorf("Near(%q, %d) is %v, want %d places, %q first", test.typed, test.n, got, test.count, test.first)
		}
	}
}
