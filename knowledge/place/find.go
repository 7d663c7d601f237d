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

// Near lists up to n places whose names resemble what was typed, best first, for type-ahead and "did you mean".
func (t *Tree) Near(typed string, n int) []Place {
	names := make([]string, len(t.order))
	for i, id := range t.order {
		names[i] = t.places[id].Name
	}
	found := fuzzy.Find(strings.TrimSpace(typed), names)
	slices.SortStableFunc(found, func(a, b fuzzy.Match) int { return cmp.Compare(b.Score, a.Score) })
	var places []Place
	for _, f := range found[:min(n, len(found))] {
		places = append(places, t.places[t.order[f.Index]])
	}
	return places
}
