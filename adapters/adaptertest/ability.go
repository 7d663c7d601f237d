package adaptertest

import (
	"go.uber.org/goleak"

	"signpost/bot/chat"
)

// An Ability is one thing that people can do, or that an adapter promises.
type Ability string

// The abilities, in the order of the table.
const (
	Deliver    Ability = "deliver"
	Press      Ability = "press"
	Form       Ability = "form"
	TypeAhead  Ability = "type ahead"
	Command    Ability = "command"
	Shortcut   Ability = "shortcut"
	Page       Ability = "page"
	Private    Ability = "private"
	Mention    Ability = "mention"
	Thread     Ability = "thread"
	Change     Ability = "change"
	FileIn     Ability = "file in"
	FileOut    Ability = "file out"
	LongText   Ability = "long text"
	AsTyped    Ability = "as typed"
	Order      Ability = "order"
	Edit       Ability = "edit"
	Replace    Ability = "replace"
	Find       Ability = "find"
	Unsendable Ability = "unsendable"
	Redeliver  Ability = "redeliver"
	Fail       Ability = "fail"
	Reconnect  Ability = "reconnect"
	Stop       Ability = "stop"
)

// A trial is how an ability is tried.
type trial struct {
	ability Ability
	says    string // to readers of the table
	try     func(*play) error
}

func trials() []trial {
	return []trial{
		{Deliver, "A question in a direct message reaches the bot, and the person reads the answer.", tryDeliver},
		{Press, "A button or a choice of a message can be pressed.", tryPress},
		{Form, "A form opens, says what is wrong with an answer, and can be put right and sent.", tryForm},
		{TypeAhead, "Suggestions come while the person types.", tryTypeAhead},
		{Command, "The network lists what can be typed beside a question.", tryCommand},
		{Shortcut, "Something can be done with any message there is.", tryShortcut},
		{Page, "A page stays open beside the messages, or greets the person.", tryPage},
		{Private, "What is meant for one person is read by nobody else, though it was asked in public.", tryPrivate},
		{Mention, "A message calls the one person whom it is meant to call.", tryMention},
		{Thread, "An answer stands in the thread of the message it belongs to.", tryThread},
		{Change, "The bot learns when a person edits or deletes their message.", tryChange},
		{FileIn, "A person can send a file.", tryFileIn},
		{FileOut, "The bot can give a file back.", tryFileOut},
		{LongText, "An answer of 30,000 characters arrives whole.", tryLongText},
		{AsTyped, "What looks like a mention or like markup is shown as typed, and calls nobody.", tryAsTyped},
		{Order, "Messages to one place arrive in the order in which they were sent.", tryOrder},
		{Edit, "A message can be changed, and what is read last is its last state.", tryEdit},
		{Replace, "A changed message is replaced where it stands.", tryReplace},
		{Find, "The bot can look up whether a message of its own arrived.", tryFind},
		{Unsendable, "A message that can never arrive is told apart from one that may later.", tryUnsendable},
		{Redeliver, "What the network delivers twice is answered once.", tryRedeliver},
		{Fail, "When the bot fails, the event comes again or the person is asked to try again.", tryFail},
		{Reconnect, "What was said while the connection was cut is answered after it.", tryReconnect},
		{Stop, "Stopped, it leaves nothing running.", nil}, // see runStop: it takes the goroutines before the start
	}
}

// Menu is what adapters that list commands and shortcuts are given. The command's name is the ID of the form that the
// suite opens, and its field is one of that form's, so that typing ahead is the same in both.
func Menu() chat.Menu {
	field := chat.Field{ID: wardField, Label: "Ward", Kind: chat.TypeAhead, Longest: 100}
	return chat.Menu{
		Commands: []chat.Command{
			{Name: formID, Summary: "Look something up", Field: &field, Says: "look up {value}"},
			{Name: "topics", Summary: "See what there is", Says: "topics"},
		},
		Shortcuts: []chat.Shortcut{{ID: shortcutID, Label: "Look at this"}},
		Prompts:   []chat.Choice{{ID: "prompt", Label: "How do I begin?"}},
	}
}

// leaks takes the goroutines there are and returns a func that finds those added since.
func leaks() func() error {
	before := goleak.IgnoreCurrent()
	return func() error {
		closeIdle()
		return goleak.Find(before)
	}
}
