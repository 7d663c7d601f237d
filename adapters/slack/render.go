package slack

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"signpost/bot/chat"
)

// A rendered is one message as Slack takes it. Text is the whole of it, escaped: what a screen reader reads. Blocks say
// the same with headings, lists and buttons; they hold no markup at all, only plain and rich text elements, so that what
// a person typed is shown as typed and calls nobody.
type rendered struct {
	Text   string
	Blocks []slackgo.Block
	key    string // names it for Find, when it is posted
}

// A unit is a piece of a message that is not split between two: blocks, and what they read as.
type unit struct {
	text   string // plain
	blocks []slackgo.Block
}

// render makes messages of one: almost always one, more where it is longer than Slack takes. Buttons and choices come
// with the last. mention is the id of the person to call at the start, or "".
func render(message chat.Message, mention string) []rendered {
	units := textUnits(message.Text)
	buttons, choices := message.Buttons, message.Choices
	if page := message.Page; page != nil {
		units = append(units, headingUnits(page.Title)...)
		units = append(units, textUnits(page.Text)...)
		buttons, choices = append(buttons[:len(buttons):len(buttons)], page.Buttons...), append(choices[:len(choices):len(choices)], page.Choices...)
	}
	if mention != "" {
		units = append([]unit{mentionUnit(mention)}, units...)
	}
	units = append(units, choiceUnits(choices)...)
	pages := pack(units, actions(buttons, choices))
	if whole := escape(message.String()); len(pages) == 1 && mention == "" && whole != "" && utf8.RuneCountInString(whole) <= maxText {
		pages[0].Text = whole
	}
	return pages
}

// mentionUnit calls one person. Its text is the only live token the adapter ever writes.
func mentionUnit(id string) unit {
	return unit{blocks: []slackgo.Block{richText(slackgo.NewRichTextSection(slackgo.NewRichTextSectionUserElement(id, nil)))}, text: mentionMark + id + mentionMark}
}

// mentionMark stands around an id until the text is escaped. It is a control character, which clean text never has.
const mentionMark = "\x01"

// pack puts units into as few messages as the limits allow, and the actions under the last.
func pack(units []unit, actions []slackgo.Block) []rendered {
	var pages []rendered
	var page sheet
	for _, u := range units {
		if !page.add(u) {
			pages = append(pages, page.rendered())
			page = sheet{}
			page.add(u)
		}
	}
	if ways := (unit{blocks: actions}); !page.add(ways) {
		pages = append(pages, page.rendered())
		page = sheet{blocks: actions}
	}
	if len(page.texts) == 0 && len(actions) > 0 {
		page.texts = labels(actions)
	}
	if len(page.blocks)+len(page.texts) > 0 {
		pages = append(pages, page.rendered())
	}
	if len(pages) == 0 {
		return []rendered{{Text: emptyMessage}}
	}
	return pages
}

// A sheet is a message being filled.
type sheet struct {
	blocks      []slackgo.Block
	texts       []string
	chars, size int // of the text, of the blocks
}

// add takes a unit unless that would break a limit. An empty sheet takes any.
func (s *sheet) add(u unit) bool {
	chars, size := 0, sizeOf(u.blocks)
	if u.text != "" {
		chars = escapedLen(u.text) + len("\n\n")
	}
	full := len(s.blocks)+len(u.blocks) > maxBlocks || s.chars+chars > maxText || s.size+size > maxBlockChars
	if full && len(s.blocks)+len(s.texts) > 0 {
		return false
	}
	s.blocks, s.chars, s.size = append(s.blocks, u.blocks...), s.chars+chars, s.size+size
	if u.text != "" {
		s.texts = append(s.texts, u.text)
	}
	return true
}

func (s *sheet) rendered() rendered { return rendered{Text: textOf(s.texts), Blocks: s.blocks} }

// sizeOf counts the characters of blocks as Slack seems to: all of their JSON.
func sizeOf(blocks []slackgo.Block) int {
	if len(blocks) == 0 {
		return 0
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(blocks); err != nil {
		return maxBlockChars + 1 // cannot happen: blocks are plain structs
	}
	return utf8.RuneCount(b.Bytes())
}

// textOf joins what units read as, escaped.
func textOf(texts []string) string {
	var parts []string
	for _, text := range texts {
		if id, ok := strings.CutPrefix(text, mentionMark); ok {
			parts = append(parts, "<@"+strings.TrimSuffix(id, mentionMark)+">")
		} else if text = escape(text); text != "" {
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 {
		return emptyMessage
	}
	return strings.Join(parts, "\n\n")
}

func labels(actions []slackgo.Block) []string {
	var list []string
	for _, block := range actions {
		for _, element := range block.(*slackgo.ActionBlock).Elements.ElementSet {
			switch e := element.(type) {
			case *slackgo.ButtonBlockElement:
				list = append(list, e.Text.Text)
			case *slackgo.SelectBlockElement:
				list = append(list, e.Placeholder.Text)
			}
		}
	}
	return []string{short(strings.Join(list, ", "), maxSection)}
}
