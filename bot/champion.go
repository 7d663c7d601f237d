package bot

import (
	"context"
	"errors"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge/place"
	"signpost/knowledge/sqldb"
)

// This file and the others that start with "champion" are how a question reaches a champion, and how an answer comes
// back. What happens to a question is decided by package escalation; here its decisions become messages:
//
//	championbefore.go  what would be passed on, shown before it is
//	championask.go     the question, its other words, and passing it on
//	championtell.go    an escalation.Tell as a chat.Post
//	championact.go     buttons and what was filled in, on a question; championforms.go: the forms
//	championreply.go   plain replies, edits, deletions, people who leave
//	championqueue.go   a champion's queue, and one question as it stands
//	championjoin.go    becoming a champion; championapprove.go: an admin's yes or no, and leaving
//	championself.go    time on a ward, own record, who is near
//	championhours.go   hours and leave as people write them; championtopics.go: topics
//	championdraft.go   an answer saved as an entry
//	championtyped.go   what people who asked type where they could press
//	championwait.go    people who wait for an answer to what nobody knew

// book decides about questions, from the base as it stands in this meeting.
func (m *meeting) book() *escalation.Book {
	return &escalation.Book{DB: m.bot.DB, Tree: func() *place.Tree { return m.base.Places }, NewID: m.bot.NewID}
}

// championCommands are what people type about champions, each by its whole text; see commands.
var championCommands = map[string]string{
	"my queue": "queue", "queue": "queue",
	"champion join": "join", "become a champion": "join", "be a champion": "join", "join as a champion": "join",
	"champion details": "details", "champion hours": "details", "champion leave": "leaving", "stop being a champion": "leaving",
	"champion practise": "practise", "champion practice": "practise", "practise": "practise",
	"on a ward now": "ward", "on a ward": "ward", "im on a ward now": "ward", "back from the ward": "back", "off the ward": "back",
	"champions near me": "near", "champion near me": "near", "who are the champions": "near",
	"who i helped": "record", "my record": "record", "champion record": "record",
}

// championCommand handles a command about champions; ok is false for any other text.
func (m *meeting) championCommand(ctx context.Context, typed string) (turn chat.Turn, ok bool, err error) {
	switch verb := championCommands[typed]; verb {
	case "":
		return m.askerCommand(ctx, typed)
	case "queue":
		turn, err = m.queue(ctx)
	case "near":
		turn, err = m.championsNear(ctx, "")
	case "record":
		turn, err = m.record(ctx)
	default:
		turn, err = m.joining(ctx, verb, "")
	}
	return turn, true, err
}

// championHelp is what a champion can type besides.
func (m *meeting) championHelp() chat.Text {
	if !m.rights.Anywhere(people.Champion) {
		return nil
	}
	return words.Say("champion.help")
}

// cameDue goes by what came due. What nobody knows any more is taken, and nothing follows.
func (m *meeting) cameDue(ctx context.Context) (chat.Turn, error) {
	switch due := *m.event.Due; due.What {
	case escalation.DueWhat:
		ch, err := m.book().CameDue(ctx, due)
		if err != nil {
			return chat.Turn{}, err
		}
		return m.follows(ch), nil
	case laterDue:
		return m.postNow(due)
	case approvedDue:
		return m.tellApproved(ctx, chat.Address(due.Data))
	case waitingDue:
		return m.tellWaiting(ctx, due.Data)
	}
	return chat.Turn{}, nil
}

// outcome turns what was decided about a question into a turn, or what stands in its way into a kind sentence.
func (m *meeting) outcome(ch escalation.Change, err error) (chat.Turn, error) {
	for sentinel, key := range escalation.ErrorWords {
		if errors.Is(err, sentinel) {
			return reply(m.refusal(ch, sentinel, key)), nil
		}
	}
	if err != nil {
		return chat.Turn{}, err
	}
	return m.follows(ch), nil
}

// refusal says why nothing was done, with the next thing that can be.
func (m *meeting) refusal(ch escalation.Change, err error, key string) chat.Message {
	message := chat.Message{Text: words.Say(key), Private: true}
	switch {
	case errors.Is(err, escalation.ErrOver) && ch.Before.Asker == m.event.Person:
		message.Buttons = []chat.Button{caseButton(ch.Before.ID, escalation.Reopen)}
	case m.rights.Anywhere(people.Champion):
		message.Buttons = []chat.Button{button("queue", "queue")}
	}
	return message
}

// follows writes a decision, posts what it tells others, and says to whoever is here what it tells them.
func (m *meeting) follows(ch escalation.Change) (turn chat.Turn) {
	m.write(func(ctx context.Context, tx *sqldb.Tx) error { return ch.Save(ctx, tx) })
	for _, effect := range ch.Effects {
		switch e := effect.(type) {
		case escalation.Tell:
			if e.Who == escalation.ToActor {
				if ch.After.Practice {
					e.What = "champion.practice-done"
				}
				message := m.message(ch.After, e)
				message.Private = true
				turn.Reply = &message
			} else {
				turn.Messages = append(turn.Messages, m.post(ch.After, e))
			}
		case escalation.Due:
			turn.Due = append(turn.Due, e.Due)
		}
	}
	return turn
}
