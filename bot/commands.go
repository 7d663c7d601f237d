package bot

import (
	"context"
	"slices"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/words"
)

// commands is the one grammar for all networks: what people can type beside a question. Each is known by its whole text,
// so that a question is never taken for one, and has five words at most, so that nobody's cry for help is: commands alone
// are read before a message is screened.
var commands = map[string]string{
	"topics": "topics", "topic": "topics", "browse": "topics", "menu": "topics", "list topics": "topics", "all topics": "topics",
	"see all topics": "topics", "show topics": "topics", "what topics are there": "topics",
	"new here": "new", "im new here": "new", "i am new here": "new", "im new": "new", "i am new": "new", "start": "new", "where do i start": "new",
	"for my role": "role", "my role": "role", "whats there for my role": "role", "for me": "role",
	"mine": "mine", "my questions": "mine", "what did i ask": "mine", "ask": "ask", "ask a question": "ask",
	"help": "help", "commands": "help", "what can i type": "help", "?": "help",
	"me": "me", "who am i": "me", "about me": "me", "change my role": "me", "change my organisation": "me",
	"champion": "champion", "ask a champion": "champion", "champions": "champion",
	"who else has done this": "solved", "who has done this": "solved", "solved here": "solved", "who has solved it": "solved", "solved": "solved",
}

// command handles a message that is a command; ok is false if it is not.
func (m *meeting) command(ctx context.Context, text string) (turn chat.Turn, ok bool, err error) {
	typed := strings.Join(strings.Fields(strings.ToLower(strings.NewReplacer("'", "", "’", "").Replace(text))), " ")
	if trimmed := strings.TrimRight(typed, "?!. "); trimmed != "" {
		typed = trimmed
	}
	typed = strings.TrimPrefix(typed, "/")
	if turn, ok, err := m.championCommand(ctx, typed); ok || err != nil {
		return turn, ok, err
	}
	if turn, ok, err := m.pressTyped(ctx, strings.ReplaceAll(typed, ",", "")); ok || err != nil {
		return turn, ok, err
	}
	if slices.Contains(forgetCommands, typed) {
		turn, err := m.forgetSure(ctx)
		return turn, true, err
	}
	switch verb := commands[typed]; verb {
	case "topics", "new", "role":
		return m.browse(verb, ""), true, nil
	case "help":
		return reply(chat.Message{Text: words.Say("help").Add(m.championHelp()).Add(m.curatorHelp()), Buttons: []chat.Button{
			button("topics", "topics"), button("new", "new"), button("me", "me")}}), true, nil
	case "me":
		return m.meForm(), true, nil
	case "champion":
		turn, err := m.askChampion(ctx, "")
		return turn, true, err
	case "solved":
		return reply(m.solved()), true, nil
	case "mine":
		message, err := m.myQuestions(ctx)
		return reply(message), true, err
	case "ask":
		return m.askForm(), true, nil
	}
	return chat.Turn{}, false, nil
}

// solved lists who has solved something already; after a question, those nearest to it come first.
func (m *meeting) solved() chat.Message {
	message := chat.Message{Text: words.Say("browse.solved"), Buttons: []chat.Button{button("topics", "topics")}}
	for _, e := range m.base.Solved(withoutBrackets(m.before.Asked), m.person.Home) {
		if len(message.Choices) < onePage {
			message.Choices = append(message.Choices, choiceOf(e))
		}
	}
	return message
}
