package bot

import (
	"context"
	"slices"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/words"
)

// askerCommands are what people who asked a champion type where they could press a button; see commands. They count only
// for somebody who has a question that it can be done with.
var askerCommands = map[string]escalation.Kind{
	"sorted": escalation.Sorted, "its sorted": escalation.Sorted, "it is sorted": escalation.Sorted, "all sorted": escalation.Sorted,
	"its all sorted": escalation.Sorted, "sorted now": escalation.Sorted, "its sorted now": escalation.Sorted, "it is sorted now": escalation.Sorted,
	"sorted thanks": escalation.Sorted, "sorted thank you": escalation.Sorted, "its sorted thanks": escalation.Sorted,
	"its sorted thank you": escalation.Sorted, "it is sorted thanks": escalation.Sorted, "it is sorted thank you": escalation.Sorted,
	"cancel": escalation.Cancel, "cancel it": escalation.Cancel, "cancel that": escalation.Cancel, "cancel my question": escalation.Cancel,
	"please cancel": escalation.Cancel, "please cancel my question": escalation.Cancel, "take it back": escalation.Cancel,
	"take my question back": escalation.Cancel, "never mind": escalation.Cancel, "nevermind": escalation.Cancel,
	"reopen": escalation.Reopen, "reopen it": escalation.Reopen, "reopen my question": escalation.Reopen, "open it again": escalation.Reopen,
	"open my question again": escalation.Reopen,
}

// askerCommand does with the person's question what they typed. Of several they are asked which. Where they have none there is
// nothing to cancel, and ok is false of all else: the words are then read like any others.
func (m *meeting) askerCommand(ctx context.Context, typed string) (turn chat.Turn, ok bool, err error) {
	kind, known := askerCommands[strings.ReplaceAll(typed, ",", "")]
	if !known {
		return turn, false, nil
	}
	cases, err := escalation.OfAsker(ctx, m.bot.DB.Read(), m.event.Person, m.now)
	if err != nil {
		return turn, false, err
	}
	cases = slices.DeleteFunc(cases, func(c escalation.Case) bool { return c.Live() == (kind == escalation.Reopen) })
	switch len(cases) {
	case 0:
		if kind == escalation.Cancel {
			return reply(chat.Message{Text: words.Say("aside.okay"), Buttons: []chat.Button{button("topics", "topics"), button("new", "new")}}), true, nil
		}
		return turn, false, nil
	case 1:
		turn, err = m.casePressed(ctx, cases[0].ID, kind)
		return turn, true, err
	}
	message, err := m.myQuestions(ctx)
	return reply(message), true, err
}
