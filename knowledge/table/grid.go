package table

import (
	"fmt"
	"strings"

	"signpost/knowledge"
)

// Limits of what is read from a file: far above any base, far below what a computer can hold.
const (
	mostBytes   = 64 << 20  // of a file
	mostUnzip   = 256 << 20 // of what is in it
	mostRows    = 50_000
	mostColumns = 200
	mostCell    = 200_000 // bytes
	mostFaults  = 200
)

// A grid reads the rows of a spreadsheet, whatever file they come from: first the headings, then the entries.
type grid struct {
	columns []int // of columns, by cell; -1 for one that is left out
	rows    []knowledge.Row
	faults  []knowledge.Fault // about the file as a whole
}

// skipped starts the heading of a column that is the curator's own and not read.
const skipped = "#"

// head reads the headings.
func (g *grid) head(cells []string) {
	seen := map[int]bool{}
	for _, heading := range cells {
		at, ok := columnCalled(heading)
		name := strings.TrimSpace(heading)
		switch {
		case name == "" || strings.HasPrefix(name, skipped):
			at = -1
		case !ok:
			at = -1
			g.fault("There is no column %q. Call it as one of: %s. A column of your own starts with %s.", name, columnNames(), skipped)
		case seen[at]:
			at = -1
			g.fault("The column %q is there twice. Take one out.", name)
		default:
			seen[at] = true
		}
		g.columns = append(g.columns, at)
	}
	if slug, _ := columnCalled("slug"); !seen[slug] {
		if title, _ := columnCalled("title"); !seen[title] {
			g.fault("It needs a row of headings with slug or title, above the entries.")
		}
	}
}

func (g *grid) fault(says string, args ...any) {
	g.faults = append(g.faults, knowledge.NewFault("", "", says, args...))
}

func columnNames() string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}

// row reads the cells of the row with this number, as a spreadsheet counts them. An empty one is passed over.
func (g *grid) row(number int, cells []string) {
	row := knowledge.Row{Where: fmt.Sprint("Row ", number)}
	fault := func(column, says string, args ...any) {
		row.Faults = append(row.Faults, knowledge.NewFault(row.Where, column, says, args...))
	}
	if len(cells) > len(g.columns) && !blank(cells[len(g.columns):]) {
		fault("", "It has more cells than there are headings. Is a quotation mark missing, or one too many?")
	}
	written := map[int]string{}
	for i, cell := range cells[:min(len(cells), len(g.columns))] {
		at := g.columns[i]
		switch {
		case at < 0:
		case len(cell) > mostCell:
			fault(columns[at].name, "The cell is too long: %d characters, of at most %d.", len(cell), mostCell)
		default:
			written[at] = asWritten(cell)
		}
	}
	if blank(cells) {
		return
	}
	row.Set = func(e *knowledge.Entry) {
		for at, c := range columns {
			if g.has(at) {
				c.set(e, written[at])
			}
		}
	}
	row.Set(&row.Entry)
	row.Version = row.Entry.Version
	if row.Entry.Slug == "" && row.Entry.Title == "" && len(row.Faults) == 0 {
		fault("title", "It needs a title, or the slug of an entry that exists.")
	}
	g.rows = append(g.rows, row)
}

// has reports whether the file has a column.
func (g *grid) has(at int) bool {
	for _, c := range g.columns {
		if c == at {
			return true
		}
	}
	return false
}

func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// broken adds a row that cannot be read.
func (g *grid) broken(number int, says string) {
	where := fmt.Sprint("Row ", number)
	g.rows = append(g.rows, knowledge.Row{Where: where, Faults: []knowledge.Fault{{Where: where, Says: says}}})
}

// cells gives an entry as a row of cells.
func cells(e *knowledge.Entry) []string {
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = neutral(c.get(e))
	}
	return row
}
