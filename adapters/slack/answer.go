package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	slackgo "github.com/slack-go/slack"

	"signpost/bot/chat"
)

// An alone is a message that one person sees, as an answer to a command and at the address for later answers.
type alone struct {
	ResponseType    string          `json:"response_type"`
	ReplaceOriginal bool            `json:"replace_original"`
	Text            string          `json:"text"`
	Blocks          []slackgo.Block `json:"blocks,omitempty"`
}

func aloneAnswer(r rendered) alone {
	return alone{ResponseType: "ephemeral", Text: r.Text, Blocks: r.Blocks}
}

// mostAlone is how many answers an address takes, https://docs.slack.dev/interactivity/handling-user-interaction.
const mostAlone = 5

// tellAlone shows messages to the person alone, where they are. The address for that is good for five and for half an
// hour; after that, or where there is none, they get a direct message.
func (s *Slack) tellAlone(ctx context.Context, t *task, pages []rendered) {
	for i, page := range pages {
		err := errNoAddress
		if t.event.Follow != "" && i < mostAlone {
			err = s.respond(ctx, t.team, t.event.Follow, aloneAnswer(page))
		}
		if err != nil {
			s.config.Log.Debug("cannot answer in place", "workspace", t.team.called(), "error", err)
			s.tellDirect(ctx, t, pages[i:])
			return
		}
	}
}

var errNoAddress = fmt.Errorf("slack: no address to answer at")

// tellDirect sends messages to the person's direct message, at most once.
func (s *Slack) tellDirect(ctx context.Context, t *task, pages []rendered) {
	person, err := placeOf(string(t.event.Person))
	if err != nil {
		return
	}
	channel, err := t.team.direct(ctx, person.channel)
	for i := 0; err == nil && i < len(pages); i++ {
		_, err = s.post(ctx, t.team, place{channel: channel}, pages[i])
	}
	s.noteError(t.team, "answer in a direct message", err)
}

// respond posts to an address that came with an event. It is Slack's own, or the test server's; no other gets anything.
func (s *Slack) respond(ctx context.Context, t *team, address string, body any) error {
	if !s.trusted(address) {
		return fmt.Errorf("slack: an address for answers that is not Slack's")
	}
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	answer, err := t.client.Do(request)
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 200))
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("answer: Slack says %s: %s", answer.Status, said)
	}
	return nil
}

// answerLate acknowledges in time whatever happens, and returns what stops that. Slack shows the person an error after
// three seconds, and an answer that is late goes to the address for later answers. Events of the Events API are left:
// unacknowledged, they come again.
func (s *Slack) answerLate(ctx context.Context, t *task) (stop func()) {
	var answer any
	switch {
	case t.event.Follow == "" && t.view == nil && t.event.Kind != chat.Pressed && t.event.Kind != chat.TypedAhead:
		return func() {}
	case t.view != nil:
		t.until = time.Now().Add(ackWithin - 100*time.Millisecond)
		answer = tryFormAgain(t.view)
	case t.event.Kind == chat.TypedAhead:
		answer = suggestions{options(nil)}
	}
	timer := time.AfterFunc(ackWithin, func() { t.done(answer) })
	return func() { timer.Stop() }
}

// follow does the rest of a turn: what goes to the person privately. Messages and what comes due are the desk's.
func (s *Slack) follow(ctx context.Context, t *task, turn chat.Turn) {
	for _, m := range turn.Private {
		s.tellAlone(ctx, t, render(m, ""))
		s.replyFile(ctx, t, &m)
	}
}

// noteError logs what went wrong with a call, and remembers a token that is refused.
func (s *Slack) noteError(t *team, doing string, err error) {
	if err == nil {
		return
	}
	if isBadToken(err) {
		s.health.refused(t, err)
	}
	s.config.Log.Error("could not "+doing, "workspace", t.called(), "error", err)
}
