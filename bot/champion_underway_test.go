package bot_test

import (
	"strings"
	"testing"

	"signpost/bot/chat"
	"signpost/knowledge/sqldb"
)

// TestReplyToWhatIsUnderWay: people can be quicker than the network's word that what they reply to has arrived. The reply
// waits for it, and comes again; a cry for help is answered at once.
func TestReplyToWhatIsUnderWay(t *testing.T) {
	h := newHouse(t)
	h.champion(kim, "Kim")
	h.works(sam)
	c := h.asks("")
	h.carried()
	h.pushes(kim, "case "+c.ID+" claim")
	h.carried()
	h.submits(kim, "case "+c.ID+" ask-back", "text", "Which room is it in?")
	asked := h.lastTold(sam).Key
	become := func(state, ref string) {
		h.write(func(tx *sqldb.Tx) error {
			_, err := tx.ExecContext(t.Context(), `UPDATE outbox SET state = $1, ref = $2 WHERE key = $3`, state, ref, asked)
			return err
		})
	}
	become("sending", "")
	answer := h.from(sam, chat.Event{Kind: chat.Said, Text: "The big meeting room.", ReplyTo: "17.1"})
	if turn, err := h.bot.Handle(t.Context(), answer); err == nil || !strings.Contains(err.Error(), "under way") {
		t.Errorf("it was taken for something else: %+v, %v", turn, err)
	}
	h.handle(h.from(sam, chat.Event{Kind: chat.Said, Text: "i want to end my life", ReplyTo: "17.1"}))
	h.hears(sam, "You matter")
	become("sent", "17.1")
	h.handle(answer)
	h.hears(kim, "The big meeting room.")
	if lines := h.get(c.ID).Lines; len(lines) != 2 {
		t.Errorf("what was said is %+v", lines)
	}
}
