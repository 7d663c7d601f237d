package setting_test

import (
	"errors"
	"path/filepath"
	"testing"

	"signpost/bot/setting"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

func TestSettingsHoldBelowTheirPlace(t *testing.T) {
	db, err := sqldb.Open(t.Context(), filepath.Join(t.TempDir(), "base.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	write := func(do func(tx *sqldb.Tx) error) error { return db.Write(t.Context(), do) }
	err = write(func(tx *sqldb.Tx) error {
		for _, p := range []place.Place{{ID: "england", Kind: place.Nation, Name: "England"}, {ID: "london", Parent: "england", Kind: place.Region, Name: "London"},
			{ID: "royal", Parent: "london", Kind: place.Trust, Name: "Royal"}} {
			if _, err := place.Add(t.Context(), tx, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	set := func(at string, key setting.Key, value string) error {
		return write(func(tx *sqldb.Tx) error { return setting.Set(t.Context(), tx, at, key, value, "tester") })
	}
	of := func(at string, key setting.Key) string {
		t.Helper()
		settings, err := setting.Load(t.Context(), db.Read())
		if err != nil {
			t.Fatal(err)
		}
		places, err := place.Load(t.Context(), db.Read())
		if err != nil {
			t.Fatal(err)
		}
		value, _ := settings.Of(places, at, key)
		return value
	}
	if got := of("royal", setting.OfferMinutes); got != "60" {
		t.Errorf("the default is %q", got)
	}
	for _, step := range []struct {
		at, value              string
		royal, london, nowhere string
	}{
		{"england", "30", "30", "30", "30"},
		{"royal", "15", "15", "30", "30"},
		{"england", "", "15", "60", "60"},
		{"royal", "", "60", "60", "60"},
	} {
		if err := set(step.at, setting.OfferMinutes, step.value); err != nil {
			t.Fatal(err)
		}
		if r, l, n := of("royal", setting.OfferMinutes), of("london", setting.OfferMinutes), of("", setting.OfferMinutes); r != step.royal || l != step.london || n != step.nowhere {
			t.Errorf("after %s=%q: %s, %s, %s", step.at, step.value, r, l, n)
		}
	}
	for key, value := range map[setting.Key]string{setting.OfferMinutes: "0", setting.Pause: "perhaps", setting.Offer: "all"} {
		if err := set("royal", key, value); !errors.Is(err, setting.ErrValue) {
			t.Errorf("%s %q: %v", key, value, err)
		}
	}
	if err := set("royal", "colour", "red"); !errors.Is(err, setting.ErrUnknown) {
		t.Errorf("an unknown setting: %v", err)
	}
	if len(setting.All) > 20 {
		t.Errorf("%d settings; 20 are the most that an admin can keep in mind", len(setting.All))
	}
}
