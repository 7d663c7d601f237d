package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"signpost/bot/chat"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// addEntry opens the form of a new entry, after asking whose it is where that is not clear.
func (m *meeting) addEntry(_ context.Context, args []string) (chat.Turn, error) {
	places := m.curatedPlaces()
	if len(args) == 0 && len(places) > 1 {
		message := chat.Message{Text: words.Say("curate.whose")}
		for _, p := range places[:min(onePage, len(places))] {
			message.Choices = append(message.Choices, chat.Choice{ID: curates + "add " + code(p.ID), Label: label(p.Name)})
		}
		return reply(message), nil
	}
	at := m.usualPlace()
	if len(args) > 0 {
		p, err := m.placeCoded(args, 0)
		if err != nil {
			return chat.Turn{}, err
		}
		at = p.ID
	}
	return m.newForm(knowledge.Entry{Place: at}, "")
}

// newForm asks for a new entry; source is where it came from, such as "gap:" and its code, or "".
func (m *meeting) newForm(e knowledge.Entry, source string) (chat.Turn, error) {
	if err := m.mine(e.Place); err != nil {
		return chat.Turn{}, err
	}
	id := "new " + code(e.Place)
	if source != "" {
		id += " " + source
	}
	return m.entryForm(id, words.Say("curate.form-intro", "place", m.placeName(e.Place)), e)
}

func (m *meeting) submitNew(ctx context.Context, args []string) (chat.Turn, error) {
	p, err := m.placeCoded(args, 0)
	if err != nil {
		return chat.Turn{}, err
	}
	source := ""
	if len(args) > 1 {
		source = args[1]
	}
	e, wrong := m.filledEntry(knowledge.Entry{Place: p.ID, Kind: knowledge.HowTo, Level: knowledge.Start, Review: m.now.AddDate(1, 0, 0).Format("2006-01-02")})
	if len(wrong) > 0 {
		turn, err := m.newForm(knowledge.Entry{Place: p.ID}, source)
		if err != nil {
			return turn, err
		}
		return m.problem(turn, wrong), nil
	}
	if e.Slug, err = m.freeSlug(ctx, e.Title); err != nil {
		return chat.Turn{}, err
	}
	return m.saveDraft(ctx, knowledge.Proposal{Entry: e, Source: source})
}

// freeSlug makes a slug of a title that neither an entry nor an open draft has.
func (m *meeting) freeSlug(ctx context.Context, title string) (string, error) {
	slug := m.base.FreeSlug(title)
	for n := 2; ; n++ {
		drafts, err := m.bot.Base.Drafts(ctx, knowledge.Ref{Slug: slug})
		if err != nil || len(drafts) == 0 {
			return slug, err
		}
		slug = m.base.FreeSlug(fmt.Sprintf("%.54s %d", title, n))
	}
}

// editEntry opens the form of an entry that is there, or the draft that the person has of it already.
func (m *meeting) editEntry(ctx context.Context, args []string) (chat.Turn, error) {
	e, there, err := m.refCoded(args)
	if err != nil {
		return chat.Turn{}, err
	}
	if !there {
		return chat.Turn{}, refuse("curate.gone")
	}
	return m.editForm(ctx, e)
}

// ownVersion opens the form of an organisation's own version of an entry from further up, or of the one it has.
func (m *meeting) ownVersion(ctx context.Context, args []string) (chat.Turn, error) {
	e, _, err := m.refCoded(args)
	if err != nil {
		return chat.Turn{}, err
	}
	return m.editForm(ctx, e)
}

func (m *meeting) editForm(ctx context.Context, e knowledge.Entry) (chat.Turn, error) {
	if err := m.mine(e.Place); err != nil {
		return chat.Turn{}, err
	}
	if p, ok, err := m.ownDraft(ctx, e.Ref()); err != nil || ok {
		if err != nil {
			return chat.Turn{}, err
		}
		return m.draftForm(p, p.From, words.Say("curate.form-goes-on", "place", m.placeName(e.Place)))
	}
	intro := words.Say("curate.form-edit", "place", m.placeName(e.Place))
	if m.followsAbove(e) {
		intro = words.Say("curate.form-own", "place", m.placeName(e.Place))
	}
	return m.entryForm("edit "+about(e.Ref(), e.Version), intro, m.whole(e))
}

// whole is an entry as it would be read: with what it takes from the one it follows.
func (m *meeting) whole(e knowledge.Entry) knowledge.Entry {
	if !m.followsAbove(e) {
		return e
	}
	if merged, ok := m.base.Try(e).Entry(e.Slug, e.Place); ok {
		whole := *merged
		whole.Slug = e.Slug
		return whole
	}
	return e
}

// ownDraft is the open draft that the person has of an entry.
func (m *meeting) ownDraft(ctx context.Context, at knowledge.Ref) (knowledge.Proposal, bool, error) {
	drafts, err := m.bot.Base.Drafts(ctx, at)
	for _, p := range drafts {
		if p.Author == string(m.event.Person) {
			return p, true, err
		}
	}
	return knowledge.Proposal{}, false, err
}

func (m *meeting) submitEdit(ctx context.Context, args []string) (chat.Turn, error) {
	e, _, err := m.refCoded(args)
	if err != nil {
		return chat.Turn{}, err
	}
	if err := m.mine(e.Place); err != nil {
		return chat.Turn{}, err
	}
	seen := number(args, 2)
	before, err := m.versionSeen(ctx, e, seen)
	if err != nil {
		return chat.Turn{}, err
	}
	after, wrong := m.filledEntry(m.whole(before))
	if len(wrong) > 0 {
		turn, err := m.entryForm("edit "+about(e.Ref(), seen), nil, before)
		if err != nil {
			return turn, err
		}
		return m.problem(turn, wrong), nil
	}
	after = m.base.Trim(after)
	if knowledge.Alike(before, after) {
		return reply(chat.Message{Text: words.Say("curate.unchanged"), Buttons: []chat.Button{m.toEntry(e.Ref())}}), nil
	}
	p, _, err := m.ownDraft(ctx, e.Ref())
	if err != nil {
		return chat.Turn{}, err
	}
	p.Entry, p.From = after, seen
	return m.saveDraft(ctx, p)
}

// versionSeen is the entry as the person had it before them; now is how it stands.
func (m *meeting) versionSeen(ctx context.Context, now knowledge.Entry, seen int) (knowledge.Entry, error) {
	if seen == now.Version {
		return now, nil
	}
	if seen == 0 {
		return knowledge.Entry{Slug: now.Slug, Place: now.Place}, nil
	}
	versions, err := m.bot.Base.History(ctx, now.Ref())
	if err != nil {
		return knowledge.Entry{}, err
	}
	for _, v := range versions {
		if v.Number == seen {
			return v.Entry, nil
		}
	}
	return knowledge.Entry{}, refuse("curate.gone")
}

// draftForm asks for a draft again; from is the version that it counts as started from once it is saved.
func (m *meeting) draftForm(p knowledge.Proposal, from int, intro chat.Text) (chat.Turn, error) {
	return m.entryForm(fmt.Sprintf("redo %d %d %d", p.ID, p.Saved, from), intro, m.whole(p.Entry))
}

// submitDraft takes what was made of a draft. Where somebody saved it meanwhile, what this person typed is shown beside it
// and not lost: it is in the form again.
func (m *meeting) submitDraft(ctx context.Context, args []string) (chat.Turn, error) {
	p, err := m.openDraft(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	saved, from := number(args, 1), number(args, 2)
	if from < 0 || from > p.Now {
		from = p.From
	}
	over, err := m.rebased(ctx, p, from)
	if err != nil {
		return chat.Turn{}, err
	}
	after, wrong := m.filledEntry(m.whole(over.Entry))
	if saved != p.Saved {
		return m.draftOvertaken(p, m.base.Trim(after))
	}
	if len(wrong) > 0 {
		turn, err := m.draftForm(over, from, nil)
		if err != nil {
			return turn, err
		}
		return m.problem(turn, wrong), nil
	}
	p.Entry, p.From = m.base.Trim(after), from
	return m.saveDraft(ctx, p)
}

// draftOvertaken shows both: what the other made of the draft, and, in the form, what this person typed.
func (m *meeting) draftOvertaken(p knowledge.Proposal, mine knowledge.Entry) (chat.Turn, error) {
	intro := words.Say("curate.overtaken-draft", "who", p.By).Add(diffText(mine, p.Entry))
	turn, err := m.draftForm(p, p.From, intro)
	if err != nil {
		return turn, err
	}
	return m.problem(turn, map[string]string{"title": words.Line("curate.overtaken-look")}), nil
}

func (m *meeting) moreForm(ctx context.Context, args []string) (chat.Turn, error) {
	p, err := m.openDraft(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	return m.moreFields(fmt.Sprintf("more %d %d", p.ID, p.Saved), m.whole(p.Entry))
}

func (m *meeting) submitMore(ctx context.Context, args []string) (chat.Turn, error) {
	p, err := m.openDraft(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	after, wrong := m.filledMore(m.whole(p.Entry))
	if p.Saved != number(args, 1) {
		wrong["audience"] = words.Line("curate.overtaken-more", "who", p.By)
	}
	if len(wrong) > 0 {
		turn, err := m.moreFields(fmt.Sprintf("more %d %d", p.ID, p.Saved), p.Entry)
		if err != nil {
			return turn, err
		}
		return m.problem(turn, wrong), nil
	}
	p.Entry = m.base.Trim(after)
	return m.saveDraft(ctx, p)
}

// saveDraft keeps a draft and says what it would do once live.
func (m *meeting) saveDraft(ctx context.Context, p knowledge.Proposal) (chat.Turn, error) {
	if err := m.mine(p.Entry.Place); err != nil {
		return chat.Turn{}, err
	}
	message, err := m.savedText(ctx, p)
	if err != nil {
		return chat.Turn{}, err
	}
	id := p.ID
	if id == 0 {
		if id, err = m.bot.Base.NextDraft(ctx); err != nil {
			return chat.Turn{}, err
		}
	}
	draft := p
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		saved, err := m.bot.Base.SaveDraft(ctx, tx, draft, string(m.event.Person))
		if err == nil && saved.ID != id {
			err = errOvertaken // somebody else's draft got the number that the buttons have
		}
		return err
	})
	p.ID, p.Saved, p.By, p.State = id, p.Saved+1, string(m.event.Person), knowledge.Drafting
	if p.Author == "" {
		p.Author = p.By
	}
	if message.Buttons, err = m.draftButtons(ctx, p); err != nil {
		return chat.Turn{}, err
	}
	return reply(message), nil
}

// savedText says that a draft is saved, whether somebody else is at the entry too, and what it would do.
func (m *meeting) savedText(ctx context.Context, p knowledge.Proposal) (message chat.Message, err error) {
	message.Text = words.Say("curate.saved", "title", m.titleOf(p.Entry), "place", m.placeName(p.Entry.Place))
	if own, ok := m.base.Own(p.Entry.Slug, p.Entry.Place); ok && own.Version != p.From {
		text, err := m.staleText(ctx, p, own)
		if err != nil {
			return message, err
		}
		message.Text = message.Text.Add(text)
	}
	others, err := m.bot.Base.Drafts(ctx, p.Entry.Ref())
	if err != nil {
		return message, err
	}
	for _, other := range others {
		if other.ID != p.ID {
			message.Text = message.Text.Add(words.Say("curate.also-drafting", "who", other.Author))
			message.Choices = append(message.Choices, chat.Choice{ID: curates + "draft " + strconv.FormatInt(other.ID, 10),
				Label: label(words.Line("curate.their-draft", "who", other.Author))})
		}
	}
	effect, err := m.effectOf(ctx, p.Entry)
	message.Text = message.Text.Add(effect.text())
	return message, err
}

// staleText shows what somebody made of the entry since the draft was begun, beside what the draft would make of it.
func (m *meeting) staleText(ctx context.Context, p knowledge.Proposal, now knowledge.Entry) (chat.Text, error) {
	before, err := m.versionSeen(ctx, now, p.From)
	if err != nil {
		return nil, err
	}
	versions, err := m.bot.Base.History(ctx, now.Ref())
	if err != nil || len(versions) == 0 {
		return nil, errors.Join(err, ctx.Err())
	}
	text := words.Say("curate.stale", "who", versions[0].By).Add(diffText(before, now))
	return text.Add(words.Say("curate.stale-yours")).Add(diffText(before, p.Entry)).Add(words.Say("curate.stale-next")), nil
}

// titleOf is the title that people would read.
func (m *meeting) titleOf(e knowledge.Entry) string {
	if e.Title != "" {
		return e.Title
	}
	if e := m.whole(e); e.Title != "" {
		return e.Title
	}
	return e.Slug
}
