package bot

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge"
)

// curatorCommands are what curators type, each by its whole text, with the button that does the same.
var curatorCommands = map[string]string{
	"curate": "menu", "curator": "menu", "add entry": "add", "new entry": "add", "add an entry": "add", "drafts": "drafts", "gaps": "gaps", "reports": "reports",
	"glossary": "words", "new word": "word", "local details": "local", "imports": "imports", "export": "export", "export xlsx": "export xlsx", "export excel": "export xlsx",
	"export csv": "export csv", "export md": "export md", "export markdown": "export md", "export json": "export json",
}

// unmistakable are those that nobody types as a question: people who are no curators are told that they are for curators.
// For the others, such as "reports", they get an answer like to any question.
var unmistakable = map[string]bool{"curate": true, "add entry": true, "new entry": true, "add an entry": true, "gaps": true, "export csv": true, "export xlsx": true, "export json": true}

// Commands with words of their own have a colon, or name an entry by its slug: "why is my payslip wrong" and "history of
// the trust" are questions, of curators too.
var (
	withColon = regexp.MustCompile(`(?is)^(why|try as|try|edit|show|history|word|keep) ?([^:]*):\s*(.*)$`)
	withSlug  = regexp.MustCompile(`^(edit|show|history|diff|restore) ([a-z0-9]+(?:-[a-z0-9]+)*)((?: [0-9]{1,9}){0,2})$`)
)

// curatorCommand finds what a curator typed; nil where it is a question, or for everybody.
func (m *meeting) curatorCommand(typed string) (do curating, args []string) {
	plain := strings.ToLower(strings.Join(strings.Fields(typed), " "))
	curator := m.rights.Anywhere(people.Curator)
	if verb, ok := curatorCommands[strings.TrimPrefix(plain, "/")]; ok && (curator || unmistakable[plain]) {
		return found(curatorButtons, curates+verb)
	}
	if !curator {
		return nil, nil
	}
	if part := withSlug.FindStringSubmatch(plain); part != nil {
		if e, ok := m.slugged(part[2]); ok {
			return m.slugCommand(part[1], e), strings.Fields(part[3])
		}
	}
	part := withColon.FindStringSubmatch(strings.TrimSpace(typed))
	if part == nil || screened(m.base, typed).Verdict == Stop {
		return nil, nil
	}
	return m.colonCommand(strings.ToLower(part[1]), strings.TrimSpace(part[2]), part[3]), nil
}

// slugged finds the entry with a slug, in any state, as it stands at the place the person writes for or nearest above.
func (m *meeting) slugged(slug string) (knowledge.Entry, bool) {
	for _, at := range m.base.Places.Chain(m.usualPlace()) {
		if e, ok := m.base.Own(slug, at); ok {
			return e, true
		}
	}
	return knowledge.Entry{}, false
}

func (m *meeting) slugCommand(verb string, e knowledge.Entry) curating {
	return func(m *meeting, ctx context.Context, numbers []string) (chat.Turn, error) {
		named := strings.Fields(about(e.Ref()))
		switch {
		case verb == "edit" && m.may(people.Curator, e.Place):
			return m.editForm(ctx, e)
		case verb == "edit":
			turn, err := m.showForCurator(ctx, named)
			if err == nil {
				turn.Reply.Text = words.Say("curate.not-yours-but", "place", m.placeName(e.Place)).Add(turn.Reply.Text)
			}
			return turn, err
		case verb == "history":
			return m.history(ctx, named)
		case verb == "diff" || verb == "restore" && len(numbers) > 0:
			return m.diff(ctx, e, numbers)
		}
		return m.showForCurator(ctx, named)
	}
}

// diff compares two versions; with one number that version and the entry as it stands, without any the last two.
func (m *meeting) diff(ctx context.Context, e knowledge.Entry, numbers []string) (chat.Turn, error) {
	from := e.Version - 1
	if len(numbers) > 0 {
		from = number(numbers, 0)
	}
	if len(numbers) < 2 {
		return m.oneVersion(ctx, strings.Fields(about(e.Ref(), max(from, 1))))
	}
	older, err := m.versionSeen(ctx, e, from)
	if err != nil {
		return chat.Turn{}, err
	}
	newer, err := m.versionSeen(ctx, e, number(numbers, 1))
	if err != nil {
		return chat.Turn{}, err
	}
	text := words.Say("curate.diff", "title", m.titleOf(e), "from", numbers[0], "to", numbers[1])
	return reply(chat.Message{Text: text.Add(changesText(knowledge.Diff(older, newer))), Buttons: []chat.Button{m.toEntry(e.Ref())}}), nil
}

// colonCommand is nil where what stands before the colon makes it no command.
func (m *meeting) colonCommand(verb, who, text string) curating {
	switch {
	case text != "" && (verb == "try as" || verb == "try" && who == ""):
		return func(m *meeting, _ context.Context, _ []string) (chat.Turn, error) { return m.try(who, text), nil }
	case who != "":
		return nil
	case strings.TrimSpace(text) == "":
		return func(m *meeting, _ context.Context, _ []string) (chat.Turn, error) {
			return reply(chat.Message{Text: m.curatorHelp(), Buttons: []chat.Button{button(curates+"menu", "curate-menu")}}), nil
		}
	case verb == "why":
		return func(m *meeting, _ context.Context, _ []string) (chat.Turn, error) { return m.why(text), nil }
	case verb == "keep":
		return func(m *meeting, ctx context.Context, _ []string) (chat.Turn, error) {
			m.event.Text = text
			return m.keep(ctx, nil)
		}
	case verb == "word":
		return func(m *meeting, ctx context.Context, _ []string) (chat.Turn, error) { return m.findWord(ctx, text) }
	}
	return func(m *meeting, ctx context.Context, _ []string) (chat.Turn, error) {
		return m.findEntry(ctx, verb, text)
	}
}

// findEntry finds an entry by its slug or a piece of its title.
func (m *meeting) findEntry(ctx context.Context, verb, said string) (chat.Turn, error) {
	at := m.usualPlace()
	said = strings.TrimSpace(said)
	if e, ok := m.slugged(strings.ToLower(said)); ok {
		return m.slugCommand(verb, e)(m, ctx, nil)
	}
	found := m.base.FindTitle(said, at, mostListed)
	slices.SortStableFunc(found, func(a, b *knowledge.Entry) int { return holds(b.Title, said) - holds(a.Title, said) })
	if e, ok := m.entryCalled(said, at); ok {
		found = []*knowledge.Entry{&e}
	}
	drafts, err := m.draftsCalled(ctx, said)
	if err != nil {
		return chat.Turn{}, err
	}
	if len(found) == 1 && len(drafts) == 0 {
		own, _ := m.base.Own(found[0].Slug, found[0].Place)
		return m.slugCommand(verb, own)(m, ctx, nil)
	}
	message := chat.Message{Text: words.Say("curate.which"), Buttons: []chat.Button{button(curates+"find", "curate-find"), button(curates+"add", "curate-add")}}
	message.Choices = drafts
	for _, e := range found {
		message.Choices = append(message.Choices, chat.Choice{ID: curates + "entry " + about(e.Ref()), Label: label(e.Title)})
	}
	if len(message.Choices) == 0 {
		message.Text = words.Say("curate.find-none", "said", label(said))
	}
	return reply(message), nil
}

// holds is 1 where a title has a piece of text in it.
func holds(title, said string) int {
	if strings.Contains(strings.ToLower(title), strings.ToLower(said)) {
		return 1
	}
	return 0
}

// draftsCalled are the open drafts, of entries that the person may write, with a piece of text in their title.
func (m *meeting) draftsCalled(ctx context.Context, said string) (choices []chat.Choice, err error) {
	all, err := m.bot.Base.Drafts(ctx, knowledge.Ref{})
	for _, p := range all {
		if len(choices) < mostListed && m.may(people.Curator, p.Entry.Place) && holds(m.titleOf(p.Entry), said) > 0 {
			choices = append(choices, m.draftChoice(p))
		}
	}
	return choices, err
}

func (m *meeting) findWord(ctx context.Context, said string) (chat.Turn, error) {
	for _, t := range m.base.Terms {
		for _, name := range append([]string{t.Name, t.Full}, t.Also...) {
			if strings.EqualFold(strings.TrimSpace(said), name) {
				return m.wordForm(ctx, []string{code(t.Name)})
			}
		}
	}
	message := chat.Message{Text: words.Say("curate.no-word", "word", label(said)), Buttons: []chat.Button{button(curates+"words", "curate-words")}}
	if m.mineToWord() == nil {
		message.Buttons = append([]chat.Button{button(curates+"word", "curate-new-word")}, message.Buttons...)
	}
	return reply(message), nil
}

// findForm asks for the entry, for pages on which people cannot type.
func (m *meeting) findForm(context.Context, []string) (chat.Turn, error) {
	return chat.Turn{Form: &chat.Form{ID: curates + "find", Title: words.Line("curate.find.form"), Submit: words.Line("curate.find.form-send"),
		Fields: []chat.Field{{ID: "entry", Kind: chat.TypeAhead, Label: words.Line("curate.find-entry"), Hint: words.Line("curate.find-hint"), Longest: 150}}}}, nil
}

func (m *meeting) submitFind(ctx context.Context, _ []string) (chat.Turn, error) {
	if said := m.value("entry"); said != "" {
		return m.findEntry(ctx, "show", said)
	}
	turn, err := m.findForm(ctx, nil)
	return m.problem(turn, map[string]string{"entry": words.Line("curate.form-needed")}), err
}

// curatorHelp is what curators read beside the help for everybody.
func (m *meeting) curatorHelp() chat.Text {
	if !m.rights.Anywhere(people.Curator) {
		return nil
	}
	return words.Say("curate.help")
}

// curatorMenu is where curators start.
func (m *meeting) curatorMenu(ctx context.Context, _ []string) (chat.Turn, error) {
	var at []string
	for _, p := range m.curatedPlaces() {
		at = append(at, p.Name)
	}
	message := chat.Message{Text: words.Say("curate.menu", "places", listed(at)).Add(words.Say("curate.help"))}
	drafts, err := m.bot.Base.Drafts(ctx, knowledge.Ref{})
	waiting := 0
	for _, p := range drafts {
		if p.State == knowledge.InReview && m.may(people.Curator, p.Entry.Place) {
			waiting++
		}
	}
	if waiting > 0 {
		message.Text = message.Text.Add(words.Say("curate.waiting", "count", strconv.Itoa(waiting)))
	}
	message.Buttons = []chat.Button{button(curates+"add", "curate-add"), button(curates+"find", "curate-find"), button(curates+"drafts", "curate-drafts"),
		button(curates+"gaps", "curate-gaps"), button(curates+"reports", "curate-reports"), button(curates+"words", "curate-words"),
		button(curates+"local", "curate-local"), button(curates+"export xlsx", "curate-export"), button(curates+"imports", "curate-imports")}
	return reply(message), err
}
