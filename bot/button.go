package bot

import (
	"context"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/words"
)

// longestLabel is the most characters a button or choice may show, the least that any network allows.
const longestLabel = 75

// button makes a button whose label stands under "button." in the words.
func button(id, key string) chat.Button {
	return chat.Button{ID: id, Label: words.Line("button." + key)}
}

// label cuts a title to what a button can show.
func label(title string) string {
	runes := []rune(title)
	if len(runes) <= longestLabel {
		return title
	}
	return string(runes[:longestLabel-1]) + "…"
}

// pressed handles a button or a choice. Its id is a verb and what it is about; what may be done about it is read from
// the file again, for buttons live longer than what they were made from.
func (m *meeting) pressed(ctx context.Context) (chat.Turn, error) {
	verb, rest, _ := strings.Cut(m.event.Button, " ")
	first, second, _ := strings.Cut(rest, " ")
	switch verb {
	case "helped", "notquite":
		return m.feedback(ctx, verb, first, second)
	case "wrong":
		return m.reportForm(first, second), nil
	case "pick":
		return m.pick(ctx, first, second)
	case "none":
		return m.noneOfThese(ctx, first)
	case "champion":
		return m.askChampion(ctx, first)
	case "before":
		return m.beforeAsking(ctx, readWish(first, second))
	case "words":
		return m.otherWords(ctx, readWish(first, second))
	case "asks":
		return m.asks(ctx, readWish(first, second))
	case "case":
		return m.casePressed(ctx, first, escalation.Kind(second))
	case "said":
		return m.sendSaid(ctx, first, second)
	case "queue":
		return m.queue(ctx)
	case "join":
		return m.joining(ctx, first, second)
	case "near":
		return m.championsNear(ctx, first)
	case "record":
		return m.record(ctx)
	case "wait":
		return m.wait(ctx, first)
	case "unwait":
		return m.unwait(ctx, first)
	case "forget":
		return m.forgetting(ctx, first)
	case "me":
		return m.meForm(), nil
	case "ask":
		return m.askForm(), nil
	case "again":
		return m.again(ctx, first)
	case "home":
		return m.setHome(first), nil
	case "show":
		return m.show(first), nil
	case "share":
		return m.share(first), nil
	case "find":
		return m.said(ctx)
	}
	return m.browse(verb, first), nil
}
