package screen

import (
	"fmt"
	"strings"
)

// element is one place in a pattern: any of its meanings, after at most gap other words.
type element struct {
	any []meaning
	gap int
}

// clause is a pattern that must occur, or must not.
type clause struct {
	elements []element
	absent   bool
	barrier  meaning // a gap does not reach across it; -1 for none
}

// rule is one line of a rule file.
type rule struct {
	reason  Reason  // of a stop rule
	define  meaning // of a let rule: the concept its match is given
	kind    ruleKind
	clauses []clause
	why     string
	source  string
}

type ruleKind int

const (
	stopRule  ruleKind = iota // urgent: distress: safeguarding: clinical:
	leanRule                  // leans urgent: counts in the weighing only
	neverRule                 // ordinary: never stops, whatever the weighing says
	letRule                   // let NAME: words that together make a concept
	plainRule                 // plain: strong words that are ordinary here
)

// Gaps in a pattern: ".." lets up to nearGap words lie between, "..." up to farGap.
const (
	nearGap = 3
	farGap  = 8
)

// parseRule reads "urgent: PATIENT ... COLLAPSE & !RECORDING".
func (l *lexicon) parseRule(line, why string) (rule, error) {
	head, body, ok := strings.Cut(line, ":")
	if !ok {
		return rule{}, fmt.Errorf("no colon in %q", line)
	}
	r := rule{why: why, source: line}
	head, leans := strings.CutPrefix(strings.TrimSpace(head), "leans ")
	_, isStop := kindCalled(head)
	switch {
	case isStop:
		r.reason = Reason(head)
		if leans {
			r.kind = leanRule
		}
	case head == ordinaryKind:
		r.kind = neverRule
	case head == "plain":
		r.kind = plainRule
	default:
		name, isLet := strings.CutPrefix(head, "let ")
		if !isLet || !isConcept(name) {
			return rule{}, fmt.Errorf("unknown kind of rule %q", head)
		}
		r.kind, r.define = letRule, l.id(name)
	}
	for _, part := range strings.Split(body, "&") {
		c, err := l.parseClause(strings.TrimSpace(part))
		if r.kind == plainRule {
			c.barrier = l.id("BARRIER")
		}
		if err != nil {
			return rule{}, fmt.Errorf("%q: %w", line, err)
		}
		r.clauses = append(r.clauses, c)
	}
	if r.clauses[0].absent {
		return rule{}, fmt.Errorf("%q begins with what must be absent", line)
	}
	return r, nil
}

func (l *lexicon) parseClause(part string) (clause, error) {
	c := clause{barrier: -1}
	part, c.absent = strings.CutPrefix(part, "!")
	gap := 0
	for _, word := range strings.Fields(part) {
		switch word {
		case "..":
			gap = nearGap
			continue
		case "...":
			gap = farGap
			continue
		}
		e := element{gap: gap}
		for _, name := range strings.Split(word, "|") {
			if name == "" {
				return c, fmt.Errorf("empty alternative in %q", word)
			}
			if _, known := l.ids[name]; !known && isConcept(name) {
				return c, fmt.Errorf("unknown concept %s", name)
			}
			if !isConcept(name) {
				l.spell.add(name)
			}
			e.any = append(e.any, l.id(name))
		}
		c.elements = append(c.elements, e)
		gap = 0
	}
	if len(c.elements) == 0 {
		return c, fmt.Errorf("empty pattern")
	}
	return c, nil
}

// match reports whether the rule holds, and where its first clause lies.
func (r *rule) match(m *reading) (from, to int, ok bool) {
	for i := range r.clauses {
		c := &r.clauses[i]
		f, t, found := c.find(m, 0)
		if found == c.absent {
			return 0, 0, false
		}
		if i == 0 {
			from, to = f, t
		}
	}
	return from, to, true
}

// find returns the first place at or after start where the clause occurs.
func (c *clause) find(m *reading, start int) (from, to int, ok bool) {
	for _, e := range c.elements {
		if !e.possible(m) {
			return 0, 0, false
		}
	}
	for i := start; i < len(m.at); i++ {
		for _, s := range m.at[i] {
			if !c.elements[0].accepts(s.of) {
				continue
			}
			if end, ok := m.follow(c.elements[1:], i+s.size, c.barrier); ok {
				return i, end, true
			}
		}
	}
	return 0, 0, false
}

func (e *element) possible(m *reading) bool {
	for _, id := range e.any {
		if m.contains(id) {
			return true
		}
	}
	return false
}

func (e *element) accepts(of meaning) bool {
	for _, id := range e.any {
		if id == of {
			return true
		}
	}
	return false
}

// follow matches the rest of a pattern from word i on.
func (m *reading) follow(rest []element, i int, barrier meaning) (end int, ok bool) {
	if len(rest) == 0 {
		return i, true
	}
	for j := i; j <= i+rest[0].gap && j < len(m.at); j++ {
		for _, s := range m.at[j] {
			if !rest[0].accepts(s.of) {
				continue
			}
			if end, ok := m.follow(rest[1:], j+s.size, barrier); ok {
				return end, true
			}
		}
		if barrier >= 0 && m.means(j, barrier) {
			break
		}
	}
	return 0, false
}

// means reports whether word i begins something called of.
func (m *reading) means(i int, of meaning) bool {
	for _, s := range m.at[i] {
		if s.of == of {
			return true
		}
	}
	return false
}
