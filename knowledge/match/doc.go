package match

import (
	"hash/fnv"
	"slices"
)

// A Doc is what the matcher is told about one entry.
type Doc struct {
	ID        string   // unique in the index
	Title     string   //
	Phrasings []string // how people ask for it
	Answer    string   // steps or points; counts for little, it is full of common words
	Systems   []string // names of the systems it is about
	Audience  []string // roles it is for; empty means everyone
}

// Weights of a document's fields: a word in the title or a phrasing counts in full, in the answer a little. Chosen by
// leaving phrasings out in turn, on the public training questions and on the starter base (never on a test file).
const (
	titleWeight    = 1.5
	phrasingWeight = 1.0
	systemWeight   = 1.0
	answerWeight   = 0.25
)

// A term is a stem, a pair of neighbouring stems, or a glossary concept, as a 64-bit hash. Collisions are harmless: one
// in 10^13 for a base of a million terms.
type term uint64

// A Document is an analysed Doc: all that does not depend on the other documents. It is immutable, so an unchanged entry
// is analysed once however often the index is made anew.
type Document struct {
	doc       Doc
	terms     []counted // pooled over all fields, distinct
	length    float32
	phrasings [][]term
	grams     []gram
	words     []string    // distinct surface words, for spelling
	vectors   *docVectors // nil without an encoder
}

type counted struct {
	term  term
	count float32
}

// Analyse reads a Doc with a glossary, which may be nil.
func Analyse(doc Doc, glossary *Glossary) *Document {
	d := &Document{doc: doc}
	pool := map[term]float32{}
	surface := map[string]bool{}
	grams := map[uint32]float32{}
	add := func(text string, weight float32, shape bool) []term {
		words := Words(text)
		terms := termsOf(words, glossary)
		for _, t := range terms {
			pool[t] += weight
		}
		for _, word := range words {
			surface[word] = true
		}
		if shape {
			addGrams(grams, words, weight)
		}
		d.length += weight * float32(len(words))
		return terms
	}
	if doc.Title != "" {
		d.phrasings = append(d.phrasings, add(doc.Title, titleWeight, true))
	}
	for _, phrasing := range doc.Phrasings {
		d.phrasings = append(d.phrasings, add(phrasing, phrasingWeight, true))
	}
	for _, system := range doc.Systems {
		add(system, systemWeight, true)
	}
	add(doc.Answer, answerWeight, false)
	for t, count := range pool {
		d.terms = append(d.terms, counted{t, count})
	}
	d.grams = sortedGrams(grams)
	for word := range surface {
		d.words = append(d.words, word)
	}
	slices.Sort(d.words)
	slices.SortFunc(d.terms, func(a, b counted) int { return compare(a.term, b.term) })
	return d
}

// Texts lists the texts of a Doc that have a vector each: its title, if it has one, then its phrasings.
func (d Doc) Texts() []string {
	if d.Title == "" {
		return d.Phrasings
	}
	return append([]string{d.Title}, d.Phrasings...)
}

// termsOf gives the terms of a text in the order they stand in it; a pair stands after its second word.
func termsOf(words []string, glossary *Glossary) []term {
	var terms []term
	before := ""
	for _, word := range words {
		s := Stem(word)
		terms = append(terms, stemTerm(s))
		if before != "" {
			terms = append(terms, pairTerm(before, s))
		}
		before = s
	}
	for _, concept := range glossary.Concepts(words) {
		terms = append(terms, conceptTerm(concept))
	}
	return terms
}

func stemTerm(stem string) term          { return hashTerm("w", stem) }
func pairTerm(first, second string) term { return hashTerm("p", first+" "+second) }
func conceptTerm(concept string) term    { return hashTerm("c", concept) }

func hashTerm(kind, text string) term {
	h := fnv.New64a()
	h.Write([]byte(kind))
	h.Write([]byte(text))
	return term(h.Sum64())
}

func compare[T ~uint64 | ~uint32](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Doc is what was analysed.
func (d *Document) Doc() Doc { return d.doc }

// ID is the id of the Doc that was analysed.
func (d *Document) ID() string { return d.doc.ID }
