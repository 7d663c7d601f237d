package encoder

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sealed puts the right checksum on a changed file.
func sealed(file []byte) []byte {
	if len(file) < sha256.Size {
		return file
	}
	body := file[:len(file)-sha256.Size]
	sum := sha256.Sum256(body)
	return append(slices.Clone(body), sum[:]...)
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "signpost.model")
	if err := replace(path, tinyFile(t)); err != nil {
		t.Fatal(err)
	}
	m, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.ID()) != idDigits || m.Kernel() == "" {
		t.Errorf("ID %q, kernel %q", m.ID(), m.Kernel())
	}
	want := tinyModel(t).Encode("reset my password")
	if got := m.Encode("reset my password"); !slices.Equal(got.Middle, want.Middle) {
		t.Error("another vector after a round through the file")
	}
}

func TestLoadMissing(t *testing.T) {
	if _, err := Load(filepath.Join(t.TempDir(), "none")); !errors.Is(err, ErrMissing) {
		t.Errorf("error %v, want ErrMissing", err)
	}
	if _, err := Load(t.TempDir()); err == nil || errors.Is(err, ErrMissing) {
		t.Errorf("a folder: error %v", err)
	}
}

func TestParseTruncated(t *testing.T) {
	file := tinyFile(t)
	for size := 0; size < len(file); size += 1 + len(file)/97 {
		if _, err := parse(file[:size]); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d of %d bytes: error %v, want ErrDamaged", size, len(file), err)
		}
		if _, err := parse(sealed(file[:size])); err == nil {
			t.Errorf("%d of %d bytes under a right checksum: no error", size, len(file))
		}
	}
}

func TestParseOneByteAltered(t *testing.T) {
	file := tinyFile(t)
	places := []int{0, len(fileMagic), len(fileMagic) + 4, headerSize, len(file) - sha256.Size, len(file) - 1}
	for at := 0; at < len(file); at += 1 + len(file)/89 {
		places = append(places, at)
	}
	for _, at := range places {
		file[at] ^= 4
		if _, err := parse(file); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d altered: error %v, want ErrDamaged", at, err)
		}
		file[at] ^= 4
	}
}

func TestParseOtherVersion(t *testing.T) {
	file := tinyFile(t)
	file[len(fileMagic)]++
	if _, err := parse(sealed(file)); !errors.Is(err, ErrVersion) {
		t.Errorf("error %v, want ErrVersion", err)
	}
}

func TestParseOtherSizes(t *testing.T) {
	for at := len(fileMagic) + 4; at < len(fileMagic)+24; at++ {
		file := tinyFile(t)
		file[at] += 16
		if _, err := parse(sealed(file)); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d of the header: error %v, want ErrDamaged", at, err)
		}
	}
	file := bytes.Replace(tinyFile(t), []byte("[CLS]"), []byte("[XYZ]"), 1)
	if _, err := parse(sealed(file)); !errors.Is(err, ErrDamaged) {
		t.Errorf("no [CLS]: error %v, want ErrDamaged", err)
	}
	file = bytes.Replace(tinyFile(t), []byte("\npass\n"), []byte("\npa\ns\n"), 1)
	if _, err := parse(sealed(file)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a word too many: error %v, want ErrDamaged", err)
	}
}

func FuzzParse(f *testing.F) {
	file := tinyFile(f)
	f.Add(file[:headerSize+sha256.Size])
	f.Add(file)
	f.Fuzz(func(t *testing.T, file []byte) {
		if m, err := parse(sealed(file)); err == nil {
			m.Tokens("reset my password")
		}
	})
}

func TestPackRefuses(t *testing.T) {
	out := filepath.Join(t.TempDir(), "signpost.model")
	writeFile(t, out, []byte("before"))
	if err := Pack(t.TempDir(), out); !errors.Is(err, ErrMissing) {
		t.Errorf("an empty folder: error %v, want ErrMissing", err)
	}
	if err := Pack(tinyFolder(t), out); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), weightsSum) {
		t.Errorf("other weights: error %v, want ErrDamaged and the sum", err)
	}
	if got, _ := os.ReadFile(out); string(got) != "before" {
		t.Errorf("the file that was there is now %q", got)
	}
}

func TestPackRefusesOddFiles(t *testing.T) {
	for _, c := range []struct{ name, file, from, to string }{
		{"a tensor short", weightsFile, "encoder.layer.2.output.dense.bias", "encoder.layer.2.output.dense.none"},
		{"an odd width", weightsFile, "[35,64]", "[35,61]"},
		{"other floats", weightsFile, `[0,4480],"dtype":"F16"`, `[0,4480],"dtype":"F32"`},
		{"too few bytes", weightsFile, "[0,4480]", "[9,4480]"},
		{"a word without row", weightsFile, "[35,64]", "[34,64]"},
		{"no JSON", weightsFile, `{"embeddings`, `["embeddings`},
		{"no JSON vocabulary", tokenizerFile, "{", "["},
		{"two of one id", tokenizerFile, `"[SEP]":3`, `"[SEP]":4`},
		{"an id too high", tokenizerFile, `"[SEP]":3`, `"[SEP]":99`},
		{"no [SEP]", tokenizerFile, `"[SEP]":3`, `"[sep]":3`},
		{"a line break", tokenizerFile, `"my"`, `"m\n"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := tinyFolder(t)
			before, _ := os.ReadFile(filepath.Join(dir, c.file))
			after := bytes.Replace(before, []byte(c.from), []byte(c.to), 1)
			if bytes.Equal(before, after) {
				t.Fatalf("nothing to change in %.300s", before)
			}
			writeFile(t, filepath.Join(dir, c.file), after)
			_, err := pack(dir, sumOf(t, dir, weightsFile), sumOf(t, dir, tokenizerFile))
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("error %v, want ErrDamaged", err)
			}
		})
	}
}

func TestReadTensorsCutShort(t *testing.T) {
	raw := tinyTensors()
	for _, size := range []int{0, 7, 8, 100, len(raw) / 2, len(raw) - 1} {
		if _, err := build(raw[:size]); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d of %d bytes: error %v, want ErrDamaged", size, len(raw), err)
		}
	}
}

func TestReplaceIsAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	for _, text := range []string{"one", "two"} {
		if err := replace(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != text {
			t.Errorf("holds %q, want %q", got, text)
		}
	}
	if err := replace(filepath.Join(dir, "none", "a"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no such folder: error %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := replace(filepath.Join(dir, "b"), nil); err == nil {
		t.Error("a folder was replaced")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

func TestPackPublished(t *testing.T) {
	dir := realFolder(t)
	out := filepath.Join(t.TempDir(), "signpost.model")
	if err := Pack(dir, out); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(out); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(out); info.Size() > 23_500_000 {
		t.Errorf("%d bytes", info.Size())
	}
}

func TestHalf(t *testing.T) {
	for bits := range 1 << 16 {
		if bits>>10&31 == 31 {
			continue // infinite, or no number: weights have none
		}
		if got, want := float64(half(uint16(bits))), half64(bits); got != want {
			t.Fatalf("%#04x is %v, want %v", bits, got, want)
		}
	}
}
