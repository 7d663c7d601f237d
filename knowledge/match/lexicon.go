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
}

// A lexeme is what does not change about a word.
type lexeme struct {
	text, stem string
	term       term     // of the stem
	pair       hash     // pairStart of the stem
	grams      []uint32 // none for a filler
}

func newLexeme(text string) lexeme {
	stem := Stem(text)
	l := lexeme{text: text, stem: stem, term: stemTerm(stem), pair: pairStart(stem)}
	if !fillers[text] {
		l.grams = gramsOf(text)
	}
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
	words = append(words, word) // readers of a shorter slice never look behind its end
	l.ids[text] = id
	l.words.Store(&words)
	return id, word
}

func (l *lexicon) all() []lexeme { return *l.words.Load() }
