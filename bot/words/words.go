// Package words holds every sentence that the bot says, in text files by job, so that they can be read, put right and
// translated without reading code.
//
// Start from [Say]. A file has sections: a key in square brackets on a line of its own, then light text (see chat.Parse)
// with {names} to be filled in. The sentences follow these rules: plain English that a tired person reads once, a reading
// age of about 11, no blame, one next step, UK spelling, nothing carried by an emoji alone.
//
// The folder safety holds the fixed wording of stops, apart, so that a clinical safety officer can read and sign it.
package words

import (
	"embed"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"signpost/bot/chat"
)

//go:embed *.txt safety/*.txt
var files embed.FS

var said = readAll()

func readAll() map[string]string {
	all := map[string]string{}
	fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := files.ReadFile(path)
		maps.Copy(all, sections(string(file)))
		return err
	})
	return all
}

var keyLine = regexp.MustCompile(`^\[([a-z][a-z0-9.-]*)\]$`)

// sections splits a file at its keys. Lines that start with # are for the reader of the file.
func sections(file string) map[string]string {
	found := map[string]string{}
	key := ""
	for line := range strings.Lines(file) {
		line = strings.TrimRight(line, "\r\n")
		if name := keyLine.FindStringSubmatch(line); name != nil {
			key = name[1]
			found[key] = ""
		} else if key != "" && !strings.HasPrefix(line, "#:") {
			found[key] += line + "\n"
		}
	}
	for key, text := range found {
		found[key] = strings.TrimSpace(text)
	}
	return found
}

// Say gives the text under a key, with values filled in: name, value, name, value. A value stays within its sentence,
// whatever it holds. An unknown key gives the key, which a test rules out.
func Say(key string, values ...string) chat.Text {
	text := chat.Parse(Raw(key))
	fill := filler(values)
	for i := range text {
		text[i].Text = fill(text[i].Text)
		for j := range text[i].Items {
			text[i].Items[j].Text = fill(text[i].Items[j].Text)
		}
	}
	return text
}

// Line gives the text under a key as one line, for labels and titles.
func Line(key string, values ...string) string {
	return filler(values)(strings.Join(strings.Fields(Raw(key)), " "))
}

// Raw gives the text under a key as it stands in its file.
func Raw(key string) string {
	if text, ok := said[key]; ok {
		return text
	}
	return key
}

// Keys lists every key, sorted.
func Keys() []string { return slices.Sorted(maps.Keys(said)) }

func filler(values []string) func(string) string {
	pairs := make([]string, 0, len(values))
	for i := 0; i+1 < len(values); i += 2 {
		pairs = append(pairs, "{"+values[i]+"}", values[i+1])
	}
	return strings.NewReplacer(pairs...).Replace
}
