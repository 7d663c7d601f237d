package match

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// norms are the lengths of a document's vectors: of its letters, and of each phrasing.
type norms struct {
	letters   float32
	phrasings []float32
}

// A gauge is working memory for norms.
type gauge struct {
	letters *letters
	ids     []*numbering // by part
}

func (x *Index) newGauge() *gauge {
	g := &gauge{letters: newLetters()}
	for _, p := range x.parts {
		g.ids = append(g.ids, newNumbering(&p.ids))
	}
	return g
}

// normsOf works a document's norms out when they are first needed: few documents of a large base are ever looked at
// closely before the next change. Two goroutines may do it at once; both get the same.
func (x *Index) normsOf(slot int, g *gauge) *norms {
	if n := x.norms[slot].Load(); n != nil {
		return n
	}
	d := x.docs[slot]
	n := &norms{phrasings: make([]float32, d.asked())}
	sum := float32(0)
	g.letters.of(d, func(id uint32, halves uint16) {
		w := damped[halves] * x.gramIDF[id]
		sum += w * w
	})
	n.letters = sqrt(sum)
	i, squares := x.at(slot), n.phrasings
	g.ids[i].each(d, func(field int, id int32) {
		if field < len(squares) {
			squares[field] += x.idf[i][id] * x.idf[i][id]
		}
	})
	for j, square := range squares {
		n.phrasings[j] = sqrt(square)
	}
	x.norms[slot].Store(n)
	return n
}

// Warm works out the norms of all documents on some cores, so that no question need do it, until goOn says no. A question that
// comes meanwhile does not wait: on one core it would, for ten milliseconds a time.
func (x *Index) Warm(cores int, goOn func() bool) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range cores {
		wait.Go(func() {
			gauge := x.newGauge()
			for slot := int(next.Add(1)) - 1; slot < len(x.docs) && goOn(); slot = int(next.Add(1)) - 1 {
				if x.docs[slot] != nil {
					x.normsOf(slot, gauge)
					if !x.means {
						x.gistsOf(slot)
					}
				}
				runtime.Gosched()
			}
		})
	}
	wait.Wait()
}
