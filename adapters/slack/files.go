package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	slackgo "github.com/slack-go/slack"

	"signpost/bot/chat"
)

// fetch gets a file that a person sent, or nothing where it is too long, not Slack's, or cannot be had.
func (s *Slack) fetch(ctx context.Context, t *team, f file) []byte {
	address := orElse(f.Download, f.Private)
	if f.Size > chat.LongestFile || !s.trusted(address) {
		return nil
	}
	var body bytes.Buffer
	err := t.api.GetFileContext(ctx, address, &limited{&body, chat.LongestFile})
	if err != nil {
		s.config.Log.Info("could not fetch a file", "workspace", t.called(), "error", err)
		return nil
	}
	return body.Bytes()
}

// trusted says whether an address is Slack's own, by https, or that of the test server that was set. The app's token, and
// what it says, go nowhere else.
func (s *Slack) trusted(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	if api, err := url.Parse(s.config.API); err == nil && s.config.API != slackgo.APIURL && u.Scheme == api.Scheme && u.Host == api.Host {
		return true
	}
	host := strings.ToLower(u.Hostname())
	for _, own := range []string{"slack.com", "slack-gov.com"} {
		if u.Scheme == "https" && (host == own || strings.HasSuffix(host, "."+own)) {
			return true
		}
	}
	return false
}

// limited takes no more than so many bytes.
type limited struct {
	to   io.Writer
	left int
}

var errTooLong = errors.New("slack: longer than a file may be")

func (l *limited) Write(p []byte) (int, error) {
	if len(p) > l.left {
		return 0, errTooLong
	}
	l.left -= len(p)
	return l.to.Write(p)
}

// withFile says in a sentence that there is a file where none can be sent.
func (s *Slack) withFile(m chat.Message) chat.Message {
	if m.File != nil && !s.canSend(m.File) {
		m.Text = m.Text.Add(chat.Text{{Kind: chat.Note, Text: fmt.Sprintf(fileNotHere, short(m.File.Name, maxButton))}})
	}
	return m
}

func (s *Slack) canSend(f *chat.File) bool { return s.config.Files && f.Name != "" && len(f.Body) > 0 }

// upload brings a file to Slack, where nobody sees it yet; so it may be repeated. It returns nothing where there is no
// file to send.
func (s *Slack) upload(ctx context.Context, t *team, f *chat.File) (uploaded, error) {
	if f == nil || !s.canSend(f) {
		return uploaded{}, nil
	}
	name := short(f.Name, maxID)
	at, err := t.api.GetUploadURLExternalContext(ctx, slackgo.GetUploadURLExternalParameters{FileName: name, FileSize: len(f.Body)})
	if err == nil && !s.trusted(at.UploadURL) {
		err = errors.New("slack: an address for files that is not Slack's")
	}
	if err == nil {
		err = t.api.UploadToURL(ctx, slackgo.UploadToURLParameters{UploadURL: at.UploadURL, Reader: bytes.NewReader(f.Body), Filename: name})
	}
	if err != nil {
		return uploaded{}, s.beforeSend(t, fmt.Errorf("upload a file: %w", err))
	}
	return uploaded{at.FileID, name}, nil
}

// uploaded is a file that Slack has and nobody sees yet.
type uploaded struct{ id, name string }

// attach shows an uploaded file after its message. Should that fail, the message has gone and says what there was; the
// person is told to ask again, and nothing is sent twice.
func (s *Slack) attach(ctx context.Context, t *team, to place, f uploaded) {
	if f.id == "" {
		return
	}
	_, err := t.api.CompleteUploadExternalContext(ctx, slackgo.CompleteUploadExternalParameters{
		Files: []slackgo.FileSummary{{ID: f.id, Title: f.name}}, Channel: to.channel, ThreadTimestamp: to.ts})
	if err == nil {
		return
	}
	s.noteError(t, "show a file", err)
	_, err = s.post(ctx, t, to, rendered{Text: escape(fmt.Sprintf(fileNotSent, f.name))})
	s.noteError(t, "say that a file was not sent", err)
}

// replyFile sends the file of an answer to the person's direct message: answers that one person sees take none.
func (s *Slack) replyFile(ctx context.Context, t *task, m *chat.Message) {
	if m == nil || m.File == nil {
		return
	}
	if !s.canSend(m.File) {
		s.tellAlone(ctx, t, []rendered{{Text: escape(fmt.Sprintf(fileNotHere, short(m.File.Name, maxButton)))}})
		return
	}
	person, err := placeOf(string(t.event.Person))
	if err != nil {
		return
	}
	sent, err := s.upload(ctx, t.team, m.File)
	var channel string
	if err == nil {
		channel, err = t.team.direct(ctx, person.channel)
	}
	if err != nil {
		s.noteError(t.team, "send a file", err)
		s.tellAlone(ctx, t, []rendered{{Text: escape(fmt.Sprintf(fileNotSent, short(m.File.Name, maxButton)))}})
		return
	}
	s.attach(ctx, t.team, place{channel: channel}, sent)
}
