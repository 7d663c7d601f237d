package chat

import "strings"

// A Command is one thing people can type beside a question, for networks that list commands: a slash command's sub-words.
// The adapter turns its use into a Said event.
type Command struct {
	Name    string // lower-case letters and hyphens
	Summary string // at most 100 characters
	// Field, if set, is what goes with it; its suggestions are asked for with TypedAhead, Form being the command's name.
	Field *Field
	// Says is the text of the Said event; {value} stands for the field's value.
	Says string
}

// Said is the text of the event, for a command used with this value.
func (c Command) Said(value string) string { return strings.ReplaceAll(c.Says, "{value}", value) }

// A Shortcut is something that can be done with any message on the network. Using it gives a Pressed event with Button
// the ID, Text what the message says, and Message its reference.
type Shortcut struct {
	ID    string
	Label string // at most 24 characters
}

// A Menu is what a bot lists on networks that list such things.
type Menu struct {
	Commands  []Command
	Shortcuts []Shortcut
	// Prompts are questions to start from, 4 at most; picking one gives a Said event with its Label.
	Prompts []Choice
}

// A Finding is one thing that was looked at about an adapter's settings, for people who set it up.
type Finding struct {
	Name string // a word or two
	OK   bool
	Says string // one sentence
	Do   string // what to do about it, or ""
}
