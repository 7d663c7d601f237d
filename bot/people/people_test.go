package people_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"signpost/bot/people"
	"signpost/knowledge"
	"signpost/knowledge/match"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/starter"
)

func TestGetAndSave(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	db, err := sqldb.Open(t.Context(), filepath.Join(t.TempDir(), "base.db"), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	save := func(p people.Person) error {
		return db.Write(t.Context(), func(tx *sqldb.Tx) error { return people.Save(t.Context(), tx, p) })
	}
	get := func(step string, want people.Person) {
		t.Helper()
		if got, err := people.Get(t.Context(), db.Read(), want.Address); err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", step, got, err, want)
		}
	}
	err = db.Write(t.Context(), func(tx *sqldb.Tx) error {
		_, err := place.Add(t.Context(), tx, place.Place{ID: "england", Kind: place.Nation, Name: "England"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	get("never met", people.Person{Address: "terminal:sam"})
	for step, p := range map[string]people.Person{
		"both":      {Address: "terminal:sam", Home: "england", Role: "nurses"},
		"only role": {Address: "terminal:sam", Role: "doctors"},
		"only home": {Address: "terminal:sam", Home: "england"},
		"nothing":   {Address: "terminal:sam"},
	} {
		now = now.Add(time.Hour)
		if err := save(p); err != nil {
			t.Errorf("%s: %v", step, err)
		}
		get(step, p)
	}
	get("the same name on another network", people.Person{Address: "slack:sam"})
	if err := save(people.Person{Address: "terminal:kim", Home: "nowhere"}); err == nil || !strings.Contains(err.Error(), "save person") {
		t.Errorf("a home that is not there: got %v", err)
	}
	get("after a refused save", people.Person{Address: "terminal:kim"})
	var rows int
	var met int64
	if err := db.Read().QueryRowContext(t.Context(), `SELECT COUNT(*), MIN(met) FROM person`).Scan(&rows, &met); err != nil {
		t.Fatal(err)
	}
	if first := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC); rows != 1 || met != first.UnixMilli() {
		t.Errorf("there are %d rows, first met %v, want 1, %v", rows, time.UnixMilli(met).UTC(), first)
	}
}

func TestRoleCalled(t *testing.T) {
	tests := []struct {
		said string
		want knowledge.Role
	}{
		{"nurse", "nurses"}, {"Nurses", "nurses"}, {"  a   Staff NURSE ", "nurses"}, {"RN", "nurses"}, {"R.N.", "nurses"}, {"the ward manager", "nurses"},
		{"hca", "hcsw"}, {"H.C.A.", "hcsw"}, {"health-care assistant", "hcsw"}, {"Health Care Support Worker", "hcsw"},
		{"an occupational therapist", "ahps"}, {"o.t.", "ahps"}, {"GP", "gps"}, {"GPs", "gps"}, {"Dr.", "doctors"},
		{"carer", "care-workers"}, {"care worker", "care-workers"}, {"care-workers", "care-workers"}, {"non-exec", "non-execs"}, {"NED", "non-execs"},
		{"Receptionist", "admin"}, {"student nurse", "students"}, {"everyone", "all-staff"}, {"e-roster lead", "roster-managers"},
		{"", ""}, {"a", ""}, {"wizard", ""}, {"nurse and cannot log in", ""}, {"nursey", ""},
	}
	for _, test := range tests {
		got, ok := people.RoleCalled(test.said)
		if got.Role != test.want || ok != (test.want != "") {
			t.Errorf("RoleCalled(%q) is %q, %v, want %q", test.said, got.Role, ok, test.want)
		}
	}
}

func TestEveryRoleCanBeSaid(t *testing.T) {
	if len(people.Roles) < 30 || people.Roles[0].Role != knowledge.AllStaff {
		t.Fatalf("there are %d roles, %q first; want 30 or more, everybody first", len(people.Roles), people.Roles[0].Role)
	}
	owner := map[string]knowledge.Role{}
	for _, r := range people.Roles {
		if r.One == "" || r.Many == "" {
			t.Errorf("%s lacks a name", r.Role)
		}
		for _, name := range append([]string{string(r.Role), r.One, r.Many}, r.Also...) {
			key := strings.Join(match.Words(name), " ")
			if other, ok := owner[key]; ok && other != r.Role {
				t.Errorf("%q may be %s or %s", name, other, r.Role)
			}
			owner[key] = r.Role
			if got, ok := people.RoleCalled(name); !ok || got.Role != r.Role {
				t.Errorf("%q, a name of %s, is taken for %q", name, r.Role, got.Role)
			}
		}
		if got := people.NameOf(r.Role); got.One != r.One {
			t.Errorf("NameOf(%q) is %+v", r.Role, got)
		}
	}
	if got := people.NameOf("wizards"); got.One != "wizards" || got.Many != "wizards" {
		t.Errorf("an unknown role is shown as %+v", got)
	}
}

func TestNearRoles(t *testing.T) {
	tests := []struct {
		typed string
		n     int
		want  knowledge.Role // among the first n
	}{
		{"nur", 3, "nurses"}, {"physio", 3, "ahps"}, {"recep", 3, "admin"}, {" carer ", 3, "care-workers"}, {"social wrk", 3, "social-workers"}, {"GP", 5, "gps"},
	}
	for _, test := range tests {
		got := people.NearRoles(test.typed, test.n)
		found, seen := false, map[knowledge.Role]bool{}
		for _, r := range got {
			if seen[r.Role] {
				t.Errorf("NearRoles(%q) has %s twice", test.typed, r.Role)
			}
			seen[r.Role] = true
			found = found || r.Role == test.want
		}
		if !found || len(got) > test.n {
			t.Errorf("NearRoles(%q, %d) is %v, want %s among them", test.typed, test.n, got, test.want)
		}
	}
	for _, typed := range []string{"", "   ", "zzzz"} {
		if got := people.NearRoles(typed, 3); len(got) != 0 {
			t.Errorf("NearRoles(%q) is %v", typed, got)
		}
	}
	if got := people.NearRoles("nurse", 0); len(got) != 0 {
		t.Errorf("asked for none, got %v", got)
	}
}

func TestAudiencesAreRoles(t *testing.T) {
	pack, err := starter.Pack()
	if err != nil {
		t.Fatal(err)
	}
	roles := map[knowledge.Role]bool{}
	for _, r := range people.Roles {
		roles[r.Role] = true
	}
	for _, e := range pack.Entries {
		if len(e.Audience) == 0 {
			t.Errorf("%s: it is for nobody; say all-staff if it is for everybody", e.Slug)
		}
		for _, role := range e.Audience {
			if !roles[role] {
				t.Errorf("%s: %q is no word of the audience vocabulary", e.Slug, role)
			}
		}
	}
}
