package screen

import (
	"regexp"
)

// digitGroup is one unbroken run of digits.
type digitGroup struct{ from, to int }

var (
	nhsLabel = regexp.MustCompile(`\b(nhs|n\.h\.s\.?|chi)\s*(no|nos|nr|num|nums|numb|numbr|number|numbers|nunber|numer|#|id)?\b\.?(?:\s*(?:is|was|are|:|=|#|-|;|,|\(|and|&|/|\x02+))*\s*$`)
	nhsFar   = regexp.MustCompile(`\bnhs\s*(?:no|num|number|numbers|#)\b(?:\s+[a-z\x02']+){1,5}\s*[:=]?\s*$`)
	nhsAfter = regexp.MustCompile(`^\s*[,(\-]?\s*(?:is |was |thats |being |as )?(?:the |her |his |their |pts? |patients? )*nhs\s*(?:no|num|number|#)\b`)
)

// maxLabel is how many characters before a digit run may hold its label. Behind "nhs" any ten digits are an NHS number,
// even with a wrong check digit; behind "nhs no" so are eight to twelve, mistyped.
const maxLabel = 60

// maskLabelledNHS masks the digits behind or before the words "NHS number".
func maskLabelledNHS(f *folded) {
	if !f.digits || !f.hasAny([]string{"nhs", "n.h.s", "chi"}) {
		return
	}
	groups := f.digitGroups()
	for i := range groups {
		before := f.text[max(0, groups[i].from-maxLabel):groups[i].from]
		at := nhsLabel.FindSubmatchIndex(before)
		switch end, digits := f.join(groups, i, 10); {
		case at != nil && digits == 10:
			f.hide(found{of: NHSNumber, from: groups[i].from, to: end})
		case at != nil && at[4] >= 0 && f.hideMistyped(groups, i):
		case at == nil && digits == 10 && (nhsAfter.Match(f.text[end:]) || nhsFar.Match(before) && notOtherwise(f, groups[i].from, end)):
			f.hide(found{of: NHSNumber, from: groups[i].from, to: end})
		}
	}
}

// hideMistyped masks eight to twelve digits behind the full label: a digit too few or too many.
func (f *folded) hideMistyped(groups []digitGroup, i int) bool {
	for want := 12; want >= 8; want-- {
		if end, digits := f.join(groups, i, want); digits == want {
			f.hide(found{of: NHSNumber, from: groups[i].from, to: end})
			return true
		}
	}
	return false
}

// digitGroups lists the digit runs that are not part of a word such as H1234567.
func (f *folded) digitGroups() []digitGroup {
	var groups []digitGroup
	for i := 0; i < len(f.text); i++ {
		if !f.isDigit(i) {
			continue
		}
		from := i
		for f.isDigit(i) {
			i++
		}
		groups = append(groups, digitGroup{from, i})
	}
	return groups
}

func (f *folded) isDigit(i int) bool {
	return i >= 0 && i < len(f.text) && f.text[i] >= '0' && f.text[i] <= '9'
}

// join adds groups from i on, parted only by separators, until want digits are reached. digits is -1 if it overshoots.
func (f *folded) join(groups []digitGroup, i, want int) (end, digits int) {
	for k := i; k < len(groups) && digits < want; k++ {
		if k > i && !f.onlySeparators(groups[k-1].to, groups[k].from) {
			break
		}
		digits += groups[k].to - groups[k].from
		end = groups[k].to
	}
	if digits > want {
		digits = -1
	}
	return end, digits
}

func (f *folded) onlySeparators(from, to int) bool {
	if to-from > 3 {
		return false
	}
	for _, b := range f.text[from:to] {
		if b != ' ' && b != '-' && b != '.' && b != '_' && b != '/' {
			return false
		}
	}
	return true
}

// maskNHS masks ten digits whose check digit is right, alone or split by odd spaces. Dots and slashes count only in
// the 3-3-4 form, or version numbers and addresses of machines would be caught.
func maskNHS(f *folded) {
	if !f.digits {
		return
	}
	groups := f.digitGroups()
	for i := range groups {
		end, digits := f.join(groups, i, 10)
		if digits != 10 || !checkDigit(f.text[groups[i].from:end]) || !f.usualForm(groups[i].from, end) || f.insideWord(groups[i].from, end) {
			continue
		}
		f.hide(found{of: NHSNumber, from: groups[i].from, to: end})
	}
}

var threeThreeFour = regexp.MustCompile(`^\d{3}\D{0,3}\d{3}\D{0,3}\d{4}$`)

func (f *folded) usualForm(from, to int) bool {
	if threeThreeFour.Match(f.text[from:to]) {
		return true
	}
	for _, b := range f.text[from:to] {
		if b == '.' || b == '/' || b == '_' {
			return false
		}
	}
	return true
}

// insideWord: digits that letters touch, such as INC9990000026, are part of a reference; "nhs9990000026" is caught by
// its label.
func (f *folded) insideWord(from, to int) bool {
	letter := func(i int) bool { return i >= 0 && i < len(f.text) && f.text[i] >= 'a' && f.text[i] <= 'z' }
	return letter(from-1) || letter(to)
}

// checkDigit is the NHS Data Dictionary's modulus 11 test.
func checkDigit(text []byte) bool {
	sum, n, last := 0, 0, 0
	for _, b := range text {
		if b < '0' || b > '9' {
			continue
		}
		last = int(b - '0')
		if n < 9 {
			sum += last * (10 - n)
		}
		n++
	}
	check := 11 - sum%11
	if check == 11 {
		check = 0
	}
	return n == 10 && check == last
}
