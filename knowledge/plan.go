package knowledge

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// A Row is an entry as read from a file, to be looked at by Snapshot.Preview.
type Row struct {
	Where string // what a person finds it by: "Row 14", "roster.md"
	// Entry's place may be an id, code or name; "" is the place of the import. A state of "" keeps the one it has.
	Entry Entry
	// Set, where not nil, puts what the file says into an entry that is there already: columns that the file lacks stay as
	// they are. nil means that Entry is the whole of it.
	Set func(e *Entry)
	// Version, if not 0, is the version that the row was made from.
	Version int
	Faults  []Fault
}

// A Fault is what must be mended in a file before anything of it can be put in.
type Fault struct {
	Where  string `json:"where"`            // "Row 14"; "" for the file as a whole
	Column string `json:"column,omitempty"` // as a curator calls it
	Says   string `json:"says"`
}

// NewFault makes a fault; what it quotes of a file is cut where nobody would read on.
func NewFault(where, column, says string, args ...any) Fault {
	for i, arg := range args {
		if text := []rune(fmt.Sprintf("%v", arg)); len(text) > longestQuote {
			args[i] = string(text[:longestQuote]) + "..."
		}
	}
	return Fault{where, column, fmt.Sprintf(says, args...)}
}

const longestQuote = 300

// String is the fault as a person reads it: Row 14, column review date: write the day as 2027-05-31.
func (f Fault) String() string {
	where := f.Where
	if where == "" {
		where = "The file"
	}
	if f.Column != "" {
		where += ", column " + f.Column
	}
	return where + ": " + f.Says
}

// What a planned row does.
type Effort string

// The kinds of Effort.
const (
	Adds    Effort = "added"
	Changes Effort = "changed"
	Keeps   Effort = "unchanged"
)

// A Planned is a row, and what putting it in would do.
type Planned struct {
	Where   string
	Effort  Effort
	Entry   Entry  // as it would be, its Version the one that stands now
	Before  Entry  // as it stands; of a new one empty
	Warning string // such as that somebody changed the entry since the file was made; "" for none
}

// A Preview is what putting rows in would do. With faults nothing can be put in.
type Preview struct {
	Rows   []Planned // in the order of the file, without those that have faults
	Faults []Fault
	// Progress, if set, is told how many rows Base.Import has written.
	Progress func(done, all int)
}

// Count says how many rows do so.
func (p *Preview) Count(effort Effort) int {
	n := 0
	for _, row := range p.Rows {
		if row.Effort == effort {
			n++
		}
	}
	return n
}

// Places lists the places whose entries would be added or changed: whoever puts it in must be allowed to at each.
func (p *Preview) Places() []string {
	found := map[string]bool{}
	for _, row := range p.Rows {
		if row.Effort != Keeps {
			found[row.Entry.Place] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// Preview says what putting rows in would do, and what is wrong with them; nothing is changed. place is where rows belong
// that name none, "" for the nation; if it is given, a row of another place is a fault.
func (s *Snapshot) Preview(rows []Row, place string) *Preview {
	p := &planner{Snapshot: s, only: place, preview: &Preview{}, seen: map[Ref]string{}, places: map[string]string{}}
	after := *s // with all rows in, for what they refer to; never asked, so it needs no index
	after.kept = maps.Clone(s.kept)
	for _, row := range rows {
		if len(row.Faults) > 0 {
			p.preview.Faults = append(p.preview.Faults, row.Faults...)
			continue
		}
		if planned, ok := p.plan(row); ok {
			p.preview.Rows = append(p.preview.Rows, planned)
			after.kept[entryKey{planned.Entry.Slug, planned.Entry.Place}] = keep(planned.Entry)
		}
	}
	p.preview.Rows = slices.DeleteFunc(p.preview.Rows, func(row Planned) bool { return p.faulty(&after, row) })
	return p.preview
}

// planner looks at the rows of one file.
type planner struct {
	*Snapshot
	only    string
	preview *Preview
	seen    map[Ref]string    // where an entry stands in the file
	places  map[string]string // what a row calls a place -> its id
}

func (p *planner) fault(row, column, says string, args ...any) {
	p.preview.Faults = append(p.preview.Faults, NewFault(row, column, says, args...))
}

// plan works out what one row would do; ok is false if it cannot be told.
func (p *planner) plan(row Row) (Planned, bool) {
	at, ok := p.place(row)
	if !ok {
		return Planned{}, false
	}
	slug := strings.TrimSpace(row.Entry.Slug)
	if slug == "" {
		slug = Slug(row.Entry.Title)
	}
	ref := Ref{slug, at}
	if first, ok := p.seen[ref]; ok {
		p.fault(row.Where, "slug", "%q stands here twice: %s is the same entry. Take one out.", slug, first)
		return Planned{}, false
	}
	p.seen[ref] = row.Where
	before, there := p.Own(slug, at)
	next := row.Entry
	if row.Set != nil {
		next = before
		row.Set(&next)
	}
	next.Slug, next.Place, next.Version, next.Pack, next.Follows = slug, at, before.Version, before.Pack, false
	p.shelve(&next, before)
	if next.State = row.Entry.State; next.State == "" {
		next.State = before.State
	}
	if next.State == "" {
		next.State = Live
	}
	planned := Planned{Where: row.Where, Effort: Adds, Entry: next, Before: before}
	if there {
		planned.Effort = Changes
		if next.State == before.State && Alike(before, next) {
			planned.Effort, planned.Entry = Keeps, before
		} else if row.Version != 0 && row.Version != before.Version {
			planned.Warning = "Somebody changed this entry since the file was made. Look at what would be lost."
		}
	}
	return planned, true
}

// shelve takes a topic by its name as well as its id; a new topic brings its strand along, where the file says none.
func (p *planner) shelve(next *Entry, before Entry) {
	if next.Topic == before.Topic || next.Topic == "" {
		return
	}
	for _, strand := range p.Strands {
		for _, topic := range strand.Topics {
			if topic.ID != next.Topic && !strings.EqualFold(topic.Name, next.Topic) {
				continue
			}
			next.Topic = topic.ID
			if next.Strand == before.Strand {
				next.Strand = strand.ID
			}
			return
		}
	}
}

// place finds the id of the place that a row belongs to.
func (p *planner) place(row Row) (string, bool) {
	said := strings.TrimSpace(row.Entry.Place)
	if said == "" {
		said = p.only
	}
	if said == "" {
		nation, ok := p.Places.Nation()
		return nation.ID, ok
	}
	id, known := p.places[said]
	if !known {
		if at, ok := p.Places.Get(said); ok {
			id = at.ID
		} else if at, err := p.Places.Find(said); err == nil {
			id = at.ID
		}
		p.places[said] = id
	}
	switch {
	case id == "":
		p.fault(row.Where, "place", "There is no place %q. Use the name of one that exists.", said)
	case p.only != "" && id != p.only:
		p.fault(row.Where, "place", "This is for %q, but the file is put in for %q only.", id, p.only)
	default:
		return id, true
	}
	return "", false
}

// faulty notes what is wrong with a row that would change something. What it leaves as it was is not looked at: the file
// is not to blame for that.
func (p *planner) faulty(after *Snapshot, row Planned) bool {
	if row.Effort == Keeps {
		return false
	}
	found := len(p.preview.Faults)
	fault := func(column, says string, args ...any) { p.fault(row.Where, column, says, args...) }
	e, old := &row.Entry, &row.Before
	if e.Kind != old.Kind && !slices.Contains([]Kind{"", HowTo, Pointer, Policy, Contact, SolvedHere}, e.Kind) {
		fault("kind", "There is no kind %q. Use how-to, resource, policy, contact or solved-here.", e.Kind)
	}
	if e.Level != old.Level && !slices.Contains([]Level{"", Start, Confident, HelpOthers}, e.Level) {
		fault("level", "There is no level %q. Use start, confident or help-others.", e.Level)
	}
	if _, err := time.Parse(time.DateOnly, e.Review); e.Review != old.Review && e.Review != "" && err != nil {
		fault("review date", "%q is no day. Write it as 2027-05-31.", e.Review)
	}
	if _, _, ok := p.Topic(e.Topic); e.Topic != old.Topic && e.Topic != "" && !ok {
		fault("topic", "There is no topic %q. Use one that exists.", e.Topic)
	}
	if !slices.ContainsFunc(p.Strands, func(s Strand) bool { return s.ID == e.Strand }) && e.Strand != old.Strand && e.Strand != "" {
		fault("strand", "There is no strand %q. Use one that exists.", e.Strand)
	}
	if _, ok := after.nextStep(e); e.Next != old.Next && e.Next != "" && !ok {
		fault("next step", "There is no live entry %q, neither in the base nor in the file.", e.Next)
	}
	p.refuse(after, row, fault)
	return len(p.preview.Faults) > found
}

// refuse notes what the base itself would refuse.
func (p *planner) refuse(after *Snapshot, row Planned, fault func(column, says string, args ...any)) {
	e := &row.Entry
	switch err := e.valid(after); {
	case err == nil:
	case e.Slug == "" && e.Title != "":
		fault("slug", "It needs one, for none can be made of this title: lower case letters, digits and hyphens, 60 at most.")
	case !e.hasSlug():
		fault("slug", "%q needs lower case letters, digits and hyphens, 60 at most.", e.Slug)
	case e.State != Draft && e.State != Live && e.State != Retired:
		fault("state", "There is no state %q. Use draft, live or retired.", e.State)
	case e.Title == "":
		fault("title", "It needs a title.")
	default:
		fault("answer", "It needs an answer.")
	}
}

// nextStep finds the live entry that another names as its next step, in whichever place.
func (s *Snapshot) nextStep(e *Entry) (Entry, bool) {
	for _, at := range s.Places.Chain(e.Place) {
		if k, ok := s.kept[entryKey{e.Next, at}]; ok && k.own.State == Live {
			return k.own, true
		}
	}
	return Entry{}, false
}

// Slug makes a slug of a title: its letters and digits in small, joined by hyphens, 60 at most; "" if it has none.
func Slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(strings.NewReplacer("'", "", "’", "").Replace(title)), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	slug := ""
	for _, word := range words {
		longer := strings.TrimPrefix(slug+"-"+word, "-")
		if len(longer) > 60 {
			break
		}
		slug = longer
	}
	return slug
}

// FreeSlug makes a slug of a title that no entry has yet, at any place, with a number behind it where it must; "" if the
// title has no letters to make it of.
func (s *Snapshot) FreeSlug(title string) string {
	slug := Slug(title)
	taken := map[string]bool{}
	for key := range s.kept {
		taken[key.slug] = true
	}
	free := slug
	for n := 2; slug != "" && taken[free]; n++ {
		free = fmt.Sprintf("%.56s-%d", slug, n)
	}
	return strings.ReplaceAll(free, "--", "-")
}

// Alike reports whether two entries say the same to a curator: files of some kinds cannot keep the spaces around a line,
// how lines end, and the order of phrasings of different kinds.
func Alike(a, b Entry) bool { return string(plainForm(a)) == string(plainForm(b)) }
