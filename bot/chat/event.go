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
	// Where is the conversation's place: a direct message, a channel, a thread.
	Where Address `json:"where,omitempty"`
	// Public says that others can read Where.
	Public bool `json:"public,omitempty"`
	// Follow is the short-lived token with which the adapter can still add private follow-ups, where the network has one.
	Follow string `json:"follow,omitempty"`

	// Text is what was said, or typed so far. Said, TypedAhead, Edited.
	Text string `json:"text,omitempty"`
	// Message is the message that was pressed, edited or deleted.
	Message Ref `json:"message,omitempty"`
	// Button is the ID of the pressed Button or picked Choice.
	Button string `json:"button,omitempty"`
	// Form is the ID of the submitted or typed-ahead Form, Field the field typed ahead, Values what was filled in.
	Form   string            `json:"form,omitempty"`
	Field  string            `json:"field,omitempty"`
	Values map[string]string `json:"values,omitempty"`
	// Page is the ID of the opened Page.
	Page string `json:"page,omitempty"`
	// File is what was sent; its bytes are fetched by the adapter when asked.
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

// A File is something a person sent.
type File struct {
	Ref  Ref    `json:"ref"`
	Name string `json:"name"`
	Size int64  `json:"size"` // bytes
}
