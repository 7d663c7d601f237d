package match

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Why says in words what carried a hit: the signals, the words it shares with the question, what was corrected, and the
// phrasing nearest to it by words and, where that is another, by meaning.
func (h Hit) Why() string {
	if h.index == nil {
		return ""
	}
	var said []string
	if carried := h.carriedBy(); carried != "" {
		said = append(said, "carried by "+carried)
	}
	shared, corrected := h.shared()
	if len(shared) > 0 {
		said = append(said, "shares the words "+strings.Join(shared, ", "))
	}
	said = append(said, corrected...)
	d := h.index.docs[h.doc]
	byWords := h.Signals[ByNearest] > 0
	if byWords {
		said = append(said, fmt.Sprintf("nearest phrasing: %q", d.phrasing(h.phrasing)))
	}
	if h.Signals[ByLikest] > 0 && !(byWords && h.likest == h.phrasing) {
		said = append(said, fmt.Sprintf("nearest in meaning: %q", d.phrasing(h.likest)))
	}
	return strings.Join(said, "; ")
}

// carriers puts the signals into groups that a curator knows; for ByApart see apartAs.
var carriers = []struct {
	name    string
	signals []int
}{
	{"words", []int{ByWords, ByLetters}},
	{"nearest phrasing", []int{ByNearest}},
	{"similar words", []int{ByGist, ByCommonGist}},
	{"meaning", []int{ByLikest, ByCentral, ByTypical}},
}

// carriedBy names the groups of signals with their share of the score, largest first: "meaning (60 %), words (40 %)".
func (h Hit) carriedBy() string {
	model := h.model()
	type carrier struct {
		name  string
		share float64
	}
	var found []carrier
	all := 0.0
	for _, c := range carriers {
		share := 0.0
		signals := c.signals
		if c.name == h.apartAs() {
			signals = append(slices.Clone(signals), ByApart)
		}
		for _, signal := range signals {
			share += model.Rank[signal] * float64(h.Signals[signal])
		}
		found = append(found, carrier{c.name, share})
		all += share
	}
	slices.SortStableFunc(found, func(a, b carrier) int { return cmp.Compare(b.share, a.share) })
	var said []string
	for _, c := range found {
		if percent := 100 * c.share / all; percent >= 0.5 { // of nothing at all, no comparison holds
			said = append(said, fmt.Sprintf("%s (%.0f %%)", c.name, percent))
		}
	}
	return strings.Join(said, ", ")
}

// model is the one that the hit was scored with: without a vector of the question no signal of meaning is there.
func (h Hit) model() *Model {
	if h.hasMeaning() {
		return &h.index.weights.Meaning
	}
	return &h.index.weights.Words
}

func (h Hit) hasMeaning() bool {
	return h.Signals[ByLikest] > 0 || h.Signals[ByCentral] > 0 || h.Signals[ByTypical] > 0
}

// apartAs names the group that ByApart counts to: it is mostly made of meaning, or else of gist.
func (h Hit) apartAs() string {
	if h.hasMeaning() {
		return "meaning"
	}
	return "similar words"
}

// shared lists the words that the hit shares with the question, and which of them were read as others than were typed.
func (h Hit) shared() (words, corrected []string) {
	has := h.index.docs[h.doc].has(h.asked.stems)
	for i, w := range h.asked.words {
		if fillers[w.now] || slices.Contains(words, w.now) || !has[i] {
			continue
		}
		words = append(words, w.now)
		if was, now := h.asked.read(i); was != now && !slices.Contains(corrected, readAs(was, now)) {
			corrected = append(corrected, readAs(was, now))
		}
	}
	return words, corrected
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
