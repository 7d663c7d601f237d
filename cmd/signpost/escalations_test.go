package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// A counter is the file of an organisation with two champions and one question of somebody without a name.
type counter struct {
	t    *testing.T
	app  *app
	file string
	out  *bytes.Buffer
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	k := &counter{t: t, out: &bytes.Buffer{}, file: filepath.Join(t.TempDir(), "signpost.db")}
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	k.app = &app{streams: streams{strings.NewReader(""), k.out, k.out}, file: k.file, words: true,
		now: func() time.Time { return at }, newID: func() string { return "q1" }}
	k.must("place", "add", "Royal Example", "--kind", "trust", "--in", "London")
	err := k.app.with(t.Context(), func(o opened) error {
		for _, who := range []chat.Address{"terminal:kim", "terminal:lee"} {
			c := escalation.Champion{Address: who, Name: "Champion", Place: "royal-example", Hours: escalation.Office}
			if err := o.db.Write(t.Context(), func(tx *sqldb.Tx) error { return escalation.Join(t.Context(), tx, c) }); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// run gives what a command printed. The commands here are run by themselves, whatever the program lists.
func (k *counter) run(args ...string) (string, error) {
	root := rootCommand(k.app)
	for _, c := range root.Commands() {
		if c.Name() == "escalations" || c.Name() == "champion" {
			root.RemoveCommand(c)
		}
	}
	root.AddCommand(k.app.escalationsCommand(), k.app.championCommand())
	k.out.Reset()
	root.SetArgs(append([]string{"--db", k.file}, args...))
	root.SetOut(k.out)
	err := root.ExecuteContext(k.t.Context())
	return k.out.String(), err
}

func (k *counter) must(args ...string) string {
	k.t.Helper()
	text, err := k.run(args...)
	if err != nil {
		k.t.Fatalf("%v: %v", args, err)
	}
	return text
}

func (k *counter) ask() {
	k.t.Helper()
	err := k.app.with(k.t.Context(), func(o opened) error {
		book := &escalation.Book{DB: o.db, Tree: func() *place.Tree { return o.base.Snapshot().Places }, NewID: k.app.newID}
		_, err := book.Commit(k.t.Context(), func() (escalation.Change, error) {
			return book.Ask(k.t.Context(), escalation.Case{Asker: "terminal:zephyrine", Name: "Zephyrine", Anonymous: true, Home: "royal-example", Role: "nurses", Question: "=how do i fax"})
		}, nil)
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
}

func TestEscalationsForCoordinators(t *testing.T) {
	k := newCounter(t)
	if got := k.must("escalations", "list"); got != "There are none.\n" {
		t.Errorf("an empty list is %q", got)
	}
	k.must("champion", "approve", "terminal:kim")
	k.ask()
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"champion", "list"}, "terminal:kim  Champion at royal-example, approved, topics: all"},
		{[]string{"champion", "list", "--json"}, `"state": "asked"`},
		{[]string{"escalations", "list"}, "q1  offered since 2026-11-23 10:00, with nobody yet, next step 2026-11-23 11:00"},
		{[]string{"escalations", "list", "--org", "Royal Example", "--state", "offered", "--json"}, `"asker": "no name"`},
		{[]string{"escalations", "show", "q1"}, "From: no name (nurses, royal-example), 1 waiting"},
		{[]string{"escalations", "export"}, "q1,offered,no name,nurses,Royal Example,,'=how do i fax,1"},
	} {
		got := k.must(test.args...)
		if !strings.Contains(got, test.want) {
			t.Errorf("%v prints %q, want %q in it", test.args, got, test.want)
		}
		if strings.Contains(strings.ToLower(got), "zephyrine") {
			t.Errorf("%v tells who asked: %s", test.args, got)
		}
	}
}

func TestEscalationsReassign(t *testing.T) {
	k := newCounter(t)
	k.must("champion", "approve", "terminal:kim")
	k.ask()
	for _, args := range [][]string{
		{"escalations", "reassign", "q1", "--to", "terminal:lee"}, // not approved
		{"escalations", "reassign", "q1", "--to", "terminal:zephyrine"},
		{"escalations", "reassign", "q9", "--to", "terminal:kim"},
		{"escalations", "show", "q9"},
		{"champion", "approve", "terminal:nobody"},
	} {
		var usage usageError
		if _, err := k.run(args...); !errors.As(err, &usage) {
			t.Errorf("%v: got %v, want it refused", args, err)
		}
	}
	k.must("champion", "approve", "terminal:lee")
	k.must("escalations", "reassign", "q1", "--to", "terminal:lee")
	err := k.app.with(t.Context(), func(o opened) error {
		var due chat.Due
		if err := o.db.Read().QueryRow(`SELECT key, data FROM due WHERE key LIKE '%reassign'`).Scan(&due.Key, &due.Data); err != nil {
			return err
		}
		book := &escalation.Book{DB: o.db, Tree: func() *place.Tree { return o.base.Snapshot().Places }}
		ch, err := book.CameDue(t.Context(), due)
		if got := ch.After.Offered; len(got) != 1 || got[0] != "terminal:lee" {
			t.Errorf("the question is offered to %v", got)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
