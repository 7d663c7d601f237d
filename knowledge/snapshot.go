package knowledge

import (
	"cmp"
	"maps"
	"runtime/debug"
	"slices"
	"strings"

	"signpost/knowledge/encoder"
	"signpost/knowledge/match"
	"signpost/knowledge/place"
)

// A Snapshot is the base at one moment: every entry, place, topic and word, and the index that finds them. It is
// immutable and safe for concurrent use.
type Snapshot struct {
	Places    *place.Tree
	Strands   []Strand
	LocalKeys []LocalKey
	Terms     []Term
	Golden    []Golden

	revision int64
	kept     map[entryKey]*kept
	byID     map[string]*kept    // live ones, by the index's id
	placesOf map[string][]string // slug -> places with a live version
	nation   string              // the place that most entries belong to
	local    map[string]bool     // ids of entries of which not everybody in the nation sees the same version
	glossary *match.Glossary
	asides   []*match.Document
	index    *match.Index
	model    *encoder.Model // nil for words alone
	weights  *match.Weights
	fit      string  // names what the weights were learnt from
	known    *stored // while loading: what was encoded before
}

type entryKey struct{ slug, place string }

// kept is an entry as stored, and as it is answered from: merged with the one it follows, and analysed.
type kept struct {
	own    Entry
	merged *Entry
	doc    *match.Document
}

func keep(e Entry) *kept { return &kept{own: e} }

// asidePrefix starts the index's ids of asides; an entry's id is slug@place, and a slug has no colon.
const asidePrefix = "aside:"

func (k entryKey) id() string { return k.slug + "@" + k.place }

// with makes the snapshot that has these entries instead; the map is its own from then on. Entries that are the same as
// before are not analysed again.
func (s *Snapshot) with(entries map[entryKey]*kept, revision int64) *Snapshot {
	next := *s
	next.kept, next.revision = entries, revision
	next.byID, next.placesOf = make(map[string]*kept, len(entries)), make(map[string][]string, len(entries))
	keys := make([]entryKey, 0, len(entries))
	for key, k := range entries {
		if k.own.State == Live {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b entryKey) int {
		return cmp.Or(cmp.Compare(a.slug, b.slug), cmp.Compare(a.place, b.place))
	})
	docs := make([]*match.Document, 0, len(keys)+len(s.asides))
	ready := make([]*kept, len(keys))
	onAllCores(len(keys), func(i int) { ready[i] = next.ready(entries[keys[i]]) })
	for i, key := range keys {
		k := ready[i]
		entries[key] = k
		if !k.merged.isWhole() {
			continue // an own version of an entry that is gone: it has nothing to say by itself
		}
		next.byID[k.doc.ID()] = k
		next.placesOf[key.slug] = append(next.placesOf[key.slug], key.place)
		docs = append(docs, k.doc)
	}
	next.findLocal()
	docs = append(docs, s.asides...)
	if s.index != nil {
		next.index = s.index.With(docs)
	} else {
		if len(docs) >= large {
			debug.FreeOSMemory() // of what reading left, or making an index would take its memory on top
		}
		next.index = s.weights.NewIndex(docs, s.glossary)
	}
	return &next
}

// findLocal lists the few entries of which people see one version or another, so that of all others it need not be asked.
func (s *Snapshot) findLocal() {
	nation, _ := s.Places.Nation()
	s.nation, s.local = nation.ID, map[string]bool{}
	for slug, places := range s.placesOf {
		if len(places) == 1 && places[0] == s.nation {
			continue
		}
		for _, at := range places {
			s.local[entryKey{slug, at}.id()] = true
		}
	}
}

// Try gives the base as it would be with an entry live as it stands, and nothing saved: for a preview, and to ask it
// questions.
func (s *Snapshot) Try(e Entry) *Snapshot {
	e.State = Live
	entries := maps.Clone(s.kept)
	entries[entryKey{e.Slug, e.Place}] = keep(e)
	return s.with(entries, s.revision)
}

// Trim leaves out of a place's own version of an entry what it has in common with the live entry it follows, so that it
// goes on following it there. An entry that follows none stays as it is.
func (s *Snapshot) Trim(e Entry) Entry {
	above := s.above(e)
	if above == nil {
		return e
	}
	return e.unlike(above)
}

// ready merges and analyses an entry, unless that was done already and still holds.
func (s *Snapshot) ready(k *kept) *kept {
	above := s.above(k.own)
	if above == nil && k.doc != nil && !k.merged.Follows {
		return k
	}
	done := &kept{own: k.own}
	done.merged = &done.own
	if above != nil {
		merged := k.own.follow(above)
		done.merged = &merged
	}
	done.doc = s.analyse(docOf(done.merged))
	return done
}

// encodeNow is how many texts may be encoded on the spot, a few milliseconds each: what one edited entry has. More wait for
// Learn.
const encodeNow = 64

// analyse reads a document, with its vectors where they can be had at once.
func (s *Snapshot) analyse(doc match.Doc) *match.Document {
	analysed := match.Analyse(doc, s.glossary)
	texts := doc.Texts()
	if s.model == nil || len(texts) == 0 {
		return analysed
	}
	if placed, ok := s.known.placed(analysed); ok {
		return placed
	}
	vectors, ok := s.known.vectors(s.model, texts)
	if !ok {
		return analysed
	}
	return analysed.WithVectors(vectors, s.weights.Space)
}

// above finds the live entry that e is a place's own version of.
func (s *Snapshot) above(e Entry) *Entry {
	for _, at := range s.Places.Chain(e.Place) {
		if at == e.Place {
			continue
		}
		if k, ok := s.kept[entryKey{e.Slug, at}]; ok && k.own.State == Live {
			if further := s.above(k.own); further != nil {
				merged := k.own.follow(further)
				return &merged
			}
			return &k.own
		}
	}
	return nil
}

func docOf(e *Entry) match.Doc {
	doc := match.Doc{ID: entryKey{e.Slug, e.Place}.id(), Title: e.Title, Systems: e.Systems,
		Answer: e.Answer + "\n" + e.Fallback}
	for _, p := range e.Phrasings {
		doc.Phrasings = append(doc.Phrasings, p.Text)
	}
	for _, r := range e.Resources {
		doc.Answer += "\n" + r.Name
	}
	if e.Solved != nil {
		doc.Answer += "\n" + strings.Join([]string{e.Solved.Organisation, e.Solved.Did, e.Solved.Product}, "\n")
	}
	return doc
}

// Entry gives the live entry with this slug as people at home see it: the version of the nearest place.
func (s *Snapshot) Entry(slug, home string) (*Entry, bool) {
	for _, at := range s.Places.Chain(home) {
		if k, ok := s.byID[entryKey{slug, at}.id()]; ok {
			return k.merged, true
		}
	}
	return nil, false
}

// Entries lists the live entries that people at home see, by topic and then title.
func (s *Snapshot) Entries(home string) []*Entry {
	var all []*Entry
	for slug := range s.placesOf {
		if e, ok := s.Entry(slug, home); ok {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b *Entry) int {
		return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Slug, b.Slug))
	})
	return all
}

// All lists every entry of every place in every state, as stored, by slug and place.
func (s *Snapshot) All() []Entry {
	all := make([]Entry, 0, len(s.kept))
	for _, k := range s.kept {
		all = append(all, k.own)
	}
	slices.SortFunc(all, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Slug, b.Slug), cmp.Compare(a.Place, b.Place))
	})
	return all
}

// Own gives an entry as stored at a place, in any state, not merged with what it follows.
func (s *Snapshot) Own(slug, at string) (Entry, bool) {
	k, ok := s.kept[entryKey{slug, at}]
	if !ok {
		return Entry{}, false
	}
	return k.own, true
}

// Topic gives a topic and its strand.
func (s *Snapshot) Topic(id string) (Topic, Strand, bool) {
	for _, strand := range s.Strands {
		for _, topic := range strand.Topics {
			if topic.ID == id {
				return topic, strand, true
			}
		}
	}
	return Topic{}, Strand{}, false
}

// LocalKey gives the local detail that entries name by key.
func (s *Snapshot) LocalKey(key string) (LocalKey, bool) {
	i := slices.IndexFunc(s.LocalKeys, func(k LocalKey) bool { return k.Key == key })
	if i < 0 {
		return LocalKey{}, false
	}
	return s.LocalKeys[i], true
}

// AsideReasons lists the reasons of the asides that are matched beside the entries.
func (s *Snapshot) AsideReasons() []string {
	reasons := make([]string, len(s.asides))
	for i, a := range s.asides {
		reasons[i] = strings.TrimPrefix(a.ID(), asidePrefix)
	}
	return reasons
}
