package chat_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"signpost/bot/chat"
)

func TestMessageString(t *testing.T) {
	tests := []struct {
		name    string
		message chat.Message
		want    string
	}{
		{"nothing", chat.Message{}, ""},
		{"text", chat.Message{Text: chat.Text{plain("Hello.")}, Buttons: []chat.Button{{ID: "a", Label: "A"}}}, "Hello."},
		{"choices", chat.Message{Text: chat.Text{plain("Pick.")}, Choices: []chat.Choice{{ID: "a", Label: "A"}, {ID: "b", Label: "B", Detail: "more"}}},
			"Pick.\n\n- A\n- B (more)"},
		{"choices alone", chat.Message{Choices: []chat.Choice{{ID: "a", Label: "A"}}}, "- A"},
		{"a page", chat.Message{Text: chat.Text{plain("See.")}, Page: &chat.Page{Title: "Home", Text: chat.Text{plain("Welcome.")}}},
			"See.\n\nHome\n\nWelcome."},
		{"a page alone", chat.Message{Page: &chat.Page{Title: "Home"}}, "Home"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.message.String(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// fullTurn has every field of every type filled in; the test below says if one is forgotten.
func fullTurn() chat.Turn {
	text := chat.Text{{Kind: chat.Heading, Text: "Head <b> & \u2028"}, {Kind: chat.Points, Items: []chat.Item{{Text: "a", URL: "https://example.org/?a=1&b=2", Detail: "free"}}}}
	buttons, choices := []chat.Button{{ID: "helped x", Label: "This helped"}}, []chat.Choice{{ID: "pick x", Label: "X", Detail: "more"}}
	message := chat.Message{Text: text, Buttons: buttons, Choices: choices, Private: true, Mention: "slack:T1/U2", File: &chat.File{Ref: "f", Name: "a.csv", Size: 1, Body: []byte("a")},
		Page: &chat.Page{ID: "home", Title: "Home", Text: text, Buttons: buttons, Choices: choices}}
	at := time.Date(2026, 11, 23, 9, 0, 0, 123e6, time.UTC)
	return chat.Turn{
		Reply: &message,
		Form: &chat.Form{ID: "me", Title: "About you", Intro: text, Submit: "Save", Fields: []chat.Field{{ID: "role", Label: "What do you do?", Hint: "nurse",
			Kind: chat.TypeAhead, Value: "nurse", Options: choices, Optional: true, Longest: 60, Problem: "unknown"}}},
		Private:     []chat.Message{message},
		Messages:    []chat.Post{{Key: "k", To: "slack:T1/C3", Message: message, Replaces: "j", Under: "i", Thread: "17.3", Else: "slack:T1/U2"}},
		Due:         []chat.Due{{Key: "nudge 1", At: at, What: "nudge", Data: "1"}},
		Suggestions: choices,
	}
}

func TestTurnSurvivesJSON(t *testing.T) {
	turn := fullTurn()
	checkFilled(t, "Turn", reflect.ValueOf(turn))
	roundTrip(t, turn)
	roundTrip(t, chat.Turn{})
}

func TestEventSurvivesJSON(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	event := chat.Event{Key: "1", Kind: chat.Pressed, At: at, Person: "terminal:sam", Name: "Sam", Home: "royal", Role: "nurses", Where: "slack:T1/C3/17.1", Room: "slack:T1/C3",
		Public: true, Alone: true, Greeted: true, TakesReply: true, Follow: "token", ReplyTo: "17.1", Text: "hi",
		Message: "17.4", Button: "helped x", Form: "me", Field: "home", Values: map[string]string{"home": "London"}, Page: "home",
		File: &chat.File{Ref: "f", Name: "a.md", Size: 3, Body: []byte("abc")}, Roles: []string{"champions"}, Due: &chat.Due{Key: "k", At: at, What: "nudge", Data: "1"}}
	checkFilled(t, "Event", reflect.ValueOf(event))
	roundTrip(t, event)
}

func roundTrip[T any](t *testing.T, before T) {
	t.Helper()
	body, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	var after T
	if err := json.Unmarshal(body, &after); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(before, after) {
		t.Errorf("got  %+v\nwant %+v\nby   %s", after, before, body)
	}
}

// checkFilled says which fields are empty, so that a new one is not left out of the round trip. Of a list at least one
// element must have a field filled in: parts hold either text or items.
func checkFilled(t *testing.T, path string, v reflect.Value) {
	t.Helper()
	switch {
	case v.IsZero():
		t.Errorf("%s is empty: fill it in here", path)
	case v.Kind() == reflect.Pointer:
		checkFilled(t, path, v.Elem())
	case v.Type() == reflect.TypeFor[chat.Text]():
	case v.Kind() == reflect.Slice:
		checkFilled(t, path+"[0]", v.Index(0))
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
		for i := range v.NumField() {
			checkFilled(t, path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	}
}
