package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A set is one public data set, cut as the protocol says.
type set struct {
	Name    string
	Entries []entry // in the order their labels first occur
	Asked   []row   // questions with a right entry
	Outside []row   // questions that no entry answers; may be none
}

// An entry is a label and the ways people ask for it.
type entry struct {
	Label     string
	Phrasings []string
}

type row struct {
	Text  string `json:"text"`
	Label string `json:"label"`
}

// readSets reads every folder in bench that has training phrasings, by name.
func readSets(bench string) ([]set, error) {
	folders, err := filepath.Glob(filepath.Join(bench, "*", "train10.jsonl"))
	if err != nil {
		return nil, fmt.Errorf("looking for sets in %s: %w", bench, err)
	}
	if len(folders) == 0 {
		return nil, fmt.Errorf("no set in %s: a set is a folder with train10.jsonl and test.jsonl", bench)
	}
	var sets []set
	for _, train := range folders {
		s, err := readSet(filepath.Dir(train))
		if err != nil {
			return nil, err
		}
		sets = append(sets, s)
	}
	return sets, nil
}

func readSet(folder string) (set, error) {
	s := set{Name: filepath.Base(folder)}
	train, err := readRows(filepath.Join(folder, "train10.jsonl"))
	if err != nil {
		return s, err
	}
	s.Entries = entriesOf(train)
	if s.Asked, err = readRows(filepath.Join(folder, "test.jsonl")); err != nil {
		return s, err
	}
	if s.Outside, err = readRows(filepath.Join(folder, "oos.jsonl")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	return s, s.check()
}

func entriesOf(train []row) []entry {
	var entries []entry
	at := map[string]int{}
	for _, r := range train {
		i, known := at[r.Label]
		if !known {
			i = len(entries)
			at[r.Label] = i
			entries = append(entries, entry{Label: r.Label})
		}
		entries[i].Phrasings = append(entries[i].Phrasings, r.Text)
	}
	return entries
}

// check refuses a set whose figures would mean nothing: no questions, or a question that no system could get right.
func (s set) check() error {
	if len(s.Asked) == 0 {
		return fmt.Errorf("set %s: test.jsonl asks nothing", s.Name)
	}
	known := map[string]bool{}
	for _, e := range s.Entries {
		known[e.Label] = true
	}
	for _, r := range s.Asked {
		if !known[r.Label] {
			return fmt.Errorf("set %s: test.jsonl has label %q, train10.jsonl has not", s.Name, r.Label)
		}
	}
	return nil
}

func readRows(path string) ([]row, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading questions: %w", err)
	}
	defer file.Close()
	var rows []row
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("reading %s, line %d: %w", path, len(rows)+1, err)
		}
		rows = append(rows, r)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return rows, nil
}
