package screen

import (
	"fmt"
	"slices"
	"strings"
)

// meaning is one thing a word can stand for: a concept of a lexicon such as DRUG, or the word itself where a rule names it.
type meaning int32

// phrase is a lexicon entry of several words; the first is its key in lexicon.phrases.
type phrase struct {
	rest []string
	of   meaning
}

// lexicon maps words to meanings. It is read-only once loaded.
type lexicon struct {
	ids       map[string]meaning
	names     []string
	words     map[string][]meaning
	prefixes  map[string][]meaning // collaps* in the files
	suffixes  map[string][]meaning // *cillin
	phrases   map[string][]phrase
	parents   map[meaning][]meaning // a concept listed inside another
	strong    map[meaning]bool      // loses its force in an ordinary phrase
	spellings map[string][]string   // ur -> your
	noise     map[string]bool       // words skipped altogether
	spell     *speller
}

func newLexicon() *lexicon {
	return &lexicon{
		ids: map[string]meaning{}, words: map[string][]meaning{}, prefixes: map[string][]meaning{},
		suffixes: map[string][]meaning{}, phrases: map[string][]phrase{}, parents: map[meaning][]meaning{},
		strong: map[meaning]bool{}, spellings: map[string][]string{}, noise: map[string]bool{}, spell: newSpeller(),
	}
}

// id returns the meaning called name, making it on first use.
func (l *lexicon) id(name string) meaning {
	if id, ok := l.ids[name]; ok {
		return id
	}
	id := meaning(len(l.names))
	l.ids[name] = id
	l.names = append(l.names, name)
	return id
}

// isConcept tells concept names (DRUG, BODY_PART) from ordinary words.
func isConcept(name string) bool { return name != "" && name[0] >= 'A' && name[0] <= 'Z' }

// load reads one lexicon file: "[CONCEPT] what it is" then entries parted by commas. In a strong file the concepts are
// those that an ordinary phrase can take the force from.
func (l *lexicon) load(text string, strong bool) error {
	var current meaning = -1
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "["), "]"); ok && line[0] == '[' {
			current = l.id(name)
			l.strong[current] = strong
			continue
		}
		if current < 0 {
			return fmt.Errorf("line %d: entry before any [CONCEPT]", n+1)
		}
		for _, entry := range strings.Split(line, ",") {
			for _, spelt := range expand(strings.TrimSpace(entry)) {
				l.add(current, spelt)
			}
		}
	}
	return nil
}

// expand turns collaps(e|ed|ing) into collapse, collapsed, collapsing.
func expand(entry string) []string {
	open := strings.IndexByte(entry, '(')
	shut := strings.IndexByte(entry, ')')
	if open < 0 || shut < open {
		return []string{entry}
	}
	var out []string
	for _, end := range strings.Split(entry[open+1:shut], "|") {
		out = append(out, expand(entry[:open]+end+entry[shut+1:])...)
	}
	return out
}

func (l *lexicon) add(of meaning, entry string) {
	switch {
	case entry == "":
	case isConcept(entry):
		inner := l.id(entry)
		l.parents[inner] = append(l.parents[inner], of)
	case strings.HasSuffix(entry, "*"):
		stem := strings.TrimSuffix(entry, "*")
		l.prefixes[stem] = append(l.prefixes[stem], of)
	case strings.HasPrefix(entry, "*"):
		stem := strings.TrimPrefix(entry, "*")
		l.suffixes[stem] = append(l.suffixes[stem], of)
	default:
		l.addWords(of, l.normalise(entry))
	}
}

func (l *lexicon) addWords(of meaning, words []string) {
	for _, w := range words {
		l.spell.add(w)
	}
	switch len(words) {
	case 0:
	case 1:
		l.words[words[0]] = append(l.words[words[0]], of)
	default:
		l.phrases[words[0]] = append(l.phrases[words[0]], phrase{words[1:], of})
	}
}

// normalise gives the words of a message or a lexicon entry in the form the lexicon is keyed by: chat and American
// spellings replaced, articles and mere emphasis left out.
func (l *lexicon) normalise(text string) []string {
	raw := splitWords(text)
	out := make([]string, 0, len(raw))
	for _, w := range raw {
		if l.noise[w] {
			continue
		}
		if full, ok := l.spellings[w]; ok {
			out = append(out, full...)
			continue
		}
		out = append(out, w)
	}
	return out
}

// loadSpellings reads lines "u, yu = you"; "= " with nothing behind it makes the words noise.
func (l *lexicon) loadSpellings(text string) error {
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		from, to, ok := strings.Cut(line, "=")
		if !ok {
			return fmt.Errorf("line %d: want words = meaning", n+1)
		}
		for _, w := range strings.Split(from, ",") {
			w = strings.TrimSpace(w)
			if full := strings.Fields(to); len(full) > 0 {
				l.spellings[w] = full
				l.spell.words[w] = true
			} else {
				l.noise[w] = true
			}
		}
	}
	return nil
}

// close makes parents transitive. Call it once, after every file is loaded.
func (l *lexicon) close() {
	for id := range l.parents {
		seen := map[meaning]bool{id: true}
		todo := l.parents[id]
		var all []meaning
		for len(todo) > 0 {
			next := todo[0]
			todo = todo[1:]
			if seen[next] {
				continue
			}
			seen[next] = true
			all = append(all, next)
			todo = append(todo, l.parents[next]...)
		}
		l.parents[id] = all
	}
}

// of returns what one word stands for, without its literal self: exact, else singular, else by stem, else by typing slip.
func (l *lexicon) of(word string) (meanings []meaning, spelt string) {
	forms := [2]string{word, singular(word)}
	for _, form := range forms {
		if m, ok := l.words[form]; ok {
			return append(l.byStem(word), m...), form
		}
	}
	if m := l.byStem(word); m != nil {
		return m, word
	}
	for _, form := range forms {
		if _, ok := l.phrases[form]; ok || l.spell.words[form] {
			return nil, form
		}
	}
	if _, named := l.ids[word]; named {
		return nil, word
	}
	if meant := l.spell.meant(word); meant != "" {
		return l.words[meant], meant
	}
	return nil, word
}

func (l *lexicon) byStem(word string) []meaning {
	for n := len(word); n >= 4; n-- {
		if m, ok := l.prefixes[word[:n]]; ok {
			return slices.Clip(m)
		}
	}
	for n := 1; n <= len(word)-3; n++ {
		if m, ok := l.suffixes[word[n:]]; ok {
			return slices.Clip(m)
		}
	}
	return nil
}

func singular(word string) string {
	if len(word) > 3 && word[len(word)-1] == 's' && word[len(word)-2] != 's' {
		return word[:len(word)-1]
	}
	return word
}
