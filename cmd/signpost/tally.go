package main

import (
	"maps"
	"slices"
	"time"

	"signpost/bot"
	"signpost/knowledge"
)

// tally adds up an evaluation: counts while asking, shares in the result.
type tally struct {
	evalResult
	known      map[string]bool // slugs and the reasons of asides that the base can answer with
	unsureRows int
	took       []time.Duration
}

func newTally(base *knowledge.Snapshot) *tally {
	t := &tally{known: map[string]bool{}}
	t.OutOfScope.ByKind = map[string]*verdicts{}
	for _, e := range base.Entries("") {
		t.known[e.Slug] = true
	}
	for _, reason := range base.AsideReasons() {
		t.known[reason] = true
	}
	return t
}

func (t *tally) has(slug string) bool { return t.known[slug] }

func (t *tally) outOfScope(kind string, verdict bot.Verdict) {
	if t.OutOfScope.ByKind[kind] == nil {
		t.OutOfScope.ByKind[kind] = &verdicts{}
	}
	t.OutOfScope.ByKind[kind].add(verdict)
	t.OutOfScope.add(verdict)
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
