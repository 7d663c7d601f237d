package table_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"signpost/knowledge"
	"signpost/knowledge/table"
)

// whole is an entry that uses every key and heading, as a file.
const whole = `---
slug: roster-view-shifts
title: "See my shifts: a guide"
kind: solved-here
strand: digital-literacy
topic: rostering
domain: TP
level: start
audience: [nurses, hcsw]
systems: [HealthRoster, Loop]
next: roster-loop-setup
owner: Signpost starter pack
review: "2027-11-30"
resources:
  - name: "Loop: questions"
    kind: course
    url: "https://example.org/a#b"
    owner: RLDatix
    cost: free
    access: open web
    seen: page
    checked: "2026-11-23"
    landing: true
  - name: A second one
local: [roster-team]
solved:
  organisation: Royal Example
  did: They moved rosters online.
  product: Loop
  contact: The digital team
  date: 2026-01
---

## Answer

1. Open Loop.
2. Pick the month.

A paragraph with "quotes", a #, and {roster-team}.

## If it does not work

- Ask {roster-team}.

## People ask

### Goal

- how do i see what shifts im on
- where's my rota?

### Symptom

- my roster is blank

### On the screen

- it says: no duties found

### Slang

- wheres me off duty

### Without the name

- what days am i in next week
`

func parse(t *testing.T, file string) knowledge.Entry {
	t.Helper()
	e, err := table.ParseMarkdown([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestParseReadsEverything(t *testing.T) {
	e := parse(t, whole)
	want := knowledge.Entry{
		Slug: "roster-view-shifts", Title: "See my shifts: a guide", Kind: knowledge.SolvedHere, Strand: "digital-literacy",
		Topic: "rostering", Domain: "TP", Level: knowledge.Start, Audience: []knowledge.Role{"nurses", "hcsw"},
		Systems: []string{"HealthRoster", "Loop"}, Next: "roster-loop-setup", Owner: "Signpost starter pack", Review: "2027-11-30",
		Answer:   "1. Open Loop.\n2. Pick the month.\n\nA paragraph with \"quotes\", a #, and {roster-team}.",
		Fallback: "- Ask {roster-team}.",
		Resources: []knowledge.Resource{
			{Name: "Loop: questions", Kind: "course", URL: "https://example.org/a#b", Owner: "RLDatix", Cost: "free", Access: "open web",
				Seen: knowledge.SeenPage, Checked: "2026-11-23", Landing: true},
			{Name: "A second one"},
		},
		Local: []string{"roster-team"},
		Phrasings: []knowledge.Phrasing{
			{Kind: knowledge.Goal, Text: "how do i see what shifts im on"}, {Kind: knowledge.Goal, Text: "where's my rota?"},
			{Kind: knowledge.Symptom, Text: "my roster is blank"}, {Kind: knowledge.OnScreen, Text: "it says: no duties found"},
			{Kind: knowledge.Slang, Text: "wheres me off duty"}, {Kind: knowledge.Unnamed, Text: "what days am i in next week"},
		},
		Solved: &knowledge.Solved{Organisation: "Royal Example", Did: "They moved rosters online.", Product: "Loop",
			Contact: "The digital team", Date: "2026-01"},
	}
	if !reflect.DeepEqual(e, want) {
		t.Errorf("got  %+v\nwant %+v", e, want)
	}
}

func TestFormatUndoesParseByteForByte(t *testing.T) {
	for name, file := range map[string]string{
		"everything":   whole,
		"only a slug":  "---\nslug: x\n---\n",
		"only answers": "---\nslug: x\n---\n\n## Answer\n\nText.\n",
	} {
		got, err := table.FormatMarkdown(parse(t, file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if string(got) != file {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, file)
		}
	}
}

func TestFormatRoundTripsAwkwardText(t *testing.T) {
	for _, text := range []string{"yes", "null", "1", "2027-11-30", "a: b", "- a", "# a", "'quoted'", `"quoted"`, "[a]", "{a}", "a, b", "&a", "*a",
		"!a", "|", ">", "%a", "@a", "`a`", "a #b", "é 病院 🙂", "back\\slash", "~", "true", "0x1f", "1e3", ":", "?", "-", "---"} {
		e := knowledge.Entry{Slug: "x", Title: text, Owner: text, Systems: []string{text, "other"}, Audience: []knowledge.Role{knowledge.Role(text)},
			Resources: []knowledge.Resource{{Name: text, Owner: text}}, Solved: &knowledge.Solved{Organisation: text, Did: text}}
		file, err := table.FormatMarkdown(e)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		got, err := table.ParseMarkdown(file)
		if err != nil || !reflect.DeepEqual(got, e) {
			t.Errorf("%q came back as %+v, %v, from\n%s", text, got, err, file)
		}
	}
}

func TestParseAcceptsWhatEditorsDo(t *testing.T) {
	want := parse(t, whole)
	for name, file := range map[string]string{
		"Windows line ends":      strings.ReplaceAll(whole, "\n", "\r\n"),
		"a byte order mark":      "\ufeff" + whole,
		"blank lines at the end": whole + "\n\n\n",
		"spaces after a heading": strings.ReplaceAll(whole, "## Answer\n", "## Answer  \n"),
		"kinds in small letters": strings.ReplaceAll(whole, "### Goal", "### goal"),
		"more blank lines":       strings.ReplaceAll(whole, "\n- ", "\n\n- "),
	} {
		got, err := table.ParseMarkdown([]byte(file))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func TestParseSortsPhrasingsByKind(t *testing.T) {
	e := parse(t, "---\nslug: x\n---\n## People ask\n### Slang\n- c\n### Goal\n- a\n### Slang\n- d\n### Goal\n- b\n")
	var got []string
	for _, p := range e.Phrasings {
		got = append(got, p.Text)
	}
	if strings.Join(got, "") != "abcd" {
		t.Errorf("got %v", got)
	}
}

func TestParseSaysWhatToMend(t *testing.T) {
	front := "---\nslug: x\n---\n"
	tests := []struct{ name, file, want string }{
		{"empty", "", "start with a line ---"},
		{"no front matter", "## Answer\n\nText.\n", "start with a line ---"},
		{"front matter without an end", "---\nslug: x\n\n## Answer\n", "another after the details"},
		{"no slug", "---\ntitle: X\n---\n", "slug is missing"},
		{"an unknown key", "---\nslug: x\ncolour: red\n---\n", "colour"},
		{"a key twice", "---\nslug: x\nslug: y\n---\n", "slug"},
		{"a list where a word should be", "---\nslug: x\ntitle: [a, b]\n---\n", "Title of type string"},
		{"broken YAML", "---\nslug: \"x\n---\n", "[1:"},
		{"another encoding", "---\nslug: x\ntitle: caf\xe9\n---\n", "save it as UTF-8"},
		{"an unknown heading", front + "## Answers\n\nText.\n", `no such heading: "Answers"`},
		{"a heading twice", front + "## Answer\n\nOne.\n\n## Answer\n\nTwo.\n", `heading twice: "Answer"`},
		{"text before the headings", front + "Lost words.\n\n## Answer\n\nText.\n", `"Lost words."`},
		{"an unknown kind of phrasing", front + "## People ask\n\n### Gaol\n\n- x\n", `no such kind of phrasing: "Gaol"`},
		{"a phrasing without dash", front + "## People ask\n\n### Goal\n\nwhere is it\n", `"where is it"`},
		{"a phrasing without kind", front + "## People ask\n\n- where is it\n", `"- where is it"`},
		{"an empty phrasing", front + "## People ask\n\n### Goal\n\n- \n", `"-"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := table.ParseMarkdown([]byte(test.file))
			if !errors.Is(err, table.ErrFormat) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want it to say %s", err, test.want)
			}
		})
	}
}

func TestFormatTidies(t *testing.T) {
	file, err := table.FormatMarkdown(knowledge.Entry{Slug: "x", Answer: "\r\n1. One.\r\n2. Two.\n\n", Phrasings: []knowledge.Phrasing{
		{Kind: knowledge.Slang, Text: "b"}, {Kind: knowledge.Goal, Text: "a"}}})
	want := "---\nslug: x\n---\n\n## Answer\n\n1. One.\n2. Two.\n\n## People ask\n\n### Goal\n\n- a\n\n### Slang\n\n- b\n"
	if err != nil || string(file) != want {
		t.Errorf("got\n%s\n%v", file, err)
	}
}

func TestFormatRefusesWhatWouldNotComeBack(t *testing.T) {
	for name, e := range map[string]knowledge.Entry{
		"a heading in the answer":   {Slug: "x", Answer: "One.\n## Two\nThree."},
		"an unknown phrasing kind":  {Slug: "x", Phrasings: []knowledge.Phrasing{{Kind: "song", Text: "la"}}},
		"a phrasing over two lines": {Slug: "x", Phrasings: []knowledge.Phrasing{{Kind: knowledge.Goal, Text: "a\nb"}}},
		"an entry without slug":     {Title: "X"},
		"a tab, which YAML drops":   {Slug: "x", Systems: []string{"a\tb"}},
	} {
		if file, err := table.FormatMarkdown(e); !errors.Is(err, table.ErrFormat) {
			t.Errorf("%s: got %v and\n%s", name, err, file)
		}
	}
}

func FuzzParseMarkdown(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(strings.ReplaceAll(whole, "\n", "\r\n")))
	f.Add([]byte("---\nslug: x\n---\n\n## Answer\n\n \n"))
	f.Add([]byte("---\nslug: &a x\ntitle: *a\n---\n"))
	f.Add([]byte("---\nslug: |\n  x\n---\n## People ask\n### Goal\n- \xff\n"))
	files, _ := filepath.Glob("../starter/entries/a*.md")
	for _, name := range files {
		if file, err := os.ReadFile(name); err == nil {
			f.Add(file)
		}
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		e, err := table.ParseMarkdown(file)
		if err != nil {
			return
		}
		once, err := table.FormatMarkdown(e)
		if err != nil {
			return // said plainly, not written wrongly
		}
		again, err := table.ParseMarkdown(once)
		if err != nil || asJSON(t, e) != asJSON(t, again) {
			t.Fatalf("got %+v, %v\nwant %+v\nfrom\n%s", again, err, e, once)
		}
		if twice, err := table.FormatMarkdown(again); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("got\n%s\n%v\nwant\n%s", twice, err, once)
		}
	})
}

// asJSON is what a curator wrote in an entry, with no difference between an empty list and none.
func asJSON(t *testing.T, e knowledge.Entry) string {
	t.Helper()
	body, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
