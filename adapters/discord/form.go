package discord

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	dg "github.com/bwmarrin/discordgo"

	"signpost/bot/chat"
)

// Forms. A Discord window (modal) takes 1 to 5 text inputs, and only as the response to a command or a press. So fields to
// pick from are lists in a message, shown first; more than five fields are several windows, with a message between them
// that has a button for the next, since no window may follow another. What was filled in so far is kept in memory only.

// The ids of this package's own components start so; all others are the bot's.
const (
	pickedID = "~picked" // a list of choices
	formID   = "~form"   // the window of a form that has just that one; the form's own id follows
	stepID   = "~step"   // a button that goes on to a step: token, step
	partID   = "~part"   // the window of one step: token, step
	fieldID  = "~field"  // a list that fills in a field: token, field, list
)

func idOf(kind, rest string) string { return kind + ":" + rest }

func cutID(kind, id string) (rest string, ok bool) { return strings.CutPrefix(id, kind+":") }

// A filling is a form on its way.
type filling struct {
	token  string
	form   chat.Form
	person chat.Address
	steps  []step

	mu     sync.Mutex
	values map[string]string
}

// A step is either lists to pick from or texts to type.
type step struct{ picks, texts []chat.Field }

// mostPicks leaves a row for the button.
const mostPicks = mostRows - 1

// stepsOf puts the fields to pick from first, then the others, as many together as fit.
func stepsOf(form chat.Form) []step {
	var picks, texts []chat.Field
	for _, f := range form.Fields {
		if !usableID(f.ID) {
			continue
		}
		if f.Kind == chat.Pick && len(optionsOf(f.Options, "")) > 0 {
			picks = append(picks, f)
		} else {
			texts = append(texts, f)
		}
	}
	var steps []step
	rows := mostPicks
	for _, f := range picks {
		need := listsOf(f)
		if rows+need > mostPicks {
			steps, rows = append(steps, step{}), 0
		}
		steps[len(steps)-1].picks = append(steps[len(steps)-1].picks, f)
		rows += need
	}
	for some := range slices.Chunk(texts, mostFields) {
		steps = append(steps, step{texts: some})
	}
	return steps
}

// listsOf is how many lists a field's options fill; what does not fit into a message's is left out.
func listsOf(f chat.Field) int {
	return min((len(optionsOf(f.Options, ""))+mostOptions-1)/mostOptions, mostPicks)
}

func (d *Discord) keepForm(person chat.Address, form chat.Form) *filling {
	f := &filling{token: rand.Text()[:16], form: form, person: person, steps: stepsOf(form), values: map[string]string{}}
	for _, field := range form.Fields {
		if field.Value != "" {
			f.values[field.ID] = field.Value
		}
	}
	d.forms.put(f.token, f)
	return f
}

// openForm opens a form at once where Discord allows, else shows the way to it.
func (d *Discord) openForm(ctx context.Context, a *answer, person chat.Address, form chat.Form) {
	steps := stepsOf(form)
	switch {
	case len(steps) == 0:
		d.log.Error("discord: a form without fields", "form", form.ID)
		return
	case len(steps[0].picks) > 0:
		a.lists(ctx, d.keepForm(person, form), 0)
		return
	case len(steps) == 1 && len(form.Intro) == 0 && len(problemsOf(form).Items) == 0 && usableID(idOf(formID, form.ID)):
		if a.window(ctx, window(idOf(formID, form.ID), form.Title, steps[0].texts, nil)) {
			return
		}
	}
	a.reply(ctx, d.offerForm(person, form))
}

// problemsOf are what is to be put right before a form can be taken.
func problemsOf(form chat.Form) chat.Part {
	problems := chat.Part{Kind: chat.Points}
	for _, field := range form.Fields {
		if field.Problem != "" {
			problems.Items = append(problems.Items, chat.Item{Text: field.Label + ": " + field.Problem})
		}
	}
	return problems
}

// about is what stands above a form: its title, what it is for, and what is to be put right.
func about(form chat.Form) chat.Text {
	text := chat.Text{{Kind: chat.Heading, Text: form.Title}}.Add(form.Intro)
	if problems := problemsOf(form); len(problems.Items) > 0 {
		text = text.Add(chat.Text{problems, {Kind: chat.Plain, Text: saysPutRight}})
	}
	return text
}

// offerForm is a message with a button that leads to a form.
func (d *Discord) offerForm(person chat.Address, form chat.Form) chat.Message {
	f := d.keepForm(person, form)
	text, open := about(form), labelOpen
	if len(problemsOf(form).Items) > 0 {
		open = labelChange
	} else if len(form.Intro) == 0 {
		text = chat.Text{{Kind: chat.Plain, Text: fmt.Sprintf(saysOpenForm, form.Title)}}
	}
	return chat.Message{Text: text, Private: true, Buttons: []chat.Button{{ID: idOf(stepID, f.token+":0"), Label: open}}}
}

// window is a modal with text inputs; values are what was filled in before.
func window(id, title string, fields []chat.Field, values map[string]string) modal {
	m := modal{CustomID: id, Title: label(title, longestTitle)}
	for _, f := range fields {
		style, most := dg.TextInputShort, longestInput
		if f.Kind == chat.Paragraph {
			style = dg.TextInputParagraph
		}
		if f.Longest > 0 {
			most = min(f.Longest, longestInput)
		}
		hint := f.Hint
		if hint == "" && length(f.Label) > longestLabel {
			hint = f.Label
		}
		m.Components = append(m.Components, dg.ActionsRow{Components: []dg.MessageComponent{dg.TextInput{
			CustomID: f.ID, Label: label(f.Label, longestLabel), Style: style, Placeholder: cut(oneLine(hint), longestPlaceholder),
			Value: prefix(clean(cmp.Or(values[f.ID], f.Value)), most), Required: !f.Optional, MaxLength: most}}})
	}
	return m
}

// ours takes presses and windows that are this package's own affair.
func (d *Discord) ours(ctx context.Context, a *answer) bool {
	id := a.in.Data.CustomID
	for kind, take := range map[string]func(context.Context, *answer, *filling, string){stepID: d.goOn, partID: d.partSent, fieldID: d.fieldPicked} {
		rest, ok := cutID(kind, id)
		if !ok {
			continue
		}
		token, place, _ := strings.Cut(rest, ":")
		f, known := d.forms.get(token)
		switch {
		case !known:
			a.say(ctx, saysFormGone)
		case f.person != personAddress(a.in.person().ID):
			a.say(ctx, saysNotYours)
		default:
			take(ctx, a, f, place)
		}
		return true
	}
	return false
}

// goOn is the button that leads to a step, or after the last one sends the form.
func (d *Discord) goOn(ctx context.Context, a *answer, f *filling, place string) {
	n, err := strconv.Atoi(place)
	if err != nil || n < 0 {
		return
	}
	if n > 0 && n <= len(f.steps) {
		if missing := f.missing(f.steps[n-1].picks); missing != "" {
			a.say(ctx, fmt.Sprintf(saysPickFirst, asTyped(oneLine(missing))))
			return
		}
	}
	switch {
	case n >= len(f.steps):
		d.submit(ctx, a, f)
	case len(f.steps[n].texts) > 0:
		if !a.window(ctx, window(idOf(partID, f.token+":"+place), f.form.Title, f.steps[n].texts, f.copy())) {
			a.reply(ctx, f.bridge(n))
		}
	default:
		a.lists(ctx, f, n)
	}
}

// missing is the label of the first field that has to be picked and is not.
func (f *filling) missing(picks []chat.Field) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, field := range picks {
		if !field.Optional && f.values[field.ID] == "" {
			return field.Label
		}
	}
	return ""
}

func (f *filling) copy() map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	values := make(map[string]string, len(f.values))
	for id, v := range f.values {
		values[id] = v
	}
	return values
}

// bridge leads to the n-th step.
func (f *filling) bridge(n int) chat.Message {
	says := fmt.Sprintf(saysOpenForm, f.form.Title)
	if n > 0 {
		says = fmt.Sprintf(saysStep, n, len(f.steps))
	}
	return chat.Message{Private: true, Text: chat.Text{{Kind: chat.Plain, Text: says}},
		Buttons: []chat.Button{{ID: idOf(stepID, f.token+":"+strconv.Itoa(n)), Label: labelContinue}}}
}

// lists shows the n-th step, one of lists to pick from.
func (a *answer) lists(ctx context.Context, f *filling, n int) {
	text := chat.Text{{Kind: chat.Heading, Text: f.form.Title}}
	if n == 0 {
		text = about(f.form)
	}
	fields := chat.Part{Kind: chat.Points}
	rows, values := []dg.MessageComponent{}, f.copy()
	for _, field := range f.steps[n].picks {
		fields.Items = append(fields.Items, chat.Item{Text: field.Label, Detail: field.Hint})
		rows = append(rows, f.fieldRows(field, values[field.ID])...)
	}
	next := labelContinue
	if n == len(f.steps)-1 {
		next = cmp.Or(f.form.Submit, labelContinue)
	}
	button := chat.Button{ID: idOf(stepID, f.token+":"+strconv.Itoa(n+1)), Label: next}
	rows = append(rows, buttonRows([]chat.Button{button}, map[string]bool{}, dg.PrimaryButton)...)
	a.mu.Lock()
	defer a.mu.Unlock()
	parts := render(chat.Message{Text: text.Add(chat.Text{fields})}, 0)
	parts[len(parts)-1].components = rows
	for _, p := range parts {
		out := a.sentence(p.content)
		out.Components = append(out.Components, p.components...)
		a.show(ctx, out)
	}
}

// fieldRows are the lists of one field.
func (f *filling) fieldRows(field chat.Field, chosen string) []dg.MessageComponent {
	n := slices.IndexFunc(f.form.Fields, func(other chat.Field) bool { return other.ID == field.ID })
	options := optionsOf(field.Options, chosen)
	rows := []dg.MessageComponent{}
	for i := range listsOf(field) {
		some := options[i*mostOptions : min((i+1)*mostOptions, len(options))]
		rows = append(rows, pickRow(idOf(fieldID, f.token+":"+strconv.Itoa(n)+":"+strconv.Itoa(i)), field.Label, some))
	}
	return rows
}

// fieldPicked keeps what was picked from a list. Discord shows it by itself.
func (d *Discord) fieldPicked(_ context.Context, a *answer, f *filling, place string) {
	number, _, _ := strings.Cut(place, ":")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n >= len(f.form.Fields) || len(a.in.Data.Values) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.values[f.form.Fields[n].ID] = a.in.Data.Values[0]
}

// partSent keeps what was typed into the window of one step, and goes on.
func (d *Discord) partSent(ctx context.Context, a *answer, f *filling, place string) {
	n, err := strconv.Atoi(place)
	if err != nil {
		return
	}
	f.mu.Lock()
	for _, c := range a.in.Data.Components {
		c.values(f.values)
	}
	f.mu.Unlock()
	if n+1 < len(f.steps) {
		a.reply(ctx, f.bridge(n+1))
		return
	}
	d.submit(ctx, a, f)
}

// submit hands the whole form to the bot. It stays in memory: should the bot not take it now, the button still works.
func (d *Discord) submit(ctx context.Context, a *answer, f *filling) {
	event := d.baseEvent(a.in, d.roomOf(ctx, a.in.ChannelID, a.in.GuildID, a.in.Channel))
	event.Kind, event.Form, event.Values = chat.Submitted, f.form.ID, f.copy()
	d.play(ctx, a, event)
}
