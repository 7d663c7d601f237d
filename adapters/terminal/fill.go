package terminal

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"signpost/bot/chat"
)

// mostSuggestions is how many suggestions are shown of those that answer what was typed ahead.
const mostSuggestions = 25

// A filling is a form on its way: which fields are asked, which is being asked now, and what was answered so far.
type filling struct {
	form    chat.Form // with fields of our own
	ask     []int     // the fields to ask, by their place in the form; all of them, or those with a problem
	at      int       // the place in ask; at its end the form is ready to be sent
	values  map[string]string
	labels  map[string]string // what was read where the value is an ID
	lines   []string          // of a paragraph, so far
	choices []chat.Choice     // that numbers stand for just now
}

// newFilling begins a form. Where fields have a problem only those are asked, and what the person sent before is kept
// for fields that come back without a value.
func newFilling(form chat.Form, sent *filling) *filling {
	form.Fields = slices.Clone(form.Fields)
	f := &filling{form: form, values: map[string]string{}, labels: map[string]string{}}
	for i, field := range form.Fields {
		f.values[field.ID] = field.Value
		if field.Problem != "" {
			f.ask = append(f.ask, i)
		}
	}
	if len(f.ask) == 0 {
		for i := range form.Fields {
			f.ask = append(f.ask, i)
		}
	} else if sent != nil && sent.form.ID == form.ID {
		f.keepFrom(sent)
	}
	f.move(0)
	return f
}

func (f *filling) keepFrom(sent *filling) {
	for id, value := range f.values {
		if value == "" {
			f.values[id] = sent.values[id]
		}
		if f.values[id] == sent.values[id] {
			f.labels[id] = sent.labels[id]
		}
	}
}

// A step is what an answer leads to.
type step int

const (
	asked step = iota // a question follows, this one again or another
	quiet             // more lines follow
	look              // the handler is asked for suggestions
	ready             // the form is sent
)

// answer takes one line. note is said before the next question.
func (f *filling) answer(line string) (next step, note string) {
	typed := strings.TrimSpace(line)
	switch {
	case strings.EqualFold(typed, wordBack):
		return f.back()
	case f.at == len(f.ask):
		return f.confirm(typed), ""
	case typed == wordEmpty && f.canEmpty():
		return f.set("", ""), ""
	case f.field().Kind == chat.Paragraph && (typed != "" || len(f.lines) > 0):
		return f.write(line)
	case typed == "":
		return f.keep()
	case f.field().Kind == chat.Pick || f.field().Kind == chat.TypeAhead:
		return f.pick(typed)
	}
	return f.fit(typed)
}

func (f *filling) field() *chat.Field { return &f.form.Fields[f.ask[f.at]] }

// move goes to another question, leaving behind what was half answered.
func (f *filling) move(to int) {
	f.at, f.lines, f.choices = to, nil, nil
	if to < len(f.ask) {
		f.choices = f.field().Options
	}
}

func (f *filling) back() (step, string) {
	if f.at == 0 {
		f.move(0)
		return asked, formFirst
	}
	f.move(f.at - 1)
	return asked, ""
}

func (f *filling) confirm(typed string) step {
	if typed == "" {
		return ready
	}
	return asked
}

// canEmpty says whether there is a value to take away.
func (f *filling) canEmpty() bool {
	return f.field().Optional && f.values[f.field().ID] != "" && len(f.lines) == 0
}

// keep is the answer to Enter: the value there is, or none where none is needed.
func (f *filling) keep() (step, string) {
	id := f.field().ID
	if f.values[id] == "" && !f.field().Optional {
		return asked, formNeeded
	}
	return f.set(f.values[id], f.labels[id]), ""
}

// write takes a line of a paragraph; an empty one ends it.
func (f *filling) write(line string) (step, string) {
	if line = strings.TrimRight(line, " \t\r\n"); line != "" {
		f.lines = append(f.lines, line)
		return quiet, ""
	}
	whole := strings.Join(f.lines, "\n")
	f.lines = nil
	return f.fit(whole)
}

func (f *filling) pick(typed string) (step, string) {
	_, offers := listed(f.choices)
	if picked, found, _ := choose(typed, offers); found {
		return f.set(picked.id, picked.label), ""
	}
	if f.field().Kind == chat.TypeAhead {
		return look, ""
	}
	return asked, formChoose
}

// fit takes a written value that is not too long.
func (f *filling) fit(value string) (step, string) {
	size, most := utf8.RuneCountInString(value), f.field().Longest
	if most > 0 && size > most {
		return asked, fmt.Sprintf(formTooLong, most, size)
	}
	return f.set(value, ""), ""
}

func (f *filling) set(value, label string) step {
	field := f.field()
	f.values[field.ID], f.labels[field.ID], field.Problem = value, label, ""
	f.move(f.at + 1)
	if f.at == len(f.ask) {
		return ready
	}
	return asked
}

// suggest takes the suggestions for what was typed ahead.
func (f *filling) suggest(choices []chat.Choice) sheet {
	if len(choices) == 0 {
		return append(sheet{para(formNothing)}, f.question()...)
	}
	f.choices = choices[:min(len(choices), mostSuggestions)]
	list, _ := listed(f.choices)
	return sheet{list, para(f.ways()).closeUp()}
}
