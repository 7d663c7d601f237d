// Package wordvec says where common English words lie among each other: the vectors of "vehicle" and "car" point much the same
// way. The sum of those of its words says roughly what a text is about, and is to be had without an encoder.
//
// Start from [Number] and [Row]. The vectors are distilled from the encoder as Model2Vec does it (Tulkens and van Dongen
// 2024): each word was encoded by itself, the mean of all taken off, and of the principal components the first [Width] kept.
// The commonest words were then made shorter, as they say least (Arora et al. 2017). "go generate" makes them anew. The encoder is
// all-MiniLM-L6-v2, under the Apache License 2.0.
package wordvec

//go:generate go test -run TestDistil -update .

import (
	_ "embed"
	"strings"
	"sync"

	"signpost/knowledge/encoder"
)

// Width is how many numbers a vector has.
const Width = 128

// words.txt has a word a line: those of the encoder's vocabulary, the commonest first, then others that the starter base has.
//
//go:embed words.txt
var words string

// vectors.rows has their vectors, packed as encoder.AppendRow does it.
//
//go:embed vectors.rows
var vectors []byte

var numbers = sync.OnceValue(func() map[string]int32 {
	list := strings.Fields(words)
	numbers := make(map[string]int32, len(list))
	for i, word := range list {
		numbers[word] = int32(i)
	}
	return numbers
})

// None is the number of a word that has no vector.
const None int32 = -1

// Number gives the number of a word in lower case, or None.
func Number(word string) int32 {
	if n, ok := numbers()[word]; ok {
		return n
	}
	return None
}

// Row gives a word's vector by its number; of None no rows. Its length is not one: common words are shorter.
func Row(number int32) encoder.Rows {
	if number == None {
		return encoder.Rows{}
	}
	const size = encoder.RowHead + Width
	return encoder.RowsOf(Width, vectors[int(number)*size:][:size:size])
}
