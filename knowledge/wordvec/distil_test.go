package wordvec_test

import (
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"signpost/knowledge/encoder"
	"signpost/knowledge/match"
	"signpost/knowledge/starter"
	"signpost/knowledge/wordvec"
)

var update = flag.Bool("update", false, "distil words.txt and vectors.rows anew from the encoder that SIGNPOST_MODEL names")

// commonest is how little a word counts by how common it is: one of every 1/commonest words by half.
const commonest = 0.01

// TestDistil makes the files of the package from the encoder. It takes a minute, so it only does so when told to.
func TestDistil(t *testing.T) {
	if !*update {
		t.Skip("-update was not given")
	}
	model, err := encoder.Load(os.Getenv("SIGNPOST_MODEL"))
	if err != nil {
		t.Fatal(err)
	}
	words := slices.DeleteFunc(model.Words(), func(w string) bool { return !plain(w) })
	common := len(words)
	for _, w := range starterWords(t) {
		if !slices.Contains(words[:common], w) {
			words = append(words, w)
		}
	}
	vectors, err := model.EncodeAll(t.Context(), words, nil)
	if err != nil {
		t.Fatal(err)
	}
	var packed []byte
	row := make([]float32, wordvec.Width)
	for i, projected := range principal(vectors) {
		// By Zipf's law a word's share is one over its rank and some constant.
		share := 1 / (10 * float64(min(i, common)+3))
		for j := range row {
			row[j] = float32(projected[j] * commonest / (commonest + share))
		}
		packed = encoder.AppendRow(packed, row)
	}
	for name, content := range map[string][]byte{"words.txt": []byte(strings.Join(words, "\n") + "\n"), "vectors.rows": packed} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// plain reports whether a word is of two ASCII letters or more, and of nothing else.
func plain(word string) bool {
	return len(word) > 1 && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == ""
}

// starterWords lists the words of the starter base's titles, answers and glossary, by alphabet. Phrasings are left out: there
// people misspell on purpose.
func starterWords(t *testing.T) []string {
	pack, err := starter.Pack()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	add := func(text string) {
		for _, w := range match.Words(text) {
			found[w] = found[w] || plain(w)
		}
	}
	for _, e := range pack.Entries {
		add(e.Title)
		add(e.Doc().Answer)
	}
	for _, term := range pack.Terms {
		add(term.Name)
		for _, other := range append(append(term.Also, term.Was...), term.Full, term.Means) {
			add(other)
		}
	}
	maps.DeleteFunc(found, func(_ string, isPlain bool) bool { return !isPlain })
	return slices.Sorted(maps.Keys(found))
}

// principal takes the mean off and gives where each vector lies along the first principal components.
func principal(vectors []encoder.Vector) [][]float64 {
	n, width := len(vectors), len(vectors[0].Last)
	centred, mean := mat.NewDense(n, width, nil), make([]float64, width)
	for _, v := range vectors {
		for j, x := range v.Last {
			mean[j] += float64(x) / float64(n)
		}
	}
	for i, v := range vectors {
		for j, x := range v.Last {
			centred.Set(i, j, float64(x)-mean[j])
		}
	}
	var gram mat.SymDense
	gram.SymOuterK(1, centred.T())
	var eigen mat.EigenSym
	eigen.Factorize(&gram, true)
	var axes, all mat.Dense
	eigen.VectorsTo(&axes)
	all.Mul(centred, &axes)
	out := make([][]float64, n)
	for i := range out {
		out[i] = all.RawRowView(i)
		slices.Reverse(out[i]) // the largest eigenvalue comes last
	}
	return out
}
