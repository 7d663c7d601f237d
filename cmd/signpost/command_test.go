package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// said is what a command line came to.
type said struct {
	code     int
	out, err string
}

// signpost runs one command line on a file.
func signpost(t *testing.T, file string, args ...string) said {
	t.Helper()
	var out, err strings.Builder
	a := &app{streams: streams{in: strings.NewReader(""), out: &out, err: &err}}
	code := run(t.Context(), append([]string{"--db", file}, args...), a)
	return said{code, out.String(), err.String()}
}

// readJSON reads the output of a command, which must be one JSON value and nothing else.
func readJSON[T any](t *testing.T, s said) (value T) {
	t.Helper()
	if s.code != 0 || s.err != "" {
		t.Errorf("exit %d, on the error output %q", s.code, s.err)
	}
	d := json.NewDecoder(strings.NewReader(s.out))
	d.DisallowUnknownFields()
	if err := d.Decode(&value); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, s.out)
	}
	if d.More() {
		t.Errorf("more than one value: %s", s.out)
	}
	return value
}

// keys gives the names that a JSON object has, sorted.
func keys(t *testing.T, raw json.RawMessage) []string {
	t.Helper()
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		t.Fatalf("no object: %v\n%s", err, raw)
	}
	return sortedKeys(object)
}

// exits are command lines, as typed in a shell, with their exit code and words on the output that fits the code.
var exits = []struct {
	args string
	code int
	says string
}{
	{"", 0, "Usage:"},
	{"--help", 0, "signpost chat"},
	{"ask how do i see my shifts", 0, "See my shifts"},
	{"entry", 0, "entry find"},
	{"place list", 0, "London"},
	{"place list --json", 0, "\"nation\""},
	{"--json place list", 2, "there is no flag --json"},
	{"--org London ask how do i see my shifts", 0, "See my shifts"},
	{"ask --why how do i see my shifts", 0, "Verdict: known"},
	{"ask how do i see my shifts --why", 0, "Verdict: known"},
	{"ask -- --why", 0, ""},
	{"entry show roster-view-shifts", 0, "slug: roster-view-shifts"},
	{"entry show no-such", 1, "entry find looks by title"},
	{"entry show", 2, "something is missing after the command"},
	{"entry show a b", 2, "words that belong together go in quotation marks"},
	{"entry find", 2, "something is missing"},
	{"entry add no-such.md", 1, "no-such.md"},
	{"entry add --org Nowhere no-such.md", 2, "--org \"Nowhere\""},
	{"entry list extra", 2, "does not take \"extra\""},
	{"ask", 2, "ask what?"},
	{"ask '  '", 2, "ask what?"},
	{"ask --role wizard hello", 2, "no such role"},
	{"ask --org Nowhere hello", 2, "not found"},
	{"ask --org Londn hello", 2, "--org \"Londn\""},
	{"ask --no-such hello", 2, "there is no flag --no-such"},
	{"nonsense", 2, "nonsense"},
	{"chat now", 2, "does not take \"now\""},
	{"place add", 2, "something is missing"},
	{"place add Royal", 2, "it needs --"},
	{"place add --kind trust --in London", 2, "something is missing"},
	{"place add Royal --kind castle --in London", 2, "it must be one of trust"},
	{"place add Royal --kind trust --in Narnia", 2, "--in \"Narnia\""},
	{"place add '!!!' --kind trust --in London", 2, "a name needs letters"},
	{"local set it-desk x", 2, "it needs --"},
	{"local set --org London no-such x", 2, "no local detail is called"},
	{"local set --org London it-desk", 2, "something is missing"},
	{"local list --org Nowhere", 2, "not found"},
	{"eval no-such.jsonl", 1, "no-such.jsonl"},
	{"eval a b", 2, "too much"},
	{"eval --train a.jsonl", 2, "--train needs a file"},
	{"eval --oos a.jsonl b.jsonl", 2, "--oos goes with --train"},
	{"eval --safety", 2, "--safety needs a file"},
	{"eval --safety --folds 3 a", 2, "or 0 for the stops in use"},
	{"eval --safety --train a b", 2, "ask for one"},
	{"eval --damage 2 a.jsonl", 2, "from 0 to 1"},
	{"eval --damage NaN a.jsonl", 2, "from 0 to 1"},
	{"eval --train no-such.jsonl b.jsonl", 1, "no-such.jsonl"},
	{"fit a b", 2, "too much"},
	{"fit no-such.jsonl", 1, "no-such.jsonl"},
	{"discord invite abc", 2, "is no application id"},
	{"discord invite", 2, "set DISCORD_TOKEN"},
	{"setting set --place England offer-channel hello", 2, "is no address"},
	{"setting set --place England fallback kim", 2, "is no address"},
	{"setting set --place England fallback slack:T1/C3", 0, "fallback is now slack:T1/C3"},
	{"discord invite 123", 0, "client_id=123"},
	{"setting set offer-minutes -5", 2, "there is no flag -5"},
	{"entry restore roster-view-shifts 99", 1, "not found"},
	{"doctor now", 2, "does not take \"now\""},
	{"eval testdata/commands/broken.jsonl", 1, "line 2"},
}

func TestExitCodes(t *testing.T) {
	file := freshFile(t)
	for _, c := range exits {
		t.Run(c.args, func(t *testing.T) {
			words, err := commandWords(c.args)
			if err != nil {
				t.Fatal(err)
			}
			s := signpost(t, file, words...)
			reads, silent := s.out, s.err
			if c.code != 0 {
				reads, silent = s.err, s.out
			}
			if s.code != c.code || !strings.Contains(reads, c.says) || silent != "" {
				t.Errorf("exit %d, want %d with %q\n--- output\n%s\n--- errors\n%s", s.code, c.code, c.says, s.out, s.err)
			}
		})
	}
}

// write makes a file for one test.
func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestFileThatCannotBeOpened(t *testing.T) {
	for name, file := range map[string]string{
		"no such folder": filepath.Join(t.TempDir(), "missing", "signpost.db"),
		"a folder":       t.TempDir(),
		"no database":    write(t, "notes.txt", strings.Repeat("These are notes. ", 100)),
	} {
		t.Run(name, func(t *testing.T) {
			s := signpost(t, file, "place", "list")
			line, rest, _ := strings.Cut(s.err, "\n")
			if s.code != 1 || s.out != "" || rest != "" || !strings.HasPrefix(line, "signpost: open "+file+": ") {
				t.Errorf("exit %d\n--- output\n%s\n--- errors\n%s", s.code, s.out, s.err)
			}
		})
	}
}

func TestFileIsMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a new one.db")
	if s := signpost(t, file, "ask", "how do i see my shifts"); s.code != 0 || !strings.Contains(s.out, "See my shifts") {
		t.Fatalf("exit %d\n%s%s", s.code, s.out, s.err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

// TestHelpHasExamples walks all commands.
func TestHelpHasExamples(t *testing.T) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Short == "" || !strings.HasPrefix(c.Example, "  signpost ") {
			t.Errorf("%s: short %q, example %q", c.CommandPath(), c.Short, c.Example)
		}
		path := strings.Fields(c.CommandPath())[1:]
		s := signpost(t, "unused.db", append(path, "--help")...)
		if s.code != 0 || s.err != "" || !strings.Contains(s.out, "Examples:\n"+c.Example) {
			t.Errorf("%s --help: exit %d\n%s%s", c.CommandPath(), s.code, s.out, s.err)
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(rootCommand(&app{}))
	if _, err := os.Stat("unused.db"); err == nil {
		t.Error("help made a file")
	}
}

// TestExamplesAreValid reads each example of --help as far as its command and flags.
func TestExamplesAreValid(t *testing.T) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, example := range strings.Split(c.Example, "\n") {
			_, line, found := strings.Cut(example, "signpost ")
			line, _, _ = strings.Cut(line, " > ")
			words, err := commandWords(line)
			if !found || err != nil {
				t.Errorf("%s: %q is no command line: %v", c.CommandPath(), example, err)
				continue
			}
			fresh := rootCommand(&app{})
			target, rest, err := fresh.Find(words)
			if err != nil || target == fresh {
				t.Errorf("%q: %v", example, err)
				continue
			}
			if err := target.ParseFlags(rest); err != nil {
				t.Errorf("%q: %v", example, err)
			}
			if err := target.ValidateArgs(target.Flags().Args()); err != nil {
				t.Errorf("%q: %v", example, err)
			}
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(rootCommand(&app{}))
}

func TestAskJSON(t *testing.T) {
	file := freshFile(t)
	for _, c := range []struct {
		text, verdict, reason string
		matches               int // at least
		first                 string
	}{
		{"how do i see my shifts", "known", "", 1, "roster-view-shifts"},
		{"calendar", "unsure", "", 2, ""},
		{"how do i polish the hoverboard telescope", "unknown", "", 0, ""},
		{"tell me a joke", "aside", "smalltalk", 0, ""},
		{"he is not breathing", "stop", "urgent", 0, ""},
		{"999 000 0026", "stop", "empty-after-masking", 0, ""},
	} {
		t.Run(c.verdict, func(t *testing.T) {
			s := signpost(t, file, "ask", "--json", c.text)
			if got, want := keys(t, readJSON[json.RawMessage](t, s)), []string{"matches", "reason", "text", "verdict"}; !slices.Equal(got, want) {
				t.Fatalf("keys are %q, want %q", got, want)
			}
			got := readJSON[asked](t, s)
			if string(got.Verdict) != c.verdict || got.Reason != c.reason || got.Text == "" {
				t.Errorf("verdict %q, reason %q, text %q", got.Verdict, got.Reason, got.Text)
			}
			if len(got.Matches) < c.matches || got.Matches == nil || (c.matches == 0 && c.verdict != "unknown" && len(got.Matches) > 0) {
				t.Errorf("matches are %v", got.Matches)
			}
			if c.first != "" && got.Matches[0].Entry != c.first {
				t.Errorf("first is %q, want %q", got.Matches[0].Entry, c.first)
			}
			for _, m := range got.Matches {
				if m.Probability < 0 || m.Probability > 1 || m.Why == "" || m.Title == "" {
					t.Errorf("match %+v", m)
				}
			}
		})
	}
}

func TestAskLeansOnTheTurnBefore(t *testing.T) {
	file := freshFile(t)
	s := signpost(t, file, "ask", "--json", "--prev", "my smartcard is locked", "it still says locked")
	if got := readJSON[asked](t, s); len(got.Matches) == 0 || got.Matches[0].Entry != "smartcard-unlock" {
		t.Errorf("got %+v", got.Matches)
	}
}

func TestEntryCommands(t *testing.T) {
	file := freshFile(t)
	shape := []string{"kind", "place", "slug", "state", "strand", "title", "topic"}
	for _, line := range []string{"list", "find shifts"} {
		list := readJSON[[]json.RawMessage](t, signpost(t, file, strings.Fields("entry "+line+" --json")...))
		if len(list) == 0 || !slices.Equal(keys(t, list[0]), shape) {
			t.Errorf("entry %s: %d with keys %q", line, len(list), keys(t, list[0]))
		}
	}
	if s := signpost(t, file, "entry", "find", "--json", "zzzzqqqq"); strings.TrimSpace(s.out) != "[]" {
		t.Errorf("nothing found prints %q", s.out)
	}
	found := readJSON[[]listedEntry](t, signpost(t, file, "entry", "find", "--json", "See", "my", "shifts"))
	if len(found) == 0 || found[0].Slug != "roster-view-shifts" {
		t.Errorf("found %+v", found)
	}
}

// TestEntryRoundTrip shows an entry, adds it to an organisation, and changes only its people's answer.
func TestEntryRoundTrip(t *testing.T) {
	file := freshFile(t)
	signpost(t, file, "place", "add", "Royal Example", "--kind", "trust", "--in", "London")
	national := signpost(t, file, "entry", "show", "roster-view-shifts").out
	s := signpost(t, file, "entry", "add", "--org", "Royal Example", "testdata/commands/royal-shifts.md")
	if s.out != "1 live at Royal Example.\n" {
		t.Fatalf("exit %d: %s%s", s.code, s.out, s.err)
	}
	own := signpost(t, file, "entry", "show", "--org", "royal-example", "roster-view-shifts").out
	if !strings.Contains(own, "title: See my shifts at the Royal\n") {
		t.Errorf("the organisation's entry is\n%s", own)
	}
	if after := signpost(t, file, "entry", "show", "roster-view-shifts").out; after != national {
		t.Errorf("the national entry changed to\n%s", after)
	}
	s = signpost(t, file, "entry", "add", write(t, "again.md", national))
	after := signpost(t, file, "entry", "show", "roster-view-shifts").out
	if s.out != "1 live at England.\n" || after != national {
		t.Errorf("what was shown cannot be added again: exit %d: %s%s", s.code, s.out, s.err)
	}
}

// TestEntryAddIsAllOrNothing adds a good file and a bad one: neither may stay.
func TestEntryAddIsAllOrNothing(t *testing.T) {
	file := freshFile(t)
	good := write(t, "good.md", strings.Replace(signpost(t, file, "entry", "show", "roster-view-shifts").out,
		"slug: roster-view-shifts", "slug: brand-new", 1))
	for name, bad := range map[string]string{
		"no entry file":  "hello\n",
		"nothing inside": "---\nslug: half-done\n---\n",
		"unknown key":    "---\nslug: half-done\ncolour: blue\n---\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := signpost(t, file, "entry", "add", good, write(t, "bad.md", bad))
			if s.code != 1 || s.out != "" || s.err == "" {
				t.Errorf("exit %d: %s%s", s.code, s.out, s.err)
			}
			if s := signpost(t, file, "entry", "show", "brand-new"); s.code != 1 {
				t.Error("the good file stayed although the bad one was refused")
			}
		})
	}
}

func TestPlaceCommands(t *testing.T) {
	file := freshFile(t)
	add := []string{"place", "add", "Royal Example", "--kind", "trust", "--in", "London", "--ods", "rx9"}
	if s := signpost(t, file, add...); s.out != "Added Royal Example as royal-example.\n" {
		t.Fatalf("exit %d: %s%s", s.code, s.out, s.err)
	}
	if s := signpost(t, file, add...); s.code != 1 || !strings.Contains(s.err, "there already: Royal Example") {
		t.Errorf("again: exit %d: %s", s.code, s.err)
	}
	add[2] = "Other"
	if s := signpost(t, file, add...); s.code != 1 || !strings.Contains(s.err, "there already") {
		t.Errorf("the same ODS code: exit %d: %s", s.code, s.err)
	}
	under := "  London  (london, region) \n    Royal Example  (royal-example, trust) RX9\n"
	if s := signpost(t, file, "place", "list"); !strings.Contains(s.out, under) {
		t.Errorf("the list is\n%s", s.out)
	}
	type shape struct{ ID, Parent, Kind, Name, ODS string }
	list := readJSON[[]shape](t, signpost(t, file, "place", "list", "--json"))
	if list[0].Kind != "nation" || !slices.Contains(list, shape{"royal-example", "london", "trust", "Royal Example", "RX9"}) {
		t.Errorf("the list is %+v", list)
	}
}

func TestLocalCommands(t *testing.T) {
	file := freshFile(t)
	signpost(t, file, "place", "add", "Royal Example", "--kind", "trust", "--in", "London")
	s := signpost(t, file, "local", "set", "it-desk", "ext", "4521", "--org", "Royal Example")
	if s.out != "Royal Example: your IT desk is now \"ext 4521\".\n" {
		t.Errorf("exit %d: %s%s", s.code, s.out, s.err)
	}
	if s := signpost(t, file, "local", "set", "--org", "London", "payroll", "ring London"); s.code != 0 {
		t.Errorf("a region: exit %d: %s", s.code, s.err)
	}
	filled := map[string]localDetail{}
	for _, d := range readJSON[[]localDetail](t, signpost(t, file, "local", "list", "--org", "Royal Example", "--json")) {
		if d.Value != "" {
			filled[d.Key] = d
		}
	}
	if len(filled) != 2 || filled["it-desk"].From != "royal-example" || filled["payroll"].From != "london" {
		t.Errorf("filled in are %+v", filled)
	}
	s = signpost(t, file, "local", "set", "--org", "Royal Example", "it-desk", strings.Repeat("x", 1001))
	if s.code != 2 || !strings.Contains(s.err, "at most 1,000 characters") {
		t.Errorf("too long: exit %d: %s", s.code, s.err)
	}
}
