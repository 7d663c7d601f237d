package match

import (
	"fmt"
	"strings"
)

// Why says in words what carried a hit: the words it shares with the question, what was corrected, and the phrasing
// nearest to it.
func (h Hit) Why() string {
	if h.index == nil {
		return ""
	}
	d := h.index.docs[h.doc]
	var shared, corrected []string
	for _, w := range h.asked.words {
		if fillers[w.now] || !d.has(stemTerm(Stem(w.now))) {
			continue
		}
		shared = append(shared, w.now)
		if w.was != "" && w.was != w.now {
			corrected = append(corrected, fmt.Sprintf("%q read as %q", w.was, w.now))
		}
	}
	var said []string
	if len(shared) > 0 {
		said = append(said, "shares the words "+strings.Join(shared, ", "))
	}
	said = append(said, corrected...)
	if h.Nearest > 0 {
		said = append(said, fmt.Sprintf("nearest phrasing: %q", d.phrasing(h.phrasing)))
	}
	return strings.Join(said, "; ")
}

func (d *Document) has(t term) bool {
	for _, c := range d.terms {
		if c.term == t {
			return true
		}
	}
	return false
}

// phrasing gives the i-th phrasing; the title counts as the first.
func (d *Document) phrasing(i int) string {
	if d.doc.Title != "" {
		if i == 0 {
			return d.doc.Title
		}
		i--
	}
	return d.doc.Phrasings[i]
}
