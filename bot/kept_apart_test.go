package bot_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"signpost/bot"
	"signpost/knowledge/match"
	"signpost/knowledge/starter"
)

// What is measured is never learnt from: no phrasing of an aside, no example of a stop and no golden question is a row of
// the test questions, however it is written.
func TestTestQuestionsAreKeptApart(t *testing.T) {
	rows := testRows(t)
	asides, err := bot.Asides()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range asides {
		for _, p := range a.Phrasings {
			if rows[plain(p)] {
				t.Errorf("aside %s has a test question: %q", a.Reason, p)
			}
		}
	}
	pack, err := starter.Pack()
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range pack.Golden {
		if rows[plain(g.Text)] {
			t.Errorf("a golden question is a test question: %q", g.Text)
		}
	}
	for _, line := range exampleLines(t) {
		if rows[plain(line)] {
			t.Errorf("an example of the screen is a test question: %q", line)
		}
	}
}

func plain(text string) string { return strings.Join(match.Words(text), " ") }

func testRows(t *testing.T) map[string]bool {
	t.Helper()
	rows := map[string]bool{}
	files, err := filepath.Glob("../knowledge/starter/testdata/questions/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("no test questions", err)
	}
	for _, name := range files {
		for _, line := range linesOf(t, name) {
			var row struct{ Text string }
			if err := json.Unmarshal([]byte(line), &row); err != nil {
				t.Fatal(name, err)
			}
			rows[plain(row.Text)] = true
		}
	}
	return rows
}

func exampleLines(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("screen/rules/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, name := range files {
		if base := filepath.Base(name); strings.HasPrefix(base, "examples") || strings.HasPrefix(base, "ordinary-questions") {
			lines = append(lines, linesOf(t, name)...)
		}
	}
	return lines
}

func linesOf(t *testing.T, name string) []string {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var lines []string
	for s := bufio.NewScanner(file); s.Scan(); {
		if text := strings.TrimSpace(s.Text()); text != "" && !strings.HasPrefix(text, "#") {
			lines = append(lines, text)
		}
	}
	return lines
}
