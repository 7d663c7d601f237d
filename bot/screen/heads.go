package screen

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"strings"
	"sync"
)

//go:embed rules/meaning.head
var headFile []byte

// Folds is how many parts the lines are cut into that a head is measured by.
const Folds = 5

const folds = Folds

// heads is what rules/meaning.head holds: the head in use, and for each fold of the lines one that never saw the fold, nor
// an example that is much like a line of it.
type heads struct {
	Model [16]byte // what the encoder's weights are called; the rest zero
	// Examples names what they were fitted to, so that a test can tell when that has changed.
	Examples uint64
	All      head
	Folds    [folds]head
	Lines    []uint64 // keys of the lines that All was fitted to beside the examples
}

// fitted reads the head file on first use. It is part of the program and TestHeads reads it, so an error cannot reach a
// user; a file that did not load would fit no model.
var fitted = sync.OnceValue(func() *heads {
	h, _ := readHeads(headFile)
	return h
})

func readHeads(file []byte) (*heads, error) {
	h := new(heads)
	fixed := []any{&h.Model, &h.Examples, &h.All, &h.Folds}
	in := bytes.NewReader(file)
	for _, part := range fixed {
		if err := binary.Read(in, binary.LittleEndian, part); err != nil {
			return new(heads), fmt.Errorf("screen: read the heads: %w", err)
		}
	}
	h.Lines = make([]uint64, in.Len()/8)
	if err := binary.Read(in, binary.LittleEndian, h.Lines); err != nil {
		return new(heads), fmt.Errorf("screen: read the lines of the heads: %w", err)
	}
	return h, nil
}

func (h *heads) write() ([]byte, error) {
	var out bytes.Buffer
	for _, part := range []any{&h.Model, &h.Examples, &h.All, &h.Folds, h.Lines} {
		if err := binary.Write(&out, binary.LittleEndian, part); err != nil {
			return nil, fmt.Errorf("screen: write the heads: %w", err)
		}
	}
	return out.Bytes(), nil
}

func (h *heads) model() string { return string(bytes.TrimRight(h.Model[:], "\x00")) }

// of gives the head for a meaning; nil if none fits it.
func (h *heads) of(m Meaning) *head {
	switch {
	case m.Model == "" || m.Model != h.model() || len(m.Vector) != width:
		return nil
	case m.HeldOut != "":
		return &h.Folds[foldOf(m.HeldOut)]
	}
	return &h.All
}

// foldOf says in which fold a line is: always the same for the same words, however they are spaced and capped.
func foldOf(line string) int { return int(lineKey(line) % folds) }

func lineKey(line string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(strings.Join(splitWords(line), " "))) // never fails
	return h.Sum64()
}
