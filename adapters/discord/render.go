package discord

import (
	"strconv"
	"strings"

	dg "github.com/bwmarrin/discordgo"

	"signpost/bot/chat"
)

// A part is one Discord message of the one or more that a chat.Message becomes. The last has the components and the file.
type part struct {
	i          int // which of them it is
	last       bool
	content    string
	components []dg.MessageComponent
	file       *chat.File
}

// render makes the messages that a chat.Message becomes: its whole text, cut at line ends where it is too long for one,
// and after it the buttons and choices once more as components. room is what must stay free in each, beside
// what is said where it is cut.
func render(m chat.Message, room int) []part {
	texts := split(content(m), longestContent-room-len(saysCut)-2)
	parts := make([]part, len(texts))
	for i, text := range texts {
		parts[i].i, parts[i].content = i, text
	}
	if len(parts) > mostParts {
		parts = fit(parts, mostParts)
	}
	last := &parts[len(parts)-1]
	last.last, last.components, last.file = true, components(m), m.File
	return parts
}

// content is all that a message says, in Discord's markdown.
func content(m chat.Message) string {
	blocks := blocksOf(m.Text)
	if m.Page != nil {
		blocks = append(append(blocks, heading(m.Page.Title)), blocksOf(m.Page.Text)...)
	}
	blocks = append(blocks, choiceList(m.Choices))
	if m.Page != nil {
		blocks = append(blocks, choiceList(m.Page.Choices))
	}
	var kept []string
	for _, block := range blocks {
		if block = strings.TrimSpace(block); block != "" {
			kept = append(kept, block)
		}
	}
	return mention(m) + strings.Join(kept, "\n\n")
}

// mention calls the one person who may be called, by a token that only this function writes.
func mention(m chat.Message) string {
	if to, err := parseAddress(m.Mention); err == nil && to.person != "" {
		return "<@" + to.person + "> "
	}
	return ""
}

// mayMention lets Discord call nobody but that person, whatever the text says.
func mayMention(m chat.Message) *dg.MessageAllowedMentions {
	allowed := &dg.MessageAllowedMentions{Parse: []dg.AllowedMentionType{}}
	if to, err := parseAddress(m.Mention); err == nil && to.person != "" {
		allowed.Users = []string{to.person}
	}
	return allowed
}

func blocksOf(text chat.Text) []string {
	blocks := make([]string, 0, len(text))
	for _, part := range text {
		switch {
		case len(part.Items) > 0:
			blocks = append(blocks, items(part))
		case part.Kind == chat.Heading:
			blocks = append(blocks, heading(part.Text))
		default:
			blocks = append(blocks, asTyped(part.Text))
		}
	}
	return blocks
}

func heading(text string) string {
	if text = asTyped(oneLine(text)); text == "" {
		return ""
	}
	return "**" + text + "**"
}

func items(part chat.Part) string {
	lines := make([]string, len(part.Items))
	for i, item := range part.Items {
		lines[i] = "- "
		if part.Kind == chat.Steps {
			lines[i] = strconv.Itoa(i+1) + ". "
		}
		lines[i] += asTyped(item.String())
	}
	return strings.Join(lines, "\n")
}

func choiceList(choices []chat.Choice) string {
	lines := make([]string, len(choices))
	for i, choice := range choices {
		lines[i] = "- " + asTyped(oneLine(choice.String()))
	}
	return strings.Join(lines, "\n")
}

// components are the choices as buttons, where they fit in one row, or in lists to pick from, then the buttons.
func components(m chat.Message) []dg.MessageComponent {
	buttons, choices := m.Buttons, m.Choices
	if m.Page != nil {
		buttons = append(buttons[:len(buttons):len(buttons)], m.Page.Buttons...)
		choices = append(choices[:len(choices):len(choices)], m.Page.Choices...)
	}
	seen := map[string]bool{} // Discord refuses a message in which two components have one id
	rows := buttonRows(buttons, seen, dg.SecondaryButton)
	if len(choices) <= mostInRow {
		var as []chat.Button
		for _, choice := range choices {
			as = append(as, chat.Button{ID: choice.ID, Label: choice.Label})
		}
		rows = append(buttonRows(as, seen, dg.PrimaryButton), rows...)
	} else {
		rows = append(pickRows(choices, mostRows-len(rows)), rows...)
	}
	return rows[:min(len(rows), mostRows)]
}

func buttonRows(buttons []chat.Button, seen map[string]bool, style dg.ButtonStyle) []dg.MessageComponent {
	rows := []dg.MessageComponent{}
	var row []dg.MessageComponent
	for _, b := range buttons {
		if !usableID(b.ID) || seen[b.ID] {
			continue
		}
		seen[b.ID] = true
		row = append(row, dg.Button{CustomID: b.ID, Label: label(b.Label, longestButton), Style: style})
		if len(row) == mostInRow {
			rows, row = append(rows, dg.ActionsRow{Components: row}), nil
		}
	}
	if len(row) > 0 {
		rows = append(rows, dg.ActionsRow{Components: row})
	}
	return rows
}

// pickRows are lists to pick from, as many as there is room for; what does not fit is still in the text.
func pickRows(choices []chat.Choice, room int) []dg.MessageComponent {
	rows := []dg.MessageComponent{}
	options := optionsOf(choices, "")
	for i := 0; len(options) > 0 && i < room; i++ {
		n := min(len(options), mostOptions)
		rows = append(rows, pickRow(idOf(pickedID, strconv.Itoa(i)), labelPick, options[:n]))
		options = options[n:]
	}
	return rows
}

func pickRow(id, placeholder string, options []dg.SelectMenuOption) dg.MessageComponent {
	return dg.ActionsRow{Components: []dg.MessageComponent{dg.SelectMenu{
		MenuType: dg.StringSelectMenu, CustomID: id, Placeholder: label(placeholder, longestOption), Options: options}}}
}

// optionsOf leaves out what Discord would refuse: an option without an id, or with one that is there already.
func optionsOf(choices []chat.Choice, chosen string) []dg.SelectMenuOption {
	var options []dg.SelectMenuOption
	seen := map[string]bool{}
	for _, c := range choices {
		if !usableID(c.ID) || seen[c.ID] {
			continue
		}
		seen[c.ID] = true
		options = append(options, dg.SelectMenuOption{Value: c.ID, Label: label(c.Label, longestOption),
			Description: cut(oneLine(c.Detail), longestOption), Default: chosen != "" && c.ID == chosen})
	}
	return options
}

func usableID(id string) bool { return strings.TrimSpace(id) != "" && length(id) <= longestID }

// label is a text that may not be empty, cut to size.
func label(text string, most int) string {
	text = cut(oneLine(text), most)
	if strings.Trim(text, " \u200b\u200c\u200d\u2060\u00ad\u3164") == "" {
		return labelNoName
	}
	return text
}
