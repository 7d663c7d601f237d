package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"signpost/bot/chat"
	"signpost/bot/words"
	"signpost/knowledge/sqldb"
)

// An eraser takes a person out of the tables beside those of package escalation. Every column that can hold an address is
// named here; TestForget looks through all tables there are.
type eraser struct {
	tx    *sqldb.Tx
	who   chat.Address
	as    string // what stands in their place where others need to know that it was one and the same
	whole *regexp.Regexp
}

func newEraser(tx *sqldb.Tx, who chat.Address, id string) *eraser {
	// slack:T1/U1 is not the beginning of slack:T1/U12
	whole := regexp.MustCompile(`(^|[^A-Za-z0-9])` + regexp.QuoteMeta(string(who)) + `($|[^A-Za-z0-9_.-])`)
	return &eraser{tx: tx, who: who, as: "somebody forgotten " + id, whole: whole}
}

// toRoomOf is true of an outbox row that goes to a room of the person's. Rooms in which nobody else was told who reads
// there are theirs, such as direct messages, unless a setting names them for champions.
const toRoomOf = `EXISTS (SELECT 1 FROM told t WHERE t.person = $1 AND (outbox.place = t.room OR substr(outbox.place, 1, length(t.room) + 1) = t.room || '/')
	AND t.room NOT IN (SELECT value FROM setting) AND NOT EXISTS (SELECT 1 FROM told o WHERE o.room = t.room AND o.person <> $1))`

// dropUnsent gives up what is on its way to somebody who left: a network would refuse it, and there would be nothing for
// anybody to decide about it.
func dropUnsent(ctx context.Context, tx *sqldb.Tx, who chat.Address) error {
	_, err := tx.ExecContext(ctx, `UPDATE outbox SET state = 'dropped', post = '', problem = 'the person left' WHERE state IN ('new', 'sending')
		AND (place = $1 OR `+toRoomOf+`)`, who)
	if err != nil {
		return fmt.Errorf("drop what is on its way to somebody who left: %w", err)
	}
	return nil
}

// theirs are rows that are about the person, and nothing without them. told goes last, for their rooms are known by it.
var theirs = []string{
	`person WHERE address = $1`, `conversation WHERE person = $1`, `permission WHERE person = $1`, `question WHERE person = $1`,
	`import_plan WHERE person = $1`, `setting WHERE value = $1`,
	`outbox WHERE ` + toRoomOf,
	`told WHERE person = $1`,
}

func (e *eraser) deleteTheirs(ctx context.Context) error {
	for _, rows := range theirs {
		if _, err := e.tx.ExecContext(ctx, `DELETE FROM `+rows, e.who); err != nil {
			return fmt.Errorf("forget a person: %w", err)
		}
	}
	return nil
}

// A column set of a table that may hold an address.
type columns struct {
	table string
	names []string
}

// passing are rows that name the person, on their way to them or to others about them; staying keeps its rows, with the
// person left out.
var (
	passing = []columns{{"outbox", []string{"key", "place", "post", "replaces", "problem"}}, {"due", []string{"key", "data"}}, {"inbox", []string{"key"}}}
	staying = []columns{{"audit", []string{"who", "what", "before", "after"}}, {"permission", []string{"by"}}, {"record", []string{"by"}},
		{"entry_version", []string{"by", "because"}}, {"draft", []string{"author", "by", "note"}}, {"import_batch", []string{"by", "because"}}, {"inbox", []string{"reply"}}}
)

func (e *eraser) deletePassing(ctx context.Context) error {
	for _, c := range passing {
		err := e.each(ctx, c, string(e.who), func(row int64, values []string) error {
			if !e.whole.MatchString(strings.Join(values, "\n")) {
				return nil
			}
			_, err := e.tx.ExecContext(ctx, `DELETE FROM `+c.table+` WHERE rowid = $1`, row)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *eraser) replaceKept(ctx context.Context) error {
	for _, c := range staying {
		err := e.each(ctx, c, string(e.who), func(row int64, values []string) error {
			for i, value := range values {
				without := e.whole.ReplaceAllString(value, "${1}"+e.as+"${2}")
				if err := e.set(ctx, c, i, row, value, without); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// unname takes the person's names out of what others are about to be told, and out of replies that are kept to be given again.
func (e *eraser) unname(ctx context.Context, names []string) error {
	for _, name := range names {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		whole := regexp.MustCompile(`(^|[^\pL\pN])` + regexp.QuoteMeta(name) + `($|[^\pL\pN])`)
		for _, c := range []columns{{"outbox", []string{"post"}}, {"due", []string{"data"}}, {"inbox", []string{"reply"}}} {
			err := e.each(ctx, c, name, func(row int64, values []string) error {
				return e.set(ctx, c, 0, row, values[0], withoutName(values[0], whole))
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// withoutName takes a name out of the texts that people read of a kept post or message, and out of nothing else.
func withoutName(body string, name *regexp.Regexp) string {
	var all any
	if json.Unmarshal([]byte(body), &all) != nil {
		return body
	}
	out, err := json.Marshal(unnamed(all, name))
	if err != nil {
		return body
	}
	return string(out)
}

func unnamed(value any, name *regexp.Regexp) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = unnamed(v[i], name)
		}
	case map[string]any:
		for key, inner := range v {
			if text, ok := inner.(string); ok && (key == "text" || key == "label" || key == "detail" || key == "title") {
				v[key] = name.ReplaceAllString(text, "${1}"+words.Line("forget.somebody")+"${2}")
			} else {
				v[key] = unnamed(inner, name)
			}
		}
	}
	return value
}

// each goes through the rows in which a text stands in one of the columns.
func (e *eraser) each(ctx context.Context, c columns, text string, do func(row int64, values []string) error) error {
	all := strings.Join(c.names, " || char(10) || ")
	rows, err := e.tx.QueryContext(ctx, `SELECT rowid, `+strings.Join(c.names, ", ")+` FROM `+c.table+` WHERE instr(`+all+`, $1) > 0`, text)
	if err != nil {
		return fmt.Errorf("look for a person in %s: %w", c.table, err)
	}
	type found struct {
		row    int64
		values []string
	}
	var list []found
	defer rows.Close()
	for rows.Next() {
		f := found{values: make([]string, len(c.names))}
		into := []any{&f.row}
		for i := range f.values {
			into = append(into, &f.values[i])
		}
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("look for a person in %s: %w", c.table, err)
		}
		list = append(list, f)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("look for a person in %s: %w", c.table, err)
	}
	for _, f := range list {
		if err := do(f.row, f.values); err != nil {
			return fmt.Errorf("forget a person in %s: %w", c.table, err)
		}
	}
	return nil
}

func (e *eraser) set(ctx context.Context, c columns, i int, row int64, before, after string) error {
	if before == after {
		return nil
	}
	_, err := e.tx.ExecContext(ctx, `UPDATE `+c.table+` SET `+c.names[i]+` = $1 WHERE rowid = $2`, after, row)
	return err
}
