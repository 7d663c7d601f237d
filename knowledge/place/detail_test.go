package place_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

func setDetail(t *testing.T, db *sqldb.DB, id, value string) (before string) {
	t.Helper()
	write(t, db, func(ctx context.Context, tx *sqldb.Tx) (err error) {
		before, err = place.SetDetail(ctx, tx, id, "it-desk", value)
		return err
	})
	return before
}

func TestDetailsAreInheritedFromTheNearestPlace(t *testing.T) {
	db := town(t)
	check := func(step, id, want, wantFrom string) {
		t.Helper()
		value, from, ok := load(t, db).Detail(id, "it-desk")
		if value != want || from.ID != wantFrom || ok != (wantFrom != "") {
			t.Errorf("%s: %s has %q from %q, %v; want %q from %q", step, id, value, from.ID, ok, want, wantFrom)
		}
	}
	check("nothing filled in", "meadow-view", "", "")
	setDetail(t, db, "england", "national")
	check("at the nation", "meadow-view", "national", "england")
	check("at the nation", "", "national", "england")
	setDetail(t, db, "north", "northern")
	check("at the region", "meadow-view", "northern", "north")
	check("at the region", "london", "national", "england")
	setDetail(t, db, "meadow-view", "own")
	check("at the organisation", "meadow-view", "own", "meadow-view")
	check("at the organisation", "meadow-lane-surgery", "northern", "north")
	setDetail(t, db, "meadow-view", " \n ")
	check("taken out again", "meadow-view", "northern", "north")
	if got := load(t, db).Details("meadow-view"); len(got) != 0 {
		t.Errorf("the place itself still holds %v", got)
	}
	if got := load(t, db).Details("north")["it-desk"]; got != "northern" {
		t.Errorf("the region itself holds %q", got)
	}
}

func TestSetDetailTellsWhatWasThere(t *testing.T) {
	db := town(t)
	for _, step := range []struct{ set, before string }{{"one", ""}, {"two", "one"}, {"", "two"}, {"", ""}, {"three", ""}} {
		if got := setDetail(t, db, "london", step.set); got != step.before {
			t.Errorf("setting %q: before it was %q, want %q", step.set, got, step.before)
		}
	}
}

func TestSetDetailCleans(t *testing.T) {
	longest := strings.Repeat("é", 1000)
	tests := []struct{ name, value, want string }{
		{"spaces around", "  ext 1234 ", "ext 1234"},
		{"line breaks", "ring 1\nor 2\tor 3", "ring 1 or 2 or 3"},
		{"Windows line breaks", "ring 1\r\nor 2", "ring 1 or 2"},
		{"other line breaks", "ring 1\u2028or 2", "ring 1 or 2"},
		{"control characters", "a\x00b\x1b[2Jc\x7f\u0085", "ab[2Jc"},
		{"changes of direction", "ring \u202e4321\u2066", "ring 4321"},
		{"signs and other scripts", "☎ 0123 “desk” 病院", "☎ 0123 “desk” 病院"},
		{"the longest", longest, longest},
	}
	db := town(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			setDetail(t, db, "london", test.value)
			if got, _, _ := load(t, db).Detail("london", "it-desk"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSetDetailRefuses(t *testing.T) {
	db := town(t)
	setDetail(t, db, "london", "kept")
	set := func(id, value string) error {
		return db.Write(t.Context(), func(tx *sqldb.Tx) error {
			_, err := place.SetDetail(t.Context(), tx, id, "it-desk", value)
			return err
		})
	}
	if err := set("london", strings.Repeat("a", 1001)); !errors.Is(err, place.ErrDetail) {
		t.Errorf("too long: got %v, want ErrDetail", err)
	}
	if err := set("nowhere", "x"); err == nil {
		t.Error("a place that is not there took a detail")
	}
	if got, _, _ := load(t, db).Detail("london", "it-desk"); got != "kept" {
		t.Errorf("the detail is now %q", got)
	}
}
