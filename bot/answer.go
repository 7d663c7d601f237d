package bot

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/match"
)

// answerText is an entry in full, in the order in which a tired person on a phone needs it: its own words, what to do if
// they do not help, who can help at the person's place, where to read on, and last what sort of answer this is. asked is
// what the person asked, or "".
func (m *meeting) answerText(e *knowledge.Entry, asked string) chat.Text {
	text := chat.Text{{Kind: chat.Heading, Text: e.Title}}
	text = text.Add(m.renamed(e, asked)).Add(m.own(e.Answer)).Add(solvedText(e.Solved))
	if e.Fallback != "" {
		text = text.Add(words.Say("answer.fallback")).Add(m.own(e.Fallback))
	}
	return text.Add(m.localText(e)).Add(resourcesText(e.Resources)).Add(m.aboutText(e))
}

// renamed says what a system of the entry is called now, where the person asked for it by a name it no longer has.
func (m *meeting) renamed(e *knowledge.Entry, asked string) chat.Text {
	said := phrase(asked)
	for _, term := range m.base.Terms {
		if term.Kind != knowledge.SystemTerm || !slices.Contains(e.Systems, term.Name) {
			continue
		}
		for _, was := range term.Was {
			if strings.Contains(said, phrase(was)) && !m.namesMore(said, was) {
				return words.Say("answer.renamed", "old", shownName(was), "new", term.Name)
			}
		}
	}
	return nil
}

// namesMore reports whether an old name was said only as a part of a name that still holds, as "care identity service" is
// of "Care Identity Service 2".
func (m *meeting) namesMore(said, was string) bool {
	for _, term := range m.base.Terms {
		for _, name := range append([]string{term.Name, term.Full}, term.Also...) {
			if now := phrase(name); len(now) > len(phrase(was)) && strings.Contains(now, phrase(was)) && strings.Contains(said, now) {
				return true
			}
		}
	}
	return false
}

// shownName writes a name that the glossary holds in small letters: a short word is an acronym.
func shownName(name string) string {
	if len(name) <= 4 {
		return strings.ToUpper(name)
	}
	return capital(name)
}

// phrase is a text as words between spaces, so that one text can be looked for in another by whole words.
func phrase(text string) string { return " " + strings.Join(match.Words(text), " ") + " " }

// own reads an entry's light text and puts the names of local details in for their keys.
func (m *meeting) own(written string) chat.Text {
	text := chat.Parse(written)
	for i := range text {
		text[i].Text = m.named(text[i].Text)
		for j := range text[i].Items {
			text[i].Items[j].Text = m.named(text[i].Items[j].Text)
		}
	}
	return text
}

func (m *meeting) named(sentence string) string {
	for _, key := range m.base.LocalKeys {
		sentence = strings.ReplaceAll(sentence, "{"+key.Key+"}", key.Name)
	}
	return capital(sentence)
}

// capital makes the first letter a capital, for a sentence that starts with the name of a local detail.
func capital(sentence string) string {
	first, size := utf8.DecodeRuneInString(sentence)
	if first == utf8.RuneError {
		return sentence
	}
	return string(unicode.ToUpper(first)) + sentence[size:]
}

func solvedText(s *knowledge.Solved) chat.Text {
	if s == nil {
		return nil
	}
	text := words.Say("answer.solved")
	part := chat.Part{Kind: chat.Points}
	for _, line := range []struct{ key, value string }{
		{"answer.solved-organisation", s.Organisation}, {"answer.solved-did", s.Did}, {"answer.solved-product", s.Product},
		{"answer.solved-contact", s.Contact}, {"answer.solved-date", s.Date},
	} {
		if line.value != "" {
			part.Items = append(part.Items, chat.Item{Text: words.Line(line.key, "value", line.value)})
		}
	}
	return append(text, part)
}

func resourcesText(resources []knowledge.Resource) chat.Text {
	if len(resources) == 0 {
		return nil
	}
	part := chat.Part{Kind: chat.Points}
	for _, r := range resources {
		part.Items = append(part.Items, chat.Item{Text: r.Name, URL: r.URL, Detail: resourceDetail(r)})
	}
	return append(words.Say("answer.resources"), part)
}

// resourceDetail says whose a resource is, what it costs, who can open it, and honestly when it was last seen.
func resourceDetail(r knowledge.Resource) string {
	var said []string
	for _, s := range []string{r.Owner, r.Cost, r.Access} {
		if s != "" {
			said = append(said, s)
		}
	}
	if r.Landing {
		said = append(said, words.Line("answer.landing"))
	}
	if day, ok := plainDay(r.Checked); ok {
		said = append(said, words.Line("answer.checked", "day", day))
	} else {
		said = append(said, words.Line(seenKey(r.Seen)))
	}
	return strings.Join(said, "; ")
}

func seenKey(seen knowledge.Seen) string {
	switch seen {
	case knowledge.SeenPage:
		return "answer.seen-page"
	case knowledge.SeenSite:
		return "answer.seen-site"
	case knowledge.SeenCopy:
		return "answer.seen-copy"
	}
	return "answer.seen-no"
}

// plainDay writes 2027-05-31 as 31 May 2027.
func plainDay(day string) (string, bool) {
	t, err := time.Parse(time.DateOnly, day)
	return t.Format("2 January 2006"), err == nil
}

// aboutText says where the answer is from, who it is for and who keeps it.
func (m *meeting) aboutText(e *knowledge.Entry) chat.Text {
	text := words.Say("answer.audience", "audience", audience(e.Audience))
	at, _ := m.base.Places.Get(e.Place)
	home, known := m.home()
	switch {
	case at.Parent != "":
		text = text.Add(words.Say("answer.own", "place", at.Name))
	case known && m.person.Home != e.Place:
		text = text.Add(words.Say("answer.national", "place", home))
	default:
		text = text.Add(words.Say("answer.national-unknown"))
	}
	if review, ok := plainDay(e.Review); ok && e.Owner != "" {
		text = text.Add(words.Say("answer.kept", "owner", e.Owner, "review", review))
	}
	return joinNotes(text)
}

// joinNotes makes one note of several.
func joinNotes(text chat.Text) chat.Text {
	said := make([]string, len(text))
	for i, part := range text {
		said[i] = part.Text
	}
	return chat.Text{{Kind: chat.Note, Text: strings.Join(said, " ")}}
}

func audience(roles []knowledge.Role) string {
	names := make([]string, 0, len(roles))
	for _, role := range roles {
		if role == knowledge.AllStaff {
			return words.Line("answer.everyone")
		}
		names = append(names, people.NameOf(role).Many)
	}
	if len(names) == 0 {
		return words.Line("answer.everyone")
	}
	return listed(names)
}

// listed writes a, b and c.
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + words.Line("list.and") + " " + names[last]
}
