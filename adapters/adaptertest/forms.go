package adaptertest

import (
	"fmt"
	"slices"
	"strings"

	"signpost/bot/chat"
)

// The form of the suite, and the fields that are tried.
const (
	formID    = "look"
	nameField = "name"
	wardField = "ward"
)

func (p *play) form() chat.Form {
	return chat.Form{ID: formID, Title: "Look something up", Submit: "Send", Intro: chat.Text{{Kind: chat.Plain, Text: "Four short questions."}},
		Fields: []chat.Field{
			{ID: nameField, Label: "Your name", Hint: "As on your badge", Kind: chat.Line, Longest: 60},
			{ID: "why", Label: "Why", Kind: chat.Paragraph, Optional: true, Longest: 1000},
			{ID: "day", Label: "Which day", Kind: chat.Pick, Options: []chat.Choice{{ID: "mon", Label: "Monday"}, {ID: "tue", Label: "Tuesday"}}},
			{ID: wardField, Label: "Ward", Kind: chat.TypeAhead, Optional: true, Longest: 100},
		}}
}

// opens has the person press a button that opens a form, for a network may open none after words alone.
func (p *play) opens(form chat.Form, submitted func(chat.Event) chat.Turn) error {
	offer := said(p.word("there is a form"))
	offer.Buttons = []chat.Button{{ID: "open", Label: p.mark + " open"}}
	p.answers(func(e chat.Event) (chat.Turn, error) {
		switch e.Kind {
		case chat.Said:
			return chat.Turn{Reply: &offer}, nil
		case chat.Pressed:
			return chat.Turn{Form: &form}, nil
		case chat.TypedAhead:
			return chat.Turn{Suggestions: p.wards()}, nil
		case chat.Submitted:
			return submitted(e), nil
		}
		return chat.Turn{}, nil
	})
	p.Say(p.Direct, p.word("a form, please"))
	if err := p.reads(p.Direct, p.word("there is a form")); err != nil {
		return err
	}
	p.Press(p.mark + " open")
	return p.wait("the form", func() bool { return len(p.gotKind(chat.Pressed)) > 0 })
}

func tryForm(p *play) error {
	problem, thanks, tries := "This name is taken already "+p.mark, said(p.word("thank you")), 0
	form := p.form()
	form.Fields = form.Fields[:3]
	err := p.opens(form, func(e chat.Event) chat.Turn {
		if tries++; tries > 1 {
			return chat.Turn{Reply: &thanks}
		}
		again := p.form()
		again.Fields = again.Fields[:3]
		for i, field := range again.Fields {
			again.Fields[i].Value = e.Values[field.ID]
		}
		again.Fields[0].Problem = problem
		return chat.Turn{Form: &again}
	})
	if err != nil {
		return err
	}
	values := map[string]string{nameField: "Sam", "why": "Because\nof this", "day": "tue"}
	if told := p.Submit(form, values); !strings.Contains(squash(told), problem) {
		return fmt.Errorf("the person is told %q, want %q in it", told, problem)
	}
	values[nameField] = "Kim"
	p.Submit(form, values)
	if err := p.readsAnywhere(p.word("thank you")); err != nil {
		return err
	}
	events := p.gotKind(chat.Submitted)
	if len(events) != 2 || events[0].Values[nameField] != "Sam" || events[0].Key == events[1].Key {
		return fmt.Errorf("sent twice it gave %+v", events)
	}
	e := events[1]
	if e.Form != formID || e.Person != p.Person || e.Where == "" {
		return fmt.Errorf("the form gave %+v", e)
	}
	for id, want := range values {
		if e.Values[id] != want {
			return fmt.Errorf("the field %s gave %q, want %q", id, e.Values[id], want)
		}
	}
	return nil
}

func (p *play) wards() []chat.Choice {
	return []chat.Choice{{ID: "w4", Label: "Ward 4 " + p.mark}, {ID: "w5", Label: "Ward 5 " + p.mark}}
}

func tryTypeAhead(p *play) error {
	form := p.form()
	form.Fields = form.Fields[3:]
	if err := p.opens(form, func(chat.Event) chat.Turn { return chat.Turn{} }); err != nil {
		return err
	}
	got := p.Type(form, wardField, "wa")
	want := []string{"Ward 4 " + p.mark, "Ward 5 " + p.mark}
	if !slices.Equal(got, want) {
		return fmt.Errorf("suggested %q, want %q", got, want)
	}
	events := p.gotKind(chat.TypedAhead)
	e := events[len(events)-1]
	if e.Form != formID || e.Field != wardField || e.Text != "wa" || e.Person != p.Person {
		return fmt.Errorf("typing ahead gave %+v", e)
	}
	return nil
}
