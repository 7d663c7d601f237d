package place

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"
)

// Find gives the one place that a person means by an id, an ODS code, or a name or the start of one. It returns
// ErrNotFound, or ErrAmbiguous where several fit equally; Near lists what to offer then.
func (t *Tree) Find(said string) (Place, error) {
	said = strings.Join(strings.Fields(strings.ToLower(said)), " ")
	if plainName(said) == "" {
		return Place{}, ErrNotFound
	}
	for _, fits := range []func(Place) bool{
		func(p Place) bool { return p.ID == said || strings.ToLower(p.ODS) == said },
		func(p Place) bool { return strings.ToLower(p.Name) == said },
		func(p Place) bool { return plainName(p.Name) == plainName(said) },
		func(p Place) bool { return strings.HasPrefix(plainName(p.Name), plainName(said)) },
	} {
		if found := t.all(fits); len(found) == 1 {
			return found[0], nil
		} else if len(found) > 1 {
			return Place{}, fmt.Errorf("%w: %q", ErrAmbiguous, said)
		}
	}
	return Place{}, fmt.Errorf("%w: %q", ErrNotFound, said)
}

func (t *Tree) all(fits func(Place) bool) []Place {
	var found []Place
	for _, id := range t.order {
		if p := t.places[id]; fits(p) {
			found = append(found, p)
		}
	}
	return found
}

// plainName leaves out what people leave out: case, apostrophes, "the", "NHS", "trust" and the like.
func plainName(name string) string {
	name = strings.NewReplacer("'", "", "’", "", ".", "", ",", "", "&", "and", "-", " ").Replace(strings.ToLower(name))
	words := strings.Fields(name)
	kept := slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		return slices.Contains([]string{"the", "nhs", "trust", "foundation", "ft", "ltd", "limited"}, w)
	})
	if len(kept) == 0 {
		kept = words
	}
	return strings.Join(kept, " ")
}

// Near lists up to n places whose names resemble what was typed, best first, for type-ahead and "did you mean". Where no
// name holds the letters in their order, those that may be misspelt are listed.
func (t *Tree) Near(typed string, n int) []Place {
	names := make([]string, len(t.order))
	for i, id := range t.order {
		names[i] = t.places[id].Name
	}
	found := fuzzy.Find(strings.TrimSpace(typed), names)
	if len(found) == 0 {
		return t.Misspelt(typed, n)
	}
	slices.SortStableFunc(found, func(a, b fuzzy.Match) int { return cmp.Compare(b.Score, a.Score) })
	var places []Place
	for _, f := range found[:min(n, len(found))] {
		places = append(places, t.places[t.order[f.Index]])
	}
	return places
}

// Misspelt lists up to n places whose names, or the words they begin with, are what was typed but for a slip in every four
// letters: one missing, added, changed, or two swapped. The nearest come first.
func (t *Tree) Misspelt(typed string, n int) []Place {
	if typed = plainName(typed); typed == "" {
		return nil
	}
	slips := map[string]int{}
	found := t.all(func(p Place) bool {
		slips[p.ID] = edits([]rune(typed), []rune(firstWords(plainName(p.Name), len(strings.Fields(typed)))))
		return slips[p.ID] <= len([]rune(typed))/4
	})
	slices.SortStableFunc(found, func(a, b Place) int { return cmp.Compare(slips[a.ID], slips[b.ID]) })
	return found[:min(n, len(found))]
}

func firstWords(name string, n int) string {
	words := strings.Fields(name)
	return strings.Join(words[:min(n, len(words))], " ")
}

// edits counts the slips between two names (Damerau-Levenshtein, with each letter in one slip only).
func edits(a, b []rune) int {
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			changed := last[j]
			if a[i] != b[j] {
				changed++
			}
			row[j+1] = min(changed, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
