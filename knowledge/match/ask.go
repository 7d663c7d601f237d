package match

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"signpost/knowledge/encoder"
	"signpost/knowledge/wordvec"
)

// What kinds of word count, beside a plain one that was typed right.
const (
	fillerShare  = 0.5 // "how", "my": the idf says most of it already
	pairShare    = 0.4 // two neighbouring words, beside the words themselves
	conceptShare = 1.0 // a name from the glossary
	guessShare   = 0.8 // a corrected word
	beforeShare  = 0.5 // a word of the turn before
)

// asked is a question made ready for one index.
type asked struct {
	words    []typed
	stems    []term // of the words
	terms    []askedTerm
	total    float32 // weight of all terms, known to the index or not
	norm     float32 // length of the vector of weights
	grams    []askedGram
	gramNorm float32
	gist     encoder.Rounded
}

// typed is a word of the question and what was made of it.
type typed struct {
	was, now string
	share    float32
}

// askedTerm is a term of the question that the index knows. ids are the term's in each part, -1 where the part lacks it.
type askedTerm struct {
	term        term
	ids         [maxParts]int32
	idf, weight float32
}

func (x *Index) ask(q Query) *asked {
	a := &asked{words: x.repair(Words(q.Text), 1)}
	var before []typed
	if q.Before != "" {
		before = x.repair(Words(q.Before), beforeShare)
	}
	seen := map[term]bool{}
	x.addTerms(a, a.words, 1, seen)
	x.addTerms(a, before, beforeShare, seen)
	a.norm = sqrt(a.norm)
	a.grams = gramsAsked(a.words, before)
	x.weighAsked(a)
	a.words = append(a.words, before...)
	a.gist = gistOf(a.words)
	return a
}

// Repair gives a text with its misspellings mended and all else as it was typed, for an encoder to read. real, which may
// be nil, names words that are words although the base does not know them.
func (x *Index) Repair(text string, real func(word string) bool) string {
	var b strings.Builder
	isWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '’' }
	for len(text) > 0 {
		end := strings.IndexFunc(text, func(r rune) bool { return !isWord(r) })
		switch {
		case end < 0:
			end = len(text)
		case end == 0:
			_, end = utf8.DecodeRuneInString(text)
		}
		b.WriteString(x.mended(text[:end], real))
		text = text[end:]
	}
	return b.String()
}

// mended is a piece of text between spaces, with the word it was meant to be in its place.
func (x *Index) mended(piece string, real func(word string) bool) string {
	words := Words(piece)
	if len(words) != 1 || len(words[0]) < shortestTypo || real != nil && real(words[0]) {
		return piece
	}
	if mended := nowOf(x.repair(words, 1)); len(mended) != 1 || mended[0] != words[0] {
		return strings.Join(mended, " ")
	}
	return piece
}

// addTerms files the words, their pairs and the concepts they name, each once.
func (x *Index) addTerms(a *asked, words []typed, share float32, seen map[term]bool) {
	before := ""
	for _, w := range words {
		s := Stem(w.now)
		a.stems = append(a.stems, stemTerm(s))
		x.addTerm(a, stemTerm(s), w.share, seen)
		if pair := pairTerm(before, s); before != "" && x.has(pair) {
			x.addTerm(a, pair, pairShare*w.share, seen)
		}
		before = s
	}
	for _, concept := range x.glossary.Concepts(nowOf(words)) {
		if t := conceptTerm(concept); x.has(t) {
			x.addTerm(a, t, conceptShare*share, seen)
		}
	}
}

func (x *Index) addTerm(a *asked, t term, share float32, seen map[term]bool) {
	if seen[t] {
		return
	}
	seen[t] = true
	found, known := x.find(t)
	if known {
		found.weight = found.idf * share
		a.terms = append(a.terms, found)
	}
	a.total += found.idf * share
	a.norm += found.idf * found.idf * share * share
}

// find looks a term up. One that no document has is not known, and has the idf of such terms.
func (x *Index) find(t term) (found askedTerm, known bool) {
	found.term, found.idf = t, x.unknown
	for i := range found.ids {
		found.ids[i] = -1
	}
	for i, p := range x.parts {
		if id, ok := p.ids.id(t); ok && x.idf[i][id] > 0 {
			found.ids[i], found.idf, known = id, x.idf[i][id], true
		}
	}
	return found, known
}

func (x *Index) weighAsked(a *asked) {
	sum := float32(0)
	for i, g := range a.grams {
		w := damp(g.weight) * x.gramWeight(g.id)
		a.grams[i].weight = w
		sum += w * w
	}
	a.gramNorm = sqrt(sum)
}

func (x *Index) has(t term) bool {
	_, known := x.find(t)
	return known
}

func nowOf(words []typed) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = w.now
	}
	return out
}

// repair corrects what is not a word of the base, joins words that were split ("pass word") and splits words that ran
// together ("resetpassword"), where the base knows the result.
func (x *Index) repair(words []string, share float32) []typed {
	out := make([]typed, 0, len(words))
	for i := 0; i < len(words); i++ {
		word := words[i]
		if i+1 < len(words) && x.splitInTwo(word, words[i+1]) {
			out = append(out, typed{word + " " + words[i+1], word + words[i+1], share * guessShare})
			i++
			continue
		}
		if fillers[word] || x.spelling.knows(word) || x.glossary.Knows(word) || wordvec.Number(word) != wordvec.None {
			out = append(out, typed{word, word, share})
			continue
		}
		if right, ok := x.spelling.correct(word); ok {
			out = append(out, typed{word, right, share * guessShare})
		} else if first, second, ok := x.spelling.split(word); ok {
			out = append(out, typed{word, first, share * guessShare}, typed{"", second, share * guessShare})
		} else {
			out = append(out, typed{word, word, share})
		}
	}
	return out
}

// splitInTwo reports whether two words are one word of the base with a space in it: at least one of them is no word.
func (x *Index) splitInTwo(first, second string) bool {
	return len(first)+len(second) >= 5 && x.spelling.knows(first+second) && (!x.spelling.knows(first) || !x.spelling.knows(second)) &&
		!hasDigit(first+second)
}
