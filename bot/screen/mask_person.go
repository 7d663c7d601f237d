package screen

import (
	"bytes"
	"regexp"
)

const (
	month   = `(?:jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`
	day     = `\d{1,2}\s?(?:st|nd|rd|th)?`
	year    = `(?:'?\d{4}|'?\d{2})`
	numeric = `\d{1,2}\s?[/.\- ]\s?\d{1,2}\s?[/.\- ]\s?` + year + `|\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}`
	wordy   = day + `[ \-/]?(?:of )?` + month + `\.?[ ,\-/]*` + year + `|` + month + `\.?[ \-]` + day + `,?[ ,\-]+` + year
	dates   = `(?:` + numeric + `|` + wordy + `)`
	dobCue  = `\b(?:d\.?o\.?b\.?|date of birth|birth ?date|birth ?day|bday|birth|born)(?:\s*(?:is|was|of|on|in|the|about|:|=|-|;|,|\(|as|approx))*\s*`
)

var (
	dobLabelled = regexp.MustCompile(dobCue + `(` + dates + `|` + day + `[ \-/]?(?:of )?` + month + `|\d{8}|\d{6}|(?:19|20)\d\d)\b`)
	dobBefore   = regexp.MustCompile(`\b(` + dates + `)\s*[,(\-]?\s*(?:is |was |as |for )?(?:the |her |his |their |a |pts? )*(?:d\.?o\.?b|date of birth|birth ?date|birth ?day)\b`)
	dobFar      = regexp.MustCompile(`\b(?:d\.?o\.?b\.?|date of birth)(?:\s+[a-z\x02']+){1,5}?\s+(` + dates + `)\b`)
	oldDate     = regexp.MustCompile(`\b(\d{1,2}[/.\-]\d{1,2}[/.\-]19\d\d|\d{1,2}\s?(?:st|nd|rd|th)?[ \-]` + month + `[ \-]19\d\d|19\d\d-\d{1,2}-\d{1,2})\b`)
	personCue   = regexp.MustCompile(`\b(?:pts?|patients?|residents?|clients?|him|her|he|she|his|baby|mrs?|miss|ms|pds|trace|nhs|lady|gentleman|man|woman|child)\b`)
)

// maskBirthDates masks a date labelled as a birth date, and a full date of the last century in a message about a
// person; other dates are meetings.
func maskBirthDates(f *folded) {
	if !f.digits {
		return
	}
	if f.hasAny([]string{"dob", "d.o.b", "birth", "born", "bday"}) {
		for _, expr := range []*regexp.Regexp{dobLabelled, dobBefore, dobFar} {
			f.hideAll(DateOfBirth, expr)
		}
	}
	if f.hasAny([]string{"19"}) && personCue.Match(f.text) {
		f.hideAll(DateOfBirth, oldDate)
	}
}

func (f *folded) hideAll(of Identifier, expr *regexp.Regexp) {
	for _, at := range expr.FindAllSubmatchIndex(f.text, -1) {
		if at[2] >= 0 {
			f.hide(found{of: of, from: at[2], to: at[3]})
		}
	}
}

const (
	streetWord = `(?:street|st|road|rd|avenue|ave|av|lane|ln|close|cl|drive|dr|way|court|crt|ct|crescent|cres|gardens?|gdns|terrace|place|grove|hill|` +
		`park|walk|mews|square|sq|row|green|view|rise|parade|crossing|wharf|quay|villas?|cottages?|estate|broadway|embankment)`
	house    = `(?:(?:flat|apt|apartment|unit|room)\s?\d{1,4}[a-z]?,?\s+)?\d{1,4}[a-z]?,?\s+(?:[a-z']+\s+){1,3}?` + streetWord + `\b`
	postcode = `(?:[a-z]{1,2}\d[a-z\d]?\s{0,2}\d[a-z]{2})`
)

var (
	streetAndCode = regexp.MustCompile(`\b(` + house + `(?:[ ,.]+[a-z'\-]+){0,4}?[ ,.]+` + postcode + `)\b`)
	livesStreet   = regexp.MustCompile(`\b(?:lives?|living|live|address|addr|home|resides?|residing|stays?|staying|moved|visit|visiting|discharged|discharge)\b(?:\s+(?:at|to|is|in|now|on|with|address)|\s*[:=,\-])*\s*(` + house + `(?:,\s?[a-z]+)?)`)
	livesCode     = regexp.MustCompile(`\b(?:lives?|living|address|addr|resides?)(?:\s+(?:at|is|in))?\s*[:=]?\s+((?:[a-z0-9'\-]+[ ,.]+){0,8}?` + postcode + `)\b`)
	labelledCode  = regexp.MustCompile(`\b(?:post ?code|p/code|pc)(?:\s*(?:is|was|of|:|=|-))*\s*(` + postcode + `)\b`)
	bareCode      = regexp.MustCompile(`\b(` + area + `\d[a-z\d]?\s?\d[abd-hjlnp-uw-z]{2})\b`)
	notPostcode   = regexp.MustCompile(`\d(?:st|nd|rd|th|hr|yr|ft|gb|tb|ed|pt|bn|ph|wd|ls|ds)$`)
)

// area is the list of UK postcode areas.
const area = `(?:ab|al|ba|bb|bd|bh|bl|bn|br|bs|bt|ca|cb|cf|ch|cm|co|cr|ct|cv|cw|da|dd|de|dg|dh|dl|dn|dt|dy|ec|eh|en|ex|fk|fy|gl|gu|gy|ha|hd|hg|hp|hr|` +
	`hs|hu|hx|ig|im|ip|iv|je|ka|kt|kw|ky|la|ld|le|ll|ln|ls|lu|me|mk|ml|ne|ng|nn|np|nr|nw|ol|ox|pa|pe|ph|pl|po|pr|rg|rh|rm|sa|se|sg|sk|sl|sm|sn|so|sp|` +
	`sr|ss|st|sw|sy|ta|td|tf|tn|tq|tr|ts|tw|ub|wa|wc|wd|wf|wn|wr|ws|wv|yo|ze|[beglmnsw])`

// maskAddresses masks a house and street with a postcode, a street someone is said to live in, and a real postcode on
// its own; road names (the M1) and rooms stay.
func maskAddresses(f *folded) {
	if !f.digits {
		return
	}
	f.hideAll(Address, streetAndCode)
	if f.hasAny([]string{"liv", "addr", "home", "resid", "stay", "moved", "visit", "discharge"}) {
		f.hideAll(Address, livesCode)
		f.hideAll(Address, livesStreet)
	}
	if f.hasAny([]string{"post", "code", "pc"}) {
		f.hideAll(Address, labelledCode)
	}
	for _, at := range bareCode.FindAllSubmatchIndex(f.text, -1) {
		if !notPostcode.Match(f.text[at[2]:at[3]]) && notOtherwise(f, at[2], at[3]) {
			f.hide(found{of: Address, from: at[2], to: at[3]})
		}
	}
}

const (
	title   = `(?:mr|mrs|ms|miss|mx|master|mister|missus)`
	surname = `[a-z][a-z'\-]*`
)

var (
	titled     = regexp.MustCompile(`\b(` + title + `\.?\s+` + surname + `)(?:\s+(` + surname + `))?`)
	patientCue = regexp.MustCompile(`\b(?:bed|bay|ward|pts?|patients?|residents?|side ?room|cubicle)\b`)
	// staffAfterCue: a cue followed by one of these names a role, a team or a record, not someone's bed.
	staffAfterCue = regexp.MustCompile(`^'?s?\s+(?:clerk|manager|sister|matron|nurse|receptionist|secretary|safety|experience|records?|access|flow|services|` +
		`admin|coordinator|co-ordinator|pharmacist|team|office|list|system|app|portal|liaison|transport|relations|advice|housekeeper|round|doctor|lead|hub|whiteboard)\b`)
	nameLinks = wordSet("in on at from of who whose is was has had and or cant wont isnt doesnt the to for with says said needs wants keeps not bed bay ward room pt patient resident wasnt hasnt still her his about by after off just did does bed's side cubicle now")
	// notNames are products and words behind "ms" and "miss".
	notNames = wordSet("teams word excel office outlook forms project access edge windows authenticator planner my the a an any out shift shifts this that it")
	// cueReach is how far, in bytes, a cue may stand from the name: about five words.
	cueReach = 30
)

// maskNames applies the one rule for names: a title and surname beside a patient cue. Elsewhere it is a colleague.
func maskNames(f *folded) {
	if !f.hasAny([]string{"mr", "ms", "miss", "mx", "master", "mister"}) || !f.hasAny([]string{"bed", "bay", "ward", "pt", "patient", "resident", "room", "cubicle"}) {
		return
	}
	for _, at := range titled.FindAllSubmatchIndex(f.text, -1) {
		from, to := at[2], at[3]
		if notNames[string(bytes.Fields(f.text[from:to])[1])] {
			continue
		}
		if at[4] >= 0 && !nameLinks[string(f.text[at[4]:at[5]])] && f.nameGoesOn(at[4], at[5]) {
			to = at[5]
		}
		if f.cueBeside(from, to) {
			f.hide(found{of: PatientName, from: from, to: to})
		}
	}
}

// nameGoesOn: the second word is part of the name if it has a capital or what follows is a cue or a preposition.
func (f *folded) nameGoesOn(from, to int) bool {
	if f.capital[from] {
		return true
	}
	next := bytes.Fields(f.text[to:min(len(f.text), to+20)])
	return len(next) > 0 && wordsAfterName[string(next[0])]
}

var wordsAfterName = wordSet("in on at from bed bay ward room")

func (f *folded) cueBeside(from, to int) bool {
	return f.cueIn(max(0, from-cueReach), from) || f.cueIn(to, min(len(f.text), to+cueReach))
}

func (f *folded) cueIn(from, to int) bool {
	for _, at := range patientCue.FindAllIndex(f.text[from:to], -1) {
		if !staffAfterCue.Match(f.text[from+at[1]:]) {
			return true
		}
	}
	return false
}
