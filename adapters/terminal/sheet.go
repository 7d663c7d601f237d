package terminal

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"signpost/bot/chat"
)

// mostColumns is as wide as a line gets: longer ones are hard to read. Buttons stand side by side up to here in a pipe.
const mostColumns = 100

// A sheet is what a person is shown in one go: blocks with an empty line between them. Its text is clean.
type sheet []block

type block struct {
	lines   []string
	heading bool // set off from the rest: bold where there is bold
	row     bool // the lines stand side by side where they fit
	close   bool // no empty line before it
}

func para(text string) block { return block{lines: strings.Split(clean(text), "\n")} }

func heading(text string) block {
	b := para(text)
	b.heading = true
	return b
}

func written(text chat.Text) sheet {
	var s sheet
	for _, part := range text {
		b := para(part.String())
		b.heading = part.Kind == chat.Heading
		s = append(s, b)
	}
	return s
}

func (b block) closeUp() block {
	b.close = true
	return b
}

// render is the sheet as text without a line break at its end, wrapped to width columns; 0 wraps nothing.
func (s sheet) render(width int, bold bool) string {
	var out strings.Builder
	for _, b := range s {
		text := b.render(width, bold && b.heading)
		if text == "" {
			continue
		}
		switch {
		case out.Len() == 0:
		case b.close:
			out.WriteString("\n")
		default:
			out.WriteString("\n\n")
		}
		out.WriteString(text)
	}
	return out.String()
}

func (s sheet) plain() string { return s.render(0, false) }

func (b block) render(width int, bold bool) string {
	if strings.TrimSpace(strings.Join(b.lines, "")) == "" {
		return ""
	}
	lines := b.lines
	if b.row {
		lines = sideBySide(lines, width)
	}
	var out []string
	for _, line := range lines {
		for _, piece := range wrap(line, width) {
			if bold && piece != "" {
				piece = "\x1b[1m" + piece + "\x1b[0m"
			}
			out = append(out, piece)
		}
	}
	return strings.Join(out, "\n")
}

func sideBySide(cells []string, width int) []string {
	if width <= 0 {
		width = mostColumns
	}
	if row := strings.Join(cells, "   "); columns(row) <= width {
		return []string{row}
	}
	return cells
}

// lead is what stands before the words of a step, point, choice or button; wrapped lines begin below the words.
var lead = regexp.MustCompile(`^ *(?:- |[0-9]+\. |\[[0-9]+\] )?`)

// wrap breaks line between words. A word longer than the width, such as a link's address, is never broken.
func wrap(line string, width int) []string {
	if width <= 0 || columns(line) <= width {
		return []string{line}
	}
	start := lead.FindString(line)
	indent := strings.Repeat(" ", columns(start))
	if len(indent) > width/2 {
		indent = ""
	}
	var out []string
	now, used, fresh := start, columns(start), true
	for _, word := range strings.Fields(line[len(start):]) {
		size := columns(word)
		switch {
		case fresh:
		case used+1+size > width:
			out = append(out, now)
			now, used = indent, len(indent)
		default:
			now, used = now+" ", used+1
		}
		now, used, fresh = now+word, used+size, false
	}
	return append(out, now)
}

// columns is about how many columns s takes: none for marks that join the letter before, two for wide letters.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r < 0x300:
			n++
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana), r >= 0x1F300 && r <= 0x1FAFF:
			n += 2
		default:
			n++
		}
	}
	return n
}

// numbered is the line of one choice, counted from 1.
func numbered(i int, c chat.Choice) string {
	line := strconv.Itoa(i+1) + ". " + oneLine(c.Label)
	if detail := oneLine(c.Detail); detail != "" {
		line += " - " + detail
	}
	return line
}
