package plain

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isAcronym reports whether a word, or a part of it between hyphens, is made of capitals: NHS, GPs, A&E, ePMA, ICD-10,
// DDaT. Two capitals or more, and more of them than small letters; so OneDrive and NHSmail are words. So is GOV.UK.
func isAcronym(s string) bool {
	if isDomain(s) {
		return false
	}
	for _, part := range parts(s) {
		if allCapitals(part) {
			return true
		}
	}
	return false
}

func allCapitals(s string) bool {
	s = singular(s)
	capitals, small := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			capitals++
		case unicode.IsLetter(r):
			small++
		}
	}
	return capitals >= 2 && capitals > small && s != "OK"
}

// singular takes 's or a plural s off an acronym, and the dots of "I.T." out of it.
func singular(s string) string {
	s = strings.ReplaceAll(withoutS(s), ".", "")
	rest, ok := strings.CutSuffix(s, "s")
	if last, _ := utf8.DecodeLastRuneInString(rest); ok && unicode.IsUpper(last) {
		return rest
	}
	return s
}

// parts cuts a word at its hyphens.
func parts(word string) []string {
	if strings.IndexByte(word, '-') < 0 && !strings.ContainsAny(word, "\u2010\u2011") {
		return []string{word}
	}
	return strings.FieldsFunc(word, func(r rune) bool { return r == '-' || r == '\u2010' || r == '\u2011' })
}

// checkAcronyms complains about each acronym the first time it is met unexplained.
func (v *visit) checkAcronyms(s sentence) {
	for _, t := range s.tokens {
		if !t.acronym || t.shouted || v.known(t.text) {
			continue
		}
		for _, part := range parts(t.text) {
			if a := singular(part); allCapitals(part) && !v.known(part) && !v.explained[a] {
				v.explained[a] = true
				v.checkAcronym(s, t, a)
			}
		}
	}
}

func (v *visit) checkAcronym(s sentence, t token, acronym string) {
	if v.speltOut(s, t, acronym) {
		return
	}
	const says = `People may not know %q. Say in full what it stands for, with (%s) behind it, or add it to the glossary.`
	v.add("acronym", fmt.Sprintf(says, acronym, acronym), v.text[s.start:s.end])
}

// known reports whether a word is in the glossary or is a system's name.
func (v *visit) known(s string) bool {
	one := singular(s)
	return v.checker.rules.Known(s) || one != s && v.checker.rules.Known(one) ||
		v.checker.names.has(s) || v.checker.names.has(one)
}

// speltOut reports whether the words before "(MFA" or inside the brackets of "MFA (...)" spell the acronym.
func (v *visit) speltOut(s sentence, t token, acronym string) bool {
	before, inside := strings.CutSuffix(v.text[s.start:t.start], "(")
	if inside && spells(lastWords(before, acronym), acronym) {
		return true
	}
	after := strings.TrimLeft(v.text[t.end:s.end], ` "'”’`)
	if !strings.HasPrefix(after, "(") {
		return false
	}
	full, _, closed := strings.Cut(after[1:min(len(after), longestForm)], ")")
	return closed && spells(wordsOf(full), acronym)
}

// longestForm is how many bytes the full words of an acronym may take.
const longestForm = 200
