package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// curatorButton is the way from an answer to its entry, for people who curate, where nobody else reads it.
func (m *meeting) curatorButton(e *knowledge.Entry) []chat.Button {
	if !m.rights.Anywhere(people.Curator) || m.event.Public && !m.event.Alone {
		return nil
	}
	return []chat.Button{m.toEntry(e.Ref())}
}

// visible reads the entry that a button names, in any state, if the person may see it: one of their own place or above,
// or one they curate.
func (m *meeting) visible(args []string) (knowledge.Entry, error) {
	e, there, err := m.refCoded(args)
	switch {
	case err != nil:
		return e, err
	case !there:
		return e, refuse("curate.gone")
	case !m.may(people.Curator, e.Place) && !m.isAbove(e.Place):
		return e, refuse("curate.not-yours", "place", m.placeName(e.Place))
	}
	return e, nil
}

// isAbove reports whether a place is one from which the places that the person curates take entries.
func (m *meeting) isAbove(at string) bool {
	return slices.Contains(m.base.Places.Chain(m.person.Home), at) ||
		slices.ContainsFunc(m.rights, func(g people.Grant) bool { return slices.Contains(m.base.Places.Chain(g.Place), at) })
}

// showForCurator shows an entry with what the person can do about it.
func (m *meeting) showForCurator(ctx context.Context, args []string) (chat.Turn, error) {
	e, err := m.visible(args)
	if err != nil {
		return chat.Turn{}, err
	}
	text := words.Say("curate.entry", "title", m.titleOf(e), "slug", e.Slug, "place", m.placeName(e.Place), "state", words.Line("curate.state-"+string(e.State)),
		"version", strconv.Itoa(e.Version))
	if m.followsAbove(e) {
		text = text.Add(words.Say("curate.follows", "place", m.placeName(e.Place)))
	}
	if day, ok := plainDay(m.whole(e).Review); ok && m.whole(e).Owner != "" {
		text = text.Add(words.Say("curate.entry-kept", "owner", m.whole(e).Owner, "day", day))
	}
	message := chat.Message{Text: text, Buttons: m.entryButtons(e)}
	drafts, err := m.bot.Base.Drafts(ctx, e.Ref())
	for _, p := range drafts {
		if m.may(people.Curator, e.Place) && len(message.Choices) < onePage {
			message.Choices = append(message.Choices, m.draftChoice(p))
		}
	}
	return reply(message), err
}

// entryButtons are what the person can do about an entry as it stands.
func (m *meeting) entryButtons(e knowledge.Entry) []chat.Button {
	now, stays := about(e.Ref(), e.Version), button(curates+"history "+about(e.Ref()), "curate-history")
	if !m.may(people.Curator, e.Place) {
		if at, ok := m.ownPlace(e); ok {
			return []chat.Button{button(curates+"own "+about(knowledge.Ref{Slug: e.Slug, Place: at}), "curate-own"), stays}
		}
		return []chat.Button{stays}
	}
	all := []chat.Button{button(curates+"edit "+about(e.Ref()), "curate-edit")}
	if e.State == knowledge.Live {
		all = append(all, button(curates+"hide "+now, "curate-hide"))
	}
	if m.mayChange(e.Place) && e.State != knowledge.Retired {
		all = append(all, button(curates+"retire "+now, "curate-retire"))
	}
	if at, ok := m.ownPlace(e); ok {
		all = append(all, button(curates+"own "+about(knowledge.Ref{Slug: e.Slug, Place: at}), "curate-own"))
	}
	if all = append(all, stays); e.Version > 1 { // taking back the first version would take the whole entry away
		all = append(all, button(curates+"undo "+now, "curate-undo-last"))
	}
	return all
}

// ownPlace is the place below an entry's for which the person could write an own version of it.
func (m *meeting) ownPlace(e knowledge.Entry) (string, bool) {
	below := func(at string) bool {
		return at != "" && at != e.Place && m.may(people.Curator, at) && slices.Contains(m.base.Places.Chain(at), e.Place)
	}
	if below(m.person.Home) {
		return m.person.Home, true
	}
	for _, p := range m.curatedPlaces() {
		if below(p.ID) {
			return p.ID, true
		}
	}
	return "", false
}

// standing reads the entry that is to be changed; one that somebody changed since the person saw it is shown instead.
func (m *meeting) standing(ctx context.Context, args []string) (knowledge.Entry, error) {
	e, there, err := m.refCoded(args)
	switch {
	case err != nil:
		return e, err
	case !there:
		return e, refuse("curate.gone")
	case e.Version == number(args, 2):
		return e, nil
	}
	if err := m.mine(e.Place); err != nil {
		return e, err
	}
	before, err := m.versionSeen(ctx, e, number(args, 2))
	if err != nil {
		return e, err
	}
	versions, err := m.bot.Base.History(ctx, e.Ref())
	if err != nil {
		return e, err
	}
	text := words.Say("curate.overtaken", "title", m.titleOf(e), "who", versions[0].By).Add(changesText(knowledge.Diff(before, e)))
	return e, refusal{chat.Message{Text: text, Buttons: []chat.Button{m.toEntry(e.Ref())}}}
}

// hide takes a live entry away at once. Any curator of its place may: what is wrong must not wait for somebody.
func (m *meeting) hide(ctx context.Context, args []string) (chat.Turn, error) {
	e, err := m.standingFor(ctx, args, m.mine)
	if err != nil {
		return chat.Turn{}, err
	}
	return m.turned("curate.hidden", e, m.bot.Base.Hide), nil
}

func (m *meeting) retire(ctx context.Context, args []string) (chat.Turn, error) {
	e, err := m.standingFor(ctx, args, m.mineToChange)
	if err != nil {
		return chat.Turn{}, err
	}
	return m.turned("curate.retired", e, m.bot.Base.Retire), nil
}

// standingFor is standing for what only some may do; allowed refuses the others by the entry's place.
func (m *meeting) standingFor(ctx context.Context, args []string, allowed func(at string) error) (knowledge.Entry, error) {
	e, err := m.standing(ctx, args)
	if err == nil {
		err = allowed(e.Place)
	}
	return e, err
}

// undo takes back the last change of an entry. Whoever made it may, and whoever may change what is live.
func (m *meeting) undo(ctx context.Context, args []string) (chat.Turn, error) {
	e, err := m.standingFor(ctx, args, m.mine)
	if err != nil {
		return chat.Turn{}, err
	}
	versions, err := m.bot.Base.History(ctx, e.Ref())
	if err != nil {
		return chat.Turn{}, err
	}
	if len(versions) == 0 || versions[0].By != string(m.event.Person) {
		if err := m.mineToChange(e.Place); err != nil {
			return chat.Turn{}, err
		}
	}
	return m.turned("curate.undone", e, m.bot.Base.Undo), nil
}

// An actOn is one of knowledge's acts on an entry that need nothing but the entry.
type actOn func(ctx context.Context, tx *sqldb.Tx, at knowledge.Ref, act knowledge.Act) (knowledge.Change, error)

func (m *meeting) turned(key string, e knowledge.Entry, do actOn) chat.Turn {
	m.change(func(ctx context.Context, tx *sqldb.Tx) (knowledge.Change, error) {
		return do(ctx, tx, e.Ref(), m.act(e.Version, ""))
	})
	return reply(m.done(key, e, e.Version+1))
}

// history lists the versions of an entry: who, when, what and why.
func (m *meeting) history(ctx context.Context, args []string) (chat.Turn, error) {
	e, err := m.visible(args)
	if err != nil {
		return chat.Turn{}, err
	}
	versions, err := m.bot.Base.History(ctx, e.Ref())
	if err != nil {
		return chat.Turn{}, err
	}
	message := chat.Message{Text: words.Say("curate.history", "title", m.titleOf(e)), Buttons: []chat.Button{m.toEntry(e.Ref())}}
	var lines []string
	for _, v := range versions {
		lines = append(lines, versionLine(v))
		if len(message.Choices) < mostListed {
			message.Choices = append(message.Choices, chat.Choice{ID: curates + "version " + about(e.Ref(), v.Number), Label: words.Line("curate.version", "number", strconv.Itoa(v.Number))})
		}
	}
	message.Text = append(message.Text, points(lines))
	return reply(message), nil
}

// acts are what brought a version about, in words.
var acts = map[string]string{"": "curate.act-save", "edit": "curate.act-edit", "approve": "curate.act-approve", "retire": "curate.act-retire", "hide": "curate.act-hide",
	"restore": "curate.act-restore", "undo": "curate.act-undo", "import": "curate.act-import", "pack": "curate.act-pack"}

func versionLine(v knowledge.Version) string {
	key := "curate.version-line"
	if v.Act == "pack" {
		key = "curate.version-pack"
	}
	line := words.Line(key, "number", strconv.Itoa(v.Number), "act", words.Line(acts[v.Act]), "who", v.By, "when", v.At.Format("2 January 2006 15:04"))
	if v.State != knowledge.Live && v.Act != "hide" && v.Act != "retire" {
		line += " " + words.Line("curate.version-state", "state", words.Line("curate.state-"+string(v.State)))
	}
	if v.Because != "" {
		line += " " + words.Line("curate.version-because", "because", v.Because)
	}
	return line
}

// oneVersion shows how a version differs from the entry as it stands, with the way back to it.
func (m *meeting) oneVersion(ctx context.Context, args []string) (chat.Turn, error) {
	e, err := m.visible(args)
	if err != nil {
		return chat.Turn{}, err
	}
	n := number(args, 2)
	old, err := m.versionSeen(ctx, e, n)
	if err != nil {
		return chat.Turn{}, err
	}
	message := chat.Message{Text: words.Say("curate.version-head", "title", m.titleOf(e), "number", strconv.Itoa(n)).Add(changesText(knowledge.Diff(old, e))),
		Buttons: []chat.Button{m.toEntry(e.Ref())}}
	if n > 0 && (n != e.Version || e.State != knowledge.Live) && m.may(people.Curator, e.Place) && m.mayChange(e.Place) {
		message.Buttons = append([]chat.Button{button(fmt.Sprintf("%srestore %s %d", curates, about(e.Ref(), e.Version), n), "curate-restore")}, message.Buttons...)
	}
	return reply(message), nil
}

// restore makes an earlier version live again, byte for byte.
func (m *meeting) restore(ctx context.Context, args []string) (chat.Turn, error) {
	e, err := m.standingFor(ctx, args, m.mineToChange)
	if err != nil {
		return chat.Turn{}, err
	}
	n := number(args, 3)
	old, err := m.versionSeen(ctx, e, n)
	if err != nil {
		return chat.Turn{}, err
	}
	if now, ok := m.base.Try(old).Entry(old.Slug, old.Place); n < 1 || !ok || now.Place != old.Place {
		return chat.Turn{}, refuse("curate.not-whole")
	}
	m.change(func(ctx context.Context, tx *sqldb.Tx) (knowledge.Change, error) {
		return m.bot.Base.Restore(ctx, tx, e.Ref(), n, m.act(e.Version, ""))
	})
	return reply(m.done("curate.restored", e, e.Version+1)), nil
}
