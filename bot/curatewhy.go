package bot

import (
	"context"
	"strconv"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge"
)

// why tells a curator how a question is decided: the first three with what carried each, how sure it is, and what would have
// tipped it. Nothing of the question is kept.
func (m *meeting) why(question string) chat.Turn {
	d := consider(m.base, knowledge.Question{Text: question, Home: m.person.Home, Role: m.person.Role})
	from := m.base.AnswerFrom(ErrorBudget)
	message := chat.Message{Text: words.Say("why.head", "verdict", words.Line("why.verdict-"+string(d.Verdict)), "why", d.Why(from))}
	for i, match := range d.Matches {
		message.Text = append(message.Text, chat.Part{Kind: chat.Plain, Text: words.Line("why.match", "number", strconv.Itoa(i+1), "title", match.Entry.Title,
			"slug", match.Entry.Slug, "has", percent(match.Probability))}, m.whyPoints(d, i, from))
		message.Choices = append(message.Choices, chat.Choice{ID: curates + "entry " + about(match.Entry.Ref()), Label: label(match.Entry.Title)})
	}
	return withNotices(reply(message), d)
}

// whyPoints are the signals that carried a match, the words and the phrasing, then what would have tipped it.
func (m *meeting) whyPoints(d Decision, i int, from float64) chat.Part {
	part := chat.Part{Kind: chat.Points}
	for _, line := range append(strings.Split(d.Matches[i].Why(), "; "), d.Tip(i, from)) {
		if line != "" {
			part.Items = append(part.Items, chat.Item{Text: capital(line)})
		}
	}
	return part
}

// try answers a question as somebody else would read it; who is "nurse at Royal Example". Nothing of it is kept.
func (m *meeting) try(who, question string) chat.Turn {
	job, at := splitAt(who)
	place := ""
	as := &meeting{bot: m.bot, base: m.base, now: m.now, settings: m.settings}
	as.event.Text = question
	if job != "" {
		role, ok := people.RoleCalled(job)
		if !ok {
			return reply(chat.Message{Text: words.Say("me.no-role", "said", job)})
		}
		as.person.Role = role.Role
	}
	if at != "" {
		p, err := m.base.Places.Find(at)
		if err != nil {
			return reply(chat.Message{Text: words.Say("curate.try-no-place", "said", at)})
		}
		as.person.Home, place = p.ID, p.Name
	}
	d := consider(m.base, knowledge.Question{Text: question, Home: as.person.Home, Role: as.person.Role})
	message := as.decided(d) // its writes are dropped with it
	role := words.Line("curate.try-anybody")
	if as.person.Role != "" {
		role = article(people.NameOf(as.person.Role).One)
	}
	if place != "" {
		role = words.Line("curate.try-at", "role", role, "place", place)
	}
	text := words.Say("curate.try", "who", role).Add(notices(d)).Add(message.Text)
	for i, c := range message.Choices {
		if i == 0 {
			text = append(text, chat.Part{Kind: chat.Points})
		}
		last := &text[len(text)-1]
		last.Items = append(last.Items, chat.Item{Text: c.String()})
	}
	return reply(chat.Message{Text: text, Buttons: []chat.Button{button(curates+"menu", "curate-menu")}})
}

// keepID is the shortcut that makes an entry of somebody's message.
const keepID = "keep"

// shortQuestion is how many words a message has at most that is taken for a question; a longer one is an answer.
const shortQuestion = 20

// keep starts an entry from a message: masked, and without a word of who wrote it. What nobody should answer is not taken.
func (m *meeting) keep(_ context.Context, _ []string) (chat.Turn, error) {
	d := screened(m.base, m.event.Text)
	if d.Verdict == Stop {
		return chat.Turn{}, refuse("curate.keep-not")
	}
	e := knowledge.Entry{Place: m.usualPlace()}
	if text := strings.TrimSpace(d.Text); strings.HasSuffix(text, "?") || len(strings.Fields(text)) <= shortQuestion {
		e.Phrasings = []knowledge.Phrasing{{Kind: knowledge.Goal, Text: strings.Join(strings.Fields(text), " ")}}
	} else {
		runes := []rune(text)
		e.Answer = string(runes[:min(len(runes), longestField)])
	}
	return m.newForm(e, "message")
}
