package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge"
)

// drafts lists what is waiting at the places that the person curates, what waits for approval first.
func (m *meeting) drafts(ctx context.Context, _ []string) (chat.Turn, error) {
	all, err := m.bot.Base.Drafts(ctx, knowledge.Ref{})
	if err != nil {
		return chat.Turn{}, err
	}
	message := chat.Message{Text: words.Say("curate.drafts"), Buttons: []chat.Button{button(curates+"add", "curate-add")}}
	more := 0
	for _, p := range all {
		switch {
		case !m.may(people.Curator, p.Entry.Place):
		case len(message.Choices) == onePage:
			more++
		default:
			message.Choices = append(message.Choices, m.draftChoice(p))
		}
	}
	if more > 0 {
		message.Text = message.Text.Add(words.Say("curate.more-drafts", "count", strconv.Itoa(more)))
	}
	if len(message.Choices) == 0 {
		message.Text = words.Say("curate.no-drafts")
	}
	return reply(message), nil
}

func (m *meeting) draftChoice(p knowledge.Proposal) chat.Choice {
	key := "curate.draft-working"
	if p.State == knowledge.InReview {
		key = "curate.draft-waiting"
	}
	return chat.Choice{ID: curates + "draft " + strconv.FormatInt(p.ID, 10), Label: label(m.titleOf(p.Entry)),
		Detail: words.Line(key, "who", p.Author, "place", m.placeName(p.Entry.Place))}
}

// openDraft reads the draft that a button names, if it is open and the person may write there.
func (m *meeting) openDraft(ctx context.Context, args []string) (knowledge.Proposal, error) {
	p, err := m.bot.Base.Draft(ctx, int64(number(args, 0)))
	if errors.Is(err, knowledge.ErrNotFound) {
		return p, refuse("curate.gone")
	}
	if err != nil {
		return p, err
	}
	if err := m.mine(p.Entry.Place); err != nil {
		return p, err
	}
	if !p.State.Open() {
		return p, refuse("curate.draft-closed")
	}
	return p, nil
}

// showDraft shows what a draft would change, and what can be done about it.
func (m *meeting) showDraft(ctx context.Context, args []string) (chat.Turn, error) {
	p, err := m.openDraft(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	message, err := m.draftMessage(ctx, p)
	return reply(message), err
}

func (m *meeting) draftMessage(ctx context.Context, p knowledge.Proposal) (message chat.Message, err error) {
	key := "curate.draft-new"
	if p.From > 0 {
		key = "curate.draft-of"
	}
	message.Text = words.Say(key, "title", m.titleOf(p.Entry), "place", m.placeName(p.Entry.Place), "who", p.Author)
	if p.Note != "" {
		message.Text = message.Text.Add(words.Say("curate.draft-note", "note", p.Note))
	}
	now, there := m.base.Own(p.Entry.Slug, p.Entry.Place)
	if there && now.Version != p.From {
		text, err := m.staleText(ctx, p, now)
		if err != nil {
			return message, err
		}
		message.Text = message.Text.Add(text)
	} else {
		message.Text = message.Text.Add(diffText(now, p.Entry))
	}
	effect, err := m.effectOf(ctx, p.Entry)
	if err != nil {
		return message, err
	}
	message.Text = message.Text.Add(effect.text())
	message.Buttons, err = m.draftButtons(ctx, p)
	return message, err
}

// draftButtons are what the person can do about an open draft. p.Saved is what it will be once their press is written.
func (m *meeting) draftButtons(ctx context.Context, p knowledge.Proposal) ([]chat.Button, error) {
	id := fmt.Sprintf("%d %d", p.ID, p.Saved)
	var all []chat.Button
	may, err := m.mayApprove(ctx, p.Entry.Place, p.Author, p.By)
	stale := false
	if own, ok := m.base.Own(p.Entry.Slug, p.Entry.Place); ok {
		stale = own.Version != p.From
	}
	switch {
	case err != nil:
		return nil, err
	case stale: // it could not go live as it is: the other's version has to be looked at first
		now, _ := m.base.Own(p.Entry.Slug, p.Entry.Place)
		return append(all, button(fmt.Sprintf("%sredo %s %d", curates, id, now.Version), "curate-seen-both"),
			button(curates+"drop "+id, "curate-drop")), nil
	case may == approved || may == needsReason:
		all = append(all, button(curates+"live "+id, "curate-live"))
	case p.State == knowledge.Drafting:
		all = append(all, button(curates+"send "+id, "curate-send"))
	}
	if p.State == knowledge.InReview && p.Author != string(m.event.Person) {
		all = append(all, button(curates+"back "+id, "curate-back"))
	}
	return append(all, button(curates+"redo "+id, "curate-edit"), button(curates+"more "+id, "curate-more"),
		button(curates+"see "+id, "curate-see"), button(curates+"drop "+id, "curate-drop")), nil
}

// editDraft opens a draft's form; a third word is the version of the entry that the person has now seen.
func (m *meeting) editDraft(ctx context.Context, args []string) (chat.Turn, error) {
	p, err := m.openDraft(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	from := p.From
	if len(args) > 2 {
		if p, err = m.rebased(ctx, p, number(args, 2)); err != nil {
			return chat.Turn{}, err
		}
		from = number(args, 2)
	}
	return m.draftForm(p, from, words.Say("curate.form-edit", "place", m.placeName(p.Entry.Place)))
}

// rebased is a draft over a newer version of its entry, which the person has looked at: what the draft does not change is as
// it stands there.
func (m *meeting) rebased(ctx context.Context, p knowledge.Proposal, from int) (knowledge.Proposal, error) {
	now, _ := m.base.Own(p.Entry.Slug, p.Entry.Place)
	if from == p.From || from < 0 || from > now.Version {
		return p, nil
	}
	before, err := m.versionSeen(ctx, now, p.From)
	if err != nil {
		return p, err
	}
	theirs, err := m.versionSeen(ctx, now, from)
	if err == nil {
		p.Entry, err = knowledge.Rebase(before, p.Entry, theirs)
	}
	return p, err
}

// preview shows a draft as people would read it.
func (m *meeting) preview(ctx context.Context, args []string) (chat.Turn, error) {
	p, err := m.openDraft(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	as := *m
	as.base, as.person.Home = m.base.Try(p.Entry), p.Entry.Place
	e, ok := as.base.Entry(p.Entry.Slug, p.Entry.Place)
	if !ok || e.Place != p.Entry.Place {
		return chat.Turn{}, refuse("curate.not-whole")
	}
	message := chat.Message{Text: words.Say("curate.preview").Add(as.answerText(e, ""))}
	if message.Buttons, err = m.draftButtons(ctx, p); err != nil {
		return chat.Turn{}, err
	}
	return reply(message), nil
}
