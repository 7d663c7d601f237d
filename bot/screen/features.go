package screen

import "os"

// This file says what of a message is weighed. Each feature has a name that is also its line in rules/weights.txt:
//
//	not breathing      one to three neighbouring words, or the lists they are in: gave NUMBER DOSE
//	has COLLAPSE       a list or named phrase occurs anywhere
//	rule ...           a rule that leans to a stop holds, by the sentence above it
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

// features calls each with the name of everything the message shows, a thing shown
// twice twice. The name is only valid
// during the call.
func (b *rulebook) features(m *reading, each func(name []byte)) {
	var name []byte
	name = runsOf(m.words, name, each)
	name = runsOf(b.classes(m), name, each)
	for _, l := range b.present {
		if m.contains(l) {
			name = append(append(name[:0], "has "...), b.lexicon.names[l]...)
			each(name)
		}
	}
	if zzNo["rule"] == "" {
		for i := range b.leans {
			r := &b.leans[i]
			if _, _, ok := r.match(m); ok {
				name = append(append(name[:0], "rule "...), r.source...)
				each(name)
			}
		}
	}
	if zzNo["alone"] == "" && !m.containsAny(b.digital) {
		name = append(name[:0], "nothing digital"...)
		each(name)
		for _, l := range b.present {
			if m.contains(l) {
				name = append(append(append(name[:0], "has "...), b.lexicon.names[l]...), ", nothing digital"...)
				each(name)
			}
		}
	}
	if zzNo["char"] != "" {
		return
	}
	for _, w := range m.words {
		name = lettersOf(w, name, each)
	}
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
		for k := 1; k <= zzK && i+k <= len(words); k++ {
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

var zzNo = map[string]string{"char": os.Getenv("NOCHAR"), "rule": os.Getenv("NORULE"), "alone": os.Getenv("NOALONE")}
var zzK = 2 - len(os.Getenv("NOTRI"))
