package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// sheetColumns head the spreadsheet of local details. Only key and value are read back.
var sheetColumns = []string{"key", "what it is", "example", "value"}

// readSheet reads local details from a spreadsheet that has the columns key and value. A key that there is no local
// detail for is a mistake, and so is one that stands twice; an empty value says nothing.
func (s *setup) readSheet(file string) (map[string]string, error) {
	rows, err := sheetRows(file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	head, rows := headOf(rows)
	key, value := slices.Index(head, "key"), slices.Index(head, "value")
	if key < 0 || value < 0 {
		return nil, usagef("%s needs a first row with the columns key and value; signpost setup --template FILE makes one", file)
	}
	values := map[string]string{}
	for i, row := range rows {
		name, is := cell(row, key), cell(row, value)
		if name == "" || is == "" {
			continue
		}
		known, ok := s.base.Snapshot().LocalKey(name)
		if !ok {
			return nil, usagef("%s, row %d: no local detail is called %q; signpost local list shows them all", file, i+2, name)
		}
		if _, twice := values[known.Key]; twice {
			return nil, usagef("%s, row %d: %s stands there twice", file, i+2, name)
		}
		values[known.Key] = is
	}
	return values, nil
}

// headOf is the first row in small letters, and the rest.
func headOf(rows [][]string) (head []string, rest [][]string) {
	if len(rows) == 0 {
		return nil, nil
	}
	for _, name := range rows[0] {
		head = append(head, strings.ToLower(strings.TrimSpace(name)))
	}
	return head, rows[1:]
}

// cell is one cell, without the mark that harmless put before it.
func cell(row []string, i int) string {
	if i >= len(row) {
		return ""
	}
	value := strings.TrimSpace(row[i])
	if bare, marked := strings.CutPrefix(value, "'"); marked && harmless(bare) == value {
		return bare
	}
	return value
}

// errSheet says that a file is neither of the two that are read.
var errSheet = usageError{errors.New("it must end in .csv or .xlsx")}

// largestSheet is far above what a few dozen rows take.
const largestSheet = 10 << 20

func sheetRows(file string) ([][]string, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, err
	case info.Size() > largestSheet:
		return nil, errors.New("it is larger than 10 MB")
	}
	switch strings.ToLower(filepath.Ext(file)) {
	case ".csv":
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		lines := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))) // Excel's mark of UTF-8
		lines.FieldsPerRecord = -1
		return lines.ReadAll()
	case ".xlsx":
		book, err := excelize.OpenFile(file, excelize.Options{UnzipSizeLimit: largestSheet * 10})
		if err != nil {
			return nil, err
		}
		defer book.Close()
		return book.GetRows(book.GetSheetName(0))
	}
	return nil, errSheet
}

// writeTemplate writes the spreadsheet to fill in, with what the organisation has filled in already. It never writes over
// a file.
func (s *setup) writeTemplate() error {
	file := s.flags.template
	if s.flags.name != "" {
		if p, err := s.base.Snapshot().Places.Find(s.flags.name); err == nil {
			s.at = p
		}
	}
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fmt.Errorf("write the template: %w", err)
	}
	if err := errors.Join(s.writeRows(out), out.Close()); err != nil {
		return errors.Join(fmt.Errorf("write the template %s: %w", file, err), os.Remove(file))
	}
	fmt.Fprintf(s.out, "Wrote %s. Fill in the column value, then: signpost setup --details %s\n", file, file)
	return nil
}

func (s *setup) templateRows() [][]string {
	rows := [][]string{sheetColumns}
	for _, key := range s.base.Snapshot().LocalKeys {
		rows = append(rows, []string{key.Key, key.Name, key.Ask, s.base.Snapshot().Places.Details(s.at.ID)[key.Key]})
	}
	return rows
}

func (s *setup) writeRows(out *os.File) error {
	switch strings.ToLower(filepath.Ext(out.Name())) {
	case ".csv":
		lines := csv.NewWriter(out)
		for _, row := range s.templateRows() {
			for i := range row {
				row[i] = harmless(row[i])
			}
			lines.Write(row)
		}
		lines.Flush()
		return lines.Error()
	case ".xlsx":
		return s.writeBook(out)
	}
	return errSheet
}

func (s *setup) writeBook(out *os.File) error {
	book := excelize.NewFile()
	defer book.Close()
	sheet := book.GetSheetName(0)
	for i, row := range s.templateRows() {
		for j, value := range row {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return err
			}
			if err := book.SetCellStr(sheet, at, value); err != nil { // as text: no formula comes of it
				return err
			}
		}
	}
	for column, width := range map[string]float64{"A": 20, "B": 40, "C": 60, "D": 60} {
		if err := book.SetColWidth(sheet, column, column, width); err != nil {
			return err
		}
	}
	_, err := book.WriteTo(out)
	return err
}

// harmless keeps a spreadsheet from taking a cell of a CSV for a formula (OWASP ASVS 5, 1.2.10).
func harmless(value string) string {
	if value != "" && strings.ContainsRune("=+-@\t\r\x00", rune(value[0])) {
		return "'" + value
	}
	return value
}
