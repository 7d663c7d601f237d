package table_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"signpost/knowledge"
	"signpost/knowledge/table"
)

// awkward are entries that files could spoil.
func awkward(t testing.TB) []knowledge.Entry {
	t.Helper()
	e, err := table.ParseMarkdown([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	e.Place, e.State, e.Version = "england", knowledge.Live, 3
	entries := []knowledge.Entry{e}
	for i, text := range []string{"=1+1", "+44 20", "-5", "@SUM(A1)", "'=x", "''-y", "'quoted'", `say "hi"`, "a,b;c d", "back\\slash", "C:\\", "2027-11-30",
		"001", "TRUE", "é 病院 🙂", "a | b", `a \| b`, "|", "slang: not a kind", "=cmd|' /C calc'!A0", "hard\u00a0space inside\u00a0x", "_x000D_"} {
		entries = append(entries, knowledge.Entry{Slug: fmt.Sprint("awkward-", i), Place: "royal", State: knowledge.Retired, Title: text, Owner: text,
			Answer: text + "\n\n- " + text, Fallback: "- " + text, Systems: []string{text, "other"}, Local: []string{text},
			Phrasings: []knowledge.Phrasing{{Kind: knowledge.Goal, Text: text}, {Kind: knowledge.Slang, Text: "x " + text}},
			Resources: []knowledge.Resource{{Name: text, Owner: text}, {Name: "Front page", URL: "https://example.org/a?b=c|d", Landing: true}},
			Solved:    &knowledge.Solved{Organisation: "The Royal", Did: text}})
	}
	return append(entries, knowledge.Entry{Slug: "see-shifts", Place: "royal", State: knowledge.Draft}) // an own version that says nothing
}

func write(t testing.TB, format table.Format, entries []knowledge.Entry) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := table.Write(&file, format, entries); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestReadBringsBackWhatWriteGave(t *testing.T) {
	for _, format := range table.Formats {
		t.Run(string(format), func(t *testing.T) {
			want := awkward(t)
			rows, faults := table.Read("", write(t, format, want), nil)
			if len(faults) > 0 || len(rows) != len(want) {
				t.Fatalf("%d rows, %v", len(rows), faults)
			}
			bySlug := map[string]knowledge.Row{}
			for _, row := range rows {
				bySlug[row.Entry.Slug] = row
			}
			for _, e := range want {
				row := bySlug[e.Slug]
				if len(row.Faults) > 0 || row.Entry.Place != e.Place || row.Entry.State != e.State || !knowledge.Alike(row.Entry, e) {
					t.Errorf("%s: %v, got\n%+v, want\n%+v", e.Slug, row.Faults, row.Entry, e)
				}
			}
		})
	}
}

// TestNoCellRuns looks at the very cells of the spreadsheets.
func TestNoCellRuns(t *testing.T) {
	entries := awkward(t)
	for _, line := range strings.Split(string(write(t, table.CSV, entries)), "\r\n") {
		for _, cell := range strings.Split(line, `","`) {
			if cell = strings.TrimPrefix(strings.TrimPrefix(cell, "\ufeff"), `"`); cell != "" && strings.ContainsAny(cell[:1], "=+-@\t") {
				t.Errorf("this cell would run: %q", cell)
			}
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(write(t, table.XLSX, entries)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Entries")
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range rows {
		for _, cell := range cells {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\x00") {
				t.Errorf("this cell would run: %q", cell)
			}
		}
	}
}

func TestFormulaSignsComeBack(t *testing.T) {
	for _, title := range []string{"=1", "+1", "-1", "@a", "'=1", "''=1", "'a", "'", "''"} {
		rows, _ := table.Read("x.csv", write(t, table.CSV, []knowledge.Entry{{Slug: "x", Title: title}}), nil)
		if got := rows[0].Entry.Title; got != title {
			t.Errorf("%q came back as %q", title, got)
		}
	}
}

// TestWriteRefusesToLose gives entries that a format cannot keep.
func TestWriteRefusesToLose(t *testing.T) {
	for name, c := range map[string]struct {
		format table.Format
		entry  knowledge.Entry
	}{
		"a line break in a phrasing":   {table.CSV, knowledge.Entry{Slug: "x", Phrasings: []knowledge.Phrasing{{Kind: knowledge.Goal, Text: "a\nb"}}}},
		"a heading in an answer":       {table.Markdown, knowledge.Entry{Slug: "x", Answer: "## Answer\n\nx"}},
		"a text longer than a cell":    {table.XLSX, knowledge.Entry{Slug: "x", Answer: strings.Repeat("a", 40000)}},
		"a control sign in a workbook": {table.XLSX, knowledge.Entry{Slug: "x", Answer: "a\x01b"}},
	} {
		t.Run(name, func(t *testing.T) {
			var file bytes.Buffer
			if err := table.Write(&file, c.format, []knowledge.Entry{c.entry}); err == nil || file.Len() > 0 {
				t.Errorf("%d bytes were written, %v", file.Len(), err)
			}
			if err := table.Write(&file, table.JSON, []knowledge.Entry{c.entry}); err != nil {
				t.Errorf("json: %v", err)
			}
		})
	}
}

const plainCSV = "slug,title,answer,people ask\nx,See my shifts,\"1. Open it.\n2. Look.\",\"goal: where is my rota\nsymptom: it is blank\"\n"

// TestReadTakesWhatSpreadsheetsDo reads the same entry from files as people's programs save them.
func TestReadTakesWhatSpreadsheetsDo(t *testing.T) {
	want := knowledge.Entry{Slug: "x", Title: "See my shifts", Answer: "1. Open it.\n2. Look.",
		Phrasings: []knowledge.Phrasing{{Kind: knowledge.Goal, Text: "where is my rota"}, {Kind: knowledge.Symptom, Text: "it is blank"}}}
	units := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(strings.ReplaceAll(plainCSV, ",", "\t"))) {
		units = append(units, byte(u), byte(u>>8))
	}
	for name, file := range map[string]string{
		"plain":                   plainCSV,
		"a byte order mark":       "\ufeff" + plainCSV,
		"Windows line ends":       strings.ReplaceAll(plainCSV, "\n", "\r\n"),
		"line ends of old Macs":   strings.ReplaceAll(plainCSV, "\n", "\r"),
		"those of rows alone":     strings.ReplaceAll(strings.ReplaceAll(plainCSV, "people ask\n", "people ask\r"), "\"\n", "\"\r"),
		"semicolons":              strings.ReplaceAll(plainCSV, ",", ";"),
		"tabs":                    strings.ReplaceAll(plainCSV, ",", "\t"),
		"a word on the separator": "sep=;\r\n" + strings.ReplaceAll(plainCSV, ",", ";"),
		"UTF-16":                  string(units),
		"headings in capitals":    strings.Replace(plainCSV, "slug,title,answer,people ask", " SLUG , Title ,ANSWER,People  Ask", 1),
		"headings renamed":        strings.Replace(plainCSV, "title,answer,people ask", "name,Answer,Phrasings", 1),
		"empty lines":             "\n\n" + plainCSV + "\n,,,\n",
		"a column of one's own":   strings.Replace(strings.Replace(plainCSV, "people ask\n", "people ask,# my notes\n", 1), "blank\"\n", "blank\",ask Sam\n", 1),
		"an empty column":         strings.Replace(strings.Replace(plainCSV, "people ask\n", "people ask,\n", 1), "blank\"\n", "blank\",\n", 1),
		"no line end at the end":  strings.TrimSuffix(plainCSV, "\n"),
		"spaces around cells":     strings.Replace(plainCSV, "x,See my shifts,", " X , See my shifts ,", 1),
		"phrasings without kind":  strings.Replace(plainCSV, "goal: where", "where", 1),
		"kinds in capitals":       strings.Replace(plainCSV, "symptom:", "Symptom :", 1),
	} {
		t.Run(name, func(t *testing.T) {
			rows, faults := table.Read("x.csv", []byte(file), nil)
			if len(faults) > 0 || len(rows) != 1 || len(rows[0].Faults) > 0 {
				t.Fatalf("%d rows, %v", len(rows), faults)
			}
			if !reflect.DeepEqual(rows[0].Entry, want) {
				t.Errorf("got %+v", rows[0].Entry)
			}
		})
	}
	latin, _ := charmap.Windows1252.NewEncoder().String("slug,title\nx,Café – “hours”\n")
	if rows, _ := table.Read("x.csv", []byte(latin), nil); len(rows) != 1 || rows[0].Entry.Title != "Café – “hours”" {
		t.Errorf("Windows-1252 gives %+v", rows)
	}
}

// TestReadSaysWhatToMend gives files that people spoil; what is said names the row and the column.
func TestReadSaysWhatToMend(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"empty", "", "The file: It needs a row of headings"},
		{"no headings", "x,See my shifts\n", `There is no column "x"`},
		{"an unknown heading", "slug,anser\nx,1\n", `There is no column "anser"`},
		{"a heading twice", "slug,title,Title\nx,a,b\n", `The column "Title" is there twice`},
		{"neither slug nor title", "answer\n1. Open.\n", "It needs a row of headings with slug or title"},
		{"a quotation mark in a cell", "slug,title\nx,say \"hi\"\ny,b\n", "Row 2: Line 2 of the file: a quotation mark"},
		{"an open quotation mark", "slug,title\nx,\"open\ny,b\n", "Row 2: Line 3 of the file: a quotation mark"},
		{"something behind a quotation mark", "slug,title\nx,\"a\" b\n", "Row 2: Line 2 of the file: a quotation mark"},
		{"too many cells", "slug,title\n\n\nx,a,b\n", "Row 4: It has more cells than there are headings"},
		{"neither slug nor title in a row", "slug,title,answer\n,,1. Open.\n", "Row 2, column title: It needs a title"},
		{"a huge cell", "slug,title\nx," + strings.Repeat("a", 300_000) + "\n", "Row 2, column title: The cell is too long"},
		{"rows after cells of many lines", "slug,title\nx,\"a\nb\nc\"\ny,\"open\n", "Row 3: Line 5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, faults := table.Read("x.csv", []byte(c.file), nil)
			for _, row := range rows {
				faults = append(faults, row.Faults...)
			}
			if len(faults) == 0 || !strings.Contains(faults[0].String(), c.want) {
				t.Errorf("got %v, want %q", faults, c.want)
			}
		})
	}
}

// workbook makes a workbook of these rows, and lets a test spoil it.
func workbook(t *testing.T, rows [][]any, spoil func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	spoil(f)
	file, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestReadWorkbook(t *testing.T) {
	rows := [][]any{{"Slug", "Title", "Review date"}, {"x", "See my shifts", 46721}, {"y", "Swap", "30/11/2027"}, {"z", 365, "soon"}}
	file := workbook(t, rows, func(f *excelize.File) {
		f.NewSheet("Help")
		f.SetCellFormula("Sheet1", "B3", "1+1")
	})
	got, faults := table.Read("x.xlsx", file, nil)
	if len(faults) > 0 || len(got) != 3 {
		t.Fatalf("%d rows, %v", len(got), faults)
	}
	for i, want := range []string{"2027-11-30", "2027-11-30", "soon"} {
		if got[i].Entry.Review != want || got[i].Where != fmt.Sprint("Row ", i+2) {
			t.Errorf("%s: review %q, want %q", got[i].Where, got[i].Entry.Review, want)
		}
	}
	if got[2].Entry.Title != "365" {
		t.Errorf("a number as title is %q", got[2].Entry.Title)
	}
}

func TestReadWorkbookSaysWhatToMend(t *testing.T) {
	rows := [][]any{{"slug", "title", "review"}, {"x", "a", ""}, {"y", "b", ""}}
	nothing := func(*excelize.File) {}
	good := workbook(t, rows, nothing)
	old := append([]byte{0xd0, 0xcf, 0x11, 0xe0}, make([]byte, 600)...)
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"merged cells":   {workbook(t, rows, func(f *excelize.File) { f.MergeCell("Sheet1", "C2", "C3") }), "Row 2, column review date: The cells C2 to C3 are merged"},
		"empty":          {workbook(t, nil, nothing), "It needs a row of headings"},
		"too wide":       {workbook(t, append(rows, make([]any, 0)), func(f *excelize.File) { f.SetCellValue("Sheet1", "XFD4", "x") }), "more than 200 columns"},
		"too long":       {workbook(t, rows, func(f *excelize.File) { f.SetCellValue("Sheet1", "A1048576", "x") }), "more than 50000 rows"},
		"cut off":        {good[:len(good)-100], "broken"},
		"an old format":  {old, "old workbook"},
		"a zip bomb":     {bomb(t, "xl/workbook.xml"), "far too large"},
		"a zip of bombs": {bomb(t, "a.md"), "far too large"},
		"no entry files": {zipped(t, map[string]string{"photo.jpg": "x"}), "There is no entry file"},
		"too large":      {make([]byte, 65<<20), "It is too large"},
		"other zipped":   {zipped(t, map[string]string{"xl/workbook.xml": "<x/>"}), "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, faults := table.Read("", c.file, nil)
			for _, row := range rows {
				faults = append(faults, row.Faults...)
			}
			if len(faults) == 0 || !strings.Contains(faults[0].String(), c.want) {
				t.Errorf("got %v, want %q", faults, c.want)
			}
		})
	}
}

// bomb is a small zip that unpacks to 300 MB.
func bomb(t *testing.T, name string) []byte {
	t.Helper()
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	chunk := make([]byte, 1<<20)
	for range 300 {
		if _, err := w.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func zipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(text))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestReadFolder takes entry files wherever they are, and passes over what is none.
func TestReadFolder(t *testing.T) {
	good := "---\nslug: x\ntitle: X\nplace: royal\n---\n\n## Answer\n\n1. Open.\n"
	rows, faults, err := table.ReadFolder(fstest.MapFS{
		"england/x.md": {Data: []byte(good)}, "b/broken.md": {Data: []byte("hello")}, "README.md": {Data: []byte("# Read me")},
		"photo.jpg": {Data: []byte("x")}, ".hidden.md": {Data: []byte("x")},
	}, nil)
	if err != nil || len(faults) > 0 || len(rows) != 2 {
		t.Fatalf("%d rows, %v, %v", len(rows), faults, err)
	}
	if rows[1].Entry.Slug != "x" || rows[1].Entry.Place != "royal" || len(rows[0].Faults) != 1 || !strings.HasPrefix(rows[0].Faults[0].String(), "b/broken.md: It cannot be read: it must start") {
		t.Errorf("got %+v", rows)
	}
}

func TestReadJSONSaysWhatToMend(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"no list", `{"slug": "x"}`, "The file: It is not a list"},
		{"cut off", `[{"slug": "x"}`, "The file: It is not a list"},
		{"an unknown field", `[{"slug": "x"}, {"slug": "y", "colour": "red"}]`, `Entry 2: It cannot be read: unknown field "colour"`},
		{"a wrong type", `[{"slug": 1}]`, "Entry 1, column slug: It cannot be a number."},
		{"a list for text", `[{"slug": "x", "answer": ["a"]}]`, "Entry 1, column answer: It cannot be a list."},
		{"null", `[null]`, "Entry 1: It is empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, faults := table.Read("x.json", []byte(c.file), nil)
			for _, row := range rows {
				faults = append(faults, row.Faults...)
			}
			if len(faults) != 1 || !strings.Contains(faults[0].String(), c.want) {
				t.Errorf("got %v, want %q", faults, c.want)
			}
		})
	}
}

func TestFormatOf(t *testing.T) {
	for name, want := range map[string]table.Format{"a.CSV": table.CSV, "a.tsv": table.CSV, "a.xlsx": table.XLSX, "a.zip": table.Markdown, "a.md": table.Markdown,
		"a.json": table.JSON} {
		if got, ok := table.FormatOf(name); got != want || !ok {
			t.Errorf("%s: %s, %v", name, got, ok)
		}
	}
	if _, ok := table.FormatOf("a.docx"); ok {
		t.Error("a.docx is taken")
	}
}

// FuzzRead throws anything at all formats: no panic, every fault says something, and what could be read can be written and
// read again as JSON.
func FuzzRead(f *testing.F) {
	for _, format := range table.Formats {
		f.Add("", write(f, format, awkward(f)[:3]))
		f.Add("x."+string(format), []byte(plainCSV))
	}
	f.Add("x.csv", []byte("sep=\t\nslug\ttitle\r\n\"a\"\"\t'=1\n\"open"))
	f.Add("x.csv", []byte("\xff\xfes\x00l\x00u\x00g\x00"))
	f.Add("x.json", []byte(`[{"slug":"x","place":"royal","phrasings":[{"kind":"goal","text":"a"}]},null,1]`))
	f.Add("x.md", []byte(whole))
	f.Fuzz(func(t *testing.T, name string, file []byte) {
		rows, faults := table.Read(name, file, nil)
		var entries []knowledge.Entry
		for _, row := range rows {
			faults = append(faults, row.Faults...)
			if len(row.Faults) == 0 {
				entries = append(entries, row.Entry)
				if row.Set != nil {
					row.Set(&knowledge.Entry{})
				}
			}
		}
		for _, fault := range faults {
			if fault.Says == "" || len(fault.Says) > 2000 {
				t.Errorf("a fault without words, or with too many: %+v", fault)
			}
		}
		if len(entries) > 0 && len(entries) < 50 {
			distinct := map[knowledge.Ref]bool{}
			for i := range entries {
				if distinct[entries[i].Ref()] {
					return
				}
				distinct[entries[i].Ref()] = true
			}
			var out bytes.Buffer
			if err := table.Write(&out, table.JSON, entries); err != nil && !strings.Contains(err.Error(), "would be lost") {
				t.Errorf("what was read cannot be written: %v", err)
			}
		}
	})
}

// FuzzRoundTrip puts any text into every field: a format gives back the same or refuses to write.
func FuzzRoundTrip(f *testing.F) {
	for _, text := range []string{"a", "=1", "'=1", "a\nb", "a\r\nb", `"`, "|", `\|`, "a,b", "\x00", "_x0041_", "é", "2/3/2027", "goal: x", "--- \n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e := knowledge.Entry{Slug: "x", Place: "england", State: knowledge.Live, Title: text, Owner: text, Answer: text, Fallback: text, Review: text,
			Systems: []string{text}, Phrasings: []knowledge.Phrasing{{Kind: knowledge.Symptom, Text: text}},
			Resources: []knowledge.Resource{{Name: text, URL: text, Access: text}}, Solved: &knowledge.Solved{Organisation: text, Did: text}}
		for _, format := range table.Formats {
			var file bytes.Buffer
			if err := table.Write(&file, format, []knowledge.Entry{e}); err != nil {
				continue
			}
			rows, faults := table.Read("", file.Bytes(), nil)
			if len(faults) > 0 || len(rows) != 1 || !knowledge.Alike(rows[0].Entry, e) {
				t.Errorf("%s: %q came back as %+v, %v", format, text, rows, faults)
			}
		}
	})
}

// BenchmarkRead reads 10,000 rows of each format.
func BenchmarkRead(b *testing.B) {
	entries := many(10_000)
	for _, format := range table.Formats {
		b.Run(string(format), func(b *testing.B) {
			file := write(b, format, entries)
			for b.Loop() {
				if rows, faults := table.Read("", file, nil); len(rows) != len(entries) || len(faults) > 0 {
					b.Fatal(len(rows), faults)
				}
			}
		})
	}
}

func many(n int) []knowledge.Entry {
	entries := make([]knowledge.Entry, n)
	for i := range entries {
		e := knowledge.Entry{Slug: fmt.Sprint("entry-", i), Place: "england", State: knowledge.Live, Title: fmt.Sprint("Do thing ", i), Kind: knowledge.HowTo,
			Answer: strings.Repeat("1. Open the page and look for the button.\n", 6), Review: "2027-05-31"}
		for j := range 12 {
			e.Phrasings = append(e.Phrasings, knowledge.Phrasing{Kind: knowledge.Goal, Text: fmt.Sprintf("how do i do thing %d in way %d", i, j)})
		}
		entries[i] = e
	}
	return entries
}
