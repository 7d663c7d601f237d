package escalation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"signpost/bot/chat"
	"signpost/knowledge/sqldb"
)

// Queue lists what a champion has and what they are offered, oldest first.
func Queue(ctx context.Context, db reader, who chat.Address) ([]Case, error) {
	list, err := readCases(ctx, db, `WHERE holder = $1 OR state = 'offered' ORDER BY made, id`, who)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(c Case) bool { return c.Holder != who && !slices.Contains(c.Offered, who) }), nil
}

// Awaiting lists cases in which it is a person's turn to speak, whichever side they are on; oldest first.
func Awaiting(ctx context.Context, db reader, who chat.Address) ([]Case, error) {
	list, err := readCases(ctx, db, `WHERE id IN (SELECT id FROM escalation WHERE asker = $1 UNION SELECT id FROM escalation WHERE holder = $1 AND holder <> '')
		AND state <> 'closed' ORDER BY made, id`, who) // by the two indexes: it is asked at every message
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(c Case) bool { return c.State != Claimed || (c.Ball == ChampionSide) != (c.Holder == who) }), nil
}

// OfAsker lists a person's own questions that are not closed, or closed so lately that they can be opened again; the
// newest first.
func OfAsker(ctx context.Context, db reader, who chat.Address, now time.Time) ([]Case, error) {
	return readCases(ctx, db, `WHERE asker = $1 AND (state <> 'closed' OR closed >= $2) ORDER BY made DESC, id`, who, now.Add(-reopenWithin).UnixMilli())
}

// List lists cases of a place, or, with "", of all; of one state, or, with "", of all that are not closed. Oldest first,
// without practice.
func List(ctx context.Context, db reader, home string, state State) ([]Case, error) {
	return readCases(ctx, db, `WHERE practice = 0 AND ($1 = '' OR home = $1) AND (state = $2 OR $2 = '' AND state <> 'closed') ORDER BY made, id`, home, state)
}

// OfMessage finds the case in which a person said something in a message of theirs, or asked with it.
func OfMessage(ctx context.Context, db reader, who chat.Address, ref chat.Ref) (id string, err error) {
	if ref == "" {
		return "", ErrNotFound
	}
	err = db.QueryRowContext(ctx, `SELECT escalation FROM escalation_line WHERE ref = $1 AND by = $2 LIMIT 1`, ref, who).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	asked, err := readCases(ctx, db, `WHERE asker = $1 ORDER BY made DESC`, who)
	if err != nil {
		return "", err
	}
	for _, c := range asked {
		if c.Ref == ref {
			return c.ID, nil
		}
	}
	return "", ErrNotFound
}

// Everything lists all cases that are kept, oldest first, without practice: for an export.
func Everything(ctx context.Context, db reader) ([]Case, error) {
	return readCases(ctx, db, `WHERE practice = 0 ORDER BY made, id`)
}

// Practise gives a made-up question to somebody who wants to try. The question is the caller's.
func (b *Book) Practise(ctx context.Context, who chat.Address, question string) (Change, error) {
	champion, err := GetChampion(ctx, b.DB.Read(), who)
	if err != nil {
		return Change{}, err
	}
	c := Case{ID: b.NewID(), Practice: true, Wish: who, Home: champion.Place, Question: question}
	return b.do(ctx, b.DB.Read(), c, Act{Kind: Ask})
}

// UsualLoad is how many questions a champion of a place got a week, over the last four: what somebody who wants to join
// may expect.
func UsualLoad(ctx context.Context, db reader, at string, now time.Time) (perWeek float64, err error) {
	const weeks = 4
	var cases, champions int
	err = db.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM escalation WHERE home = $1 AND made >= $2 AND practice = 0),
		(SELECT COUNT(*) FROM champion WHERE place = $1 AND state = 'approved')`, at, now.AddDate(0, 0, -7*weeks).UnixMilli()).Scan(&cases, &champions)
	if err != nil {
		return 0, fmt.Errorf("count escalations: %w", err)
	}
	return float64(cases) / float64(weeks*max(1, champions)), nil
}

// Preview is what a person is shown before they ask: who will read it and when to expect an answer.
type Preview struct {
	Place   string // id of the organisation that reads it
	Anybody bool   // whether anybody could take it now or soon, a champion or those asked last
	Ever    bool   // whether there is anybody at all
	Sharing bool   // whether the organisation takes part in helping across organisations
	Now     bool   // whether somebody is at work just now
	When    time.Time
}

// Preview looks what would become of a question.
func (b *Book) Preview(ctx context.Context, c Case) (Preview, error) {
	c.Step = StepOne
	team, err := b.team(ctx, b.DB.Read(), c, Act{})
	if err != nil {
		return Preview{}, err
	}
	now := b.DB.Now()
	m := team.Route(c, now)
	return Preview{Place: c.Home, Anybody: !m.Nobody, Ever: !m.Nobody || slices.ContainsFunc(team.Champions, func(o Champion) bool { return !c.asks(o.Address) }), Sharing: team.Settings.Sharing,
		Now: len(m.To) > 0, When: sure(team.Settings.Hours.After(now, promise), now)}, nil
}

func saveCredit(ctx context.Context, tx *sqldb.Tx, credit Credit) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO champion_helped (champion, month, topic, count) VALUES ($1, $2, $3, 1)
		ON CONFLICT (champion, month, topic) DO UPDATE SET count = champion_helped.count + 1`,
		credit.Champion, tx.Now().In(London).Format("2006-01"), credit.Topic)
	if err != nil {
		return fmt.Errorf("note whom a champion helped: %w", err)
	}
	return nil
}

// A Count is one line of a champion's own record.
type Count struct {
	Month string // 2026-11
	Topic string // id, or "" where nobody could tell
	Count int
}

// Record is a champion's own, fit for an appraisal: how many, in which month, about what; never who asked. It is shown to
// nobody else, and there is no list of champions by number.
func Record(ctx context.Context, db reader, who chat.Address) ([]Count, error) {
	rows, err := db.QueryContext(ctx, `SELECT month, topic, count FROM champion_helped WHERE champion = $1 ORDER BY month, topic`, who)
	if err != nil {
		return nil, fmt.Errorf("read a champion's record: %w", err)
	}
	defer rows.Close()
	var list []Count
	for rows.Next() {
		var c Count
		if err := rows.Scan(&c.Month, &c.Topic, &c.Count); err != nil {
			return nil, fmt.Errorf("read a champion's record: %w", err)
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// keep is how long a closed case is kept, as questions are.
const keep = 90 * 24 * time.Hour

// DeleteOld deletes closed cases, and waits, that are no longer to be kept.
func DeleteOld(ctx context.Context, tx *sqldb.Tx) error {
	before := tx.Now().Add(-keep).UnixMilli()
	_, err1 := tx.ExecContext(ctx, `DELETE FROM escalation WHERE state = 'closed' AND due IS NULL AND closed < $1`, before)
	_, err2 := tx.ExecContext(ctx, `DELETE FROM waiting WHERE at < $1`, before)
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("delete old escalations: %w", err)
	}
	return nil
}
