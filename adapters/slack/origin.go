package slack

import (
	"encoding/json"

	"signpost/bot/chat"
)

// An origin is where a form came from. It travels with the form, in its private_metadata, and comes back with what was
// filled in.
type origin struct {
	Where   chat.Address `json:"w,omitempty"`
	Room    chat.Address `json:"r,omitempty"`
	Message chat.Ref     `json:"m,omitempty"`
	Public  bool         `json:"p,omitempty"`
	Alone   bool         `json:"a,omitempty"`
	Home    bool         `json:"h,omitempty"` // it came from the home page
	Follow  string       `json:"f,omitempty"` // the address for private answers, good for half an hour
}

func originOf(e chat.Event, home bool) origin {
	return origin{e.Where, e.Room, e.Message, e.Public, e.Alone, home, e.Follow}
}

func (o origin) String() string {
	text, err := json.Marshal(o)
	if err == nil && len(text) > maxMetadata {
		o.Follow = ""
		text, err = json.Marshal(o)
	}
	if err != nil || len(text) > maxMetadata {
		return ""
	}
	return string(text)
}

// originFrom reads an origin back. Slack keeps private_metadata from people, and signs what it sends, so it can be
// believed; one that cannot be read is the person's own direct message.
func originFrom(metadata string, fallback chat.Address) origin {
	var o origin
	if err := json.Unmarshal([]byte(metadata), &o); err != nil || !o.wellFormed() {
		return origin{Where: fallback, Alone: true}
	}
	return o
}

func (o origin) wellFormed() bool {
	_, where := placeOf(string(o.Where))
	_, room := placeOf(string(o.Room))
	_, message := placeOf(string(o.Message))
	return where == nil && (room == nil || o.Room == "") && (message == nil || o.Message == "")
}

// fill puts the origin into an event.
func (o origin) fill(e *chat.Event) {
	e.Where, e.Room, e.Message, e.Public, e.Alone, e.Follow = o.Where, o.Room, o.Message, o.Public, o.Alone, o.Follow
}
