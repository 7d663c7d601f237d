package bot

import (
	"context"
	"fmt"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/words"
)

// opened greets. A network's home page has all that a person can start from; elsewhere people just type.
func (m *meeting) opened(ctx context.Context) (chat.Turn, error) {
	text := words.Say("welcome")
	if m.person.Home != "" || m.person.Role != "" {
		text = words.Say("welcome.back")
	}
	message := chat.Message{Text: text, Buttons: []chat.Button{
		button("topics", "topics"), button("new", "new"), button("role", "role"), button("me", "me"),
	}}
	if m.event.Page == "home" {
		return m.homePage(ctx, message)
	}
	return reply(message), nil
}

// homePage adds a way to ask, and the person's own questions.
func (m *meeting) homePage(ctx context.Context, message chat.Message) (chat.Turn, error) {
	mine, err := m.myQuestions(ctx)
	if err != nil {
		return chat.Turn{}, err
	}
	message.Buttons = append([]chat.Button{button("ask", "ask")}, message.Buttons...)
	if m.rights.Anywhere(people.Champion) {
		message.Buttons = append(message.Buttons, button("queue", "queue"))
	}
	page := chat.Page{ID: "home", Title: words.Line("home.title"), Text: message.Text, Buttons: message.Buttons, Choices: mine.Choices}
	if len(mine.Choices) > 0 {
		page.Text = page.Text.Add(mine.Text)
	}
	return reply(chat.Message{Page: &page}), nil
}

// myQuestions lists what the person asked lately, to be asked again. What others asked, nobody sees.
func (m *meeting) myQuestions(ctx context.Context) (chat.Message, error) {
	message := chat.Message{Text: words.Say("mine.none"), Buttons: []chat.Button{button("topics", "topics")}}
	var err error
	if message.Choices, err = m.myCases(ctx); err != nil {
		return message, err
	}
	rows, err := m.bot.DB.Read().QueryContext(ctx, `SELECT id, text FROM question
		WHERE person = $1 AND at > $2 AND reason = '' ORDER BY at DESC LIMIT $3`, m.event.Person, m.now.Add(-retention).UnixMilli(), onePage)
	if err != nil {
		return message, fmt.Errorf("list a person's questions: %w", err)
	}
	defer rows.Close()
	seen := map[string]bool{}
	for _, c := range message.Choices {
		seen[strings.ToLower(c.Label)] = c.Detail == words.Line("champion.mine-open") // a closed one may be asked again
	}
	for rows.Next() {
		var id, text string
		if err := rows.Scan(&id, &text); err != nil {
			return message, fmt.Errorf("list a person's questions: %w", err)
		}
		if key := strings.ToLower(text); !seen[key] && text != "" {
			seen[key] = true
			message.Choices = append(message.Choices, chat.Choice{ID: "again " + id, Label: label(text)})
		}
	}
	if len(message.Choices) > 0 {
		message.Text = words.Say("mine")
	}
	return message, rows.Err()
}

// again asks one of the person's own questions once more.
func (m *meeting) again(ctx context.Context, id string) (chat.Turn, error) {
	q, ok, err := m.askedBefore(ctx, id)
	if err != nil || !ok {
		return reply(chat.Message{Text: words.Say("feedback.gone"), Buttons: []chat.Button{button("topics", "topics")}}), err
	}
	m.event.Text, m.before = q.text, conversation{}
	return m.said(ctx)
}

// askForm is the box to ask in, for pages on which people cannot type.
func (m *meeting) askForm() chat.Turn {
	return chat.Turn{Form: &chat.Form{ID: "ask", Title: words.Line("ask.form"), Intro: words.Say("ask.form-intro"), Submit: words.Line("ask.form-send"),
		Fields: []chat.Field{{ID: "question", Kind: chat.Paragraph, Label: words.Line("ask.form-question"), Hint: words.Line("ask.form-hint"), Longest: 2000}}}}
}

// submitAsk asks what was typed into the box.
func (m *meeting) submitAsk(ctx context.Context) (chat.Turn, error) {
	m.event.Text = m.event.Values["question"]
	if strings.TrimSpace(m.event.Text) == "" {
		turn := m.askForm()
		turn.Form.Fields[0].Problem = words.Line("ask.form-empty")
		return turn, nil
	}
	return m.said(ctx)
}
