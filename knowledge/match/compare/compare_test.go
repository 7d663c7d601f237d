package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tiny is a base of three entries that share few words.
var tiny = []entry{
	{"password", []string{"how do i reset my password", "forgot my password", "locked out of my account"}},
	{"roster", []string{"where is my roster", "see my shifts for next week", "swap a shift"}},
	{"printer", []string{"the printer is jammed", "add a printer", "print in colour"}},
}

// eachSystem builds every system on the tiny base.
func eachSystem(t *testing.T, use func(t *testing.T, f finder)) {
	for _, sys := range systems {
		t.Run(sys.name, func(t *testing.T) {
			f, err := sys.build(tiny, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			use(t, f)
			if err := f.close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestEverySystemFindsItsEntryFirst(t *testing.T) {
	questions := map[string]string{"reset my password": "password", "my roster": "roster", "add printer": "printer"}
	eachSystem(t, func(t *testing.T, f finder) {
		for question, want := range questions {
			list, err := f.find(question)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 || list[0].label != want {
				t.Errorf("find(%q) = %v, want %s first", question, list, want)
			}
		}
	})
}

func TestEverySystemGivesEachEntryOnceBestFirst(t *testing.T) {
	eachSystem(t, func(t *testing.T, f finder) {
		for _, question := range []string{"my", "printer", "swap my shift for a password printer"} {
			list, err := f.find(question)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for i, got := range list {
				if seen[got.label] || i > 0 && got.score > list[i-1].score {
					t.Errorf("find(%q) = %v, want distinct entries by falling score", question, list)
				}
				seen[got.label] = true
			}
			if len(list) > wanted {
				t.Errorf("find(%q) gave %d entries, want at most %d", question, len(list), wanted)
			}
		}
	})
}

func TestEverySystemTakesAnyText(t *testing.T) {
	eachSystem(t, func(t *testing.T, f finder) {
		for _, question := range []string{"", "?!", "zzzz qqqq", `"quo"ted AND (near OR* -x:`, "can't", "日本"} {
			list, err := f.find(question)
			if err != nil {
				t.Errorf("find(%q): %v", question, err)
			}
			if question == "zzzz qqqq" && len(list) != 0 {
				t.Errorf("find(%q) = %v, want nothing", question, list)
			}
		}
	})
}

// bench writes a bench folder with one set: the tiny base and the given test rows.
func bench(t *testing.T, test, oos []row) string {
	folder := t.TempDir()
	var train []row
	for _, e := range tiny {
		for _, phrasing := range e.Phrasings {
			train = append(train, row{phrasing, e.Label})
		}
	}
	for name, rows := range map[string][]row{"train10": train, "test": test, "oos": oos} {
		if rows != nil {
			writeRows(t, filepath.Join(folder, "tiny", name+".jsonl"), rows)
		}
	}
	return folder
}

func writeRows(t *testing.T, path string, rows []row) {
	var text bytes.Buffer
	for _, r := range rows {
		if err := json.NewEncoder(&text).Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestRunMeasuresEverySystem(t *testing.T) {
	folder := bench(t, []row{{"reset my password", "password"}, {"add printer", "printer"}}, []row{{"zzzz qqqq", "oos"}})
	var out bytes.Buffer
	if err := run([]string{"--bench", folder, "--json"}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	var results []result
	if err := json.Unmarshal(out.Bytes(), &results); err != nil {
		t.Fatal(err)
	}
	if len(results) != len(systems) {
		t.Fatalf("got %d results, want %d", len(results), len(systems))
	}
	for i, r := range results {
		if r.Set != "tiny" || r.System != systems[i].name || r.Entries != 3 || r.Questions != 2 || r.Outside != 1 {
			t.Errorf("result is about %+v", r)
		}
		if r.Top1 != 1 || r.Top3 != 1 || r.AUROC == nil || *r.AUROC != 1 || r.CovP95 == nil || *r.CovP95 != 1 {
			t.Errorf("%s: got %+v, want all right", r.System, r)
		}
	}
}

func TestRunPrintsATableWithDashesWhereNothingIsOutOfScope(t *testing.T) {
	folder := bench(t, []row{{"reset my password", "password"}}, nil)
	var out bytes.Buffer
	if err := run([]string{"--bench", folder}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 1+len(systems) {
		t.Fatalf("got %d lines, want a head and one per system:\n%s", len(lines), out.String())
	}
	got := strings.Join(strings.Fields(lines[1])[:7], " ")
	if want := "tiny signpost 100.0 20.7-100.0 100.0 - -"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRunSkipsWithoutTheBenchFolder(t *testing.T) {
	var out, notes bytes.Buffer
	if err := run([]string{"--bench", filepath.Join(t.TempDir(), "none")}, &out, &notes); err != nil {
		t.Fatal(err)
	}
	if out.Len() != 0 || !strings.Contains(notes.String(), "skipped") || !strings.Contains(notes.String(), "--bench") {
		t.Errorf("got %q and note %q, want only a note that says skipped and how to name the folder", &out, &notes)
	}
}

func TestReadSetsRefusesWhatWouldMeanNothing(t *testing.T) {
	cases := []struct {
		name, bench, want string
	}{
		{"no set", t.TempDir(), "no set in"},
		{"no questions", bench(t, []row{}, nil), "asks nothing"},
		{"a label without phrasings", bench(t, []row{{"hello", "greeting"}}, nil), `label "greeting"`},
		{"no test file", bench(t, nil, nil), "test.jsonl"},
	}
	for _, c := range cases {
		if _, err := readSets(c.bench); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want one with %q", c.name, err, c.want)
		}
	}
}
