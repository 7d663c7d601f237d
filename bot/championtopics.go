package bot

import (
	"slices"
	"strings"

	"signpost/bot/words"
	"signpost/knowledge/match"
)

// topicName is how people read a topic; there is a word for none.
func (m *meeting) topicName(id string) string {
	if t, _, ok := m.base.Topic(id); ok {
		return t.Name
	}
	return words.Line("champion.other-topics")
}

// topicNames writes topics as people read them; none are all.
func (m *meeting) topicNames(ids []string) string {
	if len(ids) == 0 {
		return words.Line("champion.all-topics")
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = m.topicName(id)
	}
	return strings.Join(names, "; ")
}

// readTopics reads them back, by name or by a word that only one name has; unknown is what could not be read.
func (m *meeting) readTopics(said string) (ids []string, unknown string) {
	for part := range strings.FieldsFuncSeq(said, func(r rune) bool { return r == ';' || r == ',' || r == '\n' }) {
		part = strings.TrimSpace(part)
		if part == "" || strings.EqualFold(part, words.Line("champion.all-topics")) || strings.EqualFold(part, "all") {
			continue
		}
		id := m.topicMeant(part)
		if id == "" {
			return nil, part
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, ""
}

func (m *meeting) topicMeant(said string) string {
	var some []string
	for _, strand := range m.base.Strands {
		for _, t := range strand.Topics {
			switch {
			case strings.EqualFold(t.Name, said) || strings.EqualFold(t.ID, said):
				return t.ID
			case holdsWords(t.Name, said):
				some = append(some, t.ID)
			}
		}
	}
	if len(some) == 0 {
		return ""
	}
	return some[0]
}

// holdsWords reports whether a name has every word said, or a form of it.
func holdsWords(name, said string) bool {
	stems := map[string]bool{}
	for _, word := range match.Words(name) {
		stems[match.Stem(word)] = true
	}
	asked := match.Words(said)
	return len(asked) > 0 && !slices.ContainsFunc(asked, func(word string) bool { return !stems[match.Stem(word)] })
}
