package bot

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/table"
)

// imports lists the latest imports, to be undone.
func (m *meeting) imports(ctx context.Context, _ []string) (chat.Turn, error) {
	batches, err := m.bot.Base.Imports(ctx, onePage)
	if err != nil {
		return chat.Turn{}, err
	}
	message := chat.Message{Text: words.Say("curate.no-imports"), Buttons: []chat.Button{button(curates+"menu", "curate-menu")}}
	for _, b := range batches {
		if b.Undone || m.mineToUndo(ctx, b) != nil {
			continue
		}
		message.Text = words.Say("curate.imports")
		message.Choices = append(message.Choices, chat.Choice{ID: curates + "unimport " + strconv.FormatInt(b.ID, 10),
			Label: words.Line("curate.import", "day", b.At.Format("2 January 2006 15:04"), "count", strconv.Itoa(b.Rows)), Detail: b.By})
	}
	return reply(message), nil
}

// mineToUndo refuses an import that the person may not take back: it is for whoever put it in and still curates all of its
// places, and for those who may change what is live at each.
func (m *meeting) mineToUndo(ctx context.Context, b knowledge.Batch) error {
	places, err := m.bot.Base.ImportPlaces(ctx, b.ID)
	if err != nil {
		return err
	}
	for _, at := range places {
		err := m.mineToChange(at)
		if b.By == string(m.event.Person) {
			err = m.mine(at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *meeting) undoImport(ctx context.Context, args []string) (chat.Turn, error) {
	batches, err := m.bot.Base.Imports(ctx, mostGaps)
	if err != nil {
		return chat.Turn{}, err
	}
	for _, b := range batches {
		if b.ID != int64(number(args, 0)) || b.Undone {
			continue
		}
		if err := m.mineToUndo(ctx, b); err != nil {
			return chat.Turn{}, err
		}
		m.write(func(ctx context.Context, tx *sqldb.Tx) error {
			undoing, err := m.bot.Base.UndoImport(ctx, tx, b.ID, m.act(knowledge.AnyVersion, ""))
			m.changes = append(m.changes, undoing.Changes...)
			return err
		})
		return reply(chat.Message{Text: words.Say("curate.unimported"), Buttons: []chat.Button{button(curates+"imports", "curate-imports")}}), nil
	}
	return chat.Turn{}, refuse("curate.import-gone")
}

// export sends the entries of the places that the person curates as a file, in every state.
func (m *meeting) export(_ context.Context, args []string) (chat.Turn, error) {
	format := table.XLSX
	if len(args) > 0 {
		if f, ok := table.FormatOf("x." + args[0]); ok {
			format = f
		}
	}
	var entries []knowledge.Entry
	for _, e := range m.base.All() {
		if m.may(people.Curator, e.Place) {
			entries = append(entries, e)
		}
	}
	if len(entries) == 0 {
		return chat.Turn{}, refuse("curate.export-none")
	}
	var body bytes.Buffer
	if err := table.Write(&body, format, entries); err != nil {
		return chat.Turn{}, err
	}
	if body.Len() > chat.LongestFile {
		return chat.Turn{}, refuse("curate.export-long")
	}
	extension := string(format)
	if format == table.Markdown {
		extension = "zip"
	}
	file := &chat.File{Name: "signpost-" + m.now.Format(time.DateOnly) + "." + extension, Size: int64(body.Len()), Body: body.Bytes()}
	turn := reply(chat.Message{Text: words.Say("curate.export", "count", strconv.Itoa(len(entries)))})
	turn.Messages = []chat.Post{{Key: "export " + m.event.Key, To: m.event.Person, Message: chat.Message{Text: words.Say("curate.export-file"), File: file}}}
	return turn, nil
}
