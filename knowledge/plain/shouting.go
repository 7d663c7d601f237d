package plain

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode"
)

//go:embed shouted.txt
var shoutedText string

// shouted are everyday words: in capitals they are shouting, not acronyms.
var shouted = wordSet(shoutedText)

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			for _, w := range strings.Fields(line) {
				set[w] = true
			}
		}
	}
	return set
}

// checkShouting finds runs of words in capitals, and takes the words of such a run out of the search for acronyms.
func (v *visit) checkShouting(s sentence) {
	for i := 0; i < len(s.tokens); {
		end := v.runOfCapitals(s.tokens, i)
		if end > i && v.isShouting(s.tokens[i:end]) {
			where := v.text[s.tokens[i].start:s.tokens[end-1].end]
			v.add("shouting", fmt.Sprintf("%q looks like shouting. Write it in small letters.", where), where)
			for k := i; k < end; k++ {
				s.tokens[k].shouted = true
			}
		}
		i = max(end, i+1)
	}
}

// runOfCapitals returns where the words in capitals that start at i end. Only spaces may stand between them.
func (v *visit) runOfCapitals(tokens []token, i int) int {
	end := i
	for end < len(tokens) && inCapitals(tokens[end].text) {
		if end > i && strings.TrimSpace(v.text[tokens[end-1].end:tokens[end].start]) != "" {
			break
		}
		end++
	}
	return end
}

func inCapitals(s string) bool {
	return countUpper(s) > 0 && s == strings.ToUpper(s) && !strings.ContainsFunc(s, unicode.IsDigit)
}

// isShouting: an everyday word, a word too long for an acronym, or three unknown ones in a row.
func (v *visit) isShouting(run []token) bool {
	const tooLong, many = 7, 3
	unknown := 0
	for _, t := range run {
		if t.kind != word || v.known(t.text) || countUpper(t.text) < 2 {
			continue
		}
		if shouted[t.small] || countUpper(t.text) >= tooLong {
			return true
		}
		unknown++
	}
	return unknown >= many
}
