package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// Words of the glossary and local details count at once, so their undo is a press away too. A button names what it would
// undo by a print: pressed twice, or after somebody else was there, it is about something that is gone.

// wordPrint names a state of a word; the zero term is one that is taken out.
func wordPrint(t knowledge.Term) string {
	return code(fmt.Sprintf("%q", []any{t.Kind, t.Means, t.Also, t.Was}))
}

// undoWord takes back the person's own last change of a word; args are its print and its name.
func (m *meeting) undoWord(_ context.Context, args []string) (chat.Turn, error) {
	if err := m.mineToWord(); err != nil {
		return chat.Turn{}, err
	}
	if len(args) < 2 {
		return chat.Turn{}, refuse("curate.gone")
	}
	name, now := strings.Join(args[1:], " "), knowledge.Term{}
	if i := slices.IndexFunc(m.base.Terms, func(t knowledge.Term) bool { return t.Name == name }); i >= 0 {
		now = m.base.Terms[i]
	}
	if wordPrint(now) != args[0] {
		return chat.Turn{}, refuse("curate.changed-since")
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		return m.bot.Base.UndoTerm(ctx, tx, name, m.act(knowledge.AnyVersion, ""))
	})
	return reply(chat.Message{Text: words.Say("curate.word-back", "word", name), Buttons: []chat.Button{button(curates+"words", "curate-words")}}), nil
}

// undoDetail takes back the person's own last change of a local detail; args are its place, its key and its print.
func (m *meeting) undoDetail(_ context.Context, args []string) (chat.Turn, error) {
	at, key, err := m.detailOf(args)
	if err != nil {
		return chat.Turn{}, err
	}
	if len(args) < 3 || code(m.base.Places.Details(at.ID)[key.Key]) != args[2] {
		return chat.Turn{}, refuse("curate.changed-since")
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		return m.bot.Base.UndoDetail(ctx, tx, at.ID, key.Key, m.act(knowledge.AnyVersion, ""))
	})
	return reply(chat.Message{Text: words.Say("curate.local-back", "place", at.Name, "name", key.Name), Buttons: []chat.Button{button(curates+"local "+code(at.ID), "curate-local")}}), nil
}
