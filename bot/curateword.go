package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// glossary lists the words of the glossary, a page at a time; args say from which on.
func (m *meeting) glossary(_ context.Context, args []string) (chat.Turn, error) {
	from := min(max(0, number(args, 0)), len(m.base.Terms))
	message := chat.Message{Text: words.Say("curate.words"), Buttons: []chat.Button{button(curates+"menu", "curate-menu")}}
	if m.mineToWord() == nil {
		message.Buttons[0] = button(curates+"word", "curate-new-word")
	}
	for _, t := range m.base.Terms[from:min(from+onePage, len(m.base.Terms))] {
		message.Choices = append(message.Choices, chat.Choice{ID: curates + "word " + code(t.Name), Label: label(t.Name), Detail: label(t.Means)})
	}
	if from+onePage < len(m.base.Terms) {
		message.Buttons = append(message.Buttons, button(curates+"words "+strconv.Itoa(from+onePage), "more"))
	}
	return reply(message), nil
}

// termKinds are the kinds of word, as they are picked.
var termKinds = []knowledge.TermKind{knowledge.SystemTerm, knowledge.AcronymTerm, knowledge.WordTerm}

// mineToWord refuses people who may not change the glossary: it is one for the whole nation.
func (m *meeting) mineToWord() error {
	nation, _ := m.base.Places.Nation()
	return m.mineToChange(nation.ID)
}

func (m *meeting) termCoded(args []string) (knowledge.Term, bool) {
	i := slices.IndexFunc(m.base.Terms, func(t knowledge.Term) bool { return len(args) > 0 && code(t.Name) == args[0] })
	if i < 0 {
		return knowledge.Term{}, false
	}
	return m.base.Terms[i], true
}

// wordForm shows a word with the form to change it, or the form of a new one. Who may not change it reads it.
func (m *meeting) wordForm(_ context.Context, args []string) (chat.Turn, error) {
	t, known := m.termCoded(args)
	if err := m.mineToWord(); err != nil {
		if known {
			return reply(chat.Message{Text: words.Say("curate.word", "word", t.Name, "means", t.Means), Buttons: []chat.Button{button(curates+"words", "curate-words")}}), nil
		}
		return chat.Turn{}, err
	}
	if len(args) > 0 && !known {
		return chat.Turn{}, refuse("curate.gone")
	}
	return m.termForm(args, t)
}

func (m *meeting) termForm(args []string, t knowledge.Term) (chat.Turn, error) {
	var kinds []chat.Choice
	for _, kind := range termKinds {
		kinds = append(kinds, chat.Choice{ID: string(kind), Label: words.Line("curate.kind-" + string(kind))})
	}
	if t.Kind == "" {
		t.Kind = knowledge.WordTerm
	}
	return fitting(chat.Form{ID: strings.TrimSpace(curates + "word " + strings.Join(args, " ")), Title: words.Line("curate.word.form"), Intro: words.Say("curate.word-intro"),
		Submit: words.Line("curate.word.form-save"), Fields: []chat.Field{
			{ID: "name", Kind: chat.Line, Label: words.Line("curate.word-name"), Value: t.Name, Longest: 60},
			{ID: "kind", Kind: chat.Pick, Label: words.Line("curate.word-kind"), Value: string(t.Kind), Options: kinds},
			{ID: "means", Kind: chat.Line, Label: words.Line("curate.word-means"), Hint: words.Line("curate.word-means-hint"), Value: t.Means, Longest: 300, Optional: t.Name != ""},
			{ID: "also", Kind: chat.Line, Label: words.Line("curate.word-also"), Hint: words.Line("curate.word-also-hint"), Value: strings.Join(t.Also, ", "), Optional: true, Longest: 500},
			{ID: "was", Kind: chat.Line, Label: words.Line("curate.word-was"), Hint: words.Line("curate.word-was-hint"), Value: strings.Join(t.Was, ", "), Optional: true, Longest: 500},
		}})
}

// submitWord saves a word; one whose meaning is emptied is taken out. It counts at once, and for everybody.
func (m *meeting) submitWord(ctx context.Context, args []string) (chat.Turn, error) {
	t, known := m.termCoded(args)
	if err := m.mineToWord(); err != nil {
		return chat.Turn{}, err
	}
	if len(args) > 0 && !known {
		return chat.Turn{}, refuse("curate.gone")
	}
	if !known {
		t.Name = strings.Join(strings.Fields(m.value("name")), " ")
	}
	t.Kind, t.Means, t.Also, t.Was = knowledge.TermKind(m.value("kind")), m.value("means"), separated(m.value("also")), separated(m.value("was"))
	wrong := map[string]string{}
	if typed := strings.Join(strings.Fields(m.value("name")), " "); known && typed != t.Name {
		wrong["name"] = words.Line("curate.word-fixed", "word", t.Name)
	}
	if t.Name == "" || !known && m.isTerm(t.Name) {
		wrong["name"] = words.Line("curate.word-there")
	}
	if !known && t.Means == "" {
		wrong["means"] = words.Line("curate.form-needed")
	}
	if !slices.Contains(termKinds, t.Kind) {
		wrong["kind"] = words.Line("curate.form-needed")
	}
	if len(wrong) > 0 {
		turn, err := m.termForm(args, t)
		return m.problem(turn, wrong), err
	}
	if t.Means == "" {
		return m.removeWord(ctx, args)
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		return m.bot.Base.SaveTerm(ctx, tx, t, m.act(knowledge.AnyVersion, ""))
	})
	message := chat.Message{Text: words.Say("curate.word-saved", "word", t.Name), Buttons: []chat.Button{button(curates+"backword "+wordPrint(t)+" "+t.Name, "curate-undo"),
		button(curates+"word "+code(t.Name), "curate-edit"), button(curates+"unword "+code(t.Name), "curate-unword"), button(curates+"words", "curate-words")}}
	return reply(message), nil
}

func (m *meeting) isTerm(name string) bool {
	return slices.ContainsFunc(m.base.Terms, func(t knowledge.Term) bool { return strings.EqualFold(t.Name, name) })
}

func (m *meeting) removeWord(_ context.Context, args []string) (chat.Turn, error) {
	t, known := m.termCoded(args)
	if err := m.mineToWord(); err != nil {
		return chat.Turn{}, err
	}
	if !known {
		return chat.Turn{}, refuse("curate.gone")
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		return m.bot.Base.RemoveTerm(ctx, tx, t.Name, m.act(knowledge.AnyVersion, ""))
	})
	return reply(chat.Message{Text: words.Say("curate.word-gone", "word", t.Name), Buttons: []chat.Button{
		button(curates+"backword "+wordPrint(knowledge.Term{})+" "+t.Name, "curate-undo"), button(curates+"words", "curate-words")}}), nil
}

// localDetails lists what a place has filled in and what not; args are the place's code and from which on.
func (m *meeting) localDetails(_ context.Context, args []string) (chat.Turn, error) {
	at := m.usualPlace()
	if len(args) > 0 {
		p, err := m.placeCoded(args, 0)
		if err != nil {
			return chat.Turn{}, err
		}
		at = p.ID
	}
	if err := m.mine(at); err != nil {
		return chat.Turn{}, err
	}
	from := min(max(0, number(args, 1)), len(m.base.LocalKeys))
	message := chat.Message{Text: words.Say("curate.local", "place", m.placeName(at)), Buttons: []chat.Button{button(curates+"menu", "curate-menu")}}
	for _, k := range m.base.LocalKeys[from:min(from+onePage, len(m.base.LocalKeys))] {
		value, _, ok := m.base.Places.Detail(at, k.Key)
		if !ok {
			value = words.Line("curate.local-empty")
		}
		message.Choices = append(message.Choices, chat.Choice{ID: curates + "detail " + code(at) + " " + k.Key, Label: label(capital(k.Name)), Detail: label(value)})
	}
	if from+onePage < len(m.base.LocalKeys) {
		message.Buttons = append(message.Buttons, button(curates+"local "+code(at)+" "+strconv.Itoa(from+onePage), "more"))
	}
	for _, p := range m.curatedPlaces() {
		if p.ID != at && len(args) == 0 && len(message.Buttons) < 5 {
			message.Buttons = append(message.Buttons, chat.Button{ID: curates + "local " + code(p.ID), Label: label(p.Name)})
		}
	}
	return reply(message), nil
}

// detailOf reads the place and the key that a button or form names.
func (m *meeting) detailOf(args []string) (at place.Place, key knowledge.LocalKey, err error) {
	if at, err = m.placeCoded(args, 0); err != nil {
		return at, key, err
	}
	if err := m.mine(at.ID); err != nil {
		return at, key, err
	}
	if len(args) > 1 {
		if key, ok := m.base.LocalKey(args[1]); ok {
			return at, key, nil
		}
	}
	return at, key, refuse("curate.gone")
}

func (m *meeting) detailForm(_ context.Context, args []string) (chat.Turn, error) {
	at, key, err := m.detailOf(args)
	if err != nil {
		return chat.Turn{}, err
	}
	return chat.Turn{Form: &chat.Form{ID: curates + "detail " + strings.Join(args, " "), Title: words.Line("curate.local.form"), Intro: words.Say("curate.local-intro", "place", at.Name, "name", key.Name),
		Submit: words.Line("curate.local.form-save"), Fields: []chat.Field{{ID: "value", Kind: chat.Line, Label: label(capital(key.Name)), Hint: label(key.Ask),
			Value: m.base.Places.Details(at.ID)[key.Key], Optional: true, Longest: 1000}}}}, nil
}

func (m *meeting) submitDetail(ctx context.Context, args []string) (chat.Turn, error) {
	at, key, err := m.detailOf(args)
	if err != nil {
		return chat.Turn{}, err
	}
	value := m.value("value")
	if len([]rune(value)) > 1000 {
		turn, err := m.detailForm(ctx, args)
		if err == nil {
			turn = m.problem(turn, map[string]string{"value": words.Line("curate.local-long")})
		}
		return turn, err
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		return m.bot.Base.SetDetail(ctx, tx, at.ID, key.Key, value, m.act(knowledge.AnyVersion, ""))
	})
	said := "curate.local-saved"
	if value == "" {
		said = "curate.local-emptied"
	}
	return reply(chat.Message{Text: words.Say(said, "place", at.Name, "name", key.Name), Buttons: []chat.Button{
		button(curates+"backdetail "+strings.Join(args[:2], " ")+" "+code(value), "curate-undo"),
		button(curates+"detail "+strings.Join(args[:2], " "), "curate-edit"), button(curates+"local "+code(at.ID), "curate-local")}}), nil
}
