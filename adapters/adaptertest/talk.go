package adaptertest

import (
	"errors"
	"fmt"
	"strings"

	"signpost/bot/chat"
)

func tryDeliver(p *play) error {
	question, answer := p.word("how do I begin?"), p.word("like this")
	p.replies(chat.Said, said(answer))
	p.Say(p.Direct, question)
	if err := p.reads(p.Direct, answer); err != nil {
		return err
	}
	events := p.gotText(question)
	if len(events) != 1 {
		return fmt.Errorf("the bot got %d events for one question: %s", len(events), p.heard())
	}
	e := events[0]
	switch {
	case e.Key == "" || e.At.IsZero() || e.Where == "":
		return fmt.Errorf("an event needs a key, a time and a place: %+v", e)
	case e.Person != p.Person:
		return fmt.Errorf("person %q, want %q", e.Person, p.Person)
	case e.Text != question:
		return fmt.Errorf("text %q, want %q", e.Text, question)
	case e.Public:
		return errors.New("a direct message is said to be public")
	}
	return nil
}

func tryPress(p *play) error {
	button, choice := p.mark+" button", p.mark+" choice"
	offer := said(p.word("pick one"))
	offer.Buttons = []chat.Button{{ID: "button " + p.mark, Label: button}, {ID: "other", Label: "Other"}}
	offer.Choices = []chat.Choice{{ID: "choice " + p.mark, Label: choice, Detail: "a few words"}, {ID: "second", Label: "Second"}}
	p.replies(chat.Said, offer)
	p.Say(p.Direct, p.word("offer"))
	if err := p.reads(p.Direct, p.word("pick one")); err != nil {
		return err
	}
	for _, press := range []struct{ label, id string }{{button, offer.Buttons[0].ID}, {choice, offer.Choices[0].ID}} {
		answer := p.word("pressed " + press.id)
		p.replies(chat.Pressed, said(answer))
		p.Press(press.label)
		if err := p.readsAnywhere(answer); err != nil {
			return err
		}
		events := p.gotKind(chat.Pressed)
		e := events[len(events)-1]
		if e.Button != press.id || e.Person != p.Person || e.Key == "" || e.Message == "" || e.Where == "" {
			return fmt.Errorf("pressing %q gave %+v", press.label, e)
		}
	}
	if n := len(p.gotKind(chat.Pressed)); n != 2 {
		return fmt.Errorf("two presses gave %d events", n)
	}
	return nil
}

func tryRedeliver(p *play) error {
	first, second := p.word("said once"), p.word("said after")
	p.answers(func(e chat.Event) (chat.Turn, error) {
		message := said("answer to " + e.Text)
		return chat.Turn{Reply: &message}, nil
	})
	p.Say(p.Direct, first)
	if err := p.reads(p.Direct, "answer to "+first); err != nil {
		return err
	}
	p.Again()
	p.Say(p.Direct, second)
	if err := p.reads(p.Direct, "answer to "+second); err != nil {
		return err
	}
	events := p.gotText(first)
	if len(events) != 1 {
		return fmt.Errorf("delivered again it got another key: %s", p.heard())
	}
	if n := len(p.seen(p.Direct, "answer to "+first)); n != 1 && !events[0].TakesReply {
		return fmt.Errorf("one question has %d answers", n)
	}
	if p.gotText(second)[0].Key == events[0].Key {
		return fmt.Errorf("two questions have the key %q", events[0].Key)
	}
	return nil
}

var errOnPurpose = errors.New("failed on purpose")

func tryFail(p *play) error {
	question := p.word("please fail once")
	before, failed := len(p.Sees(p.Direct)), false
	p.answers(func(e chat.Event) (chat.Turn, error) {
		if e.Kind == chat.Said && !failed {
			failed = true
			return chat.Turn{}, errOnPurpose
		}
		message := said(p.word("well again"))
		return chat.Turn{Reply: &message}, nil
	})
	p.Say(p.Direct, question)
	return p.wait("a second delivery or a word of comfort", func() bool {
		told := 0
		for i, s := range p.Sees(p.Direct) {
			if i >= before && !strings.Contains(s.Text, question) {
				told++
			}
		}
		return len(p.gotText(question)) > 0 && told > 0
	})
}

func tryReconnect(p *play) error {
	p.answers(func(e chat.Event) (chat.Turn, error) {
		message := said("answer to " + e.Text)
		return chat.Turn{Reply: &message}, nil
	})
	for i, how := range []string{"before the cut", "while it was cut", "while it was still cut", "after the cut"} {
		switch i {
		case 1:
			p.Cut()
		case 3:
			p.Mend()
		}
		p.Say(p.Direct, p.word(how))
		if i == 1 || i == 2 {
			continue
		}
		if err := p.reads(p.Direct, "answer to "+p.word(how)); err != nil {
			return err
		}
	}
	for _, how := range []string{"while it was cut", "while it was still cut"} {
		if err := p.reads(p.Direct, "answer to "+p.word(how)); err != nil {
			return err
		}
		if n := len(p.seen(p.Direct, "answer to "+p.word(how))); n != 1 {
			return fmt.Errorf("what was said %s has %d answers", how, n)
		}
	}
	return nil
}

const shortcutID = "look at"

func tryCommand(p *play) error {
	p.answers(func(e chat.Event) (chat.Turn, error) {
		message := said("answer to " + e.Text)
		return chat.Turn{Reply: &message}, nil
	})
	for _, command := range Menu().Commands {
		value := ""
		if command.Field != nil {
			value = p.word("ward 4")
		}
		p.Command(command.Name, value)
		want := command.Said(value)
		if err := p.wait("the command "+command.Name, func() bool { return len(p.gotText(want)) > 0 }); err != nil {
			return err
		}
		e := p.gotText(want)[0]
		if e.Kind != chat.Said || e.Text != want || e.Person != p.Person || e.Key == "" {
			return fmt.Errorf("the command %s gave %+v", command.Name, e)
		}
		if err := p.readsAnywhere("answer to " + want); err != nil {
			return err
		}
	}
	return nil
}

func tryShortcut(p *play) error {
	text := p.word("look at me")
	if _, err := p.Adapter.Send(p.ctx, chat.Post{Key: p.word("shown"), To: p.anywhere(), Message: said(text)}); err != nil {
		return err
	}
	if err := p.reads(p.anywhere(), text); err != nil {
		return err
	}
	p.replies(chat.Pressed, said(p.word("looked")))
	p.Shortcut(Menu().Shortcuts[0].Label, text)
	if err := p.readsAnywhere(p.word("looked")); err != nil {
		return err
	}
	e := p.gotKind(chat.Pressed)[0]
	if e.Button != shortcutID || squash(e.Text) != text || e.Message == "" || e.Person != p.Person {
		return fmt.Errorf("the shortcut gave %+v", e)
	}
	return nil
}

// anywhere is the public place, or the person's own where there is none.
func (p *play) anywhere() chat.Address {
	if p.Public != "" {
		return p.Public
	}
	return p.Direct
}

func tryChange(p *play) error {
	before, after := p.word("sent in haste"), p.word("put better")
	p.Say(p.Direct, before)
	if err := p.wait("what was said", func() bool { return len(p.gotText(before)) > 0 }); err != nil {
		return err
	}
	message := p.gotText(before)[0].Message
	p.Change(after)
	if err := p.wait("the change", func() bool { return len(p.gotKind(chat.Edited)) > 0 }); err != nil {
		return err
	}
	if e := p.gotKind(chat.Edited)[0]; e.Text != after || e.Message != message || message == "" {
		return fmt.Errorf("the change of %q gave %+v", message, e)
	}
	p.Delete()
	if err := p.wait("the deletion", func() bool { return len(p.gotKind(chat.Deleted)) > 0 }); err != nil {
		return err
	}
	if e := p.gotKind(chat.Deleted)[0]; e.Message != message {
		return fmt.Errorf("the deletion of %q gave %+v", message, e)
	}
	return nil
}
