package match

import "testing"

func TestDictionary(t *testing.T) {
	var d dictionary
	if _, ok := d.id(stemTerm("rota")); ok {
		t.Error("an empty dictionary has a term")
	}
	const n = 5000
	for i := range n {
		// Every other term differs from its neighbour in the highest bit alone.
		given := term(i/2) | term(i%2)<<63
		if id, added := d.add(given); id != int32(i) || !added {
			t.Fatalf("term %d has the id %d, added %v", i, id, added)
		}
	}
	d.trim()
	for i := range n {
		given := term(i/2) | term(i%2)<<63
		if id, added := d.add(given); id != int32(i) || added {
			t.Fatalf("term %d has the id %d the second time, added %v", i, id, added)
		}
		if id, ok := d.id(given); id != int32(i) || !ok {
			t.Fatalf("term %d is found as %d, %v", i, id, ok)
		}
	}
	if _, ok := d.id(n); ok {
		t.Error("a term is there that was never added")
	}
}
