package knowledge

import "signpost/knowledge/place"

// A Strand is one of the three parts of the knowledge base.
type Strand struct {
	ID     string  `yaml:"id" json:"id"`
	Name   string  `yaml:"name" json:"name"`
	About  string  `yaml:"about" json:"about"`
	Topics []Topic `yaml:"topics" json:"topics"`
}

// A Topic is a shelf of 5 to 15 entries in a strand.
type Topic struct {
	ID    string `yaml:"id" json:"id"`
	Name  string `yaml:"name" json:"name"`
	About string `yaml:"about" json:"about"`
}

// A LocalKey is a local detail that entries may name: how a sentence shows it, and what an organisation fills in.
type LocalKey struct {
	Key  string `yaml:"key" json:"key"`
	Name string `yaml:"name" json:"name"` // "your roster team"
	Ask  string `yaml:"ask" json:"ask"`
}

// A Term is a word of the glossary.
type Term struct {
	Name  string   `yaml:"name" json:"name"`
	Full  string   `yaml:"full,omitempty" json:"full,omitempty"`
	Kind  TermKind `yaml:"kind" json:"kind"`
	Means string   `yaml:"means" json:"means"`
	Also  []string `yaml:"also,flow,omitempty" json:"also,omitempty"`   // other names
	Was   []string `yaml:"was,flow,omitempty" json:"was,omitempty"`     // names that are no longer right
	Typed []string `yaml:"typed,flow,omitempty" json:"typed,omitempty"` // misspellings
	// Either lists the slugs that share the word: asked alone, the bot asks which is meant.
	Either []string `yaml:"either,flow,omitempty" json:"either,omitempty"`
}

// TermKind says what sort of word a Term is.
type TermKind string

// The kinds of Term.
const (
	SystemTerm  TermKind = "system"
	AcronymTerm TermKind = "acronym"
	WordTerm    TermKind = "word"
)

// A Pack is a set of entries with an id and a version, and what they need: topics, local keys, words, places. Entries of
// a pack belong to the nation.
type Pack struct {
	ID        string
	Version   string
	Entries   []Entry
	Strands   []Strand
	LocalKeys []LocalKey
	Terms     []Term
	Golden    []Golden
	Places    []place.Place // parents first
}
