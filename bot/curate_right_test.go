package bot_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"signpost/bot"
	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

const rita chat.Address = "test:rita"

// onlyShow are the buttons and forms that change nothing whoever presses them: they show something, or open a form.
var onlyShow = strings.Fields(`c-menu c-add c-find c-entry c-edit c-own c-history c-version c-drafts c-draft c-redo c-more c-see c-back
	c-gaps c-gap c-way c-gapnew c-reports c-report c-words c-word c-local c-detail c-export c-imports keep form:c-find`)

// A foreignHouse has one of everything that belongs to the nation or to St Other, made by olu, who may do anything; about
// lists what the ids of buttons and forms could say of it.
type foreignHouse struct {
	*house
	about []string
}

// foreign lets curators put their work live by themselves, which is all that they can ever be allowed.
func foreign(t *testing.T) foreignHouse {
	h := curators(t)
	h.noApproval()
	h.grant(olu, people.Admin, "england")
	h.grant(rita, people.Curator, "royal")
	f := foreignHouse{house: h, about: []string{""}}
	f.add("%s", bot.Code("england"), bot.Code("st-other"))
	f.theirEntries()
	f.theirDrafts()
	f.theirLists()
	f.theirFiles()
	return f
}

func (f *foreignHouse) add(form string, values ...any) {
	for _, v := range values {
		f.about = append(f.about, fmt.Sprintf(form, v))
	}
}

func (f *foreignHouse) theirEntries() {
	for _, slug := range []string{"ours", "see-shifts"} {
		f.writes(func(tx *sqldb.Tx) error {
			_, err := f.base.Edit(f.t.Context(), tx, knowledge.Entry{Slug: slug, Place: "st-other", Title: "Ours at St Other", Answer: "1. Ask us."}, knowledge.Act{By: string(olu)})
			return err
		})
	}
	h := f.house
	h.goesLive(olu, h.fills(olu, h.types(olu, "edit printer"), "answer", "1. Press the button."))
	for _, ref := range []string{"printer " + bot.Code("england"), "see-shifts " + bot.Code("england"), "ours " + bot.Code("st-other"), "see-shifts " + bot.Code("st-other")} {
		f.add("%s", ref)
		for seen := range 3 {
			f.add(ref+" %d", seen)
			f.add(fmt.Sprintf("%s %d %%d", ref, seen), 1, 2)
		}
	}
}

// theirDrafts are one at work and one that waits, of the nation and of St Other.
func (f *foreignHouse) theirDrafts() {
	for i, at := range []knowledge.Ref{{Slug: "trace", Place: "england"}, {Slug: "ours", Place: "st-other"}, {Slug: "card", Place: "england"}} {
		var p knowledge.Proposal
		f.writes(func(tx *sqldb.Tx) (err error) {
			e, _ := f.base.Snapshot().Own(at.Slug, at.Place)
			e.Answer = "1. Do as they say."
			p, err = f.base.SaveDraft(f.t.Context(), tx, knowledge.Proposal{Entry: e, From: e.Version}, string(olu))
			if err == nil && i > 0 {
				_, err = f.base.Submit(f.t.Context(), tx, p.ID, knowledge.Act{By: string(olu), Seen: p.Saved})
			}
			return err
		})
		f.add(fmt.Sprintf("%d%%s", p.ID), "", " 1", " 2", " 1 1", " 2 1")
	}
}

// theirLists are a gap, a report, a word, and a local detail of St Other.
func (f *foreignHouse) theirLists() {
	h := f.house
	h.types(nurse, "how do i tame a zebra with a whistle")
	gap := bot.Code("how do i tame a zebra with a whistle")
	f.add(gap+"%s", "", " printer "+bot.Code("england"), " ours "+bot.Code("st-other"))
	h.writes(func(tx *sqldb.Tx) error {
		_, err := tx.ExecContext(h.t.Context(), `INSERT INTO report (id, at, slug, place, what, more) VALUES (91, $1, 'ours', 'st-other', 'link', ''), (92, $1, 'printer', '', 'old', '')`, tx.Now().UnixMilli())
		return err
	})
	f.add("%d", 91, 92)
	saved := h.fills(olu, h.presses(olu, "c-word"), "name", "Zebra Board", "means", "A board of zebras", "kind", "system")
	f.add("%s", bot.Code("Zebra Board"), bot.Code("e-RS"))
	f.addButton(saved, "Undo")
	detail := bot.Code("st-other") + " roster-team"
	f.add("%s", detail)
	f.addButton(h.fills(olu, h.presses(olu, "c-detail "+detail), "value", "Ring 12"), "Undo")
}

// theirFiles are an import that is in, and a file that waits.
func (f *foreignHouse) theirFiles() {
	send := func(body string) chat.Turn {
		return f.by(olu, chat.Event{Kind: chat.SentFile, File: &chat.File{Name: "a.csv", Size: int64(len(body)), Body: []byte(body)}})
	}
	f.addButton(f.picks(olu, send("title,answer,place\nBy file,1. A.,St Other\nFor all,1. B.,\n"), "Put it in"), "Take it all back")
	f.addButton(send("title,answer,place\nTo come,1. C.,St Other\n"), "Put it in")
}

// addButton takes what the id of a button is about.
func (f *foreignHouse) addButton(turn chat.Turn, label string) {
	f.t.Helper()
	id, ok := offered(turn, label)
	if !ok {
		f.t.Fatalf("there is no %s in %s", label, shown(turn))
	}
	_, about, _ := strings.Cut(id, " ")
	f.add("%s", about)
}

// allFields is something for each field of each form.
var allFields = map[string]string{"title": "Taken over", "answer": "1. Mine now.", "phrasings": "how do i take it over", "links": "", "topic": "", "audience": "nurses",
	"systems": "e-RS", "owner": "Rita", "review": "2027-01-01", "next": "", "because": "because i can", "name": "Zebra Board", "kind": "system", "means": "Mine", "also": "mine", "was": "",
	"value": "Ring me", "entry": "printer"}

// everyID gives each button and form that curators have, about everything there is to press it for.
func (f *foreignHouse) everyID() map[string][]chat.Event {
	all := map[string][]chat.Event{}
	buttons, forms, _ := bot.CuratorIDs()
	for _, about := range f.about {
		for _, id := range append(buttons, "keep") {
			all[id] = append(all[id], chat.Event{Kind: chat.Pressed, Button: strings.TrimSpace(id + " " + about), Text: "How do i do this?"})
		}
		for _, id := range forms {
			all["form:"+id] = append(all["form:"+id], chat.Event{Kind: chat.Submitted, Form: strings.TrimSpace(id + " " + about), Values: allFields})
		}
	}
	return all
}

// TestEveryPathCanChangeSomething says that the ids of the tests below are real: pressed by somebody who may, each button and
// form that is not in onlyShow changes something. A new one that no path here reaches fails it.
func TestEveryPathCanChangeSomething(t *testing.T) {
	first := foreign(t)
	for id := range first.everyID() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			f := foreign(t)
			before := f.everything()
			for _, event := range f.everyID()[id] {
				f.by(olu, event)
				if f.everything() == before {
					continue
				}
				if slices.Contains(onlyShow, id) {
					t.Errorf("%s%s changes something: take it out of onlyShow", event.Button, event.Form)
				}
				return
			}
			if !slices.Contains(onlyShow, id) {
				t.Errorf("nothing that the tests know makes %s change anything: add what it is about to foreign", id)
			}
		})
	}
}

// TestNobodyChangesWhatIsNotTheirs tries every button and every form, about everything of the nation and of another
// organisation, as the curator, the approver and the admin of one organisation, and as people who are none of these.
func TestNobodyChangesWhatIsNotTheirs(t *testing.T) {
	for name, right := range map[string]people.Right{"curator": people.Curator, "approver": people.Approver, "admin": people.Admin, "champion": people.Champion, "nobody": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := foreign(t)
			who := chat.Address("test:" + name)
			if right != "" {
				f.grant(who, right, "royal")
			}
			before, tried := f.everything(), 0
			for id, events := range f.everyID() {
				if !slices.Contains([]people.Right{people.Curator, people.Approver, people.Admin}, right) { // refused before anything is looked up: a few of each will do
					events = events[:min(5, len(events))]
				}
				for _, event := range events {
					f.by(who, event)
				}
				tried += len(events)
				if after := f.everything(); after != before {
					t.Fatalf("%s changed something:\n%s", id, differs(before, after))
				}
			}
			t.Logf("%d presses and forms, 0 changes", tried)
		})
	}
}

// TestNothingTypedChangesWhatIsNotTheirs types every command of curators about what is not theirs, and sends files.
func TestNothingTypedChangesWhatIsNotTheirs(t *testing.T) {
	f := foreign(t)
	_, _, typed := bot.CuratorIDs()
	for _, verb := range strings.Fields("edit show history diff restore why try word keep") {
		for _, about := range []string{"printer", "see-shifts", "ours", "Add a printer", "Ours at St Other", "e-RS", "Zebra Board"} {
			typed = append(typed, verb+" "+about, verb+" "+about+" 1", verb+": "+about)
		}
	}
	before := f.everythingBut("gap")
	for _, text := range typed {
		if f.types(rita, text); f.everythingBut("gap") != before {
			t.Fatalf("typing %q changed something:\n%s", text, differs(before, f.everythingBut("gap")))
		}
	}
	for _, file := range []chat.File{
		{Name: "a.csv", Body: []byte("title,answer,place\nMine,1. A.,St Other\n")},
		{Name: "b.csv", Body: []byte("slug,answer,place\nprinter,1. A.,england\n")},
		{Name: "c.json", Body: []byte(`[{"slug":"ours","title":"Ours","answer":"1. A.","place":"st-other"}]`)},
		{Name: "d.csv", Body: []byte("slug,state,place\nours,retired,st-other\nours,live,royal\n")},
	} {
		turn := f.by(rita, chat.Event{Kind: chat.SentFile, File: &file})
		f.reads(turn, "I put nothing in")
		if f.everythingBut("gap") != before {
			t.Fatalf("%s changed something:\n%s", file.Name, differs(before, f.everythingBut("gap")))
		}
	}
}

// TestAFileOfOnesOwnStaysThere sends a file that names no place: it is for the sender's own, and an import of hers cannot be
// taken back by somebody else's curator.
func TestAFileOfOnesOwnStaysThere(t *testing.T) {
	f := foreign(t)
	f.grant(cara, people.Curator, "st-other")
	body := []byte("slug,title,answer\nprinter,,1. Ask at the Royal.\n")
	done := f.picks(rita, f.by(rita, chat.Event{Kind: chat.SentFile, File: &chat.File{Name: "a.csv", Size: int64(len(body)), Body: body}}), "Put it in")
	if f.live("printer", "royal") != "1. Ask at the Royal." || f.live("printer", "") != "1. Press the button." || f.live("printer", "st-other") != "1. Press the button." {
		t.Error("the file reached further than the sender's own place")
	}
	before := f.everything()
	id, _ := offered(done, "Take it all back")
	f.reads(f.presses(cara, id), "You do not look after")
	if f.everything() != before {
		t.Error("the curator of another organisation took it back")
	}
	f.presses(rita, id)
	if f.live("printer", "royal") != "1. Press the button." {
		t.Error("it is not as before")
	}
}

// TestExportHoldsNothingOfOthers: drafts and retired entries of others are nobody else's to read.
func TestExportHoldsNothingOfOthers(t *testing.T) {
	f := foreign(t)
	f.reads(f.types(rita, "export json"), "There is nothing to put in a file yet")
	f.goesLive(rita, f.fills(rita, f.types(rita, "add entry"), "title", "Only for the Royal", "answer", "1. Come in."))
	f.types(rita, "export json")
	var post chat.Post
	var body string
	if err := f.db.Read().QueryRow(`SELECT post FROM outbox WHERE place = 'test:rita'`).Scan(&body); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(body), &post); err != nil || post.Message.File == nil {
		t.Fatalf("%v in %s", err, body)
	}
	if file := string(post.Message.File.Body); !strings.Contains(file, "Only for the Royal") || strings.Contains(file, "St Other") || strings.Contains(file, "printer") {
		t.Errorf("her file is %s", file)
	}
}

// everythingBut is everything without the lines of one table, for what questions write by themselves.
func (h *house) everythingBut(table string) string {
	h.t.Helper()
	all := h.everything()
	from, to := strings.Index(all, table+":\n"), 0
	if to = strings.Index(all[from:], "\n\n"); to < 0 {
		return all[:from]
	}
	return all[:from] + all[from+to:]
}

func differs(before, after string) string {
	old := strings.Split(before, "\n")
	var lines []string
	for _, line := range strings.Split(after, "\n") {
		if !slices.Contains(old, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
