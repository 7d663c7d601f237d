package discord

import (
	"context"
	"errors"
	"sync"
	"time"

	dg "github.com/bwmarrin/discordgo"

	"signpost/bot/chat"
)

// An answer is what one interaction still may be told. Discord takes one first response within 3 s, and after it more by
// the interaction's token for 15 minutes. Where the bot takes longer, the answer is put off in time by itself.
type answer struct {
	d     *Discord
	in    *interaction
	timer *time.Timer

	mu    sync.Mutex // held while a response is on its way, so that two never cross
	state answerState
}

type answerState int

const (
	waiting  answerState = iota // nothing was said to Discord yet
	thinking                    // put off: Discord shows that something is coming
	quiet                       // put off, and Discord shows nothing
	answered                    // there was a response
	dead                        // the token is no longer good
)

// newAnswer starts the clock of an interaction.
func (d *Discord) newAnswer(in *interaction) *answer {
	a := &answer{d: d, in: in}
	after := d.times.deferAfter
	if in.Type == dg.InteractionApplicationCommandAutocomplete {
		after = d.times.suggestFor
	}
	d.pending.Add(1)
	a.timer = time.AfterFunc(after, func() {
		defer d.pending.Done()
		a.putOff()
	})
	return a
}

// finished stops the clock.
func (a *answer) finished() {
	if a.timer.Stop() {
		a.d.pending.Done()
	}
}

// lane keeps in order what one person does alone, and what is done in one channel.
func (a *answer) lane() string {
	switch {
	case a.in.Type == dg.InteractionApplicationCommandAutocomplete:
		return "typing/" + a.in.person().ID
	case a.in.GuildID != "" && a.in.alone():
		return a.in.ChannelID + "/" + a.in.person().ID
	}
	return a.in.ChannelID
}

// putOff tells Discord within its time that there is more to come. Suggestions cannot be put off: there are none.
func (a *answer) putOff() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state != waiting {
		return
	}
	kind, next := a.deferral()
	var data any
	switch {
	case kind == dg.InteractionApplicationCommandAutocompleteResult:
		data = suggestions{Choices: []suggestion{}}
	case next == thinking:
		data = map[string]any{"flags": a.flags(false) & dg.MessageFlagsEphemeral}
	}
	a.settle(a.first(a.d.work, response{Type: kind, Data: data}), next)
}

// deferral is how this interaction is put off. A press shows nothing meanwhile, so that what comes later may be for all or
// for one; everything else shows that something is coming.
func (a *answer) deferral() (dg.InteractionResponseType, answerState) {
	switch {
	case a.in.Type == dg.InteractionApplicationCommandAutocomplete:
		return dg.InteractionApplicationCommandAutocompleteResult, answered
	case a.in.Message != nil:
		return dg.InteractionResponseDeferredMessageUpdate, quiet
	}
	return dg.InteractionResponseDeferredChannelMessageWithSource, thinking
}

// settle notes how far it is after a response. a.mu is held.
func (a *answer) settle(err error, next answerState) {
	switch {
	case err == nil:
		a.state = next
	case hasCode(err, unknownInteraction, unknownWebhook, badWebhookToken):
		a.state = dead
	case hasCode(err, alreadyAnswered):
		a.state = answered
	}
	if err != nil {
		a.d.log.Error("discord: a response was not taken", "interaction", a.in.ID, "error", err)
	}
}

// flags shows a message to the person alone where others could read it. Direct messages are theirs anyway, and there it
// would be gone with the next start of their app.
func (a *answer) flags(private bool) dg.MessageFlags {
	flags := dg.MessageFlagsSuppressEmbeds
	if a.in.GuildID != "" && (private || a.in.alone()) {
		flags |= dg.MessageFlagsEphemeral
	}
	return flags
}

// first sends the first response. One whose fate nobody knows is sent once more; that Discord then has one already means
// that it was ours.
func (a *answer) first(ctx context.Context, r response) error {
	ask := request{method: "POST", route: "/interactions/{}/{}/callback", ids: []string{a.in.ID, a.in.Token}, token: a.in.Token, body: r}
	err := a.d.rest.do(ctx, ask, nil)
	var api *apiError
	switch {
	case ambiguous(err):
		if err = a.d.rest.do(ctx, ask, nil); hasCode(err, alreadyAnswered) {
			return nil
		}
	case errors.As(err, &api) && api.Wait > 0 && api.Wait <= time.Second && sleep(ctx, api.Wait) == nil:
		err = a.d.rest.do(ctx, ask, nil)
	}
	return err
}

// reply shows a message: as the response if there is none yet, else after it. Where the token is dead it becomes a direct
// message, so that the person has what they asked for.
func (a *answer) reply(ctx context.Context, m chat.Message) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, p := range render(m, 0) {
		out := outgoingOf(m, p, "")
		out.Flags = a.flags(m.Private)
		if a.state != dead {
			a.show(ctx, out)
		}
		if a.state == dead {
			a.d.direct(ctx, personAddress(a.in.person().ID), network+":i"+a.in.ID+"/late", m)
			return
		}
	}
}

// show is one message of a reply. a.mu is held.
func (a *answer) show(ctx context.Context, out outgoing) {
	if a.state == waiting && out.file != nil { // a response takes no file in every way it may travel; what follows it does
		kind, next := a.deferral()
		a.settle(a.first(ctx, response{Type: kind, Data: map[string]any{"flags": out.Flags & dg.MessageFlagsEphemeral}}), next)
	}
	hook := []string{a.in.ApplicationID, a.in.Token}
	switch a.state {
	case waiting:
		a.settle(a.first(ctx, response{Type: dg.InteractionResponseChannelMessageWithSource, Data: out}), answered)
	case thinking:
		a.settle(a.d.rest.do(ctx, request{method: "PATCH", route: "/webhooks/{}/{}/messages/@original", ids: hook, token: a.in.Token, body: out, file: out.file}, nil), answered)
	case quiet, answered:
		a.settle(a.d.rest.do(ctx, request{method: "POST", route: "/webhooks/{}/{}", ids: hook, token: a.in.Token, body: out, file: out.file}, nil), answered)
	}
}

// say is a sentence of our own, to the person alone.
func (a *answer) say(ctx context.Context, says string) {
	if a.in.Type == dg.InteractionApplicationCommandAutocomplete {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.show(ctx, a.sentence(says))
}

func (a *answer) sentence(says string) outgoing {
	out := outgoingOf(chat.Message{}, part{content: says}, "")
	out.Flags = a.flags(true)
	return out
}

func (a *answer) suggest(ctx context.Context, choices []suggestion) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state == waiting {
		a.settle(a.first(ctx, response{Type: dg.InteractionApplicationCommandAutocompleteResult, Data: suggestions{Choices: choices}}), answered)
	}
}

// window opens a modal; it is too late for one after any other response, and after a modal there can be none.
func (a *answer) window(ctx context.Context, m modal) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state != waiting || a.in.Type == dg.InteractionModalSubmit {
		return false
	}
	a.settle(a.first(ctx, response{Type: dg.InteractionResponseModal, Data: m}), answered)
	return a.state == answered
}

// finish answers what the bot said nothing to: a press and a list that shows nothing need no words, the rest "Done.".
func (a *answer) finish(ctx context.Context) {
	a.finished()
	a.mu.Lock()
	defer a.mu.Unlock()
	switch kind, next := a.deferral(); {
	case a.state == waiting && next == quiet:
		a.settle(a.first(ctx, response{Type: kind}), answered)
	case a.state == waiting && next == answered:
		a.settle(a.first(ctx, response{Type: kind, Data: suggestions{Choices: []suggestion{}}}), answered)
	case a.state == waiting, a.state == thinking:
		a.show(ctx, a.sentence(saysDone))
	}
}

// drop answers what could not even be handled: there is too much at once.
func (a *answer) drop() {
	a.d.pending.Go(func() {
		a.say(a.d.work, saysTryAgain)
		a.finish(a.d.work)
	})
}
