package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"signpost/knowledge/check"
)

// runOn runs one command line on a file and gives what it printed and its exit code.
func runOn(t *testing.T, file string, args ...string) (out, errs string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), append(args, "--db", file), &app{streams: streams{in: strings.NewReader(""), out: &stdout, err: &stderr}})
	return stdout.String(), stderr.String(), code
}

// thinEntry has faults that check content names.
const thinEntry = `---
slug: badge-printer
title: Print a badge
kind: how-to
strand: digital-literacy
topic: devices
level: start
next: no-such-entry
review: 2027-05-31
---

## Answer

1. Utilise the badge printer.

## People ask

### Goal

- print a badge
`

func TestCheckContent(t *testing.T) {
	if testing.Short() {
		t.Skip("it holds out every phrasing of the starter base, which takes seconds")
	}
	file := filepath.Join(t.TempDir(), "base.db")
	entry := filepath.Join(t.TempDir(), "badge.md")
	if err := os.WriteFile(entry, []byte(thinEntry), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"place", "add", "Royal Example", "--kind", "trust", "--in", "London"},
		{"entry", "add", "--org", "Royal Example", entry},
	} {
		if _, errs, code := runOn(t, file, args...); code != 0 {
			t.Fatalf("signpost %s: exit %d: %s", strings.Join(args, " "), code, errs)
		}
	}

	a := &app{streams: streams{err: &bytes.Buffer{}}, file: file}
	if err := a.with(t.Context(), func(o opened) error {
		base := o.base.Snapshot()
		if got := countElsewhere(base, base.Entries("")); got != 1 {
			t.Errorf("%d entries elsewhere, want the organisation's one", got)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	out, errs, code := runOn(t, file, "check", "content", "--org", "Royal Example", "--json")
	if code != exitFailure || errs != "" {
		t.Errorf("with faults: exit %d, want %d; errors %q", code, exitFailure, errs)
	}
	var got struct {
		Entries, Phrasings int
		NotChecked         int `json:"not_checked"`
		Findings           []check.Finding
		Grade              struct{ Median, Highest float64 }
		LeaveOneOut        struct {
			ByKind map[string]struct {
				N          int
				Top1, Top3 float64
			} `json:"by_kind"`
			Confusable []check.Pair
		} `json:"leave_one_out"`
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, f := range got.Findings {
		if f.Slug != "badge-printer" || f.Title != "Print a badge" || f.Says == "" {
			t.Errorf("finding %+v, want one of the badge printer", f)
		}
		rules = append(rules, f.Rule)
	}
	if got, want := strings.Join(rules, " "), "jargon next phrasings phrasings phrasings phrasings phrasings"; got != want {
		t.Errorf("rules %q, want %q", got, want)
	}
	if got.Entries < 200 || got.NotChecked != 0 || got.Grade.Median <= 0 || got.Grade.Highest < got.Grade.Median {
		t.Errorf("entries %d, not checked %d, grades %+v", got.Entries, got.NotChecked, got.Grade)
	}
	if goal := got.LeaveOneOut.ByKind["goal"]; goal.N == 0 || goal.Top1 <= 0 || goal.Top3 < goal.Top1 || goal.Top3 > 1 {
		t.Errorf("goals %+v, want shares", goal)
	}
}

// TestCheckedVerdict: findings, and nothing else, make the program exit 1.
func TestCheckedVerdict(t *testing.T) {
	if err := (checked{Entries: 3, NotChecked: 1}).verdict(); err != nil {
		t.Errorf("without findings: %v", err)
	}
	if err := (checked{Findings: []check.Finding{{}}}).verdict(); err != errFindings {
		t.Errorf("with a finding: %v, want %v", err, errFindings)
	}
}

func TestCheckContentAskedWrongly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "base.db")
	for _, args := range [][]string{{"check", "content", "extra"}, {"check", "cake"}, {"check", "content", "--org", "Nowhere"}} {
		if _, errs, code := runOn(t, file, args...); code != exitUsage || errs == "" {
			t.Errorf("signpost %s: exit %d, errors %q; want %d and a reason", strings.Join(args, " "), code, errs, exitUsage)
		}
	}
}

func TestCheckedPrint(t *testing.T) {
	c := checked{Entries: 2, Findings: []check.Finding{
		{Slug: "a", Title: "Aye", Rule: "next", Says: "Choose another.", Where: "b"},
		{Slug: "a", Title: "Aye", Rule: "level", Says: "Say who it suits."},
		{Slug: "c", Title: "Sea", Rule: "jargon", Says: "Use fewer words.", Where: "two\nlines"},
		{Rule: "leave-one-out", Says: "Too few are found."},
	}, Grade: checkedGrade{Median: 4, Highest: 8.5}, NotChecked: 3}
	var out bytes.Buffer
	if err := c.print(&out); err != nil {
		t.Fatal(err)
	}
	const want = `Aye (a)
  Choose another.
      b
  Say who it suits.
Sea (c)
  Use fewer words.
      two lines
The base as a whole
  Too few are found.

`
	if got := out.String(); !strings.HasPrefix(got, want) {
		t.Errorf("printed\n%s\nwant first\n%s", got, want)
	}
	const summary = "\nNot looked at: 3 of other places, see --org.\n\n2 entries, 4 findings, reading grade 4.0 in the middle and 8.5 at most, 0.0 % of 0 ways of asking found when held out\n"
	if got := out.String(); !strings.HasSuffix(got, summary) {
		t.Errorf("printed\n%s\nwant last\n%s", got, summary)
	}
}

// TestEvalBreakdown: an entry counts for its strand and for each role it is written for; a row about the bot for neither.
func TestEvalBreakdown(t *testing.T) {
	dir := t.TempDir()
	questions := filepath.Join(dir, "questions.jsonl")
	rows := `{"text": "See my shifts on the e-roster", "slug": "roster-view-shifts"}
{"text": "Set up the Loop app and connect it to your organisation", "slug": "roster-view-shifts"}
{"text": "who are you", "slug": "about-bot"}
{"text": "best pizza near me", "slug": null, "kind": "food"}
`
	if err := os.WriteFile(questions, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, code := runOn(t, filepath.Join(dir, "base.db"), "eval", questions, "--json")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	type found struct {
		N    int
		Top1 float64
	}
	var got struct {
		N          int
		ByStrand   map[string]found `json:"by_strand"`
		ByAudience map[string]found `json:"by_audience"`
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	half := found{N: 2, Top1: 0.5}
	if got.N != 3 || len(got.ByStrand) != 1 || got.ByStrand["digital-literacy"] != half || got.ByAudience["nurses"] != half {
		t.Errorf("got %+v, want 3 rows, 2 of them in one strand and for nurses, half of them found first", got)
	}
	out, _, _ = runOn(t, filepath.Join(dir, "base.db"), "eval", questions)
	if !strings.Contains(out, "\nstrand ") || !strings.Contains(out, "\naudience ") || !strings.Contains(out, "\nnurses ") {
		t.Errorf("printed\n%s\nwant tables by strand and audience", out)
	}
}
