package match

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
	i, doc := x.at(slot)
	n := &norms{phrasings: make([]float32, d.asked())}
	sum := float32(0)
	l.of(d, func(id uint32, halves uint16) {
		w := damped[halves] * x.gramIDF[id]
		sum += w * w
	})
	n.letters = sqrt(sum)
	ids, from := x.parts[i].askedOf(doc), uint32(0)
	for j := range n.phrasings {
		sum := float32(0)
		for _, id := range ids[from:d.ends[j]] {
			sum += x.idf[i][id] * x.idf[i][id]
		}
		n.phrasings[j], from = sqrt(sum), d.ends[j]
	}
	x.norms[slot].Store(n)
	return n
}
