package main

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"signpost/knowledge"
)

// editing makes the editor a shell script, which finds the file as its last word.
func editing(t *testing.T, script string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the editor of these tests is a shell script")
	}
	file := write(t, "editor.sh", "#!/bin/sh\n"+script+"\n")
	if err := os.Chmod(file, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VISUAL", file)
	t.Setenv("TMPDIR", t.TempDir())
}

// replacing is the script that replaces one text by another, on every sed.
func replacing(old, text string) string {
	return `sed 's/` + old + `/` + text + `/' "$1" > "$1.new" && cat "$1.new" > "$1" && rm "$1.new"`
}

// must runs a command that has to go well, and gives what it printed.
func must(t *testing.T, file string, args ...string) string {
	t.Helper()
	s := signpost(t, file, args...)
	if s.code != 0 || s.err != "" {
		t.Fatalf("%s: exit %d\n%s%s", strings.Join(args, " "), s.code, s.out, s.err)
	}
	return s.out
}

// TestEntryLifeByCommand edits, looks back, takes out and restores.
func TestEntryLifeByCommand(t *testing.T) {
	file := smallFile(t)
	before := must(t, file, "entry", "show", "see-payslip")
	editing(t, replacing("1. Open it.", "1. Open the pay page."))
	out := must(t, file, "entry", "edit", "--as", "sam", "--because", "the page moved", "see-payslip")
	if !strings.Contains(out, "see-payslip at england is saved: version 2, live.") {
		t.Errorf("edit says\n%s", out)
	}
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) > 0 {
		t.Errorf("the edited file was left behind: %v", left)
	}
	if out := must(t, file, "entry", "show", "see-payslip"); !strings.Contains(out, "1. Open the pay page.") {
		t.Errorf("people read\n%s", out)
	}
	if out := must(t, file, "entry", "diff", "see-payslip"); !strings.Contains(out, "Answer: 1 line changed\n  - 1. Open it.\n  + 1. Open the pay page.") {
		t.Errorf("diff says\n%s", out)
	}
	for _, c := range []struct{ args, says string }{
		{"entry retire see-payslip", "is retired: version 3, retired."},
		{"entry retire see-payslip", "was so already"},
		{"entry restore see-payslip 1", "is as in version 1: version 4, live."},
		{"entry hide see-payslip", "is hidden: version 5, draft."},
		{"entry undo see-payslip", "is as it was before: version 6, live."},
	} {
		if out := must(t, file, strings.Fields(c.args)...); !strings.Contains(out, c.says) {
			t.Errorf("%s says\n%s", c.args, out)
		}
	}
	if after := must(t, file, "entry", "show", "see-payslip"); after != before {
		t.Errorf("restored it is\n%s", after)
	}
	history := readJSON[[]versionLine](t, signpost(t, file, "entry", "history", "--json", "see-payslip"))
	var acts []string
	for _, v := range history {
		acts = append(acts, v.Act)
	}
	if !slices.Equal(acts, []string{"undo", "hide", "restore", "retire", "edit", "pack"}) || history[4].By != "terminal:sam" || history[4].Because != "the page moved" {
		t.Errorf("the history is %+v", history)
	}
	if out := must(t, file, "entry", "history", "see-payslip"); !strings.Contains(out, "because: the page moved") {
		t.Errorf("the history in words is\n%s", out)
	}
}

// TestEditWithWarningsWaits edits an entry so that something speaks against it: it is a draft until somebody says why.
func TestEditWithWarningsWaits(t *testing.T) {
	file := smallFile(t, golden("where is my payslip", "see-payslip"))
	editing(t, `printf '\n- where is my payslip\n- how much was i paid\n' >> "$1"`)
	out := must(t, file, "entry", "edit", "--as", "sam", "teams-join")
	for _, want := range []string{"Warning: See my payslip (see-payslip) is asked for in the same way", "Kept as draft 1 of teams-join at england.", "entry approve 1 --because"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if show := must(t, file, "entry", "show", "teams-join"); strings.Contains(show, "payslip") {
		t.Error("it is live already")
	}
	if list := must(t, file, "entry", "drafts"); !strings.Contains(list, "draft   teams-join at england, by terminal:sam") {
		t.Errorf("the drafts are\n%s", list)
	}
	for _, c := range []struct{ args, says string }{
		{"entry submit teams-join", "Draft 1 of teams-join at england waits for approval."},
		{"entry reject 1 --because why", "is sent back"},
		{"entry submit 1", "waits for approval"},
		{"entry approve 1 --because fine", "is approved: version 2, live."},
	} {
		if out := must(t, file, strings.Fields(c.args)...); !strings.Contains(out, c.says) {
			t.Errorf("%s says\n%s", c.args, out)
		}
	}
	if s := signpost(t, file, "entry", "approve", "1"); s.code != 1 || !strings.Contains(s.err, "closed") {
		t.Errorf("approved again: exit %d, %s", s.code, s.err)
	}
}

func TestEditLosesNothing(t *testing.T) {
	file := smallFile(t)
	editing(t, `echo 'broken' > "$1"`)
	s := signpost(t, file, "entry", "edit", "see-payslip")
	if s.code != 1 || !strings.Contains(s.err, "what you wrote is in ") {
		t.Fatalf("exit %d\n%s", s.code, s.err)
	}
	_, kept, _ := strings.Cut(s.err, "what you wrote is in ")
	kept, _, _ = strings.Cut(kept, ",")
	if text, err := os.ReadFile(kept); err != nil || string(text) != "broken\n" {
		t.Errorf("in %s is %q, %v", kept, text, err)
	}
	editing(t, "true")
	if out := must(t, file, "entry", "edit", "see-payslip"); out != "Nothing was changed.\n" {
		t.Errorf("unchanged it says %q", out)
	}
	editing(t, "exit 1")
	if s := signpost(t, file, "entry", "edit", "see-payslip"); s.code != 1 || !strings.Contains(s.err, "set EDITOR") {
		t.Errorf("exit %d\n%s", s.code, s.err)
	}
}

// TestEditNewAndOwn writes a new entry and an organisation's own version, which goes on following the national one.
func TestEditNewAndOwn(t *testing.T) {
	file := smallFile(t)
	must(t, file, "place", "add", "Royal Example", "--kind", "trust", "--in", "London")
	editing(t, replacing("^title: .*", "title: Print a poster"))
	if s := signpost(t, file, "entry", "edit", "print-poster"); s.code != 1 || !strings.Contains(s.err, "--new makes one") {
		t.Errorf("exit %d\n%s", s.code, s.err)
	}
	if out := must(t, file, "entry", "edit", "--new", "--draft", "print-poster"); !strings.Contains(out, "Kept as draft 1 of print-poster") {
		t.Errorf("a new one says\n%s", out)
	}
	editing(t, `printf '\n## Answer\n\n1. Royal pay desk.\n' >> "$1"`)
	must(t, file, "entry", "edit", "--org", "Royal Example", "--because", "ours", "see-payslip")
	merged := must(t, file, "entry", "show", "--org", "Royal Example", "see-payslip")
	if !strings.Contains(merged, "# Royal Example's own version") || !strings.Contains(merged, "title: See my payslip") || !strings.Contains(merged, "Royal pay desk.") {
		t.Errorf("Royal reads\n%s", merged)
	}
	own := must(t, file, "entry", "show", "--org", "Royal Example", "--own", "see-payslip")
	if strings.Contains(own, "title:") {
		t.Errorf("its own part is\n%s", own)
	}
	must(t, file, "entry", "add", "--org", "Royal Example", write(t, "again.md", merged))
	if again := must(t, file, "entry", "show", "--org", "Royal Example", "--own", "see-payslip"); again != own {
		t.Errorf("added again it no longer follows:\n%s", again)
	}
}

func TestImportAndExportByCommand(t *testing.T) {
	file := smallFile(t)
	for _, name := range []string{"a.xlsx", "a.csv", "a.json", "a.zip"} {
		name = filepath.Join(t.TempDir(), name)
		if out := must(t, file, "export", name); !strings.HasPrefix(out, "3 entries in ") {
			t.Errorf("export says %s", out)
		}
		got := readJSON[imported](t, signpost(t, file, "import", "--apply", "--json", name))
		if got.Unchanged != 3 || got.Added+got.Changed != 0 || got.Import != 0 || len(got.Faults) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	sheet := write(t, "sheet.csv", "slug,title,answer\nsee-payslip,See my payslip,1. Changed.\n,Print a poster,1. Thick paper.\n")
	out := must(t, file, "import", sheet)
	for _, want := range []string{"Row 2: changed see-payslip at england", "  - 1. Open it.", "Row 3: added print-a-poster at england", "1 added, 1 changed, 0 unchanged, 0 to mend.", "add --apply"} {
		if !strings.Contains(out, want) {
			t.Errorf("the preview does not say %q:\n%s", want, out)
		}
	}
	if show := must(t, file, "entry", "show", "see-payslip"); strings.Contains(show, "Changed") {
		t.Error("a preview changed the base")
	}
	if out := must(t, file, "import", "--apply", "--as", "sam", sheet); !strings.Contains(out, "signpost import undo 1") {
		t.Errorf("it says\n%s", out)
	}
	if out := must(t, file, "import", "list"); !strings.Contains(out, "2 entries by terminal:sam") {
		t.Errorf("the imports are\n%s", out)
	}
	if out := must(t, file, "import", "undo", "1"); out != "Import 1 is undone: 2 entries are as before.\n" {
		t.Errorf("undo says %s", out)
	}
	if show := must(t, file, "entry", "show", "see-payslip"); !strings.Contains(show, "1. Open it.") {
		t.Errorf("undone it is\n%s", show)
	}
}

func TestImportSaysWhatToMend(t *testing.T) {
	file := smallFile(t)
	sheet := write(t, "sheet.csv", "slug,title,answer,review date\ngood,Good,1. A.,\nbad,Bad,1. A.,soon\n")
	s := signpost(t, file, "import", "--apply", sheet)
	if s.code != 1 || !strings.Contains(s.out, "Row 3, column review date: \"soon\" is no day. Write it as 2027-05-31.\n") || !strings.Contains(s.out, "Nothing was put in.") {
		t.Errorf("exit %d\n%s%s", s.code, s.out, s.err)
	}
	if s := signpost(t, file, "entry", "show", "good"); s.code != 1 {
		t.Error("the good row was put in")
	}
	if s := signpost(t, file, "import", "--place", "London", write(t, "x.csv", "title,answer,place\nA,1. B,England\n")); s.code != 1 || !strings.Contains(s.out, "for \"london\" only") {
		t.Errorf("exit %d\n%s", s.code, s.out)
	}
	for _, c := range []struct {
		args string
		code int
	}{{"import no-such.csv", 1}, {"import", 2}, {"import --place Narnia x.csv", 2}, {"import undo 9", 1}, {"import undo x", 2}, {"export x.docx", 2},
		{"export --format doc x", 2}, {"export", 2}, {"entry restore see-payslip x", 2}, {"entry restore see-payslip 9", 1}, {"entry diff see-payslip 9", 2},
		{"entry approve 9", 1}, {"entry approve see-payslip", 1}, {"entry history no-such", 1}} {
		if s := signpost(t, file, strings.Fields(c.args)...); s.code != c.code || s.err == "" {
			t.Errorf("%s: exit %d, want %d\n%s", c.args, s.code, c.code, s.err)
		}
	}
}

func TestGlossaryGapsAndReportsByCommand(t *testing.T) {
	file := smallFile(t)
	must(t, file, "glossary", "set", "ESR", "--kind", "system", "--means", "the staff record", "--also", "my esr,staff record")
	must(t, file, "glossary", "set", "esr", "--full", "Electronic Staff Record")
	terms := readJSON[[]knowledge.Term](t, signpost(t, file, "glossary", "list", "--json"))
	if len(terms) != 1 || terms[0].Full != "Electronic Staff Record" || terms[0].Means != "the staff record" || len(terms[0].Also) != 2 {
		t.Errorf("the words are %+v", terms)
	}
	must(t, file, "glossary", "remove", "ESR")
	if s := signpost(t, file, "glossary", "remove", "ESR"); s.code != 1 {
		t.Errorf("removed again: exit %d", s.code)
	}
	if out := must(t, file, "glossary", "list"); out != "" {
		t.Errorf("the list is %s", out)
	}
	for _, command := range []string{"gaps", "reports"} {
		if out := must(t, file, command, "--json"); out != "[]\n" {
			t.Errorf("%s: %s", command, out)
		}
	}
}

func TestListsOfCuratorsAreJSON(t *testing.T) {
	file := smallFile(t)
	shown := readJSON[map[string]any](t, signpost(t, file, "entry", "show", "see-payslip", "--json"))
	if shown["slug"] != "see-payslip" || shown["place"] != "england" || shown["state"] != "live" {
		t.Errorf("the entry is %v", shown)
	}
	if s := signpost(t, file, "entry", "add", write(t, "new.md", strings.Replace(signpost(t, file, "entry", "show", "see-payslip").out, "See my payslip", "See my wage slip", 1))); s.code != 0 {
		t.Fatal(s.err)
	}
	fields := readJSON[[]knowledge.FieldChange](t, signpost(t, file, "entry", "diff", "see-payslip", "--json"))
	if len(fields) != 1 || fields[0].Field != "Title" || len(fields[0].Lines) != 2 {
		t.Errorf("what differs is %+v", fields)
	}
	for _, list := range [][]string{{"import", "list"}, {"entry", "drafts"}, {"gaps"}, {"reports"}} {
		if all := readJSON[[]any](t, signpost(t, file, append(list, "--json")...)); len(all) != 0 {
			t.Errorf("%v: %v", list, all)
		}
		if s := signpost(t, file, list...); s.code != 0 || strings.TrimSpace(s.out) == "" {
			t.Errorf("%v says nothing where there is nothing: exit %d", list, s.code)
		}
	}
}
