package main

import (
	"maps"
	"slices"
	"time"

	"signpost/bot"
	"signpost/knowledge"
	"signpost/knowledge/check"
)

// tally adds up an evaluation: counts while asking, shares in the result.
type tally struct {
	evalResult
	known      map[string]*knowledge.Entry // what the base can answer with, by slug; nil by the reason of an aside
	unsureRows int
	took       []time.Duration
	parts      []gradedPart // rows that were matched, neither an aside nor a stop
	part       int          // that the row at hand belongs to
}

func newTally(bases []opened) *tally {
	base := bases[0].base.Snapshot()
	t := &tally{known: map[string]*knowledge.Entry{}, parts: make([]gradedPart, len(bases))}
	t.OutOfScope.ByKind = map[string]*verdicts{}
	t.ByStrand, t.ByAudience = map[string]*check.Found{}, map[string]*check.Found{}
	for _, reason := range base.AsideReasons() {
		t.known[reason] = nil
	}
	for _, e := range base.Entries("") {
		t.known[e.Slug] = e
	}
	for i, o := range bases {
		for budget := range mostBudget {
			t.parts[i].from = append(t.parts[i].from, o.base.Snapshot().AnswerFrom(budget+1))
		}
	}
	return t
}

func (t *tally) has(slug string) bool { _, ok := t.known[slug]; return ok }

// add counts a row and what the bot decided about it.
func (t *tally) add(row evalRow, d bot.Decision) {
	if row.Slug == nil {
		t.outOfScope(row.Kind, d)
	} else {
		t.inScope(row, d)
	}
}

func (t *tally) outOfScope(kind string, d bot.Decision) {
	if t.OutOfScope.ByKind[kind] == nil {
		t.OutOfScope.ByKind[kind] = &verdicts{}
	}
	t.OutOfScope.ByKind[kind].add(d.Verdict)
	t.OutOfScope.add(d.Verdict)
	t.grade(d, false, false)
}

// grade notes how sure the first match was. One that is offered because several entries share a word is never answered.
func (t *tally) grade(d bot.Decision, inScope, right bool) {
	if d.Verdict == bot.Known {
		t.given++
		if !right {
			t.wrong++
		}
	}
	if d.Verdict == bot.Aside || d.Verdict == bot.Stop {
		return
	}
	g := graded{inScope: inScope, right: right, found: len(d.Matches) > 0 && !d.Between}
	if len(d.Matches) > 0 {
		g.probability = d.Matches[0].Probability
	}
	t.parts[t.part].rows = append(t.parts[t.part].rows, g)
}

// inScope counts a row that has a right answer. A row about the bot itself is right when the aside's reason is its slug.
func (t *tally) inScope(row evalRow, d bot.Decision) {
	t.N++
	right := append([]string{*row.Slug}, row.Also...)
	rank := rankOf(right, d)
	if rank > 0 {
		t.MRR += 1 / float64(rank)
		t.Top3++
	}
	if rank == 1 {
		t.Top1++
	}
	t.breakDown(t.known[*row.Slug], rank)
	t.grade(d, true, rank == 1)
	switch d.Verdict {
	case bot.Known:
		if rank == 1 {
			t.KnownRight++
		} else {
			t.KnownWrong++
		}
	case bot.Unsure:
		t.unsureRows++
		if slices.ContainsFunc(d.Shown, func(m knowledge.Match) bool { return slices.Contains(right, m.Slug()) }) {
			t.UnsureHit++
		}
	case bot.Unknown:
		t.Unknown++
	case bot.Aside:
		t.Aside++
	case bot.Stop:
		t.Stop++
	}
}

// breakDown counts a row by the strand and the audience of its right entry, so that a thin one shows. A row about the bot
// itself has neither; an entry for several roles counts for each.
func (t *tally) breakDown(right *knowledge.Entry, rank int) {
	if right == nil {
		return
	}
	addTo(t.ByStrand, right.Strand, rank)
	for _, role := range right.Audience {
		addTo(t.ByAudience, string(role), rank)
	}
}

func addTo(shares map[string]*check.Found, name string, rank int) {
	if shares[name] == nil {
		shares[name] = &check.Found{}
	}
	shares[name].Add(rank)
}

// rankOf is where the first right answer stands, from 1; 0 if it is not among the best three.
func rankOf(right []string, d bot.Decision) int {
	if d.Verdict == bot.Aside && slices.Contains(right, d.Reason) {
		return 1
	}
	return 1 + slices.IndexFunc(d.Matches, func(m knowledge.Match) bool { return slices.Contains(right, m.Slug()) })
}

func (t *tally) result() evalResult {
	t.UnsureHit /= float64(max(t.unsureRows, 1))
	t.Unsure = float64(t.unsureRows)
	n := float64(max(t.N, 1))
	for _, count := range []*float64{&t.Top1, &t.Top3, &t.MRR, &t.KnownRight, &t.KnownWrong, &t.Unsure, &t.Unknown, &t.Aside, &t.evalResult.Stop} {
		*count /= n
	}
	t.OutOfScope.toShares()
	for _, v := range t.OutOfScope.ByKind {
		v.toShares()
	}
	var all []graded
	for _, part := range t.parts {
		all = append(all, part.rows...)
	}
	t.ECE = calibrationError(all)
	t.Budgets = budgetCosts(t.parts, t.N)
	slices.Sort(t.took)
	t.P50, t.P99 = percentile(t.took, 50), percentile(t.took, 99)
	return t.evalResult
}

// percentile gives the p-th percentile of sorted durations in microseconds.
func percentile(sorted []time.Duration, p int) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)*p/100, len(sorted)-1)].Microseconds()
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
