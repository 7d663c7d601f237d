package bot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
	"signpost/knowledge/table"
)

// Files go in by a message of their own: what they would do is shown, and nothing is done until it is pressed. What is kept
// in between is the file as it came; what it would do is worked out again when it is put in.

// mostRows is how many rows a chat takes: more than this takes longer than a network waits, and is for signpost import.
const mostRows = 2000

// planKept is how long a file waits to be put in.
const planKept = time.Hour

// mostPlans is how many files of one person wait; the oldest is dropped first.
const mostPlans = 5

// sentEntries takes a file that a curator sent to the bot directly; nil for any other file, which nobody opens.
func (m *meeting) sentEntries() (curating, []string) {
	file := m.event.File
	if file == nil || m.event.Public || !m.rights.Anywhere(people.Curator) {
		return nil, nil
	}
	if _, ok := table.FormatOf(file.Name); !ok {
		return nil, nil
	}
	return (*meeting).previewFile, nil
}

// A plan is a file on its way in.
type plan struct {
	id, name, place, shown string
	body                   []byte
}

func (m *meeting) previewFile(ctx context.Context, _ []string) (chat.Turn, error) {
	file := m.event.File
	if len(file.Body) == 0 {
		return chat.Turn{}, refuse("curate.file-long")
	}
	p := plan{id: m.bot.NewID(), name: file.Name, place: m.importPlace(), body: file.Body}
	message, preview, err := m.planned(ctx, p)
	if err != nil || len(preview.Faults) > 0 || preview.Count(knowledge.Adds)+preview.Count(knowledge.Changes) == 0 {
		return reply(message), err
	}
	p.shown = digest(preview)
	m.write(func(ctx context.Context, tx *sqldb.Tx) error { return m.keepPlan(ctx, tx, p) })
	return reply(message), nil
}

// importPlace is where all rows must belong: anywhere for curators of the nation, else the person's own place.
func (m *meeting) importPlace() string {
	if nation, ok := m.base.Places.Nation(); ok && m.may(people.Curator, nation.ID) {
		return ""
	}
	return m.usualPlace()
}

func (m *meeting) keepPlan(ctx context.Context, tx *sqldb.Tx, p plan) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO import_plan (id, person, expires, name, place, shown, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET shown = excluded.shown`, p.id, m.event.Person, m.now.Add(planKept).UnixMilli(), p.name, p.place, p.shown, p.body)
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM import_plan WHERE person = $1 AND id NOT IN (SELECT id FROM import_plan WHERE person = $1 ORDER BY expires DESC, id LIMIT $2)`,
			m.event.Person, mostPlans)
	}
	if err != nil {
		return fmt.Errorf("keep the file: %w", err)
	}
	return nil
}

func (m *meeting) readPlan(ctx context.Context, args []string) (p plan, err error) {
	if len(args) == 0 {
		return p, refuse("curate.file-gone")
	}
	p.id = args[0]
	row := m.bot.DB.Read().QueryRowContext(ctx, `SELECT name, place, shown, body FROM import_plan WHERE id = $1 AND person = $2 AND expires > $3`,
		p.id, m.event.Person, m.now.UnixMilli())
	if err = row.Scan(&p.name, &p.place, &p.shown, &p.body); errors.Is(err, sql.ErrNoRows) {
		return p, refuse("curate.file-gone")
	} else if err != nil {
		return p, fmt.Errorf("read the file: %w", err)
	}
	return p, nil
}

// planned reads a file and says what putting it in would do.
func (m *meeting) planned(ctx context.Context, p plan) (message chat.Message, preview *knowledge.Preview, err error) {
	rows, faults := table.Read(p.name, p.body, nil)
	if len(rows) > mostRows {
		return message, nil, refuse("curate.file-rows", "rows", strconv.Itoa(len(rows)), "most", strconv.Itoa(mostRows))
	}
	preview = m.base.Preview(rows, p.place)
	preview.Faults = append(faults, preview.Faults...)
	for _, at := range preview.Places() {
		if err := m.mine(at); err != nil {
			return message, preview, err
		}
	}
	message.Text = words.Say("curate.file", "name", p.name, "added", strconv.Itoa(preview.Count(knowledge.Adds)), "changed", strconv.Itoa(preview.Count(knowledge.Changes)),
		"unchanged", strconv.Itoa(preview.Count(knowledge.Keeps)), "faults", strconv.Itoa(len(preview.Faults)))
	if len(preview.Faults) > 0 {
		message.Text = append(message.Text.Add(words.Say("curate.file-faults")), points(faultLines(preview.Faults)))
		return message, preview, nil
	}
	if n := asleep(preview); n > 0 {
		message.Text = message.Text.Add(words.Say("curate.file-asleep", "count", strconv.Itoa(n)))
	}
	lines := rowLines(m, preview)
	if len(lines) == 0 {
		message.Text = message.Text.Add(words.Say("curate.file-nothing"))
		return message, preview, nil
	}
	message.Text = append(message.Text, points(lines)).Add(words.Say("curate.file-apply"))
	message.Buttons, err = m.planButtons(ctx, p, preview)
	return message, preview, err
}

func faultLines(faults []knowledge.Fault) []string {
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = f.String()
	}
	return lines
}

// asleep counts the rows that say nothing new of entries that nobody reads, such as those of an import that was taken back.
func asleep(preview *knowledge.Preview) (n int) {
	for _, row := range preview.Rows {
		if row.Effort == knowledge.Keeps && row.Entry.State != knowledge.Live {
			n++
		}
	}
	return n
}

// rowLines says of each row that changes something what it does.
func rowLines(m *meeting, preview *knowledge.Preview) []string {
	var lines []string
	for _, row := range preview.Rows {
		key := "curate.row-adds"
		switch row.Effort {
		case knowledge.Keeps:
			continue
		case knowledge.Changes:
			key = "curate.row-changes"
		}
		line := words.Line(key, "row", row.Where, "title", m.titleOf(row.Entry), "place", m.placeName(row.Entry.Place))
		if row.Warning != "" {
			line += " " + row.Warning
		}
		lines = append(lines, line)
	}
	return lines
}

// digest names what a preview would do, so that a press puts in what its reader saw and nothing else.
func digest(preview *knowledge.Preview) string {
	var b strings.Builder
	for _, row := range preview.Rows {
		fmt.Fprintf(&b, "%s %s %s %d\n", row.Where, row.Effort, row.Entry.Ref(), row.Before.Version)
	}
	return code(b.String())
}

// planApproval says whether the person may put all of a file in live.
func (m *meeting) planApproval(ctx context.Context, preview *knowledge.Preview) (approval, error) {
	worst := approved
	for _, at := range preview.Places() {
		may, err := m.mayApprove(ctx, at, string(m.event.Person))
		if err != nil {
			return notTheirs, err
		}
		worst = min(worst, may)
	}
	return worst, nil
}

func (m *meeting) planButtons(ctx context.Context, p plan, preview *knowledge.Preview) ([]chat.Button, error) {
	may, err := m.planApproval(ctx, preview)
	if err != nil {
		return nil, err
	}
	if may == needsAnother {
		return []chat.Button{button(curates+"asdrafts "+p.id, "curate-as-drafts")}, nil
	}
	return []chat.Button{button(curates+"putin "+p.id, "curate-put-in"), button(curates+"asdrafts "+p.id, "curate-as-drafts")}, nil
}

// agreed reads a plan again. Where the base has changed so that it would do something else by now, that is shown instead.
func (m *meeting) agreed(ctx context.Context, args []string) (plan, *knowledge.Preview, error) {
	p, err := m.readPlan(ctx, args)
	if err != nil {
		return p, nil, err
	}
	message, preview, err := m.planned(ctx, p)
	if err != nil || len(preview.Faults) == 0 && digest(preview) == p.shown {
		return p, preview, err
	}
	message.Text = words.Say("curate.file-changed").Add(message.Text)
	fresh := p
	fresh.shown = digest(preview)
	return p, preview, newerPlan{message, fresh}
}

// newerPlan is what putting a file in would do by now, to be agreed to again.
type newerPlan struct {
	message chat.Message
	plan    plan
}

func (newerPlan) Error() string { return "the file would do something else by now" }

// showNewer shows a newer plan instead of an error.
func (m *meeting) showNewer(err error) (chat.Turn, error) {
	var newer newerPlan
	if !errors.As(err, &newer) {
		return chat.Turn{}, err
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error { return m.keepPlan(ctx, tx, newer.plan) })
	return reply(newer.message), nil
}

func (m *meeting) putIn(ctx context.Context, args []string) (chat.Turn, error) {
	return m.putInBecause(ctx, args, "", false)
}

func (m *meeting) submitPutIn(ctx context.Context, args []string) (chat.Turn, error) {
	return m.putInBecause(ctx, args, Masked(m.value("because")), true)
}

func (m *meeting) putInBecause(ctx context.Context, args []string, because string, asked bool) (chat.Turn, error) {
	p, preview, err := m.agreed(ctx, args)
	if err != nil {
		return m.showNewer(err)
	}
	may, err := m.planApproval(ctx, preview)
	switch {
	case err != nil:
		return chat.Turn{}, err
	case may < needsReason:
		return chat.Turn{}, refuse("curate.needs-another", "place", listed(m.placeNames(preview.Places())))
	case may == needsReason && because == "":
		return reasonForm("putin", args, ownApproval, asked), nil
	}
	batch, err := m.bot.Base.NextImport(ctx)
	if err != nil {
		return chat.Turn{}, err
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		done, changes, err := m.bot.Base.Import(ctx, tx, preview, m.act(knowledge.AnyVersion, because))
		if err == nil && done.ID != batch {
			err = errOvertaken
		}
		m.changes = append(m.changes, changes...)
		return errors.Join(err, dropPlan(ctx, tx, p.id))
	})
	return reply(chat.Message{Text: words.Say("curate.put-in", "count", strconv.Itoa(preview.Count(knowledge.Adds)+preview.Count(knowledge.Changes))),
		Buttons: []chat.Button{button(curates+"unimport "+strconv.FormatInt(batch, 10), "curate-unimport"), button(curates+"menu", "curate-menu")}}), nil
}

func (m *meeting) placeNames(ids []string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = m.placeName(id)
	}
	return names
}

func dropPlan(ctx context.Context, tx *sqldb.Tx, id string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM import_plan WHERE id = $1`, id); err != nil {
		return fmt.Errorf("drop the file: %w", err)
	}
	return nil
}

// putInAsDrafts keeps what a file says as drafts that wait for approval.
func (m *meeting) putInAsDrafts(ctx context.Context, args []string) (chat.Turn, error) {
	p, preview, err := m.agreed(ctx, args)
	if err != nil {
		return m.showNewer(err)
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := m.bot.Base.ImportDrafts(ctx, tx, preview, m.act(knowledge.AnyVersion, ""))
		return errors.Join(err, dropPlan(ctx, tx, p.id))
	})
	return reply(chat.Message{Text: words.Say("curate.file-drafts"), Buttons: []chat.Button{button(curates+"drafts", "curate-drafts")}}), nil
}
