package match

import (
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
	wait.Go(func() {
		p.ids = newDictionary(docs)
		p.post()
	})
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

// post files every document under each of its terms, with the weights of the fields added up that have it.
func (p *part) post() {
	ids := newNumbering(&p.ids)
	next := ids.count(p.docs)
	p.starts = make([]int32, len(next)+1)
	for id, n := range next {
		p.starts[id+1], next[id] = p.starts[id]+n, p.starts[id]
	}
	p.postings = make([]posting, p.starts[len(next)])
	for i, d := range p.docs {
		doc := int32(i)
		ids.again(d, func(field int, id int32) {
			at, weight := next[id], d.weight(field)
			if at > p.starts[id] && p.postings[at-1].doc() == doc {
				p.postings[at-1] = p.postings[at-1].plus(weight)
				return
			}
			p.postings[at] = newPosting(doc, weight)
			next[id]++
		})
	}
}

// frequency is how many documents of the part have a term.
func (p *part) frequency(id int32) int32 { return p.starts[id+1] - p.starts[id] }

// under gives the documents that have a term.
func (p *part) under(id int32) []posting { return p.postings[p.starts[id]:p.starts[id+1]] }
