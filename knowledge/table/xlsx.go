package table

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"signpost/knowledge"
)

// sheet is the name of the sheet that is written; of a workbook the first visible sheet with headings is read.
const sheet = "Entries"

// writeXLSX writes entries as a workbook. Cells are text, so that no program turns a day or a number into something else.
func writeXLSX(w io.Writer, entries []knowledge.Entry) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	wrapped, err := f.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	out, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := layOut(out); err != nil {
		return err
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	if err := writeSheetRow(out, 1, names, bold); err != nil {
		return err
	}
	for i := range entries {
		row := cells(&entries[i])
		for c, cell := range row {
			if len([]rune(cell)) > excelize.TotalCellChars {
				return fmt.Errorf("%w: the %s of %s is too long for a spreadsheet cell; export it as json", ErrFormat, columns[c].name, entries[i].Slug)
			}
		}
		if err := writeSheetRow(out, i+2, row, wrapped); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

// layOut keeps the headings in sight and gives long texts room.
func layOut(out *excelize.StreamWriter) error {
	for i, c := range columns {
		width := 16.0
		if c.name == "answer" || c.name == "people ask" || c.name == "resources" || c.name == "if it does not work" {
			width = 60
		}
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	return out.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"})
}

func writeSheetRow(out *excelize.StreamWriter, number int, cells []string, style int) error {
	at, err := excelize.CoordinatesToCellName(1, number)
	if err != nil {
		return err
	}
	row := make([]any, len(cells))
	for i, cell := range cells {
		row[i] = excelize.Cell{StyleID: style, Value: cell}
	}
	return out.SetRow(at, row)
}

// readXLSX reads a workbook. The library may panic on one that was made to break it; to a curator that is a broken file
// like any other.
func readXLSX(file []byte, step func(done int)) (g *grid) {
	defer func() {
		if recover() != nil {
			g = &grid{}
			g.fault("The workbook cannot be read. Open it in a spreadsheet program, and save it again.")
		}
	}()
	g = &grid{}
	if !unzips(file) {
		g.fault("The workbook is broken, or far too large.")
		return g
	}
	f, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: mostUnzip, UnzipXMLSizeLimit: mostUnzip, RawCellValue: true})
	if err != nil {
		g.fault("The workbook cannot be read. Is it protected by a password? Save it again without one.")
		return g
	}
	defer f.Close()
	for _, name := range f.GetSheetList() {
		if visible, err := f.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		g = &grid{}
		readSheet(f, name, g, step)
		if len(g.columns) > 0 {
			return g
		}
	}
	g.head(nil)
	return g
}

func readSheet(f *excelize.File, name string, g *grid, step func(done int)) {
	rows, err := f.Rows(name)
	if err != nil {
		g.fault("The sheet %q cannot be read: %v", name, err)
		return
	}
	defer rows.Close()
	headed := 0
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		switch {
		case err != nil:
			g.fault("Row %d cannot be read: %v", number, err)
		case number > mostRows:
			g.fault("It has more than %d rows. Put it in in parts.", mostRows)
		case len(cells) > mostColumns && !blank(cells[mostColumns:]):
			g.fault("Row %d has more than %d columns.", number, mostColumns)
		case headed > 0:
			g.row(number, cells)
		case !blank(cells):
			headed = number
			g.head(cells)
		}
		if len(g.faults) > 0 {
			return
		}
		step(len(g.rows))
	}
	if headed > 0 {
		findMerged(f, name, g)
	}
}

// findMerged refuses merged cells: only the first of them has a value, and what is meant for the others nobody knows.
func findMerged(f *excelize.File, name string, g *grid) {
	merged, err := f.GetMergeCells(name, true)
	if err != nil {
		g.fault("The sheet %q cannot be read: %v", name, err)
		return
	}
	byRow := map[string]int{}
	for i, row := range g.rows {
		byRow[row.Where] = i
	}
	for _, m := range merged {
		column, number, err := excelize.CellNameToCoordinates(m.GetStartAxis())
		if err != nil {
			continue
		}
		fault := knowledge.Fault{Where: fmt.Sprint("Row ", number),
			Says: fmt.Sprintf("The cells %s to %s are merged. Split them: every row needs its own.", m.GetStartAxis(), m.GetEndAxis())}
		if column <= len(g.columns) && g.columns[column-1] >= 0 {
			fault.Column = columns[g.columns[column-1]].name
		}
		if i, ok := byRow[fault.Where]; ok {
			g.rows[i].Faults = append(g.rows[i].Faults, fault)
		} else {
			g.faults = append(g.faults, fault)
		}
	}
}

// isXLSX reports whether a zip file is a workbook.
func isXLSX(file []byte) bool {
	for _, name := range zipNames(file) {
		if strings.EqualFold(name, "xl/workbook.xml") {
			return true
		}
	}
	return false
}
