// Package check tells a curator what to mend in the base.
//
// Start from [Content], which reads the entries and gives a [Report]: findings, each with what to do in plain words, and
// how well entries are found by phrasings they have not been told ([LeaveOneOut]). It changes nothing.
package check

import (
	"cmp"
	"fmt"
	"slices"

	"signpost/knowledge"
	"signpost/knowledge/match"
)

// A Base is what is checked: entries that the same people see, and what they refer to.
type Base struct {
	Entries   []*knowledge.Entry // each slug once
	Strands   []knowledge.Strand
	LocalKeys []knowledge.LocalKey
	Terms     []knowledge.Term
	// Vector gives what a text means, so that phrasings held out are asked by meaning too; nil leaves it at words.
	Vector func(text string) match.Vector
}

// A Finding is one thing to mend.
type Finding struct {
	Slug  string `json:"entry"` // "" when it is about the base as a whole
	Title string `json:"title,omitempty"`
	Rule  string `json:"rule"`            // a short name of the rule, the same for good
	Says  string `json:"says"`            // what to do, for a curator
	Where string `json:"where,omitempty"` // the piece of the entry it is about, as written
}

// A Report is what a check found. Findings stand together by entry, in the order of slugs, those about the base as a
// whole last.
type Report struct {
	Entries   int
	Phrasings int
	Findings  []Finding
	// MedianGrade and HighestGrade are reading grades of entries, see plain.Checker.Grade; 0 for an empty base.
	MedianGrade, HighestGrade float64
	LeaveOneOut               LeaveOneOut
}

// Content checks the base. step, if not nil, is called after each phrasing that was held out: most of the time goes there.
func Content(b Base, step func()) Report {
	c := newChecker(b)
	r := Report{Entries: len(b.Entries)}
	for _, e := range b.Entries {
		r.Phrasings += len(e.Phrasings)
		c.checkEntry(e)
	}
	c.checkShared()
	c.checkTitles()
	r.MedianGrade, r.HighestGrade = c.checkGrades()
	r.LeaveOneOut = LeaveOut(b, step)
	c.checkLeaveOneOut(r.LeaveOneOut)
	slices.SortStableFunc(c.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(last(a.Slug), last(b.Slug)), cmp.Compare(a.Slug, b.Slug))
	})
	r.Findings = c.found
	return r
}

func last(slug string) int {
	if slug == "" {
		return 1
	}
	return 0
}

// checker is one check under way.
type checker struct {
	Base
	bySlug  map[string]*knowledge.Entry
	strands map[string]string // topic -> strand
	locals  map[string]bool
	reader  reader
	found   []Finding
}

func newChecker(b Base) *checker {
	c := &checker{Base: b, bySlug: map[string]*knowledge.Entry{}, strands: map[string]string{}, locals: map[string]bool{},
		reader: newReader(b.Terms)}
	for _, e := range b.Entries {
		c.bySlug[e.Slug] = e
	}
	for _, strand := range b.Strands {
		for _, topic := range strand.Topics {
			c.strands[topic.ID] = strand.ID
		}
	}
	for _, key := range b.LocalKeys {
		c.locals[key.Key] = true
	}
	return c
}

// add files a finding about an entry.
func (c *checker) add(e *knowledge.Entry, rule, where, says string, args ...any) {
	c.found = append(c.found, Finding{Slug: e.Slug, Title: e.Title, Rule: rule, Says: fmt.Sprintf(says, args...), Where: where})
}

// addWhole files a finding about the base as a whole.
func (c *checker) addWhole(rule, says string, args ...any) {
	c.found = append(c.found, Finding{Rule: rule, Says: fmt.Sprintf(says, args...)})
}
