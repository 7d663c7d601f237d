// Package match finds which documents may answer a question, and how likely each does. It is pure and in memory.
//
// Start from [Analyse], which reads a document, and [NewIndex]; ask with [Index.Match]; after a change take [Index.With].
// [Fit] learns the [Weights] from the documents themselves. What a hit is made of is in signal.go. With an encoder texts are
// compared by meaning; without one by their gist, the sum of what their words mean.
//
// Small bases and large go by one rule. With fewer than 100 phrasings and saved questions to learn from, the default weights
// stand: they were learnt on small bases too, of two entries with one phrasing each and more, so that a base answers its own
// phrasings from the first entry on. Fewer than 200 phrasings beyond the first of their entry leave the [Space] out. However
// many documents there are, only those that come nearest by words or by meaning are looked at closely, and no more than
// some thousand phrasings are learnt from.
package match

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
// leaving phrasings out in turn, on the public training questions and on the starter base (never on a test file). They are
// quarters so that counts are exact, in whatever order they are added up; those that count letters are halves.
const (
	titleWeight    = 1.5
	phrasingWeight = 1.0
	systemWeight   = 1.0
	answerWeight   = 0.25
)

// A term is a stem, a pair of neighbouring stems, or a glossary concept, as a hash; never 0. Of a base of a million terms
// one in 4,000 shares its hash with another, mostly two pairs that hardly anybody says: that changes no answer.
type term uint32

// A Document is an analysed Doc: all that does not depend on the other documents. It is immutable, so an unchanged entry
// is analysed once however often the index is made anew.
type Document struct {
	doc     Doc
	length  float32
	tokens  tokens   // of its fields, one after the other
	ends    []uint32 // where the terms of each field end: the title and the phrasings, the systems, the answer
	vectors *docVectors
}

// Analyse reads a Doc with a glossary, which may be nil.
func Analyse(doc Doc, glossary *Glossary) *Document {
	r := readers.Get().(*reader)
	defer readers.Put(r)
	return r.read(doc, glossary)
}

// Texts lists the texts of a Doc that have a vector each: its title, if it has one, then its phrasings.
func (d Doc) Texts() []string {
	if d.Title == "" {
		return d.Phrasings
	}
	return append([]string{d.Title}, d.Phrasings...)
}

// Doc is what was analysed, but for the answer.
func (d *Document) Doc() Doc { return d.doc }

// ID is the id of the Doc that was analysed.
func (d *Document) ID() string { return d.doc.ID }

// asked is how many of the fields are ways to ask for it: the title and the phrasings.
func (d *Document) asked() int { return len(d.ends) - len(d.doc.Systems) - 1 }

// weight is what a word of the i-th field counts.
func (d *Document) weight(i int) float32 {
	switch {
	case i == 0 && d.doc.Title != "":
		return titleWeight
	case i < d.asked():
		return phrasingWeight
	case i < len(d.ends)-1:
		return systemWeight
	}
	return answerWeight
}

// halves is what a word of the i-th field counts, in halves.
func (d *Document) halves(i int) uint16 { return uint16(2 * d.weight(i)) }

func stemTerm(stem string) term          { return termHash(termHash(hashStart, "w"), stem).term() }
func pairTerm(first, second string) term { return pairAfter(pairStart(first), second) }
func conceptTerm(concept string) term    { return termHash(termHash(hashStart, "c"), concept).term() }

// A pair is hashed in two steps: the start once for each stem, the rest where it has a neighbour.
func pairStart(first string) hash              { return termHash(termHash(termHash(hashStart, "p"), first), " ") }
func pairAfter(start hash, second string) term { return termHash(start, second).term() }

// A hash is a term in the making (FNV-1a).
type hash uint64

const hashStart hash = 14695981039346656037

// termHash goes on with a hash.
func termHash(h hash, text string) hash {
	for i := range len(text) {
		h = (h ^ hash(text[i])) * 1099511628211
	}
	return h
}

func (h hash) term() term { return max(1, term(h^h>>32)) }

func compare[T ~uint64 | ~uint32](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
