package bot

import (
	"context"
	"errors"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// keepForm offers to save an answer as an entry: the question as a way to ask, the champion's own answer as the answer.
func (m *meeting) keepForm(ctx context.Context, id string) (chat.Turn, error) {
	c, err := m.helped(ctx, id)
	if err != nil {
		return m.outcome(escalation.Change{Before: c}, err)
	}
	if at, done, err := m.savedBefore(ctx, c); err != nil || done {
		return reply(chat.Message{Text: words.Say("champion.entry-already", "title", at), Private: true}), err
	}
	question, answer := c.Draft()
	return chat.Turn{Form: &chat.Form{ID: "case " + id + " " + string(escalation.SaveEntry), Title: words.Line("champion.entry.form"),
		Intro: words.Say("champion.entry-intro"), Submit: words.Line("champion.entry.form-save"), Fields: []chat.Field{
			{ID: "title", Kind: chat.Line, Label: words.Line("champion.entry-title"), Value: label(capital(question)), Longest: 120},
			{ID: "asked", Kind: chat.Paragraph, Label: words.Line("champion.entry-asked"), Value: question, Longest: 500},
			{ID: "answer", Kind: chat.Paragraph, Label: words.Line("champion.entry-answer"), Value: answer, Longest: 3000},
		}}}, nil
}

// helped reads a case that the person answered.
func (m *meeting) helped(ctx context.Context, id string) (escalation.Case, error) {
	c, err := escalation.Get(ctx, m.bot.DB.Read(), id)
	if err == nil && (!c.Helper(m.event.Person) || c.Practice) {
		err = escalation.ErrNotYours
	}
	return c, err
}

const draftSource = "escalation:"

// savedBefore looks whether a draft was made of this case already.
func (m *meeting) savedBefore(ctx context.Context, c escalation.Case) (title string, done bool, err error) {
	drafts, err := m.bot.Base.Drafts(ctx, knowledge.Ref{Place: c.Home})
	for _, p := range drafts {
		if p.Source == draftSource+c.ID {
			return p.Entry.Title, true, nil
		}
	}
	return "", false, err
}

// saveEntry hands the draft to the curators. Nothing of it is live before one of them has looked at it.
func (m *meeting) saveEntry(ctx context.Context, id string) (chat.Turn, error) {
	c, err := m.helped(ctx, id)
	if err != nil {
		return m.outcome(escalation.Change{Before: c}, err)
	}
	var typed [3]string
	var notes chat.Text
	turn, err := m.keepForm(ctx, id)
	if err != nil || turn.Form == nil {
		return turn, err
	}
	for i, field := range turn.Form.Fields {
		d := m.filledIn(field.ID)
		if d.Verdict == Stop {
			return m.stoppedRelay(d), nil
		}
		typed[i] = strings.TrimSpace(kept(d))
		turn.Form.Fields[i].Value = typed[i]
		if typed[i] == "" {
			turn.Form.Fields[i].Problem = words.Line("champion.form-empty")
			typed[0] = ""
		}
		notes = notes.Add(notices(d))
	}
	if typed[0] == "" {
		return turn, nil
	}
	p := knowledge.Proposal{Entry: m.draftOf(c, typed), Source: draftSource + c.ID}
	if p.Entry.Slug == "" {
		turn.Form.Fields[0].Problem = words.Line("champion.form-empty")
		return turn, nil
	}
	m.submitsDraft(p)
	return reply(chat.Message{Text: notes.Add(words.Say("champion.entry-saved")), Private: true}), nil
}

// draftOf is the entry as it is to be, at the place where the question was asked.
func (m *meeting) draftOf(c escalation.Case, typed [3]string) knowledge.Entry {
	e := knowledge.Entry{Slug: m.base.FreeSlug(typed[0]), Place: c.Home, Kind: knowledge.HowTo, Title: typed[0], Answer: typed[2], Topic: c.Topic}
	if _, strand, ok := m.base.Topic(c.Topic); ok {
		e.Strand = strand.ID
	}
	for line := range strings.Lines(typed[1]) {
		if line = strings.TrimSpace(line); line != "" {
			e.Phrasings = append(e.Phrasings, knowledge.Phrasing{Kind: knowledge.Goal, Text: line})
		}
	}
	return e
}

// submitsDraft saves a draft and asks for its approval. Where the person has an open draft of that name, it stays as it is.
func (m *meeting) submitsDraft(p knowledge.Proposal) {
	by := string(m.event.Person)
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		saved, err := m.bot.Base.SaveDraft(ctx, tx, p, by)
		var conflict *knowledge.Conflict
		if errors.As(err, &conflict) {
			return nil
		} else if err != nil {
			return err
		}
		_, err = m.bot.Base.Submit(ctx, tx, saved.ID, knowledge.Act{By: by, Seen: knowledge.AnyVersion})
		return err
	})
}
