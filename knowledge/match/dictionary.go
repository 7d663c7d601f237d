package match

// A dictionary gives terms their ids, from 0 on as they come. It is a hash table of ids beside a list of terms, since those
// of a large base are some million: a map takes thrice the memory. The zero value is empty.
type dictionary struct {
	terms []term
	slots []int32 // an id plus one; 0 where there is none. As many as a power of two
}

// fullest is how many in eight slots may be taken.
const fullest = 6

// id finds a term.
func (d *dictionary) id(t term) (id int32, ok bool) {
	if len(d.slots) == 0 {
		return 0, false
	}
	id = d.slots[d.slot(t)] - 1
	return id, id >= 0
}

// add gives a term its id, a new one if it has none.
func (d *dictionary) add(t term) (id int32, added bool) {
	if 8*len(d.terms) >= fullest*len(d.slots) {
		d.grow()
	}
	slot := d.slot(t)
	if taken := d.slots[slot]; taken > 0 {
		return taken - 1, false
	}
	d.terms = append(d.terms, t)
	d.slots[slot] = int32(len(d.terms))
	return int32(len(d.terms)) - 1, true
}

// slot is where a term stands, or would.
func (d *dictionary) slot(t term) int {
	last := term(len(d.slots) - 1)
	at := (t ^ t>>32) & last // the low bits of a hash by itself are the weakest
	for d.slots[at] > 0 && d.terms[d.slots[at]-1] != t {
		at = (at + 1) & last
	}
	return int(at)
}

func (d *dictionary) grow() {
	d.slots = make([]int32, max(16, 2*len(d.slots)))
	for i, t := range d.terms {
		d.slots[d.slot(t)] = int32(i) + 1
	}
}

// trim lets go of what it does not need once all terms are there.
func (d *dictionary) trim() { d.terms = append(make([]term, 0, len(d.terms)), d.terms...) }
