package match

import (
	"slices"
	"sync"

	"signpost/knowledge/encoder"
)

// A part is what an index knows of a set of documents whatever else is in the index, so that a changed index can share it.
// It is immutable.
type part struct {
	docs     []*Document
	ids      dictionary
	starts   []int32   // by term id: where its postings start; and where the last ends
	postings []posting // by term id, then document
	grams    []int32   // by gram id: how many documents have it
	spelling *vocabulary
	centres  *encoder.Table // nil unless all documents have vectors
	length   float64        // of all documents
}

// A posting is a document under a term: its place in the part and, in the lowest 8 bits, how much the term counts there, in
// quarters. More than that can hold say no more.
type posting uint32

const (
	countBits = 8
	mostCount = 1<<countBits - 1
	countUnit = 0.25
)

func newPosting(doc int32, weight float32) posting {
	return posting(doc)<<countBits | posting(weight/countUnit)
}

func (p posting) doc() int32     { return int32(p >> countBits) }
func (p posting) count() float32 { return countUnit * float32(p&mostCount) }

func (p posting) plus(weight float32) posting {
	return p&^mostCount | min(mostCount, p&mostCount+posting(weight/countUnit))
}

func newPart(docs []*Document) *part {
	p := &part{docs: docs}
	var wait sync.WaitGroup // the terms of a large base take as long as all else
	wait.Go(func() { p.post(p.number()) })
	p.countLetters()
	p.spelling = newVocabulary(docs)
	p.place()
	wait.Wait()
	return p
}

func (p *part) countLetters() {
	p.grams = make([]int32, allWords.countGrams())
	letters := newLetters()
	for _, d := range p.docs {
		p.length += float64(d.length)
		letters.of(d, func(id uint32, _ uint16) { p.grams[id]++ })
	}
}

// number gives every term an id. It returns the ids of all documents' terms, one after the other, and how many documents
// have each.
func (p *part) number() (ids, count []int32) {
	total := 0
	for _, d := range p.docs {
		total += d.countTerms()
	}
	p.ids = newDictionary(p.docs)
	ids, count = make([]int32, 0, total), make([]int32, len(p.ids.terms))
	var room []term
	last := make([]int32, len(p.ids.terms)) // document that had the term last, plus one
	for i, d := range p.docs {
		room = d.addTerms(room[:0])
		for _, t := range room {
			id, _ := p.ids.id(t)
			if last[id] != int32(i+1) {
				last[id] = int32(i + 1)
				count[id]++
			}
			ids = append(ids, id)
		}
	}
	return ids, count
}

// post files every document under each of its terms, given by number.
func (p *part) post(ids, count []int32) {
	p.starts = make([]int32, len(count)+1)
	for id, n := range count {
		p.starts[id+1] = p.starts[id] + n
	}
	p.postings = make([]posting, p.starts[len(count)])
	next := slices.Clone(p.starts)
	for i, d := range p.docs {
		p.postOne(int32(i), ids, next)
		ids = ids[d.countTerms():]
	}
}

// postOne files a document, with the weights of its fields added up. next says where each term's next posting goes.
func (p *part) postOne(doc int32, ids, next []int32) {
	d, from := p.docs[doc], uint32(0)
	for field, end := range d.ends {
		weight := d.weight(field)
		for _, id := range ids[from:end] {
			if at := next[id]; at > p.starts[id] && p.postings[at-1].doc() == doc {
				p.postings[at-1] = p.postings[at-1].plus(weight)
				continue
			}
			p.postings[next[id]] = newPosting(doc, weight)
			next[id]++
		}
		from = end
	}
}

// under gives the documents that have a term.
func (p *part) under(id int32) []posting { return p.postings[p.starts[id]:p.starts[id+1]] }
