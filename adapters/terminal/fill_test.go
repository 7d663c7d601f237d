package terminal

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"signpost/bot/chat"
)

func leave() chat.Form {
	return chat.Form{ID: "leave", Title: "Time away", Intro: chat.Parse("Three short questions."), Submit: "Send",
		Fields: []chat.Field{
			{ID: "name", Label: "Your name", Hint: "as on your badge", Kind: chat.Line, Value: "Sam", Longest: 10},
			{ID: "why", Label: "Why", Kind: chat.Paragraph, Optional: true},
			{ID: "day", Label: "Which day", Kind: chat.Pick, Options: []chat.Choice{
				{ID: "mon", Label: "Monday", Detail: "early"}, {ID: "tue", Label: "Tuesday"}}},
			{ID: "ward", Label: "Ward", Kind: chat.TypeAhead, Optional: true},
		}}
}

// withForm opens the form for what is said, suggests wards, and thanks for what is sent.
func withForm(form chat.Form) *script {
	return &script{answer: func(e chat.Event) (chat.Turn, error) {
		switch e.Kind {
		case chat.TypedAhead:
			if e.Text == "nowhere" {
				return chat.Turn{}, nil
			}
			return chat.Turn{Suggestions: []chat.Choice{{ID: "w4", Label: "Ward 4"}, {ID: "w5", Label: "Ward 5"}}}, nil
		case chat.Submitted:
			return chat.Turn{Reply: &chat.Message{Text: chat.Parse("Thank you.")}}, nil
		}
		return chat.Turn{Form: &form}, nil
	}}
}

// follow types each line and looks for the words that must be in what comes back; "" wants nothing back.
func follow(t *testing.T, s *Session, b *script, steps [][2]string) {
	t.Helper()
	for _, step := range steps {
		out := say(t, s, b, step[0])
		if (step[1] == "") != (out == "") || !strings.Contains(out, step[1]) {
			t.Fatalf("after %q got\n%s\nwant %q in it", step[0], out, step[1])
		}
	}
}

func TestFormStepByStep(t *testing.T) {
	b, s := withForm(leave()), NewSession("terminal:sam", "", clock)
	want := "Time away\n\nThree short questions.\n\n" + formHelp + "\n\nYour name\nas on your badge\n[Sam]\n" + enterKeeps
	if out := say(t, s, b, "form"); out != want {
		t.Fatalf("got\n%s\nwant\n%s", out, want)
	}
	follow(t, s, b, [][2]string{
		{"", "Why (optional)\n" + endsWithEmpty + " " + enterSkips},
		{"first", ""}, {"  second", ""},
		{"", "Which day\n1. Monday - early\n2. Tuesday\n" + pickNumber},
		{"3", formChoose}, {"", formNeeded}, {"later", formChoose},
		{"TUESDAY", "Ward (optional)\n" + lookUp},
		{"nowhere", formNothing},
		{"365", "1. Ward 4\n2. Ward 5\n" + lookAgain},
		{"2", "Thank you."},
	})
	e := b.last(t)
	values := map[string]string{"name": "Sam", "why": "first\n  second", "day": "tue", "ward": "w5"}
	if e.Kind != chat.Submitted || e.Form != "leave" || !maps.Equal(e.Values, values) {
		t.Errorf("event %+v", e)
	}
	ahead := b.events[len(b.events)-2]
	if ahead.Kind != chat.TypedAhead || ahead.Form != "leave" || ahead.Field != "ward" || ahead.Text != "365" {
		t.Errorf("typed ahead %+v", ahead)
	}
	say(t, s, b, "3") // the form is over: said again
	if e := b.last(t); e.Kind != chat.Said {
		t.Errorf("after the form: %+v", e)
	}
}

func TestFormBackAndCancel(t *testing.T) {
	b, s := withForm(leave()), NewSession("terminal:sam", "", clock)
	follow(t, s, b, [][2]string{
		{"form", "Your name"}, {"back", formFirst}, {"far too long a name", "10 characters, and yours has 19"},
		{"Kim", "Why"}, {"half a", ""}, {"Back", "[Kim]"}, {"", "Why"}, {"because", ""}, {"", "Which day"},
		{"1", "Ward"}, {"back", "[Monday]"}, {"", "Ward"}, {"back", "Which day"}, {"back", "[because]"},
		{"-", "Which day"}, {"CANCEL", formLeft}, {"hello", "Your name"},
	})
	if len(b.events) != 2 {
		t.Errorf("%d events, want the two that were said", len(b.events))
	}
}

func TestFormProblemsAskOnlyThose(t *testing.T) {
	form, tries := leave(), 0
	b := &script{}
	b.answer = func(e chat.Event) (chat.Turn, error) {
		if e.Kind == chat.Submitted {
			if tries++; tries > 1 {
				return chat.Turn{}, nil
			}
			form.Fields[0].Value = e.Values["name"]
			form.Fields[2].Problem = "That day is full."
		}
		return chat.Turn{Form: &form}, nil
	}
	s := NewSession("terminal:sam", "", clock)
	follow(t, s, b, [][2]string{{"form", "Your name"}, {"Kim", "Why"}, {"tired", ""}, {"", "Which day"}, {"1", "Ward"}})
	want := "Time away\n\n" + formAgain + "\n\nWhich day\nThat day is full.\n1. Monday - early\n2. Tuesday\n[Monday]\n" +
		pickNumber + " " + enterKeeps
	if out := say(t, s, b, ""); out != want {
		t.Fatalf("got\n%s\nwant\n%s", out, want)
	}
	say(t, s, b, "2")
	values := map[string]string{"name": "Kim", "why": "tired", "day": "tue", "ward": ""}
	if e := b.last(t); e.Kind != chat.Submitted || !maps.Equal(e.Values, values) {
		t.Errorf("event %+v", e)
	}
}

func TestFormSurvivesAnError(t *testing.T) {
	form := chat.Form{ID: "f", Title: "One thing", Submit: "Send it", Fields: []chat.Field{{ID: "a", Label: "A", Kind: chat.Line}}}
	b := withForm(form)
	s := NewSession("terminal:sam", "", clock)
	say(t, s, b, "form")
	good := b.answer
	b.answer = func(chat.Event) (chat.Turn, error) { return chat.Turn{}, errors.New("no") }
	out, err := s.Line(t.Context(), b.handle, "long answer")
	if err == nil || !strings.HasPrefix(out, sorry) || !strings.HasSuffix(out, "Send it\n"+formConfirm) {
		t.Fatalf("%q, %v", out, err)
	}
	b.answer = good
	follow(t, s, b, [][2]string{{"what", formConfirm}, {"", "Thank you."}})
	if e := b.last(t); e.Values["a"] != "long answer" {
		t.Errorf("event %+v", e)
	}
}

func TestFormWithoutFieldsIsConfirmed(t *testing.T) {
	b := withForm(chat.Form{ID: "f", Title: "Sure?", Submit: "Do it"})
	s := NewSession("terminal:sam", "", clock)
	follow(t, s, b, [][2]string{{"form", "Sure?\n\nDo it\n" + formConfirm}, {"back", formFirst}, {"", "Thank you."}})
}

func TestMessageDuringAFormAsksAgain(t *testing.T) {
	b, s := withForm(leave()), NewSession("terminal:sam", "", clock)
	say(t, s, b, "form")
	out := s.Show(offering)
	if !strings.Contains(out, formStill+"Time away\n\nYour name") || strings.Contains(out, typeNumber) {
		t.Errorf("got %q", out)
	}
	follow(t, s, b, [][2]string{{"3", "Why"}, {"cancel", formLeft}})
	say(t, s, b, "3")
	if e := b.last(t); e.Button != "b1" {
		t.Errorf("event %+v", e)
	}
}
