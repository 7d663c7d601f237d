package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/bot/escalation"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge/sqldb"
)

// post is what somebody is told, on its way to where they are told things. Whoever asked reads it where they asked.
func (m *meeting) post(c escalation.Case, t escalation.Tell) chat.Post {
	post := chat.Post{Key: t.Key, To: t.To, Message: m.message(c, t), Under: t.Under, Replaces: t.Replaces}
	if t.Who == escalation.ToAsker || t.Who == escalation.ToFollower {
		var thread bool
		if post.To, thread = c.PlaceOf(t.To); post.To != t.To {
			post.Else = t.To
		}
		if thread {
			post.Under = ""
		}
	}
	return post
}

// message puts a Tell into words, with what was said before and with buttons.
func (m *meeting) message(c escalation.Case, t escalation.Tell) chat.Message {
	given := escalation.Given(t.Values, m.base.Places, func(slug string) string { return m.titleAt(slug, c.Home) })
	text := withoutNone(inParagraphs(words.Say(t.What, given...)))
	if strings.Contains(words.Raw(t.What), "{entry}") {
		text = beforeNote(text, m.entryFor(t.Values["entry"], c))
	}
	if t.Who == escalation.ToFollower && strings.HasPrefix(t.What, "escalation.answer") { // they have no buttons to say how it went
		text = slices.DeleteFunc(text, func(part chat.Part) bool { return part.Kind == chat.Note })
	}
	message := chat.Message{Text: text.Add(pastText(t))}
	for _, kind := range t.Can {
		message.Buttons = append(message.Buttons, caseButton(c.ID, kind))
	}
	return message
}

func caseButton(id string, kind escalation.Kind) chat.Button {
	return chat.Button{ID: "case " + id + " " + string(kind), Label: words.Line(escalation.Labels[kind])}
}

// inParagraphs gives each line that somebody typed a paragraph of its own, and leaves out what is empty.
func inParagraphs(text chat.Text) chat.Text {
	var out chat.Text
	for _, part := range text {
		if len(part.Items) > 0 {
			out = append(out, part)
			continue
		}
		for line := range strings.Lines(part.Text) {
			if line = strings.TrimSpace(line); line != "" {
				out = append(out, chat.Part{Kind: part.Kind, Text: line})
			}
		}
	}
	return out
}

// beforeNote puts more before the note that a text ends with.
func beforeNote(text, more chat.Text) chat.Text {
	last := len(text) - 1
	if last < 0 || text[last].Kind != chat.Note {
		return text.Add(more)
	}
	return text[:last:last].Add(more).Add(text[last:])
}

// withoutNone leaves out the points of a card that say nothing: no answers found, nothing tried, one person waiting.
func withoutNone(text chat.Text) chat.Text {
	for i, part := range text {
		text[i].Items = slices.DeleteFunc(part.Items, func(item chat.Item) bool {
			_, value, _ := strings.Cut(item.Text, ": ")
			return value == words.Line("escalation.nothing") || value == "1"
		})
	}
	return text
}

// pastText is what was said before. Who said it is not named: the other side is one person, or several.
func pastText(t escalation.Tell) chat.Text {
	if len(t.Past) == 0 {
		return nil
	}
	points := chat.Part{Kind: chat.Points}
	for _, said := range t.Past {
		key := "escalation.past-asker"
		switch {
		case said.From == escalation.ChampionSide:
			key = "escalation.past-champion"
		case said.From == escalation.NoteSide:
			key = "escalation.past-note"
		}
		points.Items = append(points.Items, chat.Item{Text: words.Line(key, "text", said.Text)})
	}
	return append(words.Say("escalation.past"), points)
}

// titleAt is an entry's title as people at a place see it.
func (m *meeting) titleAt(slug, home string) string {
	if e, ok := m.base.Entry(slug, home); ok {
		return e.Title
	}
	return slug
}

// entryFor is an entry in full, as whoever asked would read it: with the details of their place, not of the champion's.
func (m *meeting) entryFor(slug string, c escalation.Case) chat.Text {
	e, ok := m.base.Entry(slug, c.Home)
	if !ok {
		return nil
	}
	asker := &meeting{bot: m.bot, base: m.base, settings: m.settings, person: people.Person{Home: c.Home, Role: c.Role}}
	return asker.answerText(e, "")[1:] // the sentence around it names the title
}

// laterDue is a post that waits for somebody's hours.
const laterDue = "post"

// later adds a post to a turn, to go out at a time, or now.
func (m *meeting) later(turn chat.Turn, post chat.Post, at time.Time) (chat.Turn, error) {
	if !at.After(m.now) {
		turn.Messages = append(turn.Messages, post)
		return turn, nil
	}
	body, err := json.Marshal(post)
	if err != nil {
		return turn, fmt.Errorf("keep post %q: %w", post.Key, err)
	}
	turn.Due = append(turn.Due, chat.Due{Key: "post " + post.Key, At: at, What: laterDue, Data: string(body)})
	return turn, nil
}

// postNow posts what waited.
func (m *meeting) postNow(due chat.Due) (turn chat.Turn, err error) {
	var post chat.Post
	if err := json.Unmarshal([]byte(due.Data), &post); err != nil {
		return turn, fmt.Errorf("read post %q: %w", due.Key, err)
	}
	turn.Messages = []chat.Post{post}
	return turn, nil
}

// carryOut posts, within a transaction, what follows from somebody's leaving: it is decided there, from rows as they stand.
func (m *meeting) carryOut(ctx context.Context, tx *sqldb.Tx, effects []escalation.Effect) error {
	for _, effect := range effects {
		switch e := effect.(type) {
		case escalation.Tell:
			id, _ := escalation.CaseOf(e.Key)
			c, err := escalation.Get(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := desk.Post(ctx, tx, m.post(c, e)); err != nil {
				return err
			}
		case escalation.Due:
			if err := desk.Schedule(ctx, tx, e.Due); err != nil {
				return err
			}
		}
	}
	return nil
}
