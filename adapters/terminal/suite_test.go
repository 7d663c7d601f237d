package terminal

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/adapters/adaptertest"
	"signpost/bot/chat"
)

var _ = flag.Bool("update", false, "write testdata/parity.json")

func TestSuite(t *testing.T) {
	adaptertest.Run(t, adaptertest.Rig{
		Network: "Terminal", Server: "a pipe", Start: sitDown,
		Cannot: map[adaptertest.Ability]string{
			adaptertest.Command:   "A terminal lists nothing; the same words are typed.",
			adaptertest.Shortcut:  "Messages on a screen cannot be clicked.",
			adaptertest.Private:   "Only one person reads a terminal.",
			adaptertest.Thread:    "A terminal shows one message below the other.",
			adaptertest.Change:    "What was typed and sent on a terminal cannot be changed.",
			adaptertest.Replace:   "What is on a screen stays there; the new state is printed, with the beginning of the old one.",
			adaptertest.Redeliver: "A line is read once.",
			adaptertest.Reconnect: "There is no connection that could break.",
		},
	})
}

// a page is what a terminal in a pipe has printed, one piece for each time it printed.
type page struct {
	mu     sync.Mutex
	pieces []string
}

func (p *page) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pieces = append(p.pieces, strings.TrimSpace(string(b)))
	return len(b), nil
}

func (p *page) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.pieces)
}

func (p *page) last() string {
	all := p.all()
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// a sitter types at a terminal that runs.
type sitter struct {
	t      *testing.T
	page   *page
	typing io.Writer
	folder string
}

func sitDown(t *testing.T, handle chat.Handler) adaptertest.Stage {
	in, typing, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	s := &sitter{t: t, page: &page{}, typing: typing, folder: t.TempDir()}
	term := New(Config{In: in, Out: s.page, Person: "terminal:sam", Folder: s.folder})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- term.Run(ctx, handle) }()
	s.until(func() bool { return s.page.last() != "" }) // it begins with what it opens
	return adaptertest.Stage{
		Adapter: term, Person: "terminal:sam", Direct: "terminal:sam", Nowhere: "terminal:kim",
		Say:      func(_ chat.Address, text string) { s.types(text) },
		Press:    func(label string) { s.types(label) },
		Submit:   s.submit,
		Type:     s.typeAhead,
		Sees:     func(chat.Address) []adaptertest.Seen { return s.sees() },
		Open:     func() {}, // Run did
		SendFile: s.sendFile,
		Stop: func() error {
			cancel()
			err := <-ended
			typing.Close()
			in.Close()
			return err
		},
	}
}

func (s *sitter) types(line string) {
	if _, err := io.WriteString(s.typing, line+"\n"); err != nil {
		s.t.Error(err)
	}
}

// answers types lines and waits until something is printed after the last of them.
func (s *sitter) answers(lines ...string) {
	before := len(s.page.all())
	for _, line := range lines {
		s.types(line)
	}
	s.until(func() bool { return len(s.page.all()) > before })
}

func (s *sitter) until(holds func() bool) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if holds() {
			return
		}
	}
	s.t.Errorf("nothing came; last on the screen is %q", s.page.last())
}

var (
	pressable = regexp.MustCompile(`(?m)(?:^|   )(?:\[\d+\]|\d+\.) ((?:[^ \n]| ?[^ \n]| {1,2}[^ \n])*)`)
	saved     = regexp.MustCompile(regexp.QuoteMeta(savedAs) + `(.*)`)
)

func (s *sitter) sees() []adaptertest.Seen {
	var out []adaptertest.Seen
	for _, piece := range s.page.all() {
		seen := adaptertest.Seen{Text: piece, Buttons: labelsIn(piece)}
		if strings.HasPrefix(piece, "@sam\n") {
			seen.Mentions = []string{"terminal:sam"}
		}
		if found := saved.FindStringSubmatch(piece); found != nil {
			body, err := os.ReadFile(found[1])
			if err != nil {
				s.t.Error(err)
			}
			seen.File, seen.Body = filepath.Base(found[1]), string(body)
		}
		out = append(out, seen)
	}
	return out
}

func labelsIn(piece string) []string {
	var labels []string
	for _, found := range pressable.FindAllStringSubmatch(piece, -1) {
		label, _, _ := strings.Cut(found[1], " - ")
		labels = append(labels, label)
	}
	return labels
}

// submit answers each question that is asked, until the form is gone or asks again for what was answered already.
func (s *sitter) submit(form chat.Form, values map[string]string) (told string) {
	s.until(func() bool { return asks(s.page.last(), form) != nil })
	for answered := false; ; answered = true {
		field := asks(s.page.last(), form)
		if field == nil || answered && strings.Contains(s.page.last(), formAgain) {
			return s.page.last()
		}
		value := values[field.ID]
		for _, option := range field.Options {
			if option.ID == value {
				value = option.Label
			}
		}
		lines := strings.Split(value, "\n")
		if field.Kind == chat.Paragraph {
			lines = append(lines, "")
		}
		s.answers(lines...)
	}
}

// asks is the field that a piece asks for.
func asks(piece string, form chat.Form) *chat.Field {
	for i, field := range form.Fields {
		for line := range strings.Lines(piece) {
			if strings.TrimSuffix(strings.TrimSpace(line), optional) == field.Label {
				return &form.Fields[i]
			}
		}
	}
	return nil
}

func (s *sitter) typeAhead(form chat.Form, _, text string) []string {
	s.until(func() bool { return asks(s.page.last(), form) != nil })
	s.answers(text)
	return labelsIn(s.page.last())
}

func (s *sitter) sendFile(name, body string) {
	path := filepath.Join(s.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(body), 0o666); err != nil {
		s.t.Error(err)
	}
	s.types("send " + path)
}
