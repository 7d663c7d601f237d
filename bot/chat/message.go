package chat

import "strings"

// String is the whole message as plain text: what a screen reader reads, with the choices as a list.
func (m Message) String() string {
	s := m.Text.String()
	if m.Page != nil {
		s = strings.TrimSpace(s + "\n\n" + m.Page.Title + "\n\n" + m.Page.Text.String())
	}
	for i, c := range m.Choices {
		if i == 0 {
			s += "\n"
		}
		s += "\n- " + c.String()
	}
	return strings.TrimSpace(s)
}

// String is the choice's label and detail.
func (c Choice) String() string {
	if c.Detail == "" {
		return c.Label
	}
	return c.Label + " (" + c.Detail + ")"
}
