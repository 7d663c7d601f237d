package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"signpost/adapters/adaptertest"
)

// parityDoc is made of what the tests of each adapter found; see adaptertest.Run.
const parityDoc = root + "/docs/parity.md"

// TestParityIsWrittenDown compares docs/parity.md with what the adapters' tests found, or writes it.
func TestParityIsWrittenDown(t *testing.T) {
	var networks []adaptertest.Parity
	for _, name := range []string{"slack", "discord", "terminal"} {
		found, err := adaptertest.ReadParity(filepath.Join(root, "adapters", name))
		if errors.Is(err, fs.ErrNotExist) {
			t.Skipf("the tests of adapters/%s have not yet written what it can do: go test ./adapters/%s -update", name, name)
		} else if err != nil {
			t.Fatal(err)
		}
		networks = append(networks, found)
	}
	want := parityTable(networks)
	if *update {
		if err := os.WriteFile(parityDoc, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(parityDoc); err != nil || string(got) != want {
		t.Errorf("docs/parity.md is not what the adapters' tests found (%v); if that is right: go test ./cmd/signpost -run Parity -update", err)
	}
}

const parityIntro = `# What works where

Made of what the tests of each adapter found; do not edit it by hand. A tick names the servers on which it was tried with
success. Every adapter goes through the same suite, package ` + "`adapters/adaptertest`" + `.

`

// parityTable is the table of abilities by networks, with the reasons below it where something cannot be done.
func parityTable(networks []adaptertest.Parity) string {
	var b, why strings.Builder
	b.WriteString(parityIntro)
	row := func(cells ...string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	head, line := []string{"Ability"}, []string{"---"}
	for _, n := range networks {
		head, line = append(head, n.Network), append(line, "---")
	}
	row(head...)
	row(line...)
	for _, ability := range adaptertest.Rows() {
		cells := []string{ability.Says}
		for _, n := range networks {
			found := n.Abilities[ability.Ability]
			cells = append(cells, parityCell(found))
			if found.Cannot != "" {
				why.WriteString("- " + n.Network + ", " + string(ability.Ability) + ": " + found.Cannot + "\n")
			}
		}
		row(cells...)
	}
	if why.Len() > 0 {
		b.WriteString("\n## Why not\n\n" + why.String())
	}
	return b.String()
}

func parityCell(found adaptertest.Finding) string {
	switch {
	case len(found.By) > 0:
		return "✓ " + strings.Join(found.By, ", ")
	case found.Cannot != "":
		return "no, see below"
	}
	return "not tried"
}

func TestParityTable(t *testing.T) {
	got := parityTable([]adaptertest.Parity{
		{Network: "One", Abilities: map[adaptertest.Ability]adaptertest.Finding{adaptertest.Deliver: {By: []string{"a", "b"}}}},
		{Network: "Two", Abilities: map[adaptertest.Ability]adaptertest.Finding{adaptertest.Deliver: {Cannot: "It is deaf."}}},
	})
	for _, want := range []string{
		"| Ability | One | Two |\n| --- | --- | --- |\n",
		"the person reads the answer. | ✓ a, b | no, see below |\n",
		"can be pressed. | not tried | not tried |\n",
		"\n## Why not\n\n- Two, deliver: It is deaf.\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
