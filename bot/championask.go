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
	"signpost/bot/escalation"
	"signpost/bot/words"
	"signpost/knowledge"
)

// A wish is a question that somebody may bring to a champion: which one, and what they chose about it. It stands in the
// buttons of what they are shown before, so that nothing is kept until they agree.
type wish struct {
	question string // id
	nameless bool
	wider    bool
}

func (w wish) id(verb string) string {
	flags := ""
	if w.nameless {
		flags += "n"
	}
	if w.wider {
		flags += "w"
	}
	return strings.TrimSpace(verb + " " + w.question + " " + flags)
}

func readWish(question, flags string) wish {
	return wish{question: question, nameless: strings.Contains(flags, "n"), wider: strings.Contains(flags, "w")}
}

// askChampion begins: with the question of the button, or the one in hand, or, where there is none, with a box to ask in.
func (m *meeting) askChampion(ctx context.Context, question string) (chat.Turn, error) {
	if question == "" {
		question = m.before.Question
	}
	return m.beforeAsking(ctx, wish{question: question})
}

// caseOf fills in what would be passed on. ok is false where there is no question, or it is no longer kept. A question
// that was stopped is not kept, so it can never be passed on.
func (m *meeting) caseOf(ctx context.Context, w wish) (c escalation.Case, ok bool, err error) {
	c = escalation.Case{Asker: m.event.Person, Name: m.event.Name, Home: m.person.Home, Role: m.person.Role, Agreed: w.wider, QuestionID: w.question}
	if w.nameless || c.Name == "" {
		c.Name, c.Anonymous = "", w.nameless
	}
	if !m.event.Public {
		c.Where, c.InThread = m.event.Where, m.event.Room != ""
	}
	var shown []byte
	var verdict Verdict
	var feedback, about string
	row := m.bot.DB.Read().QueryRowContext(ctx, `SELECT text, entries, verdict, feedback, about, message FROM question WHERE id = $1 AND person = $2`, w.question, m.event.Person)
	if err := row.Scan(&c.Question, &shown, &verdict, &feedback, &about, &c.Ref); errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	} else if err != nil {
		return c, false, fmt.Errorf("read the question: %w", err)
	}
	if verdict == Aside || strings.TrimSpace(withoutBrackets(c.Question)) == "" {
		return c, false, nil
	}
	if err := json.Unmarshal(shown, &c.Entries); err != nil {
		return c, false, fmt.Errorf("read the question: %w", err)
	}
	m.addTried(&c, feedback, about)
	c.Topic = m.topicOf(c)
	return c, true, nil
}

// addTried notes the entries that the person says did not help.
func (m *meeting) addTried(c *escalation.Case, feedback, about string) {
	if about == "" || feedback == "helped" || feedback == "picked" {
		return
	}
	c.Tried = []string{about}
	if m.before.Question != c.QuestionID {
		return
	}
	for _, slug := range m.before.Read {
		if !slices.Contains(c.Tried, slug) {
			c.Tried = append(c.Tried, slug)
		}
	}
}

// topicOf is the topic of the entry that comes nearest, by which champions choose; "" where nothing comes near.
func (m *meeting) topicOf(c escalation.Case) string {
	matches := withoutAsides(m.base.Match(knowledge.Question{Text: withoutBrackets(c.Question), Home: c.Home, Role: c.Role}, considered))
	if len(matches) == 0 || matches[0].Probability < unsureFrom {
		return ""
	}
	return matches[0].Entry.Topic
}

// championForm is the box in which a question is put, or put otherwise.
func (m *meeting) championForm(w wish, typed string) chat.Turn {
	return chat.Turn{Form: &chat.Form{ID: w.id("words"), Title: words.Line("champion.form"), Intro: words.Say("champion.form-intro"),
		Submit: words.Line("champion.form-send"), Fields: []chat.Field{{ID: "question", Kind: chat.Paragraph, Value: typed,
			Label: words.Line("ask.form-question"), Hint: words.Line("champion.form-hint"), Longest: 2000}}}}
}

// otherWords opens the box with the question as it is.
func (m *meeting) otherWords(ctx context.Context, w wish) (chat.Turn, error) {
	c, _, err := m.caseOf(ctx, w)
	return m.championForm(w, c.Question), err
}

// putOtherwise keeps a question in new words, and shows again what would be passed on.
func (m *meeting) putOtherwise(ctx context.Context, w wish) (chat.Turn, error) {
	d := m.filledIn("question")
	if d.Verdict == Stop {
		m.countStop(d.Reason)
		return reply(m.stopped(d)), nil
	}
	if withoutBrackets(d.Text) == "" {
		turn := m.championForm(w, "")
		turn.Form.Fields[0].Problem = words.Line("ask.form-empty")
		return turn, nil
	}
	before, asked, err := m.caseOf(ctx, w)
	if err != nil {
		return chat.Turn{}, err
	}
	if !asked || d.Text != before.Question {
		d = d.consider(m.base, knowledge.Question{Home: m.person.Home, Role: m.person.Role})
		before.Entries = slugs(d.Shown)
	}
	d.Verdict, d.Reason = Unknown, "champion"
	w.question = m.keepQuestion(d, before.Entries)
	before.QuestionID, before.Question = w.question, d.Text
	before.Topic = m.topicOf(before)
	preview, err := m.book().Preview(ctx, before)
	if err != nil {
		return chat.Turn{}, err
	}
	return withNotices(reply(m.previewed(before, w, preview)), d), nil
}

// asks passes a question on, as it was shown.
func (m *meeting) asks(ctx context.Context, w wish) (chat.Turn, error) {
	c, ok, err := m.caseOf(ctx, w)
	if err != nil {
		return chat.Turn{}, err
	}
	if _, known := m.home(); !known || !ok {
		return reply(chat.Message{Text: words.Say("feedback.gone"), Buttons: []chat.Button{button("champion", "champion")}, Private: true}), nil
	}
	turn, err := m.outcome(m.book().Ask(ctx, c))
	if err == nil && turn.Reply == nil {
		key := "champion.asked"
		if m.event.Public {
			key = "champion.asked-direct"
		}
		turn.Reply = &chat.Message{Text: words.Say(key), Private: true}
	}
	return turn, err
}
