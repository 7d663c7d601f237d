package match

import "slices"

// Character n-grams forgive what spelling cannot: "rostaring", "smart crad". Each word is padded with spaces and cut into
// runs of gramShort to gramLong letters, filed under a hash of gramBits bits.
const (
	gramShort = 3
	gramLong  = 5
	gramBits  = 18
)

type gram struct {
	id    uint32
	count float32
}

func addGrams(into map[uint32]float32, words []string, weight float32) {
	for _, word := range words {
		if fillers[word] {
			continue
		}
		padded := []rune(" " + word + " ")
		for n := gramShort; n <= gramLong; n++ {
			for i := 0; i+n <= len(padded); i++ {
				into[hashGram(padded[i:i+n])] += weight
			}
		}
	}
}

// hashGram is FNV-1a over the runes, folded to gramBits.
func hashGram(runes []rune) uint32 {
	h := uint32(2166136261)
	for _, r := range runes {
		h = (h ^ uint32(r)) * 16777619
	}
	return (h ^ h>>gramBits) & (1<<gramBits - 1)
}

func sortedGrams(counts map[uint32]float32) []gram {
	grams := make([]gram, 0, len(counts))
	for id, count := range counts {
		grams = append(grams, gram{id, count})
	}
	slices.SortFunc(grams, func(a, b gram) int { return compare(a.id, b.id) })
	return grams
}
