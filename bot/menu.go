package bot

import (
	"signpost/bot/chat"
	"signpost/bot/words"
	"signpost/knowledge"
)

// listedCommands are the commands that networks show in a list: the same grammar that is typed, see commands.
var listedCommands = []string{"topics", "new", "role", "mine", "champion", "queue", "join", "near", "solved", "me", "help"}

// Menu is what networks that list commands, shortcuts and starting questions show.
func Menu() chat.Menu {
	menu := chat.Menu{
		Commands: []chat.Command{{Name: "ask", Summary: words.Line("menu.ask"), Says: "{value}", Field: &chat.Field{
			ID: "question", Kind: chat.TypeAhead, Label: words.Line("ask.form-question"), Hint: words.Line("ask.form-hint")}}},
		Shortcuts: []chat.Shortcut{{ID: "find", Label: words.Line("menu.find")}, {ID: keepID, Label: words.Line("menu.keep")}},
	}
	for _, name := range listedCommands {
		menu.Commands = append(menu.Commands, chat.Command{Name: name, Summary: words.Line("menu." + name), Says: says[name]})
	}
	for _, key := range []string{"prompt.one", "prompt.two", "prompt.three", "prompt.four"} {
		menu.Prompts = append(menu.Prompts, chat.Choice{ID: key, Label: words.Line(key)})
	}
	return menu
}

// says is what typing a listed command amounts to.
var says = map[string]string{"topics": "topics", "new": "new here", "role": "for my role", "mine": "my questions",
	"champion": "ask a champion", "queue": "my queue", "join": "champion join", "near": "champions near me",
	"solved": "who has done this", "me": "me", "help": "help"}

// suggestEntries answers typing ahead in a question: titles to pick, and the person's own words stay good.
func (m *meeting) suggestEntries() chat.Turn {
	var turn chat.Turn
	d := screened(m.base, m.event.Text)
	if d.Verdict == Stop {
		return turn
	}
	for _, match := range m.base.Match(knowledge.Question{Text: d.Text, Home: m.person.Home, Role: m.person.Role}, mostSuggested) {
		turn.Suggestions = append(turn.Suggestions, chat.Choice{ID: match.Entry.Title, Label: label(match.Entry.Title)})
	}
	return turn
}

// suggestLinks answers typing ahead in the title of an entry that is to be the answer: the slug is what is picked.
func (m *meeting) suggestLinks() chat.Turn {
	turn := m.suggestEntries()
	for i, choice := range turn.Suggestions {
		turn.Suggestions[i].ID = m.entryMeant(choice.ID)
	}
	return turn
}

// mostSuggested is how many titles are suggested: more are not read while typing.
const mostSuggested = 8
