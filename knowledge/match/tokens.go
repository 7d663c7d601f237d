package match

import "encoding/binary"

// tokens are the words of a document's fields as they follow each other, each as its number times two, and behind those of a
// field the concepts they name, each as a 1 and four bytes. All else comes from them: terms, letters and vocabulary kept
// beside them would take ten times the memory.
type tokens []byte

func (t tokens) word(id uint32) tokens { return binary.AppendUvarint(t, uint64(id)<<1) }

func (t tokens) concept(c term) tokens {
	return binary.LittleEndian.AppendUint32(append(t, 1), uint32(c))
}

// A walk goes through a document's tokens.
type walk struct {
	rest  tokens
	ends  []uint32
	terms uint32 // passed by
	end   uint32 // of the field at hand, in terms
	step
}

// A step is one token: a word, or a concept where that is not 0.
type step struct {
	field   int
	word    uint32
	concept term
	paired  bool // it makes a pair with the word before
}

func (d *Document) walk() walk { return walk{rest: d.tokens, ends: d.ends, step: step{field: -1}} }

// next goes on to the next token; it is false at the end.
func (w *walk) next() bool {
	if len(w.rest) == 0 {
		return false
	}
	first := w.terms == w.end
	for w.terms == w.end {
		w.field++
		w.end = w.ends[w.field]
	}
	token, n := uvarint(w.rest)
	w.rest = w.rest[n:]
	w.terms++
	if w.concept = 0; token&1 == 1 {
		w.concept, w.rest = term(binary.LittleEndian.Uint32(w.rest)), w.rest[4:]
		return true
	}
	w.word = token >> 1
	// No pairs in the answer: they would be a third of all terms, and say nothing that its words do not.
	if w.paired = !first && w.field < len(w.ends)-1; w.paired {
		w.terms++
	}
	return true
}

// inAnswer tells whether the token is of the answer, which is the last field.
func (w *walk) inAnswer() bool { return w.field == len(w.ends)-1 }

// uvarint is binary.Uvarint for what word wrote, small enough to be put in place of the call.
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

// eachTerm calls forWord with each word of the document, one field after the other, and forTerm with the pair it makes with the
// word before, then with the concepts of the field.
func (d *Document) eachTerm(forWord func(field int, word uint32), forTerm func(field int, t term)) {
	words, before := allWords.all(), hash(0)
	for w := d.walk(); w.next(); {
		if w.concept != 0 {
			forTerm(w.field, w.concept)
			continue
		}
		forWord(w.field, w.word)
		if w.paired {
			forTerm(w.field, pairAfter(before, words[w.word].stem))
		}
		before = words[w.word].pair
	}
}

// terms lists the document's terms, as often as it has them.
func (d *Document) terms() (terms []term) {
	words := allWords.all()
	d.eachTerm(func(_ int, word uint32) { terms = append(terms, words[word].term) }, func(_ int, t term) { terms = append(terms, t) })
	return terms
}

// eachTermAsked calls use with the terms of those ways to ask for which there is a number but 0, and that number.
func (d *Document) eachTermAsked(numbers []int32, use func(t term, number int32)) {
	words, before := allWords.all(), hash(0)
	for w := d.walk(); w.next() && w.field < len(numbers); {
		number := numbers[w.field]
		if number == 0 {
			continue
		}
		if w.concept != 0 {
			use(w.concept, number)
			continue
		}
		word := &words[w.word]
		use(word.term, number)
		if w.paired {
			use(pairAfter(before, word.stem), number)
		}
		before = word.pair
	}
}

// eachWord calls use with every word of the document, as often as it has it.
func (d *Document) eachWord(use func(id uint32)) {
	for w := d.walk(); w.next(); {
		if w.concept == 0 {
			use(w.word)
		}
	}
}

// has tells of each of some stems whether the document has a word with it.
func (d *Document) has(stems []term) []bool {
	words, has := allWords.all(), make([]bool, len(stems))
	d.eachWord(func(word uint32) {
		for i, stem := range stems {
			has[i] = has[i] || words[word].term == stem
		}
	})
	return has
}
