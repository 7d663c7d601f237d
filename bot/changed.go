package bot

import (
	"context"
	"fmt"

	"signpost/bot/chat"
	"signpost/bot/escalation"
	"signpost/knowledge/sqldb"
)

// edited follows what a person made of a message of theirs: what is kept of the question is what it says now. A message
// that has become a cry for help is answered as one, and nothing of it is kept.
func (m *meeting) edited(ctx context.Context) (chat.Turn, error) {
	d := screened(m.base, m.event.Text)
	if d.Verdict != Stop {
		m.write(func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE question SET text = $1 WHERE message = $2 AND person = $3`, d.Text, m.event.Message, m.event.Person)
			if err != nil {
				return fmt.Errorf("follow an edited message: %w", err)
			}
			return nil
		})
		m.forget()
		return m.editedCase(ctx, d)
	}
	turn, err := m.editedCase(ctx, d)
	if err != nil {
		return chat.Turn{}, err
	}
	m.deleteQuestion()
	m.countStop(d.Reason)
	stopped := m.stopped(d)
	turn.Reply = &stopped
	return turn, nil
}

// deleted forgets a message that its author took back: the question as kept, and the conversation that leans on it.
func (m *meeting) deleted(ctx context.Context) (chat.Turn, error) {
	m.deleteQuestion()
	return m.changesMessage(ctx, escalation.Act{Kind: escalation.Delete})
}

func (m *meeting) deleteQuestion() {
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM question WHERE message = $1 AND person = $2`, m.event.Message, m.event.Person)
		if err != nil {
			return fmt.Errorf("forget a deleted message: %w", err)
		}
		return nil
	})
	m.forget()
}

// forget ends the conversation in this place.
func (m *meeting) forget() {
	m.write(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM conversation WHERE person = $1 AND at = $2`, m.event.Person, m.event.Where)
		if err != nil {
			return fmt.Errorf("forget the conversation: %w", err)
		}
		return nil
	})
}
