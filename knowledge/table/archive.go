package table

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"signpost/knowledge"
)

// mostFiles is how many files an archive may hold.
const mostFiles = 50_000

// zipNames lists the files of a zip, or none if it is none.
func zipNames(file []byte) []string {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil
	}
	names := make([]string, len(z.File))
	for i, f := range z.File {
		names[i] = f.Name
	}
	return names
}

// unzips reports whether a zip is whole, and what it says of its size is within bounds; reading more than a file says it
// has fails.
func unzips(file []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil || len(z.File) > mostFiles {
		return false
	}
	var all uint64
	for _, f := range z.File {
		if all += f.UncompressedSize64; f.UncompressedSize64 > mostUnzip || all > mostUnzip {
			return false
		}
	}
	return true
}

// FileName is where an entry stands in a folder or archive of entry files.
func FileName(e *knowledge.Entry) string { return path.Join(e.Place, e.Slug+".md") }

// writeArchive writes entries as a zip of Markdown files.
func writeArchive(w io.Writer, entries []knowledge.Entry) error {
	z := zip.NewWriter(w)
	for i := range entries {
		file, err := FormatFile(entries[i])
		if err != nil {
			return err
		}
		f, err := z.Create(FileName(&entries[i]))
		if err != nil {
			return err
		}
		if _, err := f.Write(file); err != nil {
			return err
		}
	}
	return z.Close()
}

// readArchive reads the Markdown files of a zip.
func readArchive(file []byte, step func(done int)) ([]knowledge.Row, []knowledge.Fault) {
	if !unzips(file) {
		return nil, []knowledge.Fault{{Says: "The zip file is broken, or far too large."}}
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, []knowledge.Fault{{Says: "The zip file is broken."}}
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		if !isEntryFile(f.Name) {
			continue
		}
		text, err := readZipped(f)
		if err != nil {
			return nil, []knowledge.Fault{{Where: f.Name, Says: "It cannot be unpacked."}}
		}
		files[f.Name] = text
	}
	return readFiles(files, step)
}

func readZipped(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, mostUnzip))
}

// isEntryFile passes over what computers leave in folders.
func isEntryFile(name string) bool {
	base := path.Base(name)
	return strings.EqualFold(path.Ext(base), ".md") && !strings.HasPrefix(base, ".") && !strings.EqualFold(base, "readme.md") &&
		!strings.HasPrefix(name, "__MACOSX/")
}

// readFiles reads entry files by name, in the order of names.
func readFiles(files map[string][]byte, step func(done int)) ([]knowledge.Row, []knowledge.Fault) {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	rows := make([]knowledge.Row, 0, len(names))
	for _, name := range names {
		rows = append(rows, readFile(name, files[name]))
		step(len(rows))
	}
	if len(rows) == 0 {
		return nil, []knowledge.Fault{{Says: "There is no entry file in it. Names of entry files end in .md."}}
	}
	return rows, nil
}

func readFile(name string, file []byte) knowledge.Row {
	e, err := ParseMarkdown(file)
	if err != nil {
		says := strings.TrimPrefix(err.Error(), ErrFormat.Error()+": ")
		return knowledge.Row{Where: name, Faults: []knowledge.Fault{knowledge.NewFault(name, "", "It cannot be read: %s.", strings.TrimRight(says, ".\n"))}}
	}
	return knowledge.Row{Where: name, Entry: e}
}
