package encoder

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// tensors reads a safetensors file: eight bytes length, that much JSON saying where each tensor is, the tensors. The
// first error is kept, and what is read after it is zeros of the right size.
type tensors struct {
	head map[string]tensor
	data []byte
	err  error
}

type tensor struct {
	Kind  string    `json:"dtype"`
	Shape []int     `json:"shape"`
	Range [2]uint64 `json:"data_offsets"`
}

func readTensors(raw []byte) (*tensors, error) {
	if len(raw) < 8 {
		return nil, fmt.Errorf("too short: %w", ErrDamaged)
	}
	size, rest := binary.LittleEndian.Uint64(raw), raw[8:]
	if size > uint64(len(rest)) {
		return nil, fmt.Errorf("header of %d bytes: %w", size, ErrDamaged)
	}
	t := &tensors{data: rest[size:]}
	if err := json.Unmarshal(rest[:size], &t.head); err != nil {
		return nil, fmt.Errorf("header: %v: %w", err, ErrDamaged)
	}
	return t, nil
}

// shape reads the model's size off its tensors.
func (t *tensors) shape() shape {
	var s shape
	for t.head[fmt.Sprintf("encoder.layer.%d.output.dense.weight", s.layers)].Shape != nil {
		s.layers++
	}
	if words := t.head["embeddings.word_embeddings.weight"].Shape; len(words) == 2 {
		s.vocab, s.width = words[0], words[1]
	}
	if up := t.head["encoder.layer.0.intermediate.dense.weight"].Shape; len(up) == 2 {
		s.inner = up[0]
	}
	return s
}

// get is the tensor of a name as floats. It must have the shape that is asked for, but may have more rows.
func (t *tensors) get(name string, want ...int) []float32 {
	n := 1
	for _, size := range want {
		n *= size
	}
	out := make([]float32, n)
	entry := t.head[name]
	from, to := entry.Range[0], entry.Range[1]
	fits := len(entry.Shape) == len(want) && entry.Kind == "F16" && from <= to && to <= uint64(len(t.data)) && to-from >= uint64(2*n)
	for i := range want {
		fits = fits && (entry.Shape[i] == want[i] || i == 0 && entry.Shape[i] > want[i])
	}
	if !fits {
		t.fail(fmt.Errorf("tensor %s is not of 16-bit floats %v", name, want))
		return out
	}
	for i := range out {
		out[i] = half(binary.LittleEndian.Uint16(t.data[from+2*uint64(i):]))
	}
	return out
}

func (t *tensors) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

// half widens a 16-bit float: a sign, five bits of exponent, ten of fraction.
func half(b uint16) float32 {
	sign, exponent, fraction := uint32(b>>15), uint32(b>>10&31), uint32(b&1023)
	switch exponent {
	case 0:
		v := float32(fraction) / (1 << 24)
		return math.Float32frombits(math.Float32bits(v) | sign<<31)
	case 31:
		exponent = 255 - 112
	}
	return math.Float32frombits(sign<<31 | (exponent+112)<<23 | fraction<<13)
}

// readVocabulary gives the pieces of a tokenizer.json in the order of their ids, which must leave no gap.
func readVocabulary(text []byte) ([]string, error) {
	var file struct {
		Model struct {
			Vocab map[string]int
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%v: %w", err, ErrDamaged)
	}
	vocabulary := make([]string, len(file.Model.Vocab))
	for piece, id := range file.Model.Vocab {
		if id < 0 || id >= len(vocabulary) || vocabulary[id] != "" || strings.Contains(piece, "\n") || piece == "" {
			return nil, fmt.Errorf("token %q: %w", piece, ErrDamaged)
		}
		vocabulary[id] = piece
	}
	if _, err := newTokenizer(vocabulary); err != nil {
		return nil, fmt.Errorf("%v: %w", err, ErrDamaged)
	}
	return vocabulary, nil
}
