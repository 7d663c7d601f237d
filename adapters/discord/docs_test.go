package discord

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"signpost/adapters/adaptertest"
)

const docs = "../../docs/discord.md"

// TestDocs keeps the table in docs/discord.md what the suite found (-update writes it).
func TestDocs(t *testing.T) {
	text, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- abilities -->\n", "<!-- /abilities -->"
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatal("docs/discord.md has no place for the table")
	}
	want := before + begin + table(t) + end + after
	if want == string(text) {
		return
	}
	if flag.Lookup("update").Value.String() != "true" {
		t.Fatal("docs/discord.md does not say what the suite found: go test . -update")
	}
	if err := os.WriteFile(docs, []byte(want), 0o666); err != nil {
		t.Fatal(err)
	}
}

func table(t *testing.T) string {
	t.Helper()
	found, err := adaptertest.ReadParity(".")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| ability | what it means | tried on |\n|---|---|---|\n")
	for _, row := range adaptertest.Rows() {
		f := found.Abilities[row.Ability]
		fmt.Fprintf(&b, "| %s | %s | %s |\n", row.Ability, row.Says, cmp.Or(strings.Join(f.By, ", "), "not possible: "+f.Cannot))
	}
	return b.String()
}
