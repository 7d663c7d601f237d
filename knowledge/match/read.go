package match

import (
	"slices"
	"sync"
)

// A reader is the working memory of Analyse. It remembers what it found out about each word, because a base says the same
// few thousand words again and again. What it remembers makes no difference to what it reads.
type reader struct {
	known map[string]*word
	room  []byte
	text  []*word // of the field at hand
	plain []string
	all   tokens
	terms int // that all stands for
	ends  []uint32
}

// word is what a reader remembers of a word.
type word struct {
	text string
	id   uint32 // in the lexicon
}

// mostKnown bounds a reader's memory, to a few megabytes.
const mostKnown = 1 << 15

var readers = sync.Pool{New: func() any { return &reader{known: map[string]*word{}} }}

func (r *reader) read(doc Doc, glossary *Glossary) *Document {
	r.start()
	d := &Document{doc: doc}
	if doc.Title != "" {
		d.length += r.field(doc.Title, titleWeight, true, glossary)
	}
	for _, phrasing := range doc.Phrasings {
		d.length += r.field(phrasing, phrasingWeight, true, glossary)
	}
	for _, system := range doc.Systems {
		d.length += r.field(system, systemWeight, true, glossary)
	}
	d.length += r.field(doc.Answer, answerWeight, false, glossary)
	d.doc.Answer = "" // it is read, and others have it
	d.tokens, d.ends = slices.Clone(r.all), slices.Clone(r.ends)
	return d
}

func (r *reader) start() {
	if len(r.known) > mostKnown {
		clear(r.known)
	}
	r.all, r.terms, r.ends = r.all[:0], 0, r.ends[:0]
}

// field adds a field's words and concepts, and gives the weight of its length. Pairs of words count where shape is true.
func (r *reader) field(text string, weight float32, shape bool, glossary *Glossary) float32 {
	r.split(text)
	for i, w := range r.text {
		r.all = r.all.word(w.id)
		r.terms++
		if shape && i > 0 {
			r.terms++ // the pair
		}
	}
	for _, concept := range glossary.Concepts(r.plain) {
		r.all = r.all.concept(conceptTerm(concept))
		r.terms++
	}
	r.ends = append(r.ends, uint32(r.terms))
	return weight * float32(len(r.text))
}

// split looks up the words of a text.
func (r *reader) split(text string) {
	r.text, r.plain = r.text[:0], r.plain[:0]
	r.room = eachWord(text, r.room, func(spelt []byte) {
		w, ok := r.known[string(spelt)]
		if !ok {
			w = newWord(string(spelt))
			r.known[w.text] = w
		}
		r.text, r.plain = append(r.text, w), append(r.plain, w.text)
	})
}

func newWord(text string) *word {
	id, known := allWords.add(text)
	return &word{text: known.text, id: id}
}
