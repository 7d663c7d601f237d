package encoder

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// A tiny model has every part of the real one, random weights, and two heads in place of twelve.
const (
	tinyWidth  = 64
	tinyInner  = 96
	tinyLayers = 4
)

var tinyVocabulary = []string{
	"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "reset", "my", "pass", "##word", "##s", "##w", "pin", "cafe", "log", "##in",
	"##ins", "e", "-", "mail", "?", "'", "[", "]", "sep", "中", "文", "ok", "i", "s", "a", "##a", "b", "##b", "#", "$",
}

// tinyFolder writes the two files that are published, for a tiny model.
func tinyFolder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, weightsFile), tinyTensors())
	vocab := map[string]int{}
	for id, piece := range tinyVocabulary {
		vocab[piece] = id
	}
	text, err := json.Marshal(map[string]any{"model": map[string]any{"vocab": vocab}})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, tokenizerFile), text)
	return dir
}

// tinyFile is the packed file of a tiny model.
func tinyFile(t testing.TB) []byte {
	t.Helper()
	return packFolder(t, tinyFolder(t))
}

func packFolder(t testing.TB, dir string) []byte {
	t.Helper()
	file, err := pack(dir, sumOf(t, dir, weightsFile), sumOf(t, dir, tokenizerFile))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func tinyModel(t testing.TB) *Model {
	t.Helper()
	m, err := parse(tinyFile(t))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func sumOf(t testing.TB, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func writeFile(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// tinyTensors is a safetensors file of random numbers, always the same.
func tinyTensors() []byte {
	random := rand.New(rand.NewPCG(1, 2))
	head, data := map[string]any{}, []byte{}
	put := func(name string, size ...int) {
		n, from := 1, len(data)
		for _, s := range size {
			n *= s
		}
		for range n { // a sign, an exponent for 1/32 to 1/4, ten bits of fraction
			bits := random.IntN(2)<<15 | (10+random.IntN(3))<<10 | random.IntN(1024)
			data = binary.LittleEndian.AppendUint16(data, uint16(bits))
		}
		head[name] = map[string]any{"dtype": "F16", "shape": size, "data_offsets": []int{from, len(data)}}
	}
	pair := func(name string, size ...int) {
		put(name+".weight", size...)
		put(name+".bias", size[0])
	}
	put("embeddings.word_embeddings.weight", len(tinyVocabulary), tinyWidth)
	put("embeddings.position_embeddings.weight", 300, tinyWidth)
	put("embeddings.token_type_embeddings.weight", 2, tinyWidth)
	pair("embeddings.LayerNorm", tinyWidth)
	for i := range tinyLayers {
		prefix := fmt.Sprintf("encoder.layer.%d.", i)
		for _, name := range []string{"self.query", "self.key", "self.value", "output.dense"} {
			pair(prefix+"attention."+name, tinyWidth, tinyWidth)
		}
		pair(prefix+"attention.output.LayerNorm", tinyWidth)
		pair(prefix+"intermediate.dense", tinyInner, tinyWidth)
		pair(prefix+"output.dense", tinyWidth, tinyInner)
		pair(prefix+"output.LayerNorm", tinyWidth)
	}
	text, _ := json.Marshal(head)
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	return append(append(file, text...), data...)
}
