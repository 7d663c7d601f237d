package plain

import (
	"fmt"
	"slices"
	"strings"
)

// Grade returns the school grade (US) at which a text is read with ease; add 5 for the age. It is 0 for a text without
// words and may be below 0 for a very plain one.
//
// The formula is that of J. P. Kincaid, R. P. Fishburne, R. L. Rogers and B. S. Chissom, "Derivation of New Readability
// Formulas for Navy Enlisted Personnel", Research Branch Report 8-75, 1975. It was made for passages of 100 words or
// more, so take the grade of a line or two as a hint.
func (c *Checker) Grade(text string) float64 {
	return grade(c.read(text)...)
}

func grade(sentences ...sentence) float64 {
	var lines, words, syllables int
	for _, s := range sentences {
		if len(s.tokens) > 0 {
			lines++
		}
		for _, t := range s.tokens {
			words += t.words()
			syllables += t.beats
		}
	}
	if words == 0 {
		return 0
	}
	return 0.39*float64(words)/float64(lines) + 11.8*float64(syllables)/float64(words) - 15.59
}

// checkGrade points at the hardest sentence of a text that is too hard as a whole, and at its longest words.
func (v *visit) checkGrade(r []sentence) {
	g, most := grade(r...), v.checker.rules.HighestGrade
	if g <= most {
		return
	}
	hardest := slices.MaxFunc(r, func(a, b sentence) int {
		ga, gb := grade(a), grade(b)
		switch {
		case ga < gb:
			return -1
		case ga > gb:
			return 1
		}
		return 0
	})
	says := fmt.Sprintf("The text reads at age %.0f (grade %.1f). Aim for age %.0f or less.", g+5, g, most+5)
	if words := longest(r, 3); len(words) > 0 {
		says += " Look for shorter words than " + quoteAll(words, "and") + "."
	} else {
		says += " Make the sentences shorter."
	}
	v.add("reading-age", says, v.text[hardest.start:hardest.end])
}

// longest returns up to n different words of three syllables or more, those with most syllables first.
func longest(r []sentence, n int) []string {
	const many = 3
	type entry struct {
		text      string
		syllables int
	}
	var list []entry
	seen := map[string]bool{}
	for _, s := range r {
		for _, t := range s.tokens {
			if k := t.beats; k >= many && !seen[t.small] {
				seen[t.small] = true
				list = append(list, entry{t.text, k})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b entry) int { return b.syllables - a.syllables })
	var words []string
	for _, e := range list[:min(n, len(list))] {
		words = append(words, e.text)
	}
	return words
}

// quoteAll writes a, b and c in quotes.
func quoteAll(words []string, and string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = `"` + w + `"`
	}
	last := len(quoted) - 1
	if last < 1 {
		return strings.Join(quoted, "")
	}
	return strings.Join(quoted[:last], ", ") + " " + and + " " + quoted[last]
}
