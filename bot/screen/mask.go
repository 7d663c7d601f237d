package screen

import (
	"bytes"
	"regexp"
)

// detectors in order: what has its own shape first, bare digit runs last.
var detectors = []func(*folded){
	maskShapes(early), maskBirthDates, maskAddresses, maskLabelledNHS, maskShapes(phones), maskNHS, maskShapes(late),
	maskNames,
}

// shape is a pattern whose first group is an identifier.
type shape struct {
	of     Identifier
	expr   *regexp.Regexp
	hints  []string                           // one of these must occur; none means no condition
	digits bool                               // a digit must occur
	accept func(f *folded, from, to int) bool // may be nil
}

func maskShapes(shapes []shape) func(*folded) {
	return func(f *folded) {
		for i := range shapes {
			shapes[i].mask(f)
		}
	}
}

func (s *shape) mask(f *folded) {
	if (s.digits && !f.digits) || !f.hasAny(s.hints) {
		return
	}
	for _, at := range s.expr.FindAllSubmatchIndex(f.text, -1) {
		from, to := at[2], at[3]
		if from < 0 || from == to || s.accept != nil && !s.accept(f, from, to) {
			continue
		}
		f.hide(found{of: s.of, from: from, to: to})
	}
}

func (f *folded) hasAny(hints []string) bool {
	for _, h := range hints {
		if bytes.Contains(f.text, []byte(h)) {
			return true
		}
	}
	return len(hints) == 0
}

var (
	early = []shape{
		{of: Email, hints: []string{"@", "at)", "at]"},
			expr: regexp.MustCompile(`([a-z0-9][a-z0-9._%+'\-]*\s?(?:@|\(at\)|\[at\])\s?[a-z][a-z0-9\-]*(?:\.[a-z0-9\-]+)+)`)},
		{of: Email, hints: []string{"@"}, expr: regexp.MustCompile(`([a-z0-9][a-z0-9._%+'\-]*@[a-z][a-z0-9\-]+)`)},
		{of: Email, hints: []string{" at "},
			expr: regexp.MustCompile(`\b([a-z0-9]+(?:[._\-]| dot )[a-z0-9]+(?:(?:[._\-]| dot )[a-z0-9]+)? at [a-z0-9\-]+(?:(?:\.| dot )[a-z0-9\-]+)+)\b`)},
		// NMC: two digits, letter, four digits, letter.
		{of: StaffPIN, digits: true, expr: regexp.MustCompile(`\b(\d{2}[a-z]\d{4}[a-z])\b`)},
		{of: StaffPIN, digits: true, hints: []string{"nmc", "pin"},
			expr: regexp.MustCompile(`\b(?:nmc|pin)\b[^0-9\x02]{0,20}(\d{2}\s?[a-z]\s?\d{2}\s?\d{2}\s?[a-z])\b`)},
		{of: StaffPIN, digits: true, hints: []string{"gmc", "gphc", "gdc", "hcpc", "nmc", "swe", "goc"},
			expr: regexp.MustCompile(`\b(?:gmc|gphc|gdc|hcpc|nmc|swe|goc)\b(?:[ :#.\-]|no|num|number|ref|reference|reg|registration|pin|id|is|was|my|member){0,12}?[ :#.\-]((?:[a-z]{2})?\d(?:[ \-]?\d){4,7})\b`)},
		{of: StaffPIN, digits: true, hints: []string{"gmc", "gphc", "gdc", "hcpc", "nmc"},
			expr: regexp.MustCompile(`\b((?:[a-z]{1,2})?\d{5,7})[ ,(\-]{1,3}(?:is |my |the )*(?:gmc|gphc|gdc|hcpc|nmc)\b`)},
		{of: NINumber, digits: true, accept: likelyNI,
			expr: regexp.MustCompile(`\b([a-z]{2}[ \-]?\d{2}[ \-.]?\d{2}[ \-.]?\d{2}[ \-]?[a-d])\b`)},
		{of: NINumber, digits: true, hints: []string{"ni ", "insurance", "nino"},
			expr: regexp.MustCompile(`\b(?:ni|nino|insurance)\b[^0-9\x02]{0,20}?\b([a-z]{2}[ \-]?\d{2}[ \-.]?\d{2}[ \-.]?\d{2}[ \-]?[a-d]?)\b`)},
		{of: SmartcardUUID, digits: true, hints: []string{"uuid", "card", "cis"},
			expr: regexp.MustCompile(`\b(?:uuid|uid|smart ?card|card|cis2?)\b[^0-9\x02]{0,30}(\d{4}[ \-]?\d{4}[ \-]?\d{4})\b`)},
		{of: SmartcardUUID, digits: true, hints: []string{"uuid", "card", "cis"},
			expr: regexp.MustCompile(`\b(\d{4}[ \-]?\d{4}[ \-]?\d{4})\b[^0-9\x02]{0,20}\b(?:uuid|smart ?card|card)\b`)},
		{of: SmartcardUUID, digits: true, accept: notOtherwise, expr: regexp.MustCompile(`\b(5\d{11})\b`)},
		{of: Password, hints: passwordCues, accept: secretAfterColon,
			expr: regexp.MustCompile(passwordCue + `(?:\s+(?:is|was))?\s*(?::|=|->|-\s)\s*("[^"\x02]+"|[^\s\x02]+)`)},
		{of: Password, hints: passwordCues, accept: secretAfterIs,
			expr: regexp.MustCompile(passwordCue + `(?:\s+[a-z\x02']+){0,5}?\s+(?:is|was|are|to|as|called)\s+("[^"\x02]+"|'[^'\x02]+'|[^\s\x02]+)`)},
		{of: Password, hints: passwordCues, accept: looksSecret,
			expr: regexp.MustCompile(passwordCue + `(?:\s+(?:of|for|and|me|him|her|them|new|old|temp|no|number|code|smartcard|card|the|my|login|account|windows|laptop)){0,2}\s+([^\s\x02]+)`)},
		{of: Password, hints: []string{"pin", "passcode", "pass code"}, digits: true, accept: notOtherwise,
			expr: regexp.MustCompile(`\b(?:pin|pin ?code|pass ?code|pin no|pin number)s?(?:\s+(?:is|was|no|number|code|of|=|:))*[\s:=]+(\d{4,8})\b`)},
		{of: Password, hints: []string{"passw", "p@ss", "pa55"}, digits: true,
			expr: regexp.MustCompile(`(?:^|\s)(p[a@4][s5$]{2}w[o0]rd\d+[^\s\x02]*)`)},
	}
	phones = []shape{
		{of: Phone, digits: true, accept: digitsBetween(11, 14),
			expr: regexp.MustCompile(`((?:\+|\b00)\s?44[ .\-]?(?:\(0\))?(?:[ .\-/()]{0,3}\d){9,11})(?:\D|$)`)},
		{of: Phone, digits: true, accept: digitsBetween(9, 15), hints: []string{"+"},
			expr: regexp.MustCompile(`(\+\d(?:[ .\-()]{0,2}\d){8,14})(?:\D|$)`)},
		{of: Phone, digits: true, hints: []string{"44"},
			expr: regexp.MustCompile(`(?:^|[^\d.])(44[ .\-]?(?:\(0\)[ ]?)?7\d{3}[ .\-]?\d{3}[ .\-]?\d{3})(?:\D|$)`)},
		{of: Phone, digits: true, hints: []string{"07", "0 7"},
			expr: regexp.MustCompile(`(?:^|[^\d.])(0[ ]?7(?:[ .\-/()]{0,2}\d){9})(?:\D|$)`)},
		{of: Phone, digits: true, hints: []string{"0"}, accept: notOtherwise,
			expr: regexp.MustCompile(`(?:^|[^\d.])(\(?0[ ]?[12389](?:[ .\-/()]{0,2}\d){9})(?:\D|$)`)},
		{of: Phone, digits: true, hints: []string{"0"}, accept: notOtherwise,
			expr: regexp.MustCompile(`(?:^|[^\d.])(\(?0[1238]\d{2,4}\)?[ \-]?\d{3}[ \-]?\d{2,3})(?:\D|$)`)},
		{of: Phone, digits: true, hints: phoneCues, accept: digitsBetween(6, 13),
			expr: regexp.MustCompile(`\b(?:call (?:me|him|her|us|them|mum|dad|home)|ring|tel|phone|telephone|mob|mobile|landline|text|txt|whatsapp|fax|contact number)\b(?:\s+(?:me|him|her|us|them|on|at|is|was|no|number|num|back|please|pls|my|the|mob|mobile)|\s*[:=.#\-])*\s*(\d(?:[ .\-]?\d){5,12})(?:\D|$)`)},
	}
	late = []shape{
		{of: HospitalNumber, digits: true, accept: fourDigits,
			expr:  regexp.MustCompile(`\b(?:(?:hosp(?:ital)?|mrn|pas|district|case ?note|unit|patient|pt|client|record|rio|emis|systmone|s1|cerner|epic|lorenzo|chi|k)\s*(?:no|num|number|id|#|identifier)|mrn|hosp)\b(?:[ :#=.\-]|\bis\b|\bwas\b)*([a-z]{0,3}[ \-]?\d{4,10}[a-z]?)\b`),
			hints: []string{"no", "num", "id", "#", "mrn", "hosp"}},
		{of: HospitalNumber, digits: true, accept: notOtherwise, expr: regexp.MustCompile(`\b([a-z]\d{6,7}[a-z]?)\b`)},
	}
	phoneCues = []string{"call", "ring", "tel", "phone", "mob", "landline", "text", "txt", "whatsapp", "fax", "contact"}
)

// otherLabels are what stands before a number that identifies no person.
var otherLabels = regexp.MustCompile(`\b(?:ticket|asset|order|ref|reference|incident|inc|serial|job|invoice|po|tag|model|version|ver|build|kb|` +
	`case|request|req|change|chg|ritm|task|part|barcode|batch|lot|licence|license|key|product|meeting|conference|room|bed|bay|item|form|error|` +
	`code|extension|ext|bleep|printer|pc|device|machine|stock|requisition|purchase|quote|sn|datix|web|pump|cost ?centre|course|ods)` +
	`(?:\s+(?:no|number|num|id|is|was|code)|s?\s*[:#=.\-]|no)*\s*[:#=]?\s*$`)

// notOtherwise refuses a number that is labelled as something else, such as a ticket or an asset.
func notOtherwise(f *folded, from, _ int) bool {
	return !otherLabels.Match(f.text[max(0, from-40):from])
}

func digitsBetween(low, high int) func(*folded, int, int) bool {
	return func(f *folded, from, to int) bool {
		n := countDigits(f.text[from:to])
		return n >= low && n <= high
	}
}

func countDigits(text []byte) int {
	n := 0
	for _, b := range text {
		if b >= '0' && b <= '9' {
			n++
		}
	}
	return n
}

func fourDigits(f *folded, from, to int) bool { return countDigits(f.text[from:to]) >= 4 }

// likelyNI keeps words before spaced numbers ("at 10 20 30 a") out: with a space behind them the two letters must be
// capitals.
func likelyNI(f *folded, from, to int) bool {
	spaced := f.text[from+2] == ' '
	return !spaced || f.capital[from] && f.capital[from+1]
}
