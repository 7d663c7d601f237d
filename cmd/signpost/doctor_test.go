package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"signpost/knowledge/sqldb"
)

// examined is what doctor says: the exit code and the checks by name. A name that occurs twice keeps the last.
func examined(t *testing.T, file string, args ...string) (code int, checks map[string]finding) {
	t.Helper()
	s := signpost(t, file, append([]string{"doctor", "--json"}, args...)...)
	code = s.code
	s.code = 0
	d := readJSON[diagnosis](t, s)
	if d.OK != (code == 0) {
		t.Errorf("exit %d, but ok is %v", code, d.OK)
	}
	checks = map[string]finding{}
	for _, f := range d.Checks {
		checks[f.Name] = f
		if f.Says == "" || f.State == wrong && f.Do == "" {
			t.Errorf("%s does not say what to do: %+v", f.Name, f)
		}
	}
	return code, checks
}

func TestDoctorOfAWellFile(t *testing.T) {
	file := smallFile(t, golden("my smartcard is locked", "smartcard-unlock"))
	code, checks := examined(t, file, "--words")
	for name, want := range map[string]health{"model": well, "file": well, "starter base": well, "entries": well, "learning": hint, "questions": well, "places": hint} {
		if code != 0 || checks[name].State != want {
			t.Errorf("exit %d, %s is %+v, want %s", code, name, checks[name], want)
		}
	}
	signpost(t, file, "fit", "--words")
	signpost(t, file, "place", "add", "Royal Example", "--kind", "trust", "--in", "London")
	signpost(t, file, "local", "set", "--org", "Royal Example", "it-desk", "ext 1")
	_, checks = examined(t, file, "--words")
	for name, want := range map[string]string{"learning": "has learnt", "places": "1 organisations", "local details": "Royal Example has not filled in 1 of 2: payroll"} {
		if !strings.Contains(checks[name].Says, want) {
			t.Errorf("%s says %q, want %q", name, checks[name].Says, want)
		}
	}
	signpost(t, file, "fit", "--words", write(t, "live.jsonl", `{"text": "where is my payslip", "slug": "see-payslip"}`))
	signpost(t, file, "entry", "add", write(t, "new.md", strings.Replace(signpost(t, file, "entry", "show", "see-payslip").out, "See my payslip", "See my wage slip", 1)))
	if _, checks = examined(t, file, "--words"); checks["learning"].State != hint || !strings.Contains(checks["learning"].Says, "changed since") {
		t.Errorf("after a change learning is %+v", checks["learning"])
	}
}

func TestDoctorOfABrokenFile(t *testing.T) {
	whole, err := os.ReadFile(freshFile(t))
	if err != nil {
		t.Fatal(err)
	}
	torn := bytes.Clone(whole)
	for i := len(torn) / 4; i < len(torn)/2; i++ {
		torn[i] = 0xa5
	}
	for name, c := range map[string]struct{ file, says string }{
		"pages overwritten": {write(t, "torn.db", string(torn)), "damaged"},
		"cut off":           {write(t, "short.db", string(whole[:len(whole)/2])), "."},
		"no database":       {write(t, "notes.db", strings.Repeat("These are notes. ", 100)), "cannot be opened"},
		"a folder":          {t.TempDir(), "cannot be opened"},
	} {
		code, checks := examined(t, c.file, "--words")
		if code != 1 || checks["file"].State != wrong || !strings.Contains(checks["file"].Says, c.says) {
			t.Errorf("%s: exit %d, file is %+v", name, code, checks["file"])
		}
	}
	missing := filepath.Join(t.TempDir(), "signpost.db")
	if code, checks := examined(t, missing, "--words"); code != 0 || checks["file"].State != hint {
		t.Errorf("a file that is not there: exit %d, %+v", code, checks["file"])
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("doctor made a file")
	}
}

// TestDoctorOfAnEmptyBase opens a file that has tables and nothing in them.
func TestDoctorOfAnEmptyBase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "signpost.db")
	db, err := sqldb.Open(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	code, checks := examined(t, file, "--words")
	if code != 1 || checks["entries"].State != wrong || checks["starter base"].State != hint || checks["questions"].State != hint {
		t.Errorf("exit %d, %+v", code, checks)
	}
}

func TestDoctorOfModels(t *testing.T) {
	file := smallFile(t)
	for name, c := range map[string]struct {
		model, encoder health
		code           int
	}{
		"good": {well, well, 0}, "missing": {hint, hint, 0}, "truncated": {wrong, hint, 1}, "altered": {wrong, hint, 1},
		"other version": {wrong, hint, 1}, "empty": {wrong, hint, 1}, "a folder": {wrong, hint, 1},
	} {
		state := modelStates(t)[name]
		code, checks := examined(t, file, "--model", state.file)
		if kernel := checks["encoder"]; code != c.code || checks["model"].State != c.model || kernel.State != c.encoder && !strings.Contains(kernel.Says, "portable") {
			t.Errorf("%s: exit %d, %+v, %+v", name, code, checks["model"], kernel)
		}
		if m := checks["model"]; !strings.Contains(m.Says, state.file) || !strings.Contains(m.Do, state.says) {
			t.Errorf("%s: it says %q, and to do %q", name, m.Says, m.Do)
		}
	}
	t.Chdir(t.TempDir())
	t.Setenv("SIGNPOST_MODEL", "")
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	if code, checks := examined(t, file); code != 0 || checks["model"].State != hint || strings.Count(checks["model"].Says, modelFile) != 3 {
		t.Errorf("with none anywhere: exit %d, %+v", code, checks["model"])
	}
	// A broken one in the working folder is only a hint where a good one comes after it.
	if err := os.WriteFile(modelFile, packedModel(2), 0o666); err != nil {
		t.Fatal(err)
	}
	if code, _ := examined(t, file); code != 1 {
		t.Errorf("with a broken one alone: exit %d", code)
	}
	data := filepath.Join(os.Getenv("XDG_DATA_HOME"), "signpost")
	if err := errors.Join(os.Mkdir(data, 0o777), os.WriteFile(filepath.Join(data, modelFile), packedModel(1), 0o666)); err != nil {
		t.Fatal(err)
	}
	if code, checks := examined(t, file); code != 0 || checks["model"].State != well {
		t.Errorf("with a good one after a broken one: exit %d, %+v", code, checks["model"])
	}
}

func TestDoctorForPeople(t *testing.T) {
	s := signpost(t, smallFile(t), "doctor", "--words")
	for _, line := range []string{"well   file", "hint   learning", "-> signpost fit does it now", "Signpost is well."} {
		if s.code != 0 || s.err != "" || !strings.Contains(s.out, line) {
			t.Errorf("exit %d, no line %q in\n%s%s", s.code, line, s.out, s.err)
		}
	}
	s = signpost(t, t.TempDir(), "doctor", "--words")
	if s.code != 1 || s.err != "" || !strings.Contains(s.out, "Something must be put right") {
		t.Errorf("exit %d\n%s%s", s.code, s.out, s.err)
	}
}
