package escalation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"signpost/bot/chat"
	"signpost/knowledge/sqldb"
)

// Errors of the rows.
var (
	ErrNotFound = errors.New("escalation: not found")
	// ErrStale: somebody else was first. Read again and decide again, as [Book.Commit] does.
	ErrStale = errors.New("escalation: changed meanwhile")
)

// A reader reads: the pool, or a transaction.
type reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

const caseColumns = `SELECT id, version, state, practice, asker, home, topic, words, holder, made, closed, body FROM escalation `

// Get reads a case with what was said in it.
func Get(ctx context.Context, db reader, id string) (Case, error) {
	list, err := readCases(ctx, db, `WHERE id = $1`, id)
	if err != nil {
		return Case{}, err
	}
	if len(list) == 0 {
		return Case{}, ErrNotFound
	}
	return list[0], nil
}

// readCases reads cases. All rows are read before their lines are: a transaction has one connection.
func readCases(ctx context.Context, db reader, where string, args ...any) ([]Case, error) {
	rows, err := db.QueryContext(ctx, caseColumns+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read escalations: %w", err)
	}
	defer rows.Close()
	var list []Case
	for rows.Next() {
		c, err := scanCase(rows)
		if err != nil {
			return nil, fmt.Errorf("read escalations: %w", err)
		}
		list = append(list, c)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("read escalations: %w", err)
	}
	for i := range list {
		if err := readLines(ctx, db, &list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func scanCase(rows *sql.Rows) (c Case, err error) {
	var made, closed int64
	var body string
	if err := rows.Scan(&c.ID, &c.Version, &c.State, &c.Practice, &c.Asker, &c.Home, &c.Topic, &c.Words, &c.Holder, &made, &closed, &body); err != nil {
		return Case{}, err
	}
	c.Made, c.Closed = fromMilli(made), fromMilli(closed)
	return c, json.Unmarshal([]byte(body), &c)
}

func readLines(ctx context.Context, db reader, c *Case) error {
	rows, err := db.QueryContext(ctx, `SELECT at, side, by, text, ref, sent FROM escalation_line WHERE escalation = $1 ORDER BY n`, c.ID)
	if err != nil {
		return fmt.Errorf("read escalation %s: %w", c.ID, err)
	}
	defer rows.Close()
	for rows.Next() {
		var l Line
		var at int64
		var sent string
		if err := rows.Scan(&at, &l.From, &l.By, &l.Text, &l.Ref, &sent); err != nil {
			return fmt.Errorf("read escalation %s: %w", c.ID, err)
		}
		if err := json.Unmarshal([]byte(sent), &l.Sent); err != nil {
			return fmt.Errorf("read escalation %s: %w", c.ID, err)
		}
		l.At = fromMilli(at)
		c.Lines = append(c.Lines, l)
	}
	return rows.Err()
}

// A Change is what an act makes of a case, not yet written. Save it in the transaction that also posts its effects.
type Change struct {
	Before, After Case
	Effects       []Effect
	Act           Act
}

// Save writes the change if the case is still as it was, else it gives ErrStale and nothing of the transaction may stand.
func (ch Change) Save(ctx context.Context, tx *sqldb.Tx) error {
	if reflect.DeepEqual(ch.Before, ch.After) {
		return nil
	}
	c := ch.After
	if broken := c.Broken(); broken != "" {
		return fmt.Errorf("save escalation %s: %s", c.ID, broken)
	}
	if err := ch.saveCase(ctx, tx); err != nil { // first of all: where many were at it, all but one stop here
		return err
	}
	if err := ch.reachable(ctx, tx); err != nil {
		return err
	}
	if err := ch.saveLines(ctx, tx); err != nil {
		return err
	}
	if err := ch.saveChampions(ctx, tx); err != nil {
		return err
	}
	who := string(ch.Act.By)
	switch {
	case who == "": // what came due, or was left by somebody who is forgotten
		who = "signpost"
	case ch.Before.Asker == ch.Act.By || ch.After.asks(ch.Act.By) || ch.Before.asks(ch.Act.By):
		who = "asker" // the case says who that is, for as long as it is kept
	}
	return tx.Record(ctx, who, "escalation "+c.ID+" "+string(ch.Act.Kind), string(ch.Before.State), string(c.State))
}

// reachable looks once more, inside the transaction, whether everybody who is to be told something may be: somebody may
// have left since it was decided.
func (ch Change) reachable(ctx context.Context, tx *sqldb.Tx) error {
	for _, e := range ch.Effects {
		t, ok := e.(Tell)
		if !ok || t.Who == ToActor {
			continue
		}
		var gone bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM departed WHERE address = $1)`, t.To).Scan(&gone); err != nil {
			return fmt.Errorf("look who left: %w", err)
		}
		if !gone && t.Who == ToChampion {
			err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM champion WHERE address = $1 AND state = 'left')`, t.To).Scan(&gone)
			if err != nil {
				return fmt.Errorf("look who left: %w", err)
			}
		}
		if gone {
			return ErrStale
		}
	}
	return nil
}

func (ch Change) saveCase(ctx context.Context, tx *sqldb.Tx) error {
	c := ch.After
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("save escalation %s: %w", c.ID, err)
	}
	if ch.Before.State == "" {
		return insertCase(ctx, tx, c, string(body))
	}
	result, err := tx.ExecContext(ctx, `UPDATE escalation SET version = version + 1, state = $1, asker = $2, words = $3, holder = $4, offered = $5,
		closed = $6, due = $7, body = $8 WHERE id = $9 AND version = $10`,
		c.State, c.Asker, c.Words, c.Holder, c.single(), toMilli(c.Closed), dueMilli(c.Next()), string(body), c.ID, ch.Before.Version)
	if err != nil {
		return fmt.Errorf("save escalation %s: %w", c.ID, err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, ErrStale)
	}
	return nil
}

// insertCase writes a new case, unless the same question was asked meanwhile.
func insertCase(ctx context.Context, tx *sqldb.Tx, c Case, body string) error {
	if !c.Practice {
		if same, err := sameQuestion(ctx, tx, c); err != nil || same != "" {
			return errors.Join(err, ErrStale)
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO escalation (id, version, state, practice, asker, home, topic, words, holder, offered, made, closed, due, body)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		c.ID, c.State, c.Practice, c.Asker, c.Home, c.Topic, c.Words, c.Holder, c.single(), toMilli(c.Made), toMilli(c.Closed), dueMilli(c.Next()), body)
	if err != nil {
		return fmt.Errorf("save escalation %s: %w", c.ID, err)
	}
	return nil
}

// single is who alone is offered the case.
func (c Case) single() chat.Address {
	if len(c.Offered) == 1 {
		return c.Offered[0]
	}
	return ""
}

// sameQuestion gives the id of a case in which the same was asked and that is not answered yet, or "".
func sameQuestion(ctx context.Context, db reader, c Case) (id string, err error) {
	if c.Words == "" {
		return "", nil
	}
	err = db.QueryRowContext(ctx, `SELECT id FROM escalation WHERE home = $1 AND words = $2 AND state IN ('open', 'offered', 'claimed') AND practice = 0
		ORDER BY made LIMIT 1`, c.Home, c.Words).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look for the same question: %w", err)
	}
	return id, nil
}

// saveLines writes what was added or changed.
func (ch Change) saveLines(ctx context.Context, tx *sqldb.Tx) error {
	for i, l := range ch.After.Lines {
		if i < len(ch.Before.Lines) && reflect.DeepEqual(l, ch.Before.Lines[i]) {
			continue
		}
		sent, err := json.Marshal(l.Sent)
		if err != nil {
			return fmt.Errorf("save escalation %s: %w", ch.After.ID, err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO escalation_line (escalation, n, at, side, by, text, ref, sent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (escalation, n) DO UPDATE SET by = excluded.by, text = excluded.text, ref = excluded.ref, sent = excluded.sent`,
			ch.After.ID, i, toMilli(l.At), l.From, l.By, l.Text, l.Ref, string(sent))
		if err != nil {
			return fmt.Errorf("save escalation %s: %w", ch.After.ID, err)
		}
	}
	return nil
}

// saveChampions notes who was offered something, whom they helped, and who has practised.
func (ch Change) saveChampions(ctx context.Context, tx *sqldb.Tx) error {
	for _, who := range ch.After.Offered {
		if slices.Contains(ch.Before.Offered, who) {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE champion SET offered = $1 WHERE address = $2`, tx.Now().UnixMilli(), who); err != nil {
			return fmt.Errorf("note an offer: %w", err)
		}
	}
	for _, e := range ch.Effects {
		if credit, ok := e.(Credit); ok {
			if err := saveCredit(ctx, tx, credit); err != nil {
				return err
			}
		}
	}
	if holder := ch.Before.Holder; ch.After.Practice && ch.After.State == Closed && ch.After.answeredBy(holder) {
		if _, err := tx.ExecContext(ctx, `UPDATE champion SET practised = 1 WHERE address = $1`, holder); err != nil {
			return fmt.Errorf("note practice: %w", err)
		}
	}
	return nil
}

func fromMilli(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func toMilli(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixMilli()
}

func dueMilli(at time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: toMilli(at), Valid: !at.IsZero()}
}
