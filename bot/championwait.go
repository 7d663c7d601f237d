package bot

import (
	"context"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/bot/escalation"
	"signpost/bot/words"
	"signpost/knowledge"
	"signpost/knowledge/sqldb"
)

// People who got "I don't know" may ask to be told when there is an answer. All who wait are looked at once an hour, in
// office hours: an entry may have come from a curator, from a pack, or by command.
const (
	waitingDue = "waiting"
	lookAtOnce = 20 // at those who wait, so that no look takes long
)

// nextLook is the next full hour in office hours: the same for all who begin to wait before it.
func nextLook(now time.Time) time.Time {
	return escalation.Office.NextOpen(now.Truncate(time.Hour).Add(time.Hour))
}

func waitingAt(at time.Time, after string) chat.Due {
	return chat.Due{Key: waitingDue, At: at, What: waitingDue, Data: after}
}

// wait notes that somebody wants to know.
func (m *meeting) wait(ctx context.Context, question string) (chat.Turn, error) {
	q, ok, err := m.askedBefore(ctx, question)
	if err != nil {
		return chat.Turn{}, err
	}
	if !ok {
		return reply(chat.Message{Text: words.Say("feedback.gone"), Buttons: []chat.Button{button("topics", "topics")}}), nil
	}
	w := escalation.Waiting{ID: m.bot.NewID(), Person: m.event.Person, Home: m.person.Home, Text: q.text}
	m.write(func(ctx context.Context, tx *sqldb.Tx) error { return escalation.Wait(ctx, tx, w) })
	turn := reply(chat.Message{Text: words.Say("champion.waiting"), Buttons: []chat.Button{button("unwait "+question, "unwait")}, Private: true})
	turn.Due = []chat.Due{waitingAt(nextLook(m.now), "")}
	return turn, nil
}

// unwait takes that back.
func (m *meeting) unwait(ctx context.Context, question string) (chat.Turn, error) {
	q, ok, err := m.askedBefore(ctx, question)
	if err != nil {
		return chat.Turn{}, err
	}
	if ok {
		who := m.event.Person
		m.write(func(ctx context.Context, tx *sqldb.Tx) error { return escalation.StopWaitingFor(ctx, tx, who, q.text) })
	}
	return reply(chat.Message{Text: words.Say("champion.not-waiting"), Private: true}), nil
}

// tellWaiting looks at some of those who wait, beginning after the one looked at last, and tells those whose question has
// an answer now. Each is told once: being told ends the wait.
func (m *meeting) tellWaiting(ctx context.Context, after string) (turn chat.Turn, err error) {
	list, err := escalation.AllWaiting(ctx, m.bot.DB.Read())
	if err != nil || len(list) == 0 {
		return turn, err
	}
	from := 0
	for i, w := range list {
		if w.ID == after {
			from = i + 1
		}
	}
	some := list[from:min(len(list), from+lookAtOnce)]
	for _, w := range some {
		d := consider(m.base, knowledge.Question{Text: w.Text, Home: w.Home})
		if d.Verdict == Known {
			m.tellsWaiting(w, d.Shown[0].Entry.Slug)
		}
	}
	if from+len(some) < len(list) {
		turn.Due = []chat.Due{waitingAt(m.now.Add(time.Second), some[len(some)-1].ID)}
	} else {
		turn.Due = []chat.Due{waitingAt(nextLook(m.now), "")}
	}
	return turn, nil
}

func (m *meeting) tellsWaiting(w escalation.Waiting, slug string) {
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		tell, first, err := escalation.TellWaiting(ctx, tx, w, slug)
		if err != nil || !first {
			return err
		}
		post := m.post(escalation.Case{Asker: w.Person, Home: w.Home}, tell)
		return desk.Post(ctx, tx, post)
	})
}
