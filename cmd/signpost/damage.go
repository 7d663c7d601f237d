package main

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
)

// damage makes typing errors: each word of shortestDamaged letters or more is, with this chance, given one edit. The same
// text and seed give the same errors, whatever was damaged before.
type damage struct {
	chance float64
	seed   uint64
}

const shortestDamaged = 4

// flags add --damage and --seed to a command that asks questions from a file.
func (d *damage) flags(c *cobra.Command) {
	c.Flags().Float64Var(&d.chance, "damage", 0, "give each word of 4 letters or more, with this chance (`P`, 0 to 1), one typing error")
	c.Flags().Uint64Var(&d.seed, "seed", 1, "other typing errors for each number (`N`), the same ones for the same")
}

func (d damage) check() error {
	if !(d.chance >= 0 && d.chance <= 1) {
		return usagef("--damage %v: a chance is from 0 to 1, such as 0.3", d.chance)
	}
	return nil
}

// to damages a text. A word is a run of letters.
func (d damage) to(text string) string {
	if d.chance == 0 {
		return text
	}
	hash := fnv.New64a()
	hash.Write([]byte(text))
	random := rand.New(rand.NewPCG(d.seed, hash.Sum64()))
	var out strings.Builder
	var word []rune
	end := func() {
		if len(word) >= shortestDamaged && random.Float64() < d.chance {
			word = mistyped(word, random)
		}
		out.WriteString(string(word))
		word = word[:0]
	}
	for _, r := range text {
		if unicode.IsLetter(r) {
			word = append(word, r)
			continue
		}
		end()
		out.WriteRune(r)
	}
	end()
	return out.String()
}

// mistyped gives the word one edit, each kind as likely as the others: two neighbours swapped, a letter dropped, one put
// in, or one replaced. A word that is one letter over and over cannot be swapped and gets a letter replaced.
func mistyped(word []rune, random *rand.Rand) []rune {
	at := random.IntN(len(word))
	switch random.IntN(4) {
	case 0:
		if swaps := unlikeNeighbours(word); len(swaps) > 0 {
			at = swaps[random.IntN(len(swaps))]
			word[at], word[at+1] = word[at+1], word[at]
			return word
		}
	case 1:
		return slices.Delete(word, at, at+1)
	case 2:
		return slices.Insert(word, random.IntN(len(word)+1), anyLetter(random))
	}
	for old := word[at]; word[at] == old; {
		word[at] = anyLetter(random)
	}
	return word
}

// unlikeNeighbours lists where a letter stands before a different one.
func unlikeNeighbours(word []rune) []int {
	var at []int
	for i := range len(word) - 1 {
		if word[i] != word[i+1] {
			at = append(at, i)
		}
	}
	return at
}

func anyLetter(random *rand.Rand) rune { return 'a' + rune(random.IntN(26)) }
