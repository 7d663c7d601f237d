package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// personalRow is a message with what must be masked in it.
type personalRow struct {
	Text       string   `json:"text"`
	ShouldMask []string `json:"should_mask"`
}

// TestNothingPersonalIsStored types messages that hold identifiers wherever something can be typed, and then looks for
// the identifiers in every byte that is left on the disk. Messages that hold none come after, for some hold the digits
// of an identifier as the number of a ticket.
func TestNothingPersonalIsStored(t *testing.T) {
	rows, err := readRows[personalRow]("testdata/questions/pii_tests.jsonl")
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	secrets, harmless := sortPersonal(rows)
	p := newPlayer(t)
	t.Chdir(filepath.Dir(p.app.file)) // what is left beside the base, such as a history, is looked through as well
	noneLeft(t, "before anything was typed", secrets)
	for _, row := range rows {
		if len(row.ShouldMask) > 0 {
			p.typeEverywhere(row.Text)
		}
	}
	if kept := p.count(`SELECT count(*) FROM question WHERE person = 'terminal:nurse' AND text LIKE '%[%'`); kept < 5 {
		t.Errorf("only %d masked questions were kept: there is little to look through", kept)
	}
	noneLeft(t, "with the file open", secrets)
	for _, text := range harmless {
		p.typeEverywhere(text)
		secrets = slices.DeleteFunc(secrets, func(s string) bool { return strings.Contains(text, s) })
	}
	if err := p.open.db.Close(); err != nil {
		t.Fatal(err)
	}
	noneLeft(t, "with the file closed", secrets)
}

// sortPersonal lists what must be masked, and the messages in which nothing must.
func sortPersonal(rows []personalRow) (secrets, harmless []string) {
	for _, row := range rows {
		secrets = append(secrets, row.ShouldMask...)
		if len(row.ShouldMask) == 0 {
			harmless = append(harmless, row.Text)
		}
	}
	return secrets, harmless
}

// typeEverywhere asks, presses what may be offered, adds the text to a report, gives it as job and place, and asks it as
// a command.
func (p *player) typeEverywhere(text string) {
	for _, line := range []string{text, "not quite", "none of these", "and on my phone?", "me nurse at " + text} {
		p.says("nurse", line, true)
	}
	for _, line := range []string{"how do i see my shifts", "wrong or broken link", "something else", text} {
		p.says("carer", line, true)
	}
	for _, line := range []string{"me", text, text, "cancel"} {
		p.says("helper", line, true)
	}
	p.signpost("ask", "--prev", text, "--", text)
}

// noneLeft looks for identifiers, in any case, in all files of the folder.
func noneLeft(t *testing.T, when string, secrets []string) {
	t.Helper()
	left, err := filepath.Glob("*")
	if err != nil || len(left) == 0 {
		t.Fatalf("%d files left, %v", len(left), err)
	}
	for _, name := range left {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		raw = bytes.ToLower(raw)
		for _, secret := range secrets {
			if bytes.Contains(raw, []byte(strings.ToLower(secret))) {
				t.Errorf("%s, %s holds %q", when, name, secret)
			}
		}
	}
}
