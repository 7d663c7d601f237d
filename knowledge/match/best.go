package match

// best keeps the n worthiest of the documents it is offered, worthiest first; of equals those whose id comes first.
type best struct {
	n      int
	accept func(id string) bool // asked of documents that would be kept, and only of those; nil for all
	kept   []candidate
}

type candidate struct {
	slot  int32
	worth float32
	id    string
}

// takes tells whether a document of this worth may still be kept. Most may not, and need not be looked at.
func (b *best) takes(worth float32) bool {
	return len(b.kept) < b.n || worth >= b.kept[b.n-1].worth
}

// offer keeps a document that takes lets through, unless it is gone or better ones are there.
func (b *best) offer(slot int32, worth float32, d *Document) {
	if d == nil {
		return
	}
	c, last := candidate{slot, worth, d.doc.ID}, len(b.kept)-1
	if last == b.n-1 && !c.before(b.kept[last]) || b.accept != nil && !b.accept(c.id) {
		return
	}
	if last < b.n-1 {
		b.kept = append(b.kept, c)
		last++
	}
	for ; last > 0 && c.before(b.kept[last-1]); last-- {
		b.kept[last] = b.kept[last-1]
	}
	b.kept[last] = c
}

func (c candidate) before(d candidate) bool {
	return c.worth > d.worth || c.worth == d.worth && c.id < d.id
}
