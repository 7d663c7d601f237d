package terminal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"signpost/bot/chat"
)

// wordSend begins a line that sends a file.
const wordSend = "send "

// sendFile turns "send PATH" into the event of that file. ok is false where the line is to be said: people also say what
// begins so. One that can only be a path is never said, for a slip in it is no question. s.mu is held.
func (s *Session) sendFile(typed string) (event *chat.Event, text sheet, ok bool) {
	if s.folder == nil || len(typed) < len(wordSend) || !strings.EqualFold(typed[:len(wordSend)], wordSend) {
		return nil, nil, false
	}
	path := strings.Trim(strings.TrimSpace(typed[len(wordSend):]), `"'`)
	file, err := readFile(s.within(path))
	switch {
	case err == nil:
		event = s.event(chat.SentFile)
		event.File = file
		return event, nil, true
	case !errors.Is(err, errNoFile):
		text, _ = s.put(sheet{para(notRead + oneLine(path))})
	case isPath(path):
		text, _ = s.put(sheet{para(noSuchFile + oneLine(path))})
	default:
		return nil, nil, false
	}
	return nil, text, true
}

// within is a path as seen from the session's folder. s.mu is held.
func (s *Session) within(path string) string {
	if filepath.IsAbs(path) || strings.HasPrefix(path, "~") {
		return path
	}
	return filepath.Join(*s.folder, path)
}

// isPath says whether words can only be meant as a path.
func isPath(words string) bool {
	for _, start := range []string{"/", "./", "../", "~/"} {
		if strings.HasPrefix(words, start) {
			return true
		}
	}
	return false
}

var errNoFile = errors.New("no file is there")

// readFile reads a plain file, but not one that is too long: of that only its name and size are told.
func readFile(path string) (*chat.File, error) {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			path = filepath.Join(home, rest)
		}
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil, errNoFile
	}
	file := &chat.File{Name: filepath.Base(path), Size: info.Size()}
	if file.Size > chat.LongestFile {
		return file, nil
	}
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	file.Body, err = io.ReadAll(io.LimitReader(in, chat.LongestFile))
	file.Size = int64(len(file.Body))
	return file, err
}

// file saves what came with a message, unless it came with an earlier state of it already, and says where. s.mu is held.
func (s *Session) file(before, file *chat.File) sheet {
	switch {
	case file == nil || before != nil && before.Name == file.Name && string(before.Body) == string(file.Body):
		return nil
	case s.folder == nil:
		return sheet{para(withFile + oneLine(file.Name))}
	}
	path, err := saveFile(*s.folder, *file)
	if err != nil {
		return sheet{para(notSaved + oneLine(file.Name))}
	}
	return sheet{para(savedAs + path)}
}

const mostNames = 1000

// saveFile writes a file that only its owner may read into a folder, under a name that is free there.
func saveFile(folder string, file chat.File) (path string, err error) {
	name := cleanName(file.Name)
	end := filepath.Ext(name)
	for n := 1; n <= mostNames; n++ {
		free := name
		if n > 1 {
			free = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, end), n, end)
		}
		if path, err = filepath.Abs(filepath.Join(folder, free)); err != nil {
			return "", err
		}
		out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		} else if err != nil {
			return "", err
		}
		_, err = out.Write(file.Body)
		return path, errors.Join(err, out.Close())
	}
	return "", fmt.Errorf("no name is free like %q", name)
}

// longestName is in bytes, as file systems count; room is left for a number.
const longestName = 200

// cleanName keeps letters, figures and a few signs of the last part of a name, so that it is a plain file of the folder,
// and no hidden one, on any system.
func cleanName(name string) string {
	name = clean(name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || strings.ContainsRune(" ._-()", r) {
			return r
		}
		return '_'
	}, name)
	name = strings.Trim(strings.TrimLeft(name, ". "), " ")
	end := filepath.Ext(name)
	if len(end) > 20 {
		end = ""
	}
	stem := strings.TrimSuffix(name, end)
	for len(stem)+len(end) > longestName {
		_, size := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-size]
	}
	if stem == "" {
		return "file" + end
	}
	return stem + end
}
