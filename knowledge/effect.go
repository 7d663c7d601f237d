package knowledge

import (
	"context"
	"maps"
	"slices"
	"strings"

	"signpost/knowledge/match"
)

// An Effect is what an edited entry would change about who is found by what, worked out in memory before it is saved.
type Effect struct {
	Answers []Asked // questions of this entry, saved ones or its own ways of asking, that it would now answer, and did not
	Takes   []Asked // questions that another entry answers, or none does, and this one would now be first for
	Loses   []Asked // saved questions of this entry that another would now be first for
	Misses  []Asked // its own title and ways of asking that find another entry first
	Near    []Near  // entries so like it that they may be the same thing twice
}

// Clean reports whether nothing speaks against the edit.
func (e *Effect) Clean() bool { return len(e.Takes)+len(e.Loses)+len(e.Misses)+len(e.Near) == 0 }

// TakenFrom counts the questions that would be taken, by the slug they are taken from; under "" stand those that no entry
// answers.
func (e *Effect) TakenFrom() map[string]int {
	counts := map[string]int{}
	for _, a := range e.Takes {
		counts[a.Of]++
	}
	return counts
}

// An Asked is one question asked of the base as it is and as it would be.
type Asked struct {
	Text          string
	Of            string  // slug of the entry that it belongs to; "" if no entry answers it
	Saved         bool    // a golden question; else a way of asking, or a title
	Before, After string  // slug of the entry that is and would be first, or the reason of an aside, or ""
	Probability   float64 // of the one that would be first
}

// Near is another entry that may be the same thing.
type Near struct {
	Slug, Title string
	Same        string // the way of asking they share; "" if it is the title that is alike
}

// How like two titles must be, as the share of their words that both have, and how many entries are looked at around one.
const (
	alikeTitles = 0.75
	neighbours  = 10
	nearWords   = 5 // by words alone
)

// Effect says what saving e would change. from is the probability from which on an entry is answered, see
// Snapshot.AnswerFrom: it matters for questions that no entry answers. Saved questions are asked by their words first;
// those for which the entry is among the first five, or that are its own, are then asked in full.
func (b *Base) Effect(ctx context.Context, e Entry, from float64) (Effect, error) {
	s := b.Snapshot()
	x := effecting{before: s, after: s.Try(e), slug: e.Slug, home: e.Place, from: from}
	x.hidden = x.after.hiddenFrom(x.home)
	if err := x.askSaved(ctx); err != nil {
		return Effect{}, err
	}
	around, err := x.askOwn(ctx)
	if err != nil {
		return Effect{}, err
	}
	if err := x.askAround(ctx, around); err != nil {
		return Effect{}, err
	}
	x.findNear(around)
	return x.Effect, nil
}

// effecting is one Effect being worked out.
type effecting struct {
	Effect
	before, after *Snapshot
	slug, home    string
	from          float64
	hidden        map[string]bool // ids that people at home do not see
}

// askSaved asks the golden questions again.
func (x *effecting) askSaved(ctx context.Context) error {
	found := make([]*verdict, len(x.before.Golden))
	onAllCores(len(found), func(i int) {
		g := x.before.Golden[i]
		q := Question{Text: g.Text, Before: g.Prev, Home: x.home}
		if ctx.Err() == nil && (slices.Contains(g.rights(), x.slug) || x.comesNear(q)) {
			found[i] = x.ask(q)
		}
	})
	for i, v := range found {
		if v != nil {
			x.sort(x.before.Golden[i], v)
		}
	}
	return ctx.Err()
}

// comesNear reports whether the entry would be among the first by words alone, which is a fraction of the work.
func (x *effecting) comesNear(q Question) bool {
	query := match.Query{Text: q.Text, Before: q.Before}
	if len(x.hidden) > 0 {
		query.Accept = func(id string) bool { return !x.hidden[id] }
	}
	its := func(id string) bool {
		k, ok := x.after.byID[id]
		return ok && k.own.Slug == x.slug
	}
	if !slices.ContainsFunc(x.after.index.Likely(query), its) { // so it is for most questions, and saves them the rest
		return false
	}
	return slices.ContainsFunc(x.after.index.Match(query, nearWords), func(h match.Hit) bool { return its(h.ID) })
}

// hiddenFrom lists the ids of the versions that people at home do not see: working it out once for all questions saves a
// quarter of their time.
func (s *Snapshot) hiddenFrom(home string) map[string]bool {
	chain, hidden := s.Places.Chain(home), map[string]bool{}
	for id := range s.byID {
		if !s.sees(chain, id) {
			hidden[id] = true
		}
	}
	return hidden
}

// verdict is what comes first before and after.
type verdict struct {
	before, after string
	probability   float64
}

func (x *effecting) ask(q Question) *verdict {
	v := &verdict{}
	for _, m := range x.after.Match(q, 1) {
		v.after, v.probability = m.Slug(), m.Probability
	}
	for _, m := range x.before.Match(q, 1) {
		v.before = m.Slug()
	}
	return v
}

// sort puts a golden question where it belongs.
func (x *effecting) sort(g Golden, v *verdict) {
	asked := Asked{Text: g.Text, Saved: true, Before: v.before, After: v.after, Probability: v.probability}
	if g.Slug != nil {
		asked.Of = *g.Slug
	}
	own := slices.Contains(g.rights(), x.slug)
	if own {
		asked.Of = x.slug
	}
	switch first, was := v.after == x.slug, v.before == x.slug; {
	case own && first && !was:
		x.Answers = append(x.Answers, asked)
	case own && was && !first:
		x.Loses = append(x.Loses, asked)
	case !own && first && !was && (asked.Of != "" && slices.Contains(g.rights(), v.before) || asked.Of == "" && v.probability >= x.from):
		x.Takes = append(x.Takes, asked)
	}
}

// askOwn asks for the entry by its title and its ways of asking, and gives the entries that come near it.
func (x *effecting) askOwn(ctx context.Context) (around []*Entry, err error) {
	e, ok := x.after.Entry(x.slug, x.home)
	if !ok {
		return nil, nil // it is not whole
	}
	texts := []string{e.Title}
	for _, p := range e.Phrasings {
		texts = append(texts, p.Text)
	}
	found, was := make([][]Match, len(texts)), make([][]Match, len(texts))
	onAllCores(len(texts), func(i int) {
		if q := (Question{Text: texts[i], Home: x.home}); ctx.Err() == nil {
			found[i], was[i] = x.after.Match(q, neighbours), x.before.Match(q, 1)
		}
	})
	seen := map[string]bool{x.slug: true}
	for i, matches := range found {
		x.sortOwn(texts[i], was[i], matches)
		for _, m := range matches {
			if m.Entry != nil && !seen[m.Entry.Slug] {
				seen[m.Entry.Slug] = true
				around = append(around, m.Entry)
			}
		}
	}
	return nearest(around), ctx.Err()
}

// sortOwn puts one of the entry's own ways of asking where it belongs.
func (x *effecting) sortOwn(text string, was, matches []Match) {
	if len(matches) == 0 {
		return
	}
	first := matches[0]
	asked := Asked{Text: text, Of: x.slug, After: first.Slug(), Probability: first.Probability}
	answered := func(m Match) bool { return m.Slug() == x.slug && m.Probability >= x.from }
	switch {
	case first.Slug() != x.slug:
		x.Misses = append(x.Misses, asked)
	case answered(first) && !slices.ContainsFunc(was, answered) && !slices.ContainsFunc(x.Answers, func(a Asked) bool { return a.Text == text }):
		x.Answers = append(x.Answers, asked)
	}
}

// mostAround is how many entries around one have their ways of asking asked again: more would take seconds.
const mostAround = 30

func nearest(around []*Entry) []*Entry { return around[:min(mostAround, len(around))] }

// askAround asks for the entries around by their own ways of asking.
func (x *effecting) askAround(ctx context.Context, around []*Entry) error {
	type way struct{ slug, text string }
	var ways []way
	for _, e := range around {
		for _, p := range e.Phrasings {
			ways = append(ways, way{e.Slug, p.Text})
		}
	}
	found := make([]*verdict, len(ways))
	onAllCores(len(ways), func(i int) {
		q := Question{Text: ways[i].text, Home: x.home}
		if ctx.Err() == nil && x.comesNear(q) {
			found[i] = x.ask(q)
		}
	})
	for i, v := range found {
		if v != nil && v.after == x.slug && v.before == ways[i].slug {
			x.Takes = append(x.Takes, Asked{Text: ways[i].text, Of: ways[i].slug, Before: v.before, After: v.after, Probability: v.probability})
		}
	}
	return ctx.Err()
}

// findNear looks for entries with nearly the same title, or asked for in the same way; around are those that may say it in
// other words.
func (x *effecting) findNear(around []*Entry) {
	e, ok := x.after.Entry(x.slug, x.home)
	if !ok {
		return
	}
	title, ways, stems := e.TitleStems(), map[string]string{}, map[string]string{}
	for _, p := range e.Phrasings {
		ways[wordsKey(p.Text)] = p.Text
		stems[stemsKey(p.Text)] = p.Text
	}
	all := x.after.Entries(x.home)
	near := make([]*Near, len(all))
	onAllCores(len(all), func(i int) {
		if other := all[i]; other.Slug != x.slug {
			near[i] = nearTo(other, title, ways, wordsKey)
			if near[i] == nil && slices.Contains(around, other) {
				near[i] = nearTo(other, nil, stems, stemsKey)
			}
		}
	})
	for _, n := range near {
		if n != nil {
			x.Near = append(x.Near, *n)
		}
	}
}

func nearTo(other *Entry, title map[string]bool, ways map[string]string, key func(string) string) *Near {
	for _, p := range other.Phrasings {
		if way, ok := ways[key(p.Text)]; ok && key(way) != "" {
			return &Near{other.Slug, other.Title, way}
		}
	}
	if share(title, other.TitleStems()) >= alikeTitles {
		return &Near{Slug: other.Slug, Title: other.Title}
	}
	return nil
}

// wordsKey is a text without capitals and signs.
func wordsKey(text string) string { return strings.Join(match.Words(text), " ") }

// stemsKey is a text as the stems of its words that are no fillers, in any order.
func stemsKey(text string) string {
	stems := map[string]bool{}
	for _, word := range match.Content(match.Words(text)) {
		stems[match.Stem(word)] = true
	}
	if len(stems) < 2 { // one word is too little to call them the same
		return ""
	}
	return strings.Join(slices.Sorted(maps.Keys(stems)), " ")
}

// share is how much of all words two titles have in common.
func share(a, b map[string]bool) float64 {
	both := 0
	for word := range a {
		if b[word] {
			both++
		}
	}
	return float64(both) / float64(max(len(a)+len(b)-both, 1))
}
