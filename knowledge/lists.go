package knowledge

import (
	"cmp"
	"slices"

	"github.com/sahilm/fuzzy"

	"signpost/knowledge/match"
)

// ForRole lists the entries written for a role in particular: those for fewest roles first, since they are then meant
// for this one, and beginners' entries before others.
func (s *Snapshot) ForRole(role Role, home string) []*Entry {
	var found []*Entry
	for _, e := range s.Entries(home) {
		if slices.Contains(e.Audience, role) {
			found = append(found, e)
		}
	}
	slices.SortStableFunc(found, func(a, b *Entry) int {
		return cmp.Or(cmp.Compare(len(a.Audience), len(b.Audience)), cmp.Compare(levelRank(a.Level), levelRank(b.Level)))
	})
	return found
}

func levelRank(level Level) int { return slices.Index([]Level{Start, Confident, HelpOthers}, level) }

// Solved lists the entries of the kind SolvedHere, those nearest to a question first; without one, by title.
func (s *Snapshot) Solved(question, home string) []*Entry {
	var found []*Entry
	for _, e := range s.Entries(home) {
		if e.Kind == SolvedHere {
			found = append(found, e)
		}
	}
	if question == "" {
		return found
	}
	rank := map[string]int{}
	for i, m := range s.Match(Question{Text: question, Home: home}, len(s.byID)) {
		rank[m.Slug()] = -len(s.byID) + i
	}
	slices.SortStableFunc(found, func(a, b *Entry) int { return cmp.Compare(rank[a.Slug], rank[b.Slug]) })
	return found
}

// FindTitle lists up to n entries whose title or slug resembles what was typed, best first, for type-ahead and pickers.
// It is no way to answer a question.
func (s *Snapshot) FindTitle(typed, home string, n int) []*Entry {
	entries := s.Entries(home)
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Title + " " + e.Slug
	}
	var found []*Entry
	for _, m := range fuzzy.Find(typed, names) {
		if len(found) < n {
			found = append(found, entries[m.Index])
		}
	}
	return found
}

// TitleStems gives the stems of the title's words, without fillers.
func (e *Entry) TitleStems() map[string]bool {
	stems := map[string]bool{}
	for _, word := range match.Content(match.Words(e.Title)) {
		stems[match.Stem(word)] = true
	}
	return stems
}
