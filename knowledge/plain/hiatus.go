package plain

import "strings"

// A split is two vowels side by side that are spoken apart, unless what stands before or behind them says otherwise.
type split struct {
	vowels   string
	behind   string   // letters that do not split them when they stand right before
	unless   []string // pieces of a word in which they are not split
	onlyWith []string // if any, pieces one of which must be there
}

var splits = []split{
	{vowels: "ia", behind: "cts", unless: []string{"iage", "liament", "iew", "liar", "geria"}},
	{vowels: "iate", behind: "abdefghijklmnopqruvwxyz"}, // appreciate, associate, negotiate
	{vowels: "iati", behind: "abdefghijklmnopqruvwxyz"}, // association
	{vowels: "io", behind: "tscgx", unless: []string{"llion", "nion", "viour", "nxious", "marion"}},
	{vowels: "iu"},
	{vowels: "ien", behind: "tc", unless: []string{"friend", "iene", "fiend"}},
	{vowels: "iet", unless: []string{"ieth"}},
	{vowels: "iest", behind: "r", unless: []string{"biest"}},
	{vowels: "eo", unless: []string{"people", "geon", "geou", "george", "leop", "jeop"}},
	{vowels: "ea", onlyWith: []string{"create", "creati", "creato", "react", "reall", "reass", "reapp", "theat", "area", "linear", "nuclear", "reali"}},
	{vowels: "ua", behind: "qg", unless: []string{"suad", "suav"}},
	{vowels: "uen", behind: "qg"},
	{vowels: "uel", behind: "qg"},
	{vowels: "uin", behind: "qg"},
	{vowels: "uid", behind: "qg"},
	{vowels: "uity", behind: "q"},
	{vowels: "uous"},
	{vowels: "oet"},
	{vowels: "oem"},
	{vowels: "oing"},
	{vowels: "eing"},
	{vowels: "rein", unless: []string{"reindeer"}},
}

// hiatus counts the places of a word where vowels side by side are spoken apart.
func hiatus(w string) int {
	if !sideBySide(w) {
		return 0
	}
	n := 0
	for i := range splits {
		n += splits[i].in(w)
	}
	return n + lateIer(w)
}

func sideBySide(w string) bool {
	for i := 1; i < len(w); i++ {
		if isVowel(w[i]) && isVowel(w[i-1]) {
			return true
		}
	}
	return false
}

func (s *split) in(w string) int {
	i := strings.Index(w, s.vowels)
	if i < 0 || i > 0 && strings.IndexByte(s.behind, w[i-1]) >= 0 {
		return 0
	}
	for _, piece := range s.unless {
		if strings.Contains(w, piece) {
			return 0
		}
	}
	for _, piece := range s.onlyWith {
		if strings.Contains(w, piece) {
			return 1
		}
	}
	if len(s.onlyWith) > 0 {
		return 0
	}
	return 1
}

// lateIer: "easier" and "supplier" have one more than "tier" and "pier", because a vowel comes before.
func lateIer(w string) int {
	stem, ok := strings.CutSuffix(strings.TrimSuffix(w, "s"), "ier")
	if ok && hasVowel(stem) {
		return 1
	}
	return 0
}
