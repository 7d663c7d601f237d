package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"signpost/knowledge"
)

// byteOrderMark tells spreadsheets that a file is UTF-8.
const byteOrderMark = "\ufeff"

// writeCSV writes entries as CSV that spreadsheets open right: UTF-8 with a byte order mark, and every cell in quotes, for
// one that splits at semicolons must not find a formula behind one.
func writeCSV(w io.Writer, entries []knowledge.Entry) error {
	b := bufio.NewWriter(w)
	b.WriteString(byteOrderMark)
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	writeRecord(b, names)
	for i := range entries {
		writeRecord(b, cells(&entries[i]))
	}
	return b.Flush()
}

func writeRecord(b *bufio.Writer, cells []string) {
	for i, cell := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
	}
	b.WriteString("\r\n")
}

// readCSV reads a spreadsheet's text file: cells separated by commas, semicolons or tabs, in UTF-8, UTF-16 or the
// Windows code page of western Europe.
func readCSV(file []byte, step func(done int)) *grid {
	g := &grid{}
	text := oneLineEnd(decode(file))
	first := 1
	if line, rest, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(strings.ToLower(line), "sep=") {
		text, first = rest, 2 // what Excel takes as a word about the separator
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = separator(text)
	r.FieldsPerRecord = -1
	headed := false
	for number := first; ; number++ {
		from := r.InputOffset()
		cells, err := r.Read()
		number += emptyLines(text[from:r.InputOffset()]) // which the reader passes over, and spreadsheets count
		var fault *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			if !headed {
				g.head(nil)
			}
			return g
		case errors.As(err, &fault):
			if !headed {
				g.fault("The row of headings cannot be read: %s", quotingFault(fault))
				return g
			}
			g.broken(number, fmt.Sprintf("Line %d of the file: %s", fault.Line+first-1, quotingFault(fault)))
		case err != nil:
			g.fault("It cannot be read: %v", err)
			return g
		case !headed && !blank(cells):
			headed = true
			g.head(cells)
		case headed && number > mostRows:
			g.fault("It has more than %d rows. Put it in in parts.", mostRows)
			return g
		case headed:
			g.row(number, cells)
		}
		if len(g.faults) > 0 || faulty(g.rows) > mostFaults {
			return g
		}
		step(len(g.rows))
	}
}

// oneLineEnd gives rows that end as on old Macs, and as Excel still saves "CSV (Macintosh)", the end that others have.
func oneLineEnd(text string) string {
	if i := strings.IndexAny(text, "\r\n"); i < 0 || text[i] == '\n' || strings.HasPrefix(text[i+1:], "\n") {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// emptyLines counts the empty lines at the start of a text.
func emptyLines(text string) int {
	n := 0
	for {
		rest := strings.TrimPrefix(text, "\r")
		if !strings.HasPrefix(rest, "\n") {
			return n
		}
		text, n = rest[1:], n+1
	}
}

// faulty counts the rows at the end that have faults: a file that is none of ours gives no others.
func faulty(rows []knowledge.Row) int {
	n := 0
	for i := len(rows) - 1; i >= 0 && len(rows[i].Faults) > 0; i-- {
		n++
	}
	return n
}

// quotingFault says what is wrong with quotation marks.
func quotingFault(fault *csv.ParseError) string {
	return fmt.Sprintf("a quotation mark (\") stands where it should not, near character %d. Double those inside a cell, and put the whole cell in "+
		"quotation marks. A spreadsheet program does so when it saves as CSV.", fault.Column)
}

// decode reads the text of a file.
func decode(file []byte) string {
	switch {
	case bytes.HasPrefix(file, []byte{0xff, 0xfe}), bytes.HasPrefix(file, []byte{0xfe, 0xff}):
		return decode16(file)
	case utf8.Valid(file):
		return strings.TrimPrefix(string(file), byteOrderMark)
	}
	text, _ := charmap.Windows1252.NewDecoder().Bytes(file) // every byte means something: it cannot fail
	return string(text)
}

// decode16 reads what Excel calls Unicode text.
func decode16(file []byte) string {
	little := file[0] == 0xff
	units := make([]uint16, 0, len(file)/2)
	for i := 2; i+1 < len(file); i += 2 {
		if little {
			units = append(units, uint16(file[i])|uint16(file[i+1])<<8)
		} else {
			units = append(units, uint16(file[i])<<8|uint16(file[i+1]))
		}
	}
	return string(utf16.Decode(units))
}

// separator is what stands between the headings: the sign that parts most known ones.
func separator(text string) rune {
	best, most := ',', -1
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n \ufeff"), "\n")
	for _, sign := range []rune{',', ';', '\t', '|'} {
		known := 0
		for _, heading := range strings.Split(line, string(sign)) {
			if _, ok := columnCalled(heading); ok {
				known++
			}
		}
		if known > most {
			best, most = sign, known
		}
	}
	return best
}
