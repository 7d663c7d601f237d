package bot

import (
	"context"
	"errors"
	"time"

	"signpost/bot/chat"
	"signpost/bot/desk"
	"signpost/bot/escalation"
)

// How long a reply waits for the message that it may be to.
const (
	settlesWithin = time.Second
	settlesLook   = 20 * time.Millisecond
)

var errUnderWay = errors.New("bot: what this may reply to is still under way")

// repliedTo gives the key of the message of ours that this one replies to. While one about a question is under way to
// here, and nobody can tell yet by which reference the network knows it, the reply waits, and then comes again: else an
// answer would be taken for a question, and lost. A cry for help does not wait: it goes nowhere but here.
func (m *meeting) repliedTo(ctx context.Context) (key string, ok bool, err error) {
	waits := screened(m.base, m.event.Text).Verdict != Stop
	for end := time.Now().Add(settlesWithin); ; {
		under, err := m.underWay(ctx) // before KeyOf, so that what settles between the two is seen
		if err != nil {
			return "", false, err
		}
		key, ok, err := desk.KeyOf(ctx, m.bot.DB.Read(), m.event.ReplyTo)
		if ok || err != nil || !under || !waits {
			return key, ok, err
		}
		if time.Now().After(end) {
			return "", false, errUnderWay
		}
		select {
		case <-ctx.Done():
			return "", false, ctx.Err()
		case <-time.After(settlesLook):
		}
	}
}

// underWay reports whether a message about a question is on its way to where this event is from.
func (m *meeting) underWay(ctx context.Context) (bool, error) {
	for _, place := range []chat.Address{m.event.Where, m.event.Person, m.event.Room} {
		keys, err := desk.UnderWay(ctx, m.bot.DB.Read(), place)
		if err != nil {
			return false, err
		}
		for _, key := range keys {
			if _, ours := escalation.CaseOf(key); ours {
				return true, nil
			}
		}
	}
	return false, nil
}
