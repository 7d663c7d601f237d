package chat

import "time"

// A Turn is what the bot does about one event. It is plain data that survives JSON, so that a desk can keep it and give
// the same Reply again when a network delivers an event twice. The zero Turn does nothing.
type Turn struct {
	// Reply goes back in the acknowledgement of the event: at most once, and again on redelivery.
	Reply *Message `json:"reply,omitempty"`
	// Form is opened at once and never kept; the person presses again if it did not open.
	Form *Form `json:"form,omitempty"`
	// Private follow-ups go by the event's token, at most once; a dead token turns them into direct messages.
	Private []Message `json:"private,omitempty"`
	// Messages are posted by the courier: never lost, never twice.
	Messages []Post `json:"messages,omitempty"`
	// Due are things to come back to.
	Due []Due `json:"due,omitempty"`
	// Suggestions answer TypedAhead, best first, 25 at most.
	Suggestions []Choice `json:"suggestions,omitempty"`
}

// A Message is what a person reads. Its Text holds the whole of it: buttons and choices add ways on, never content.
type Message struct {
	Text    Text     `json:"text"`
	Buttons []Button `json:"buttons,omitempty"`
	// Choices are offered as a list to pick one from; picking gives a Pressed event with the choice's ID.
	Choices []Choice `json:"choices,omitempty"`
	// Page, if set, is shown on its own where the network has such a place, else after the text.
	Page *Page `json:"page,omitempty"`
	// Private asks the adapter to show the message to this person only, whatever Where is.
	Private bool `json:"private,omitempty"`
	// Mention is the one person who may be called by name at the start of the message, where others read it too.
	Mention Address `json:"mention,omitempty"`
	// File goes with the message. A network that takes no files says so in a sentence of its own.
	File *File `json:"file,omitempty"`
}

// A Button does one thing. Its label makes sense when read alone.
type Button struct {
	ID    string `json:"id"`    // at most 100 bytes
	Label string `json:"label"` // at most 75 characters
}

// A Choice is one line of a list to pick from.
type Choice struct {
	ID     string `json:"id"`               // at most 100 bytes
	Label  string `json:"label"`            // at most 75 characters
	Detail string `json:"detail,omitempty"` // a few words more, may be left out by a network
}

// A Page is a view that stays, such as a home tab.
type Page struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Text    Text     `json:"text"`
	Buttons []Button `json:"buttons,omitempty"`
	Choices []Choice `json:"choices,omitempty"`
}

// A Form asks for a few things at once. Networks with windows show it in one; others ask field by field.
type Form struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"` // at most 24 characters
	Intro  Text    `json:"intro,omitempty"`
	Fields []Field `json:"fields"`
	Submit string  `json:"submit"` // label of the button that sends it, at most 24 characters
}

// A Field is one question of a Form.
type Field struct {
	ID       string    `json:"id"`
	Label    string    `json:"label"`
	Hint     string    `json:"hint,omitempty"`
	Kind     FieldKind `json:"kind"`
	Value    string    `json:"value,omitempty"` // filled in beforehand
	Options  []Choice  `json:"options,omitempty"`
	Optional bool      `json:"optional,omitempty"`
	Longest  int       `json:"longest,omitempty"` // in characters; 0 means the network's own limit
	// Problem says what is wrong with the value sent before; the form is then shown again.
	Problem string `json:"problem,omitempty"`
}

// FieldKind says how a Field is filled in.
type FieldKind string

// The kinds of Field. TypeAhead asks the Handler for suggestions while the person types.
const (
	Line      FieldKind = "line"
	Paragraph FieldKind = "paragraph"
	Pick      FieldKind = "pick"
	TypeAhead FieldKind = "type ahead"
)

// A Post is a message on its way to an address.
type Post struct {
	// Key names the post for good: the same key is never posted twice.
	Key     string  `json:"key"`
	To      Address `json:"to"`
	Message Message `json:"message"`
	// Replaces, if set, is the key of an earlier post that this one edits; the last state wins.
	Replaces string `json:"replaces,omitempty"`
	// Under, if set, is the key of an earlier post to the same place, in whose thread this one goes where the network has
	// threads. Thread is that post's reference; the desk fills it in.
	Under  string `json:"under,omitempty"`
	Thread Ref    `json:"thread,omitempty"`
	// Else is where the post goes instead when To refuses it, or when nobody can tell whether it arrived there. Without
	// one the desk parks the post and shows it.
	Else Address `json:"else,omitempty"`
}

// A Due is something that the desk hands back as an Event when its time has come.
type Due struct {
	// Key names it for good: a later Due with the same Key moves it, one with a zero At withdraws it.
	Key  string    `json:"key"`
	At   time.Time `json:"at"`
	What string    `json:"what"`
	Data string    `json:"data,omitempty"`
}
