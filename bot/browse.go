package bot

import (
	"strconv"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge"
)

// onePage is how many choices are offered at once: what the smallest network shows in one list, less room for buttons.
const onePage = 20

// browse handles the buttons that lead from strand to topic to entry. What is gone leads back to the start.
func (m *meeting) browse(verb, about string) chat.Turn {
	switch verb {
	case "strand":
		for _, s := range m.base.Strands {
			if s.ID == about {
				return reply(m.topicsOf(s))
			}
		}
	case "topic":
		topic, page, _ := strings.Cut(about, "/")
		if t, s, ok := m.base.Topic(topic); ok {
			from, _ := strconv.Atoi(page)
			return reply(m.entriesOf(t, s, from))
		}
	case "topics":
		return reply(m.strands(words.Say("browse.strands")))
	case "new":
		return reply(m.newHere())
	case "role":
		return m.forMyRole()
	}
	return reply(m.strands(words.Say("browse.gone")))
}

func (m *meeting) strands(text chat.Text) chat.Message {
	message := chat.Message{Text: text, Buttons: []chat.Button{button("new", "new"), button("role", "role")}}
	for _, s := range m.base.Strands {
		message.Choices = append(message.Choices, chat.Choice{ID: "strand " + s.ID, Label: label(s.Name), Detail: s.About})
	}
	return message
}

func (m *meeting) topicsOf(s knowledge.Strand) chat.Message {
	message := chat.Message{Text: words.Say("browse.topics", "about", s.Name), Buttons: []chat.Button{button("topics", "back")}}
	for _, t := range s.Topics {
		message.Choices = append(message.Choices, chat.Choice{ID: "topic " + t.ID, Label: label(t.Name), Detail: t.About})
	}
	return message
}

func (m *meeting) entriesOf(t knowledge.Topic, s knowledge.Strand, from int) chat.Message {
	message := chat.Message{Text: words.Say("browse.entries", "about", t.Name)}
	var entries []*knowledge.Entry
	for _, e := range m.base.Entries(m.person.Home) {
		if e.Topic == t.ID {
			entries = append(entries, e)
		}
	}
	from = max(0, min(from, len(entries)))
	for _, e := range entries[from:min(from+onePage, len(entries))] {
		message.Choices = append(message.Choices, choiceOf(e))
	}
	if from+onePage < len(entries) {
		message.Buttons = append(message.Buttons, button("topic "+t.ID+"/"+strconv.Itoa(from+onePage), "more"))
	}
	message.Buttons = append(message.Buttons, button("strand "+s.ID, "back"))
	return message
}

func choiceOf(e *knowledge.Entry) chat.Choice {
	return chat.Choice{ID: "show " + e.Slug, Label: label(e.Title)}
}

// show gives an entry that was picked while browsing; it is remembered, so that a question may follow on from it.
func (m *meeting) show(slug string) chat.Turn {
	e, ok := m.base.Entry(slug, m.person.Home)
	if !ok {
		return m.browse("gone", "")
	}
	d := Decision{Verdict: Known, Reason: "browsed", Text: e.Title}
	id := m.keepQuestion(d, []string{e.Slug})
	m.remember(conversation{Asked: e.Title, Question: id, Shown: []string{e.Slug}, Read: []string{e.Slug}})
	return reply(m.known(e, id, ""))
}

// firstDays are what a new starter is shown, in this order, where the base has them.
var firstDays = []string{"new-starter-accounts", "windows-password", "nhsmail-get-account", "mfa-setup", "smartcard-get",
	"roster-view-shifts", "esr-login", "esr-payslip", "teams-join", "digital-self-assessment"}

func (m *meeting) newHere() chat.Message {
	message := chat.Message{Text: words.Say("browse.new"), Buttons: []chat.Button{button("role", "role"), button("topics", "topics")}}
	for _, slug := range firstDays {
		if e, ok := m.base.Entry(slug, m.person.Home); ok {
			message.Choices = append(message.Choices, choiceOf(e))
		}
	}
	return message
}

// forMyRole lists what is written for the person's role: for few roles first, for it is then meant for them.
func (m *meeting) forMyRole() chat.Turn {
	if m.person.Role == "" {
		turn := m.meForm()
		turn.Form.Intro = words.Say("browse.role-unknown")
		return turn
	}
	name := people.NameOf(m.person.Role).Many
	message := chat.Message{Text: words.Say("browse.role", "role", name), Buttons: []chat.Button{button("topics", "topics")}}
	for _, e := range m.base.ForRole(m.person.Role, m.person.Home) {
		if len(message.Choices) < onePage {
			message.Choices = append(message.Choices, choiceOf(e))
		}
	}
	if len(message.Choices) == 0 {
		return reply(m.strands(words.Say("browse.role-none", "role", name)))
	}
	return reply(message)
}
