package bot

import (
	"context"
	"errors"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// Curators work in the chat like everybody else: they press, fill in forms and type a few commands (curatecommand.go).
// What they write is a draft (curatedraft.go) until a second press puts it live; what the press would do is said first
// (curateeffect.go). Whether they may is looked up anew at each step (curateright.go).

// curates starts the ids of the buttons and forms that only curators get.
const curates = "c-"

// A curating is one thing that curators do; args are the words of the button's or form's id after its verb.
type curating func(m *meeting, ctx context.Context, args []string) (chat.Turn, error)

var curatorButtons = map[string]curating{
	"menu": (*meeting).curatorMenu, "add": (*meeting).addEntry, "find": (*meeting).findForm, "entry": (*meeting).showForCurator, "edit": (*meeting).editEntry,
	"own": (*meeting).ownVersion, "history": (*meeting).history, "version": (*meeting).oneVersion, "restore": (*meeting).restore,
	"hide": (*meeting).hide, "retire": (*meeting).retire, "undo": (*meeting).undo,
	"drafts": (*meeting).drafts, "draft": (*meeting).showDraft, "redo": (*meeting).editDraft, "more": (*meeting).moreForm, "see": (*meeting).preview,
	"live": (*meeting).putLive, "send": (*meeting).sendDraft, "back": (*meeting).sendBackForm, "drop": (*meeting).dropDraft,
	"gaps": (*meeting).gaps, "gap": (*meeting).showGap, "way": (*meeting).gapEntries, "wayto": (*meeting).gapToEntry, "gapnew": (*meeting).gapToNew,
	"gapdone": (*meeting).gapDone, "reports": (*meeting).reports, "report": (*meeting).showReport, "reportdone": (*meeting).reportDone,
	"words": (*meeting).glossary, "word": (*meeting).wordForm, "unword": (*meeting).removeWord, "backword": (*meeting).undoWord,
	"local": (*meeting).localDetails, "detail": (*meeting).detailForm, "backdetail": (*meeting).undoDetail,
	"export": (*meeting).export, "imports": (*meeting).imports, "putin": (*meeting).putIn, "asdrafts": (*meeting).putInAsDrafts, "unimport": (*meeting).undoImport,
}

var curatorForms = map[string]curating{
	"new": (*meeting).submitNew, "edit": (*meeting).submitEdit, "redo": (*meeting).submitDraft, "more": (*meeting).submitMore, "find": (*meeting).submitFind,
	"live": (*meeting).submitLive, "send": (*meeting).submitSend, "back": (*meeting).submitBack,
	"word": (*meeting).submitWord, "detail": (*meeting).submitDetail, "putin": (*meeting).submitPutIn,
}

// curated handles what curators do; ok is false where the event is for the rest of the bot.
func (m *meeting) curated(ctx context.Context) (turn chat.Turn, ok bool, err error) {
	do, args := m.curating()
	if do == nil {
		return chat.Turn{}, false, nil
	}
	if !m.rights.Anywhere(people.Curator) {
		err = refuse("curate.not-curator")
	} else {
		turn, err = do(m, ctx, args)
	}
	var no refusal
	if errors.As(err, &no) {
		m.writes = nil
		turn, err = reply(no.message), nil
	}
	return alone(turn), true, err
}

// curating finds what the event asks for; nil where it is nothing of curators.
func (m *meeting) curating() (do curating, args []string) {
	switch m.event.Kind {
	case chat.Pressed:
		if m.event.Button == keepID {
			return (*meeting).keep, nil
		}
		return found(curatorButtons, m.event.Button)
	case chat.Submitted:
		return found(curatorForms, m.event.Form)
	case chat.TypedAhead:
		if do, _ = found(curatorForms, m.event.Form); do != nil {
			do = (*meeting).suggestForCurator
		}
		return do, nil
	case chat.SentFile:
		return m.sentEntries()
	case chat.Said:
		return m.curatorCommand(m.event.Text)
	}
	return nil, nil
}

func found(acts map[string]curating, id string) (do curating, args []string) {
	rest, ok := strings.CutPrefix(id, curates)
	if args = strings.Fields(rest); !ok || len(args) == 0 {
		return nil, nil
	}
	if do = acts[args[0]]; do == nil {
		do = (*meeting).curatorMenu // of a version of the program that had more, or fewer
	}
	return do, args[1:]
}

// alone keeps what curators see from others in the room.
func alone(t chat.Turn) chat.Turn {
	if t.Reply != nil {
		t.Reply.Private = true
	}
	return t
}

// A refusal is what a person is told instead of what they asked for; nothing is written then.
type refusal struct{ message chat.Message }

func (r refusal) Error() string { return r.message.String() }

func refuse(key string, values ...string) error {
	return refusal{chat.Message{Text: words.Say(key, values...), Buttons: []chat.Button{button("topics", "topics")}}}
}

// change asks for a change to an entry at the commit.
func (m *meeting) change(do func(ctx context.Context, tx *sqldb.Tx) (knowledge.Change, error)) {
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		change, err := do(ctx, tx)
		if err == nil {
			m.changes = append(m.changes, change)
		}
		return err
	})
}

// act says who changes something, of which they have seen this version, and why.
func (m *meeting) act(seen int, because string) knowledge.Act {
	return knowledge.Act{By: string(m.event.Person), Because: because, Seen: seen}
}
