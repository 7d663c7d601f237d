package match

import (
	"math"
	"slices"
)

// Character n-grams forgive what spelling cannot: "rostaring", "smart crad". Each word is padded with spaces and cut into
// runs of gramShort to gramLong letters, filed under a hash of gramBits bits.
const (
	gramShort = 3
	gramLong  = 5
	gramBits  = 18
)

// mostHalves is the most that a document's use of an n-gram can count, in halves; more say no more.
const mostHalves = 1<<14 - 1

func addHalves(a, b uint16) uint16 { return min(a+b, mostHalves) }

// damped is damp for each number of halves.
var damped = func() (table [mostHalves + 1]float32) {
	for i := range table {
		table[i] = damp(float32(i) / 2)
	}
	return table
}()

// damp makes the tenth use of a gram count less than the first (1 + ln count, as in sublinear TF-IDF).
func damp(count float32) float32 {
	if count <= 1 {
		return count
	}
	return 1 + float32(math.Log(float64(count)))
}

// gramsOf gives the hashes of a word's n-grams, in order, one for each time it occurs.
func gramsOf(word string) []uint32 {
	padded := []rune(" " + word + " ")
	ids := make([]uint32, 0, (gramLong-gramShort+1)*len(padded))
	for n := gramShort; n <= gramLong; n++ {
		for i := 0; i+n <= len(padded); i++ {
			ids = append(ids, hashGram(padded[i:i+n]))
		}
	}
	return ids
}

// hashGram is FNV-1a over the runes, folded to gramBits.
func hashGram(runes []rune) uint32 {
	h := hashRunes(2166136261, runes)
	return (h ^ h>>gramBits) & (1<<gramBits - 1)
}

// hashRunes goes on with a hash (FNV-1a).
func hashRunes(h uint32, runes []rune) uint32 {
	for _, r := range runes {
		h = (h ^ uint32(r)) * 16777619
	}
	return h
}

// letters adds up the n-grams of documents, one document at a time.
type letters struct {
	halves []uint16 // by gram id; zero between documents
	used   []uint32 // gram ids of the document at hand, each once
}

func newLetters() *letters { return &letters{halves: make([]uint16, allWords.countGrams())} }

// of calls use with each n-gram of a document and how often it counts there, in halves. The order is the document's own.
func (l *letters) of(d *Document, use func(id uint32, halves uint16)) {
	words, field, halves := allWords.all(), 0, d.halves(0)
	for w := d.walk(); w.next() && !w.inAnswer(); {
		if w.field != field {
			field, halves = w.field, d.halves(w.field)
		}
		if w.concept == 0 {
			l.add(words[w.word].grams, halves)
		}
	}
	l.flush(use)
}

func (l *letters) add(grams []uint32, halves uint16) {
	for _, id := range grams {
		if l.halves[id] == 0 {
			l.used = append(l.used, id)
		}
		l.halves[id] = addHalves(l.halves[id], halves)
	}
}

// flush hands out what was added up and forgets it.
func (l *letters) flush(use func(id uint32, halves uint16)) {
	for _, id := range l.used {
		use(id, l.halves[id])
		l.halves[id] = 0
	}
	l.used = l.used[:0]
}

// askedGram is an n-gram of a question. Its id is its number in the lexicon, or beyond those that an index knows.
type askedGram struct {
	id     uint32
	weight float32
}

// gramsAsked adds up the n-grams of a question, sorted by hash. Those of the turn before count by half.
func gramsAsked(words, before []typed) []askedGram {
	var all []askedGram
	add := func(words []typed, weight float32) {
		for _, w := range words {
			if fillers[w.now] {
				continue
			}
			for _, id := range gramsOf(w.now) {
				all = append(all, askedGram{id, weight})
			}
		}
	}
	add(words, 1)
	add(before, beforeShare)
	slices.SortFunc(all, func(a, b askedGram) int { return compare(a.id, b.id) })
	out := all[:0]
	for _, g := range all {
		if n := len(out); n > 0 && out[n-1].id == g.id {
			out[n-1].weight += g.weight
		} else {
			out = append(out, g)
		}
	}
	for i := range out { // only now: the order must not depend on who came first
		out[i].id = allWords.gram(out[i].id)
	}
	return out
}
