package slack

import (
	"strconv"
	"strings"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"signpost/bot/chat"
)

// textUnits makes units of a text. Each is within the limits of one block.
func textUnits(text chat.Text) []unit {
	var units []unit
	for _, part := range text {
		switch {
		case len(part.Items) > 0:
			units = append(units, listUnits(part)...)
		case part.Kind == chat.Heading:
			units = append(units, headingUnits(part.Text)...)
		case part.Kind == chat.Note:
			for _, piece := range split(strings.TrimSpace(clean(part.Text)), maxNote) {
				units = append(units, unit{piece, []slackgo.Block{slackgo.NewContextBlock("", plainText(piece))}})
			}
		default:
			units = append(units, paragraphUnits(part.Text, nil)...)
		}
	}
	return units
}

func headingUnits(text string) []unit {
	text = oneLine(text)
	switch {
	case text == "":
		return nil
	case utf8.RuneCountInString(text) > maxHeader:
		return paragraphUnits(text, &slackgo.RichTextSectionTextStyle{Bold: true})
	}
	return []unit{{text, []slackgo.Block{slackgo.NewHeaderBlock(plainText(text))}}}
}

func paragraphUnits(text string, style *slackgo.RichTextSectionTextStyle) []unit {
	var units []unit
	for _, piece := range split(strings.TrimSpace(clean(text)), maxSection) {
		section := slackgo.NewRichTextSection(slackgo.NewRichTextSectionTextElement(piece, style))
		units = append(units, unit{piece, []slackgo.Block{richText(section)}})
	}
	return units
}

// listUnits makes one list, or several where it is too long for one; the numbers of steps go on.
func listUnits(part chat.Part) []unit {
	var units []unit
	list := listBuilder{steps: part.Kind == chat.Steps}
	for _, item := range part.Items {
		for _, piece := range split(strings.TrimSpace(clean(item.String())), maxSection-20) {
			if list.chars+escapedLen(piece) > maxSection-20 {
				units = append(units, list.flush()...)
			}
			list.add(piece, item)
		}
	}
	return append(units, list.flush()...)
}

type listBuilder struct {
	steps    bool
	chars    int
	done     int // items in earlier lists
	lines    []string
	elements []slackgo.RichTextElement
}

func (l *listBuilder) add(piece string, item chat.Item) {
	mark := "- "
	if l.steps {
		mark = strconv.Itoa(l.done+len(l.lines)+1) + ". "
	}
	l.lines = append(l.lines, mark+piece)
	l.chars += escapedLen(piece) + len(mark)
	l.elements = append(l.elements, slackgo.NewRichTextSection(linked(piece, item.URL)...))
}

func (l *listBuilder) flush() []unit {
	if len(l.lines) == 0 {
		return nil
	}
	style := slackgo.RTEListBullet
	if l.steps {
		style = slackgo.RTEListOrdered
	}
	list := slackgo.NewRichTextList(style, 0, l.elements...)
	list.Offset = l.done
	u := unit{strings.Join(l.lines, "\n"), []slackgo.Block{richText(list)}}
	*l = listBuilder{steps: l.steps, done: l.done + len(l.lines)}
	return []unit{u}
}

// linked makes a link of the address within text. A link is shown as its address, so that it cannot say one thing and
// lead to another.
func linked(text, address string) []slackgo.RichTextSectionElement {
	before, after, found := strings.Cut(text, address)
	if !found || !isLink(address) {
		return []slackgo.RichTextSectionElement{slackgo.NewRichTextSectionTextElement(text, nil)}
	}
	var elements []slackgo.RichTextSectionElement
	if before != "" {
		elements = append(elements, slackgo.NewRichTextSectionTextElement(before, nil))
	}
	elements = append(elements, slackgo.NewRichTextSectionLinkElement(address, "", nil))
	if after != "" {
		elements = append(elements, slackgo.NewRichTextSectionTextElement(after, nil))
	}
	return elements
}

// choiceUnits repeats choices whose details the buttons have no room for.
func choiceUnits(choices []chat.Choice) []unit {
	part, detailed := chat.Part{Kind: chat.Points}, false
	for _, c := range choices {
		part.Items = append(part.Items, chat.Item{Text: c.String()})
		detailed = detailed || c.Detail != "" || utf8.RuneCountInString(c.Label) > maxButton
	}
	if detailed {
		return listUnits(part)
	}
	// The labels are in the blocks already, as buttons; the text beside the blocks still lists them.
	units := listUnits(part)
	for i := range units {
		units[i].blocks = nil
	}
	return units
}

// actions makes buttons of buttons and of a few choices, and a list to pick from of many. Action ids are counted, since
// Slack wants each but once in a message; the value is the ID.
func actions(buttons []chat.Button, choices []chat.Choice) []slackgo.Block {
	var elements []slackgo.BlockElement
	if len(choices) <= choicesAsButtons {
		for i, c := range choices {
			elements = append(elements, button("choice-"+strconv.Itoa(i), c.ID, c.Label))
		}
	} else {
		elements = append(elements, picker(choices))
	}
	for i, b := range buttons {
		elements = append(elements, button("button-"+strconv.Itoa(i), b.ID, b.Label))
	}
	var blocks []slackgo.Block
	for len(elements) > 0 && len(blocks) < maxBlocks/2 {
		n := min(len(elements), maxActions)
		blocks = append(blocks, slackgo.NewActionBlock("", elements[:n]...))
		elements = elements[n:]
	}
	return blocks
}

func button(action, id, label string) *slackgo.ButtonBlockElement {
	if label = short(label, maxButton); label == "" {
		label = unnamed
	}
	return slackgo.NewButtonBlockElement(action, cutBytes(id, maxValue), plainText(label))
}

// picker is a list to pick from. Those that do not fit are left out; they stand in the text.
func picker(choices []chat.Choice) *slackgo.SelectBlockElement {
	const most = 6000 // characters of all options, half of what a message may have
	var fitting []*slackgo.OptionBlockObject
	size := 0
	for _, o := range options(choices) {
		size += 100 + utf8.RuneCountInString(o.Text.Text) + len(o.Value)
		if size > most {
			break
		}
		o.Description = nil // the text beside the list has it
		fitting = append(fitting, o)
	}
	return slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, plainText(pickOne), "choices", fitting...)
}

// options are choices as a select or type-ahead shows them. One without an ID cannot be told when picked: it is left out.
func options(choices []chat.Choice) []*slackgo.OptionBlockObject {
	list := []*slackgo.OptionBlockObject{}
	for _, c := range choices {
		if c.ID == "" || len(c.ID) > maxOptionValue || len(list) == maxOptions {
			continue
		}
		label := short(c.Label, maxButton)
		if label == "" {
			label = short(c.ID, maxButton)
		}
		if label == "" {
			label = unnamed
		}
		option := slackgo.NewOptionBlockObject(c.ID, plainText(label), nil)
		if detail := short(c.Detail, maxButton); detail != "" {
			option.Description = plainText(detail)
		}
		list = append(list, option)
	}
	return list
}

// plainText is text that Slack parses for nothing, not even for emoji.
func plainText(text string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, text, false, false)
}

func richText(elements ...slackgo.RichTextElement) *slackgo.RichTextBlock {
	return slackgo.NewRichTextBlock("", elements...)
}

// cutBytes cuts what is not for people to read, between letters.
func cutBytes(text string, most int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}
