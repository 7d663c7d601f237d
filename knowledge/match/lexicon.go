package match

import (
	"sync"
	"sync/atomic"
)

// A lexicon numbers words, so that a document need not spell out the few thousand words that all of them share. There is
// one for the whole program, since documents go from index to index; it knows every word that a document ever had, and none
// that was only asked. Numbers depend on who came first: nothing may be ordered by them. It is safe for concurrent use.
type lexicon struct {
	adding sync.Mutex
	ids    map[string]uint32
	words  atomic.Pointer[[]lexeme] // by number; only ever added to
	// grams are the numbers of n-grams, by hash: one more than it is, 0 for none. There are tens of thousands of numbers for a
	// quarter of a million hashes, so that what is kept by number stays in the cache.
	grams    [1 << gramBits]atomic.Int32
	numbered atomic.Int32 // n-grams
}

// A lexeme is what does not change about a word.
type lexeme struct {
	text, stem string
	term       term     // of the stem
	pair       hash     // pairStart of the stem
	vector     int32    // number of its vector
	grams      []uint32 // numbers of its n-grams, once for each time it has them; none for a filler
}

func newLexeme(text string) lexeme {
	stem := Stem(text)
	l := lexeme{text: text, stem: stem, term: stemTerm(stem), pair: pairStart(stem), vector: vectorOf(text, stem)}
	return l
}

var allWords = func() *lexicon {
	l := &lexicon{ids: map[string]uint32{}}
	l.words.Store(new([]lexeme))
	return l
}()

// add gives a word's number, and what is known of it.
func (l *lexicon) add(text string) (uint32, lexeme) {
	l.adding.Lock()
	defer l.adding.Unlock()
	words := *l.words.Load()
	if id, ok := l.ids[text]; ok {
		return id, words[id]
	}
	id, word := uint32(len(words)), newLexeme(text)
	if !fillers[text] {
		word.grams = l.number(gramsOf(text))
	}
	words = append(words, word) // readers of a shorter slice never look behind its end
	l.ids[text] = id
	l.words.Store(&words)
	return id, word
}

// number turns hashes of n-grams into their numbers.
func (l *lexicon) number(grams []uint32) []uint32 {
	for i, hash := range grams {
		if l.grams[hash].Load() == 0 {
			l.grams[hash].Store(l.numbered.Add(1))
		}
		grams[i] = uint32(l.grams[hash].Load()) - 1
	}
	return grams
}

// gram gives the number of an n-gram by its hash; of one that no document ever had a number beyond all.
func (l *lexicon) gram(hash uint32) uint32 { return uint32(l.grams[hash].Load()) - 1 }

// countGrams is how many n-grams have a number.
func (l *lexicon) countGrams() int { return int(l.numbered.Load()) }

func (l *lexicon) all() []lexeme { return *l.words.Load() }
