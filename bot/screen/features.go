package screen

// This file says what of a message is weighed. Each feature has a name that is also its line in rules/weights.txt:
//
//	not breathing      one to three neighbouring words, or the lists they are in: gave NUMBER DOSE
//	has COLLAPSE       a list or named phrase occurs anywhere; "nothing digital" if no device, system, form or course does
//	rule ...           a rule holds; "any rule urgent" for any of its kind
//	~eath              four letters in a row, which survive typing slips; _ is a word's edge

// shown are the lists that stand for their words in neighbouring words, the most telling first.
var shown = []string{"COLLAPSE", "CATASTROPHE", "SELFHARM", "HOMEHARM", "EXPOSURE", "MEDERROR", "ABUSE", "WHISTLE", "BULLY",
	"VIOLENCE", "FIRE", "DRUG", "DOSE", "RESULT", "CONDITION", "PROCEDURE", "SYMPTOM", "SYSTEM", "SOFTWARE", "DEVICE",
	"TRAINING", "DOCUMENT", "BODY", "CARED", "PATIENT", "COLLEAGUE", "FAMILY", "STRANGER", "THIRD", "COPE", "NUMBER"}

// present are the lists and named phrases weighed wherever they occur.
var present = append([]string{"LIVE", "TASK", "COMPLAINT", "SAFEASK", "CLIN", "CAREACT", "DIGITAL", "HOWTO", "ASK", "WHERE",
	"RECORD", "NOW", "PAST", "NEGATED", "SELF", "GAVE", "WRONG", "PLACE", "HOMEABUSE", "BROKEN"}, shown...)

// letters is how many letters in a row make a feature.
const letters = 4

// features calls each with the name of everything the message shows, a thing shown twice twice. The name is only valid
// during the call.
func (b *rulebook) features(m *reading, each func(name []byte)) {
	name := runsOf(m.words, nil, each)
	name = runsOf(b.classes(m), name, each)
	name = b.presentIn(m, name, each)
	name = b.leaning(m, name, each)
	for _, w := range m.words {
		name = lettersOf(w, name, each)
	}
}

// presentIn names the lists and phrases that occur, and again if nothing digital stands beside them.
func (b *rulebook) presentIn(m *reading, name []byte, each func([]byte)) []byte {
	digital := m.containsAny(b.digital)
	if !digital {
		name = append(name[:0], "nothing digital"...)
		each(name)
	}
	for _, l := range b.present {
		if !m.contains(l) {
			continue
		}
		name = append(append(name[:0], "has "...), b.lexicon.names[l]...)
		each(name)
		if !digital {
			name = append(name, ", nothing digital"...)
			each(name)
		}
	}
	return name
}

// leaning names the rules that hold, and the reasons they give.
func (b *rulebook) leaning(m *reading, name []byte, each func([]byte)) []byte {
	var given [len(kinds)]bool
	for _, list := range [][]rule{b.stops, b.leans} {
		for i := range list {
			r := &list[i]
			if _, _, ok := r.match(m); ok {
				name = append(append(name[:0], "rule "...), r.source...)
				each(name)
				k, _ := kindCalled(string(r.reason))
				given[k] = true
			}
		}
	}
	for k, yes := range given {
		if yes {
			name = append(append(name[:0], "any rule "...), kinds[k]...)
			each(name)
		}
	}
	return name
}

// runsOf gives the runs of one to three words; ^ and $ are the message's beginning and end.
func runsOf(words []string, name []byte, each func([]byte)) []byte {
	at := func(i int) string {
		switch {
		case i < 0:
			return "^"
		case i >= len(words):
			return "$"
		}
		return words[i]
	}
	for i := -1; i < len(words); i++ {
		name = append(name[:0], singular(at(i))...)
		if i >= 0 {
			each(name)
		}
		for k := 1; k <= 2 && i+k <= len(words); k++ {
			name = append(append(name, ' '), singular(at(i+k))...)
			each(name)
		}
	}
	return name
}

// classes gives the message with words that are in a list replaced by the list's name.
func (b *rulebook) classes(m *reading) []string {
	out := make([]string, 0, len(m.words))
	for i := 0; i < len(m.words); {
		class, size := m.words[i], 1
		best := len(shown)
		for _, s := range m.at[i] {
			if rank, ok := b.rank[s.of]; ok && s.size > 0 && rank < best {
				best, class, size = rank, b.lexicon.names[s.of], s.size
			}
		}
		out = append(out, class)
		i += size
	}
	return out
}

// lettersOf gives each row of letters in a word of at least four.
func lettersOf(word string, name []byte, each func([]byte)) []byte {
	if len(word) < letters {
		return name
	}
	name = append(append(append(name[:0], "~_"...), word...), '_')
	text := string(name[1:])
	for i := 0; i+letters <= len(text); i++ {
		name = append(append(name[:0], '~'), text[i:i+letters]...)
		each(name)
	}
	return name
}
