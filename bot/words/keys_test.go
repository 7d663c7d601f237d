package words_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"signpost/bot/screen"
	"signpost/bot/words"
)

// built lists the keys that code puts together from a part it knows and a part that is data.
var built = map[string]func(t *testing.T, code *usage) []string{
	"aside.": asideReasons,
	"menu.": func(*testing.T, *usage) []string {
		return strings.Fields("ask topics new role mine champion queue join near solved me help find keep")
	}, // bot's listedCommands
	"button.": func(_ *testing.T, code *usage) []string { return code.buttons },
	"stop.": func(*testing.T, *usage) []string {
		return []string{string(screen.Clinical), string(screen.Urgent), string(screen.Distress), string(screen.Safeguarding)}
	},
	"curate.state-":  func(*testing.T, *usage) []string { return []string{"live", "draft", "retired"} },                    // knowledge.State
	"curate.kind-":   func(*testing.T, *usage) []string { return []string{"system", "acronym", "word"} },                   // knowledge.TermKind
	"why.verdict-":   func(*testing.T, *usage) []string { return []string{"known", "unsure", "unknown", "aside", "stop"} }, // bot.Verdict
	"feedback.form-": func(*testing.T, *usage) []string { return []string{"link", "old", "local", "other"} },               // bot's reportKinds
}

func asideReasons(t *testing.T, _ *usage) []string {
	names, err := filepath.Glob("../asides/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no asides: %v", err)
	}
	for i, name := range names {
		names[i] = strings.TrimSuffix(filepath.Base(name), ".txt")
	}
	return names
}

// A usage is what Go code does with words.
type usage struct {
	calls    []call
	prefixes []string        // of keys put together in a call
	buttons  []string        // second arguments of button(id, key)
	literals map[string]bool // every string in the code
}

// A call is one of words.Say and its sisters with a plain key.
type call struct {
	at, key string
	given   []string // names of values; nil where they cannot be told
}

// readCode reads every Go file of the module but tests.
func readCode(t *testing.T) *usage {
	t.Helper()
	code := &usage{literals: map[string]bool{}}
	set := token.NewFileSet()
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool { code.see(set, n); return true })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func (code *usage) see(set *token.FileSet, n ast.Node) {
	if text, ok := literal(n); ok {
		code.literals[text] = true
	}
	c, ok := n.(*ast.CallExpr)
	if !ok || len(c.Args) == 0 {
		return
	}
	if f, ok := c.Fun.(*ast.Ident); ok && f.Name == "button" && len(c.Args) == 2 {
		if key, ok := literal(c.Args[1]); ok {
			code.buttons = append(code.buttons, key)
		}
	}
	f, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains([]string{"Say", "Line", "Raw"}, f.Sel.Name) {
		return
	}
	if of, ok := f.X.(*ast.Ident); !ok || of.Name != "words" {
		return
	}
	if key, ok := literal(c.Args[0]); ok {
		code.calls = append(code.calls, call{set.Position(c.Pos()).String(), key, namesGiven(c.Args[1:])})
	} else if sum, ok := c.Args[0].(*ast.BinaryExpr); ok {
		if prefix, ok := literal(sum.X); ok {
			code.prefixes = append(code.prefixes, prefix)
		}
	}
}

func literal(n ast.Node) (string, bool) {
	l, ok := n.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

func namesGiven(args []ast.Expr) []string {
	names := []string{}
	for i := 0; i < len(args); i += 2 {
		name, ok := literal(args[i])
		if !ok {
			return nil
		}
		names = append(names, name)
	}
	return names
}

func TestEveryKeyInCodeHasWords(t *testing.T) {
	code, keys := readCode(t), words.Keys()
	if len(code.calls) < 30 {
		t.Fatalf("found only %d calls; has the package been renamed?", len(code.calls))
	}
	for _, c := range code.calls {
		if !slices.Contains(keys, c.key) {
			t.Errorf("%s: no words under %q", c.at, c.key)
		}
	}
	for _, prefix := range code.prefixes {
		if built[prefix] == nil {
			t.Errorf("code builds keys that start with %q; declare in this test what follows", prefix)
		}
	}
	for prefix, ends := range built {
		for _, end := range ends(t, code) {
			if !slices.Contains(keys, prefix+end) {
				t.Errorf("no words under %q", prefix+end)
			}
		}
	}
	// Keys that reach words by way of a variable stand in the code as strings of the same form.
	form := regexp.MustCompile(`^(answer|aside|browse|button|champion|curate|feedback|masked|me|stop|unknown|unsure|welcome|why)\.[a-z-]*[a-z]$`)
	for text := range code.literals {
		if form.MatchString(text) && !slices.Contains(keys, text) {
			t.Errorf("no words under %q", text)
		}
	}
}

// unsaid are words that are written but that no code says yet. The list should be empty.
var unsaid = []string{}

func TestEveryKeyIsUsed(t *testing.T) {
	code := readCode(t)
	used := code.literals
	for prefix, ends := range built {
		for _, end := range ends(t, code) {
			used[prefix+end] = true
		}
	}
	for _, key := range words.Keys() {
		if used[key] == slices.Contains(unsaid, key) {
			t.Errorf("code says the words under %q: %v; listed as unsaid: %v", key, used[key], slices.Contains(unsaid, key))
		}
	}
}

var named = regexp.MustCompile(`\{([^}]*)\}`)

func TestEveryNameInATextIsGiven(t *testing.T) {
	code := readCode(t)
	for _, c := range code.calls {
		if c.given == nil {
			continue
		}
		var wanted []string
		for _, name := range named.FindAllStringSubmatch(words.Raw(c.key), -1) {
			wanted = append(wanted, name[1])
			if !slices.Contains(c.given, name[1]) {
				t.Errorf("%s: nothing is given for {%s} in %q", c.at, name[1], c.key)
			}
		}
		for _, name := range c.given {
			if !slices.Contains(wanted, name) {
				t.Errorf("%s: {%s} is given, but %q does not say it", c.at, name, c.key)
			}
		}
	}
	for _, prefix := range []string{"aside.", "button."} { // said as they are
		for _, key := range words.Keys() {
			if strings.HasPrefix(key, prefix) && named.MatchString(words.Raw(key)) {
				t.Errorf("nothing fills in the names in %q", key)
			}
		}
	}
}

func TestNoKeyStandsTwice(t *testing.T) {
	names, err := filepath.Glob("*.txt")
	if err != nil {
		t.Fatal(err)
	}
	safety, err := filepath.Glob("safety/*.txt")
	if err != nil || len(names) == 0 || len(safety) == 0 {
		t.Fatalf("no files: %v", err)
	}
	in := map[string]string{}
	for _, name := range append(names, safety...) {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range regexp.MustCompile(`(?m)^\[(.*)\]\s*$`).FindAllStringSubmatch(string(file), -1) {
			if other := in[key[1]]; other != "" {
				t.Errorf("[%s] stands in %s and in %s", key[1], other, name)
			}
			in[key[1]] = name
			if !slices.Contains(words.Keys(), key[1]) {
				t.Errorf("%s: [%s] is not of the form of a key, so its words are lost", name, key[1])
			}
			if strings.HasPrefix(key[1], "stop.") != strings.HasPrefix(name, "safety") {
				t.Errorf("[%s] stands in %s: the wording of stops stands apart, and alone", key[1], name)
			}
		}
	}
}
