package bot

import (
	"maps"
	"time"
)

// For the tests alone.
var (
	Commands         = commands
	ChampionCommands = championCommands
	WithoutBrackets  = withoutBrackets
	ReadWeek         = readWeek
	WriteWeek        = writeWeek
	ReadLeave        = readLeave
	WriteLeave       = writeLeave
	Code             = code
)

// NoTime leaves a bot no time to work out what an entry would do, of an hour.
func NoTime(b *Bot) { b.leftToWrite = 2 * time.Hour }

// CuratorIDs are the verbs of all buttons and forms that only curators get, and what they type.
func CuratorIDs() (buttons, forms, typed []string) {
	for verb := range maps.Keys(curatorButtons) {
		buttons = append(buttons, curates+verb)
	}
	for verb := range maps.Keys(curatorForms) {
		forms = append(forms, curates+verb)
	}
	for text := range maps.Keys(curatorCommands) {
		typed = append(typed, text)
	}
	return buttons, forms, typed
}
