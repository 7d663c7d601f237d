// Package plain checks that a text reads easily.
//
// Start from [New], which takes the names of systems and the glossary, and call [Checker.Check] on a text. Each
// [Finding] is a sentence that the person who wrote the text can act on. [Checker.Grade] gives the reading grade alone.
//
// A text is light markup: "1. " starts a step, "- " a point and "# " a heading. "{roster-team}" stands for a local detail and
// counts as the two words "your team". Headings are not checked at all. The end of a line ends a sentence.
package plain

// What a zero in [Rules] means. Twenty words and a reading age of about 14 are the ceiling; good entries are well below.
const (
	longestSentence = 20
	highestGrade    = 9.0
)

// Rules says what a [Checker] lets pass. The zero value is strict: no names, no known acronyms.
type Rules struct {
	// Names of systems. Each counts as one short word wherever it is written with its capitals; a name given all in small
	// letters counts however it is written. A name is never an acronym, a bare link or jargon.
	Names []string
	// Known says whether an acronym is explained elsewhere, in the glossary. It is asked for the word as written, then
	// without a plural s. nil knows none. It must be safe for concurrent use if the Checker is used so.
	Known func(acronym string) bool
	// LongestSentence is the most words a sentence may have; 0 or less means 20.
	LongestSentence int
	// HighestGrade is the highest reading grade a text may have; 0 or less means 9.
	HighestGrade float64
}

// A Finding is one thing to change.
type Finding struct {
	// Rule is one of sentence-length, reading-age, long-word, acronym, click-here, bare-link, shouting, emoji, jargon and
	// belittling.
	Rule string
	// Says tells the writer what to change, in plain words, with the offending words in it.
	Says string
	// Where is the piece of the text it is about, byte for byte as written: a sentence or a few words.
	Where string
}

// A Checker checks texts against its rules. It is safe for concurrent use.
type Checker struct {
	rules Rules
	names names
}

// New returns a Checker. It reads the names once, so later changes to the slice have no effect.
func New(rules Rules) *Checker {
	if rules.LongestSentence <= 0 {
		rules.LongestSentence = longestSentence
	}
	if !(rules.HighestGrade > 0) { // also not a number
		rules.HighestGrade = highestGrade
	}
	if rules.Known == nil {
		rules.Known = func(string) bool { return false }
	}
	c := &Checker{rules: rules, names: compileNames(rules.Names)}
	c.rules.Names = nil
	return c
}

// Check returns what to change in the text, in the order of reading, and what is about the text as a whole at the end.
// A text with nothing to change, such as an empty one, gives nil. The same text always gives the same findings.
func (c *Checker) Check(text string) []Finding {
	r := c.read(text)
	v := &visit{checker: c, text: text, explained: map[string]bool{}, long: map[string]bool{}}
	for _, s := range r {
		v.checkLength(s)
		v.checkShouting(s)
		v.checkAcronyms(s)
		v.checkLinks(s)
		v.checkMarks(s)
		v.checkPhrases(s)
		v.checkLongWords(s)
	}
	v.checkGrade(r)
	return v.found
}

// A visit is one walk through one text: what was found, and what needs remembering from sentence to sentence.
type visit struct {
	checker   *Checker
	text      string
	found     []Finding
	explained map[string]bool // acronyms spelt out, or already complained about
	long      map[string]bool // long words already complained about
}

func (v *visit) add(rule, says, where string) {
	v.found = append(v.found, Finding{Rule: rule, Says: says, Where: where})
}
