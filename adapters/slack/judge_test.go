package slack

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// This file says what must never leave the adapter: live mentions, blocks above Slack's limits, letters that hide.

// live are the tokens that Slack acts on. An escaped "<" is "&lt;", so any "<" left is a token.
var live = regexp.MustCompile(`<[^>]*>?`)

// problemsOf are the problems of a message.
func problemsOf(text string, blocks json.RawMessage, most int, allowed func(string) bool) []string {
	var problems []string
	for _, token := range live.FindAllString(text, -1) {
		if !allowed(token) {
			problems = append(problems, "a live token in the text: "+token)
		}
	}
	if n := utf8.RuneCountInString(text); n > 4000 || n == 0 {
		problems = append(problems, fmt.Sprintf("a text of %d characters", n))
	}
	problems = append(problems, hidden(text)...)
	if len(blocks) == 0 {
		return problems
	}
	if n := utf8.RuneCount(blocks); n > 40_000 {
		problems = append(problems, fmt.Sprintf("blocks of %d characters", n))
	}
	var list []map[string]any
	if err := json.Unmarshal(blocks, &list); err != nil {
		return append(problems, err.Error())
	}
	if len(list) > most {
		problems = append(problems, fmt.Sprintf("%d blocks", len(list)))
	}
	if n := plainSize(list); most == maxBlocks && n > 13_000 {
		problems = append(problems, fmt.Sprintf("blocks of %d characters in all", n))
	}
	return append(problems, blockProblems(list, allowed)...)
}

// plainSize is the size of blocks as JSON, written without the escapes that Go adds.
func plainSize(list []map[string]any) int {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.Encode(list)
	return utf8.RuneCountInString(b.String())
}

// viewProblems are the problems of a form or a home page.
func viewProblems(raw json.RawMessage) []string {
	var v struct {
		Type     string                 `json:"type"`
		Title    *struct{ Text string } `json:"title"`
		Submit   *struct{ Text string } `json:"submit"`
		Callback string                 `json:"callback_id"`
		Metadata string                 `json:"private_metadata"`
		Blocks   []map[string]any       `json:"blocks"`
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return []string{err.Error()}
	}
	var problems []string
	if v.Type == "modal" && (v.Title == nil || v.Title.Text == "" || utf8.RuneCountInString(v.Title.Text) > 24 || v.Submit == nil || utf8.RuneCountInString(v.Submit.Text) > 24) {
		problems = append(problems, "a title or a submit button too long, or none")
	}
	if len(v.Metadata) > 3000 || len(v.Callback) > 255 || len(v.Blocks) > 100 || len(v.Blocks) == 0 {
		problems = append(problems, fmt.Sprintf("metadata of %d, callback of %d, %d blocks", len(v.Metadata), len(v.Callback), len(v.Blocks)))
	}
	ids := map[string]bool{}
	for _, b := range v.Blocks {
		if id, _ := b["block_id"].(string); id != "" {
			if ids[id] {
				problems = append(problems, "two blocks have the id "+id)
			}
			ids[id] = true
		}
	}
	return append(problems, blockProblems(v.Blocks, func(string) bool { return false })...)
}

// limits are those of the texts of each kind of block or element.
var textLimits = map[string]int{"header": 150, "section": 3000, "button": 75, "option": 75, "input": 2000, "static_select": 150, "external_select": 150, "context": 3000}

func blockProblems(list []map[string]any, allowed func(string) bool) []string {
	var problems []string
	actions := map[string]bool{}
	var walk func(kind string, v any)
	walk = func(kind string, v any) {
		switch v := v.(type) {
		case []any:
			if kind == "actions.elements" && len(v) > 25 {
				problems = append(problems, fmt.Sprintf("%d elements in one actions block", len(v)))
			}
			for _, one := range v {
				walk(kind, one)
			}
		case map[string]any:
			own, _ := v["type"].(string)
			problems = append(problems, oneProblem(kind, own, v, allowed, actions)...)
			for name, inner := range v {
				under := own
				switch {
				case name == "options" || name == "initial_option":
					under = "option"
				case own == "actions" && name == "elements":
					under = "actions.elements"
				}
				if under == "" {
					under = kind
				}
				walk(under, inner)
			}
		}
	}
	for _, b := range list {
		walk("", b)
	}
	return problems
}

func oneProblem(parent, kind string, v map[string]any, allowed func(string) bool, actions map[string]bool) []string {
	var problems []string
	text, _ := v["text"].(string)
	switch kind {
	case "plain_text":
		if most := textLimits[parent]; most == 0 || utf8.RuneCountInString(text) > most || text == "" {
			problems = append(problems, fmt.Sprintf("a text of %d characters in a %s: %.80q", utf8.RuneCountInString(text), parent, text))
		}
		if v["emoji"] == true {
			problems = append(problems, "a text whose emoji are read")
		}
		problems = append(problems, hidden(text)...)
	case "mrkdwn":
		problems = append(problems, "text that is searched for markup: "+text)
	case "text":
		if text == "" || utf8.RuneCountInString(text) > 3000 {
			problems = append(problems, fmt.Sprintf("a rich text of %d characters", utf8.RuneCountInString(text)))
		}
		problems = append(problems, hidden(text)...)
	case "link":
		if to, _ := v["url"].(string); !strings.HasPrefix(to, "http://") && !strings.HasPrefix(to, "https://") || text != "" && text != to {
			problems = append(problems, fmt.Sprintf("a link to %q that reads %q", to, text))
		}
	case "user", "usergroup", "broadcast", "channel":
		id, _ := v["user_id"].(string)
		if kind != "user" || !allowed("<@"+id+">") {
			problems = append(problems, fmt.Sprintf("a live mention in the blocks: %v", v))
		}
	case "button", "static_select", "external_select":
		id, _ := v["action_id"].(string)
		if id == "" || actions[id] || len(id) > 255 {
			problems = append(problems, fmt.Sprintf("an action id %q that is empty, too long or not the only one", id))
		}
		actions[id] = true
		if value, _ := v["value"].(string); len(value) > 2000 {
			problems = append(problems, "a value too long")
		}
		if list, ok := v["options"].([]any); kind == "static_select" && (!ok || len(list) == 0 || len(list) > 100) {
			problems = append(problems, fmt.Sprintf("a list of %d options", len(list)))
		}
	case "":
		if value, ok := v["value"].(string); ok && parent == "option" && (value == "" || len(value) > 150) {
			problems = append(problems, "an option's value is empty or too long")
		}
	}
	return problems
}

// hidden are letters that turn the order of others, or cannot be seen.
func hidden(text string) []string {
	if i := strings.IndexFunc(text, func(r rune) bool {
		return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x200B || r == 0x2060 || r == 0xFEFF || r < ' ' && r != '\n'
	}); i >= 0 {
		return []string{fmt.Sprintf("a hidden letter at %d of %.60q", i, text)}
	}
	return nil
}

// readsAs is what a person reads in blocks, and whom they call.
func readsAs(blocks json.RawMessage) (text string, labels, calls []string) {
	var list []map[string]any
	json.Unmarshal(blocks, &list)
	var b strings.Builder
	var walk func(v any)
	walk = func(v any) {
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		inner := func(name string, after string) {
			if list, ok := m[name].([]any); ok {
				for _, one := range list {
					walk(one)
					b.WriteString(after)
				}
			}
		}
		textOf := func(v any) string {
			m, _ := v.(map[string]any)
			s, _ := m["text"].(string)
			return s
		}
		switch m["type"] {
		case "rich_text", "rich_text_list", "context":
			inner("elements", "\n")
		case "rich_text_section", "actions":
			inner("elements", "")
		case "text", "plain_text":
			s, _ := m["text"].(string)
			b.WriteString(s)
		case "header", "section":
			b.WriteString(textOf(m["text"]) + "\n")
		case "link":
			s, _ := m["url"].(string)
			b.WriteString(s)
		case "user":
			s, _ := m["user_id"].(string)
			calls = append(calls, s)
		case "button":
			labels = append(labels, textOf(m["text"]))
		case "static_select":
			options, _ := m["options"].([]any)
			for _, o := range options {
				o, _ := o.(map[string]any)
				labels = append(labels, textOf(o["text"]))
			}
		}
	}
	for _, block := range list {
		walk(block)
		b.WriteString("\n")
	}
	return strings.TrimSpace(b.String()), labels, calls
}
