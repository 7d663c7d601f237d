package bot

import (
	"context"
	"errors"
	"fmt"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/bot/people"
	"signpost/bot/words"
	"signpost/knowledge/sqldb"
)

// joinAsked thanks, and asks those who run it for the place.
func (m *meeting) joinAsked(ctx context.Context, c escalation.Champion) (chat.Turn, error) {
	admins, err := m.book().Admins(ctx, c.Place)
	if err != nil {
		return chat.Turn{}, err
	}
	home := m.placeName()
	turn := reply(chat.Message{Text: words.Say("champion.join-asked", "place", home), Buttons: []chat.Button{button("join practise", "practise")}, Private: true})
	name := m.event.Name
	if name == "" {
		name = string(m.event.Person)
	}
	for i, admin := range admins {
		message := chat.Message{Text: words.Say("champion.join-card", "name", name, "place", home, "topics", m.topicNames(c.Topics), "hours", writeWeek(c.Hours.Week)),
			Buttons: []chat.Button{button("join approve "+string(c.Address), "approve"), button("join decline "+string(c.Address), "decline")}}
		post := chat.Post{Key: fmt.Sprintf("join %d %s", i+1, m.event.Key), To: admin, Message: message}
		if turn, err = m.later(turn, post, escalation.Office.NextOpen(m.now)); err != nil {
			return chat.Turn{}, err
		}
	}
	return turn, nil
}

// decideJoin is an admin's yes or no.
func (m *meeting) decideJoin(ctx context.Context, verb string, who chat.Address) (chat.Turn, error) {
	c, err := escalation.GetChampion(ctx, m.bot.DB.Read(), who)
	if err != nil && !errors.Is(err, escalation.ErrNotFound) {
		return chat.Turn{}, err
	}
	said := func(key string) chat.Turn { return reply(chat.Message{Text: words.Say(key), Private: true}) }
	switch {
	case err != nil || c.State != escalation.Wishing:
		return said("champion.join-decided"), nil
	case !m.rights.May(people.Admin, m.base.Places, c.Place):
		return said("champion.not-admin"), nil
	case verb == "decline":
		turn := said("champion.join-declined")
		m.takeOut(who)
		post := chat.Post{Key: "join declined " + m.event.Key, To: who, Message: chat.Message{Text: words.Say("champion.declined", "place", m.nameOf(c.Place))}}
		return m.later(turn, post, c.Hours.NextOpen(m.now))
	}
	by := string(m.event.Person)
	m.write(func(ctx context.Context, tx *sqldb.Tx) error { return escalation.Approve(ctx, tx, who, by) })
	return m.later(said("champion.join-approved"), m.welcome(c), c.Hours.NextOpen(m.now))
}

func (m *meeting) nameOf(at string) string {
	p, _ := m.base.Places.Get(at)
	return p.Name
}

// takeOut ends somebody's being a champion; what they had goes to others.
func (m *meeting) takeOut(who chat.Address) {
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		effects, err := m.book().Leave(ctx, tx, who)
		if err != nil {
			return err
		}
		return m.carryOut(ctx, tx, effects)
	})
}
