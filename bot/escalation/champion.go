package escalation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"signpost/bot/chat"
	"signpost/bot/people"
	"signpost/knowledge/sqldb"
)

// ErrHours: nobody can be a champion who is never there.
var ErrHours = errors.New("escalation: no working hours")

const championColumns = `SELECT address, name, place, topics, roles, hours, most, state, listed, practised, offered,
	(SELECT COUNT(*) FROM escalation e WHERE e.holder = champion.address AND e.state = 'claimed' AND e.practice = 0) +
	(SELECT COUNT(*) FROM escalation e WHERE e.offered = champion.address AND e.state = 'offered' AND e.practice = 0)
	FROM champion `

// readTeam reads the champions of a place, or of all places, and those named.
func readTeam(ctx context.Context, db reader, at string, all bool, named []chat.Address) ([]Champion, error) {
	where, args := `WHERE place = $1`, []any{at}
	if all {
		where, args = ``, nil
	}
	team, err := readChampions(ctx, db, where+` ORDER BY address`, args...)
	if err != nil {
		return nil, err
	}
	have := map[chat.Address]bool{"": true}
	for _, c := range team {
		have[c.Address] = true
	}
	for _, who := range named {
		if have[who] {
			continue
		}
		have[who] = true
		more, err := readChampions(ctx, db, `WHERE address = $1`, who)
		if err != nil {
			return nil, err
		}
		team = append(team, more...)
	}
	return team, nil
}

func readChampions(ctx context.Context, db reader, where string, args ...any) ([]Champion, error) {
	rows, err := db.QueryContext(ctx, championColumns+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read champions: %w", err)
	}
	defer rows.Close()
	var list []Champion
	for rows.Next() {
		var c Champion
		var topics, roles, hours string
		var last int64
		err := rows.Scan(&c.Address, &c.Name, &c.Place, &topics, &roles, &hours, &c.Most, &c.State, &c.Listed, &c.Practised, &last, &c.Load)
		if err != nil {
			return nil, fmt.Errorf("read champions: %w", err)
		}
		c.Last = fromMilli(last)
		err = errors.Join(json.Unmarshal([]byte(topics), &c.Topics), json.Unmarshal([]byte(roles), &c.Roles), json.Unmarshal([]byte(hours), &c.Hours))
		if err != nil {
			return nil, fmt.Errorf("read champion: %w", err)
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// GetChampion reads one.
func GetChampion(ctx context.Context, db reader, who chat.Address) (Champion, error) {
	list, err := readChampions(ctx, db, `WHERE address = $1`, who)
	if err != nil {
		return Champion{}, err
	}
	if len(list) == 0 {
		return Champion{}, ErrNotFound
	}
	return list[0], nil
}

// Champions lists those of a place, or, with "", all, by name; of one standing, or, with "", of all.
func Champions(ctx context.Context, db reader, at string, state Standing) ([]Champion, error) {
	return readChampions(ctx, db, `WHERE ($1 = '' OR place = $1) AND ($2 = '' OR state = $2) ORDER BY name, address`, at, state)
}

// Near lists champions who agreed to be listed, by place, the nearest first, and topic; with topic "", of any.
func Near(ctx context.Context, db reader, chain []string, topic string) ([]Champion, error) {
	var near []Champion
	for _, at := range chain {
		list, err := Champions(ctx, db, at, Approved)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if c.Listed && c.about(topic) {
				near = append(near, c)
			}
		}
	}
	return near, nil
}

// Join writes what a champion said about themselves. Somebody new, or who had left, waits for an admin's approval; the
// others keep their standing.
func Join(ctx context.Context, tx *sqldb.Tx, c Champion) error {
	c.Name = strings.Join(strings.Fields(c.Name), " ")
	if c.Hours.NextOpen(tx.Now()).IsZero() {
		return ErrHours
	}
	topics, err1 := json.Marshal(c.Topics)
	roles, err2 := json.Marshal(c.Roles)
	hours, err3 := json.Marshal(c.Hours)
	if err := errors.Join(err1, err2, err3); err != nil {
		return fmt.Errorf("save champion: %w", err)
	}
	var before Standing
	if old, err := GetChampion(ctx, tx, c.Address); err == nil {
		before = old.State
		if old.Place != c.Place { // another organisation must approve
			before = HasLeft
			if _, err := people.Take(ctx, tx, people.Grant{Person: c.Address, Right: people.Champion, Place: old.Place, By: string(c.Address)}); err != nil {
				return err
			}
		}
	} else if !errors.Is(err, ErrNotFound) {
		return err
	}
	after := before
	if before == "" || before == HasLeft {
		after = Wishing
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO champion (address, name, place, topics, roles, hours, most, state, listed, practised, joined)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10) ON CONFLICT (address) DO UPDATE SET name = excluded.name, place = excluded.place,
		topics = excluded.topics, roles = excluded.roles, hours = excluded.hours, most = excluded.most, state = excluded.state, listed = excluded.listed`,
		c.Address, c.Name, c.Place, string(topics), string(roles), string(hours), c.Most, after, c.Listed, tx.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("save champion: %w", err)
	}
	return tx.Record(ctx, string(c.Address), "champion "+string(c.Address), string(before), string(after))
}

// Approve makes somebody who asked a champion of their place. by is the admin.
func Approve(ctx context.Context, tx *sqldb.Tx, who chat.Address, by string) error {
	c, err := GetChampion(ctx, tx, who)
	if err != nil {
		return err
	}
	if c.State == HasLeft {
		return ErrNotFound
	}
	if err := setState(ctx, tx, who, Approved, by); err != nil {
		return err
	}
	return people.Give(ctx, tx, people.Grant{Person: who, Right: people.Champion, Place: c.Place, By: by})
}

// Pause stops offers to a champion until they Resume; what they have they keep.
func Pause(ctx context.Context, tx *sqldb.Tx, who chat.Address) error {
	return swap(ctx, tx, who, Approved, Paused)
}

// Resume ends a pause, and time on a ward.
func Resume(ctx context.Context, tx *sqldb.Tx, who chat.Address) error {
	if err := setHours(ctx, tx, who, func(h *Hours) { h.Away = time.Time{} }); err != nil {
		return err
	}
	return swap(ctx, tx, who, Paused, Approved)
}

// WardTime is how long "on a ward now" lasts.
const WardTime = 2 * time.Hour

// OnWard leaves a champion in peace for two hours, and gives back when that ends.
func OnWard(ctx context.Context, tx *sqldb.Tx, who chat.Address) (until time.Time, err error) {
	until = tx.Now().Add(WardTime)
	return until, setHours(ctx, tx, who, func(h *Hours) { h.Away = until })
}

// AddLeave notes days away.
func AddLeave(ctx context.Context, tx *sqldb.Tx, who chat.Address, days Days) error {
	return setHours(ctx, tx, who, func(h *Hours) { h.Leave = append(h.Leave, days) })
}

func setHours(ctx context.Context, tx *sqldb.Tx, who chat.Address, change func(*Hours)) error {
	c, err := GetChampion(ctx, tx, who)
	if err != nil {
		return err
	}
	change(&c.Hours)
	body, err := json.Marshal(c.Hours)
	if err != nil {
		return fmt.Errorf("save champion: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE champion SET hours = $1 WHERE address = $2`, string(body), who); err != nil {
		return fmt.Errorf("save champion: %w", err)
	}
	return nil
}

// swap changes one standing into another; from any other it changes nothing.
func swap(ctx context.Context, tx *sqldb.Tx, who chat.Address, from, to Standing) error {
	c, err := GetChampion(ctx, tx, who)
	if err != nil || c.State != from {
		return err
	}
	return setState(ctx, tx, who, to, string(who))
}

func setState(ctx context.Context, tx *sqldb.Tx, who chat.Address, state Standing, by string) error {
	c, err := GetChampion(ctx, tx, who)
	if err != nil {
		return err
	}
	if c.State == state {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `UPDATE champion SET state = $1 WHERE address = $2`, state, who); err != nil {
		return fmt.Errorf("save champion: %w", err)
	}
	if state == HasLeft {
		if _, err := people.Take(ctx, tx, people.Grant{Person: who, Right: people.Champion, Place: c.Place, By: by}); err != nil {
			return err
		}
	}
	return tx.Record(ctx, by, "champion "+string(who), string(c.State), string(state))
}
