package knowledge

import (
	"slices"
	"strings"
)

// An Entry is one thing we know. Its scope is a place; at an organisation the same slug is that organisation's own
// version of the national entry, and every field it leaves empty follows the national one.
type Entry struct {
	Slug     string `json:"slug"` // lower case words joined by hyphens, the same for good
	Title    string `json:"title,omitempty"`
	Kind     Kind   `json:"kind,omitempty"`
	Strand   string `json:"strand,omitempty"` // id of a Strand
	Topic    string `json:"topic,omitempty"`  // id of a Topic
	Domain   string `json:"domain,omitempty"` // one of the six of the capability framework: CCP, TLS, IDM, CIS, TP, DIW
	Level    Level  `json:"level,omitempty"`
	Audience []Role `json:"audience,omitempty"` // empty or [all-staff] means everyone
	// Systems are names of the glossary.
	Systems []string `json:"systems,omitempty"`
	Next    string   `json:"next,omitempty"`   // slug of the entry to read next
	Owner   string   `json:"owner,omitempty"`  // who keeps it true
	Review  string   `json:"review,omitempty"` // when to look at it again, 2027-05-31

	// Answer and Fallback ("if it does not work") are light text, see chat.Parse: steps, points, paragraphs. A name in
	// braces, {roster-team}, stands for a local detail.
	Answer   string `json:"answer,omitempty"`
	Fallback string `json:"fallback,omitempty"`

	Resources []Resource `json:"resources,omitempty"`
	Local     []string   `json:"local,omitempty"` // keys of the local details it needs
	Phrasings []Phrasing `json:"phrasings,omitempty"`
	Solved    *Solved    `json:"solved,omitempty"` // for the kind SolvedHere

	// What the base knows about the entry; not part of what a curator writes.
	Place   string `json:"-"` // its scope
	Version int    `json:"-"`
	State   State  `json:"-"`
	Pack    string `json:"-"` // the pack it came with, or ""
	// Follows says that this is an organisation's own version of an entry from further up.
	Follows bool `json:"-"`
}

// Kind says what sort of answer an entry gives.
type Kind string

// The kinds of Entry.
const (
	HowTo      Kind = "how-to"
	Pointer    Kind = "resource"
	Policy     Kind = "policy"
	Contact    Kind = "contact"
	SolvedHere Kind = "solved-here"
)

// State says who can see an entry: a draft only curators, a live one everybody, a retired one nobody.
type State string

// The states of an Entry.
const (
	Draft   State = "draft"
	Live    State = "live"
	Retired State = "retired"
)

// Level says how far along a person should be.
type Level string

// The levels of an Entry.
const (
	Start      Level = "start"
	Confident  Level = "confident"
	HelpOthers Level = "help-others"
)

// A Role is a word of the audience vocabulary, such as "nurses".
type Role string

// AllStaff is the Role that everybody has.
const AllStaff Role = "all-staff"

// A Phrasing is one way people ask for an entry.
type Phrasing struct {
	Kind PhrasingKind `json:"kind"`
	Text string       `json:"text"`
}

// PhrasingKind says how a phrasing is put, so that a curator sees which kinds are thin.
type PhrasingKind string

// The kinds of Phrasing, in the order files keep them.
const (
	Goal     PhrasingKind = "goal"
	Symptom  PhrasingKind = "symptom"
	OnScreen PhrasingKind = "on the screen"
	Slang    PhrasingKind = "slang"
	Unnamed  PhrasingKind = "without the name"
)

// PhrasingKinds lists the kinds in order.
var PhrasingKinds = []PhrasingKind{Goal, Symptom, OnScreen, Slang, Unnamed}

// A Resource is a link, document, course, drop-in, team or contact that an entry points to.
type Resource struct {
	Name   string `json:"name" yaml:"name"`
	Kind   string `json:"kind,omitempty" yaml:"kind,omitempty"` // link if empty
	URL    string `json:"url,omitempty" yaml:"url,omitempty"`
	Owner  string `json:"owner,omitempty" yaml:"owner,omitempty"`
	Cost   string `json:"cost,omitempty" yaml:"cost,omitempty"`
	Access string `json:"access,omitempty" yaml:"access,omitempty"`
	// Seen says what of it the writer saw; Checked is the day a link check last found it there, 2026-11-23.
	Seen    Seen   `json:"seen,omitempty" yaml:"seen,omitempty"`
	Checked string `json:"checked,omitempty" yaml:"checked,omitempty"`
	// Landing marks a general front page, from which a person must find their own way.
	Landing bool `json:"landing,omitempty" yaml:"landing,omitempty"`
}

// Seen says what a writer saw of a resource before pointing to it.
type Seen string

// What can have been seen: the page itself, the site but not the page, a copy of the page elsewhere, nothing.
const (
	SeenPage Seen = "page"
	SeenSite Seen = "site"
	SeenCopy Seen = "copy"
	NotSeen  Seen = "no"
)

// A Solved says who has solved a problem already.
type Solved struct {
	Organisation string `json:"organisation" yaml:"organisation"`
	Did          string `json:"did" yaml:"did"`
	Product      string `json:"product,omitempty" yaml:"product,omitempty"`
	Contact      string `json:"contact,omitempty" yaml:"contact,omitempty"`
	Date         string `json:"date,omitempty" yaml:"date,omitempty"`
}

// For reports whether the entry is meant for people of a role; an unknown role ("") is welcome everywhere.
func (e *Entry) For(role Role) bool {
	return role == "" || len(e.Audience) == 0 || slices.Contains(e.Audience, AllStaff) || slices.Contains(e.Audience, role)
}

// follow fills what e leaves empty from the entry it is a version of. Phrasings of both find it.
func (e Entry) follow(above *Entry) Entry {
	merged := *above
	merged.Place, merged.Version, merged.State, merged.Pack = e.Place, e.Version, e.State, e.Pack
	merged.Follows = true
	overlay(&merged.Title, e.Title)
	overlay(&merged.Kind, e.Kind)
	overlay(&merged.Strand, e.Strand)
	overlay(&merged.Topic, e.Topic)
	overlay(&merged.Domain, e.Domain)
	overlay(&merged.Level, e.Level)
	overlay(&merged.Next, e.Next)
	overlay(&merged.Owner, e.Owner)
	overlay(&merged.Review, e.Review)
	overlay(&merged.Answer, e.Answer)
	overlay(&merged.Fallback, e.Fallback)
	overlay(&merged.Solved, e.Solved)
	overlayList(&merged.Audience, e.Audience)
	overlayList(&merged.Systems, e.Systems)
	overlayList(&merged.Resources, e.Resources)
	overlayList(&merged.Local, e.Local)
	merged.Phrasings = append(slices.Clip(merged.Phrasings), e.Phrasings...)
	return merged
}

// unlike undoes follow: it leaves out what e has in common with the entry it is a version of.
func (e Entry) unlike(above *Entry) Entry {
	leaveOut(&e.Title, above.Title)
	leaveOut(&e.Kind, above.Kind)
	leaveOut(&e.Strand, above.Strand)
	leaveOut(&e.Topic, above.Topic)
	leaveOut(&e.Domain, above.Domain)
	leaveOut(&e.Level, above.Level)
	leaveOut(&e.Next, above.Next)
	leaveOut(&e.Owner, above.Owner)
	leaveOut(&e.Review, above.Review)
	leaveOut(&e.Answer, above.Answer)
	leaveOut(&e.Fallback, above.Fallback)
	leaveOutList(&e.Audience, above.Audience)
	leaveOutList(&e.Systems, above.Systems)
	leaveOutList(&e.Resources, above.Resources)
	leaveOutList(&e.Local, above.Local)
	if e.Solved != nil && above.Solved != nil && *e.Solved == *above.Solved {
		e.Solved = nil
	}
	var own []Phrasing
	for _, p := range e.Phrasings {
		if !slices.Contains(above.Phrasings, p) {
			own = append(own, p)
		}
	}
	e.Phrasings = own
	return e
}

func leaveOut[T comparable](own *T, above T) {
	var empty T
	if *own == above {
		*own = empty
	}
}

func leaveOutList[T comparable](own *[]T, above []T) {
	if slices.Equal(*own, above) {
		*own = nil
	}
}

func overlay[T comparable](below *T, own T) {
	var empty T
	if own != empty {
		*below = own
	}
}

func overlayList[T any](below *[]T, own []T) {
	if len(own) > 0 {
		*below = own
	}
}

// LocalKeys lists the local details that the entry names, each once: those it declares, then those in its text.
func (e *Entry) LocalKeys() []string {
	keys := slices.Clone(e.Local)
	for _, text := range []string{e.Answer, e.Fallback} {
		for _, key := range bracedNames(text) {
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// bracedNames lists the names in braces in a text.
func bracedNames(text string) []string {
	var names []string
	for {
		_, after, ok := strings.Cut(text, "{")
		if !ok {
			return names
		}
		name, rest, ok := strings.Cut(after, "}")
		if !ok {
			return names
		}
		names, text = append(names, name), rest
	}
}
