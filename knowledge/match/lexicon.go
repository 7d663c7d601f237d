package match

import (
	"encoding/binary"
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

// A wordList is the distinct words of a document: for each its number times four, plus how often it counts, in halves, the
// answer left out: 0 for not at all, 1 and 2 for what is common, 3 if a number of its own follows. Words that count come
// first.
type wordList []byte

const (
	countsNone = iota
	countsOne  // once in a phrasing: two halves
	countsTitle
	countsMore
)

func (w wordList) add(id uint32, halves uint16) wordList {
	code := uint64(countsMore)
	switch halves {
	case 0:
		code = countsNone
	case 2 * phrasingWeight:
		code = countsOne
	case 2 * titleWeight:
		code = countsTitle
	}
	w = binary.AppendUvarint(w, uint64(id)<<2|code)
	if code == countsMore {
		w = binary.AppendUvarint(w, uint64(halves))
	}
	return w
}

// next takes the first word off a list that is not empty.
func (w wordList) next() (id uint32, halves uint16, rest wordList) {
	word, n := uvarint(w)
	w = w[n:]
	switch word & 3 {
	case countsOne:
		halves = 2 * phrasingWeight
	case countsTitle:
		halves = 2 * titleWeight
	case countsMore:
		more, n := uvarint(w)
		halves, w = uint16(more), w[n:]
	}
	return uint32(word >> 2), halves, w
}

// tokens are the words of a document's fields as they follow each other, each as its number times two, and behind those of a
// field the concepts they name, each as a 1 and four bytes. From them come its terms, which would take thrice the memory.
type tokens []byte

func (t tokens) word(id uint32) tokens { return binary.AppendUvarint(t, uint64(id)<<1) }

func (t tokens) concept(c term) tokens {
	return binary.LittleEndian.AppendUint32(append(t, 1), uint32(c))
}

// addTerms appends a document's terms, one field after the other: each word, with the pair it makes with the one before, then
// the concepts.
func (d *Document) addTerms(terms []term) []term {
	words, start, field, before := allWords.all(), len(terms), 0, hash(0)
	for rest := d.tokens; len(rest) > 0; {
		for len(terms)-start == int(d.ends[field]) {
			field, before = field+1, 0
		}
		token, n := uvarint(rest)
		rest = rest[n:]
		if token&1 == 1 {
			terms, rest = append(terms, term(binary.LittleEndian.Uint32(rest))), rest[4:]
			continue
		}
		w := &words[token>>1]
		terms = append(terms, w.term)
		if before != 0 {
			terms = append(terms, pairAfter(before, w.stem))
		}
		if field < len(d.ends)-1 { // no pairs in the answer: they would be a third of all terms, and say nothing that its words do not
			before = w.pair
		}
	}
	return terms
}

// countTerms is how many terms addTerms adds.
func (d *Document) countTerms() int { return int(d.ends[len(d.ends)-1]) }

// uvarint is binary.Uvarint for what add wrote, small enough to be put in place of the call.
func uvarint(b []byte) (value uint32, n int) {
	for shift := 0; ; shift += 7 {
		c := b[n]
		n++
		value |= uint32(c&0x7f) << shift
		if c < 0x80 {
			return value, n
		}
	}
}
