package match

import (
	"signpost/knowledge/encoder"
	"signpost/knowledge/wordvec"
)

// This file compares texts by their gist: the sum of the vectors of their words. It says roughly what a text is about, and is
// to be had where there is no encoder, for which it stands in.

// vectorOf gives the number of a word's vector: its own, or its stem's.
func vectorOf(word, stem string) int32 {
	if n := wordvec.Number(word); n != wordvec.None {
		return n
	}
	return wordvec.Number(stem)
}

// gistOf is that of a question, as a unit vector.
func gistOf(words []typed) encoder.Rounded {
	gist, one := make([]float32, wordvec.Width), make([]float32, wordvec.Width)
	for _, w := range words {
		clear(one)
		addWord(one, vectorOf(w.now, Stem(w.now)))
		for i, x := range one {
			gist[i] += w.share * x
		}
	}
	return encoder.Round(toUnit(gist))
}

func addWord(gist []float32, number int32) {
	if number != wordvec.None {
		wordvec.Row(number).Add(gist, 0)
	}
}

// inGist is what a word of a document adds to its likeness to a question.
func (a *asked) inGist(word *lexeme) float32 {
	if word.vector == wordvec.None {
		return 0
	}
	var dot [1]float32
	wordvec.Row(word.vector).Products(dot[:], a.gist)
	return dot[0]
}

// eachGist calls use with the gist of each way to ask for a document, which is only good until use returns.
func (d *Document) eachGist(use func(field int, gist []float32)) {
	words, gist := allWords.all(), make([]float32, wordvec.Width)
	w := d.walk()
	more := w.next()
	for field := range d.asked() {
		for ; more && w.field == field; more = w.next() {
			if w.concept == 0 {
				addWord(gist, words[w.word].vector)
			}
		}
		use(field, gist)
		clear(gist)
	}
}

// gists are the lengths of the gists of a document.
type gists struct {
	phrasings []float32
	all       float32 // of the sum of them as unit vectors
}

// gistsOf works them out when they are first needed: with an encoder they never are. Two goroutines may do it at once; both
// get the same.
func (x *Index) gistsOf(slot int) *gists {
	if g := x.gists[slot].Load(); g != nil {
		return g
	}
	d, sum := x.docs[slot], make([]float32, wordvec.Width)
	g := &gists{phrasings: make([]float32, d.asked())}
	d.eachGist(func(field int, gist []float32) {
		g.phrasings[field] = sqrt(dotProduct(gist, gist))
		for i, x := range gist {
			sum[i] += x / (g.phrasings[field] + tiny)
		}
	})
	g.all = sqrt(dotProduct(sum, sum))
	x.gists[slot].Store(g)
	return g
}

// lookAtGists fills in the signals of the gist and the likeness of each way to ask, after lookClosely.
func (x *Index) lookAtGists(hits []Hit, s *scratch) {
	s.gists = sized(s.gists, len(s.said))
	for i := range hits {
		h := &hits[i]
		d, lengths := x.docs[h.doc], x.gistsOf(h.doc)
		likeness := s.gists[h.said:][:d.asked()]
		clear(likeness)
		for w := d.walk(); w.next() && w.field < len(likeness); {
			if w.concept == 0 {
				likeness[w.field] += s.shared.words[w.word].gist
			}
		}
		all := float32(0)
		for j := range likeness {
			likeness[j] /= lengths.phrasings[j] + tiny
			all += likeness[j]
			h.Signals[ByGist] = max(h.Signals[ByGist], likeness[j])
		}
		h.Signals[ByCommonGist] = max(0, all/(lengths.all+tiny))
	}
}

// packGists packs the gists of the texts that are told apart; those of a document follow each other.
func (r *apart) packGists() (width int) {
	const size = encoder.RowHead + wordvec.Width
	r.packed = sized(r.packed, len(r.texts)*size)
	for from := 0; from < len(r.texts); {
		to := r.wantFrom(from)
		r.texts[from].doc.eachGist(func(field int, gist []float32) {
			if at := r.wanted[field]; at > 0 {
				encoder.AppendRow(r.packed[(at-1)*size:][:0], toUnit(gist))
			}
		})
		from = to
	}
	return wordvec.Width
}
