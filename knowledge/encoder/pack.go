package encoder

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The files that Pack reads, and the sha256 of the ones that were published.
const (
	weightsFile   = "model.fp16.safetensors"
	weightsSum    = "6638f625a0a60bdaa1e34c5fee0a17c705f13b98b43a7973e9d366106a55273d"
	tokenizerFile = "tokenizer.json"
	tokenizerSum  = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
)

// Pack makes the file that Load reads from the published weights: model.fp16.safetensors and tokenizer.json in dir, or in
// its folder "model", as the package unpacks. Files that are not those very ones, by sha256, are ErrDamaged; absent ones are
// ErrMissing. out appears whole or not at all, and replaces a file that is there.
func Pack(dir, out string) error {
	if _, err := os.Stat(filepath.Join(dir, weightsFile)); errors.Is(err, fs.ErrNotExist) {
		dir = filepath.Join(dir, "model")
	}
	file, err := pack(dir, weightsSum, tokenizerSum)
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	if err := replace(out, file); err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	return nil
}

// pack makes the bytes of the file, if the sums are right.
func pack(dir, weightsSum, tokenizerSum string) ([]byte, error) {
	raw, err := readSummed(filepath.Join(dir, weightsFile), weightsSum)
	if err != nil {
		return nil, err
	}
	text, err := readSummed(filepath.Join(dir, tokenizerFile), tokenizerSum)
	if err != nil {
		return nil, err
	}
	vocabulary, err := readVocabulary(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", tokenizerFile, err)
	}
	w, err := build(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", weightsFile, err)
	}
	if len(vocabulary) != w.vocab {
		return nil, fmt.Errorf("%d words for %d vectors: %w", len(vocabulary), w.vocab, ErrDamaged)
	}
	return w.format(vocabulary), nil
}

func readSummed(path, want string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read %q: %w", path, ErrMissing)
	}
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want {
		return nil, fmt.Errorf("sha256 of %q is not %s: %w", path, want, ErrDamaged)
	}
	return data, nil
}

// replace writes a file beside path, makes sure that it is on the disk, and puts it in path's place.
func replace(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	syncFolder(filepath.Dir(path))
	return nil
}

// syncFolder makes the new name last through a power cut. Not every system lets a folder be synced; then it is up to the
// system.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}
