package bot

import (
	"context"
	"slices"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/words"
)

// A caseFormOf is how words are asked for.
type caseFormOf struct {
	title, intro, label string // keys
	field               chat.Field
}

// Fields of the forms on a case.
var (
	textField  = chat.Field{ID: "text", Kind: chat.Paragraph, Longest: 2000}
	entryField = chat.Field{ID: "entry", Kind: chat.TypeAhead, Longest: 120}
	untilField = chat.Field{ID: "until", Kind: chat.Pick}
	toField    = chat.Field{ID: "to", Kind: chat.Pick}
)

// caseForms are the acts that need words.
var caseForms = map[escalation.Kind]caseFormOf{
	escalation.Reply:   {"champion.reply.form", "champion.reply-intro", "champion.reply-label", textField},
	escalation.Answer:  {"champion.answer.form", "champion.answer-intro", "champion.answer-label", textField},
	escalation.AskBack: {"champion.back.form", "champion.back-intro", "champion.back-label", textField},
	escalation.Note:    {"champion.note.form", "champion.note-intro", "champion.note-label", textField},
	escalation.Link:    {"champion.link.form", "champion.link-intro", "champion.link-label", entryField},
	escalation.Snooze:  {"champion.snooze.form", "champion.snooze-intro", "champion.snooze-label", untilField},
	escalation.Pass:    {"champion.pass.form", "champion.pass-intro", "champion.pass-label", toField},
}

// caseForm opens a form, if the person may do what it is for.
func (m *meeting) caseForm(ctx context.Context, id string, kind escalation.Kind, of caseFormOf) (chat.Turn, error) {
	c, err := escalation.Get(ctx, m.bot.DB.Read(), id)
	if err == nil {
		err = c.Allows(escalation.Act{Kind: kind, By: m.event.Person})
	}
	if err != nil {
		return m.outcome(escalation.Change{Before: c, After: c}, err)
	}
	field := of.field
	field.Label = words.Line(of.label)
	form := &chat.Form{ID: "case " + id + " " + string(kind), Title: words.Line(of.title),
		Intro: words.Say("champion.about", "question", c.Question).Add(words.Say(of.intro)), Submit: words.Line("champion.form-send")}
	form.Fields = []chat.Field{field}
	switch kind {
	case escalation.Snooze:
		form.Fields[0].Options = m.snoozes()
	case escalation.Link:
		more := textField
		more.Label, more.Optional = words.Line("champion.link-more"), true
		form.Fields = append(form.Fields, more)
	case escalation.Pass:
		if form.Fields[0].Options, err = m.passTo(ctx, c); err != nil {
			return chat.Turn{}, err
		}
	}
	return chat.Turn{Form: form}, nil
}

// snoozes are the times somebody may be reminded at.
func (m *meeting) snoozes() []chat.Choice {
	return []chat.Choice{{ID: "hour", Label: words.Line("champion.snooze-hour")}, {ID: "hours", Label: words.Line("champion.snooze-hours")},
		{ID: "day", Label: words.Line("champion.snooze-day")}, {ID: "week", Label: words.Line("champion.snooze-week")}}
}

// longestID is the most bytes that the ID of a choice may have.
const longestID = 100

// anybody stands for whoever is next.
const anybody = "anybody"

// passTo lists whom a question may be given to: champions who agreed to be listed, and whoever is next.
func (m *meeting) passTo(ctx context.Context, c escalation.Case) ([]chat.Choice, error) {
	options := []chat.Choice{{ID: anybody, Label: words.Line("champion.pass-anybody")}}
	champions, err := escalation.Champions(ctx, m.bot.DB.Read(), c.Home, escalation.Approved)
	if err != nil {
		return nil, err
	}
	for _, champion := range champions {
		if champion.Listed && champion.Name != "" && champion.Address != m.event.Person && !slices.Contains(c.Declined, champion.Address) &&
			len(champion.Address) <= longestID && len(options) < onePage {
			options = append(options, chat.Choice{ID: string(champion.Address), Label: label(champion.Name), Detail: label(m.topicNames(champion.Topics))})
		}
	}
	return options, nil
}
