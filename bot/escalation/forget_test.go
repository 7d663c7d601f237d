package escalation_test

import (
	"fmt"
	"strings"
	"testing"

	"signpost/bot/escalation"
	"signpost/knowledge/sqldb"
)

// TestForget: after a person is forgotten no row of any table of this package holds them.
func TestForget(t *testing.T) {
	const asker, champion = "test:zephyrine", "test:quill"
	for _, who := range []string{asker, champion} {
		t.Run(who, func(t *testing.T) {
			h := newHouse(t)
			h.champion(escalation.Champion{Address: champion, Name: "Name-of-quill", Place: royal})
			closed, _ := h.ask(question(asker, "how do i swap a shift"))
			h.do(closed.ID, escalation.Act{Kind: escalation.Claim, By: champion})
			h.do(closed.ID, escalation.Act{Kind: escalation.Reply, By: asker, Text: "I am Name-of-zephyrine", Ref: "m1"})
			h.do(closed.ID, escalation.Act{Kind: escalation.Answer, By: champion, Text: "ask Name-of-quill", Ref: "m2"})
			h.do(closed.ID, escalation.Act{Kind: escalation.Helped, By: asker})
			for i := range 2 {
				c, _ := h.ask(question(asker, fmt.Sprint("how do i with zephyrine ", i)))
				h.do(c.ID, escalation.Act{Kind: escalation.Claim, By: champion})
			}
			h.write(func(tx *sqldb.Tx) error {
				if err := escalation.Wait(t.Context(), tx, escalation.Waiting{ID: "w", Person: chatAddress(asker), Text: "x"}); err != nil {
					return err
				}
				_, err := h.book.Forget(t.Context(), tx, chatAddress(who))
				return err
			})
			secret := strings.TrimPrefix(who, "test:")
			for _, table := range []string{"champion", "escalation", "escalation_line", "champion_helped", "waiting", "departed"} {
				if text := h.dump(table); strings.Contains(text, secret) {
					t.Errorf("%s holds %s: %s", table, secret, text)
				}
			}
		})
	}
}

// dump gives all that a table holds.
func (h *house) dump(table string) string {
	h.t.Helper()
	rows, err := h.db.Read().QueryContext(h.t.Context(), `SELECT * FROM `+table)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		h.t.Fatal(err)
	}
	var text strings.Builder
	for rows.Next() {
		row := make([]any, len(columns))
		for i := range row {
			row[i] = new(any)
		}
		if err := rows.Scan(row...); err != nil {
			h.t.Fatal(err)
		}
		for _, cell := range row {
			fmt.Fprintf(&text, "%s|", *cell.(*any))
		}
	}
	return text.String()
}
