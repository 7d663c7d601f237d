package encoder

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strings"
)

// The packed file, all numbers little-endian:
//
//	64 bytes     header: "Signpost", version, layers, width, inner, tokens, bytes of vocabulary (uint32 each), zeros
//	signed bytes the token table, then look, mix, up and down of every layer, as table and matrix lay them out
//	float32      everything else, in the order of weights.floats
//	text         the vocabulary, a line for each id
//	32 bytes     sha256 of all before
//
// Every version ends with that sha256, so that an old program can tell a new file from a damaged one.
const (
	fileMagic   = "Signpost"
	fileVersion = 1
	headerSize  = 64
	idDigits    = 12
)

// A shape says how large a model is; all sizes in the file follow from it.
type shape struct {
	layers int
	width  int // of a token's state
	inner  int // of the feed-forward half of a layer
	vocab  int // tokens in the vocabulary
	text   int // bytes of the vocabulary
}

// weights are all the numbers of a model.
type weights struct {
	shape
	words  table
	places []float32 // maxTokens x width: what a token's place adds to it (the published token type is in it too)
	first  layerNorm
	layers []layer
}

// A layer is one BERT layer. look makes queries, keys and values, joined; mix joins the heads again; up and down are the
// feed-forward half.
type layer struct {
	look, mix, up, down matrix
	mixed, worked       layerNorm
}

func newWeights(s shape) weights {
	w := weights{shape: s, words: table{width: s.width}, layers: make([]layer, s.layers)}
	for i := range w.layers {
		l := &w.layers[i]
		l.look = matrix{in: s.width, out: 3 * s.width}
		l.mix = matrix{in: s.width, out: s.width}
		l.up = matrix{in: s.width, out: s.inner}
		l.down = matrix{in: s.inner, out: s.width}
	}
	return w
}

// bytes calls visit with every run of signed bytes, in the order of the file, and how long it is.
func (w *weights) bytes(visit func(b *[]byte, n int)) {
	visit(&w.words.data, w.vocab*w.width)
	for i := range w.layers {
		for _, m := range w.layers[i].matrices() {
			visit(&m.data, m.in*m.out)
		}
	}
}

// floats does the same for floats.
func (w *weights) floats(visit func(f *[]float32, n int)) {
	visit(&w.words.scale, w.vocab)
	visit(&w.places, maxTokens*w.width)
	visitNorm(&w.first, w.width, visit)
	for i := range w.layers {
		l := &w.layers[i]
		for _, m := range l.matrices() {
			visit(&m.scale, m.out)
			visit(&m.bias, m.out)
		}
		visitNorm(&l.mixed, w.width, visit)
		visitNorm(&l.worked, w.width, visit)
	}
}

func (l *layer) matrices() [4]*matrix { return [4]*matrix{&l.look, &l.mix, &l.up, &l.down} }

func visitNorm(n *layerNorm, width int, visit func(f *[]float32, n int)) {
	visit(&n.gain, width)
	visit(&n.bias, width)
}

// Load reads a file that Pack wrote, about 23 MB, and keeps it in memory; the file may be replaced meanwhile. The errors
// are ErrMissing, ErrDamaged (also for a file that is no model at all), ErrVersion, or why it could not be read.
func Load(path string) (*Model, error) {
	file, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("load %q: %w", path, ErrMissing)
	}
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	m, err := parse(file)
	if err != nil {
		return nil, fmt.Errorf("load %q: %w", path, err)
	}
	return m, nil
}

// parse makes a model of a packed file and keeps hold of its bytes.
func parse(file []byte) (*Model, error) {
	end := len(file) - sha256.Size
	if end < headerSize || !bytes.HasPrefix(file, []byte(fileMagic)) {
		return nil, ErrDamaged
	}
	sum := sha256.Sum256(file[:end])
	if !bytes.Equal(sum[:], file[end:]) {
		return nil, ErrDamaged
	}
	s, err := parseHeader(file[:headerSize])
	if err != nil {
		return nil, err
	}
	w := newWeights(s)
	if w.size() != end {
		return nil, fmt.Errorf("sizes do not add up: %w", ErrDamaged)
	}
	vocabulary := strings.Split(string(w.fill(file[headerSize:end])), "\n")
	t, err := newTokenizer(vocabulary)
	if err == nil && len(vocabulary) != s.vocab {
		err = fmt.Errorf("%d lines for %d tokens", len(vocabulary), s.vocab)
	}
	if err != nil {
		return nil, fmt.Errorf("%v: %w", err, ErrDamaged)
	}
	return newModel(hex.EncodeToString(sum[:])[:idDigits], w, t), nil
}

func parseHeader(header []byte) (shape, error) {
	field := func(i int) int { return int(binary.LittleEndian.Uint32(header[len(fileMagic)+4*i:])) }
	if v := field(0); v != fileVersion {
		return shape{}, fmt.Errorf("version %d, not %d: %w", v, fileVersion, ErrVersion)
	}
	s := shape{layers: field(1), width: field(2), inner: field(3), vocab: field(4), text: field(5)}
	if err := s.check(); err != nil {
		return shape{}, fmt.Errorf("%v: %w", err, ErrDamaged)
	}
	return s, nil
}

func (s shape) header() []byte {
	header := append(make([]byte, 0, headerSize), fileMagic...)
	for _, v := range []int{fileVersion, s.layers, s.width, s.inner, s.vocab, s.text} {
		header = binary.LittleEndian.AppendUint32(header, uint32(v))
	}
	return header[:headerSize]
}

// check refuses sizes that the kernels cannot work with or that no model has.
func (s shape) check() error {
	const most = 1 << 20
	switch {
	case s.layers < midLayers || s.layers > 100:
		return fmt.Errorf("%d layers", s.layers)
	case s.width < headWidth || s.width%headWidth != 0 || s.width > maxInner:
		return fmt.Errorf("width %d", s.width)
	case s.inner < blockOut || s.inner%blockOut != 0 || s.inner > maxInner:
		return fmt.Errorf("inner width %d", s.inner)
	case s.vocab < 1 || s.vocab > most || s.text < 1 || s.text > 100*most:
		return fmt.Errorf("%d tokens in %d bytes", s.vocab, s.text)
	}
	return nil
}

// size is how long the file is without its checksum.
func (w *weights) size() int {
	size := headerSize + w.text
	w.bytes(func(_ *[]byte, n int) { size += n })
	w.floats(func(_ *[]float32, n int) { size += 4 * n })
	return size
}

// fill takes the weights from the body of a file of the right size and returns the vocabulary that follows them.
func (w *weights) fill(body []byte) []byte {
	w.bytes(func(b *[]byte, n int) {
		*b, body = body[:n:n], body[n:]
	})
	w.floats(func(f *[]float32, n int) {
		*f = make([]float32, n)
		for i := range *f {
			(*f)[i] = math.Float32frombits(binary.LittleEndian.Uint32(body[4*i:]))
		}
		body = body[4*n:]
	})
	return body
}

// format makes a file of weights and vocabulary.
func (w *weights) format(vocabulary []string) []byte {
	text := strings.Join(vocabulary, "\n")
	w.text = len(text)
	file := w.header()
	w.bytes(func(b *[]byte, _ int) { file = append(file, *b...) })
	w.floats(func(f *[]float32, _ int) {
		for _, v := range *f {
			file = binary.LittleEndian.AppendUint32(file, math.Float32bits(v))
		}
	})
	file = append(file, text...)
	sum := sha256.Sum256(file)
	return append(file, sum[:]...)
}
