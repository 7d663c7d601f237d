package chat

import "time"

// An Event is what a person did, or what came due. Fields that do not belong to its Kind are empty.
type Event struct {
	// Key is the network's own name for the event, the same when the network delivers it again.
	Key  string    `json:"key"`
	Kind EventKind `json:"kind"`
	At   time.Time `json:"at"`

	// Person is who did it; it never comes from anything a person can type. Empty for Due.
	Person Address `json:"person,omitempty"`
	// Name is what the network calls the person, where the adapter knows it. Others see it only where the person agreed.
	Name string `json:"name,omitempty"`
	// Home and Role are the place and the kind of work that an operator tied to the person's workspace, or to the roles
	// they have there. What the person says goes before.
	Home string `json:"home,omitempty"`
	Role string `json:"role,omitempty"`
	// Where is the conversation's place: a direct message, a channel, a thread. Room is the channel that Where is a thread
	// of; empty where Where is no thread.
	Where Address `json:"where,omitempty"`
	Room  Address `json:"room,omitempty"`
	// Public says that others can read Where.
	Public bool `json:"public,omitempty"`
	// Alone says that what the person did, and a Reply to it, is seen by nobody else, though Where may be public: a slash
	// command, a press in an answer shown to them alone.
	Alone bool `json:"alone,omitempty"`
	// Greeted says that the adapter greets everybody with the page "start" before they type: what it says need not be said
	// again.
	Greeted bool `json:"greeted,omitempty"`
	// TakesReply says that the network shows a Reply in its acknowledgement of this event. Where it does not, the desk
	// sends the Reply as a Message to Where.
	TakesReply bool `json:"takesReply,omitempty"`
	// Follow is the short-lived token with which the adapter can still add private follow-ups, where the network has one.
	Follow string `json:"follow,omitempty"`

	// Text is what was said, or typed so far; of a Pressed shortcut, what the message says that it was used on. Said,
	// TypedAhead, Edited, Pressed.
	Text string `json:"text,omitempty"`
	// Message is the message that was said, pressed, edited or deleted.
	Message Ref `json:"message,omitempty"`
	// ReplyTo is the message that was answered: the first of a thread, or the one a reply points at.
	ReplyTo Ref `json:"replyTo,omitempty"`
	// Button is the ID of the pressed Button or picked Choice.
	Button string `json:"button,omitempty"`
	// Form is the ID of the submitted or typed-ahead Form, Field the field typed ahead, Values what was filled in.
	Form   string            `json:"form,omitempty"`
	Field  string            `json:"field,omitempty"`
	Values map[string]string `json:"values,omitempty"`
	// Page is the ID of the opened Page.
	Page string `json:"page,omitempty"`
	// File is what was sent.
	File *File `json:"file,omitempty"`
	// Roles are the names of the roles that the network says the person now has.
	Roles []string `json:"roles,omitempty"`
	// Due is what came due, as it was asked for in a Turn.
	Due *Due `json:"due,omitempty"`
}

// EventKind says what happened.
type EventKind string

// The kinds of Event.
const (
	Said       EventKind = "said"
	Pressed    EventKind = "pressed"
	Submitted  EventKind = "submitted"
	TypedAhead EventKind = "typed ahead"
	Opened     EventKind = "opened"
	Edited     EventKind = "edited"
	Deleted    EventKind = "deleted"
	SentFile   EventKind = "sent file"
	Joined     EventKind = "joined"
	Left       EventKind = "left"
	GotRoles   EventKind = "got roles"
	CameDue    EventKind = "came due"
)

// LongestFile is how many bytes an adapter fetches of a file that a person sent.
const LongestFile = 8 << 20

// A File is something a person sent, or the bot gives back. Body is empty where a sent file is longer than LongestFile or
// could not be fetched.
type File struct {
	Ref  Ref    `json:"ref,omitempty"`
	Name string `json:"name"`
	Size int64  `json:"size"` // bytes
	Body []byte `json:"body,omitempty"`
}
