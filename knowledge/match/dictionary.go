package match

import (
	"math/bits"
	"slices"
)

// A dictionary gives terms their ids: their places in a sorted list. The terms of a large base are some million; a map of
// them takes eight times the memory. The zero value is empty.
type dictionary struct {
	terms []term
	first []int32 // by the topmost bits: where the terms that start so begin; and where the last end
	shift int     // how many bits are not among the topmost
	// others is how often the documents have a pair or a concept.
	others int
}

// bucket is about how many terms start alike.
const bucket = 8

// newDictionary takes the terms of documents.
func newDictionary(docs []*Document) dictionary {
	var set termSet
	words := allWords.all()
	added := make([]bool, len(words))
	d := dictionary{shift: 32}
	for _, doc := range docs {
		doc.eachTerm(func(_ int, word uint32) {
			if !added[word] {
				added[word] = true
				set.add(words[word].term)
			}
		}, func(_ int, t term) {
			set.add(t)
			d.others++
		})
	}
	d.terms = make([]term, 0, set.count)
	for _, t := range set.slots {
		if t != 0 {
			d.terms = append(d.terms, t)
		}
	}
	slices.Sort(d.terms)
	if top := bits.Len(uint(len(d.terms) / bucket)); top > 0 {
		d.shift = 32 - top
	}
	d.first = make([]int32, 1<<(32-d.shift)+1)
	for _, t := range d.terms {
		d.first[uint64(t)>>d.shift+1]++
	}
	for i := range d.first[1:] {
		d.first[i+1] += d.first[i]
	}
	return d
}

// id finds a term.
func (d *dictionary) id(t term) (id int32, ok bool) {
	if len(d.terms) == 0 {
		return -1, false
	}
	at := uint64(t) >> d.shift
	for id, end := d.first[at], d.first[at+1]; id < end; id++ {
		if d.terms[id] >= t {
			return id, d.terms[id] == t
		}
	}
	return -1, false
}

// A numbering gives the ids of documents' terms. It remembers those of words, which documents have again and again.
type numbering struct {
	*dictionary
	words  []int32 // by word: its id plus one, 0 where it was not asked for yet
	others []int32 // see again
}

func newNumbering(d *dictionary) *numbering {
	return &numbering{dictionary: d, words: make([]int32, len(allWords.all()))}
}

// each calls use with the ids of a document's terms, one field after the other.
func (n *numbering) each(d *Document, use func(field int, id int32)) {
	d.eachTerm(func(field int, word uint32) { use(field, n.word(word)) }, func(field int, t term) {
		id, _ := n.id(t)
		use(field, id)
	})
}

// again is each for the documents that were counted, one after the other.
func (n *numbering) again(d *Document, use func(field int, id int32)) {
	d.eachTerm(func(field int, word uint32) { use(field, n.word(word)) }, func(field int, _ term) {
		use(field, n.others[0])
		n.others = n.others[1:]
	})
}

func (n *numbering) word(word uint32) int32 {
	if id := n.words[word]; id > 0 {
		return id - 1
	}
	return n.newWord(word)
}

func (n *numbering) newWord(word uint32) int32 {
	id, _ := n.id(allWords.all()[word].term)
	n.words[word] = id + 1
	return id
}

// count is how many of the documents have each term. It keeps what took longest, the ids of pairs and concepts, for again.
func (n *numbering) count(docs []*Document) []int32 {
	count, last := make([]int32, len(n.terms)), make([]int32, len(n.terms)) // last had it the document before this number
	n.others = make([]int32, 0, n.dictionary.others)
	for i, d := range docs {
		add := func(id int32) {
			if last[id] != int32(i+1) {
				last[id] = int32(i + 1)
				count[id]++
			}
		}
		d.eachTerm(func(_ int, word uint32) { add(n.word(word)) }, func(_ int, t term) {
			id, _ := n.id(t)
			n.others = append(n.others, id)
			add(id)
		})
	}
	return count
}

// A termSet is a hash table of terms, which are hashes themselves and never 0.
type termSet struct {
	slots []term // 0 where there is none; as many as a power of two
	count int
}

func (s *termSet) add(t term) {
	if 4*s.count >= 3*len(s.slots) {
		old := s.slots
		s.slots, s.count = make([]term, max(64, 2*len(old))), 0
		for _, t := range old {
			if t != 0 {
				s.add(t)
			}
		}
	}
	last := term(len(s.slots) - 1)
	at := t & last
	for s.slots[at] != 0 && s.slots[at] != t {
		at = (at + 1) & last
	}
	if s.slots[at] == 0 {
		s.slots[at] = t
		s.count++
	}
}
