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
}

// bucket is about how many terms start alike.
const bucket = 8

// newDictionary takes the terms of documents.
func newDictionary(docs []*Document) dictionary {
	var set termSet
	var room []term
	for _, d := range docs {
		room = d.addTerms(room[:0])
		for _, t := range room {
			set.add(t)
		}
	}
	d := dictionary{terms: make([]term, 0, set.count), shift: 32}
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

// A termSet is a hash table of terms, which are hashes themselves and never 0.
type termSet struct {
	slots []term // 0 where there is none; as many as a power of two
	count int
}

func (s *termSet) add(t term) {
	if 2*s.count >= len(s.slots) {
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
