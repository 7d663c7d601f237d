package match

import (
	"maps"
	"slices"
	"strings"
)

// A Glossary knows which words mean the same thing: systems with their old and new names, acronyms, the way people
// misspell them. It is immutable once made and safe for concurrent use.
type Glossary struct {
	names   map[string][]string // spelled-out name, words joined by one space -> concepts
	longest map[string]int      // first word of a name -> words in the longest that starts so
}

// NewGlossary makes a glossary from concepts and the names people give them. A name that belongs to two concepts counts
// for both.
func NewGlossary(names map[string][]string) *Glossary {
	g := &Glossary{names: map[string][]string{}, longest: map[string]int{}}
	for _, concept := range slices.Sorted(maps.Keys(names)) { // in order: sums must not depend on a map's whim
		for _, name := range names[concept] {
			words := Words(name)
			if len(words) == 0 {
				continue
			}
			key := strings.Join(words, " ")
			if !slices.Contains(g.names[key], concept) { // "ers" and "e-rs" are one name
				g.names[key] = append(g.names[key], concept)
			}
			g.longest[words[0]] = max(g.longest[words[0]], len(words))
		}
	}
	return g
}

// Concepts finds the concepts that words name, longest name first; no word is used twice.
func (g *Glossary) Concepts(words []string) []string {
	if g == nil {
		return nil
	}
	var found []string
	for i := 0; i < len(words); {
		concepts, used := g.at(words[i:])
		found = append(found, concepts...)
		i += max(used, 1)
	}
	return found
}

func (g *Glossary) at(words []string) (concepts []string, used int) {
	for n := min(g.longest[words[0]], len(words)); n > 0; n-- {
		if concepts, ok := g.names[strings.Join(words[:n], " ")]; ok {
			return concepts, n
		}
	}
	return nil, 0
}

// Knows reports whether a single word is a name of the glossary.
func (g *Glossary) Knows(word string) bool {
	if g == nil {
		return false
	}
	_, ok := g.names[word]
	return ok
}
