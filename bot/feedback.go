package bot

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// A keptQuestion is what feedback needs of a question asked before.
type keptQuestion struct {
	text  string
	shown []string
	read  []string // what was shown in full for it, as far as the conversation still knows
}

// askedBefore reads one of this person's own questions; ok is false where it is gone or another person's.
func (m *meeting) askedBefore(ctx context.Context, id string) (q keptQuestion, ok bool, err error) {
	var shown []byte
	row := m.bot.DB.Read().QueryRowContext(ctx, `SELECT text, entries FROM question WHERE id = $1 AND person = $2`, id, m.event.Person)
	if err := row.Scan(&q.text, &shown); errors.Is(err, sql.ErrNoRows) {
		return q, false, nil
	} else if err != nil {
		return q, false, fmt.Errorf("read the question: %w", err)
	}
	if err := json.Unmarshal(shown, &q.shown); err != nil {
		return q, false, fmt.Errorf("read the question: %w", err)
	}
	return q, true, nil
}

// keepFeedback ties what a person said of an answer to the question and the entry shown.
func (m *meeting) keepFeedback(id, said, slug string) {
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE question SET feedback = $1, about = $2 WHERE id = $3 AND person = $4`,
			said, slug, id, m.event.Person)
		if err != nil {
			return fmt.Errorf("keep feedback: %w", err)
		}
		return nil
	})
}

// feedback handles "this helped" and "not quite".
func (m *meeting) feedback(ctx context.Context, said, question, slug string) (chat.Turn, error) {
	q, ok, err := m.askedBefore(ctx, question)
	if err != nil {
		return chat.Turn{}, err
	}
	if ok {
		m.keepFeedback(question, said, slug)
	}
	if said == "helped" {
		return reply(m.thanks(slug)), nil
	}
	if !ok {
		return reply(chat.Message{Text: words.Say("feedback.gone"), Buttons: []chat.Button{button("topics", "topics")}}), nil
	}
	return reply(m.otherOffers(m.inHand(q, question), question, slug)), nil
}

func (m *meeting) thanks(slug string) chat.Message {
	message := chat.Message{Text: words.Say("feedback.helped")}
	if e, ok := m.base.Entry(slug, m.person.Home); ok {
		if next, ok := m.base.Entry(e.Next, m.person.Home); ok {
			message.Text = words.Say("feedback.next")
			message.Choices = []chat.Choice{choiceOf(next)}
		}
	}
	return message
}

// inHand adds what the conversation still knows of a question: what it followed on from, and what was read for it.
func (m *meeting) inHand(q keptQuestion, question string) keptQuestion {
	if m.before.Question == question {
		q.text, q.read = m.before.Asked, m.before.Read
	}
	return q
}

// otherOffers matches the question again without the entry that was not quite right, nor others read for it. What comes
// nowhere near is not offered for want of better.
func (m *meeting) otherOffers(q keptQuestion, question, slug string) chat.Message {
	message := chat.Message{Text: words.Say("feedback.notquite-alone"), Buttons: []chat.Button{button("champion "+question, "champion"), button("topics", "topics")}}
	var offered []string
	matches := m.base.Match(knowledge.Question{Text: withoutBrackets(q.text), Home: m.person.Home, Role: m.person.Role}, considered)
	for _, match := range near(matches) {
		if match.Entry.Slug != slug && !slices.Contains(q.read, match.Entry.Slug) && len(message.Choices) < mostOffer {
			message.Text = words.Say("feedback.notquite")
			message.Choices = append(message.Choices, chat.Choice{ID: "pick " + question + " " + match.Entry.Slug, Label: label(match.Entry.Title)})
			offered = append(offered, match.Entry.Slug)
		}
	}
	if now := m.before; now.Question == question {
		now.Offered = offered
		m.remember(now)
	}
	return message
}

// pick shows the entry that a person chose from an offer, and keeps that they chose it.
func (m *meeting) pick(ctx context.Context, question, slug string) (chat.Turn, error) {
	e, ok := m.base.Entry(slug, m.person.Home)
	if !ok {
		return m.browse("gone", ""), nil
	}
	q, asked, err := m.askedBefore(ctx, question)
	if err != nil {
		return chat.Turn{}, err
	}
	if asked {
		m.keepFeedback(question, "picked", slug)
	}
	q = m.inHand(q, question)
	m.remember(conversation{Asked: q.text, Question: question, Shown: []string{slug}, Read: append(q.read, slug)})
	return reply(m.known(e, question, q.text)), nil
}

// noneOfThese turns an offer into a gap.
func (m *meeting) noneOfThese(ctx context.Context, question string) (chat.Turn, error) {
	q, ok, err := m.askedBefore(ctx, question)
	if err != nil {
		return chat.Turn{}, err
	}
	if !ok {
		return reply(chat.Message{Text: words.Say("feedback.gone"), Buttons: []chat.Button{button("topics", "topics")}}), nil
	}
	m.keepFeedback(question, "none", "")
	m.keepGap(q.text)
	return reply(chat.Message{Text: words.Say("unknown.none"), Buttons: []chat.Button{button("champion "+question, "champion"), button("wait "+question, "wait"), button("topics", "topics")}}), nil
}

// reportKinds are what can be wrong with an answer, in the order they are offered.
var reportKinds = []string{"link", "old", "local", "other"}

// reportForm asks what is wrong with an answer.
func (m *meeting) reportForm(question, slug string) chat.Turn {
	title := slug
	if e, ok := m.base.Entry(slug, m.person.Home); ok {
		title = e.Title
	}
	var options []chat.Choice
	for _, kind := range reportKinds {
		options = append(options, chat.Choice{ID: kind, Label: words.Line("feedback.form-" + kind)})
	}
	return chat.Turn{Form: &chat.Form{
		ID: "wrong " + question + " " + slug, Title: words.Line("feedback.form"), Intro: words.Say("feedback.form-intro"),
		Submit: words.Line("feedback.form-send"),
		Fields: []chat.Field{
			{ID: "what", Kind: chat.Pick, Label: words.Line("feedback.form-what", "title", title), Options: options},
			{ID: "more", Kind: chat.Line, Label: words.Line("feedback.form-more"), Hint: words.Line("feedback.form-more-hint"), Optional: true, Longest: 500},
		},
	}}
}

// report keeps what was wrong. What was added is masked like anything typed; of a remark that must be stopped nothing
// is kept, and the person gets the reply of that stop.
func (m *meeting) report(question, slug string) chat.Turn {
	what := m.event.Values["what"]
	if !slices.Contains(reportKinds, what) {
		form := m.reportForm(question, slug)
		form.Form.Fields[0].Problem = words.Line("feedback.form-pick")
		return form
	}
	d := m.filledIn("more")
	if d.Verdict == Stop {
		m.countStop(d.Reason)
		m.keepReport(question, slug, what, "")
		return reply(m.stopped(d))
	}
	m.keepReport(question, slug, what, strings.TrimSpace(d.Text))
	return withNotices(reply(chat.Message{Text: words.Say("feedback.reported"),
		Buttons: []chat.Button{button("champion "+question, "champion"), button("topics", "topics")}}), d)
}

func (m *meeting) keepReport(question, slug, what, more string) {
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO report (at, slug, place, what, more) VALUES ($1, $2, $3, $4, $5)`,
			m.now.UnixMilli(), slug, m.person.Home, what, more)
		if err != nil {
			return fmt.Errorf("keep the report: %w", err)
		}
		return nil
	})
	m.keepFeedback(question, "wrong "+what, slug)
}
