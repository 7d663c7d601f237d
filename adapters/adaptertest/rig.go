// Package adaptertest holds what every adapter is tested with: one suite of abilities, and a scripted network on which
// everything can go wrong.
//
// To test an adapter start from [Run] and write a [Rig] for each server that the adapter can be run against; that of
// adapters/terminal is the shortest. To test what stands behind adapters, such as a courier, start from [NewNetwork];
// [Serve] and [Dial] put it into a process of its own, so that the bot's can be killed.
package adaptertest

import (
	"testing"
	"time"

	"signpost/bot/chat"
)

// A Rig says how to run one adapter against one server, real or scripted, and what cannot be tried there.
type Rig struct {
	// Network is the chat network's name as people know it, such as "Slack"; Server is what stands in for it, such as
	// "local-slack". Several rigs of one network share its column in the table of abilities: what one server cannot do,
	// another may.
	Network, Server string
	// Missing, if set, is why this server cannot be run on this machine. All its tests are then skipped with this sentence,
	// or fail with it where SIGNPOST_EMULATORS is "must".
	Missing string
	// Start runs the adapter with this handler and returns when it takes events. It is called once for each ability; the
	// server may be the same each time. An adapter that lists commands and shortcuts is given Menu.
	Start func(t *testing.T, handle chat.Handler) Stage
	// Cannot says of an ability why it cannot be tried here: a sentence for readers of the table. A func of the Stage may
	// be nil only where every ability that needs it is listed.
	Cannot map[Ability]string
	// Longest is how many characters one message may have at most; 0 is any number.
	Longest int
	// Patience is how long to wait for what must happen; 0 is a minute.
	Patience time.Duration
}

// A Stage is an adapter that runs, with one person on the other side. Its funcs play that person and the network; they
// fail the test of Start by themselves, and may return before the adapter has done its part.
type Stage struct {
	Adapter chat.Adapter
	// Person is who is played. Direct is the place of their direct messages with the bot, Public one that others can read
	// (with the bot in it), Nowhere one that does not exist. Page is where Sees finds the opened page; empty is Direct.
	Person, Direct, Public, Nowhere, Page chat.Address

	// Say says text as typed, in Direct or Public; in Public so that the bot is meant, with a mention where that is needed.
	Say func(place chat.Address, text string)
	// Press presses the newest button or picks the newest choice with this label, wherever the person sees it.
	Press func(label string)
	// Submit fills in the form that is open and sends it, and returns what the person is then told in place of it or in it:
	// what is wrong, if anything. Values are by field ID, with a choice's ID for what is picked. Where the form must be
	// opened again to be put right, Submit does so.
	Submit func(form chat.Form, values map[string]string) (told string)
	// Type types ahead in a field of the open form, or in the field of the Menu's command, and returns the labels suggested.
	Type func(form chat.Form, field, text string) []string
	// Sees are the messages of a place as they stand now, those in its threads included, oldest first.
	Sees func(place chat.Address) []Seen
	// Command uses a command of Menu in Direct or Public, as the network has it; Shortcut the Menu's shortcut with this
	// label on the newest message with this text.
	Command  func(name, value string)
	Shortcut func(label, text string)
	// Open opens the page that the network has, such as "home". Where that happens at Start, it does nothing.
	Open func()
	// SendFile sends a file in Direct.
	SendFile func(name, body string)
	// Change makes the person edit the last message that they said in Direct, Delete makes them delete it.
	Change func(text string)
	Delete func()

	// Again delivers the last event again, as a network does that got no acknowledgement.
	Again func()
	// Cut breaks the connection; Say still works. Mend lets the adapter connect again.
	Cut, Mend func()
	// Stop ends Run and everything else that Start started in this process, and returns what Run did. It is called once.
	Stop func() error
}

// A Seen is a message as a person reads it: with the network's escapes undone, and live mentions, which call somebody,
// told apart from text that only looks like one.
type Seen struct {
	Text     string
	Buttons  []string // labels of buttons and choices
	Private  bool     // nobody but the person sees it, though the place is public
	Threaded bool     // it stands in a thread
	Mentions []string // who or what is called by it: addresses of people, and anything else such as "@everyone"
	File     string   // name of its file
	Body     string   // of its file
}
