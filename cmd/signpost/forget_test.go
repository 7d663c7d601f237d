package main

import (
	"strings"
	"testing"
)

// TestPersonForget: the command says what goes, asks once more, and then goes through with it; a champion's question goes to
// somebody else.
func TestPersonForget(t *testing.T) {
	file := championsFile(t, "terminal:kim", "terminal:lee")
	forget := func(typed string, args ...string) said {
		var out, err strings.Builder
		a := &app{streams: streams{in: strings.NewReader(typed), out: &out, err: &err}}
		code := run(t.Context(), append([]string{"--db", file, "person", "forget"}, args...), a)
		return said{code, out.String(), err.String()}
	}
	for _, c := range []struct {
		name, typed string
		args        []string
		code        int
		out, err    string
		left        bool
	}{
		{"no address", "", []string{"kim"}, exitUsage, "", "is no address", true},
		{"nothing typed", "", []string{"terminal:kim"}, exitFailure, "is a champion at Royal Example", "nothing was erased", true},
		{"another address typed", "terminal:lee\n", []string{"terminal:kim"}, exitFailure, "goes to others", "nothing was erased", true},
		{"typed again", "terminal:kim\n", []string{"terminal:kim"}, 0, "Nothing is kept of terminal:kim", "", false},
		{"sure from the start, and forgotten before", "", []string{"terminal:kim", "--yes"}, 0, "Nothing is kept", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := forget(c.typed, c.args...)
			if got.code != c.code || !strings.Contains(got.out, c.out) || !strings.Contains(got.err, c.err) {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			if left := strings.Contains(signpost(t, file, "person", "list").out, "terminal:kim"); left != c.left {
				t.Errorf("they still have a right: %v, want %v", left, c.left)
			}
		})
	}
	trail := signpost(t, file, "audit").out
	if strings.Contains(trail, "terminal:kim") || strings.Count(trail, "person forgotten") != 2 || !strings.Contains(trail, "terminal:lee") {
		t.Errorf("the audit trail says\n%s", trail)
	}
}
