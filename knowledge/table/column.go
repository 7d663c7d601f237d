package table

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"signpost/knowledge"
)

// A column is one heading of a spreadsheet: how it is written, what else it may be called, and its cell.
type column struct {
	name string
	also []string // other headings people give it
	get  func(e *knowledge.Entry) string
	set  func(e *knowledge.Entry, cell string)
}

// columns are the headings in the order they are written. A file may have them in any order and may lack some.
var columns = []column{
	{"slug", nil, func(e *knowledge.Entry) string { return e.Slug }, word(func(e *knowledge.Entry) *string { return &e.Slug })},
	text("title", []string{"name", "heading"}, func(e *knowledge.Entry) *string { return &e.Title }),
	named("kind", []string{"type"}, []knowledge.Kind{knowledge.HowTo, knowledge.Pointer, knowledge.Policy, knowledge.Contact, knowledge.SolvedHere}, func(e *knowledge.Entry) *knowledge.Kind { return &e.Kind }),
	text("strand", nil, func(e *knowledge.Entry) *string { return &e.Strand }),
	text("topic", nil, func(e *knowledge.Entry) *string { return &e.Topic }),
	text("domain", nil, func(e *knowledge.Entry) *string { return &e.Domain }),
	named("level", nil, []knowledge.Level{knowledge.Start, knowledge.Confident, knowledge.HelpOthers}, func(e *knowledge.Entry) *knowledge.Level { return &e.Level }),
	{"audience", []string{"for", "roles"}, func(e *knowledge.Entry) string { return joinList(e.Audience) },
		func(e *knowledge.Entry, cell string) { e.Audience = splitList[knowledge.Role](cell) }},
	{"systems", []string{"system"}, func(e *knowledge.Entry) string { return joinList(e.Systems) },
		func(e *knowledge.Entry, cell string) { e.Systems = splitList[string](cell) }},
	text("answer", nil, func(e *knowledge.Entry) *string { return &e.Answer }),
	text("if it does not work", []string{"fallback", "if it doesn't work"}, func(e *knowledge.Entry) *string { return &e.Fallback }),
	{"people ask", []string{"phrasings", "questions", "phrasing"}, phrasingLines, func(e *knowledge.Entry, cell string) { e.Phrasings = readPhrasingLines(cell) }},
	{"resources", []string{"links", "link"}, resourceLines, func(e *knowledge.Entry, cell string) { e.Resources = readResourceLines(cell) }},
	text("next step", []string{"next"}, func(e *knowledge.Entry) *string { return &e.Next }),
	text("owner", nil, func(e *knowledge.Entry) *string { return &e.Owner }),
	{"review date", []string{"review", "review by", "review on"}, func(e *knowledge.Entry) string { return e.Review },
		func(e *knowledge.Entry, cell string) { e.Review = day(cell) }},
	{"local details", []string{"local", "local detail"}, func(e *knowledge.Entry) string { return joinList(e.Local) },
		func(e *knowledge.Entry, cell string) { e.Local = splitList[string](cell) }},
	{"solved here", []string{"solved"}, solvedLine, func(e *knowledge.Entry, cell string) { e.Solved = readSolvedLine(cell) }},
	named("state", []string{"status"}, []knowledge.State{knowledge.Draft, knowledge.Live, knowledge.Retired}, func(e *knowledge.Entry) *knowledge.State { return &e.State }),
	text("place", []string{"organisation", "org"}, func(e *knowledge.Entry) *string { return &e.Place }),
	{"version", nil, func(e *knowledge.Entry) string { return strconv.Itoa(e.Version) },
		func(e *knowledge.Entry, cell string) { e.Version, _ = strconv.Atoi(strings.TrimSpace(cell)) }},
}

// text is a column of free text.
func text(name string, also []string, at func(e *knowledge.Entry) *string) column {
	return column{name, also, func(e *knowledge.Entry) string { return *at(e) },
		func(e *knowledge.Entry, cell string) { *at(e) = tidyCell(cell) }}
}

// named is a column of one of a few words, in whatever case.
func named[T ~string](name string, also []string, words []T, at func(e *knowledge.Entry) *T) column {
	return column{name, also, func(e *knowledge.Entry) string { return string(*at(e)) },
		func(e *knowledge.Entry, cell string) {
			*at(e) = T(tidyCell(cell))
			for _, word := range words {
				if strings.EqualFold(string(word), tidyCell(cell)) {
					*at(e) = word
				}
			}
		}}
}

// word is a column of one word in small letters.
func word(at func(e *knowledge.Entry) *string) func(e *knowledge.Entry, cell string) {
	return func(e *knowledge.Entry, cell string) { *at(e) = strings.ToLower(tidyCell(cell)) }
}

// tidyCell drops what spreadsheets and their users leave around a text.
func tidyCell(cell string) string { return strings.TrimSpace(strings.ReplaceAll(cell, "\r\n", "\n")) }

// columnCalled finds a column by its heading, whatever its case, spaces and signs.
func columnCalled(heading string) (int, bool) {
	key := headingKey(heading)
	for i, c := range columns {
		if headingKey(c.name) == key || slices.ContainsFunc(c.also, func(also string) bool { return headingKey(also) == key }) {
			return i, true
		}
	}
	return 0, false
}

func headingKey(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// joinList writes a list with commas; where an item has a comma itself, one item a line.
func joinList[T ~string](items []T) string {
	texts, apart := make([]string, len(items)), false
	for i, item := range items {
		texts[i] = string(item)
		apart = apart || strings.Contains(texts[i], ",")
	}
	if apart {
		return strings.Join(texts, "\n") + "\n" // the last line end says that even one item is a line
	}
	return strings.Join(texts, ", ")
}

func splitList[T ~string](cell string) []T {
	separator := ","
	if strings.Contains(cell, "\n") {
		separator = "\n"
	}
	var items []T
	for _, item := range strings.Split(cell, separator) {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, T(item))
		}
	}
	return items
}

// phrasingLines writes one phrasing a line, each with its kind.
func phrasingLines(e *knowledge.Entry) string {
	lines := make([]string, len(e.Phrasings))
	for i, p := range e.Phrasings {
		lines[i] = string(p.Kind) + ": " + p.Text
	}
	return strings.Join(lines, "\n")
}

// readPhrasingLines reads what phrasingLines wrote, or a person: a line without a kind is a goal.
func readPhrasingLines(cell string) []knowledge.Phrasing {
	var all []knowledge.Phrasing
	for line := range strings.Lines(cell) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		p := knowledge.Phrasing{Kind: knowledge.Goal, Text: line}
		before, after, found := strings.Cut(line, ":")
		if kind := knowledge.PhrasingKind(strings.ToLower(strings.TrimSpace(before))); found &&
			(kind == "" || slices.Contains(knowledge.PhrasingKinds, kind)) {
			p = knowledge.Phrasing{Kind: kind, Text: strings.TrimSpace(after)}
		}
		all = append(all, p)
	}
	return all
}

// landing marks a resource that is a front page only.
const landing = "starting page"

// resourceLines writes one resource a line: name, address, owner, cost, access, kind, what was seen, when it was checked,
// and whether it is a front page; what is empty at the end is left out.
func resourceLines(e *knowledge.Entry) string {
	lines := make([]string, len(e.Resources))
	for i, r := range e.Resources {
		front := ""
		if r.Landing {
			front = landing
		}
		lines[i] = bars(r.Name, r.URL, r.Owner, r.Cost, r.Access, r.Kind, string(r.Seen), r.Checked, front)
	}
	return strings.Join(lines, "\n")
}

func readResourceLines(cell string) []knowledge.Resource {
	var all []knowledge.Resource
	for line := range strings.Lines(cell) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		p := splitBars(line, 9)
		all = append(all, knowledge.Resource{Name: p[0], URL: p[1], Owner: p[2], Cost: p[3], Access: p[4], Kind: p[5],
			Seen: knowledge.Seen(p[6]), Checked: day(p[7]), Landing: p[8] != ""})
	}
	return all
}

func solvedLine(e *knowledge.Entry) string {
	if e.Solved == nil {
		return ""
	}
	return bars(e.Solved.Organisation, e.Solved.Did, e.Solved.Product, e.Solved.Contact, e.Solved.Date)
}

func readSolvedLine(cell string) *knowledge.Solved {
	if strings.TrimSpace(cell) == "" {
		return nil
	}
	p := splitBars(cell, 5)
	return &knowledge.Solved{Organisation: p[0], Did: p[1], Product: p[2], Contact: p[3], Date: p[4]}
}

// bars joins parts with bars; a bar in a part is written \|.
func bars(parts ...string) string {
	for len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	if len(parts) == 0 {
		return "|"
	}
	escaped := make([]string, len(parts))
	for i, part := range parts {
		escaped[i] = strings.ReplaceAll(part, "|", `\|`)
	}
	return strings.Join(escaped, " | ")
}

// splitBars undoes bars; there are n parts, missing ones empty, and what is too much is left in the last.
func splitBars(line string, n int) []string {
	parts := strings.SplitN(strings.ReplaceAll(line, `\|`, "\x00"), "|", n)
	for i, part := range parts {
		parts[i] = strings.TrimSpace(strings.ReplaceAll(part, "\x00", "|"))
	}
	return append(parts, make([]string, n-len(parts))...)
}

// The ways spreadsheets in this country write a day.
var dayForms = []string{"2/1/2006", "02/01/2006", "2/1/06", "2-1-2006", "2.1.2006", "2 January 2006", "2 Jan 2006", "2006/01/02", "2006-01-02 15:04:05",
	"2006-01-02T15:04:05Z", "2006-01-02 00:00:00"}

// dayOne is the day that spreadsheets count from: 1 is the first of January 1900, and they count a 29 February of that year.
var dayOne = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// day writes a day as 2027-05-31 in whatever form a spreadsheet gives it; what is no day stays as it is.
func day(cell string) string {
	cell = tidyCell(cell)
	for _, form := range dayForms {
		if t, err := time.Parse(form, cell); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	if n, err := strconv.ParseFloat(cell, 64); err == nil && n >= 30000 && n < 80000 { // the years 1982 to 2119
		return dayOne.AddDate(0, 0, int(n)).Format(time.DateOnly)
	}
	return cell
}
