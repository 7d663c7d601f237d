package screen

// span is a meaning that begins at some word and covers size words.
type span struct {
	of   meaning
	size int
}

// reading is one message as the rules see it.
type reading struct {
	words []string
	at    [][]span // meanings by the word they begin at
	has   []uint64 // which meanings occur anywhere, as bits
}

// read finds the meanings of every word and phrase in text.
func (l *lexicon) read(text string) *reading {
	words := l.normalise(text)
	r := &reading{words: words, at: make([][]span, len(words)), has: make([]uint64, len(l.names)/64+1)}
	spelt := make([]string, len(words))
	number := l.ids["NUMBER"]
	for i, w := range words {
		if onlyDigits(w) {
			spelt[i] = w
			l.mark(r, i, number, 1)
		}
		var meanings []meaning
		meanings, spelt[i] = l.of(w)
		for _, m := range meanings {
			l.mark(r, i, m, 1)
		}
		for _, form := range distinct(w, spelt[i]) {
			if id, ok := l.ids[form]; ok {
				l.mark(r, i, id, 1)
			}
		}
	}
	for i, w := range spelt {
		l.markPhrases(r, spelt, i, w)
	}
	if len(words) > 0 {
		l.mark(r, 0, l.ids["START"], 0)
	}
	if len(words) == 1 {
		l.mark(r, 0, l.ids["ALONE"], 1)
	}
	if len(words) <= shortMessage && len(words) > 0 {
		l.mark(r, 0, l.ids["SHORT"], 1)
	}
	if len(words) <= fewOnly && len(words) > 0 {
		l.mark(r, 0, l.ids["FEW"], 1)
	}
	return r
}

// shortMessage is the most words the pseudo-concept SHORT allows.
const shortMessage = 8

// fewOnly is the most words the pseudo-concept FEW allows.
const fewOnly = 4

func distinct(a, b string) []string {
	if a == b {
		return []string{a}
	}
	return []string{a, b}
}

func (l *lexicon) markPhrases(r *reading, spelt []string, i int, first string) {
	for _, p := range l.phrases[first] {
		if len(p.rest) >= len(spelt)-i {
			continue
		}
		same := true
		for k, w := range p.rest {
			if spelt[i+1+k] != w && r.words[i+1+k] != w {
				same = false
				break
			}
		}
		if same {
			l.mark(r, i, p.of, len(p.rest)+1)
		}
	}
}

// mark adds a meaning and the concepts that contain it.
func (l *lexicon) mark(r *reading, i int, m meaning, size int) {
	r.put(i, span{m, size})
	for _, parent := range l.parents[m] {
		r.put(i, span{parent, size})
	}
}

func (r *reading) put(i int, s span) {
	for _, old := range r.at[i] {
		if old == s {
			return
		}
	}
	r.at[i] = append(r.at[i], s)
	r.has[s.of/64] |= 1 << (s.of % 64)
}

func (r *reading) contains(m meaning) bool { return r.has[m/64]&(1<<(m%64)) != 0 }

func (r *reading) containsAny(any []meaning) bool {
	for _, m := range any {
		if r.contains(m) {
			return true
		}
	}
	return false
}

// calm takes the force from the strong words between from and to: they keep only meanings that are not strong.
func (r *reading) calm(l *lexicon, from, to int) {
	for i := range r.at {
		kept := r.at[i][:0]
		forceful := false
		for _, s := range r.at[i] {
			forceful = forceful || (l.strong[s.of] && i < to && i+s.size > from)
		}
		for _, s := range r.at[i] {
			inside := i < to && i+s.size > from
			literal := !isConcept(l.names[s.of])
			if !inside || !(l.strong[s.of] || (forceful && literal)) {
				kept = append(kept, s)
			}
		}
		r.at[i] = kept
	}
	clear(r.has)
	for _, spans := range r.at {
		for _, s := range spans {
			r.has[s.of/64] |= 1 << (s.of % 64)
		}
	}
}
