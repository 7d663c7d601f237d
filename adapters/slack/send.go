package slack

import (
	"context"
	"errors"
	"fmt"

	slackgo "github.com/slack-go/slack"

	"signpost/bot/chat"
)

// metadataType names the app's own posts for Find, https://docs.slack.dev/messaging/message-metadata.
const metadataType = "signpost"

// Send posts a message and returns its reference: of a message that had to be split, the first. Buttons are with the
// last. It does not try again by itself. A private message goes to a person or a direct message only. Where Slack refuses
// because the person's account is gone, the bot is told that they left.
func (s *Slack) Send(ctx context.Context, post chat.Post) (chat.Ref, error) {
	ref, err := s.send(ctx, post)
	s.noteLeft(ctx, post.To, err)
	return ref, err
}

func (s *Slack) send(ctx context.Context, post chat.Post) (chat.Ref, error) {
	t, to, err := s.destination(ctx, post)
	if err != nil {
		return "", err
	}
	pages := render(s.withFile(post.Message), s.mention(t, post.Message.Mention))
	upload, err := s.upload(ctx, t, post.Message.File)
	if err != nil {
		return "", err
	}
	first, err := s.postAll(ctx, t, to, keyed{post.Key, pages})
	if err != nil {
		return "", s.sendError(t, "post", err)
	}
	t.joined(to.channel, orElse(to.ts, first))
	t.posts.keep(post.Key, to.ts)
	s.attach(ctx, t, to, upload)
	return refOf(t.teamID(), to.channel, first), nil
}

// keyed is a post as the messages it is made of.
type keyed struct {
	key   string
	pages []rendered
}

// postAll sends the messages of a post and returns the time stamp of the first. Of several, those that an earlier attempt
// brought there are not sent again.
func (s *Slack) postAll(ctx context.Context, t *team, to place, post keyed) (first string, err error) {
	sent, n := map[int]string{}, len(post.pages)
	if n > 1 && post.key != "" {
		sent = s.sentParts(ctx, t, to, post.key)
	}
	for i, page := range post.pages {
		if sent[i] != "" {
			continue
		}
		page.key = partKey(post.key, i, n)
		if sent[i], err = s.post(ctx, t, to, page); err != nil {
			return "", err
		}
	}
	return sent[0], nil
}

// destination is where a post goes: the workspace, the channel and the thread.
func (s *Slack) destination(ctx context.Context, post chat.Post) (*team, place, error) {
	to, err := placeOf(string(post.To))
	if err != nil {
		return nil, place{}, &chat.SendError{Refused: true, Err: err}
	}
	t, err := s.teamOf(ctx, to.team)
	if errors.Is(err, errNoTeam) {
		return nil, place{}, &chat.SendError{Refused: true, Err: err}
	}
	if err != nil {
		return nil, place{}, &chat.SendError{Err: err}
	}
	if to.isPerson() {
		if to.channel, err = t.direct(ctx, to.channel); err != nil {
			return nil, place{}, s.beforeSend(t, err)
		}
	}
	if post.Message.Private && !isDirect(to.channel) {
		return nil, place{}, &chat.SendError{Refused: true, Err: errors.New("slack: a private message to a channel")}
	}
	if post.Thread != "" {
		under, err := placeOf(string(post.Thread))
		if err != nil || under.channel != to.channel {
			return nil, place{}, &chat.SendError{Refused: true, Err: fmt.Errorf("slack: a thread of another place: %q", post.Thread)}
		}
		to.ts = under.ts
	}
	return t, to, nil
}

// mention is the id of the person who may be called, if they are of this workspace.
func (s *Slack) mention(t *team, person chat.Address) string {
	p, err := placeOf(string(person))
	if err != nil || !p.isPerson() || p.team != t.teamID() {
		return ""
	}
	return p.channel
}

// post sends one message and returns its time stamp. The key goes with it, so that it can be found.
func (s *Slack) post(ctx context.Context, t *team, to place, page rendered) (string, error) {
	how := append(looks(page), slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl())
	if to.ts != "" {
		how = append(how, slackgo.MsgOptionTS(to.ts))
	}
	if page.key != "" {
		how = append(how, slackgo.MsgOptionMetadata(slackgo.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{"key": page.key}}))
	}
	_, ts, err := t.api.PostMessageContext(ctx, to.channel, how...)
	if err != nil {
		return "", fmt.Errorf("post a message: %w", err)
	}
	if !isID(ts) {
		return "", errors.New("post a message: Slack names none") // nobody can tell whether it arrived
	}
	return ts, nil
}

// looks are the options that make a message: the text is not searched for names or links to names, and without blocks it
// is shown as it stands.
func looks(page rendered) []slackgo.MsgOption {
	how := []slackgo.MsgOption{slackgo.MsgOptionText(page.Text, false), slackgo.MsgOptionParse(false), slackgo.MsgOptionLinkNames(false)}
	if len(page.Blocks) == 0 {
		how = append(how, slackgo.MsgOptionDisableMarkdown())
	}
	return append(how, slackgo.MsgOptionBlocks(page.Blocks...))
}

// Edit replaces a message. One that has become longer than Slack takes is cut to its beginning, with the buttons of its
// end.
func (s *Slack) Edit(ctx context.Context, ref chat.Ref, message chat.Message) error {
	at, err := placeOf(string(ref))
	if err != nil || at.ts == "" {
		return &chat.SendError{Refused: true, Err: fmt.Errorf("slack: no message is %q", ref)}
	}
	t, err := s.teamOf(ctx, at.team)
	if errors.Is(err, errNoTeam) {
		return &chat.SendError{Refused: true, Err: err}
	}
	if err != nil {
		return &chat.SendError{Err: err}
	}
	page := onePage(s.withFile(message), s.mention(t, message.Mention))
	if _, _, _, err := t.api.UpdateMessageContext(ctx, at.channel, at.ts, looks(page)...); err != nil {
		return s.sendError(t, "edit", fmt.Errorf("edit a message: %w", err))
	}
	return nil
}

// onePage makes a single message: of a longer one the first, with the last one's buttons.
func onePage(message chat.Message, mention string) rendered {
	pages := render(message, mention)
	if len(pages) == 1 {
		return pages[0]
	}
	message.Page, message.Text = nil, chat.Text{{Text: cut(clean(message.Text.String()), maxSection/2)}}
	for i := range message.Choices {
		message.Choices[i].Detail = ""
	}
	return render(message, mention)[0]
}
