package chat

import (
	"strconv"
	"strings"
)

// A Text is what a person reads, in parts that every network can show its own way. No part holds markup: what looks like
// markup is shown as typed. String gives the whole of it as plain text, as a screen reader would read it.
type Text []Part

// A Part is one block of a Text.
type Part struct {
	Kind  PartKind `json:"kind"`
	Text  string   `json:"text,omitempty"`  // Heading, Plain, Note
	Items []Item   `json:"items,omitempty"` // Steps, Points
}

// PartKind says how a Part is meant.
type PartKind string

// The kinds of Part. A Note is a paragraph of smaller weight, never less important.
const (
	Heading PartKind = "heading"
	Plain   PartKind = "paragraph"
	Steps   PartKind = "steps"
	Points  PartKind = "points"
	Note    PartKind = "note"
)

// An Item is one step, point or link. A link is shown with both its words and its address.
type Item struct {
	Text   string `json:"text"`
	URL    string `json:"url,omitempty"`
	Detail string `json:"detail,omitempty"` // follows the text, such as who owns a link and what it costs
}

// Parse reads light text as people write it in files: paragraphs with blank lines between, "# " for a heading, "1. " for
// steps, "- " for points, "> " for a note. A line that is none of these continues the one before it.
func Parse(written string) Text {
	var text Text
	fresh := true // the next plain line starts a part of its own
	for line := range strings.Lines(written) {
		line = strings.TrimSpace(line)
		if line == "" {
			fresh = true
			continue
		}
		kind, words := lineKind(line)
		switch {
		case kind == Steps || kind == Points:
			text = text.addItem(kind, words)
		case kind != Plain || fresh || len(text) == 0:
			text = append(text, Part{Kind: kind, Text: words})
		default:
			text.continueWith(words)
		}
		fresh = kind == Heading
	}
	return text
}

func lineKind(line string) (PartKind, string) {
	for mark, kind := range map[string]PartKind{"# ": Heading, "- ": Points, "> ": Note} {
		if rest, ok := strings.CutPrefix(line, mark); ok {
			return kind, strings.TrimSpace(rest)
		}
	}
	if number, rest, ok := strings.Cut(line, ". "); ok {
		if _, err := strconv.Atoi(number); err == nil {
			return Steps, strings.TrimSpace(rest)
		}
	}
	return Plain, line
}

func (t Text) addItem(kind PartKind, words string) Text {
	if n := len(t); n > 0 && t[n-1].Kind == kind {
		t[n-1].Items = append(t[n-1].Items, Item{Text: words})
		return t
	}
	return append(t, Part{Kind: kind, Items: []Item{{Text: words}}})
}

func (t Text) continueWith(words string) {
	last := &t[len(t)-1]
	if n := len(last.Items); n > 0 {
		last.Items[n-1].Text += " " + words
		return
	}
	last.Text += " " + words
}

// Add returns t with other after it.
func (t Text) Add(other Text) Text { return append(t[:len(t):len(t)], other...) }

// String is the whole text, plain: headings and paragraphs on lines of their own, steps numbered, points dashed, every
// link's address written out.
func (t Text) String() string {
	var b strings.Builder
	for i, part := range t {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(part.String())
	}
	return b.String()
}

// String is the part, plain, with no line break at its end.
func (p Part) String() string {
	if len(p.Items) == 0 {
		return p.Text
	}
	lines := make([]string, len(p.Items))
	for i, item := range p.Items {
		mark := "- "
		if p.Kind == Steps {
			mark = strconv.Itoa(i+1) + ". "
		}
		lines[i] = mark + item.String()
	}
	return strings.Join(lines, "\n")
}

// String is the item's words, its address, then its detail.
func (i Item) String() string {
	s := i.Text
	if i.URL != "" {
		s += ": " + i.URL
	}
	if i.Detail != "" {
		s += " (" + i.Detail + ")"
	}
	return s
}
