package terminal

import (
	"strings"

	"signpost/bot/chat"
)

// opening is what stands before the first question of a form.
func (f *filling) opening() sheet {
	s := sheet{heading(oneLine(f.form.Title))}
	if f.hasProblem() {
		return append(s, para(formAgain))
	}
	s = append(s, written(f.form.Intro)...)
	if len(f.ask) == 0 {
		return s
	}
	return append(s, para(formHelp))
}

func (f *filling) hasProblem() bool {
	for _, field := range f.form.Fields {
		if field.Problem != "" {
			return true
		}
	}
	return false
}

// question asks for the field whose turn it is, or, at the end, whether to send the form.
func (f *filling) question() sheet {
	if f.at == len(f.ask) {
		return sheet{para(oneLine(f.form.Submit)), para(formConfirm).closeUp()}
	}
	field := f.field()
	label := oneLine(field.Label)
	if field.Optional {
		label += optional
	}
	list, _ := listed(f.choices)
	return sheet{heading(label), para(field.Problem).closeUp(), para(field.Hint).closeUp(), list.closeUp(),
		para(f.reads()).closeUp(), para(f.ways()).closeUp()}
}

// reads is the value of the field in brackets, in words where it was picked.
func (f *filling) reads() string {
	field := f.field()
	value := f.values[field.ID]
	if value == "" {
		return ""
	}
	if label := f.labels[field.ID]; label != "" {
		value = label
	} else if field.Kind == chat.Pick || field.Kind == chat.TypeAhead {
		value = labelOf(value, field.Options)
	}
	return "[" + value + "]"
}

func labelOf(id string, choices []chat.Choice) string {
	for _, c := range choices {
		if c.ID == id {
			return c.Label
		}
	}
	return id
}

// ways is the line that says what can be typed now.
func (f *filling) ways() string {
	var ways []string
	field := f.field()
	switch {
	case field.Kind == chat.Paragraph:
		ways = append(ways, endsWithEmpty)
	case field.Kind == chat.TypeAhead && len(f.choices) > 0:
		ways = append(ways, lookAgain)
	case field.Kind == chat.TypeAhead:
		ways = append(ways, lookUp)
	case field.Kind == chat.Pick:
		ways = append(ways, pickNumber)
	}
	has := f.values[field.ID] != ""
	switch {
	case has:
		ways = append(ways, enterKeeps)
	case field.Optional:
		ways = append(ways, enterSkips)
	}
	if has && field.Optional {
		ways = append(ways, dashEmpties)
	}
	return strings.Join(ways, " ")
}
