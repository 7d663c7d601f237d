package slack

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"signpost/bot/chat"
)

// formTask is a form sent in. It answers to where the form was opened: there the desk sends the Reply, or, where only the
// person saw it, the adapter does so by the address that came along.
func (s *Slack) formTask(t *team, in interaction) (*task, error) {
	v := in.View
	if v == nil || v.CallbackID == "" {
		return nil, fmt.Errorf("%w: a form without a name", errIgnored)
	}
	from := originFrom(v.Metadata, t.whereDirect(in.User.ID))
	event := chat.Event{Kind: chat.Submitted, Form: v.CallbackID, Values: map[string]string{}}
	for name, fields := range v.State.Values {
		for _, a := range fields {
			event.Values[name] = clean(a.id())
		}
	}
	from.fill(&event)
	event.TakesReply = event.Alone
	return &task{event: event, once: true, view: v, from: from, answer: s.answerForm, failed: s.failForm}, nil
}

// typedTask is what was typed so far into a field that looks things up.
func (s *Slack) typedTask(t *team, in interaction) (*task, error) {
	event := chat.Event{Kind: chat.TypedAhead, Text: clean(in.Value), Field: in.BlockID, TakesReply: true, Alone: true}
	from := origin{Where: t.whereDirect(in.User.ID), Alone: true}
	if in.View != nil {
		event.Form = in.View.CallbackID
		from = originFrom(in.View.Metadata, from.Where)
	}
	from.fill(&event)
	none := slackgo.OptionsResponse{Options: options(nil)}
	return &task{event: event, from: from,
		answer: func(_ context.Context, t *task, turn chat.Turn) { t.done(suggestions{options(turn.Suggestions)}) },
		failed: func(_ context.Context, t *task) { t.done(suggestions{none.Options}) }}, nil
}

// suggestions are sent even if there are none; the library leaves an empty list out.
type suggestions struct {
	Options []*slackgo.OptionBlockObject `json:"options"`
}

// answerForm shows what is wrong below each field, or the next form, or closes the form.
func (s *Slack) answerForm(ctx context.Context, t *task, turn chat.Turn) {
	answer := formAnswer(t, turn.Form)
	s.formed.keep(t.event.Key, answer)
	t.done(answer)
	if turn.Reply != nil && t.event.TakesReply {
		if t.from.Home {
			s.replyHome(ctx, t, turn.Reply)
		} else {
			s.tellAlone(ctx, t, render(*turn.Reply, ""))
			s.replyFile(ctx, t, turn.Reply)
		}
	}
	s.follow(ctx, t, turn)
}

// mostFormed is how many answers to forms are kept; Slack delivers again within minutes, if at all.
const mostFormed = 500

// formAnswer is what Slack is told to do with the form; nil closes it.
func formAnswer(t *task, next *chat.Form) any {
	if next == nil {
		return nil
	}
	if problems := problemsIn(*next, t.view); len(problems) > 0 {
		return slackgo.NewErrorsViewSubmissionResponse(problems)
	}
	modal := modalOf(*next, t.from)
	return slackgo.NewUpdateViewSubmissionResponse(&modal)
}

// failForm keeps the form open, so that what was typed is not lost, and says so below the first field.
func (s *Slack) failForm(_ context.Context, t *task) {
	t.done(tryFormAgain(t.view))
}

func tryFormAgain(v *view) any {
	for _, b := range v.Blocks {
		if b.Type == "input" {
			return slackgo.NewErrorsViewSubmissionResponse(map[string]string{b.BlockID: sorrySent})
		}
	}
	return nil
}

// problemsIn are the problems of a form as Slack shows them: each below a field that is on the screen. Those of other
// forms, or of fields that are not there, cannot be shown this way.
func problemsIn(form chat.Form, v *view) map[string]string {
	if form.ID != v.CallbackID {
		return nil
	}
	shown := map[string]bool{}
	for _, b := range v.Blocks {
		shown[b.BlockID] = b.Type == "input"
	}
	problems := map[string]string{}
	for _, f := range form.Fields {
		if f.Problem == "" {
			continue
		}
		if !shown[f.ID] {
			return nil
		}
		problems[f.ID] = short(f.Problem, maxLabel)
	}
	return problems
}

// openForm opens a form at once: a trigger is good for three seconds.
func (s *Slack) openForm(ctx context.Context, t *task, form *chat.Form) {
	if form == nil {
		return
	}
	_, err := t.team.api.OpenViewContext(ctx, t.trigger, modalOf(*form, t.from))
	if err == nil {
		return
	}
	s.noteError(t.team, "open a form", err)
	words := rendered{Text: sorry}
	if code := codeOf(err); code == "expired_trigger_id" || code == "exchanged_trigger_id" || code == "trigger_expired" || code == "trigger_exchanged" {
		words.Text = pressAgain
	}
	if t.from.Home {
		s.tellDirect(ctx, t, []rendered{words})
	} else {
		s.tellAlone(ctx, t, []rendered{words})
	}
}

// modalOf makes a window of a form.
func modalOf(form chat.Form, from origin) slackgo.ModalViewRequest {
	var blocks []slackgo.Block
	for _, u := range textUnits(form.Intro) {
		blocks = append(blocks, u.blocks...)
	}
	if most := maxViewBlocks - len(form.Fields); len(blocks) > most {
		blocks = blocks[:max(most, 0)]
	}
	for _, f := range form.Fields[:min(len(form.Fields), maxViewBlocks)] {
		blocks = append(blocks, inputOf(f))
	}
	if len(blocks) == 0 {
		blocks = []slackgo.Block{slackgo.NewContextBlock("", plainText(emptyMessage))}
	}
	return slackgo.ModalViewRequest{Type: slackgo.VTModal, CallbackID: cutBytes(form.ID, maxID), PrivateMetadata: from.String(),
		Title: plainText(orElse(short(form.Title, maxTitle), unnamed)), Submit: plainText(orElse(short(form.Submit, maxTitle), sendForm)),
		Close: plainText(closeForm), Blocks: slackgo.Blocks{BlockSet: blocks}}
}

// inputOf makes one field. The block's id is the field's.
func inputOf(f chat.Field) *slackgo.InputBlock {
	hint := strings.TrimSpace(oneLine(f.Problem) + " " + oneLine(f.Hint))
	var hintText *slackgo.TextBlockObject
	if hint != "" {
		hintText = plainText(cut(hint, maxLabel))
	}
	block := slackgo.NewInputBlock(cutBytes(f.ID, maxID), plainText(orElse(short(f.Label, maxLabel), unnamed)), hintText, elementOf(f))
	return block.WithOptional(f.Optional)
}

func elementOf(f chat.Field) slackgo.BlockElement {
	id := cutBytes(f.ID, maxID)
	switch f.Kind {
	case chat.Pick:
		list := options(f.Options)
		if len(list) == 0 { // Slack takes no empty list
			return textInput(f)
		}
		element := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, plainText(pickOne), id, list...)
		element.InitialOption = chosen(list, f.Value)
		return element
	case chat.TypeAhead:
		element := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeExternal, plainText(typeToSearch), id)
		least := 1
		element.MinQueryLength = &least
		if f.Value != "" {
			list := options(append(f.Options[:len(f.Options):len(f.Options)], chat.Choice{ID: f.Value, Label: f.Value}))
			element.InitialOption = chosen(list, f.Value)
		}
		return element
	}
	return textInput(f)
}

func textInput(f chat.Field) slackgo.BlockElement {
	element := slackgo.NewPlainTextInputBlockElement(nil, cutBytes(f.ID, maxID)).WithMultiline(f.Kind == chat.Paragraph)
	most := maxInput
	if f.Longest > 0 {
		most = min(f.Longest, maxInput)
	}
	element.MaxLength = most
	if value := clean(f.Value); utf8.RuneCountInString(value) <= most {
		element.InitialValue = value
	} else {
		element.InitialValue = cut(value, most)
	}
	return element
}

// chosen is the option with this value, or nil.
func chosen(list []*slackgo.OptionBlockObject, value string) *slackgo.OptionBlockObject {
	for _, o := range list {
		if o.Value == value {
			return o
		}
	}
	return nil
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
