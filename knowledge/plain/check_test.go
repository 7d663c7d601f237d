package plain

import "testing"

const twenty = "one two three four five six seven eight nine ten one two three four five six seven eight nine ten"

// checks are texts and what is found in them, as "rule: where", one to a line.
var checks = []struct{ name, text, want string }{
	{"empty", "", ""},
	{"plain", "1. Open Loop on your phone.\n2. Ask {roster-team}.", ""},
	{"20 words pass", twenty + ".", ""},
	{"21 words do not", twenty + " ten.", "sentence-length: " + twenty + " ten."},
	{"a local key is two words", "{it-desk} " + twenty[4:] + ".", "sentence-length: {it-desk} " + twenty[4:] + "."},
	{"a name is one word", "Employee Online " + twenty[4:] + ".", ""},
	{"headings do not count", "# " + twenty + " CLICK HERE!", ""},
	{"a line ends a sentence", "- " + twenty + "\n- " + twenty, ""},
	{"hard words", "Organisational interdependencies complicate standardisation.",
		"long-word: Organisational\nlong-word: interdependencies\n" +
			"reading-age: Organisational interdependencies complicate standardisation."},
	{"names are never hard", "Log in to Employee Online or HealthRoster or NHS.net Connect.", ""},
	{"unknown acronym, once", "Get an MFA code. Then put the MFA code in.", "acronym: Get an MFA code."},
	{"known acronyms", "Ask the NHS, your GPs or the GP's desk. COVID-19 too.", ""},
	{"a name is no acronym", "Open EMIS, EMIS's page, RiO or EASY.", ""},
	{"spelt out in front", "Set up multi-factor authentication (MFA). Then the MFA code comes.", ""},
	{"spelt out behind", "Set up MFA (multi-factor authentication) now. Then use MFA.", ""},
	{"spelt out too late", "Use MFA. We now say to all that it is multi-factor authentication (MFA).", "acronym: Use MFA."},
	{"brackets that do not spell", "Ask your manager (HR) now.", "acronym: Ask your manager (HR) now."},
	{"brackets by chance", "Ask her manager (HR) now.", "acronym: Ask her manager (HR) now."},
	{"small words skipped", "Use the Data Security and Protection Toolkit (DSPT). We like the DSPT.", ""},
	{"letters inside words", "It is on the list of the Federation for Informatics Professionals (FEDIP). We are all on it.", ""},
	{"plural spelt out", "See the allied health professionals (AHPs). One AHP will do.", ""},
	{"mixed case", "Use ePMA, A&E and ICD-10.", "acronym: Use ePMA, A&E and ICD-10.\n" +
		"acronym: Use ePMA, A&E and ICD-10.\nacronym: Use ePMA, A&E and ICD-10."},
	{"not acronyms", "OneDrive, NHSmail, SystmOne, an X-ray and OK.", ""},
	{"click here", "To see more, click here.", "click-here: click here"},
	{"link text", "See [here](https://www.nhs.uk/a) or [the leave form](https://www.nhs.uk/b).", "click-here: here"},
	{"here alone is fine", "Here you see your shifts. They are all here.", ""},
	{"bare links", "Go to https://a.nhs.uk/x?y=1. Or www.nhs.uk, or nhs.uk (gov.uk/leave).",
		"bare-link: https://a.nhs.uk/x?y=1\nbare-link: www.nhs.uk\nbare-link: nhs.uk\nbare-link: gov.uk/leave"},
	{"not links", "Write to report@phishing.gov.uk. Look on GOV.UK or NHS.net Connect at 10.30 or so.", ""},
	{"whose e-mail it is", "Use your nhs.net account.", ""},
	{"dots in an acronym", "Ask the G.P. for it.", ""},
	{"exclamation mark", "Well done! You are in.", "shouting: Well done!"},
	{"shouting", "Please DO NOT SHARE it with the NHS.", "shouting: DO NOT SHARE"},
	{"shouting a long word", "This is VALUABLE to the NHS GP.", "shouting: VALUABLE"},
	{"shouting with an acronym", "ASK YOUR NHS TEAM now.", "shouting: ASK YOUR NHS TEAM"},
	{"emoji", "Good 👍🏽 and done 🎉✅.", "emoji: 👍🏽\nemoji: 🎉✅"},
	{"emoji alone on a line", "👩‍⚕️", "emoji: 👩‍⚕️"},
	{"not emoji", "Go to File → Open™ • 5 × 3 ✓ café", ""},
	{"jargon", "Utilise it prior to lunch, in order to rest.", "jargon: Utilise\njargon: prior to\njargon: in order to"},
	{"forms of jargon", "He utilised it. She is utilizing it. They commenced.", "jargon: utilised\njargon: utilizing\njargon: commenced"},
	{"belittling", "Simply log in. It's just easy, of course.", "belittling: Simply\nbelittling: just\nbelittling: easy\nbelittling: of course"},
	{"not belittling", "Ask for easy read. A just culture is not easy. Open EASY as soon as you know.", ""},
	{"EASY is a name, Easy is not", "Easy does it.", "belittling: Easy"},
}

func TestCheck(t *testing.T) {
	c := checker()
	for _, test := range checks {
		t.Run(test.name, func(t *testing.T) {
			if got := found(c.Check(test.text)); got != test.want {
				t.Errorf("%q:\ngot  %q\nwant %q", test.text, got, test.want)
			}
		})
	}
}
