package main

import (
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
)

const (
	root   = "../.." // of the module
	module = "signpost/"
	driver = "github.com/mattn/go-sqlite3"
)

// layers are the folders of the house; a package imports only its own layer and those after it.
var layers = []string{"cmd", "adapters", "bot", "knowledge"}

// TestImportsGoOneWay keeps the plan of the house: cmd > adapters > bot > knowledge, tests included.
func TestImportsGoOneWay(t *testing.T) {
	for _, file := range goFiles(t) {
		for _, path := range importsOf(t, file) {
			if why := forbidden(filepath.ToSlash(filepath.Dir(file)), path); why != "" {
				t.Errorf("%s imports %s: %s", file, path, why)
			}
		}
	}
}

// forbidden says why a package in a folder may not import a path, or "".
func forbidden(folder, path string) string {
	if path == driver && folder != "knowledge/sqldb" && folder != "knowledge/sqldb/faulty" {
		return "only knowledge/sqldb knows the database"
	}
	to, ours := strings.CutPrefix(path, module)
	switch {
	case !ours || to == folder: // an external test imports what it tests
		return ""
	case layer(folder) < 0 || layer(to) < 0:
		return "every package belongs to one of " + strings.Join(layers, ", ")
	case folder == "bot/chat":
		return "bot/chat is all an adapter needs, and needs nothing of ours"
	case layer(to) < layer(folder):
		return "imports go " + strings.Join(layers, " > ")
	case layer(folder) == 1 && layer(to) == 1 && adapter(to) != adapter(folder) && adapter(to) != "adaptertest":
		return "adapters do not know each other"
	case layer(folder) == 1 && layer(to) > 1 && to != "bot/chat":
		return "an adapter needs bot/chat alone"
	}
	return ""
}

func layer(folder string) int {
	first, _, _ := strings.Cut(folder, "/")
	return slices.Index(layers, first)
}

func adapter(folder string) string { return strings.Split(folder+"/", "/")[1] }

// feature are words of features, which no adapter knows.
var feature = regexp.MustCompile(`(?i)champion|entry|inbox`)

// TestAdaptersNameNoFeature keeps adapters plain: they render any button, form and page.
func TestAdaptersNameNoFeature(t *testing.T) {
	for _, file := range goFiles(t) {
		folder := filepath.ToSlash(filepath.Dir(file))
		if layer(folder) != 1 || adapter(folder) == "adaptertest" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if word := feature.FindString(line); word != "" {
				t.Errorf("%s:%d: an adapter names a feature: %s", file, i+1, word)
			}
		}
	}
}

func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		folder, path string
		allowed      bool
	}{
		{"cmd/signpost", "signpost/adapters/terminal", true},
		{"cmd/signpost", "signpost/knowledge/sqldb", true},
		{"adapters/terminal", "signpost/bot/chat", true},
		{"adapters/slack", "signpost/adapters/adaptertest", true},
		{"adapters/slack", "signpost/adapters/slack/signing", true},
		{"bot", "signpost/bot/screen", true},
		{"bot/chat", "strings", true},
		{"knowledge/sqldb", driver, true},
		{"adapters/slack", "signpost/adapters/terminal", false},
		{"adapters/terminal", "signpost/bot", false},
		{"adapters/terminal", "signpost/knowledge", false},
		{"bot", "signpost/adapters/terminal", false},
		{"bot/chat", "signpost/bot/words", false},
		{"knowledge", "signpost/bot/people", false},
		{"knowledge", "signpost/cmd/signpost", false},
		{"knowledge/place", driver, false},
		{"utils", "signpost/bot", false},
		{"bot", "signpost/internal/x", false},
	} {
		if why := forbidden(c.folder, c.path); (why == "") != c.allowed {
			t.Errorf("%s importing %s: %q", c.folder, c.path, why)
		}
	}
}

// goFiles lists the Go files of the module, from its root, without those of test data.
func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && otherHouse(path, entry.Name()):
			return fs.SkipDir
		case strings.HasSuffix(path, ".go"):
			files = append(files, path)
		}
		return nil
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d Go files, %v", len(files), err)
	}
	return files
}

// otherHouse reports whether a folder holds test data, or a module of its own.
func otherHouse(path, name string) bool {
	_, err := os.Stat(filepath.Join(root, path, "go.mod"))
	return err == nil || name == "testdata" || strings.HasPrefix(name, ".")
}

func importsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}
