package adaptertest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"signpost/bot/chat"
)

func tryOrder(p *play) error {
	var want []string
	for i := range 10 {
		text := p.word(fmt.Sprintf("number %d.", i))
		want = append(want, text)
		if _, err := p.Adapter.Send(p.ctx, chat.Post{Key: text, To: p.Direct, Message: said(text)}); err != nil {
			return err
		}
	}
	if err := p.reads(p.Direct, want[9]); err != nil {
		return err
	}
	var got []string
	for _, s := range p.seen(p.Direct, p.word("number")) {
		got = append(got, squash(s.Text))
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("got %q, want %q", got, want)
	}
	return nil
}

func tryEdit(p *play) error {
	_, err := p.edited()
	return err
}

// edited posts a message and changes it three times, the last time to what it is already.
func (p *play) edited() ([]Seen, error) {
	ref, err := p.Adapter.Send(p.ctx, chat.Post{Key: p.word("card"), To: p.Direct, Message: said(p.word("state one"))})
	if err != nil {
		return nil, err
	}
	last := p.word("state three")
	for _, text := range []string{p.word("state two"), last, last} {
		if err := p.Adapter.Edit(p.ctx, ref, said(text)); err != nil {
			return nil, fmt.Errorf("edit to %q: %w", text, err)
		}
	}
	if err := p.reads(p.Direct, last); err != nil {
		return nil, err
	}
	seen := p.seen(p.Direct, p.word("state"))
	switch newest := seen[len(seen)-1]; {
	case !strings.Contains(newest.Text, "state three"):
		return nil, fmt.Errorf("what is read last is %q", newest.Text)
	case len(p.seen(p.Direct, last)) != 1:
		return nil, errors.New("an edit to the same content was shown again")
	}
	return seen, nil
}

func tryReplace(p *play) error {
	seen, err := p.edited()
	if err == nil && len(seen) != 1 {
		err = fmt.Errorf("one message that was changed is %d messages: %+v", len(seen), seen)
	}
	return err
}

func tryFind(p *play) error {
	key := p.word("to be found")
	ref, err := p.Adapter.Send(p.ctx, chat.Post{Key: key, To: p.Direct, Message: said(p.word("find me"))})
	if err != nil {
		return err
	}
	if err := p.reads(p.Direct, p.word("find me")); err != nil {
		return err
	}
	found, ok, err := p.Adapter.Find(p.ctx, p.Direct, key)
	if err != nil || !ok || found != ref {
		return fmt.Errorf("find what was sent as %q: %q %v %w", ref, found, ok, err)
	}
	found, ok, err = p.Adapter.Find(p.ctx, p.Direct, p.word("never sent"))
	if ok || err != nil && !errors.Is(err, chat.ErrCannotFind) {
		return fmt.Errorf("find what was never sent: %q %v %w", found, ok, err)
	}
	return nil
}

func tryUnsendable(p *play) error {
	ref, err := p.Adapter.Send(p.ctx, chat.Post{Key: p.word("lost"), To: p.Nowhere, Message: said(p.word("nobody reads this"))})
	var refused *chat.SendError
	if !errors.As(err, &refused) || !refused.Refused || ref != "" {
		return fmt.Errorf("sending to %q gave %q and %v, want a SendError that says Refused", p.Nowhere, ref, err)
	}
	return nil
}

func tryPrivate(p *play) error {
	secret, more := p.word("for your eyes only"), p.word("and this too")
	reply, follow := said(secret), said(more)
	reply.Private, follow.Private = true, true
	p.answers(func(chat.Event) (chat.Turn, error) {
		return chat.Turn{Reply: &reply, Private: []chat.Message{follow}}, nil
	})
	question := p.word("asked before everybody")
	p.Say(p.Public, question)
	for _, text := range []string{secret, more} {
		if err := p.readsAnywhere(text); err != nil {
			return err
		}
		for _, s := range p.seen(p.Public, text) {
			if !s.Private {
				return fmt.Errorf("everybody reads %q", s.Text)
			}
		}
	}
	if events := p.gotText(question); len(events) != 1 || !events[0].Public {
		return fmt.Errorf("asked in public it came as %+v", events)
	}
	return nil
}

func tryMention(p *play) error {
	message := said(p.word("this is for you"))
	message.Mention = p.Person
	if _, err := p.Adapter.Send(p.ctx, chat.Post{Key: p.word("mention"), To: p.anywhere(), Message: message}); err != nil {
		return err
	}
	if err := p.reads(p.anywhere(), p.word("this is for you")); err != nil {
		return err
	}
	if got := p.seen(p.anywhere(), p.word("this is for you"))[0].Mentions; !slices.Equal(got, []string{string(p.Person)}) {
		return fmt.Errorf("called %q, want %q", got, p.Person)
	}
	return nil
}

func tryThread(p *play) error {
	root, err := p.Adapter.Send(p.ctx, chat.Post{Key: p.word("root"), To: p.anywhere(), Message: said(p.word("the root"))})
	if err != nil {
		return err
	}
	post := chat.Post{Key: p.word("leaf"), To: p.anywhere(), Message: said(p.word("the leaf")), Under: p.word("root"), Thread: root}
	if _, err := p.Adapter.Send(p.ctx, post); err != nil {
		return err
	}
	if err := p.reads(p.anywhere(), p.word("the leaf")); err != nil {
		return err
	}
	if leaf := p.seen(p.anywhere(), p.word("the leaf"))[0]; !leaf.Threaded {
		return fmt.Errorf("it does not stand in a thread: %+v", leaf)
	}
	return nil
}

const csv = "name,place\nAnna,Ward 4\nÉmile,\"Ward 5, east\"\n"

func tryFileOut(p *play) error {
	message, name := said(p.word("your file")), p.mark+".csv"
	message.File = &chat.File{Name: name, Size: int64(len(csv)), Body: []byte(csv)}
	if _, err := p.Adapter.Send(p.ctx, chat.Post{Key: p.word("file"), To: p.Direct, Message: message}); err != nil {
		return err
	}
	if err := p.reads(p.Direct, p.word("your file")); err != nil {
		return err
	}
	return p.wait("the file", func() bool {
		return slices.ContainsFunc(p.Sees(p.Direct), func(s Seen) bool { return s.File == name && s.Body == csv })
	})
}

func tryFileIn(p *play) error {
	name := p.mark + ".csv"
	p.SendFile(name, csv)
	if err := p.wait("the file", func() bool { return len(p.gotKind(chat.SentFile)) > 0 }); err != nil {
		return err
	}
	e := p.gotKind(chat.SentFile)[0]
	if e.File == nil || e.File.Name != name || string(e.File.Body) != csv || e.File.Size != int64(len(csv)) || e.Person != p.Person {
		return fmt.Errorf("the file gave %+v with %+v", e, e.File)
	}
	return nil
}

// opened is what an opened page shows in this play.
func (p *play) opened() chat.Turn {
	page := chat.Page{ID: "home", Title: "Home", Text: chat.Text{{Kind: chat.Plain, Text: p.word("a page to begin with")}},
		Buttons: []chat.Button{{ID: "begin", Label: p.mark + " begin"}}}
	return chat.Turn{Reply: &chat.Message{Page: &page}}
}

func tryPage(p *play) error {
	place := p.Page
	if place == "" {
		place = p.Direct
	}
	p.Open()
	if err := p.reads(place, p.word("a page to begin with")); err != nil {
		return err
	}
	if labels := p.seen(place, p.word("a page to begin with"))[0].Buttons; !slices.Contains(labels, p.mark+" begin") {
		return fmt.Errorf("the page has the buttons %q", labels)
	}
	p.replies(chat.Pressed, said(p.word("begun")))
	p.Press(p.mark + " begin")
	if err := p.readsAnywhere(p.word("begun")); err != nil {
		return err
	}
	if e := p.gotKind(chat.Opened)[0]; e.Page == "" || e.Person != p.Person {
		return fmt.Errorf("opening gave %+v", e)
	}
	return nil
}
