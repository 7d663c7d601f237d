package adaptertest

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// Parity is what one network can do, as testdata/parity.json of its adapter keeps it.
type Parity struct {
	Network   string              `json:"network"`
	Abilities map[Ability]Finding `json:"abilities"`
}

// A Finding is what is known of one ability: the servers on which it was tried with success, or why it cannot be.
type Finding struct {
	By     []string `json:"by,omitempty"`
	Cannot string   `json:"cannot,omitempty"`
}

// A Row is one ability with its sentence, for the table.
type Row struct {
	Ability Ability
	Says    string
}

// Rows are all abilities, in the order of the table.
func Rows() []Row {
	var rows []Row
	for _, t := range trials() {
		rows = append(rows, Row{t.ability, t.says})
	}
	return rows
}

const parityFile = "testdata/parity.json"

// ReadParity reads the file that the tests of an adapter's package keep.
func ReadParity(folder string) (Parity, error) {
	var p Parity
	text, err := os.ReadFile(filepath.Join(folder, parityFile))
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	return p, err
}

// parity collects findings while tests run.
type parity struct {
	mu    sync.Mutex
	all   Parity
	tried int
}

func newParity(rigs []Rig) *parity {
	p := &parity{all: Parity{Abilities: map[Ability]Finding{}}}
	if len(rigs) > 0 {
		p.all.Network = rigs[0].Network
	}
	return p
}

func (p *parity) can(rig Rig, ability Ability) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tried++
	f := p.all.Abilities[ability]
	p.all.Abilities[ability] = Finding{By: append(f.By, rig.Server)}
}

func (p *parity) cannot(rig Rig, ability Ability, why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tried++
	if f := p.all.Abilities[ability]; len(f.By) == 0 && f.Cannot == "" {
		p.all.Abilities[ability] = Finding{Cannot: why}
	}
}

// keep writes the file, or compares it. Where something failed or was left out there is nothing to say.
func (p *parity) keep(t *testing.T, all int) {
	t.Helper()
	if t.Failed() || p.tried < all {
		return
	}
	for _, f := range p.all.Abilities {
		slices.Sort(f.By)
	}
	text, err := json.MarshalIndent(p.all, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.MkdirAll(filepath.Dir(parityFile), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(parityFile, text, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(parityFile)
	if err != nil || !bytes.Equal(kept, text) {
		t.Errorf("%s is not what was found (%v); if it is right: go test . -update\n%s", parityFile, err, text)
	}
}
