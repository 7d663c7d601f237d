package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/adapters/terminal"
)

var update = flag.Bool("update", false, "write what people read now into testdata/conversations; the diff is the review")

// TestConversations plays every script and compares all that people read.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/conversations/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scripts, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			playFile(t, file)
		})
	}
}

func playFile(t *testing.T, file string) {
	s, err := readScript(file)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	p := newPlayer(t)
	for _, step := range s {
		got := readLines(p.play(step.line, step.reads...))
		if agrees(step.reads, got) {
			continue
		}
		if *update {
			step.reads = rewritten(step.reads, got)
			continue
		}
		t.Errorf("%s:%d: %s\n--- read\n%s\n--- want\n%s\n--- if it is right: go test ./cmd/signpost -run Conversations -update",
			file, step.number, step.line, strings.Join(got, "\n"), strings.Join(step.reads, "\n"))
	}
	for actor, unread := range p.mail {
		t.Errorf("%s: %s was sent what the script does not show; add a line \"%s sees\":\n%s", file, actor, actor, strings.Join(unread, "\n"))
	}
	if *update {
		if err := os.WriteFile(file, []byte(s.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// A player plays the lines of one script on a file of its own, with a clock and ids that are the same each time.
type player struct {
	t      *testing.T
	app    *app
	clock  time.Time
	ids    int
	open   opened
	actors map[string]*terminal.Session
	folder string // where actors find files, and save them

	posting sync.Mutex          // guards what follows while a courier brings messages
	mail    map[string][]string // what reached actors by itself and was not looked at yet
}

func newPlayer(t *testing.T) *player {
	p := &player{t: t, clock: scriptStart, actors: map[string]*terminal.Session{}, folder: t.TempDir(), mail: map[string][]string{}}
	p.app = &app{
		streams: streams{err: t.Output()},
		file:    freshFile(t),
		now:     func() time.Time { return p.clock },
		newID:   func() string { p.ids++; return fmt.Sprintf("q%d", p.ids) },
	}
	p.start()
	return p
}

var scriptStart = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// freshFile is a new file with the starter base in it. The base is installed once and then copied.
func freshFile(t *testing.T) string {
	t.Helper()
	base, err := starterFile()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "signpost.db")
	if err := os.WriteFile(file, base, 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

var starterFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "signpost")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	a := &app{streams: streams{err: os.Stderr}, file: filepath.Join(dir, "signpost.db"), now: func() time.Time { return scriptStart }}
	if err := a.with(context.Background(), func(opened) error { return nil }); err != nil {
		return nil, err
	}
	return os.ReadFile(a.file)
})

// start opens the file. One that is open already stays so until the test ends: a program that is killed closes nothing.
func (p *player) start() {
	var err error
	if p.open, err = p.app.open(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	db := p.open.db
	p.t.Cleanup(func() { db.Close() })
}

var (
	spoken = regexp.MustCompile(`^([a-z]+)(?:> ?(.*)| opens)$`)
	looks  = regexp.MustCompile(`^([a-z]+) sees$`)
	onFile = regexp.MustCompile(`^(file|shows) ([a-z0-9.-]+)$`)
)

// play plays one line and returns what was read. below is what stands under it in the script.
func (p *player) play(line string, below ...string) string {
	p.t.Helper()
	p.clock = p.clock.Add(time.Second)
	by, jumps := moved(line)
	said, look := spoken.FindStringSubmatch(line), looks.FindStringSubmatch(line)
	file := onFile.FindStringSubmatch(line)
	command, isCommand := strings.CutPrefix(line, "$ signpost ")
	switch {
	case strings.HasPrefix(line, "#"):
	case jumps:
		p.moves(by)
	case line == "kill":
		p.start()
	case isCommand:
		defer p.carry()
		return p.command(command)
	case file != nil:
		return p.file(file[1], file[2], below)
	case look != nil:
		return p.sees(look[1])
	case said != nil:
		defer p.carry()
		return p.says(said[1], said[2], strings.Contains(line, ">"))
	default:
		p.t.Errorf("a script has no line such as %q", line)
	}
	return ""
}

// file writes what stands below into a file, or gives what stands in one.
func (p *player) file(verb, name string, below []string) string {
	p.t.Helper()
	path := filepath.Join(p.folder, name)
	if verb == "file" {
		if err := os.WriteFile(path, []byte(strings.Join(below, "\n")+"\n"), 0o666); err != nil {
			p.t.Error(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		p.t.Error(err)
	}
	return strings.NewReplacer("\ufeff", "", "\r\n", "\n").Replace(string(text)) // as spreadsheets show it
}

// command runs a command line on the player's file, beside the open base, and returns all it printed.
func (p *player) command(line string) string {
	words, err := commandWords(line)
	if err != nil {
		p.t.Error(err)
	}
	return p.signpost(words...)
}

func (p *player) signpost(args ...string) string {
	var out strings.Builder
	beside := &app{streams: streams{in: strings.NewReader(""), out: &out, err: &out}, now: p.app.now, newID: p.app.newID}
	if code := run(p.t.Context(), append([]string{"--db", p.app.file}, args...), beside); code != 0 {
		fmt.Fprintf(&out, "(exit %d)\n", code)
	}
	return out.String()
}

// says has an actor type a line at a terminal of her own, or open Signpost there.
func (p *player) says(actor, line string, types bool) string {
	session := p.session(actor)
	var out string
	var err error
	if types {
		out, err = session.Line(p.t.Context(), p.open.bot.Handle, line)
	} else {
		out, err = session.Open(p.t.Context(), p.open.bot.Handle)
	}
	if err != nil {
		p.t.Errorf("%s: %v", line, err)
	}
	return strings.ReplaceAll(out, p.folder+string(filepath.Separator), "")
}
