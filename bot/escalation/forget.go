package escalation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"signpost/bot/chat"
	"signpost/knowledge/sqldb"
)

// Forget erases a person: what they asked is taken back, what they had goes to others, and no row of this package holds
// their address, name or words any more. Counts without a person stay. It runs within the transaction of the erasure;
// the effects are for others.
func (b *Book) Forget(ctx context.Context, tx *sqldb.Tx, who chat.Address) ([]Effect, error) {
	if err := depart(ctx, tx, who); err != nil { // so that nothing that follows goes to them
		return nil, err
	}
	if err := setState(ctx, tx, who, HasLeft, string(who)); err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	asked, err := readCases(ctx, tx, `WHERE asker = $1`, who)
	if err != nil {
		return nil, err
	}
	effects, err := b.withdraw(ctx, tx, who, true)
	if err != nil {
		return nil, err
	}
	cases, err := readCases(ctx, tx, `WHERE asker = $1 OR holder = $1 OR body LIKE '%' || $1 || '%'
		OR id IN (SELECT escalation FROM escalation_line WHERE by = $1 OR sent LIKE '%' || $1 || '%') ORDER BY id`, who)
	if err != nil {
		return nil, err
	}
	for _, a := range asked { // those of which nothing but the question is left
		if !slices.ContainsFunc(cases, func(c Case) bool { return c.ID == a.ID }) {
			c, err := Get(ctx, tx, a.ID)
			if err != nil {
				return nil, err
			}
			cases = append(cases, c)
		}
	}
	for _, c := range cases {
		after := c.without(who)
		if slices.ContainsFunc(asked, func(a Case) bool { return a.ID == c.ID }) && c.State == Closed {
			after.Name, after.Question, after.Words, after.Asker, after.Where = "", "", "", "", ""
		}
		ch := Change{Before: c, After: after, Act: Act{Kind: "forget"}}
		if err := ch.Save(ctx, tx); err != nil {
			return nil, err
		}
	}
	for _, table := range []string{`champion WHERE address`, `champion_helped WHERE champion`, `waiting WHERE person`, `departed WHERE address`} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` = $1`, who); err != nil {
			return nil, fmt.Errorf("forget a person: %w", err)
		}
	}
	return effects, nil
}

// NamesOf are the names under which others know a person of what this package keeps: as a champion, and as somebody who
// asked. Ask before Forget.
func NamesOf(ctx context.Context, db reader, who chat.Address) (names []string, err error) {
	switch c, err := GetChampion(ctx, db, who); {
	case err == nil:
		names = append(names, c.Name)
	case !errors.Is(err, ErrNotFound):
		return nil, err
	}
	cases, err := readCases(ctx, db, `WHERE asker = $1 OR body LIKE '%' || $1 || '%'`, who)
	for _, c := range cases {
		if c.Asker == who {
			names = append(names, c.Name)
		} else if i := c.follower(who); i >= 0 {
			names = append(names, c.Followers[i].Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), err
}

// without gives the case as if somebody had never been there.
func (c Case) without(who chat.Address) Case {
	c = c.clone()
	not := func(list []chat.Address) []chat.Address {
		return slices.DeleteFunc(list, func(a chat.Address) bool { return a == who })
	}
	c.Passed, c.Declined, c.Credit = not(c.Passed), not(c.Declined), not(slices.Clone(c.Credit))
	if c.Wish == who {
		c.Wish = ""
	}
	delete(c.Cards, who)
	c.Held = slices.DeleteFunc(c.Held, func(h Held) bool { return h.Tell.To == who })
	for i := range c.Lines {
		l := &c.Lines[i]
		l.Sent = slices.DeleteFunc(l.Sent, func(s Sent) bool { return s.To == who })
		if l.By == who {
			l.By, l.Text, l.Ref = "", "", ""
		}
	}
	return c
}
