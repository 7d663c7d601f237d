package knowledge

import (
	"slices"
	"strings"

	"signpost/knowledge/match"
)

// A Question is what a person asked, masked, and what is known of the person.
type Question struct {
	Text   string
	Before string // the person's turn before, if this may follow on from it
	Home   string // id of a place; empty for the nation
	Role   Role
	// Meaning is what the encoder made of the text, where it was asked before; else nil.
	Meaning *Meaning
}

// A Match is an entry, or an aside, that may answer.
type Match struct {
	Entry       *Entry // nil for an aside
	Aside       string // the reason of the aside
	Probability float64
	Why         func() string // says in words a curator understands what carried it
}

// Slug is the entry's slug, or the reason of the aside.
func (m Match) Slug() string {
	if m.Entry != nil {
		return m.Entry.Slug
	}
	return m.Aside
}

// Match finds up to n entries and asides that may answer, most probable first. Of an entry with several versions only
// the one that people at home see is asked.
func (s *Snapshot) Match(q Question, n int) []Match {
	chain := s.Places.Chain(q.Home)
	query := match.Query{
		Text:   q.Text,
		Before: q.Before,
		Vector: s.vector(q),
		Accept: func(id string) bool { return s.sees(chain, id) },
	}
	if q.Role != "" {
		query.Prefer = func(id string) bool { return s.prefers(q.Role, id) }
	}
	hits := s.index.Match(query, n)
	matches := make([]Match, len(hits))
	for i, hit := range hits {
		matches[i] = Match{Probability: hit.Probability, Why: hit.Why}
		if reason, ok := strings.CutPrefix(hit.ID, asidePrefix); ok {
			matches[i].Aside = reason
		} else {
			matches[i].Entry = s.byID[hit.ID].merged
		}
	}
	return matches
}

// AnswerFrom is the probability from which on to answer, so that at most budget in 100 answers are wrong.
func (s *Snapshot) AnswerFrom(budget int) float64 { return s.index.AnswerFrom(budget) }

// vector is what the question means; nil without an encoder, or before the base was encoded.
func (s *Snapshot) vector(q Question) *match.Vector {
	if s.model == nil || !s.index.Means() {
		return nil
	}
	v := q.Meaning.of(s.model, s.index.Meant(q.Text, q.Before, s.model.Knows))
	return &v
}

// sees reports whether the document is an aside, or the version of its entry nearest to the chain's first place.
func (s *Snapshot) sees(chain []string, id string) bool {
	if !s.local[id] && slices.Contains(chain, s.nation) {
		return true
	}
	k, ok := s.byID[id]
	if !ok {
		return true
	}
	places := s.placesOf[k.own.Slug]
	for _, at := range chain {
		if slices.Contains(places, at) {
			return at == k.own.Place
		}
	}
	return false
}

// prefers reports whether the entry is written for people of the role in particular.
func (s *Snapshot) prefers(role Role, id string) bool {
	k, ok := s.byID[id]
	return ok && slices.Contains(k.merged.Audience, role)
}

// Shared gives the slugs between which a question cannot choose because it says little more than a word they share.
func (s *Snapshot) Shared(text string) []string {
	words := match.Words(text)
	content := match.Content(words)
	for _, t := range s.Terms {
		if len(t.Either) == 0 {
			continue
		}
		for _, name := range slices.Concat([]string{t.Name}, t.Also, t.Typed) {
			if slices.Equal(match.Content(match.Words(name)), content) && len(content) > 0 {
				return t.Either
			}
		}
	}
	return nil
}
