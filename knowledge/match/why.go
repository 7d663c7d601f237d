package match

import (
	"fmt"
	"slices"
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
	for i, w := range h.asked.words {
		if fillers[w.now] || slices.Contains(shared, w.now) || !d.has(stemTerm(Stem(w.now))) {
			continue
		}
		shared = append(shared, w.now)
		if was, now := h.asked.read(i); was != now && !slices.Contains(corrected, readAs(was, now)) {
			corrected = append(corrected, readAs(was, now))
		}
	}
	var said []string
	if len(shared) > 0 {
		said = append(said, "shares the words "+strings.Join(shared, ", "))
	}
	said = append(said, corrected...)
	if h.Signals[ByNearest] > 0 {
		said = append(said, fmt.Sprintf("nearest phrasing: %q", d.phrasing(h.phrasing)))
	}
	return strings.Join(said, "; ")
}

func readAs(was, now string) string { return fmt.Sprintf("%q read as %q", was, now) }

// read gives the word as typed that the i-th word comes from, and what it was read as: two words where it was split.
func (a *asked) read(i int) (was, now string) {
	switch {
	case a.words[i].was == "":
		return a.words[i-1].was, a.words[i-1].now + " " + a.words[i].now
	case i+1 < len(a.words) && a.words[i+1].was == "":
		return a.words[i].was, a.words[i].now + " " + a.words[i+1].now
	}
	return a.words[i].was, a.words[i].now
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
