package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A script is a conversation in a file that a curator can read. What people read stands indented under what led to it:
//
//	# A nurse looks for her shifts            a comment
//	$ signpost place list                     a command line, then what it prints
//	nurse opens                               an actor opens Signpost, then what she reads
//	nurse> how do i see my shifts             an actor types a line, then what she reads; nothing after > is Enter
//	champion sees                             what reached an actor by itself since she last looked
//	file rooms.csv                            a file of the folder that actors send from and save in, and what stands in it
//	shows rooms.csv                           what stands in a file by now
//	+1d2h                                     the clock moves on by days, hours and minutes; what comes due then does
//	kill                                      the program stops and starts again; what people have on screen stays
//
// A line "..." among what is read stands for any lines, or none.
type script []*step

// A step is one line of a script, and what was read after it.
type step struct {
	number int // of its line
	line   string
	reads  []string // without their indent
	gap    int      // empty lines after it
}

const (
	indent   = "  "
	anyLines = "..."
)

func readScript(file string) (script, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return parseScript(string(text))
}

func parseScript(text string) (script, error) {
	var s script
	empty := 0
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		read, indented := strings.CutPrefix(strings.TrimRight(line, " \t\r"), indent)
		switch {
		case read == "":
			empty++
		case !indented:
			s.leave(empty)
			s, empty = append(s, &step{number: i + 1, line: read}), 0
		case len(s) == 0 || !s[len(s)-1].speaks():
			return nil, fmt.Errorf("line %d: nothing was said that %q could answer", i+1, read)
		default:
			last := s[len(s)-1]
			last.reads = append(append(last.reads, make([]string, empty)...), read)
			empty = 0
		}
	}
	return s, nil
}

// leave notes the empty lines after the last step.
func (s script) leave(empty int) {
	if len(s) > 0 {
		s[len(s)-1].gap = empty
	}
}

// speaks reports whether something can be read after the step.
func (s *step) speaks() bool {
	return !strings.HasPrefix(s.line, "#") && !strings.HasPrefix(s.line, "+") && s.line != "kill"
}

// String is the script as it stands in its file.
func (s script) String() string {
	var b strings.Builder
	for _, step := range s {
		b.WriteString(step.line + "\n")
		for _, read := range step.reads {
			b.WriteString(strings.TrimRight(indent+read, " ") + "\n")
		}
		b.WriteString(strings.Repeat("\n", step.gap))
	}
	return b.String()
}

// readLines are the lines of what a person read or a command printed.
func readLines(out string) []string {
	if out = strings.TrimRight(out, " \n"); out == "" {
		return nil
	}
	lines := strings.Split(out, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}

// agrees reports whether got is what want says.
func agrees(want, got []string) bool {
	for i, line := range want {
		switch {
		case line == anyLines:
			for rest := got[i:]; ; rest = rest[1:] {
				if agrees(want[i+1:], rest) || len(rest) == 0 {
					return agrees(want[i+1:], rest)
				}
			}
		case i >= len(got) || got[i] != line:
			return false
		}
	}
	return len(want) == len(got)
}

// rewritten is got, shortened by each "..." of want whose neighbours are still there.
func rewritten(want, got []string) []string {
	var out []string
	for i, line := range want {
		if line != anyLines {
			continue
		}
		from, to := 0, len(got)
		if i > 0 {
			from = 1 + slices.Index(got, want[i-1])
		}
		if i+1 < len(want) {
			to = from + slices.Index(got[from:], want[i+1])
		}
		if i > 0 && from == 0 || to < from {
			continue
		}
		out, got = append(append(out, got[:from]...), anyLines), got[to:]
	}
	return append(out, got...)
}

var (
	jump   = regexp.MustCompile(`^\+([0-9]+[dhm])+$`)
	units  = map[byte]time.Duration{'d': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute}
	pieces = regexp.MustCompile(`[0-9]+[dhm]`)
)

// moved reads how far a line such as +1d2h moves the clock on.
func moved(line string) (by time.Duration, ok bool) {
	for _, piece := range pieces.FindAllString(line, -1) {
		end := len(piece) - 1
		n, _ := strconv.Atoi(piece[:end])
		by += time.Duration(n) * units[piece[end]]
	}
	return by, jump.MatchString(line)
}

// commandWords splits a command line as a shell does, with single and double quotes.
func commandWords(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	quote, inside := rune(0), false
	for _, r := range line + " " {
		switch {
		case quote == 0 && (r == '\'' || r == '"'):
			quote, inside = r, true
		case r == quote:
			quote = 0
		case quote == 0 && r == ' ':
			if inside {
				words = append(words, word.String())
			}
			word.Reset()
			inside = false
		default:
			word.WriteRune(r)
			inside = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote %c is not closed", quote)
	}
	return words, nil
}

func TestScriptsAreReadAndWritten(t *testing.T) {
	text := "# Two people\n\nnurse> hello\n  Hello.\n\n  [1] Topics\n\n+1d2h\nkill\nchampion>\n$ signpost place list\n  England\n"
	s, err := parseScript(text)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.String(); got != text {
		t.Errorf("written again it is\n%s", got)
	}
	if want := []string{"Hello.", "", "[1] Topics"}; !slices.Equal(s[1].reads, want) {
		t.Errorf("the nurse reads %q, want %q", s[1].reads, want)
	}
	if _, err := parseScript("kill\n  Something\n"); err == nil {
		t.Error("words after kill must be refused")
	}
}

func TestShortenedAnswersAgree(t *testing.T) {
	got := []string{"Title", "", "1. One", "2. Two", "", "[1] Helped", "Type a number."}
	for _, c := range []struct {
		name   string
		want   []string
		agrees bool
		update []string
	}{
		{"the same", got, true, got},
		{"short in the middle", []string{"Title", "...", "Type a number."}, true, []string{"Title", "...", "Type a number."}},
		{"short at both ends", []string{"...", "2. Two", "..."}, true, []string{"...", "2. Two", "..."}},
		{"all of it", []string{"..."}, true, []string{"..."}},
		{"no lines left out", []string{"Title", "...", "", "1. One", "..."}, true, []string{"Title", "...", "", "1. One", "..."}},
		{"end differs", []string{"Title", "...", "2. Two", "", "[1] Changed", "Type a number."}, false,
			[]string{"Title", "...", "2. Two", "", "[1] Helped", "Type a number."}},
		{"a neighbour is gone", []string{"Title", "...", "Goodbye."}, false, got},
		{"the line before is gone", []string{"Old title", "...", "Type a number."}, false, got},
		{"nothing yet", nil, false, got},
	} {
		if is := agrees(c.want, got); is != c.agrees {
			t.Errorf("%s: agrees is %v", c.name, is)
		}
		if update := rewritten(c.want, got); !slices.Equal(update, c.update) {
			t.Errorf("%s: rewritten as %q, want %q", c.name, update, c.update)
		}
	}
}

func TestCommandWords(t *testing.T) {
	got, err := commandWords(`signpost local set --org 'Royal Example' it-desk "ext 1's" '' x`)
	want := []string{"signpost", "local", "set", "--org", "Royal Example", "it-desk", "ext 1's", "", "x"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := commandWords("place add 'Royal"); err == nil {
		t.Error("an open quote must be refused")
	}
}

func TestMoved(t *testing.T) {
	for line, want := range map[string]time.Duration{"+3h": 3 * time.Hour, "+1d2h": 26 * time.Hour, "+31m": 31 * time.Minute} {
		if got, ok := moved(line); !ok || got != want {
			t.Errorf("%s moves by %v, %v", line, got, ok)
		}
	}
	for _, line := range []string{"+", "+3", "+3s", "3h", "+h"} {
		if _, ok := moved(line); ok {
			t.Errorf("%q must not move the clock", line)
		}
	}
}
