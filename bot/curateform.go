package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge"
)

// longestField is how much of a form's field the networks take, the smallest of them.
const longestField = 3000

// entryForm asks for what an entry says. Discord takes five fields: the rest is asked for by moreFields.
func (m *meeting) entryForm(id string, intro chat.Text, e knowledge.Entry) (chat.Turn, error) {
	topic := e.Topic
	if t, _, ok := m.base.Topic(e.Topic); ok {
		topic = t.Name
	}
	return fitting(chat.Form{ID: curates + id, Title: words.Line("curate.form"), Intro: intro, Submit: words.Line("curate.form-save"), Fields: []chat.Field{
		{ID: "title", Kind: chat.Line, Label: words.Line("curate.form-title"), Hint: words.Line("curate.form-title-hint"), Value: e.Title, Longest: 150},
		{ID: "answer", Kind: chat.Paragraph, Label: words.Line("curate.form-answer"), Hint: words.Line("curate.form-answer-hint"), Value: e.Answer, Longest: longestField},
		{ID: "phrasings", Kind: chat.Paragraph, Label: words.Line("curate.form-phrasings"), Hint: words.Line("curate.form-phrasings-hint"),
			Value: writePhrasings(e.Phrasings), Optional: true, Longest: longestField},
		{ID: "links", Kind: chat.Paragraph, Label: words.Line("curate.form-links"), Hint: words.Line("curate.form-links-hint"), Value: writeLinks(e.Resources),
			Optional: true, Longest: longestField},
		{ID: "topic", Kind: chat.TypeAhead, Label: words.Line("curate.form-topic"), Hint: words.Line("curate.form-topic-hint"), Value: topic, Optional: true, Longest: 80},
	}})
}

// moreFields asks for what stands around an answer.
func (m *meeting) moreFields(id string, e knowledge.Entry) (chat.Turn, error) {
	var roles []string
	for _, role := range e.Audience {
		roles = append(roles, people.NameOf(role).Many)
	}
	return fitting(chat.Form{ID: curates + id, Title: words.Line("curate.more.form"), Submit: words.Line("curate.form-save"), Fields: []chat.Field{
		{ID: "audience", Kind: chat.Line, Label: words.Line("curate.form-audience"), Hint: words.Line("curate.form-audience-hint"), Value: strings.Join(roles, ", "), Optional: true, Longest: 300},
		{ID: "systems", Kind: chat.Line, Label: words.Line("curate.form-systems"), Hint: words.Line("curate.form-systems-hint"), Value: strings.Join(e.Systems, ", "), Optional: true, Longest: 300},
		{ID: "owner", Kind: chat.Line, Label: words.Line("curate.form-owner"), Hint: words.Line("curate.form-owner-hint"), Value: e.Owner, Optional: true, Longest: 150},
		{ID: "review", Kind: chat.Line, Label: words.Line("curate.form-review"), Hint: words.Line("curate.form-review-hint"), Value: e.Review, Optional: true, Longest: 30},
		{ID: "next", Kind: chat.TypeAhead, Label: words.Line("curate.form-next"), Hint: words.Line("curate.form-next-hint"), Value: e.Next, Optional: true, Longest: 150},
	}})
}

// fitting refuses a form that a network could not show whole: what did not fit would be lost at the next save.
func fitting(form chat.Form) (chat.Turn, error) {
	for _, f := range form.Fields {
		if f.Longest > 0 && len([]rune(f.Value)) > f.Longest {
			return chat.Turn{}, refuse("curate.too-long", "field", f.Label)
		}
	}
	return chat.Turn{Form: &form}, nil
}

// problem puts what is wrong with a field into a form that is shown again, with all that was typed.
func (m *meeting) problem(turn chat.Turn, wrong map[string]string) chat.Turn {
	for i := range turn.Form.Fields {
		f := &turn.Form.Fields[i]
		f.Value, f.Problem = m.event.Values[f.ID], wrong[f.ID]
	}
	return turn
}

// value is what was typed into a field.
func (m *meeting) value(field string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(m.event.Values[field]))
}

// filledEntry puts the fields of entryForm into an entry; wrong says what cannot stay as it was typed.
func (m *meeting) filledEntry(e knowledge.Entry) (_ knowledge.Entry, wrong map[string]string) {
	wrong = map[string]string{}
	e.Title, e.Answer = strings.Join(strings.Fields(m.value("title")), " "), m.value("answer")
	e.Phrasings, e.Resources = readPhrasings(m.value("phrasings")), readLinks(m.value("links"), e.Resources)
	if e.Title == "" && !m.followsAbove(e) || e.Slug == "" && knowledge.Slug(e.Title) == "" {
		wrong["title"] = words.Line("curate.form-needed")
	}
	if e.Answer == "" && !m.followsAbove(e) {
		wrong["answer"] = words.Line("curate.form-needed")
	}
	if typed := m.value("topic"); typed == "" {
		e.Topic = ""
	} else if topic, strand, ok := m.topicCalled(typed); ok {
		e.Topic, e.Strand = topic.ID, strand.ID
	} else {
		wrong["topic"] = words.Line("curate.form-no-topic", "said", typed)
	}
	return e, wrong
}

// followsAbove reports whether an entry is a place's own version of one from further up, from which it takes what it does
// not say itself.
func (m *meeting) followsAbove(e knowledge.Entry) bool {
	p, _ := m.base.Places.Get(e.Place)
	_, ok := m.base.Entry(e.Slug, p.Parent)
	return ok && p.Parent != ""
}

// filledMore puts the fields of moreFields into an entry.
func (m *meeting) filledMore(e knowledge.Entry) (_ knowledge.Entry, wrong map[string]string) {
	wrong = map[string]string{}
	e.Audience = nil
	for _, name := range separated(m.value("audience")) {
		role, ok := people.RoleCalled(name)
		if !ok {
			wrong["audience"] = words.Line("curate.form-no-role", "said", name)
		}
		e.Audience = append(e.Audience, role.Role)
	}
	e.Systems, e.Owner = separated(m.value("systems")), m.value("owner")
	day, ok := readDay(m.value("review"))
	if e.Review = day; !ok {
		wrong["review"] = words.Line("curate.form-no-day")
	}
	e.Next = ""
	if typed := m.value("next"); typed != "" {
		next, ok := m.entryCalled(typed, e.Place)
		if e.Next = next.Slug; !ok {
			wrong["next"] = words.Line("curate.form-no-entry", "said", typed)
		}
	}
	return e, wrong
}

// topicCalled finds a topic by its id or its name.
func (m *meeting) topicCalled(said string) (knowledge.Topic, knowledge.Strand, bool) {
	for _, strand := range m.base.Strands {
		for _, topic := range strand.Topics {
			if strings.EqualFold(topic.ID, said) || strings.EqualFold(topic.Name, said) {
				return topic, strand, true
			}
		}
	}
	return knowledge.Topic{}, knowledge.Strand{}, false
}

// entryCalled finds the live entry that people at a place see under a slug or a whole title.
func (m *meeting) entryCalled(said, at string) (knowledge.Entry, bool) {
	if e, ok := m.base.Entry(strings.ToLower(said), at); ok {
		return *e, true
	}
	for _, e := range m.base.Entries(at) {
		if strings.EqualFold(e.Title, said) {
			return *e, true
		}
	}
	return knowledge.Entry{}, false
}

// readDay reads a day as people write it; "" is no day, and fine.
func readDay(said string) (day string, ok bool) {
	if said == "" {
		return "", true
	}
	for _, form := range []string{time.DateOnly, "2 January 2006", "2 Jan 2006", "2/1/2006", "02/01/2006"} {
		if t, err := time.Parse(form, said); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	return said, false
}

func separated(list string) []string {
	var all []string
	for _, item := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if item = strings.TrimSpace(item); item != "" {
			all = append(all, item)
		}
	}
	return all
}

// writePhrasings writes ways of asking one per line, with the kind before those that are no goals.
func writePhrasings(phrasings []knowledge.Phrasing) string {
	lines := make([]string, len(phrasings))
	for i, p := range phrasings {
		lines[i] = p.Text
		if p.Kind != knowledge.Goal {
			lines[i] = string(p.Kind) + ": " + p.Text
		}
	}
	return strings.Join(lines, "\n")
}

func readPhrasings(text string) []knowledge.Phrasing {
	var all []knowledge.Phrasing
	for line := range strings.Lines(text) {
		p := knowledge.Phrasing{Kind: knowledge.Goal, Text: strings.TrimSpace(line)}
		if kind, rest, ok := strings.Cut(p.Text, ":"); ok && slices.Contains(knowledge.PhrasingKinds, knowledge.PhrasingKind(strings.ToLower(strings.TrimSpace(kind)))) {
			p = knowledge.Phrasing{Kind: knowledge.PhrasingKind(strings.ToLower(strings.TrimSpace(kind))), Text: strings.TrimSpace(rest)}
		}
		if p.Text != "" && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// writeLinks writes resources one per line: Name | https://...
func writeLinks(resources []knowledge.Resource) string {
	lines := make([]string, len(resources))
	for i, r := range resources {
		lines[i] = linkLine(r)
	}
	return strings.Join(lines, "\n")
}

func linkLine(r knowledge.Resource) string {
	if r.URL == "" {
		return r.Name
	}
	return r.Name + " | " + r.URL
}

// readLinks reads resources; what a line does not say, such as whose a page is, stays as it was for the same address, or
// for the same name. Of a new address nobody has seen anything yet.
func readLinks(text string, before []knowledge.Resource) []knowledge.Resource {
	var all []knowledge.Resource
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if i := slices.IndexFunc(before, func(r knowledge.Resource) bool { return linkLine(r) == line }); i >= 0 {
			all = append(all, before[i])
			continue
		}
		name, address, _ := strings.Cut(line, "|")
		name, address = strings.TrimSpace(name), strings.TrimSpace(address)
		if address == "" && strings.Contains(name, "://") {
			name, address = hostOf(name), name
		}
		r := knownLink(name, address, before)
		if r.URL != address {
			r.Seen, r.Checked = knowledge.NotSeen, ""
		}
		r.Name, r.URL = name, address
		all = append(all, r)
	}
	return all
}

func knownLink(name, address string, before []knowledge.Resource) knowledge.Resource {
	for _, same := range []func(r knowledge.Resource) bool{
		func(r knowledge.Resource) bool { return r.URL == address && address != "" },
		func(r knowledge.Resource) bool { return r.Name == name },
	} {
		if i := slices.IndexFunc(before, same); i >= 0 {
			return before[i]
		}
	}
	return knowledge.Resource{}
}

// hostOf names a link that came without a name by its site.
func hostOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(host, "www.")
}

// suggestForCurator answers typing ahead in curators' forms.
func (m *meeting) suggestForCurator(_ context.Context, _ []string) (chat.Turn, error) {
	var turn chat.Turn
	typed := strings.ToLower(strings.TrimSpace(m.event.Text))
	switch m.event.Field {
	case "topic":
		for _, strand := range m.base.Strands {
			for _, t := range strand.Topics {
				if strings.Contains(strings.ToLower(t.Name+" "+t.ID+" "+strand.Name+" "+t.About), typed) && len(turn.Suggestions) < onePage {
					turn.Suggestions = append(turn.Suggestions, chat.Choice{ID: t.Name, Label: label(t.Name), Detail: strand.Name})
				}
			}
		}
	case "next", "entry":
		for _, e := range m.base.FindTitle(typed, m.person.Home, onePage) {
			turn.Suggestions = append(turn.Suggestions, chat.Choice{ID: e.Slug, Label: label(e.Title)})
		}
	}
	return turn, nil
}
