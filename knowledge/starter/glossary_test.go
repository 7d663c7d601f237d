package starter_test

import (
	"slices"
	"strings"
	"testing"

	"signpost/knowledge"
)

func TestGlossaryNamesAreUnique(t *testing.T) {
	owner := map[string]string{}
	for _, term := range pack(t).Terms {
		if term.Name == "" || term.Means == "" || !slices.Contains([]knowledge.TermKind{knowledge.SystemTerm, knowledge.AcronymTerm, knowledge.WordTerm}, term.Kind) {
			t.Errorf("%q: a word needs a name, a kind and what it means", term.Name)
		}
		for _, name := range slices.Concat([]string{term.Name}, term.Also, term.Was, term.Typed) {
			key := plain(name)
			if other, ok := owner[key]; ok && other != term.Name {
				t.Errorf("%q stands under %s and under %s", name, other, term.Name)
			}
			if key == "" {
				t.Errorf("%s: the name %q has no words", term.Name, name)
			}
			owner[key] = term.Name
		}
	}
}

func TestGlossaryIsSorted(t *testing.T) {
	terms := pack(t).Terms
	for i := 1; i < len(terms); i++ {
		if strings.ToLower(terms[i-1].Name) > strings.ToLower(terms[i].Name) {
			t.Errorf("%s stands before %s", terms[i-1].Name, terms[i].Name)
		}
	}
}

func TestGlossaryEitherLeadsToEntries(t *testing.T) {
	p := pack(t)
	slugs, _, _ := known(p)
	for _, term := range p.Terms {
		if len(term.Either) == 1 {
			t.Errorf("%s: either needs two entries or more", term.Name)
		}
		for _, slug := range term.Either {
			if !slugs[slug] {
				t.Errorf("%s: no such entry: %s", term.Name, slug)
			}
		}
	}
}

func TestSystemsAreInTheGlossary(t *testing.T) {
	p := pack(t)
	names := map[string]bool{}
	for _, term := range p.Terms {
		for _, name := range slices.Concat([]string{term.Name, term.Full}, term.Also, term.Was) {
			names[plain(name)] = true
		}
	}
	missing := map[string][]string{}
	for _, e := range p.Entries {
		for _, system := range e.Systems {
			if !names[plain(system)] {
				missing[system] = append(missing[system], e.Slug)
			}
		}
	}
	for system, slugs := range missing {
		t.Errorf("the glossary does not know the system %q of %v", system, slugs)
	}
}
