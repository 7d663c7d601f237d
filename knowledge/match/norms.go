package match

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// norms are the lengths of a document's weight vectors: of its letters, and of each phrasing.
type norms struct {
	letters   float32
	phrasings []float32
}

// normsOf works a document's norms out when they are first needed: few documents of a large base are ever looked at
// closely before the next change. Two goroutines may do it at once; both get the same.
func (x *Index) normsOf(slot int, l *letters) *norms {
	if n := x.norms[slot].Load(); n != nil {
		return n
	}
	d := x.docs[slot]
	i := x.at(slot)
	n := &norms{phrasings: make([]float32, d.asked())}
	sum := float32(0)
	l.of(d, func(id uint32, halves uint16) {
		w := damped[halves] * x.gramIDF[id]
		sum += w * w
	})
	n.letters = sqrt(sum)
	words, before, squares := allWords.all(), hash(0), n.phrasings
	add := func(field int, t term) {
		id, _ := x.parts[i].ids.id(t)
		squares[field] += x.idf[i][id] * x.idf[i][id]
	}
	for w := d.walk(); w.next() && w.field < len(squares); {
		if w.concept != 0 {
			add(w.field, w.concept)
			continue
		}
		word := &words[w.word]
		add(w.field, word.term)
		if w.paired {
			add(w.field, pairAfter(before, word.stem))
		}
		before = word.pair
	}
	for j, square := range squares {
		n.phrasings[j] = sqrt(square)
	}
	x.norms[slot].Store(n)
	return n
}

// Warm works out the norms of all documents on all cores, so that no question need do it, until goOn says no. A question that
// comes meanwhile does not wait: on one core it would, for ten milliseconds a time.
func (x *Index) Warm(goOn func() bool) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			letters := newLetters()
			for slot := int(next.Add(1)) - 1; slot < len(x.docs) && goOn(); slot = int(next.Add(1)) - 1 {
				if x.docs[slot] != nil {
					x.normsOf(slot, letters)
				}
				runtime.Gosched()
			}
		})
	}
	wait.Wait()
}
