package bot

import (
	"context"
	"strconv"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// mostGaps is how many gaps and reports are looked through for the one that a button names.
const mostGaps = 1000

// fromGap starts the source of a draft that was written for a gap; the gap's code follows.
const fromGap = "gap:"

// gaps lists the questions nobody could be helped with, those asked most first.
func (m *meeting) gaps(ctx context.Context, _ []string) (chat.Turn, error) {
	all, err := m.bot.Base.Gaps(ctx, onePage)
	if err != nil {
		return chat.Turn{}, err
	}
	message := chat.Message{Text: words.Say("curate.gaps"), Buttons: []chat.Button{button(curates+"menu", "curate-menu")}}
	for _, g := range all {
		message.Choices = append(message.Choices, chat.Choice{ID: curates + "gap " + code(g.Text), Label: label(g.Text), Detail: timesAsked(g.Count)})
	}
	if len(all) == 0 {
		message.Text = words.Say("curate.no-gaps")
	}
	return reply(message), nil
}

func timesAsked(n int) string {
	if n == 1 {
		return words.Line("curate.asked-once")
	}
	return words.Line("curate.asked-times", "count", strconv.Itoa(n))
}

// gapCoded finds the gap that a button names.
func (m *meeting) gapCoded(ctx context.Context, args []string) (knowledge.Gap, error) {
	all, err := m.bot.Base.Gaps(ctx, mostGaps)
	for _, g := range all {
		if len(args) > 0 && code(g.Text) == args[0] {
			return g, nil
		}
	}
	if err == nil {
		err = refuse("curate.gap-gone")
	}
	return knowledge.Gap{}, err
}

func (m *meeting) showGap(ctx context.Context, args []string) (chat.Turn, error) {
	g, err := m.gapCoded(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	message := chat.Message{Text: words.Say("curate.gap", "text", g.Text, "times", timesAsked(g.Count), "day", g.Last.Format("2 January 2006")),
		Buttons: []chat.Button{button(curates+"way "+args[0], "curate-way"), button(curates+"gapnew "+args[0], "curate-add")}}
	if m.mayCloseGaps() {
		message.Buttons = append(message.Buttons, button(curates+"gapdone "+args[0], "curate-done"))
	}
	return reply(message), nil
}

// mayCloseGaps reports whether the person may take gaps off the list: everybody's gaps stand in one list, so it is for
// curators of the nation.
func (m *meeting) mayCloseGaps() bool {
	nation, ok := m.base.Places.Nation()
	return ok && m.may(people.Curator, nation.ID)
}

// gapEntries offers the entries nearest to a gap, to give one of them its words.
func (m *meeting) gapEntries(ctx context.Context, args []string) (chat.Turn, error) {
	g, err := m.gapCoded(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	message := chat.Message{Text: words.Say("curate.which-entry", "text", g.Text), Buttons: []chat.Button{button(curates+"gapnew "+args[0], "curate-add")}}
	for _, match := range withoutAsides(m.base.Match(knowledge.Question{Text: withoutBrackets(g.Text), Home: m.usualPlace()}, considered)) {
		if at, ok := m.writable(match.Entry); ok {
			message.Choices = append(message.Choices, chat.Choice{ID: curates + "wayto " + args[0] + " " + about(at), Label: label(match.Entry.Title)})
		}
	}
	if len(message.Choices) == 0 {
		message.Text = words.Say("curate.no-entry-near")
	}
	return reply(message), nil
}

// writable is where the person could write about an entry: at its own place, or as an own version of it.
func (m *meeting) writable(e *knowledge.Entry) (knowledge.Ref, bool) {
	if m.may(people.Curator, e.Place) {
		return e.Ref(), true
	}
	at, ok := m.ownPlace(*e)
	return knowledge.Ref{Slug: e.Slug, Place: at}, ok
}

// gapToEntry saves a draft of an entry with a gap's words as one more way of asking.
func (m *meeting) gapToEntry(ctx context.Context, args []string) (chat.Turn, error) {
	g, err := m.gapCoded(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	if len(args) < 3 {
		return chat.Turn{}, refuse("curate.gone")
	}
	e, _, err := m.refCoded(args[1:])
	if err != nil {
		return chat.Turn{}, err
	}
	p, ok, err := m.ownDraft(ctx, e.Ref())
	if err != nil {
		return chat.Turn{}, err
	}
	if !ok {
		p = knowledge.Proposal{Entry: e, From: e.Version, Source: fromGap + args[0]}
	}
	p.Entry.Phrasings = append(p.Entry.Phrasings[:len(p.Entry.Phrasings):len(p.Entry.Phrasings)], knowledge.Phrasing{Kind: knowledge.Goal, Text: withoutBrackets(g.Text)})
	return m.saveDraft(ctx, p)
}

func (m *meeting) gapToNew(ctx context.Context, args []string) (chat.Turn, error) {
	g, err := m.gapCoded(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	e := knowledge.Entry{Place: m.usualPlace(), Phrasings: []knowledge.Phrasing{{Kind: knowledge.Goal, Text: withoutBrackets(g.Text)}}}
	return m.newForm(e, fromGap+args[0])
}

func (m *meeting) gapDone(ctx context.Context, args []string) (chat.Turn, error) {
	g, err := m.gapCoded(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	if !m.mayCloseGaps() {
		nation, _ := m.base.Places.Nation()
		return chat.Turn{}, refuse("curate.not-yours", "place", nation.Name)
	}
	m.closeGap(g)
	return reply(chat.Message{Text: words.Say("curate.done"), Buttons: []chat.Button{button(curates+"gaps", "curate-gaps")}}), nil
}

func (m *meeting) closeGap(g knowledge.Gap) {
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		return m.bot.Base.CloseGap(ctx, tx, g.Text, m.act(knowledge.AnyVersion, ""))
	})
}

// closeSource takes the gap that a draft was written for off the list once it is live for everybody.
func (m *meeting) closeSource(ctx context.Context, p knowledge.Proposal) error {
	name, ok := strings.CutPrefix(p.Source, fromGap)
	if nation, _ := m.base.Places.Nation(); !ok || p.Entry.Place != nation.ID {
		return nil
	}
	all, err := m.bot.Base.Gaps(ctx, mostGaps)
	for _, g := range all {
		if code(g.Text) == name {
			m.closeGap(g)
		}
	}
	return err
}

// theirReports lists the reports that are the person's to look after: of people at a place they curate, or of an entry there.
func (m *meeting) theirReports(ctx context.Context) ([]knowledge.Report, error) {
	all, err := m.bot.Base.Reports(ctx, "", mostGaps)
	n := 0
	for _, r := range all {
		if at, ok := m.reportPlace(r); ok && m.may(people.Curator, at) {
			all[n] = r
			n++
		}
	}
	return all[:n], err
}

// reportPlace is where a report belongs: where the person who made it works, or where the entry stands.
func (m *meeting) reportPlace(r knowledge.Report) (string, bool) {
	if _, ok := m.base.Places.Get(r.Place); ok {
		return r.Place, true
	}
	nation, ok := m.base.Places.Nation()
	return nation.ID, ok
}

func (m *meeting) reports(ctx context.Context, _ []string) (chat.Turn, error) {
	all, err := m.theirReports(ctx)
	if err != nil {
		return chat.Turn{}, err
	}
	message := chat.Message{Text: words.Say("curate.reports"), Buttons: []chat.Button{button(curates+"menu", "curate-menu")}}
	for _, r := range all[:min(onePage, len(all))] {
		message.Choices = append(message.Choices, chat.Choice{ID: curates + "report " + strconv.FormatInt(r.ID, 10),
			Label: label(m.titleCalled(r.Slug)), Detail: words.Line("feedback.form-" + r.What)})
	}
	if len(all) == 0 {
		message.Text = words.Say("curate.no-reports")
	}
	return reply(message), nil
}

func (m *meeting) reportNumbered(ctx context.Context, args []string) (knowledge.Report, error) {
	all, err := m.theirReports(ctx)
	for _, r := range all {
		if r.ID == int64(number(args, 0)) {
			return r, nil
		}
	}
	if err == nil {
		err = refuse("curate.report-gone")
	}
	return knowledge.Report{}, err
}

func (m *meeting) showReport(ctx context.Context, args []string) (chat.Turn, error) {
	r, err := m.reportNumbered(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	text := words.Say("curate.report", "title", m.titleCalled(r.Slug), "what", words.Line("feedback.form-"+r.What), "day", r.At.Format("2 January 2006"))
	if r.More != "" {
		text = text.Add(words.Say("curate.report-more", "more", r.More))
	}
	message := chat.Message{Text: text}
	if e, ok := m.base.Entry(r.Slug, r.Place); ok {
		message.Buttons = append(message.Buttons, m.toEntry(e.Ref()))
		if at, ok := m.writable(e); ok {
			message.Buttons = append(message.Buttons, button(curates+"own "+about(at), "curate-edit"))
		}
	}
	message.Buttons = append(message.Buttons, button(curates+"add", "curate-add"), button(curates+"reportdone "+args[0], "curate-done"))
	return reply(message), nil
}

func (m *meeting) reportDone(ctx context.Context, args []string) (chat.Turn, error) {
	r, err := m.reportNumbered(ctx, args)
	if err != nil {
		return chat.Turn{}, err
	}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		return m.bot.Base.CloseReport(ctx, tx, r, m.act(knowledge.AnyVersion, ""))
	})
	return reply(chat.Message{Text: words.Say("curate.done"), Buttons: []chat.Button{button(curates+"reports", "curate-reports")}}), nil
}
