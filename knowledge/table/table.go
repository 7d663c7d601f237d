package table

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"signpost/knowledge"
)

// Format is a kind of file that holds entries.
type Format string

// The formats. Markdown is a zip of entry files, or one entry file.
const (
	CSV      Format = "csv"
	XLSX     Format = "xlsx"
	Markdown Format = "md"
	JSON     Format = "json"
)

// Formats lists the formats in the order they are offered.
var Formats = []Format{XLSX, CSV, Markdown, JSON}

// FormatOf gives the format that a file name asks for; ok is false if it names none.
func FormatOf(name string) (Format, bool) {
	extension := strings.TrimPrefix(strings.ToLower(path.Ext(name)), ".")
	switch extension {
	case "zip", "markdown":
		return Markdown, true
	case "tsv", "txt":
		return CSV, true
	}
	f := Format(extension)
	return f, slices.Contains(Formats, f)
}

// Write writes entries in a format, reads them back, and refuses to give out a file that would not bring the same entries
// again. Markdown is written as a zip.
func Write(w io.Writer, format Format, entries []knowledge.Entry) error {
	var file bytes.Buffer
	var err error
	switch format {
	case CSV:
		err = writeCSV(&file, entries)
	case XLSX:
		err = writeXLSX(&file, entries)
	case Markdown:
		err = writeArchive(&file, entries)
	case JSON:
		err = writeJSON(&file, entries)
	default:
		err = fmt.Errorf("no such format: %q", format)
	}
	if err == nil {
		err = proves(file.Bytes(), entries)
	}
	if err != nil {
		return fmt.Errorf("write entries as %s: %w", format, err)
	}
	_, err = file.WriteTo(w)
	return err
}

// proves reads a file back.
func proves(file []byte, entries []knowledge.Entry) error {
	rows, faults := Read("", file, nil)
	if len(faults) > 0 {
		return fmt.Errorf("%w: %s", ErrFormat, faults[0])
	}
	back := map[knowledge.Ref]*knowledge.Row{}
	for i := range rows {
		back[rows[i].Entry.Ref()] = &rows[i]
	}
	for i := range entries {
		e := &entries[i]
		row, ok := back[e.Ref()]
		if !ok || len(row.Faults) > 0 || row.Entry.State != e.State || !knowledge.Alike(row.Entry, *e) {
			return fmt.Errorf("%w: some of %s would be lost; export it as json", ErrFormat, e.Ref())
		}
	}
	return nil
}

// Read reads entries from a file of any format; what it is it says itself, but for text, where the name decides between
// Markdown, JSON and CSV if it has an extension. What is wrong with the file as a whole is in faults, what is wrong with a
// row in the row. progress, if not nil, is told how many rows were read. Read never fails otherwise and never panics.
func Read(name string, file []byte, progress func(done int)) (rows []knowledge.Row, faults []knowledge.Fault) {
	if progress == nil {
		progress = func(int) {}
	}
	if len(file) > mostBytes {
		return nil, []knowledge.Fault{{Says: fmt.Sprintf("It is too large: %d MB, of at most %d.", len(file)>>20, mostBytes>>20)}}
	}
	switch kindOfFile(name, file) {
	case XLSX:
		g := readXLSX(file, progress)
		return g.rows, g.faults
	case JSON:
		return readJSON(file, progress)
	case Markdown:
		if bytes.HasPrefix(file, []byte("PK")) {
			return readArchive(file, progress)
		}
		return []knowledge.Row{readFile(nameOr(name, "The file"), file)}, nil
	}
	if bytes.HasPrefix(file, []byte{0xd0, 0xcf, 0x11, 0xe0}) { // the container of Excel before 2007, and of workbooks with a password
		return nil, []knowledge.Fault{{Says: "It is an old workbook, or one with a password. Save it as .xlsx without a password."}}
	}
	g := readCSV(file, progress)
	return g.rows, g.faults
}

func nameOr(name, other string) string {
	if name == "" {
		return other
	}
	return name
}

// kindOfFile tells what a file is.
func kindOfFile(name string, file []byte) Format {
	start := bytes.TrimSpace(bytes.TrimPrefix(file[:min(len(file), 512)], []byte(byteOrderMark)))
	format, _ := FormatOf(name)
	switch {
	case bytes.HasPrefix(file, []byte("PK")) && isXLSX(file):
		return XLSX
	case bytes.HasPrefix(file, []byte("PK")), format == Markdown, bytes.HasPrefix(start, []byte("---\n")), bytes.HasPrefix(start, []byte("---\r\n")):
		return Markdown
	case format == JSON, format == "" && bytes.HasPrefix(start, []byte("[")):
		return JSON
	}
	return CSV
}

// ReadFolder reads the entry files of a folder and those below it.
func ReadFolder(folder fs.FS, progress func(done int)) (rows []knowledge.Row, faults []knowledge.Fault, err error) {
	if progress == nil {
		progress = func(int) {}
	}
	files, size := map[string][]byte{}, 0
	err = fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isEntryFile(name) {
			return err
		}
		file, err := fs.ReadFile(folder, name)
		files[name] = file
		if size += len(file); size > mostUnzip || len(files) > mostFiles {
			return fmt.Errorf("%w: the folder holds more than %d MB", ErrFormat, mostUnzip>>20)
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read the folder: %w", err)
	}
	rows, faults = readFiles(files, progress)
	return rows, faults, nil
}
