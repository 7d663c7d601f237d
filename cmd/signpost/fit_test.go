package main

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// savedGolden are the texts of the saved questions, and the audit lines about them.
func savedGolden(t *testing.T, file string) (texts, audit []string) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	base, err := knowledge.Open(t.Context(), db, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range base.Snapshot().Golden {
		texts = append(texts, g.Text)
	}
	return texts, auditLines(t, db.Read())
}

func auditLines(t *testing.T, db *sql.DB) (lines []string) {
	t.Helper()
	rows, err := db.Query(`SELECT who || ': ' || what || ': ' || before || ' -> ' || after FROM audit WHERE what LIKE 'golden%' ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestFitAddsQuestions(t *testing.T) {
	file := smallFile(t, golden("my smartcard is locked", "teams-join"))
	live := write(t, "live.jsonl", `{"text": "payslip please, my NHS number is 999 000 0026", "slug": "see-payslip"}

{"text": "my smartcard is locked", "slug": "smartcard-unlock"}
{"text": "how do i saddle a unicorn", "slug": null, "kind": "far"}
`)
	r := readJSON[fitted](t, signpost(t, file, "fit", "--words", "--json", live))
	if r.Entries != 3 || r.Golden != 3 || r.Added != 2 || r.Budget != 3 {
		t.Errorf("got %+v", r)
	}
	if r.Before.Learnt != knowledge.NeverLearnt || r.After.Learnt != knowledge.LearntThis || r.After.AnswerFrom == r.Before.AnswerFrom || r.After.Answered == 0 || r.After.Wrong != 0 {
		t.Errorf("before %+v, after %+v", r.Before, r.After)
	}
	texts, audit := savedGolden(t, file)
	if len(texts) != 3 || slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, "0026") }) {
		t.Errorf("saved are %q", texts)
	}
	if want := []string{"command: golden questions, 3 given: 1 -> 3"}; !slices.Equal(audit, want) {
		t.Errorf("the audit trail says %q, want %q", audit, want)
	}
	s := signpost(t, file, "fit", "--words")
	for _, line := range []string{"Learnt from 3 entries and 3 saved questions, 0 of them new.", "nothing changed", "wrong of these answers"} {
		if s.code != 0 || !strings.Contains(s.out, line) {
			t.Errorf("exit %d, no line %q in\n%s%s", s.code, line, s.out, s.err)
		}
	}
}

// TestFitIsAllOrNothing adds a good row and a bad one: neither may stay, and the error names the line but not the text.
func TestFitIsAllOrNothing(t *testing.T) {
	file := smallFile(t)
	for name, c := range map[string]struct{ row, says string }{
		"no JSON":                {`hello`, "line 2: invalid character"},
		"no slug":                {`{"text": "secret words"}`, `line 2: a row needs a "slug"`},
		"a number for a slug":    {`{"text": "secret words", "slug": 7}`, "line 2: a number cannot"},
		"no text":                {`{"text": "  ", "slug": null}`, "line 2: "},
		"an entry that is gone":  {`{"text": "secret words", "slug": "gone"}`, `line 2: not valid: no live entry is called "gone"`},
		"another that is gone":   {`{"text": "secret words", "slug": "see-payslip", "also": ["gone"]}`, `line 2: not valid: no live entry is called "gone"`},
		"the same again":         {`{"text": "where is my payslip", "slug": "teams-join"}`, "line 2: this question stands in the file already"},
		"a message that is kept": {`{"text": "he is not breathing", "slug": "see-payslip"}`, "line 2: a message that is stopped (urgent)"},
		"a stop the turn before": {`{"text": "secret words", "prev": "he is not breathing", "slug": "see-payslip"}`, "line 2: a message that is stopped (urgent)"},
	} {
		t.Run(name, func(t *testing.T) {
			s := signpost(t, file, "fit", "--words", write(t, "live.jsonl", `{"text": "where is my payslip", "slug": "see-payslip"}`+"\n"+c.row+"\n"))
			if s.code != 1 || s.out != "" || !strings.Contains(s.err, c.says) || strings.Contains(s.err, "secret") {
				t.Errorf("exit %d, want %q: %s%s", s.code, c.says, s.out, s.err)
			}
			if texts, audit := savedGolden(t, file); len(texts) != 0 || len(audit) != 0 {
				t.Errorf("saved are %q, with %q", texts, audit)
			}
		})
	}
}
