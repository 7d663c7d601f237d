// Package table reads and writes entries as files that people edit: spreadsheets (CSV, XLSX), readable Markdown files, one
// per entry, and JSON.
//
// Start from [Read] and [Write]: what Write gives out, Read brings back the same, which Write itself makes sure of. For one
// entry as a file start from [ParseMarkdown] and [FormatMarkdown]; one undoes the other byte for byte. Nothing here looks at
// the base: what rows would do to it is for knowledge.Snapshot.Preview to say.
package table

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"signpost/knowledge"
)

// ErrFormat says that a file is not an entry; the message around it says what to mend, and where.
var ErrFormat = errors.New("not an entry file")

// front is the part of an entry above its text, in the order it is written.
type front struct {
	Slug      string               `yaml:"slug"`
	Title     string               `yaml:"title,omitempty"`
	Kind      knowledge.Kind       `yaml:"kind,omitempty"`
	Strand    string               `yaml:"strand,omitempty"`
	Topic     string               `yaml:"topic,omitempty"`
	Domain    string               `yaml:"domain,omitempty"`
	Level     knowledge.Level      `yaml:"level,omitempty"`
	Audience  []knowledge.Role     `yaml:"audience,flow,omitempty"`
	Systems   []string             `yaml:"systems,flow,omitempty"`
	Next      string               `yaml:"next,omitempty"`
	Owner     string               `yaml:"owner,omitempty"`
	Review    string               `yaml:"review,omitempty"`
	Resources []knowledge.Resource `yaml:"resources,omitempty"`
	Local     []string             `yaml:"local,flow,omitempty"`
	Solved    *knowledge.Solved    `yaml:"solved,omitempty"`
	State     knowledge.State      `yaml:"state,omitempty"`
	Place     string               `yaml:"place,omitempty"`
}

// The headings of an entry's text, in order, and of the kinds of phrasing.
const (
	answerHeading    = "Answer"
	fallbackHeading  = "If it does not work"
	phrasingsHeading = "People ask"
)

var kindHeadings = map[knowledge.PhrasingKind]string{
	knowledge.Goal:     "Goal",
	knowledge.Symptom:  "Symptom",
	knowledge.OnScreen: "On the screen",
	knowledge.Slang:    "Slang",
	knowledge.Unnamed:  "Without the name",
}

// FormatMarkdown writes what a curator writes of an entry as a file; FormatFile adds where it stands. It refuses an entry that ParseMarkdown would not read back as it is, such as
// one whose answer holds a line like a heading of the file.
func FormatMarkdown(e knowledge.Entry) ([]byte, error) {
	e.State, e.Place = "", ""
	return FormatFile(e)
}

// FormatFile is FormatMarkdown with the entry's state and place.
func FormatFile(e knowledge.Entry) ([]byte, error) {
	e = tidy(e)
	file, err := format(e)
	if err != nil {
		return nil, err
	}
	again, err := ParseMarkdown(file)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", e.Slug, err)
	}
	if !same(e, again) {
		return nil, fmt.Errorf("write %s: %w: some of its text would be lost or read as something else", e.Slug, ErrFormat)
	}
	return file, nil
}

// tidy gives line ends and the order of phrasings the form that files keep.
func tidy(e knowledge.Entry) knowledge.Entry {
	e.Answer, e.Fallback = tidyText(e.Answer), tidyText(e.Fallback)
	e.Phrasings = slices.Clone(e.Phrasings)
	sortPhrasings(e.Phrasings)
	return e
}

func tidyText(text string) string { return strings.Trim(strings.ReplaceAll(text, "\r\n", "\n"), "\n") }

// same compares what a curator writes; whether a list is empty or missing makes no difference.
func same(a, b knowledge.Entry) bool {
	one, err := json.Marshal(a)
	other, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(one, other)
}

func format(e knowledge.Entry) ([]byte, error) {
	var b bytes.Buffer
	head, err := yaml.MarshalWithOptions(front{e.Slug, e.Title, e.Kind, e.Strand, e.Topic, e.Domain, e.Level, e.Audience,
		e.Systems, e.Next, e.Owner, e.Review, e.Resources, e.Local, e.Solved, e.State, e.Place}, yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", e.Slug, err)
	}
	fmt.Fprintf(&b, "---\n%s---\n", head)
	section(&b, answerHeading, e.Answer)
	section(&b, fallbackHeading, e.Fallback)
	if len(e.Phrasings) > 0 {
		section(&b, phrasingsHeading, phrasings(e.Phrasings))
	}
	return b.Bytes(), nil
}

func section(b *bytes.Buffer, heading, text string) {
	if text != "" {
		fmt.Fprintf(b, "\n## %s\n\n%s\n", heading, text)
	}
}

func phrasings(all []knowledge.Phrasing) string {
	var parts []string
	for _, kind := range knowledge.PhrasingKinds {
		lines := []string{"### " + kindHeadings[kind] + "\n"}
		for _, p := range all {
			if p.Kind == kind {
				lines = append(lines, "- "+p.Text)
			}
		}
		if len(lines) > 1 {
			parts = append(parts, strings.Join(lines, "\n"))
		}
	}
	return strings.Join(parts, "\n\n")
}

// ParseMarkdown reads a file that FormatMarkdown, or a careful person, wrote. Errors name the line or heading to mend.
func ParseMarkdown(file []byte) (knowledge.Entry, error) {
	if !utf8.Valid(file) {
		return knowledge.Entry{}, fmt.Errorf("%w: it is not UTF-8 text; save it as UTF-8", ErrFormat)
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(file), "\ufeff"), "\r\n", "\n") // as Windows editors save it
	head, body, ok := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
	if !ok || !strings.HasPrefix(text, "---\n") {
		return knowledge.Entry{}, fmt.Errorf("%w: it must start with a line --- and have another after the details", ErrFormat)
	}
	f, err := readFront(head)
	if err != nil {
		return knowledge.Entry{}, err
	}
	if f.Slug == "" {
		return knowledge.Entry{}, fmt.Errorf("%w: slug is missing", ErrFormat)
	}
	e := knowledge.Entry{Slug: f.Slug, Title: f.Title, Kind: f.Kind, Strand: f.Strand, Topic: f.Topic, Domain: f.Domain,
		Level: f.Level, Audience: f.Audience, Systems: f.Systems, Next: f.Next, Owner: f.Owner, Review: f.Review,
		Resources: f.Resources, Local: f.Local, Solved: f.Solved, State: f.State, Place: f.Place}
	err = readBody(&e, body)
	return e, err
}

// readFront reads the details. The YAML library panics on some files that are not quite YAML (found by fuzzing: a tag
// before a list that is none); to a curator that is a broken file like any other.
func readFront(head string) (f front, err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("%w: the details between the lines --- cannot be read", ErrFormat)
		}
	}()
	if err := yaml.UnmarshalWithOptions([]byte(head), &f, yaml.Strict()); err != nil {
		return f, fmt.Errorf("%w: %s", ErrFormat, yaml.FormatError(err, false, false))
	}
	return f, nil
}

// readBody splits the text at its headings.
func readBody(e *knowledge.Entry, body string) error {
	parts := strings.Split("\n"+body, "\n## ")
	if lost := strings.TrimSpace(parts[0]); lost != "" {
		return fmt.Errorf("%w: text stands before the first heading: %q", ErrFormat, lost)
	}
	seen := map[string]bool{}
	for _, part := range parts[1:] {
		heading, text, _ := strings.Cut(part, "\n")
		heading, text = strings.TrimSpace(heading), strings.Trim(text, "\n")
		if seen[heading] {
			return fmt.Errorf("%w: the same heading twice: %q", ErrFormat, heading)
		}
		seen[heading] = true
		switch heading {
		case answerHeading:
			e.Answer = text
		case fallbackHeading:
			e.Fallback = text
		case phrasingsHeading:
			if err := readPhrasings(e, text); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%w: no such heading: %q", ErrFormat, heading)
		}
	}
	return nil
}

func readPhrasings(e *knowledge.Entry, text string) error {
	var kind knowledge.PhrasingKind
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		heading, isHeading := strings.CutPrefix(line, "### ")
		phrasing, isPhrasing := strings.CutPrefix(line, "- ")
		switch {
		case line == "":
		case isHeading:
			if kind = kindOf(heading); kind == "" {
				return fmt.Errorf("%w: no such kind of phrasing: %q", ErrFormat, heading)
			}
		case isPhrasing && kind != "":
			e.Phrasings = append(e.Phrasings, knowledge.Phrasing{Kind: kind, Text: strings.TrimSpace(phrasing)})
		default:
			return fmt.Errorf("%w: a phrasing starts with a dash, under a heading: %q", ErrFormat, line)
		}
	}
	sortPhrasings(e.Phrasings)
	return nil
}

// sortPhrasings puts phrasings in the order of their kinds.
func sortPhrasings(all []knowledge.Phrasing) {
	slices.SortStableFunc(all, func(a, b knowledge.Phrasing) int {
		return slices.Index(knowledge.PhrasingKinds, a.Kind) - slices.Index(knowledge.PhrasingKinds, b.Kind)
	})
}

func kindOf(heading string) knowledge.PhrasingKind {
	for kind, name := range kindHeadings {
		if strings.EqualFold(name, strings.TrimSpace(heading)) {
			return kind
		}
	}
	return ""
}
