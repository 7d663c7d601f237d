package bot

import (
	"context"
	"fmt"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// A draft goes live by a press, or is sent to somebody who may put it live, who may send it back. Each press is about the draft
// as the person saw it.

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
