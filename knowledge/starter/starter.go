// Package starter is the base that Signpost comes with: a pack of national entries, one readable file each, with the
// topics, places, glossary and local details they need.
//
// Start from [Pack].
package starter

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/goccy/go-yaml"

	"signpost/knowledge"
	"signpost/knowledge/table"
)

//go:embed *.yaml golden.jsonl entries/*.md
var files embed.FS

// Version gives the id and version of the starter base without reading its entries.
func Version() (id, version string, err error) {
	var about struct{ ID, Version string }
	err = read("pack.yaml", &about)
	return about.ID, about.Version, err
}

// Pack reads the starter base. It fails only if its files are broken, which its tests rule out.
func Pack() (knowledge.Pack, error) {
	var pack knowledge.Pack
	var err error
	if pack.ID, pack.Version, err = Version(); err != nil {
		return pack, err
	}
	for name, into := range map[string]any{
		"topics.yaml": &pack.Strands, "local.yaml": &pack.LocalKeys,
		"glossary.yaml": &pack.Terms, "places.yaml": &pack.Places,
	} {
		if err := read(name, into); err != nil {
			return pack, err
		}
	}
	if pack.Golden, err = golden(); err != nil {
		return pack, err
	}
	names, err := fs.Glob(files, "entries/*.md")
	if err != nil {
		return pack, err
	}
	for _, name := range names {
		file, err := files.ReadFile(name)
		if err != nil {
			return pack, err
		}
		entry, err := table.ParseMarkdown(file)
		if err != nil {
			return pack, fmt.Errorf("%s: %w", name, err)
		}
		pack.Entries = append(pack.Entries, entry)
	}
	return pack, nil
}

// golden reads the saved questions, one JSON object a line.
func golden() ([]knowledge.Golden, error) {
	file, err := files.ReadFile("golden.jsonl")
	if err != nil {
		return nil, err
	}
	var all []knowledge.Golden
	lines := json.NewDecoder(bytes.NewReader(file))
	for lines.More() {
		var one knowledge.Golden
		if err := lines.Decode(&one); err != nil {
			return nil, fmt.Errorf("golden.jsonl: %w", err)
		}
		all = append(all, one)
	}
	return all, nil
}

func read(name string, into any) error {
	file, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalWithOptions(file, into, yaml.Strict()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
