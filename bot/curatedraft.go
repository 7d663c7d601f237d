package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
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

// asSeen refuses an act on a draft that was saved since the person looked at it.
func (m *meeting) asSeen(ctx context.Context, args []string) (knowledge.Proposal, error) {
	p, err := m.openDraft(ctx, args)
	if err != nil || p.Saved == number(args, 1) {
		return p, err
	}
	message, err := m.draftMessage(ctx, p)
	if err != nil {
		return p, err
	}
	message.Text = words.Say("curate.draft-changed", "who", p.By).Add(message.Text)
	return p, refusal{message}
}

// reasonForm asks why; verb is what is done then, and why is one of the reasons below, whose words it has. missing says that
// it was asked before and left empty.
func reasonForm(verb string, args []string, why reason, missing bool) chat.Turn {
	field := chat.Field{ID: "because", Kind: chat.Line, Label: words.Line(why.label), Hint: words.Line("curate.reason-hint"), Longest: 300}
	if missing {
		field.Problem = words.Line("curate.form-needed")
	}
	return chat.Turn{Form: &chat.Form{ID: curates + verb + " " + strings.Join(args, " "), Title: words.Line("curate.reason.form"), Intro: words.Say(why.says),
		Submit: words.Line("curate.reason.form-send"), Fields: []chat.Field{field}}}
}

// A reason is what somebody is asked to say why; both are keys of words.
type reason struct{ says, label string }

var (
	overWarning = reason{"curate.reason-warned", "curate.reason-warned-label"}
	ownApproval = reason{"curate.reason-alone", "curate.reason-alone-label"}
	sendingBack = reason{"curate.reason-back", "curate.reason-back-label"}
)

// putLive puts a draft live, after asking for a reason where there is a warning, or where nobody else could approve.
func (m *meeting) putLive(ctx context.Context, args []string) (chat.Turn, error) {
	return m.goLive(ctx, args, "", false)
}

func (m *meeting) submitLive(ctx context.Context, args []string) (chat.Turn, error) {
	return m.goLive(ctx, args, Masked(m.value("because")), true)
}

func (m *meeting) goLive(ctx context.Context, args []string, because string, asked bool) (chat.Turn, error) {
	p, err := m.asSeen(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	may, err := m.mayApprove(ctx, p.Entry.Place, p.Author, p.By)
	if err != nil {
		return chat.Turn{}, err
	}
	if may != approved && may != needsReason {
		return chat.Turn{}, refuse("curate.needs-another", "place", m.placeName(p.Entry.Place))
	}
	if err := m.ready(ctx, p); err != nil {
		return chat.Turn{}, err
	}
	effect, err := m.effectOf(ctx, p.Entry)
	if err != nil {
		return chat.Turn{}, err
	}
	if because == "" && p.State == knowledge.InReview {
		because = p.Note // the reason its author gave
	}
	if because == "" && (len(effect.warnings) > 0 || may == needsReason) {
		why := overWarning
		if may == needsReason {
			why = ownApproval
		}
		return reasonForm("live", args, why, asked), nil
	}
	return m.approve(ctx, p, because)
}

// ready refuses a draft that cannot go live: one that is not whole, or whose entry somebody changed meanwhile.
func (m *meeting) ready(ctx context.Context, p knowledge.Proposal) error {
	if p.Stale() {
		message, err := m.draftMessage(ctx, p)
		if err != nil {
			return err
		}
		return refusal{message}
	}
	if e, ok := m.base.Try(p.Entry).Entry(p.Entry.Slug, p.Entry.Place); !ok || e.Place != p.Entry.Place {
		return refuse("curate.not-whole")
	}
	return nil
}

func (m *meeting) approve(ctx context.Context, p knowledge.Proposal, because string) (chat.Turn, error) {
	m.change(func(ctx context.Context, tx *sqldb.Tx) (knowledge.Change, error) {
		return m.bot.Base.Approve(ctx, tx, p.ID, m.act(p.Saved, because))
	})
	if err := m.closeSource(ctx, p); err != nil {
		return chat.Turn{}, err
	}
	message := m.done("curate.live", p.Entry, p.From+1)
	turn := reply(message)
	if post, ok := m.tellAuthor(p, "live", words.Say("curate.told-live", "title", m.titleOf(p.Entry), "who", m.called())); ok {
		post.Message.Buttons = []chat.Button{m.toEntry(p.Entry.Ref())}
		turn.Messages = append(turn.Messages, post)
	}
	return turn, nil
}

// done says what became of an entry, whose version will be this, with the way back.
func (m *meeting) done(key string, e knowledge.Entry, version int) chat.Message {
	return chat.Message{Text: words.Say(key, "title", m.titleOf(e), "place", m.placeName(e.Place)),
		Buttons: []chat.Button{button(curates+"undo "+about(e.Ref(), version), "curate-undo"), m.toEntry(e.Ref())}}
}

func (m *meeting) toEntry(at knowledge.Ref) chat.Button {
	return button(curates+"entry "+about(at), "curate-entry")
}

// called is how the person is named to other curators: as the network names them.
func (m *meeting) called() string {
	if m.event.Name != "" {
		return m.event.Name
	}
	return string(m.event.Person)
}

// sendDraft asks for approval, after asking for a reason where there is a warning.
func (m *meeting) sendDraft(ctx context.Context, args []string) (chat.Turn, error) {
	return m.send(ctx, args, "", false)
}

func (m *meeting) submitSend(ctx context.Context, args []string) (chat.Turn, error) {
	return m.send(ctx, args, Masked(m.value("because")), true)
}

func (m *meeting) send(ctx context.Context, args []string, because string, asked bool) (chat.Turn, error) {
	p, err := m.asSeen(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	if err := m.ready(ctx, p); err != nil {
		return chat.Turn{}, err
	}
	effect, err := m.effectOf(ctx, p.Entry)
	if err != nil {
		return chat.Turn{}, err
	}
	if because == "" && len(effect.warnings) > 0 {
		return reasonForm("send", args, overWarning, asked), nil
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := m.bot.Base.Submit(ctx, tx, p.ID, m.act(p.Saved, because))
		return err
	})
	p.State, p.Note = knowledge.InReview, because
	return m.askApprovers(ctx, p)
}

// mostAsked is how many people are asked to approve one draft.
const mostAsked = 5

// askApprovers sends the draft to those who could approve it.
func (m *meeting) askApprovers(ctx context.Context, p knowledge.Proposal) (chat.Turn, error) {
	others, err := m.approvers(ctx, p.Entry.Place, p.Author, p.By)
	if err != nil {
		return chat.Turn{}, err
	}
	turn := reply(chat.Message{Text: words.Say("curate.sent", "title", m.titleOf(p.Entry)), Buttons: []chat.Button{button(curates+"drafts", "curate-drafts")}})
	if len(others) == 0 {
		turn.Reply.Text = words.Say("curate.sent-nobody", "place", m.placeName(p.Entry.Place))
	}
	text := words.Say("curate.please-approve", "who", m.called(), "title", m.titleOf(p.Entry), "place", m.placeName(p.Entry.Place))
	for _, to := range others {
		if len(turn.Messages) < mostAsked && m.reaches(to) {
			turn.Messages = append(turn.Messages, chat.Post{Key: fmt.Sprintf("review %d %d %s", p.ID, p.Saved, to), To: to,
				Message: chat.Message{Text: text, Buttons: []chat.Button{button(fmt.Sprintf("%sdraft %d", curates, p.ID), "curate-look")}}})
		}
	}
	return turn, nil
}

// reaches reports whether a message to the address goes anywhere: packs have no chat, and a terminal only where this
// event comes from one.
func (m *meeting) reaches(to chat.Address) bool {
	switch to.Network() {
	case "", "pack":
		return false
	case "terminal":
		return m.event.Person.Network() == "terminal"
	}
	return strings.Contains(string(to), ":")
}

// tellAuthor tells whoever wrote a draft what became of it.
func (m *meeting) tellAuthor(p knowledge.Proposal, what string, text chat.Text) (chat.Post, bool) {
	to := chat.Address(p.Author)
	return chat.Post{Key: fmt.Sprintf("draft %d %d %s", p.ID, p.Saved, what), To: to, Message: chat.Message{Text: text,
		Buttons: []chat.Button{button(fmt.Sprintf("%sdraft %d", curates, p.ID), "curate-look")}}}, to != m.event.Person && m.reaches(to)
}

func (m *meeting) sendBackForm(ctx context.Context, args []string) (chat.Turn, error) {
	if _, err := m.mayReview(ctx, args); err != nil {
		return chat.Turn{}, err
	}
	return reasonForm("back", args, sendingBack, false), nil
}

// mayReview reads a draft that somebody may send back: an approver where approval is asked for, else any curator there.
func (m *meeting) mayReview(ctx context.Context, args []string) (knowledge.Proposal, error) {
	p, err := m.asSeen(ctx, args)
	if err == nil {
		err = m.mineToChange(p.Entry.Place)
	}
	return p, err
}

func (m *meeting) submitBack(ctx context.Context, args []string) (chat.Turn, error) {
	p, err := m.mayReview(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	because := Masked(m.value("because"))
	if because == "" {
		return reasonForm("back", args, sendingBack, true), nil
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := m.bot.Base.Reject(ctx, tx, p.ID, m.act(p.Saved, because))
		return err
	})
	turn := reply(chat.Message{Text: words.Say("curate.sent-back", "title", m.titleOf(p.Entry)), Buttons: []chat.Button{button(curates+"drafts", "curate-drafts")}})
	if post, ok := m.tellAuthor(p, "back "+code(because), words.Say("curate.told-back", "title", m.titleOf(p.Entry), "who", m.called(), "because", because)); ok {
		turn.Messages = append(turn.Messages, post)
	}
	return turn, nil
}

// dropDraft closes a draft: one's own, or any where the person may put things live.
func (m *meeting) dropDraft(ctx context.Context, args []string) (chat.Turn, error) {
	p, err := m.asSeen(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	if p.Author != string(m.event.Person) {
		if err := m.mineToChange(p.Entry.Place); err != nil {
			return chat.Turn{}, err
		}
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := m.bot.Base.Drop(ctx, tx, p.ID, m.act(p.Saved, ""))
		return err
	})
	return reply(chat.Message{Text: words.Say("curate.dropped", "title", m.titleOf(p.Entry)), Buttons: []chat.Button{button(curates+"drafts", "curate-drafts")}}), nil
}
