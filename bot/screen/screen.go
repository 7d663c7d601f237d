// Package screen reads a message before anything else does: it masks what identifies a person, then says whether the
// message must be stopped and sent to a human instead of being answered. It is pure text work in memory: no clock, no
// file, no network.
//
// Start from [Mask], and give its Text to [Stop]:
//
//	masked := screen.Mask(text)
//	if masked.Empty() { ... }              // only identifiers were typed
//	reason, stopped := screen.Stop(masked.Text)
//
// A program that has an encoder asks [StopWith] instead: the same stops for the same reasons, and more, for what a message
// means. meaning.go says how, and why what it was fitted to is shipped ready.
//
// [Explain] says in plain words which rule stopped a message. The rules themselves are the text files in rules/, written
// to be read and signed by a clinical safety officer; rules/guide.txt says how to read them.
package screen

import "strings"

// Reason says why a message is not answered.
type Reason string

// The reasons in order of precedence: when several apply, the first of them is given.
const (
	Urgent            Reason = "urgent"              // a clinical emergency, violence, fire or fresh medicine error
	Distress          Reason = "distress"            // a member of staff is in crisis
	Safeguarding      Reason = "safeguarding"        // abuse, neglect, whistleblowing, bullying, harm at work
	Clinical          Reason = "clinical"            // asks for a clinical judgement
	EmptyAfterMasking Reason = "empty-after-masking" // nothing but identifiers was typed; see Masked.Empty
)

// Identifier names a kind of thing that was masked. Its value is the plain wording used on screen, such as "an NHS
// number".
type Identifier string

// What Mask looks for.
const (
	NHSNumber      Identifier = "an NHS number"
	DateOfBirth    Identifier = "a date of birth"
	Phone          Identifier = "a phone number"
	Email          Identifier = "an email address"
	Address        Identifier = "an address or postcode"
	Password       Identifier = "a password or PIN"
	HospitalNumber Identifier = "a hospital number"
	NINumber       Identifier = "a National Insurance number"
	StaffPIN       Identifier = "a professional registration number"
	SmartcardUUID  Identifier = "a smartcard number"
	PatientName    Identifier = "a patient's name"
)

// Masked is a message whose identifiers were replaced.
type Masked struct {
	Text  string       // the message with bracketed words such as "[NHS number]"; unchanged if nothing was found
	Found []Identifier // distinct, in order of first appearance; nil if nothing was found. The caller owns it
}

// Mask replaces each identifier in text with a bracketed word. It is idempotent: a bracketed word already in text is
// kept and counted as found. Invalid UTF-8 is kept as it is. Safe for concurrent use.
func Mask(text string) Masked {
	found := newFolded(text)
	for range maxPasses {
		before := len(found.hits)
		for _, detect := range detectors {
			detect(found)
		}
		if len(found.hits) == before {
			break
		}
	}
	return found.masked()
}

// Empty reports whether nothing is left to answer: something was masked, and what remains is only bracketed words,
// labels ("nhs no", "dob"), courtesies and punctuation.
func (m Masked) Empty() bool {
	if len(m.Found) == 0 {
		return false
	}
	rest := m.Text
	for _, p := range placeholders {
		rest = strings.ReplaceAll(rest, p.word, " ")
	}
	book := rules()
	for _, word := range splitWords(rest) {
		if !book.saysNothing[word] {
			return false
		}
	}
	return true
}

// Stop says whether a message, already masked, must not be answered, and why. Urgent wins over distress, distress over
// safeguarding, safeguarding over clinical. It never returns EmptyAfterMasking. Safe for concurrent use.
func Stop(text string) (Reason, bool) {
	hit := rules().stop(text)
	if hit == nil {
		return "", false
	}
	return hit.rule.reason, true
}

// Explain says which rule stops a masked message, in plain words for a clinical safety officer or a curator, with the
// words that set it off. It returns "" if the message is not stopped. Safe for concurrent use.
func Explain(text string) string {
	hit := rules().stop(text)
	if hit == nil {
		return ""
	}
	return string(hit.rule.reason) + ": " + hit.rule.why + " (words: " + strings.Join(hit.words(), " … ") + "; rule: " +
		hit.rule.source + ")"
}
