package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// packedModel is a file as encoder.Pack writes it, see knowledge/encoder/file.go, of a model with random weights that knows a
// few words: it can be used, and understands nothing.
func packedModel(version uint32) []byte {
	const layers, width, inner, tokens = 3, 32, 16, 256
	vocabulary := strings.Join([]string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "my", "smartcard", "is", "locked", "payslip"}, "\n")
	words := strings.Count(vocabulary, "\n") + 1
	file := []byte("Signpost")
	for _, v := range []uint32{version, layers, width, inner, uint32(words), uint32(len(vocabulary))} {
		file = binary.LittleEndian.AppendUint32(file, v)
	}
	file = append(file, make([]byte, 64-len(file))...)
	random := rand.New(rand.NewPCG(1, 2))
	layer := 3*width*width + width*width + 2*width*inner
	for range words*width + layers*layer {
		file = append(file, byte(random.IntN(256)))
	}
	matrices := 2 * (3*width + width + inner + width) // scale and bias
	for range words + tokens*width + 2*width + layers*(matrices+4*width) {
		file = binary.LittleEndian.AppendUint32(file, math.Float32bits(0.01+random.Float32()/10))
	}
	file = append(file, vocabulary...)
	sum := sha256.Sum256(file)
	return append(file, sum[:]...)
}

// modelStates are files of weights, with what is said about each; "" for nothing.
func modelStates(t *testing.T) map[string]struct{ file, says string } {
	t.Helper()
	good := packedModel(1)
	altered := bytes.Clone(good)
	altered[len(altered)/2] ^= 1
	at := func(content []byte) string { return write(t, "any.model", string(content)) }
	return map[string]struct{ file, says string }{
		"good":          {at(good), ""},
		"missing":       {filepath.Join(t.TempDir(), "none.model"), "there is no such file"},
		"truncated":     {at(good[:len(good)/2]), "damaged"},
		"nearly whole":  {at(good[:len(good)-1]), "damaged"},
		"altered":       {at(altered), "damaged"},
		"other version": {at(packedModel(2)), "packed for another version"},
		"empty":         {at(nil), "damaged"},
		"no model":      {at([]byte(strings.Repeat("These are notes. ", 100))), "damaged"},
		"a folder":      {t.TempDir(), "see whether the file may be read"},
	}
}

// TestModelThatCannotBeUsed asks with files of weights that are no good, by flag and by SIGNPOST_MODEL: the log says what is
// wrong, and the answer is that of words alone, from their own fitted threshold on.
func TestModelThatCannotBeUsed(t *testing.T) {
	file := smallFile(t)
	words := readJSON[fitted](t, signpost(t, file, "fit", "--words", "--json")).After
	if words.AnswerFrom == 0.6 {
		t.Fatal("words have no threshold of their own")
	}
	for name, state := range modelStates(t) {
		t.Run(name, func(t *testing.T) {
			t.Setenv("SIGNPOST_MODEL", state.file)
			for _, line := range [][]string{{"--model", state.file}, nil, {"--words"}} {
				s := signpost(t, file, append([]string{"ask", "--why", "my smartcard is locked"}, line...)...)
				if s.code != 0 || !strings.Contains(s.out, "Unlock a smartcard") {
					t.Errorf("%q: exit %d\n%s%s", line, s.code, s.out, s.err)
				}
				if state.says == "" || slices.Contains(line, "--words") {
					if s.err != "" {
						t.Errorf("%q: the log says %s", line, s.err)
					}
					continue
				}
				if !strings.Contains(s.err, state.says) || !strings.Contains(s.err, state.file) || !strings.Contains(s.err, "words alone until") {
					t.Errorf("%q: the log says %s, want %q", line, s.err, state.says)
				}
				if want := percentOf(words.AnswerFrom); !strings.Contains(s.out, "answered from "+want) {
					t.Errorf("%q: it does not answer from %s on:\n%s", line, want, s.out)
				}
			}
		})
	}
}

// TestModelIsUsed learns with a model and without, on one file: each has its own fit.
func TestModelIsUsed(t *testing.T) {
	file := smallFile(t, golden("my smartcard is locked", "smartcard-unlock"))
	t.Setenv("SIGNPOST_MODEL", write(t, "any.model", string(packedModel(1))))
	if s := signpost(t, file, "fit"); s.code != 0 || s.err != "" {
		t.Fatalf("exit %d\n%s%s", s.code, s.out, s.err)
	}
	for _, line := range []string{"doctor", "doctor --words"} {
		if s := signpost(t, file, strings.Fields(line)...); s.code != 0 || !strings.Contains(s.out, "has learnt from its entries") {
			t.Errorf("%s: exit %d\n%s%s", line, s.code, s.out, s.err)
		}
	}
	if s := signpost(t, file, "ask", "--why", "my smartcard is locked"); !strings.Contains(s.out, "meaning (") {
		t.Errorf("the model carried nothing:\n%s", s.out)
	}
	if s := signpost(t, file, "ask", "--why", "--words", "my smartcard is locked"); strings.Contains(s.out, "meaning (") {
		t.Errorf("words alone were carried by meaning:\n%s", s.out)
	}
}

func TestModelPaths(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	beside := filepath.Join(filepath.Dir(program), modelFile)
	t.Setenv("HOME", "/home/sam")
	for _, c := range []struct {
		name, flag, env, data string
		want                  []string
		named                 bool
	}{
		{"the flag wins", "a.model", "b.model", "", []string{"a.model"}, true},
		{"then the environment", "", "b.model", "", []string{"b.model"}, true},
		{"then three places", "", "", "", []string{beside, modelFile, "/home/sam/.local/share/signpost/" + modelFile}, false},
		{"data folder elsewhere", "", "", "/data", []string{beside, modelFile, "/data/signpost/" + modelFile}, false},
		{"data folder that is no path", "", "", "data", []string{beside, modelFile, "/home/sam/.local/share/signpost/" + modelFile}, false},
	} {
		t.Setenv("SIGNPOST_MODEL", c.env)
		t.Setenv("XDG_DATA_HOME", c.data)
		if got, named := (&app{modelAt: c.flag}).modelPaths(); !slices.Equal(got, c.want) || named != c.named {
			t.Errorf("%s: %q, %v, want %q", c.name, got, named, c.want)
		}
	}
}

// TestModelsAreTriedInOrder puts models in the working folder and in the data folder.
func TestModelsAreTriedInOrder(t *testing.T) {
	here, data := t.TempDir(), t.TempDir()
	t.Chdir(here)
	t.Setenv("SIGNPOST_MODEL", "")
	t.Setenv("XDG_DATA_HOME", data)
	if f := (&app{}).findModel(); f.model != nil || len(f.broken) != 0 || len(f.tried) != 3 {
		t.Errorf("with none: %+v", f)
	}
	put := func(folder string, content []byte) string {
		file := filepath.Join(folder, modelFile)
		if err := os.MkdirAll(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o666); err != nil {
			t.Fatal(err)
		}
		return file
	}
	last := put(filepath.Join(data, "signpost"), packedModel(1))
	if f := (&app{}).findModel(); f.model == nil || f.path != last {
		t.Errorf("with one in the data folder: %+v", f)
	}
	put(here, packedModel(2))
	if f := (&app{}).findModel(); f.model == nil || f.path != last || len(f.broken) != 1 {
		t.Errorf("with a broken one before it: %+v", f)
	}
	put(here, packedModel(1))
	if f := (&app{}).findModel(); f.path != modelFile || len(f.broken) != 0 {
		t.Errorf("with a good one before it: %+v", f)
	}
}
