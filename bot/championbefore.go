package bot

import (
	"cmp"
	"context"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/people"
	"signpost/bot/words"
)

// beforeAsking shows who will read the question and what they will see. Nothing has been passed on by then.
func (m *meeting) beforeAsking(ctx context.Context, w wish) (chat.Turn, error) {
	c, ok, err := m.caseOf(ctx, w)
	if err != nil {
		return chat.Turn{}, err
	}
	if _, known := m.home(); !known {
		now := m.before
		now.Question, now.ForChampion = w.question, true
		m.remember(now)
		return reply(m.whoCanHelp(words.Say("champion.head"), false)), nil
	}
	preview, err := m.book().Preview(ctx, c)
	switch {
	case err != nil:
		return chat.Turn{}, err
	case !preview.Ever:
		message := m.whoCanHelp(words.Say("champion.head").Add(words.Say("champion.nobody", "place", m.placeName())), false)
		if ok {
			message.Buttons = append([]chat.Button{button("wait "+w.question, "wait")}, message.Buttons...)
		}
		return reply(message), nil
	case !ok:
		return m.championForm(wish{}, ""), nil
	}
	return reply(m.previewed(c, w, preview)), nil
}

// anyChampion reports whether there is anybody who could ever take a question of this person. Where nobody can tell, the
// offer is not made.
func (m *meeting) anyChampion() bool {
	preview, err := m.book().Preview(context.Background(), escalation.Case{Asker: m.event.Person, Home: m.person.Home})
	return err == nil && preview.Ever
}

func (m *meeting) placeName() string {
	name, _ := m.home()
	return name
}

// previewed says it all: who reads it, by when they may answer, and what they see.
func (m *meeting) previewed(c escalation.Case, w wish, preview escalation.Preview) chat.Message {
	text := words.Say("champion.before-nobody", "place", m.placeName())
	switch when := escalation.Clock(preview.When); {
	case preview.Now:
		text = words.Say("champion.before", "place", m.placeName(), "when", when)
	case preview.Anybody:
		text = words.Say("champion.before-later", "place", m.placeName(), "when", when)
	}
	if w.wider {
		text = text.Add(words.Say("champion.before-wider"))
	}
	role := cmp.Or(people.NameOf(c.Role).One, words.Line("escalation.no-role"))
	from := words.Line("champion.sees-nameless", "role", article(role), "place", m.placeName())
	if c.Name != "" {
		from = words.Line("champion.sees-name", "name", c.Name, "role", role, "place", m.placeName())
	}
	sees := chat.Part{Kind: chat.Points, Items: []chat.Item{{Text: words.Line("champion.sees-question", "question", c.Question)}, {Text: from}}}
	if titles := m.titlesAt(c.Entries, c.Home); len(titles) > 0 {
		sees.Items = append(sees.Items, chat.Item{Text: words.Line("champion.sees-answers", "titles", listed(titles))})
	}
	text = append(text.Add(words.Say("champion.sees")), sees)
	message := chat.Message{Text: text.Add(words.Say("champion.before-next")), Private: true,
		Buttons: []chat.Button{button(w.id("asks"), "asks"), button(w.id("words"), "words")}}
	if m.event.Name != "" {
		toggled := w
		toggled.nameless = !w.nameless
		message.Buttons = append(message.Buttons, nameButton(toggled))
	}
	if preview.Sharing {
		toggled := w
		toggled.wider = !w.wider
		message.Buttons = append(message.Buttons, widerButton(toggled))
	}
	return message
}

func nameButton(w wish) chat.Button {
	if w.nameless {
		return button(w.id("before"), "nameless")
	}
	return button(w.id("before"), "named")
}

func widerButton(w wish) chat.Button {
	if w.wider {
		return button(w.id("before"), "wider")
	}
	return button(w.id("before"), "own")
}

func (m *meeting) titlesAt(slugs []string, home string) []string {
	var titles []string
	for _, slug := range slugs {
		titles = append(titles, m.titleAt(slug, home))
	}
	return titles
}
