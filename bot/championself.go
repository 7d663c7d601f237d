package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/words"
	"signpost/knowledge/sqldb"
)

const approvedDue = "champion-approved"

// ApprovedDue tells somebody, at a time, that they are a champion now. It is for whoever approves and cannot post
// messages, such as a command.
func ApprovedDue(who chat.Address, at time.Time) chat.Due {
	return chat.Due{Key: approvedDue + " " + string(who), At: at, What: approvedDue, Data: string(who)}
}

// tellApproved welcomes a champion.
func (m *meeting) tellApproved(ctx context.Context, who chat.Address) (turn chat.Turn, err error) {
	c, err := escalation.GetChampion(ctx, m.bot.DB.Read(), who)
	if errors.Is(err, escalation.ErrNotFound) || err == nil && c.State != escalation.Approved {
		return turn, nil
	} else if err != nil {
		return turn, err
	}
	return m.later(turn, m.welcome(c), c.Hours.NextOpen(m.now))
}

// welcome greets a new champion, within their hours.
func (m *meeting) welcome(c escalation.Champion) chat.Post {
	return chat.Post{Key: "welcome " + m.event.Key, To: c.Address, Message: chat.Message{
		Text: words.Say("champion.welcome", "place", m.nameOf(c.Place)), Buttons: []chat.Button{button("queue", "queue"), button("join practise", "practise")}}}
}

// notChampion is for those who try a champion's ways and are none.
func notChampion() chat.Turn {
	return reply(chat.Message{Text: words.Say("champion.none"), Buttons: []chat.Button{button("join join", "join")}, Private: true})
}

// practise hands out a made-up question, to whoever is a champion or has asked to be one.
func (m *meeting) practise(ctx context.Context) (chat.Turn, error) {
	if _, ok, err := m.self(ctx); err != nil || !ok {
		return notChampion(), err
	}
	turn, err := m.outcome(m.book().Practise(ctx, m.event.Person, words.Line("champion.practice-question")))
	if err == nil && turn.Reply == nil {
		turn.Reply = &chat.Message{Text: words.Say("champion.practising"), Private: true}
	}
	return turn, err
}

// onWard leaves a champion in peace for a while.
func (m *meeting) onWard(ctx context.Context) (chat.Turn, error) {
	if _, ok, err := m.self(ctx); err != nil || !ok {
		return notChampion(), err
	}
	who := m.event.Person
	m.write(func(ctx context.Context, tx *sqldb.Tx) error { _, err := escalation.OnWard(ctx, tx, who); return err })
	until := escalation.Clock(m.now.Add(escalation.WardTime))
	return reply(chat.Message{Text: words.Say("champion.ward", "when", until), Buttons: []chat.Button{button("join back", "back-now")}, Private: true}), nil
}

// backFromWard ends that early.
func (m *meeting) backFromWard(ctx context.Context) (chat.Turn, error) {
	if _, ok, err := m.self(ctx); err != nil || !ok {
		return notChampion(), err
	}
	who := m.event.Person
	m.write(func(ctx context.Context, tx *sqldb.Tx) error { return escalation.Resume(ctx, tx, who) })
	return reply(chat.Message{Text: words.Say("champion.back"), Buttons: []chat.Button{button("queue", "queue")}, Private: true}), nil
}

// leaveSure asks once more before somebody stops being a champion.
func (m *meeting) leaveSure(ctx context.Context) (chat.Turn, error) {
	if _, ok, err := m.self(ctx); err != nil || !ok {
		return notChampion(), err
	}
	return reply(chat.Message{Text: words.Say("champion.leave-sure"), Private: true,
		Buttons: []chat.Button{button("join leave", "leave"), button("queue", "queue")}}), nil
}

// leaveChampions ends it. What they had goes to others, who are asked at once.
func (m *meeting) leaveChampions(ctx context.Context) (chat.Turn, error) {
	if _, ok, err := m.self(ctx); err != nil || !ok {
		return notChampion(), err
	}
	m.takeOut(m.event.Person)
	return reply(chat.Message{Text: words.Say("champion.left"), Private: true}), nil
}

// record is what a champion did, for themselves alone.
func (m *meeting) record(ctx context.Context) (chat.Turn, error) {
	counts, err := escalation.Record(ctx, m.bot.DB.Read(), m.event.Person)
	if err != nil {
		return chat.Turn{}, err
	}
	if len(counts) == 0 {
		return reply(chat.Message{Text: words.Say("champion.record-none"), Buttons: m.championButtons(), Private: true}), nil
	}
	total := 0
	points := chat.Part{Kind: chat.Points}
	for _, c := range counts {
		total += c.Count
		month, _ := time.Parse("2006-01", c.Month)
		points.Items = append(points.Items, chat.Item{Text: words.Line("champion.record-line", "month", month.Format("January 2006"), "topic", m.topicName(c.Topic), "n", fmt.Sprint(c.Count))})
	}
	text := append(words.Say("champion.record", "n", fmt.Sprint(total)), points)
	return reply(chat.Message{Text: text.Add(words.Say("champion.record-private")), Private: true}), nil
}

// championsNear lists champions who agreed to it, the nearest place first; of one topic, or of all.
func (m *meeting) championsNear(ctx context.Context, topic string) (chat.Turn, error) {
	home, known := m.home()
	if !known {
		return reply(m.whoCanHelp(words.Say("champion.head"), false)), nil
	}
	near, err := escalation.Near(ctx, m.bot.DB.Read(), m.base.Places.Chain(m.person.Home), topic)
	if err != nil {
		return chat.Turn{}, err
	}
	near = slices.DeleteFunc(near, func(c escalation.Champion) bool { return c.Name == "" })
	message := chat.Message{Text: words.Say("champion.near-none", "place", home), Buttons: []chat.Button{button("champion", "champion"), button("join join", "join")}, Private: true}
	if len(near) == 0 {
		return reply(message), nil
	}
	message.Text = words.Say("champion.near", "place", home)
	points := chat.Part{Kind: chat.Points}
	offered := map[string]bool{}
	for _, c := range near[:min(len(near), onePage)] {
		points.Items = append(points.Items, chat.Item{Text: words.Line("champion.near-line", "name", c.Name, "place", m.nameOf(c.Place), "topics", m.topicNames(c.Topics))})
		for _, id := range c.Topics {
			if topic == "" && !offered[id] && len(message.Choices) < onePage {
				offered[id] = true
				message.Choices = append(message.Choices, chat.Choice{ID: "near " + id, Label: label(m.topicName(id))})
			}
		}
	}
	message.Text = append(message.Text, points)
	message.Buttons = []chat.Button{button("champion", "champion")}
	return reply(message), nil
}
