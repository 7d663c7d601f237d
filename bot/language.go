package bot

import (
	"strings"
	"unicode"

	"signpost/knowledge/match"
)

// foreign holds the words and scripts of other languages, read from asides/language.txt: "Polish | hasło, jest, nie" or
// "Hindi | script Devanagari".
var foreign = readForeign()

type foreignWords struct {
	words   map[string][]string // word -> languages
	scripts []*unicode.RangeTable
}

func readForeign() foreignWords {
	f := foreignWords{words: map[string][]string{}}
	text, _ := asideFiles.ReadFile("asides/" + languageFile) // embedded: a test opens it
	for _, line := range plainLines(string(text)) {
		language, list, ok := strings.Cut(line, "|")
		if !ok {
			continue
		}
		language, list = strings.TrimSpace(language), strings.TrimSpace(list)
		if script, ok := strings.CutPrefix(list, "script "); ok {
			if table, ok := unicode.Scripts[script]; ok {
				f.scripts = append(f.scripts, table)
			}
			continue
		}
		for _, word := range match.Words(list) {
			f.words[word] = append(f.words[word], language)
		}
	}
	return f
}

// inAnotherLanguage reports whether a text is written in another script, or at least two of its words, and four in ten,
// belong to one other language. A stray name or a borrowed word is not enough.
func inAnotherLanguage(text string) bool {
	if mostlyForeignScript(text) {
		return true
	}
	all := match.Words(text)
	counts := map[string]int{}
	most := 0
	for _, word := range all {
		for _, language := range foreign.words[word] {
			counts[language]++
			most = max(most, counts[language])
		}
	}
	return most >= 2 && most*10 >= len(all)*4
}

func mostlyForeignScript(text string) bool {
	letters, other := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
			if unicode.In(r, foreign.scripts...) {
				other++
			}
		}
	}
	return other*2 > letters
}
